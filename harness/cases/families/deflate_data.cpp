#include "cases/families/deflate_data.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include "cases/families/deflate_blocks.hpp"
#include "cases/families/deflate_tools.hpp"

namespace wsproof::deflate_cases {

namespace {

constexpr std::size_t record_count = 4;
constexpr std::array<std::string_view, 8> fields{"id",    "name", "city",   "price",
                                                 "stock", "tags", "active", "note"};
constexpr std::array<std::string_view, 12> nouns{"window", "harbour", "lantern", "meadow",
                                                 "copper", "saddle",  "ribbon",  "gravel",
                                                 "candle", "thicket", "anchor",  "quarry"};

// std::uniform_int_distribution differs between libraries, and the cases must not.
unsigned below(std::mt19937& random, std::size_t count) {
    return static_cast<unsigned>(random() % count);
}

template <class List>
std::string_view one_of(std::mt19937& random, List const& list) {
    return list[below(random, list.size())];
}

std::string json_record(std::mt19937& random) {
    std::string result = "{";
    for (auto const& field : fields) {
        result += "\"" + std::string(field) + "\": ";
        if (below(random, 2) == 0)
            result += std::to_string(below(random, 100000)) + ", ";
        else
            result += "\"" + std::string(one_of(random, nouns)) + "\", ";
    }
    return result + "\"end\": null}, ";
}

/// Grey values that wander, as they do along the rows of a photograph.
std::string bitmap_record(std::mt19937& random) {
    std::string result;
    auto grey = 64 + below(random, 128);
    while (result.size() < 128) {
        grey = std::clamp(grey + below(random, 7), 3U, 255U) - 3U;
        result += static_cast<char>(static_cast<unsigned char>(grey));
    }
    return result;
}

std::string prose_record(std::mt19937& random) {
    static constexpr std::array<std::string_view, 16> words{
        "Über",  "dem",   "Tal",      "liegt",  "früh",   "der",    "Nebel", "und",
        "fällt", "leise", "zwischen", "Bäumen", "Wasser", "größer", "als",   "gestern"};
    std::string result;
    while (result.size() < 200) result += std::string(one_of(random, words)) + " ";
    return result + "\n";
}

std::string html_record(std::mt19937& random) {
    std::string result = "<tr>";
    for (int i = 0; i < 4; ++i) {
        auto const word = std::string(one_of(random, nouns));
        result += "<td class=\"" + word + "\"><a href=\"/" + word + "/" +
                  std::to_string(below(random, 1000)) + "\">" + word + "</a></td>";
    }
    return result + "</tr>\n";
}

/// Short, for each frame of a case holds a piece of it.
std::string packed_record(std::mt19937& random) {
    std::string result;
    while (result.size() < 16) result += static_cast<char>(static_cast<unsigned char>(random()));
    return result;
}

std::string record_of(sample kind, std::mt19937& random) {
    switch (kind) {
        case sample::json:
            return json_record(random);
        case sample::bitmap:
            return bitmap_record(random);
        case sample::prose:
            return prose_record(random);
        case sample::html:
            return html_record(random);
        case sample::packed:
            break;
    }
    return packed_record(random);
}

std::vector<std::string> records_of(sample kind) {
    std::mt19937 random(20150612U + static_cast<unsigned>(kind));
    std::vector<std::string> result;
    while (result.size() < record_count) result.push_back(record_of(kind, random));
    return result;
}

std::string head_of(sample kind, unsigned number) {
    auto const digits = std::to_string(number);
    switch (kind) {
        case sample::json:
            return "[{\"n\": " + digits + "}, ";
        case sample::html:
            return "<!-- " + digits + " -->";
        default:
            return "#" + digits + " ";
    }
}

}  // namespace

std::string_view name_of(sample kind) noexcept {
    constexpr std::array<std::string_view, 5> names{"json", "bitmap", "prose", "html", "packed"};
    return names[static_cast<std::size_t>(kind)];
}

opcode opcode_of(sample kind) noexcept {
    return kind == sample::json || kind == sample::html ? opcode::text : opcode::binary;
}

payload sample_message(sample kind, std::uint64_t size, unsigned number) {
    auto const records = records_of(kind);
    auto const head = head_of(kind, number);
    auto result =
        payload::of(std::string_view(head).substr(0, std::min<std::uint64_t>(size, head.size())));
    auto left = size - result.size();
    for (std::size_t i = 0; i < record_count && left > 0; ++i) {
        // whole records, so that each begins anew, and in the last part what is left
        auto const& record = records[(i + number) % record_count];
        auto const share = std::max<std::uint64_t>(left / (record_count - i) / record.size(), 1);
        auto const length = i + 1 == record_count ? left : std::min(share * record.size(), left);
        append_parts(result, payload::repeat(record, length));
        left -= length;
    }
    return result;
}

payload in_fixed_block(payload const& data) {
    constexpr std::uint64_t longest = 258, shortest = 3;
    block_writer out;
    out.begin_fixed();
    for (auto const& part : data.parts) {
        auto const pattern = as_text(part.pattern);
        out.literals(pattern);
        auto left = part.length - pattern.size();
        for (; left >= shortest; left -= std::min(left, longest))
            out.match(static_cast<unsigned>(std::min(left, longest)),
                      static_cast<unsigned>(pattern.size()));
        for (; left > 0; --left)
            out.literals(pattern.substr((part.length - left) % pattern.size(), 1));
    }
    out.end_fixed();
    return payload::of(octets_view(out.finish()));
}

payload in_stored_blocks(payload const& data) {
    constexpr std::uint64_t longest = 65535;
    auto const total = data.size();
    payload result;
    for (std::uint64_t at = 0; at < total; at += longest) {
        auto const size = std::min(longest, total - at);
        auto const low = static_cast<std::uint8_t>(size);
        auto const high = static_cast<std::uint8_t>(size >> 8U);
        // BFINAL 0, BTYPE 00, the size and its complement (RFC 1951 3.2.4)
        octets const head{0, low, high, static_cast<std::uint8_t>(~low),
                          static_cast<std::uint8_t>(~high)};
        append_parts(result, payload::of(octets_view(head)));
        append_parts(result, slice(data, at, size));
    }
    append_parts(result, hex("00"));
    return result;
}

}  // namespace wsproof::deflate_cases
