#include "reports/text_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/escape.hpp"

namespace wsproof {
namespace {

constexpr std::size_t row_size = 16;
constexpr std::size_t first_rows = 256, last_rows = 4;  // of one dump
constexpr std::size_t label_indent = 2, label_width = 10;

std::string_view colour_of(grade value) noexcept {
    switch (value) {
        case grade::pass:
            return "32";
        case grade::info:
            return "36";
        case grade::non_strict:
            return "33";
        case grade::unsupported:
            return "34";
        case grade::fail:
            return "1;31";
        case grade::error:
            return "1;35";
    }
    return "0";
}

std::string in_colour(std::string_view text, std::string_view colour) {
    return fmt::format("\x1b[{}m{}\x1b[0m", colour, text);
}

std::string dump_row(octets_view row, std::uint64_t offset, std::size_t indent) {
    auto out = fmt::format("{:{}}{:08x} ", "", indent, offset);
    for (std::size_t i = 0; i < row_size; ++i) {
        if (i % 8 == 0) out += ' ';
        out += i < row.size() ? fmt::format("{:02x} ", row[i]) : "   ";
    }
    out += " |";
    for (auto const octet : row)
        out += octet >= 0x20 && octet < 0x7F ? static_cast<char>(octet) : '.';
    return out + "|\n";
}

octets_view row_at(octets_view data, std::size_t index) noexcept {
    auto const rest = data.subspan(index * row_size);
    return rest.first(std::min(row_size, rest.size()));
}

// The first and last row, and each that is not like the one before; of many, the middle is left
// out.
std::vector<std::size_t> shown_rows(octets_view data) {
    auto const rows = (data.size() + row_size - 1) / row_size;
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < rows; ++i)
        if (i == 0 || i + 1 == rows || !std::ranges::equal(row_at(data, i), row_at(data, i - 1)))
            out.push_back(i);
    if (out.size() > first_rows + last_rows)
        out.erase(out.begin() + first_rows, out.end() - last_rows);
    return out;
}

}  // namespace

std::size_t characters(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent, std::size_t used) {
    std::string out;
    bool begun = false;  // a word stands on this line
    while (!text.empty()) {
        auto const word = text.substr(0, text.find(' '));
        auto const size = characters(word);
        if (begun && width != 0 && used + 1 + size > width) {
            out += "\n" + std::string(indent, ' ');
            used = indent;
            begun = false;
        }
        if (begun) out += ' ';
        out += word;
        used += size + (begun ? 1 : 0);
        begun = true;
        text.remove_prefix(std::min(word.size() + 1, text.size()));
    }
    return out;
}

std::string labelled(std::string_view label, std::string_view text, std::size_t width) {
    auto const indent = label_indent + label_width;
    return fmt::format("{:{}}{:<{}}{}\n", "", label_indent, label, label_width,
                       wrap(escape_terminal(text), width, indent, indent));
}

std::string painted(std::string_view text, grade as, bool color) {
    return color ? in_colour(text, colour_of(as)) : std::string(text);
}

std::string bold(std::string_view text, bool color) {
    return color ? in_colour(text, "1") : std::string(text);
}

std::string hex_dump(octets_view data, std::uint64_t offset, std::size_t indent) {
    auto const shown = shown_rows(data);
    std::string out;
    for (std::size_t i = 0; i < shown.size(); ++i) {
        auto const next = i == 0 ? 0 : shown[i - 1] + 1;
        bool const middle = i == first_rows && shown.size() == first_rows + last_rows;
        if (shown[i] != next && middle) {
            out += fmt::format("{:{}}… {} octets are not shown\n", "", indent,
                               (shown[i] - next) * row_size);
        } else if (shown[i] != next) {
            out += fmt::format("{:{}}*\n", "", indent);
        }
        out += dump_row(row_at(data, shown[i]), offset + shown[i] * row_size, indent);
    }
    return out;
}

}  // namespace wsproof
