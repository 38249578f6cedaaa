// permessage-deflate, RFC 7692: agreed with several offers, and the RFC's own examples as raw
// octets.
#include "cases/families/family_tools.hpp"

namespace wsproof {

namespace {

/// What most clients offer.
constexpr std::string_view usual_offer = "permessage-deflate; client_max_window_bits";
/// "Hello" as 7.2.3.1 compresses it.
constexpr std::string_view hello = "f248cdc9c90700";

payload hex(std::string_view digits) {
    return payload::of(octets_view(parse_hex(digits).value_or(octets{})));
}

step compressed(payload data, opcode op = opcode::text) {
    auto result = whole_frame(op, std::move(data));
    result.compress = true;
    return result;
}

/// RSV1 set, the octets as they stand: they are compressed already, or pretend to be.
send_frame raw(std::string_view digits, bool fin = true) {
    auto result = whole_frame(opcode::text, hex(digits));
    result.fin = fin;
    result.rsv = rsv1;
    return result;
}

payload prose() {
    return payload::of(
        "The window slides, the window slides on, and what it has seen the window finds again.");
}

test_case deflate_case(std::string const& id, std::string title, std::vector<std::string> clauses) {
    auto result = new_case("rfc7692/" + id, std::move(title), std::move(clauses));
    result.needs = {"deflate", "echo"};
    result.offer = usual_offer;
    return result;
}

outcome pass_with(std::vector<expectation> see) { return {grade::pass, std::move(see), {}, {}}; }

expectation text(std::string_view what) {
    return {see_message{opcode::text, payload::of(what)}, false};
}

/// Two messages, the second equal to the first, so that a window that is kept shows.
std::vector<step> same_twice() {
    auto const echo = await(await_step::what::echo);
    return {compressed(prose()), echo, compressed(prose()), echo};
}

// ---- what was agreed -------------------------------------------------------------------------

struct offer_text {
    std::string_view place, offer, clause;
};

test_case offer_case(offer_text const& each, outcome_lists const& lists) {
    auto result =
        deflate_case(std::string(each.place),
                     "Messages come back when the client offers " + std::string(each.offer),
                     {std::string(each.clause), "7692-5-18"});
    // the harness makes the offer only where it is the client
    result.roles = {role::server};
    result.offer = "permessage-deflate; " + std::string(each.offer);
    result.steps = same_twice();
    use_list(result, lists, "echoed twice");
    return result;
}

/// Letters without a pattern, then the same again: a compressor whose window reaches back so far
/// refers to the first half, which the agreed window does not hold any more.
payload repeated_letters(std::size_t count) {
    std::string letters;
    std::uint32_t state = 1;
    while (letters.size() < count) {
        state = state * 1103515245U + 12345U;
        letters += static_cast<char>('a' + (state >> 16U) % 26U);
    }
    return payload::of(letters + letters);
}

test_case window_case(int bits, std::size_t distance, outcome_lists const& lists) {
    auto const number = std::to_string(bits);
    auto result = deflate_case(
        "7.2.1/server-window-of-" + number + "-bits",
        "With server_max_window_bits=" + number + " agreed no echo refers back beyond that window",
        {"7692-7.2.1-18", "7692-7.1.2.1-5"});
    result.roles = {role::server};
    result.offer = "permessage-deflate; server_max_window_bits=" + number;
    result.note = "Declining the offer, or sending messages uncompressed, is right too.";
    result.steps = {open_step{}, whole_frame(opcode::text, repeated_letters(distance)),
                    await(await_step::what::echo)};
    use_list(result, lists, "echoed");
    result.outcomes.push_back(
        {grade::non_strict,
         {{see_response{{{400, 499}}, {}, {}, false}, false}, {see_end{}, true}},
         {},
         "the offer is legal; a server that cannot keep to it declines it, which opens without compression"});
    result.outcome_list.clear();
    return result;
}

void add_offers(outcome_lists const& lists, std::vector<test_case>& into) {
    for (offer_text const& each : std::initializer_list<offer_text>{
             {"7.1.1.1/server-no-context-takeover", "server_no_context_takeover", "7692-7.1.1.1-3"},
             {"7.1.1.2/client-no-context-takeover", "client_no_context_takeover", "7692-7.2.2-7"},
             {"7.1.2.1/server-max-window-bits-9", "server_max_window_bits=9", "7692-7.1.2.1-5"},
             {"7.1.2.1/server-max-window-bits-12", "server_max_window_bits=12", "7692-7.1.2.1-5"},
             {"7.1.2.1/server-max-window-bits-15", "server_max_window_bits=15", "7692-7.1.2.1-5"},
             {"7.1.2.2/client-max-window-bits-10", "client_max_window_bits=10", "7692-7.1.2.2-6"}})
        into.push_back(offer_case(each, lists));
    // 256 and 512 octets, and zlib's slack
    into.push_back(window_case(8, 350, lists));
    into.push_back(window_case(9, 700, lists));
}

// ---- messages ----------------------------------------------------------------------------------

test_case one_message(std::string const& id, std::string title, std::vector<std::string> clauses,
                      step message, outcome_lists const& lists) {
    auto result = deflate_case(id, std::move(title), std::move(clauses));
    result.steps = {std::move(message), await(await_step::what::echo)};
    use_list(result, lists, "echoed");
    return result;
}

test_case mixed_messages() {
    auto result = deflate_case("7.2.3.2/uncompressed-between-compressed",
                               "An uncompressed message leaves the window as it is",
                               {"7692-7.2.3.2-2", "7692-6-3"});
    auto const echo = await(await_step::what::echo);
    result.steps = {
        compressed(prose()), echo, whole_frame(opcode::text, payload::of("in between")), echo,
        compressed(prose()), echo};
    result.outcomes = {pass_with({{see_echo{}, false}, {see_echo{}, false}, {see_echo{}, false}})};
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
    into.push_back(one_message("6.1/uncompressed-text", "A message without RSV1 is taken as it is",
                               {"7692-6.2-3", "7692-6-3"}, whole_frame(opcode::text, prose()),
                               lists));
    into.push_back(mixed_messages());
    auto twice =
        deflate_case("7.2.2/same-message-twice", "The second of two equal messages uses the window",
                     {"7692-7.2.2-6", "7692-7.2.2-4"});
    twice.steps = same_twice();
    use_list(twice, lists, "echoed twice");
    into.push_back(std::move(twice));
}

// ---- the RFC's examples
// --------------------------------------------------------------------------

test_case raw_case(std::string const& id, std::string title, std::vector<std::string> clauses,
                   std::vector<step> steps, std::string_view expected) {
    auto result = deflate_case(id, std::move(title), std::move(clauses));
    result.steps = std::move(steps);
    result.steps.emplace_back(await(await_step::what::echo));
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
    into.push_back(raw_case(
        "6.2/empty-fragments", "Empty fragments may surround compressed data",
        {"7692-6.2-4", "7692-6.2-1"},
        {raw("", false), continuation(hex(hello), false), continuation({}, true)}, "Hello"));
}

test_case ping_inside() {
    auto result = deflate_case("6.2/ping-between-fragments",
                               "A Ping between fragments of a compressed message is answered",
                               {"7692-6.2-5", "6455-5.4-12"});
    result.steps = {raw("f248cd", false), whole_frame(opcode::ping, payload::of("inside")),
                    continuation(hex("c9c90700"), true), await(await_step::what::echo),
                    await(await_step::what::pong)};
    result.outcomes = {
        pass_with({{see_pong{}, false}, text("Hello")}),
        {grade::non_strict,
         {text("Hello"), {see_pong{}, false}},
         {},
         "5.5.2 asks for the Pong as soon as is practical; here the message overtook it"}};
    return result;
}

test_case ping_before() {
    auto result = deflate_case("6.2/ping-before-message",
                               "A compressed message right behind a Ping is read like any other",
                               {"7692-6.2-5", "7692-6.2-1"});
    result.note = "Known from aiohttp (aio-libs/aiohttp#13274), which refused it.";
    result.steps = {whole_frame(opcode::ping, payload::of("before")), await(await_step::what::pong),
                    raw(hello), await(await_step::what::echo)};
    result.outcomes = {pass_with({{see_pong{}, false}, text("Hello")})};
    return result;
}

/// The second message refers to nothing before it: whether the window survives is left open.
test_case message_behind_final_block() {
    auto result = deflate_case("7.2.3.4/message-behind-final-block",
                               "A message behind one that ended with BFINAL is read like any other",
                               {"7692-7.2.1-6", "7692-7.2.3.4-1"});
    result.note = "Known from ws (websockets/ws 92774377), which lost it.";
    auto const echo = await(await_step::what::echo);
    result.steps = {raw("f348cdc9c9070000"), echo, raw(hello), echo};
    result.outcomes = {pass_with({text("Hello"), text("Hello")})};
    return result;
}

// ---- what has to be refused
// ------------------------------------------------------------------------

/// Refusing needs no echo.
test_case hostile_case(std::string const& id, std::string title, std::vector<std::string> clauses,
                       std::vector<step> steps) {
    auto result = deflate_case(id, std::move(title), std::move(clauses));
    result.needs = {"deflate"};
    result.tags = {"hostile"};
    result.steps = std::move(steps);
    result.steps.emplace_back(await(await_step::what::close));
    return result;
}

outcome closed_with(grade result, see_close codes, std::string because = {}) {
    return {result, {{std::move(codes), false}, maybe(see_end{})}, {}, std::move(because)};
}

/// Broken DEFLATE data fits what 7.4.1 says of 1002 and of 1007.
std::vector<outcome> broken_data_refused() {
    return {
        closed_with(grade::pass, {{{1002, 1002}, {1007, 1007}}, false, false}),
        closed_with(grade::non_strict, {{{1003, 1003}, {1011, 1011}}, false, false},
                    "the connection is failed, but 1007 or 1002 name broken data better"),
        closed_with(grade::non_strict, {{{1000, 1003}, {1007, 1014}, {3000, 4999}}, true, false},
                    "the connection is failed, but the Close frame says nothing of the cause"),
        {grade::non_strict,
         {{see_end{}, false}},
         {},
         "the connection is failed without a Close frame, which 7.1.7 makes a SHOULD"}};
}

/// RSV1 without any payload is no complete stream (7.2.3.6); taking it for an empty message is
/// harmless as long as the message behind it is not damaged.
test_case nothing_compressed() {
    auto result = hostile_case("7.2.3.6/no-payload", "RSV1 without payload is refused, or harmless",
                               {"7692-7.2.3.6-2", "7692-6.2-2"}, {raw(""), raw(hello)});
    result.needs = {"deflate", "echo"};
    result.level = level::should;
    result.steps.back() = await(await_step::what::echo);
    result.outcomes = broken_data_refused();
    result.outcomes.push_back({grade::non_strict,
                               {text(""), text("Hello")},
                               {},
                               "taken for an empty message, and the next one was not damaged"});
    return result;
}

/// A limit is the peer's to set; what it must not do is break.
test_case bomb() {
    auto result = deflate_case("8/mebibyte-of-one-octet",
                               "A message that inflates to 1 MiB does no harm, taken or refused",
                               {"7692-8-2", "6455-10.4-1"});
    result.needs = {"deflate"};
    result.tags = {"hostile", "harmful", "alone"};
    result.steps = {compressed(payload::repeat("*", std::uint64_t{1} << 20U)), fence_step{}};
    result.outcomes = {
        pass_with({{see_echo{}, false}}),
        closed_with(grade::pass, {{{1009, 1009}}, false, false}),
        closed_with(grade::non_strict, {{{1000, 1003}, {1007, 1014}, {3000, 4999}}, true, false},
                    "refused, but 7.4.1 names 1009 for a message that is too big"),
        {grade::non_strict,
         {{see_end{}, false}},
         {},
         "refused without a Close frame, which 7.1.7 makes a SHOULD"},
        {grade::info, {{see_fence{}, false}}, {}, "taken, and no echo of it came back"}};
    return result;
}

void add_refused_frames(outcome_lists const& lists, std::vector<test_case>& into) {
    auto flagged_ping = whole_frame(opcode::ping, payload::of("?"));
    flagged_ping.rsv = rsv1;
    auto flagged_tail = continuation(hex("c9c90700"), true);
    flagged_tail.rsv = rsv1;
    auto rsv2_text = whole_frame(opcode::text, payload::of("RSV2"));
    rsv2_text.rsv = rsv2;
    for (auto& made :
         {hostile_case("6.1/rsv1-on-continuation", "RSV1 on a continuation fails the connection",
                       {"7692-6.1-7", "7692-6.1-5"}, {raw("f248cd", false), flagged_tail}),
          hostile_case("6.1/rsv1-on-ping", "RSV1 on a Ping fails the connection",
                       {"7692-6.1-6", "7692-6.1-4"}, {flagged_ping}),
          hostile_case("6.1/rsv2", "RSV2 stays undefined when compression is agreed",
                       {"6455-5.2-5", "7692-9.2-1"}, {rsv2_text})}) {
        into.push_back(made);
        use_list(into.back(), lists, "failed with 1002");
    }
}

void add_refused_data(outcome_lists const& lists, std::vector<test_case>& into) {
    // 07: BTYPE 11 is no block type (RFC 1951 3.2.3)
    into.push_back(hostile_case("7.2.2/no-block-type",
                                "A block of the reserved type fails the connection",
                                {"7692-6.2-2", "7692-7.2.2-2"}, {raw("07ffffff")}));
    into.back().outcomes = broken_data_refused();
    // a stored block whose length and its complement differ (RFC 1951 3.2.4)
    into.push_back(hostile_case("7.2.2/stored-length-wrong",
                                "A stored block with a wrong length check fails the connection",
                                {"7692-6.2-2", "7692-7.2.2-2"}, {raw("000500ffff48656c6c6f00")}));
    into.back().outcomes = broken_data_refused();
    into.push_back(
        hostile_case("6.1/invalid-utf8", "Text that is no UTF-8 once inflated fails the connection",
                     {"7692-6.1-10", "6455-8.1-1"}, {compressed(hex("6162eda0806364"))}));
    use_list(into.back(), lists, "failed with 1007");
    into.push_back(nothing_compressed());
}

}  // namespace

std::vector<test_case> deflate_family(outcome_lists const& lists) {
    std::vector<test_case> result;
    add_offers(lists, result);
    add_messages(lists, result);
    add_examples(result);
    result.push_back(ping_inside());
    result.push_back(ping_before());
    result.push_back(message_behind_final_block());
    add_refused_frames(lists, result);
    add_refused_data(lists, result);
    result.push_back(bomb());
    return result;
}

}  // namespace wsproof
