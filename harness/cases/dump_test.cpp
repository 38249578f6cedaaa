#include "cases/dump.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "cases/loader.hpp"

namespace wsproof {
namespace {

test_case reload(std::string const& json) {
    auto const loaded = load_cases({"outcomes.json", "{}"},
                                   {{"f.json", R"({"section": "s", "cases": [)" + json + "]}"}});
    for (auto const& each : loaded.mistakes) ADD_FAILURE() << describe(each) << "\n" << json;
    return loaded.cases.empty() ? test_case{} : loaded.cases.front();
}

payload joined(std::initializer_list<payload> parts) {
    payload result;
    for (auto const& each : parts)
        result.parts.insert(result.parts.end(), each.parts.begin(), each.parts.end());
    return result;
}

send_frame strange_frame() {
    send_frame result;
    result.op = static_cast<opcode>(13);
    result.fin = false;
    result.rsv = 7;
    result.data =
        joined({payload::of("a\"\\\n"), payload::repeat("\xFE\x01", 9), payload::of("\x7F")});
    result.masked = true;
    result.key = masking_key{0, 0xFF, 1, 0x80};
    result.form = length_form::sixty_four_bits;
    result.declared_length = 0x8000000000000001U;
    result.cut = 5;
    result.compress = true;
    return result;
}

send_frame close_frame(payload data) {
    send_frame result;
    result.op = opcode::close;
    result.data = std::move(data);
    return result;
}

head_edit strange_request() {
    head_edit result;
    result.before = payload::of("\r\n");
    result.start_line = payload::of("GET {target} HTTP/1.0");
    result.set = {{"Zeta", {payload::of("1"), payload::of("\x80")}}, {"Alpha", {payload()}}};
    result.remove = {"Host", "Origin"};
    result.first_lines = {payload::of(" x")};
    result.lines = {payload::of("Y: {key}")};
    result.order = {"Alpha", "Host"};
    result.line_end = "\n";
    result.unfinished = true;
    result.body = payload::repeat("b", 70000);
    result.go_on = true;
    return result;
}

std::vector<outcome> every_outcome() {
    using test = field_condition::test;
    see_response const response{{{101, 101}, {400, 499}},
                                {{"A", test::absent, ""},
                                 {"B", test::present, ""},
                                 {"C", test::is, "x"},
                                 {"D", test::lists, "y"},
                                 {"E", test::matches_offer, ""}},
                                false,
                                true};
    return {
        {grade::pass, {{see_echo{}, false}, {see_fence{}, true}, {see_silence{}, false}}, {}, {}},
        {grade::info, {{see_message{}, false}, {see_pong{}, false}, {see_end{}, true}}, 3, "i"},
        {grade::non_strict,
         {{see_message{opcode::text, payload::of("a")}, false},
          {see_message{opcode::binary, payload::repeat("\xFF", 300)}, false},
          {see_message{opcode::text, std::nullopt}, false},
          {see_message{opcode::binary, std::nullopt}, true},
          {see_message{std::nullopt, payload()}, false},
          {see_pong{payload::of("p")}, true}},
         {},
         "n \xC3\xBC"},
        {grade::unsupported,
         {{see_close{}, false},
          {see_close{{{1000, 1000}, {3000, 4999}}, false, false}, false},
          {see_close{{}, true, false}, false},
          {see_close{{{0, 0}}, true, true}, true},
          {see_end{see_end::how::fin}, false},
          {see_end{see_end::how::reset}, false}},
         {},
         "u"},
        {grade::fail,
         {{response, false},
          {see_response{}, false},
          {see_response{{{101, 101}}, {}, true, false}, false},
          {see_response{{{101, 101}}, {}, false, false}, false},
          {see_response{{{404, 404}}, {}, {}, false}, true},
          {see_response{{{101, 101}}, {}, true, true}, false}},
         1,
         "f"},
        {grade::pass, {}, {}, {}}};
}

test_case everything() {
    test_case result;
    result.id = "bugs/1.2/every-thing";
    result.title = "All that a case can hold, with \"quotes\" and gr\xC3\xBCn";
    result.clauses = {"6455-5.4-1", "6455-5.4-2"};
    result.level = level::may;
    result.roles = {role::client, role::server};
    result.needs = {"echo", "deflate"};
    result.tags = {"hostile", "alone"};
    result.autobahn = {"1.1.1", "2.10"};
    result.note = "a note\nof two lines";
    result.offer = "permessage-deflate; client_max_window_bits=\"10\"";
    result.segmentation = {segmentation::kind::every, 997};
    result.ending = ending::drop;
    result.outcome_list = "some list";
    head_edit raw;
    raw.raw = payload::of("GET\x01");
    head_edit empty_set;
    empty_set.line_end = "\r";
    result.steps = {open_step{strange_request()},
                    open_step{raw},
                    open_step{empty_set},
                    strange_frame(),
                    send_frame{},
                    close_frame(payload()),
                    close_frame(payload::of("\x03")),
                    close_frame(payload::of("\x03\xE8")),
                    close_frame(payload::of("\x03\xE8"
                                            "bye")),
                    close_frame(payload::of("\x03\xE8\xFF")),
                    close_frame(payload::repeat("\x03\xE8", 126)),
                    close_frame(joined({payload::of("\x03\xE8"), payload::of("bye")})),
                    send_octets{payload()},
                    send_octets{payload::of("\xED\xA0\x80")},
                    fence_step{},
                    watch_step{},
                    await_step{await_step::what::echo},
                    await_step{await_step::what::pong},
                    await_step{await_step::what::close},
                    await_step{await_step::what::end},
                    shutdown_step{},
                    reset_step{}};
    result.outcomes = every_outcome();
    return result;
}

TEST(Dump, OfEverythingLoadsToTheSameCase) {
    auto const original = everything();
    auto const line = dump(original);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(reload(line), original) << line;
    EXPECT_EQ(dump(reload(line)), line);
}

TEST(Dump, IsTheSameForEverySegmentation) {
    auto value = everything();
    for (segmentation const each :
         {segmentation{segmentation::kind::whole, 0}, segmentation{segmentation::kind::frames, 0},
          segmentation{segmentation::kind::random, 0},
          segmentation{segmentation::kind::every, 1}}) {
        value.segmentation = each;
        EXPECT_EQ(reload(dump(value)), value);
    }
}

TEST(Dump, PrettyFormsLoadToTheSameCase) {
    auto const original = everything();
    EXPECT_EQ(reload(dump_pretty(original)), original) << dump_pretty(original);
    auto second = original;
    second.id = "bugs/1.2/second";
    auto const loaded =
        load_cases({"outcomes.json", "{}"}, {{"f.json", dump_file({original, second})}});
    EXPECT_TRUE(loaded.mistakes.empty());
    EXPECT_EQ(loaded.cases, (std::vector{original, second}));
    EXPECT_TRUE(load_cases({"outcomes.json", "{}"}, {{"f.json", dump_file({})}}).mistakes.empty());
}

TEST(Dump, HasAFixedOrderOfKeys) {
    auto const line = dump(everything());
    std::size_t last = 0;
    for (auto const* const key :
         {"id", "title", "clauses", "level", "roles", "needs", "tags", "autobahn", "note", "offer",
          "segmentation", "ending", "steps", "outcome_list", "outcomes"}) {
        auto const at = line.find("\"" + std::string(key) + "\":");
        ASSERT_NE(at, std::string::npos) << key;
        EXPECT_GE(at, last) << key;
        last = at;
    }
}

TEST(Dump, LeavesOutWhatIsDefault) {
    test_case plain;
    plain.id = "a/1/b";
    plain.title = "t";
    plain.clauses = {"c"};
    plain.roles = {role::server};
    plain.steps = {send_frame{}, close_frame(payload::of("\x03\xE8"
                                                         "bye"))};
    plain.outcomes = {{grade::pass, {{see_echo{}, false}}, {}, {}}};
    EXPECT_EQ(dump(plain),
              R"({"id":"a/1/b","title":"t","clauses":["c"],"level":"must","roles":["server"],)"
              R"("steps":[{"send":"text"},{"send":"close","code":1000,"reason":"bye"}],)"
              R"("outcomes":[{"grade":"pass","see":["echo"]}]})");
    EXPECT_EQ(dump_pretty(plain), R"({
  "id": "a/1/b",
  "title": "t",
  "clauses": ["c"],
  "level": "must",
  "roles": ["server"],
  "steps": [
    { "send": "text" },
    { "send": "close", "code": 1000, "reason": "bye" }
  ],
  "outcomes": [
    { "grade": "pass", "see": ["echo"] }
  ]
}
)");
}

TEST(Dump, WritesOctetsThatAreNoPlainTextAsHex) {
    auto const written = [](std::string_view data) {
        test_case value;
        value.steps = {send_octets{payload::of(data)}};
        auto const line = dump(value);
        auto const at = line.find("\"octets\":") + 9;
        return line.substr(at, line.find("}]", at) - at);
    };
    EXPECT_EQ(written("a\tb\r\n"), R"("a\tb\r\n")");
    EXPECT_EQ(written("gr\xC3\xBCn"), R"("gr\u00fcn")");
    EXPECT_EQ(written("\xFF"), R"({"hex":"ff"})");
    EXPECT_EQ(written(std::string_view("\0", 1)), R"({"hex":"00"})");
    EXPECT_EQ(written("\x1B[31m"), R"({"hex":"1b5b33316d"})");
    EXPECT_EQ(written("\x7F"), R"({"hex":"7f"})");
}

TEST(Dump, NeverThrowsOnInvalidText) {
    auto value = everything();
    value.title = "\xFF\xFE";
    value.note = "\xED\xA0\x80";
    value.tags = {"\x80"};
    value.outcomes[1].because = "\xC3";
    value.steps = {open_step{}};
    std::get<open_step>(value.steps[0]).request.set = {{"\xFF", {payload::of("x")}}};
    for (auto const& text : {dump(value), dump_pretty(value), dump_file({value})})
        EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return c > 0; }));
}

}  // namespace
}  // namespace wsproof
