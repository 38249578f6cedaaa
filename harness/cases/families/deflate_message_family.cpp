// Messages with and without compression, and the RFC's own examples as raw octets.
#include "cases/families/deflate_families.hpp"
#include "cases/families/deflate_tools.hpp"

namespace wsproof::deflate_cases {

namespace {

auto const echo = await(await_step::what::echo);

test_case one_message(std::string const& id, std::string title, std::vector<std::string> clauses,
                      step message, outcome_lists const& lists) {
    auto result = deflate_case(id, std::move(title), std::move(clauses));
    result.steps = {std::move(message), echo};
    use_list(result, lists, "echoed");
    return result;
}

void add_messages(outcome_lists const& lists, std::vector<test_case>& into) {
    into.push_back(
        one_message("6.1/compressed-text", "A compressed text message comes back inflated",
                    {"7692-6.2-1", "7692-6-4", "7692-6.1-8"}, compressed(prose()), lists));
    into.push_back(one_message(
        "6.1/compressed-binary", "A compressed binary message comes back inflated",
        {"7692-6.2-1", "7692-6.1-8"},
        compressed(payload::of("\xFE\xFF\x01 and \xFE\xFF\x01"), opcode::binary), lists));
    into.push_back(one_message("6.1/compressed-65536-octets",
                               "64 KiB that shrink to some hundred octets come back whole",
                               {"7692-6.2-1", "7692-7.2.2-2"},
                               compressed(payload::repeat("0123456789abcdef", 65536)), lists));
    into.push_back(one_message(
        "6.1/compressed-non-ascii", "Text of several scripts comes back inflated",
        {"7692-6.1-10", "7692-6.1-9"},
        compressed(payload::of("κόσμε, мир, 世界, grüße, 🌍: κόσμε, мир, 世界")), lists));
    into.push_back(one_message("6.1/uncompressed-text", "A message without RSV1 is taken as it is",
                               {"7692-6.2-3", "7692-6-3"}, whole_frame(opcode::text, prose()),
                               lists));
    into.push_back(one_message("6.1/uncompressed-binary-like-deflate",
                               "A message without RSV1 is not inflated, though it could be",
                               {"7692-6.2-3", "7692-6-3"}, whole_frame(opcode::binary, hex(hello)),
                               lists));
    into.push_back(one_message("6.1/uncompressed-empty-text",
                               "An empty message without RSV1 is one", {"7692-6.2-3", "7692-6.1-3"},
                               whole_frame(opcode::text, {}), lists));
}

/// The second compressed message is read with the window that the first one left.
test_case between(std::string const& id, std::string title, std::vector<std::string> clauses,
                  std::vector<step> middle, std::vector<expectation> seen_between) {
    auto result = deflate_case(id, std::move(title), std::move(clauses));
    result.steps = {compressed(prose()), echo};
    append_steps(result.steps, middle);
    append_steps(result.steps, {compressed(prose()), echo});
    auto seen = echoes(1);
    seen.insert(seen.end(), seen_between.begin(), seen_between.end());
    seen.push_back({see_echo{}, false});
    result.outcomes = {pass_with(std::move(seen))};
    return result;
}

void add_takeover(outcome_lists const& lists, std::vector<test_case>& into) {
    into.push_back(between(
        "7.2.3.2/uncompressed-between-compressed",
        "An uncompressed message leaves the window as it is", {"7692-7.2.3.2-2", "7692-6-3"},
        {whole_frame(opcode::text, payload::of("in between")), echo}, echoes(1)));
    into.push_back(between("7.2.3.2/empty-between-compressed",
                           "An empty compressed message leaves the window as it is",
                           {"7692-7.2.3.2-3", "7692-7.2.3.6-1"}, {compressed({}), echo},
                           echoes(1)));
    into.push_back(between("7.2.3.2/ping-between-compressed",
                           "A Ping between two messages leaves the window as it is",
                           {"7692-7.2.3.2-3", "7692-6-1"},
                           {whole_frame(opcode::ping, prose()), await(await_step::what::pong)},
                           {{see_pong{}, false}}));
    into.push_back(between(
        "7.2.3.2/binary-between-compressed", "Text and binary messages share one window",
        {"7692-7.2.3.2-1", "7692-6.1-8"}, {compressed(prose(), opcode::binary), echo}, echoes(1)));
    auto twice =
        deflate_case("7.2.2/same-message-twice", "The second of two equal messages uses the window",
                     {"7692-7.2.2-6", "7692-7.2.2-4"});
    twice.steps = {compressed(prose()), echo, compressed(prose()), echo};
    use_list(twice, lists, "echoed twice");
    into.push_back(std::move(twice));
}

test_case twenty_messages() {
    constexpr unsigned count = 20;
    auto result = deflate_case("7.2.2/twenty-messages", "Each of twenty messages uses the window",
                               {"7692-7.2.2-6", "7692-7.2.2-4"});
    for (unsigned i = 0; i < count; ++i) {
        auto data = payload::of("Message " + std::to_string(i) + ": ");
        append_parts(data, prose());
        append_steps(result.steps, {compressed(std::move(data)), echo});
    }
    result.outcomes = {pass_with(echoes(count))};
    return result;
}

/// The same, without waiting: what comes out must still be in order.
test_case ten_at_once() {
    constexpr unsigned count = 10;
    auto result = deflate_case("7.2.2/ten-messages-at-once",
                               "Ten compressed messages in one write are inflated in order",
                               {"7692-7.2.2-6", "7692-7.2.2-4"});
    for (unsigned i = 0; i < count; ++i)
        result.steps.emplace_back(
            compressed(payload::of("Number " + std::to_string(i) + " of ten")));
    result.steps.emplace_back(echo);
    result.outcomes = {pass_with(echoes(count))};
    return result;
}

/// The window has to hold 32 KiB: the second message refers to the start of the first.
test_case whole_window() {
    auto result = deflate_case("7.2.2/window-of-32-kib-across-messages",
                               "What lies 30 KiB back in an earlier message is still found",
                               {"7692-7.2.2-11", "7692-7.2.2-9", "7692-7.2.2-6", "7692-5-4"});
    result.offer = plain_offer;
    auto const words = payload::of(letters(200));
    auto first = words;
    append_parts(first, payload::repeat(".", 30000));
    result.steps = {compressed(std::move(first)), echo, compressed(words), echo};
    result.outcomes = {pass_with(echoes(2))};
    return result;
}

// ---- the RFC's examples ------------------------------------------------------------------------

test_case raw_case(std::string const& id, std::string title, std::vector<std::string> clauses,
                   std::vector<step> steps, std::string_view expected) {
    auto result = deflate_case(id, std::move(title), std::move(clauses));
    result.steps = std::move(steps);
    result.steps.emplace_back(echo);
    result.outcomes = {pass_with({text(expected)})};
    return result;
}

void add_examples(std::vector<test_case>& into) {
    into.push_back(raw_case("7.2.3.1/hello", "The RFC's compressed Hello is understood",
                            {"7692-7.2.3.1-1", "7692-7.2.2-1"}, {raw(hello)}, "Hello"));
    into.push_back(raw_case("7.2.3.1/hello-in-fragments",
                            "The RFC's Hello in two fragments is understood",
                            {"7692-7.2.3.1-1", "7692-6.2-1", "7692-7.2.1-8"},
                            {raw("f248cd", false), continuation(hex("c9c90700"), true)}, "Hello"));
    into.push_back(raw_case("7.2.3.3/stored-block", "A message in a stored block is understood",
                            {"7692-7.2.3.3-1", "7692-7.2.1-5"}, {raw("000500faff48656c6c6f00")},
                            "Hello"));
    into.push_back(raw_case("7.2.3.4/final-block", "A block with BFINAL set is understood",
                            {"7692-7.2.3.4-1", "7692-7.2.1-6"}, {raw("f348cdc9c9070000")},
                            "Hello"));
    into.push_back(raw_case("7.2.3.5/two-blocks", "A message of two blocks is understood",
                            {"7692-7.2.3.5-1", "7692-7.2.1-4"}, {raw("f24805000000ffffcac9c90700")},
                            "Hello"));
    into.push_back(raw_case("7.2.3.6/empty-message", "The octet 00 is a compressed empty message",
                            {"7692-7.2.3.6-1"}, {raw("00")}, ""));
    into.push_back(raw_case("7.2.3.6/empty-fixed-block",
                            "An empty block with fixed codes is an empty message",
                            {"7692-7.2.1-5", "7692-7.2.3.6-1"}, {raw("0200")}, ""));
}

test_case empty_binary() {
    auto result = deflate_case("7.2.3.6/empty-binary-message",
                               "A compressed empty binary message stays binary",
                               {"7692-7.2.3.6-1", "7692-6.1-8"});
    result.steps = {raw("00", true, opcode::binary), echo};
    result.outcomes = {pass_with({message(opcode::binary, {})})};
    return result;
}

/// The second message refers to nothing before it: whether the window survives is left open.
test_case message_behind_final_block() {
    auto result = deflate_case("7.2.3.4/message-behind-final-block",
                               "A message behind one that ended with BFINAL is read like any other",
                               {"7692-7.2.1-6", "7692-7.2.3.4-1"});
    result.note = "Known from ws (websockets/ws 92774377), which lost it.";
    result.steps = {raw("f348cdc9c9070000"), echo, raw(hello), echo};
    result.outcomes = {pass_with({text("Hello"), text("Hello")})};
    return result;
}

}  // namespace

std::vector<test_case> messages(outcome_lists const& lists) {
    std::vector<test_case> result;
    add_messages(lists, result);
    add_takeover(lists, result);
    result.push_back(twenty_messages());
    result.push_back(ten_at_once());
    result.push_back(whole_window());
    add_examples(result);
    result.push_back(empty_binary());
    result.push_back(message_behind_final_block());
    return result;
}

}  // namespace wsproof::deflate_cases
