// DEFLATE blocks of every kind, also those that common compressors never write (RFC 7692 7.2.1).
#include "cases/families/deflate_blocks.hpp"
#include "cases/families/deflate_families.hpp"
#include "cases/families/deflate_tools.hpp"

namespace wsproof::deflate_cases {

namespace {

auto const echo = await(await_step::what::echo);

test_case block_case(std::string const& name, std::string title, std::vector<std::string> clauses,
                     payload data, payload expected) {
    auto result = deflate_case(name, std::move(title), std::move(clauses));
    result.steps = {raw(std::move(data)), echo};
    result.outcomes = {pass_with({message(opcode::text, std::move(expected))})};
    return result;
}

payload of(octets const& data) { return payload::of(octets_view(data)); }

// ---- stored blocks -----------------------------------------------------------------------------

payload five_stored_blocks() {
    block_writer out;
    for (char const each : std::string_view("Hello")) out.stored(std::string_view(&each, 1));
    return of(out.finish());
}

payload largest_stored_block() {
    auto data = hex("00ffff0000");
    append_parts(data, payload::repeat("*", 65535));
    append_parts(data, hex("00"));
    return data;
}

payload hello_behind_empty_block() {
    block_writer out;
    out.stored("");
    out.begin_fixed();
    out.literals("Hello");
    out.end_fixed();
    return of(out.finish());
}

void add_stored(std::vector<test_case>& into) {
    into.push_back(block_case(
        "7.2.1/stored-blocks-of-one-octet", "A message in five stored blocks is understood",
        {"7692-7.2.1-5", "7692-7.2.1-4"}, five_stored_blocks(), payload::of("Hello")));
    into.push_back(block_case(
        "7.2.1/stored-block-of-65535-octets", "A message in the largest stored block is understood",
        {"7692-7.2.1-5", "7692-7.2.3.3-1"}, largest_stored_block(), payload::repeat("*", 65535)));
    into.push_back(block_case(
        "7.2.1/empty-stored-block-first", "An empty stored block before the text is understood",
        {"7692-7.2.1-4", "7692-7.2.1-5"}, hello_behind_empty_block(), payload::of("Hello")));
}

// ---- compressed blocks
// ---------------------------------------------------------------------------

std::string dynamic_text() { return letters(60) + letters(60, 7) + letters(60); }

/// What zlib makes of that text; not made here, for another version might choose otherwise.
octets dynamic_block() {
    return parse_hex(
               "a4cd8101c3200800b05ba160b18ea98845bd7e472c0fa4cf739a670b762cfc4141ea3aa5a58d6b70b6"
               "7291d5afb1323e67fbabbcc6900a90124d862bf93508e5ed4aa5cdb8411e305d54d5ab429c96a35b66"
               "1bb1efbd9a898b86f3e87fbc3f00")
        .value_or(octets{});
}

payload three_kinds() {
    block_writer out;
    out.begin_fixed();
    out.literals("fixed, ");
    out.end_fixed();
    out.stored("stored, ");
    auto data = out.take();
    append(data, dynamic_block());
    return of(data);
}

/// From 3 to 258, each length once, all of them of the one letter before it.
payload every_length() {
    block_writer out;
    out.begin_fixed();
    out.literals("a");
    for (unsigned length = 3; length <= 258; ++length) out.match(length, 1);
    out.end_fixed();
    return of(out.finish());
}

constexpr std::uint64_t sum_of_lengths = (3 + 258) * 256 / 2;
constexpr unsigned window = 32768;

/// A window of 32768 octets in which no two places with the same letters lie near each other.
payload full_window() {
    payload data;
    data.parts.push_back({to_octets(letters(251)), window});
    return data;
}

/// 1 to 32768, the first and the last distance that each code stands for.
std::vector<unsigned> border_distances() {
    std::vector<unsigned> result{1, 2, 3, 4};
    for (unsigned power = 4; power < window; power *= 2)
        for (unsigned const each : {power + 1, power + power / 2, power + power / 2 + 1, power * 2})
            result.push_back(each);
    return result;
}

test_case every_distance() {
    auto const far = full_window();
    block_writer out;
    out.stored(octets_view(far.expand()));
    out.begin_fixed();
    auto expected = far.expand();
    for (auto const distance : border_distances()) {
        out.match(3, distance);
        for (int i = 0; i < 3; ++i) expected.push_back(expected[expected.size() - distance]);
    }
    out.end_fixed();
    auto const made = out.finish();
    auto data = hex("000080ff7f");
    append_parts(data, far);
    append_parts(data, payload::of(octets_view(made).subspan(5 + window)));
    auto whole = far;
    append_parts(whole, payload::of(octets_view(expected).subspan(window)));
    auto result = block_case("7.2.1/references-of-every-distance",
                             "References from 1 to 32768 octets back are followed",
                             {"7692-7.2.2-11", "7692-7.2.2-9", "7692-7.2.2-2", "7692-5-4"},
                             std::move(data), std::move(whole));
    result.offer = plain_offer;
    result.answer = plain_offer;  // a client that asks for a smaller window cannot follow
    return result;
}

payload empty_blocks(unsigned count) {
    block_writer out;
    for (unsigned i = 0; i < count; ++i) {
        out.begin_fixed();
        out.end_fixed();
    }
    out.begin_fixed();
    out.literals("Hello");
    out.end_fixed();
    return of(out.finish());
}

void add_compressed(std::vector<test_case>& into) {
    into.push_back(block_case("7.2.1/dynamic-block", "A block with codes of its own is understood",
                              {"7692-7.2.1-5", "7692-7.2.2-2"}, of(dynamic_block()),
                              payload::of(dynamic_text())));
    into.push_back(block_case("7.2.1/blocks-of-all-types",
                              "A fixed, a stored and a dynamic block in one message are understood",
                              {"7692-7.2.1-5", "7692-7.2.1-4"}, three_kinds(),
                              payload::of("fixed, stored, " + dynamic_text())));
    into.push_back(block_case("7.2.1/references-of-every-length",
                              "References of 3 to 258 octets that overlap themselves are followed",
                              {"7692-7.2.2-2", "7692-7.2.1-5"}, every_length(),
                              payload::repeat("a", 1 + sum_of_lengths)));
    into.push_back(every_distance());
    into.push_back(block_case(
        "7.2.1/hundred-empty-blocks", "A hundred empty blocks before the text are skipped",
        {"7692-7.2.1-4", "7692-7.2.1-5"}, empty_blocks(100), payload::of("Hello")));
}

// ---- final blocks ------------------------------------------------------------------------------

payload hello_in_final_blocks(bool second_final) {
    block_writer out;
    out.begin_fixed(true);
    out.literals("Hel");
    out.end_fixed();
    out.begin_fixed(second_final);
    out.literals("lo");
    out.end_fixed();
    return of(out.finish());
}

payload final_stored_block() {
    block_writer out;
    out.stored("Hello", true);
    return of(out.finish());
}

payload final_empty_block_last() {
    block_writer out;
    out.begin_fixed();
    out.literals("Hello");
    out.end_fixed();
    out.begin_fixed(true);
    out.end_fixed();
    return of(out.finish());
}

/// The message may be refused, but nothing of it may be lost.
test_case whole_or_refused(std::string const& name, std::string title,
                           std::vector<std::string> clauses, payload data,
                           std::string const& because) {
    auto result = block_case(name, std::move(title), std::move(clauses), std::move(data),
                             payload::of("Hello"));
    result.outcomes.push_back(closed_with(grade::non_strict, any_close(), because));
    result.outcomes.push_back(lesser(grade::non_strict, {{see_end{}, false}}, because));
    return result;
}

void add_final(std::vector<test_case>& into) {
    into.push_back(
        block_case("7.2.3.4/final-stored-block", "A stored block with BFINAL set is understood",
                   {"7692-7.2.3.4-1", "7692-7.2.1-6"}, final_stored_block(), payload::of("Hello")));
    into.push_back(block_case("7.2.3.4/empty-final-block",
                              "A final block without data is an empty message",
                              {"7692-7.2.3.4-1", "7692-7.2.3.6-1"}, hex("030000"), {}));
    into.push_back(block_case("7.2.3.4/final-block-without-data-last",
                              "A final block without data behind the text is understood",
                              {"7692-7.2.1-6", "7692-7.2.3.4-1"}, final_empty_block_last(),
                              payload::of("Hello")));
    std::string const stream_ended =
        "refused: DEFLATE of itself ends at a final block, and the text names only one that is "
        "last";
    into.push_back(whole_or_refused(
        "7.2.3.4/block-behind-final-block", "A block behind a final one is not lost",
        {"7692-7.2.1-6", "7692-7.2.1-4"}, hello_in_final_blocks(false), stream_ended));
    into.push_back(whole_or_refused(
        "7.2.3.4/two-final-blocks", "The second of two final blocks is not lost",
        {"7692-7.2.1-6", "7692-7.2.1-4"}, hello_in_final_blocks(true), stream_ended));
    into.push_back(whole_or_refused(
        "7.2.3.4/final-block-without-octet-behind",
        "A final block with nothing behind it is understood", {"7692-7.2.1-6", "7692-7.2.3.4-1"},
        hex("f348cdc9c90700"), "refused: the example puts one octet more behind a final block"));
}

}  // namespace

std::vector<test_case> blocks() {
    std::vector<test_case> result;
    add_stored(result);
    add_compressed(result);
    add_final(result);
    return result;
}

}  // namespace wsproof::deflate_cases
