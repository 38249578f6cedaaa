// Compressed messages in fragments, and control frames between them (RFC 7692 6.2).
#include "cases/families/deflate_blocks.hpp"
#include "cases/families/deflate_families.hpp"
#include "cases/families/deflate_tools.hpp"

namespace wsproof::deflate_cases {

namespace {

auto const echo = await(await_step::what::echo);

test_case fragment_case(std::string const& id, std::string title, std::vector<std::string> clauses,
                        std::vector<step> steps, std::vector<expectation> seen) {
    auto result = deflate_case(id, std::move(title), std::move(clauses));
    result.steps = std::move(steps);
    result.steps.emplace_back(echo);
    result.outcomes = {pass_with(std::move(seen))};
    return result;
}

payload in_fixed_block(std::string_view data) {
    block_writer out;
    out.begin_fixed();
    out.literals(data);
    out.end_fixed();
    return payload::of(octets_view(out.finish()));
}

/// Two frames, cut behind so many octets.
std::vector<step> cut_behind(payload const& data, std::uint64_t octets) {
    return {raw(slice(data, 0, octets), false),
            continuation(slice(data, octets, data.size() - octets), true)};
}

// ---- cuts --------------------------------------------------------------------------------------

void add_cuts(std::vector<test_case>& into) {
    auto const data = hex(hello);
    for (std::uint64_t at = 0; at <= data.size(); ++at)
        into.push_back(fragment_case("7.2.1/hello-cut-behind-" + std::to_string(at) + "-octets",
                                     "Hello is understood when it is cut behind " +
                                         std::to_string(at) + " of its 7 compressed octets",
                                     {"7692-7.2.1-8", "7692-6.2-1"}, cut_behind(data, at),
                                     {text("Hello")}));
    into.push_back(fragment_case(
        "7.2.1/hello-octet-by-octet", "Hello is understood when each octet has a frame of its own",
        {"7692-7.2.1-8", "7692-6.2-1"}, in_frames(data, 1), {text("Hello")}));
}

/// Four letters without order.
std::string few_letters(std::size_t count) {
    auto result = letters(count);
    for (auto& each : result) each = static_cast<char>('a' + (each - 'a') % 4);
    return result;
}

/// One message for each place where a block with codes of its own, as zlib wrote it, can be cut.
test_case cuts_everywhere() {
    auto const words = few_letters(80);
    auto const data = hex(
        "1c8bc11100300c826645dd7f86929e310f3821d948d9af01b6901579e5892c7e31139d7116b576b4decd7900");
    std::vector<step> steps;
    std::vector<expectation> seen;
    for (std::uint64_t at = 1; at < data.size(); ++at) {
        append_steps(steps, cut_behind(data, at));
        seen.push_back(text(words));
    }
    return fragment_case("7.2.1/cut-at-every-octet",
                         "A compressed message is understood wherever it is cut",
                         {"7692-7.2.1-8", "7692-6.2-1"}, std::move(steps), std::move(seen));
}

/// Each fragment ends with a flush; those before the last keep its four octets.
std::vector<step> flushed(std::vector<std::string_view> const& pieces) {
    std::vector<step> result;
    block_writer out;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        bool const last = i + 1 == pieces.size();
        out.begin_fixed();
        out.literals(pieces[i]);
        out.end_fixed();
        if (!last) out.stored("");
        auto data = payload::of(octets_view(last ? out.finish() : out.take()));
        result.emplace_back(i == 0 ? raw(std::move(data), last)
                                   : continuation(std::move(data), last));
    }
    return result;
}

std::vector<step> reference_into_first_fragment() {
    block_writer first;
    first.begin_fixed();
    first.literals("Hello");
    first.end_fixed();
    first.stored("");
    block_writer second;
    second.begin_fixed();
    second.match(5, 5);
    second.end_fixed();
    return {raw(payload::of(octets_view(first.take())), false),
            continuation(payload::of(octets_view(second.finish())), true)};
}

std::vector<step> reference_over_border() {
    block_writer out;
    out.begin_fixed();
    out.literals("Hello");
    out.match(258, 5);
    out.end_fixed();
    return in_frames(payload::of(octets_view(out.finish())), 5);
}

void add_flushes(std::vector<test_case>& into) {
    into.push_back(fragment_case("7.2.1/fragments-flushed",
                                 "Fragments that were each compressed to their end are one message",
                                 {"7692-7.2.1-9", "7692-7.2.1-8"}, flushed({"He", "ll", "o"}),
                                 {text("Hello")}));
    into.push_back(fragment_case("7.2.1/reference-into-first-fragment",
                                 "The second fragment refers to what stood in the first",
                                 {"7692-6.2-1", "7692-7.2.1-8"}, reference_into_first_fragment(),
                                 {text("HelloHello")}));
    auto long_echo = payload::repeat("Hello", 263);
    into.push_back(fragment_case("7.2.1/reference-cut-by-a-frame",
                                 "A reference whose bits lie in two frames is followed",
                                 {"7692-6.2-1", "7692-7.2.1-8"}, reference_over_border(),
                                 {message(opcode::text, std::move(long_echo))}));
}

// ---- kinds of fragments ------------------------------------------------------------------------

std::vector<step> with_empty_fragments(unsigned count) {
    std::vector<step> result{raw("", false)};
    for (unsigned i = 0; i < count; ++i) result.emplace_back(continuation({}, false));
    result.emplace_back(continuation(hex(hello), false));
    for (unsigned i = 0; i < count; ++i) result.emplace_back(continuation({}, false));
    result.emplace_back(continuation({}, true));
    return result;
}

test_case split_character() {
    std::string_view const word = "κόσμε";
    block_writer out;
    out.stored(word);
    auto const data = payload::of(octets_view(out.finish()));
    // 5 octets of the header of the block, then inside the first and inside the second character
    return fragment_case("6.1/character-cut-between-frames",
                         "A character may be cut between frames of a compressed message",
                         {"7692-6.1-9", "7692-6.1-10"},
                         {raw(slice(data, 0, 6), false), continuation(slice(data, 6, 2), false),
                          continuation(slice(data, 8, data.size() - 8), true)},
                         {text(word)});
}

test_case binary_fragments() {
    std::string_view const data("\x00\xFF\xFE\x00\xFF\xFE\x80", 7);
    return fragment_case(
        "6.2/binary-fragments", "A compressed binary message in fragments stays binary",
        {"7692-6.1-8", "7692-6.2-1"}, in_frames(in_fixed_block(data), 4, opcode::binary),
        {message(opcode::binary, payload::of(data))});
}

test_case uncompressed_fragments() {
    return fragment_case("6.2/uncompressed-fragments",
                         "Fragments without RSV1 are joined and taken as they are",
                         {"7692-6.2-3", "7692-6-3"},
                         {first_fragment(opcode::text, payload::of("not ")),
                          continuation(payload::of("inflated"), true)},
                         {text("not inflated")});
}

test_case both_kinds() {
    std::vector<step> steps{raw("f248cd", false), continuation(hex("c9c90700"), true)};
    append_steps(steps, {first_fragment(opcode::text, payload::of("Hel")),
                         continuation(payload::of("lo"), true)});
    append_steps(steps, {raw("f248", false), continuation(hex("cdc9c90700"), true)});
    return fragment_case("6.2/both-kinds-in-turn",
                         "RSV1 of the first frame decides for its own message alone",
                         {"7692-6-2", "7692-6-3", "7692-6.2-1"}, std::move(steps),
                         {text("Hello"), text("Hello"), text("Hello")});
}

void add_kinds(std::vector<test_case>& into) {
    into.push_back(
        fragment_case("6.2/empty-fragments", "Empty fragments may surround compressed data",
                      {"7692-6.2-4", "7692-6.2-1"},
                      {raw("", false), continuation(hex(hello), false), continuation({}, true)},
                      {text("Hello")}));
    into.push_back(fragment_case(
        "6.2/many-empty-fragments", "Many empty fragments around compressed data change nothing",
        {"7692-6.2-4", "7692-6.2-1"}, with_empty_fragments(10), {text("Hello")}));
    into.push_back(split_character());
    into.push_back(binary_fragments());
    into.push_back(uncompressed_fragments());
    into.push_back(both_kinds());
}

// ---- control frames
// ------------------------------------------------------------------------------

/// The Pong should come at once; behind the message it is late, but not wrong.
void take_pong_early_or_late(test_case& into, std::string_view said = "Hello") {
    into.outcomes = {
        pass_with({{see_pong{}, false}, text(said)}),
        lesser(grade::non_strict, {text(said), {see_pong{}, false}},
               "5.5.2 asks for the Pong as soon as is practical; here the message overtook it")};
}

test_case ping_inside(std::string const& name, std::string title, payload data) {
    auto result =
        deflate_case("6.2/" + name, std::move(title), {"7692-6.2-5", "6455-5.4-12", "7692-6-1"});
    result.steps = {raw("f248cd", false), whole_frame(opcode::ping, std::move(data)),
                    continuation(hex("c9c90700"), true), echo, await(await_step::what::pong)};
    take_pong_early_or_late(result);
    return result;
}

test_case ping_before() {
    auto result = deflate_case("6.2/ping-before-message",
                               "A compressed message right behind a Ping is read like any other",
                               {"7692-6.2-5", "7692-6.2-1"});
    result.note = "Known from aiohttp (aio-libs/aiohttp#13274), which refused it.";
    result.steps = {whole_frame(opcode::ping, payload::of("before")), await(await_step::what::pong),
                    raw(hello), echo};
    result.outcomes = {pass_with({{see_pong{}, false}, text("Hello")})};
    return result;
}

std::vector<step> pong_before_every_octet() {
    std::vector<step> result;
    for (auto const& each : in_frames(hex(hello), 1)) {
        if (!result.empty()) result.emplace_back(whole_frame(opcode::pong, payload::of("unasked")));
        result.push_back(each);
    }
    return result;
}

/// 5.5.1: the Close is answered, and the message is never finished.
test_case close_inside(outcome_lists const& lists) {
    auto result = deflate_case("6.2/close-between-fragments",
                               "A Close between fragments of a compressed message is answered",
                               {"7692-6.2-5", "6455-5.5.1-10"});
    result.needs = {"deflate"};
    result.steps = {raw("f248cd", false), whole_frame(opcode::close, hex("03e8")),
                    await(await_step::what::close)};
    use_list(result, lists, "close answered");
    return result;
}

void add_control(outcome_lists const& lists, std::vector<test_case>& into) {
    into.push_back(ping_inside("ping-between-fragments",
                               "A Ping between fragments of a compressed message is answered",
                               payload::of("inside")));
    into.push_back(ping_inside("ping-like-deflate-between-fragments",
                               "A Ping that looks like compressed data is answered as it is",
                               hex(hello)));
    into.push_back(
        ping_inside("empty-ping-between-fragments",
                    "An empty Ping between fragments of a compressed message is answered", {}));
    into.push_back(ping_before());
    into.push_back(fragment_case("6.2/pongs-between-fragments",
                                 "Pongs between all frames of a compressed message change nothing",
                                 {"7692-6.2-5", "7692-6-1"}, pong_before_every_octet(),
                                 {text("Hello")}));
    into.push_back(close_inside(lists));
}

}  // namespace

std::vector<test_case> fragments(outcome_lists const& lists) {
    std::vector<test_case> result;
    add_cuts(result);
    result.push_back(cuts_everywhere());
    add_flushes(result);
    add_kinds(result);
    add_control(lists, result);
    return result;
}

}  // namespace wsproof::deflate_cases
