// What fails the connection once compression is agreed, and messages that inflate to much
// (RFC 7692 6.1, 6.2, 8).
#include <algorithm>

#include "cases/families/deflate_blocks.hpp"
#include "cases/families/deflate_families.hpp"
#include "cases/families/deflate_tools.hpp"

namespace wsproof::deflate_cases {

namespace {

auto const echo = await(await_step::what::echo);

// ---- RSV bits ----------------------------------------------------------------------------------

struct bit_case {
    std::string_view name, title;
    std::vector<std::string> clauses;
    std::vector<step> steps;
};

send_frame flagged(send_frame frame, std::uint8_t bits) {
    frame.rsv = static_cast<std::uint8_t>(frame.rsv | bits);
    return frame;
}

std::vector<bit_case> data_bits() {
    auto const tail = continuation(hex("c9c90700"), true);
    std::vector<std::string> const on_continuation{"7692-6.1-7", "7692-6.1-5"};
    std::vector<std::string> const undefined{"6455-5.2-5", "7692-9.2-1"};
    auto const plain = first_fragment(opcode::text, payload::of("not "));
    return {{"rsv1-on-continuation",
             "RSV1 on a continuation fails the connection",
             on_continuation,
             {raw("f248cd", false), flagged(tail, rsv1)}},
            {"rsv1-on-middle-continuation",
             "RSV1 on a continuation that is not the last fails the connection",
             on_continuation,
             {raw("f248", false), flagged(continuation(hex("cd"), false), rsv1), tail}},
            {"rsv1-on-empty-continuation",
             "RSV1 on an empty last frame fails the connection",
             on_continuation,
             {raw(hello, false), flagged(continuation({}, true), rsv1)}},
            {"rsv1-on-continuation-of-uncompressed",
             "RSV1 on the continuation of an uncompressed message fails the connection",
             on_continuation,
             {plain, flagged(continuation(hex(hello), true), rsv1)}},
            {"rsv2",
             "RSV2 stays undefined when compression is agreed",
             undefined,
             {flagged(whole_frame(opcode::text, payload::of("RSV2")), rsv2)}},
            {"rsv3",
             "RSV3 stays undefined when compression is agreed",
             undefined,
             {flagged(whole_frame(opcode::text, payload::of("RSV3")), rsv3)}},
            {"rsv1-and-rsv2",
             "RSV2 beside RSV1 fails the connection",
             undefined,
             {flagged(raw(hello), rsv2)}},
            {"rsv1-and-rsv3",
             "RSV3 beside RSV1 fails the connection",
             undefined,
             {flagged(raw(hello), rsv3)}},
            {"rsv2-on-continuation",
             "RSV2 on a continuation of a compressed message fails the connection",
             undefined,
             {raw("f248cd", false), flagged(tail, rsv2)}}};
}

std::vector<bit_case> control_bits() {
    std::vector<std::string> const clauses{"7692-6.1-6", "7692-6.1-4"};
    auto const ping = flagged(whole_frame(opcode::ping, payload::of("?")), rsv1);
    return {{"rsv1-on-ping", "RSV1 on a Ping fails the connection", clauses, {ping}},
            {"rsv1-on-compressed-ping",
             "RSV1 on a Ping fails the connection, though it can be inflated",
             clauses,
             {flagged(whole_frame(opcode::ping, hex(hello)), rsv1)}},
            {"rsv1-on-pong",
             "RSV1 on a Pong fails the connection",
             clauses,
             {flagged(whole_frame(opcode::pong, payload::of("!")), rsv1)}},
            {"rsv1-on-ping-between-fragments",
             "RSV1 on a Ping between fragments of a compressed message fails the connection",
             clauses,
             {raw("f248cd", false), ping, continuation(hex("c9c90700"), true)}}};
}

/// An answer with 1000 would mean that it was taken for a good Close.
test_case flagged_close(outcome_lists const& lists) {
    auto result = hostile_case("6.1/rsv1-on-close", "RSV1 on a Close fails the connection",
                               {"7692-6.1-6", "7692-6.1-4"},
                               {flagged(whole_frame(opcode::close, hex("03e8")), rsv1)});
    use_list(result, lists, "broken Close refused");
    return result;
}

void add_bits(outcome_lists const& lists, std::vector<test_case>& into) {
    auto all = data_bits();
    std::ranges::move(control_bits(), std::back_inserter(all));
    for (auto& each : all) {
        into.push_back(hostile_case("6.1/" + std::string(each.name), std::string(each.title),
                                    each.clauses, std::move(each.steps)));
        use_list(into.back(), lists, "failed with 1002");
    }
    into.push_back(flagged_close(lists));
}

// ---- framing -----------------------------------------------------------------------------------

void add_framing(outcome_lists const& lists, std::vector<test_case>& into) {
    into.push_back(hostile_case("6.2/message-inside-message",
                                "A compressed message inside another one fails the connection",
                                {"6455-5.4-10", "7692-6.2-1"}, {raw("f248cd", false), raw(hello)}));
    use_list(into.back(), lists, "failed with 1002");
    into.push_back(hostile_case("6.2/stray-continuation",
                                "A compressed continuation of no message fails the connection",
                                {"6455-5.4-6", "7692-6.1-5"}, {continuation(hex(hello), true)}));
    use_list(into.back(), lists, "failed with 1002");
}

// ---- data that is no DEFLATE -------------------------------------------------------------------

struct broken_data {
    std::string_view name, title, digits;
};

// The sections are those of RFC 1951.
constexpr broken_data broken[] = {
    // 07: BTYPE 11 is no block type (3.2.3)
    {"no-block-type", "A block of the reserved type fails the connection", "07ffffff"},
    {"no-block-type-behind-good-block", "A second block of the reserved type fails the connection",
     "f248cdc9c907fe"},
    // a stored block whose length and its complement differ (3.2.4)
    {"stored-length-wrong", "A stored block with a wrong length check fails the connection",
     "000500ffff48656c6c6f00"},
    // the tail becomes the rest of the block, and what is left of it is no block
    {"stored-block-two-octets-short", "A stored block that lacks two octets fails the connection",
     "000500faff48656c"},
    {"plain-text", "RSV1 on a message that is not compressed fails the connection", "48656c6c6f"},
    {"zlib-header", "Data with a zlib header fails the connection", "789cf248cdc9c907000000ffff"},
    {"gzip-header", "Data with a gzip header fails the connection",
     "1f8b0800000000000003f248cdc9c90700"},
    // 7.2.3.2: the second Hello, where there was no first one
    {"reference-into-nothing", "A reference to before the first message fails the connection",
     "f200110000"},
    // 3.2.6: 286, 287 and 30, 31 stand for nothing
    {"length-code-286", "A length code that stands for nothing fails the connection", "1a03"},
    {"distance-code-30", "A distance code that stands for nothing fails the connection",
     "027effff"},
    // 3.2.7
    {"too-many-codes", "A block with more codes than there are fails the connection", "fc0000"},
    {"code-lengths-no-code", "A block whose code lengths form no code fails the connection",
     "0400feff"},
    {"repeat-without-length",
     "A block that repeats a length that is not there fails the connection", "0400244900"},
    {"repeat-beyond-codes", "A block that repeats lengths beyond the codes fails the connection",
     "040024e9ffff"},
    {"no-end-of-block-code", "A block without a code for its end fails the connection",
     "040024e9ff6d"},
    {"literals-no-code", "A block whose literals form no code fails the connection",
     "048049922449922471ffff931100"},
    {"distances-no-code", "A block whose distances form no code fails the connection",
     "04804992244992240fb4ffffc384"},
    {"trailing-octets", "Octets behind the data that are no block fail the connection",
     "f248cdc9c907000102030405"}};

/// "A", then three octets from two octets back.
std::string reference_one_too_far() {
    block_writer out;
    out.begin_fixed();
    out.literals("A");
    out.match(3, 2);
    out.end_fixed();
    return to_hex(out.finish());
}

test_case broken_case(std::string_view name, std::string_view title, std::vector<step> steps) {
    auto result = hostile_case("7.2.2/" + std::string(name), std::string(title),
                               {"7692-6.2-2", "7692-7.2.2-2"}, std::move(steps));
    result.outcomes = broken_data_refused();
    return result;
}

/// The good message may have been echoed before the connection fails.
test_case broken_behind_good() {
    auto result = broken_case("broken-behind-good-message",
                              "Broken data behind a good message fails the connection",
                              {raw(hello), raw("07ffffff")});
    for (auto& each : result.outcomes)
        each.see.insert(each.see.begin(), {see_message{opcode::text, payload::of("Hello")}, true});
    return result;
}

void add_broken(std::vector<test_case>& into) {
    for (auto const& each : broken)
        into.push_back(broken_case(each.name, each.title, {raw(each.digits)}));
    into.push_back(broken_case("reference-one-too-far",
                               "A reference one octet before the start fails the connection",
                               {raw(reference_one_too_far())}));
    into.push_back(
        broken_case("no-block-type-in-second-frame",
                    "A block of the reserved type in the second frame fails the connection",
                    {raw("f248cdc9c907", false), continuation(hex("feffff"), true)}));
    into.push_back(broken_behind_good());
}

// ---- data that does not end --------------------------------------------------------------------

/// A DEFLATE library does not complain of what may still come: at level should.
test_case unfinished(std::string const& name, std::string title, std::string_view digits) {
    auto result = hostile_case("7.2.2/" + name, std::move(title), {"7692-6.2-2", "7692-7.2.1-3"},
                               {raw(digits), raw(hello)});
    result.needs = {"deflate", "echo"};
    result.level = level::should;
    result.steps.back() = echo;
    result.outcomes = broken_data_refused();
    return result;
}

/// RSV1 without any payload is no complete stream (7.2.3.6); taking it for an empty message is
/// harmless as long as the message behind it is not damaged.
test_case nothing_compressed() {
    auto result = unfinished("", "RSV1 without payload is refused, or harmless", "");
    result.id = "rfc7692/7.2.3.6/no-payload";
    result.clauses = {"7692-7.2.3.6-2", "7692-6.2-2"};
    result.outcomes.push_back(
        lesser(grade::non_strict, {text(""), text("Hello")},
               "taken for an empty message, and the next one was not damaged"));
    return result;
}

/// With the tail sent and appended once more, a block begins and never ends.
test_case tail_sent() {
    auto result =
        unfinished("tail-not-removed", "A message that still has its tail is refused, or harmless",
                   "f248cdc9c907000000ffff");
    result.outcomes.push_back(lesser(grade::non_strict, {text("Hello"), text("Hello")},
                                     "taken, and the next message was not damaged"));
    result.outcomes.push_back(lesser(grade::non_strict,
                                     {text("Hello"), {any_close(), false}, maybe(see_end{})},
                                     "taken, and the connection was failed at the next message"));
    return result;
}

void add_unfinished(std::vector<test_case>& into) {
    into.push_back(
        unfinished("block-without-end", "A block that has no end is not delivered", "f248cd"));
    into.push_back(unfinished("stored-block-hundred-octets-short",
                              "A stored block that lacks a hundred octets is not delivered",
                              "00690096ff48656c6c6f"));
    into.push_back(
        unfinished("head-of-a-dynamic-block", "The mere head of a block is not delivered", "04c0"));
    into.push_back(nothing_compressed());
    into.push_back(tail_sent());
}

// ---- text that is no UTF-8 ---------------------------------------------------------------------

test_case bad_text(std::string const& name, std::string title, std::vector<step> steps,
                   outcome_lists const& lists) {
    auto result = hostile_case("6.1/" + name, std::move(title), {"7692-6.1-10", "6455-8.1-1"},
                               std::move(steps));
    use_list(result, lists, "failed with 1007");
    return result;
}

std::vector<step> in_stored_blocks(std::vector<payload> const& pieces) {
    block_writer out;
    for (auto const& each : pieces) out.stored(octets_view(each.expand()));
    return {raw(payload::of(octets_view(out.finish())))};
}

void add_bad_text(outcome_lists const& lists, std::vector<test_case>& into) {
    auto const surrogate = hex("6162eda0806364");
    into.push_back(bad_text("invalid-utf8",
                            "Text that is no UTF-8 once inflated fails the connection",
                            {compressed(surrogate)}, lists));
    into.push_back(bad_text("invalid-utf8-in-stored-block",
                            "Text in a stored block that is no UTF-8 fails the connection",
                            in_stored_blocks({surrogate}), lists));
    into.push_back(
        bad_text("invalid-utf8-between-blocks",
                 "A character that breaks off at the end of a block fails the connection",
                 in_stored_blocks({hex("61e282"), hex("62")}), lists));
    into.push_back(bad_text("utf8-cut-at-the-end",
                            "Inflated text that ends inside a character fails the connection",
                            {compressed(hex("6162e282"))}, lists));
    auto const whole = std::get<send_frame>(in_stored_blocks({surrogate}).front()).data;
    into.push_back(bad_text("invalid-utf8-in-fragments",
                            "Text that is no UTF-8 fails the connection, in fragments too",
                            in_frames(whole, 4), lists));
    auto second = bad_text("invalid-utf8-in-second-message",
                           "Text that is no UTF-8 behind good text fails the connection",
                           {compressed(prose()), echo, compressed(surrogate)}, lists);
    second.needs = {"deflate", "echo"};
    second.outcome_list.clear();
    for (auto& each : second.outcomes) each.see.insert(each.see.begin(), {see_echo{}, false});
    into.push_back(std::move(second));
}

test_case binary_is_no_text() {
    auto result =
        deflate_case("6.1/binary-that-is-no-utf8", "A compressed binary message need not be UTF-8",
                     {"7692-6.1-8", "7692-6.2-1"});
    result.steps = {compressed(hex("6162eda0806364fffe"), opcode::binary), echo};
    result.outcomes = {pass_with(echoes(1))};
    return result;
}

// ---- messages that inflate to much -------------------------------------------------------------

/// A limit is the peer's to set; what it must not do is break.
test_case bomb(std::string const& name, std::string title, send_frame sent, expectation taken) {
    auto result = deflate_case("8/" + name, std::move(title), {"7692-8-2", "6455-10.4-1"});
    result.needs = {"deflate"};
    result.tags = {"hostile", "harmful", "alone"};
    result.steps = {std::move(sent), fence_step{}};
    result.outcomes = {
        pass_with({std::move(taken)}), closed_with(grade::pass, {{{1009, 1009}}, false, false}),
        closed_with(grade::non_strict, any_close(),
                    "refused, but 7.4.1 names 1009 for a message that is too big"),
        lesser(grade::non_strict, {{see_end{}, false}},
               "refused without a Close frame, which 7.1.7 makes a SHOULD"),
        lesser(grade::info, {{see_fence{}, false}}, "taken, and no echo of it came back")};
    return result;
}

void add_bombs(std::vector<test_case>& into) {
    constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;
    into.push_back(bomb("mebibyte-of-one-octet",
                        "A message that inflates to 1 MiB does no harm, taken or refused",
                        compressed(payload::repeat("*", mebibyte)), {see_echo{}, false}));
    into.push_back(
        bomb("sixteen-mebibytes-of-one-octet",
             "A message of 16 KiB that inflates to 16 MiB does no harm, taken or refused",
             compressed(payload::repeat("*", 16 * mebibyte)), {see_echo{}, false}));
    // 00 00 00 FF FF: an empty stored block
    payload blocks;
    blocks.parts.push_back({octets{0x00, 0x00, 0x00, 0xFF, 0xFF}, 5 * (mebibyte / 5)});
    append_parts(blocks, hex("00"));
    into.push_back(bomb("mebibyte-of-empty-blocks",
                        "A message of 200000 empty blocks does no harm, taken or refused",
                        raw(std::move(blocks)), text("")));
}

}  // namespace

std::vector<test_case> refusals(outcome_lists const& lists) {
    std::vector<test_case> result;
    add_bits(lists, result);
    add_framing(lists, result);
    add_broken(result);
    add_unfinished(result);
    add_bad_text(lists, result);
    result.push_back(binary_is_no_text());
    add_bombs(result);
    return result;
}

}  // namespace wsproof::deflate_cases
