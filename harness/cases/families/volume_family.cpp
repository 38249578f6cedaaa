// Large messages, many fragments, many pieces, many round trips: what Autobahn measures in its
// ninth chapter, with the content compared instead of the time.
#include <algorithm>
#include <array>

#include "cases/families/family_tools.hpp"

namespace wsproof {

namespace {

constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t mib = 1024 * kib;

constexpr std::string_view text_pattern = "BAsd7&jh23";
constexpr std::string_view binary_pattern{"\x00\xfe\x23\xfa\xf0", 5};

/// From here on a case is played alone: it takes the machine for itself.
constexpr std::uint64_t large = mib;
/// A probe shows that messages of this size come back; beyond it a limit may be met.
constexpr std::uint64_t taken_for_granted = mib;
/// More show nothing new of how they are joined; floods of them are in flood_family.
constexpr std::uint64_t most_fragments = 256;
constexpr std::size_t round_trips = 50;

std::string size_word(std::uint64_t octets) {
    if (octets >= mib) return std::to_string(octets / mib) + " MiB";
    if (octets >= kib && octets % kib == 0) return std::to_string(octets / kib) + " KiB";
    return std::to_string(octets) + " octets";
}

std::string slug(std::uint64_t octets) {
    auto result = size_word(octets);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return result;
}

std::string word_for(opcode op) { return op == opcode::text ? "text" : "binary"; }

/// 10.4: any limit is right. That the peer still serves is looked at afterwards.
void allow_limit(test_case& into) {
    into.tags.insert(into.tags.begin(), "hostile");
    into.outcome_list.clear();
    into.outcomes.push_back({grade::unsupported,
                             {{see_close{{{1009, 1009}}, false, false}, false}, maybe(see_end{})},
                             {},
                             "the message is larger than the peer takes"});
    into.outcomes.push_back(
        {grade::unsupported,
         {{see_close{{{1001, 1003}, {1008, 1008}, {1011, 1013}, {3000, 4999}}, true, false}, false},
          maybe(see_end{})},
         {},
         "the peer closes over the message, with another code than 1009, which names its size"});
    into.outcomes.push_back(
        {grade::unsupported,
         {{see_end{}, false}},
         {},
         "the peer closes TCP over the message, without the Close 1009 that names its size"});
}

void expect_echo(test_case& into, std::uint64_t octets, outcome_lists const& lists) {
    into.needs = {"echo"};
    into.steps.emplace_back(await(await_step::what::echo));
    use_list(into, lists, "echoed");
    if (octets >= large) into.tags = {"alone"};
    if (octets > taken_for_granted) allow_limit(into);
}

// ---- 9.1, 9.2: one frame -----------------------------------------------------------------------

test_case whole_message(opcode op, std::uint64_t octets, outcome_lists const& lists) {
    auto result = new_case("limits/messages/" + word_for(op) + "-" + slug(octets),
                           "A " + word_for(op) + " message of " + size_word(octets) +
                               " in one frame comes back unchanged",
                           {"6455-6.2-5", "6455-5.2-16", "6455-10.4-1"});
    auto const pattern = op == opcode::text ? text_pattern : binary_pattern;
    result.steps = {whole_frame(op, payload::repeat(pattern, octets))};
    expect_echo(result, octets, lists);
    return result;
}

void add_messages(opcode op, outcome_lists const& lists, std::vector<test_case>& into) {
    constexpr std::array<std::uint64_t, 6> sizes{64 * kib, 256 * kib, mib,
                                                 4 * mib,  8 * mib,   16 * mib};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        auto made = whole_message(op, sizes[i], lists);
        made.autobahn = {(op == opcode::text ? "9.1." : "9.2.") + std::to_string(i + 1)};
        made.note = "Autobahn compares only the length of what comes back, within 10 or 100 s.";
        into.push_back(std::move(made));
    }
}

// ---- 9.3, 9.4: fragments -----------------------------------------------------------------------

/// As Autobahn's fragmenter: an empty frame at the end.
std::vector<step> fragments(opcode op, std::string_view pattern, std::uint64_t fragment,
                            std::uint64_t count) {
    std::vector<step> result{first_fragment(op, payload::repeat(pattern, fragment))};
    for (std::uint64_t i = 1; i < count; ++i)
        result.emplace_back(continuation(payload::repeat(pattern, fragment), false));
    result.emplace_back(continuation({}, true));
    return result;
}

test_case fragmented(opcode op, std::uint64_t fragment, std::string_view pattern,
                     outcome_lists const& lists) {
    auto const whole = 4 * mib;
    auto const count = std::min(whole / fragment, most_fragments);
    auto result =
        new_case("limits/fragments/" + word_for(op) + "-in-fragments-of-" + slug(fragment),
                 std::to_string(count) + " fragments of " + size_word(fragment) +
                     " and an empty one come back as one " + word_for(op) + " message",
                 {"6455-5.4-5", "6455-6.2-5", "6455-5.4-13"});
    result.steps = fragments(op, pattern, fragment, count);
    if (count * fragment < whole)
        result.note = "Autobahn sends 4 MiB to measure time; " + std::to_string(count) +
                      " fragments show as well whether they are joined.";
    expect_echo(result, count * fragment, lists);
    return result;
}

test_case not_fragmented(opcode op, outcome_lists const& lists) {
    auto result =
        new_case("limits/fragments/" + word_for(op) + "-in-one-fragment-of-4-mib",
                 "A " + word_for(op) + " message of 4 MiB of one octet repeated comes back",
                 {"6455-6.2-5", "6455-5.2-16"});
    result.note = "Autobahn announces fragments, but the message is as large as one.";
    result.steps = {whole_frame(op, payload::repeat("*", 4 * mib))};
    expect_echo(result, 4 * mib, lists);
    return result;
}

void add_fragments(opcode op, outcome_lists const& lists, std::vector<test_case>& into) {
    std::string const chapter = op == opcode::text ? "9.3." : "9.4.";
    int number = 0;
    for (std::uint64_t size = 64; size <= mib; size *= 4) {
        // 9.4.1 alone has another octet
        auto const pattern = op == opcode::binary && size == 64 ? "\xFE" : "*";
        auto made = fragmented(op, size, pattern, lists);
        made.autobahn = {chapter + std::to_string(++number)};
        into.push_back(std::move(made));
    }
    auto made = not_fragmented(op, lists);
    made.autobahn = {chapter + std::to_string(++number)};
    into.push_back(std::move(made));
}

// ---- 9.5, 9.6: pieces --------------------------------------------------------------------------

void add_pieces(opcode op, outcome_lists const& lists, std::vector<test_case>& into) {
    std::string const chapter = op == opcode::text ? "9.5." : "9.6.";
    int number = 0;
    for (std::uint32_t size = 64; size <= 2048; size *= 2) {
        auto made = whole_message(op, mib, lists);
        made.id = "limits/segments/" + word_for(op) + "-in-pieces-of-" + std::to_string(size);
        made.title = "A " + word_for(op) + " message of 1 MiB in pieces of " +
                     std::to_string(size) + " octets comes back unchanged";
        made.clauses = {"6455-6.2-1", "6455-6.2-5"};
        made.segmentation = {segmentation::kind::every, size};
        made.autobahn = {chapter + std::to_string(++number)};
        into.push_back(std::move(made));
    }
}

// ---- 9.7, 9.8: round trips ---------------------------------------------------------------------

test_case round_trip_case(opcode op, std::uint64_t octets) {
    auto const count = std::to_string(round_trips);
    auto result =
        new_case("limits/roundtrips/" + word_for(op) + "-" + std::to_string(octets) + "-octets",
                 count + " " + word_for(op) + " messages of " + std::to_string(octets) +
                     " octets come back, one after the other",
                 {"6455-6.2-6", "6455-6.2-5"});
    // empty messages are legal; no clause demands that an application passes them on
    if (octets == 0) result.level = level::should;
    result.needs = {"echo"};
    result.note = "Autobahn makes 1000 round trips to measure time; " + count +
                  " show as well whether each message comes back.";
    outcome all{grade::pass, {}, {}, {}};
    for (std::size_t i = 0; i < round_trips; ++i) {
        result.steps.emplace_back(
            whole_frame(op, payload::repeat(op == opcode::text ? "*" : "\xFE", octets)));
        result.steps.emplace_back(await(await_step::what::echo));
        all.see.push_back({see_echo{}, false});
    }
    result.outcomes = {std::move(all)};
    return result;
}

void add_round_trips(opcode op, std::vector<test_case>& into) {
    constexpr std::array<std::uint64_t, 6> sizes{0, 16, 64, 256, 1024, 4096};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        auto made = round_trip_case(op, sizes[i]);
        made.autobahn = {(op == opcode::text ? "9.7." : "9.8.") + std::to_string(i + 1)};
        into.push_back(std::move(made));
    }
}

}  // namespace

std::vector<test_case> volume_family(outcome_lists const& lists) {
    std::vector<test_case> result;
    for (auto const op : {opcode::text, opcode::binary}) {
        add_messages(op, lists, result);
        add_round_trips(op, result);
    }
    for (auto const op : {opcode::text, opcode::binary}) add_fragments(op, lists, result);
    for (auto const op : {opcode::text, opcode::binary}) add_pieces(op, lists, result);
    return result;
}

}  // namespace wsproof
