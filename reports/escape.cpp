#include "reports/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "wire/utf8.hpp"

namespace wsproof {
namespace {

struct character {
    char32_t point;    // or the value of an octet that is not part of valid UTF-8
    std::size_t size;  // octets
    bool valid;
};

std::size_t length_of_sequence(std::uint8_t lead) noexcept {
    if (lead < 0x80) return 1;
    if (lead < 0xC0) return 0;
    if (lead < 0xE0) return 2;
    return lead < 0xF0 ? 3 : 4;
}

character first_character(std::string_view text) noexcept {
    auto const lead = static_cast<std::uint8_t>(text.front());
    auto const size = length_of_sequence(lead);
    if (size == 1) return {lead, 1, true};
    if (size == 0 || size > text.size() || !is_utf8(view_of(text.substr(0, size))))
        return {lead, 1, false};
    char32_t point = lead & (0x7FU >> size);
    for (auto const c : text.substr(1, size - 1))
        point = (point << 6U) | (static_cast<std::uint8_t>(c) & 0x3FU);
    return {point, size, true};
}

struct range {
    char32_t first, last;
};

// Controls, and what Unicode calls default ignorable, bidirectional control, line or paragraph
// separator: none of it shows, all of it changes how the rest is shown.
constexpr std::array<range, 20> hidden{
    {{0x00, 0x1F},       {0x7F, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},
     {0x61C, 0x61C},     {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},
     {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},
     {0xFDD0, 0xFDEF},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},
     {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0x10FFFE, 0x10FFFF}}};

bool is_hidden(char32_t point) noexcept {
    if ((point & 0xFFFEU) == 0xFFFE) return true;  // U+FFFE, U+FFFF and their like in every plane
    return std::ranges::any_of(
        hidden, [point](range const& each) { return point >= each.first && point <= each.last; });
}

void append_visible(std::string& out, character const& c) {
    if (!c.valid || c.point < 0x80) {
        out += fmt::format("\\x{:02x}", static_cast<std::uint32_t>(c.point));
    } else {
        out += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(c.point));
    }
}

/// Every character for which `replace` returns false is kept.
template <class Replace>
std::string each_character(std::string_view text, Replace replace) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const c = first_character(text);
        if (!c.valid) {
            append_visible(out, c);
        } else if (!replace(out, c)) {
            out += text.substr(0, c.size);
        }
        text.remove_prefix(c.size);
    }
    return out;
}

bool is_layout(char32_t point) noexcept { return point == U'\n' || point == U'\t'; }

std::string_view html_entity(char32_t point) noexcept {
    switch (point) {
        case U'&':
            return "&amp;";
        case U'<':
            return "&lt;";
        case U'>':
            return "&gt;";
        case U'"':
            return "&quot;";
        case U'\'':
            return "&#39;";
        default:
            return {};
    }
}

constexpr std::size_t longest_file_name = 100;

bool is_plain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-';
}

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Windows takes these for devices, whatever stands behind the first dot.
bool is_device(std::string_view name) {
    std::string base(name.substr(0, name.find('.')));
    std::ranges::transform(base, base.begin(), lower);
    if (base == "con" || base == "prn" || base == "aux" || base == "nul") return true;
    return base.size() == 4 && (base.starts_with("com") || base.starts_with("lpt")) &&
           base[3] >= '0' && base[3] <= '9';
}

std::uint32_t fnv1a(std::string_view text) noexcept {
    std::uint32_t hash = 2166136261U;
    for (auto const c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619U;
    return hash;
}

}  // namespace

std::string escape_terminal(std::string_view text) {
    return each_character(text, [](std::string& out, character const& c) {
        if (!is_hidden(c.point)) return false;
        append_visible(out, c);
        return true;
    });
}

std::string escape_xml(std::string_view text) {
    return each_character(text, [](std::string& out, character const& c) {
        if (is_layout(c.point) || !is_hidden(c.point)) return false;
        append_visible(out, c);
        return true;
    });
}

std::string escape_json(std::string_view text) {
    return each_character(text, [](std::string&, character const&) { return false; });
}

std::string escape_html(std::string_view text) {
    return each_character(text, [](std::string& out, character const& c) {
        if (auto const entity = html_entity(c.point); !entity.empty()) {
            out += entity;
            return true;
        }
        if (is_layout(c.point) || !is_hidden(c.point)) return false;
        append_visible(out, c);
        return true;
    });
}

std::string file_name(std::string_view text) {
    std::string out;
    bool changed = text.empty();
    for (auto const c : text.substr(0, longest_file_name)) {
        out += is_plain(c) ? c : '_';
        changed = changed || (!is_plain(c) && c != '/');
    }
    if (out.empty() || out.front() == '.' || out.front() == '-' || is_device(out)) {
        out.insert(out.begin(), '_');
        changed = true;
    }
    if (!changed && text.size() <= longest_file_name && out.back() != '.') return out;
    auto const hash = fmt::format("-{:08x}", fnv1a(text));
    out.resize(std::min(out.size(), longest_file_name - hash.size()));
    return out + hash;
}

}  // namespace wsproof
