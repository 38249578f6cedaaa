// What the loader makes of flawless files.
#include <gtest/gtest.h>

#include "cases/loader.hpp"

namespace wsproof {
namespace {

source_file const lists{"outcomes.json", R"({
  // comments are allowed
  "echoed": [{"grade": "pass", "see": ["echo"]}],
  "echoed or silent": ["echoed", {"grade": "info", "see": ["silence"], "because": "slow"}]
})"};

test_case load_one(std::string const& members, std::string const& defaults = "{}") {
    auto const loaded = load_cases(
        lists, {{"f.json", R"({"section": "x", "defaults": )" + defaults +
                               R"(, "cases": [{"id": "a/1/b", "title": "t", "clauses": ["c"], )" +
                               members + "}]}"}});
    for (auto const& each : loaded.mistakes) ADD_FAILURE() << describe(each);
    return loaded.cases.empty() ? test_case{} : loaded.cases.front();
}

test_case with_steps(std::string const& steps) {
    return load_one(R"("level": "must", "roles": ["server"], "outcomes": "echoed", "steps": [)" +
                    steps + "]");
}

std::vector<outcome> outcomes_of(std::string const& outcomes) {
    return load_one(R"("level": "must", "roles": ["server"], "steps": [], "outcomes": )" + outcomes)
        .outcomes;
}

std::vector<expectation> see(std::string const& events) {
    auto const all = outcomes_of(R"([{"grade": "pass", "see": [)" + events + "]}]");
    return all.empty() ? std::vector<expectation>{} : all.front().see;
}

template <class Step>
Step only_step(std::string const& text) {
    auto const loaded = with_steps(text);
    auto const* const found =
        loaded.steps.size() == 1 ? std::get_if<Step>(&loaded.steps[0]) : nullptr;
    if (found == nullptr) ADD_FAILURE() << text;
    return found != nullptr ? *found : Step{};
}

template <class Event>
Event only_event(std::string const& text) {
    auto const events = see(text);
    auto const* const found = events.size() == 1 ? std::get_if<Event>(&events[0].what) : nullptr;
    if (found == nullptr) ADD_FAILURE() << text;
    return found != nullptr ? *found : Event{};
}

TEST(LoadCase, TakesDefaultsOfTheFile) {
    auto const defaults =
        R"({"level": "should", "roles": ["client"], "needs": ["echo"], "tags": ["x"]})";
    auto const plain = load_one(R"("steps": [], "outcomes": [])", defaults);
    EXPECT_EQ(plain.level, level::should);
    EXPECT_EQ(plain.roles, std::vector{role::client});
    EXPECT_EQ(plain.needs, std::vector<std::string>{"echo"});
    EXPECT_EQ(plain.tags, std::vector<std::string>{"x"});
    auto const own =
        load_one(R"("steps": [], "outcomes": [], "level": "may", "roles": ["server", "client"],
                                 "needs": [], "tags": ["y"])",
                 defaults);
    EXPECT_EQ(own.level, level::may);
    EXPECT_EQ(own.roles, (std::vector{role::server, role::client}));
    EXPECT_TRUE(own.needs.empty());
    EXPECT_EQ(own.tags, std::vector<std::string>{"y"});
}

TEST(LoadCase, TakesEveryKey) {
    auto const loaded =
        load_one(R"("level": "must", "roles": ["server"], "autobahn": ["1.1.1"], "note": "n",
        "offer": "permessage-deflate", "segmentation": {"every": 997}, "ending": "drop", "steps": [],
        "outcomes": "echoed")");
    EXPECT_EQ(loaded.id, "a/1/b");
    EXPECT_EQ(loaded.title, "t");
    EXPECT_EQ(loaded.clauses, std::vector<std::string>{"c"});
    EXPECT_EQ(loaded.autobahn, std::vector<std::string>{"1.1.1"});
    EXPECT_EQ(loaded.note, "n");
    EXPECT_EQ(loaded.offer, "permessage-deflate");
    EXPECT_EQ(loaded.segmentation, (segmentation{segmentation::kind::every, 997}));
    EXPECT_EQ(loaded.ending, ending::drop);
    EXPECT_EQ(loaded.outcome_list, "echoed");
}

TEST(LoadCase, KnowsTheSegmentationsByName) {
    auto const of = [](std::string const& name) {
        return load_one(R"("level": "must", "roles": ["server"], "steps": [], "outcomes": [], )"
                        R"("segmentation": )" +
                        name)
            .segmentation;
    };
    EXPECT_EQ(of(R"("whole")"), segmentation{});
    EXPECT_EQ(of(R"("frames")").how, segmentation::kind::frames);
    EXPECT_EQ(of(R"("random")").how, segmentation::kind::random);
    EXPECT_EQ(of(R"("octets")"), (segmentation{segmentation::kind::every, 1}));
}

TEST(LoadStep, SendHasLegalDefaults) {
    auto const sent = only_step<send_frame>(R"({"send": "binary"})");
    send_frame expected;
    expected.op = opcode::binary;
    EXPECT_EQ(sent, expected);
}

TEST(LoadStep, SendTakesEveryKey) {
    auto const sent = only_step<send_frame>(
        R"({"send": 11, "payload": {"hex": "00 ff"}, "fin": false, "rsv": 5, "masked": false,
            "key": "01020304", "form": 16, "length": "0x8000000000000000", "cut": 3, "compress": true})");
    EXPECT_EQ(static_cast<int>(sent.op), 11);
    EXPECT_EQ(sent.data.expand(), (octets{0x00, 0xFF}));
    EXPECT_FALSE(sent.fin);
    EXPECT_EQ(sent.rsv, 5);
    EXPECT_EQ(sent.masked, false);
    EXPECT_EQ(sent.key, (masking_key{1, 2, 3, 4}));
    EXPECT_EQ(sent.form, length_form::sixteen_bits);
    EXPECT_EQ(sent.declared_length, 0x8000000000000000U);
    EXPECT_EQ(sent.cut, 3U);
    EXPECT_TRUE(sent.compress);
    EXPECT_EQ(only_step<send_frame>(R"({"send": "text", "form": 7})").form,
              length_form::seven_bits);
    EXPECT_EQ(only_step<send_frame>(R"({"send": "text", "form": 64})").form,
              length_form::sixty_four_bits);
    EXPECT_EQ(only_step<send_frame>(R"({"send": "text", "length": 18446744073709551615})")
                  .declared_length,
              ~std::uint64_t{0});
}

TEST(LoadStep, CloseHasCodeAndReason) {
    auto const body = [](std::string const& rest) {
        return only_step<send_frame>(R"({"send": "close")" + rest + "}").data.expand();
    };
    EXPECT_EQ(body(""), octets{});
    EXPECT_EQ(body(R"(, "code": 1000)"), (octets{0x03, 0xE8}));
    EXPECT_EQ(body(R"(, "code": 4999, "reason": "bye")"), (octets{0x13, 0x87, 'b', 'y', 'e'}));
    EXPECT_EQ(body(R"(, "code": 0, "reason": {"hex": "ff"})"), (octets{0, 0, 0xFF}));
    EXPECT_EQ(body(R"(, "payload": {"hex": "03"})"), (octets{0x03}));
}

TEST(LoadStep, KnowsTheOthers) {
    EXPECT_EQ(only_step<send_octets>(R"({"octets": "GET"})").data, payload::of("GET"));
    only_step<fence_step>(R"({"fence": true})");
    only_step<watch_step>(R"({"watch": true})");
    only_step<shutdown_step>(R"({"shutdown": true})");
    only_step<reset_step>(R"({"reset": true})");
    using what = await_step::what;
    EXPECT_EQ(only_step<await_step>(R"({"await": "echo"})").for_what, what::echo);
    EXPECT_EQ(only_step<await_step>(R"({"await": "pong"})").for_what, what::pong);
    EXPECT_EQ(only_step<await_step>(R"({"await": "close"})").for_what, what::close);
    EXPECT_EQ(only_step<await_step>(R"({"await": "end"})").for_what, what::end);
}

TEST(LoadPayload, KnowsEveryForm) {
    auto const data = [](std::string const& text) {
        return only_step<send_octets>(R"({"octets": )" + text + "}").data;
    };
    EXPECT_EQ(data(R"("grün")"), payload::of("gr\xC3\xBCn"));
    EXPECT_EQ(data(R"({"text": "a\u0000b"})"), payload::of(std::string_view("a\0b", 3)));
    EXPECT_EQ(data(R"({"hex": "E228A1"})"), payload::of("\xE2\x28\xA1"));
    EXPECT_EQ(data(R"({"repeat": "ab", "length": 5})"), payload::repeat("ab", 5));
    EXPECT_EQ(data(R"({"repeat": {"hex": "fe"}, "length": 125})"), payload::repeat("\xFE", 125));
    EXPECT_EQ(data(R"({"repeat": "a", "length": 0})"), payload());
    EXPECT_EQ(
        data(R"({"join": ["a", {"join": [{"hex": "62"}, ""]}, {"repeat": "c", "length": 3}]})")
            .expand(),
        to_octets("abccc"));
    EXPECT_EQ(data(R"({"join": []})"), payload());
}

TEST(LoadRequest, TakesEveryKey) {
    auto const request = only_step<open_step>(R"({"open": {"line": "GET / HTTP/1.0",
        "set": {"Upgrade": "h2c", "Host": ["a", {"hex": "ff"}]}, "remove": ["Connection"],
        "first": [" folded"], "lines": ["X: y", {"hex": "00"}], "order": ["Upgrade", "Host"],
        "before": "\r\n", "eol": "lf", "unfinished": true, "body": "abc", "go_on": true}})")
                             .request;
    head_edit expected;
    expected.start_line = payload::of("GET / HTTP/1.0");
    expected.set = {{"Upgrade", {payload::of("h2c")}},
                    {"Host", {payload::of("a"), payload::of("\xFF")}}};
    expected.remove = {"Connection"};
    expected.first_lines = {payload::of(" folded")};
    expected.lines = {payload::of("X: y"), payload::of(std::string_view("\0", 1))};
    expected.order = {"Upgrade", "Host"};
    expected.before = payload::of("\r\n");
    expected.line_end = "\n";
    expected.unfinished = true;
    expected.body = payload::of("abc");
    expected.go_on = true;
    EXPECT_EQ(request, expected);
    EXPECT_EQ(only_step<open_step>(R"({"open": {}})").request, head_edit{});
    auto const raw = only_step<open_step>(R"({"open": {"raw": "", "go_on": true}})").request;
    EXPECT_EQ(raw.raw, payload());
    EXPECT_TRUE(raw.go_on);
}

TEST(LoadEvent, KnowsEveryForm) {
    only_event<see_echo>(R"("echo")");
    only_event<see_fence>(R"("fence")");
    only_event<see_silence>(R"("silence")");
    EXPECT_EQ(only_event<see_message>(R"("message")"), see_message{});
    EXPECT_EQ(only_event<see_message>(R"("text")"), (see_message{opcode::text, std::nullopt}));
    EXPECT_EQ(only_event<see_message>(R"("binary")"), (see_message{opcode::binary, std::nullopt}));
    EXPECT_EQ(only_event<see_message>(R"({"text": ""})"), (see_message{opcode::text, payload()}));
    EXPECT_EQ(only_event<see_message>(R"({"binary": "a"})"),
              (see_message{opcode::binary, payload::of("a")}));
    EXPECT_EQ(only_event<see_message>(R"({"message": "a"})"),
              (see_message{std::nullopt, payload::of("a")}));
    EXPECT_EQ(only_event<see_pong>(R"("pong")"), see_pong{});
    EXPECT_EQ(only_event<see_pong>(R"({"pong": "a"})"), see_pong{payload::of("a")});
    EXPECT_EQ(only_event<see_end>(R"("end")").way, see_end::how::any);
    EXPECT_EQ(only_event<see_end>(R"({"end": "fin"})").way, see_end::how::fin);
    EXPECT_EQ(only_event<see_end>(R"({"end": "reset"})").way, see_end::how::reset);
}

TEST(LoadEvent, CloseTakesCodesRangesAndWords) {
    EXPECT_EQ(only_event<see_close>(R"("close")"), see_close{});
    EXPECT_EQ(only_event<see_close>(R"({"close": [1000, "3000-4999", "empty", "same"]})"),
              (see_close{{{1000, 1000}, {3000, 4999}}, true, true}));
    EXPECT_EQ(only_event<see_close>(R"({"close": ["legal"]})"),
              (see_close{{{1000, 1003}, {1007, 1014}, {3000, 4999}}, false, false}));
}

TEST(LoadEvent, ResponseTakesConditions) {
    EXPECT_EQ(only_event<see_response>(R"("opened")"),
              (see_response{{{101, 101}}, {}, true, false}));
    EXPECT_EQ(only_event<see_response>(R"("invalid response")"),
              (see_response{{{101, 101}}, {}, false, false}));
    EXPECT_EQ(only_event<see_response>(R"({"response": [400, "402-499"]})"),
              (see_response{{{400, 400}, {402, 499}}, {}, {}, false}));
    EXPECT_EQ(only_event<see_response>(R"({"response": {}})"), see_response{});
    using test = field_condition::test;
    EXPECT_EQ(
        only_event<see_response>(R"({"response": {"status": [101], "valid": true, "flawless": true,
                  "fields": {"A": "absent", "B": "present", "C": {"lists": "13"}, "D": {"is": ""},
                             "E": "matches offer"}}})"),
        (see_response{{{101, 101}},
                      {{"A", test::absent, ""},
                       {"B", test::present, ""},
                       {"C", test::lists, "13"},
                       {"D", test::is, ""},
                       {"E", test::matches_offer, ""}},
                      true,
                      true}));
}

TEST(LoadEvent, MayBeMissing) {
    auto const events = see(R"("echo", {"maybe": "end"}, {"maybe": {"close": [1000]}})");
    ASSERT_EQ(events.size(), 3U);
    EXPECT_FALSE(events[0].optional);
    EXPECT_TRUE(events[1].optional);
    EXPECT_TRUE(events[2].optional);
    EXPECT_TRUE(std::holds_alternative<see_close>(events[2].what));
}

TEST(LoadOutcomes, MixesListsAndOutcomes) {
    auto const mixed = outcomes_of(
        R"([{"grade": "fail", "see": [], "because": "b", "by": 2}, "echoed or silent"])");
    ASSERT_EQ(mixed.size(), 3U);
    EXPECT_EQ(mixed[0].grade, grade::fail);
    EXPECT_EQ(mixed[0].by, 2U);
    EXPECT_EQ(mixed[0].because, "b");
    EXPECT_EQ(mixed[1].grade, grade::pass);
    EXPECT_EQ(mixed[2].grade, grade::info);
    EXPECT_EQ(outcomes_of(R"("echoed")").size(), 1U);
}

TEST(LoadOutcomes, RemembersTheNameOnlyOfALoneList) {
    auto const list_of = [](std::string const& outcomes) {
        return load_one(R"("level": "must", "roles": ["server"], "steps": [], "outcomes": )" +
                        outcomes)
            .outcome_list;
    };
    EXPECT_EQ(list_of(R"("echoed")"), "echoed");
    EXPECT_EQ(list_of(R"(["echoed"])"), "");
    EXPECT_EQ(list_of(R"([], "outcome_list": "from a dump")"), "from a dump");
}

}  // namespace
}  // namespace wsproof
