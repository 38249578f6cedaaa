// Many messages, kinds of data, sizes and fragments, with the offers and answers of Autobahn's
// chapters 12 and 13.
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "cases/families/deflate_data.hpp"
#include "cases/families/deflate_families.hpp"
#include "cases/families/deflate_tools.hpp"

namespace wsproof {

namespace {

using namespace deflate_cases;

struct shape {
    std::uint64_t size;
    std::uint64_t frame = 0;  ///< compressed octets in a frame; 0: all of them
};

// In Autobahn's order.
constexpr std::array<shape, 18> shapes{{{16},
                                        {64},
                                        {256},
                                        {1024},
                                        {4096},
                                        {8192},
                                        {16384},
                                        {32768},
                                        {65536},
                                        {131072},
                                        {8192, 256},
                                        {16384, 256},
                                        {32768, 256},
                                        {65536, 256},
                                        {131072, 256},
                                        {131072, 1024},
                                        {131072, 4096},
                                        {131072, 32768}}};

struct section {
    std::string_view name;   ///< for the id
    std::string_view words;  ///< for the title
    sample data;
    std::string_view server;           ///< what a server under test is asked besides
    std::string_view client;           ///< what a client under test is told
    std::vector<std::string> numbers;  ///< Autobahn's, without the last part
    std::vector<std::string> clauses;
};

std::vector<section> sections() {
    std::vector<std::string> const any{"7692-6.2-1", "7692-6.1-1", "7692-7.2.2-2"};
    std::vector<std::string> const takeover{"7692-7.2.1-14", "7692-7.2.1-11", "7692-5-18"};
    std::vector<std::string> const window{"7692-7.2.1-18", "7692-7.2.1-16", "7692-5-18"};
    constexpr auto json = sample::json;
    return {{"json", "JSON", json, "", "", {"12.1", "13.1"}, any},
            {"bitmap", "bitmap", sample::bitmap, "", "", {"12.2"}, any},
            {"prose", "prose", sample::prose, "", "", {"12.3"}, any},
            {"html", "HTML", sample::html, "", "", {"12.4"}, any},
            {"packed", "packed data", sample::packed, "", "", {"12.5"}, any},
            {"no-takeover",
             "JSON without takeover",
             json,
             "server_no_context_takeover",
             "client_no_context_takeover",
             {"13.2"},
             takeover},
            {"window-9",
             "JSON in windows of 9 bits",
             json,
             "server_max_window_bits=9",
             "client_max_window_bits=9",
             {"13.3"},
             window},
            {"window-15",
             "JSON in windows of 15 bits",
             json,
             "server_max_window_bits=15",
             "client_max_window_bits=15",
             {"13.4"},
             window},
            {"no-takeover-window-9",
             "JSON, no takeover, in windows of 9 bits",
             json,
             "server_no_context_takeover; server_max_window_bits=9",
             "client_no_context_takeover; client_max_window_bits=9",
             {"13.5"},
             window},
            {"no-takeover-window-15",
             "JSON, no takeover, in windows of 15 bits",
             json,
             "server_no_context_takeover; server_max_window_bits=15",
             "client_no_context_takeover; client_max_window_bits=15",
             {"13.6"},
             window},
            {"three-offers", "JSON, agreed by one of three offers", json, "", "", {"13.7"}, any}};
}

// ---- what is offered and answered
// ----------------------------------------------------------------

std::string joined(std::string_view first, std::string_view second) {
    return std::string(first) + (second.empty() ? "" : "; ") + std::string(second);
}

/// The hint of no takeover stands in all of Autobahn's offers, and binds nobody. Frames compressed
/// in advance are sent whatever comes of it, so that there one offer can be taken by every server.
std::string offer_of(section const& from, bool in_advance) {
    std::string_view const base =
        "permessage-deflate; client_no_context_takeover; client_max_window_bits";
    if (from.name == "three-offers")
        return joined(base, "server_no_context_takeover; server_max_window_bits=9") + ", " +
               joined(base, "server_no_context_takeover") + ", " + std::string(base);
    auto const wanted = joined(base, from.server);
    return in_advance && !from.server.empty() ? wanted + ", permessage-deflate" : wanted;
}

std::string answer_of(section const& from) {
    return from.client.empty() ? "" : joined("permessage-deflate", from.client);
}

// ---- messages ----------------------------------------------------------------------------------

/// Some data has to be compressed in advance: to be cut, or to stay as large as it is.
bool in_advance(section const& from, shape const& like) {
    return like.frame != 0 || (from.data == sample::packed && like.size > 1024);
}

/// How much of a message is stored, as by a compressor that finds nothing to shrink or is told not
/// to look for it.
std::uint64_t stored_of(section const& from, shape const& like) {
    if (from.data == sample::packed || like.frame > 1024) return like.size;
    return like.frame == 1024 ? 4 * like.frame : 0;
}

/// A case sends at most 8 MiB. What is compressed in advance looks small to the player, which
/// measures by it how much may come back.
unsigned count_of(section const& from, shape const& like, unsigned messages) {
    constexpr std::uint64_t most = std::uint64_t{8} << 20U;
    constexpr std::uint64_t most_in_advance = 192 * 1024;
    bool const early = in_advance(from, like);
    auto const wanted = early ? messages / 2 : messages;
    auto const fitting = std::max<std::uint64_t>((early ? most_in_advance : most) / like.size, 1);
    return static_cast<unsigned>(std::clamp<std::uint64_t>(wanted, 1, fitting));
}

/// The first octets in stored blocks, so that there is something to cut even in large frames.
payload packed_in_advance(payload const& data, std::uint64_t stored) {
    if (stored >= data.size()) return in_stored_blocks(data);
    if (stored == 0) return in_fixed_block(data);
    auto const head = in_stored_blocks(slice(data, 0, stored));
    auto result = slice(head, 0, head.size() - 1);  // the last octet begins the block behind
    append_parts(result, in_fixed_block(slice(data, stored, data.size() - stored)));
    return result;
}

void add_message(test_case& into, section const& from, shape const& like, unsigned number) {
    auto const op = opcode_of(from.data);
    auto data = sample_message(from.data, like.size, number);
    auto& seen = into.outcomes.front().see;
    if (in_advance(from, like)) {
        auto const made = packed_in_advance(data, stored_of(from, like));
        append_steps(into.steps, in_frames(made, like.frame == 0 ? made.size() : like.frame, op));
        seen.push_back(message(op, std::move(data)));
    } else {
        into.steps.emplace_back(compressed(std::move(data), op));
        seen.push_back({see_echo{}, false});
    }
    into.steps.emplace_back(await(await_step::what::echo));
}

// ---- the cases
// -----------------------------------------------------------------------------------

std::string name_of(section const& from, shape const& like) {
    auto result = std::string(from.name) + "-" + std::to_string(like.size) + "-octets";
    if (like.frame != 0) result += "-in-frames-of-" + std::to_string(like.frame);
    return result;
}

std::string title_of(section const& from, shape const& like) {
    auto result =
        "Messages of " + std::to_string(like.size) + " octets of " + std::string(from.words);
    if (like.frame != 0) result += " in frames of " + std::to_string(like.frame);
    return result + " come back";
}

test_case volume_case(section const& from, std::size_t index, unsigned messages) {
    auto const& like = shapes[index];
    auto result = deflate_case("7.2/" + name_of(from, like), title_of(from, like), from.clauses);
    result.tags = {"volume"};
    for (auto const& each : from.numbers)
        result.autobahn.push_back(each + "." + std::to_string(index + 1));
    result.offer = offer_of(from, in_advance(from, like));
    result.answer = answer_of(from);
    if (from.client.find("client_max_window_bits") != std::string_view::npos)
        result.needs = {"deflate", "client-max-window-bits", "echo"};
    result.outcomes = {pass_with({})};
    auto const count = count_of(from, like, messages);
    for (unsigned number = 0; number < count; ++number) add_message(result, from, like, number);
    return result;
}

}  // namespace

std::vector<test_case> deflate_volume_cases(outcome_lists const&, unsigned messages) {
    std::vector<test_case> result;
    for (auto const& from : sections())
        for (std::size_t i = 0; i < shapes.size(); ++i)
            result.push_back(volume_case(from, i, messages));
    return result;
}

}  // namespace wsproof
