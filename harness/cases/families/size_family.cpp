// Echoes of messages whose sizes lie around the borders of the three length forms of RFC 6455 5.2.
#include <algorithm>
#include <array>

#include "cases/families/family_tools.hpp"

namespace wsproof {

namespace {

struct message_size {
    std::uint64_t octets;
    int autobahn;  // the last part of its number, or 0
};

constexpr std::array<message_size, 11> sizes{{{0, 1},
                                              {1, 0},
                                              {124, 0},
                                              {125, 2},
                                              {126, 3},
                                              {127, 4},
                                              {128, 5},
                                              {65534, 0},
                                              {65535, 6},
                                              {65536, 7},
                                              {65537, 0}}};

/// Small and prime, so that the cuts fall on ever other places of the message.
constexpr std::uint32_t piece = 997;

std::vector<std::string> clauses_for(std::uint64_t octets, bool text) {
    std::vector<std::string> result;
    switch (shortest_form(octets)) {
        case length_form::seven_bits:
            result = {"6455-5.2-14"};
            break;
        case length_form::sixteen_bits:
            result = {"6455-5.2-15", "6455-5.2-21"};
            break;
        case length_form::sixty_four_bits:
            result = {"6455-5.2-16", "6455-5.2-21"};
            break;
    }
    if (octets == 0) result.insert(result.begin(), "6455-5.2-26");
    result.emplace_back(text ? "6455-5.6-2" : "6455-5.6-5");
    return result;
}

test_case echo_of(std::uint64_t octets, bool text, outcome_lists const& lists) {
    std::string const kind = text ? "text" : "binary";
    auto const count = std::to_string(octets);
    auto result = new_case("rfc6455/5.2/" + kind + "-" + count + "-octets",
                           "A " + kind + " message of " + count + " octets comes back unchanged",
                           clauses_for(octets, text));
    if (octets == 0)
        result.level = level::should;  // empty messages are legal; no clause demands more
    result.needs = {"echo"};
    // FE can stand nowhere in UTF-8: a peer that takes binary for text is found out
    result.steps = {whole_frame(text ? opcode::text : opcode::binary,
                                payload::repeat(text ? "*" : "\xFE", octets)),
                    await(await_step::what::echo)};
    use_list(result, lists, "echoed");
    return result;
}

test_case echo_in_pieces(bool text, outcome_lists const& lists) {
    auto result = echo_of(65536, text, lists);
    result.id += "-in-pieces-of-" + std::to_string(piece);
    result.title = std::string("A ") + (text ? "text" : "binary") +
                   " message that arrives in many small pieces comes back unchanged";
    result.clauses = {"6455-6.2-1", "6455-5.2-16", text ? "6455-5.6-2" : "6455-5.6-5"};
    result.segmentation = {segmentation::kind::every, piece};
    result.autobahn = {text ? "1.1.8" : "1.2.8"};
    return result;
}

/// What Autobahn's own fragmenter makes of 64 KiB: 50 fragments of 1300 octets and one of 536.
test_case echo_of_fragments(outcome_lists const& lists) {
    constexpr std::uint64_t whole = 65536;
    constexpr std::uint64_t fragment = 1300;
    auto result = new_case("rfc6455/5.4/text-65536-octets-in-51-fragments",
                           "64 KiB of text in fragments of 1300 octets come back as one message",
                           {"6455-5.4-5", "6455-6.2-4"});
    result.needs = {"echo"};
    result.autobahn = {"10.1.1"};
    result.note = "Autobahn also counts its own frames, which says nothing of the peer.";
    result.steps.emplace_back(first_fragment(opcode::text, payload::repeat("*", fragment)));
    for (auto at = fragment; at < whole; at += fragment) {
        auto const size = std::min(fragment, whole - at);
        result.steps.emplace_back(continuation(payload::repeat("*", size), at + size == whole));
    }
    result.steps.emplace_back(await(await_step::what::echo));
    use_list(result, lists, "echoed");
    return result;
}

}  // namespace

std::vector<test_case> size_family(outcome_lists const& lists) {
    std::vector<test_case> result;
    for (bool const text : {true, false}) {
        for (auto const& each : sizes) {
            auto made = echo_of(each.octets, text, lists);
            if (each.autobahn != 0)
                made.autobahn = {(text ? "1.1." : "1.2.") + std::to_string(each.autobahn)};
            // the empty text stands in Autobahn's chapter on UTF-8 once more
            if (text && each.octets == 0) made.autobahn.emplace_back("6.1.1");
            result.push_back(std::move(made));
        }
        result.push_back(echo_in_pieces(text, lists));
    }
    result.push_back(echo_of_fragments(lists));
    return result;
}

}  // namespace wsproof
