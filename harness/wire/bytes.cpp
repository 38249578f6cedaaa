#include "wire/bytes.hpp"

namespace wsproof {

octets to_octets(std::string_view text) {
    auto const view = view_of(text);
    return {view.begin(), view.end()};
}

octets_view view_of(std::string_view text) noexcept {
    return {reinterpret_cast<std::uint8_t const*>(text.data()), text.size()};
}

std::string_view as_text(octets_view data) noexcept {
    return {reinterpret_cast<char const*>(data.data()), data.size()};
}

void append(octets& to, octets_view data) { to.insert(to.end(), data.begin(), data.end()); }

void append(octets& to, std::string_view text) { append(to, view_of(text)); }

std::string to_hex(octets_view data) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(data.size() * 2);
    for (auto const octet : data) {
        out.push_back(digits[octet >> 4U]);
        out.push_back(digits[octet & 15U]);
    }
    return out;
}

namespace {

std::optional<unsigned> digit_value(char c) noexcept {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10U;
    return std::nullopt;
}

}  // namespace

std::optional<octets> parse_hex(std::string_view text) {
    octets out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size();) {
        if (i + 1 == text.size()) return std::nullopt;
        auto const high = digit_value(text[i]);
        auto const low = digit_value(text[i + 1]);
        if (!high || !low) return std::nullopt;
        out.push_back(static_cast<std::uint8_t>(*high << 4U | *low));
        i += 2;
        // one space between octets; one at the end separates nothing
        if (i + 1 < text.size() && text[i] == ' ') ++i;
    }
    return out;
}

}  // namespace wsproof
