#include "reference-server/faulty_peer_text.hpp"

#include <algorithm>

#include "wire/utf8.hpp"

namespace wsproof::faulty {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

struct lead {
    std::size_t size;  // octets of the sequence
    std::uint32_t bits;
};

/// The general scheme of one to four octets, with no regard to ranges; size 0 for no lead octet.
lead lead_of(std::uint8_t octet) noexcept {
    if (octet < 0x80) return {1, octet};
    if (octet >= 0xC0 && octet < 0xE0) return {2, octet & 0x1FU};
    if (octet >= 0xE0 && octet < 0xF0) return {3, octet & 0x0FU};
    if (octet >= 0xF0 && octet < 0xF8) return {4, octet & 0x07U};
    return {0, 0};
}

bool allowed(fault kind, std::uint32_t character, std::size_t size) noexcept {
    constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    bool const overlong = character < smallest[size];
    bool const surrogate = character >= 0xD800 && character <= 0xDFFF;
    bool const above = character > 0x10FFFF;
    return !(overlong && kind != fault::utf8_overlong_accepted) &&
           !(surrogate && kind != fault::utf8_surrogates_accepted) &&
           !(above && kind != fault::utf8_above_10ffff_accepted);
}

/// UTF-8 but for what the fault lets through.
bool is_nearly_utf8(fault kind, octets_view text) noexcept {
    while (!text.empty()) {
        auto [size, character] = lead_of(text.front());
        if (size == 0 || size > text.size()) return false;
        for (auto const octet : text.subspan(1, size - 1)) {
            if ((octet & 0xC0U) != 0x80U) return false;
            character = character << 6U | (octet & 0x3FU);
        }
        if (!allowed(kind, character, size)) return false;
        text = text.subspan(size);
    }
    return true;
}

bool starts_well(octets_view text) noexcept {
    utf8_validator validator;
    return validator.feed(text);
}

/// Each block for itself: it may start and end inside a character.
bool is_text_in_blocks(octets_view text) noexcept {
    while (!text.empty()) {
        auto block = text.first(std::min<std::size_t>(16, text.size()));
        text = text.subspan(block.size());
        for (int i = 0; i < 3 && !block.empty() && (block.front() & 0xC0U) == 0x80U; ++i) {
            block = block.subspan(1);
        }
        if (!starts_well(block)) return false;
    }
    return true;
}

bool has_noncharacter(octets_view text) {
    auto const found = as_text(text);
    return found.find("\xEF\xBF\xBE") != std::string_view::npos ||
           found.find("\xEF\xBF\xBF") != std::string_view::npos;
}

}  // namespace

bool checks_text_at_once(fault kind) noexcept {
    switch (kind) {
        case fault::late_utf8_check:
        case fault::no_utf8_check:
        case fault::bad_utf8_replaced:
        case fault::utf8_surrogates_accepted:
        case fault::utf8_overlong_accepted:
        case fault::utf8_above_10ffff_accepted:
        case fault::utf8_first_fragment_only:
        case fault::utf8_state_lost_in_blocks:
            return false;
        default:
            return true;
    }
}

bool is_text(fault kind, octets_view message, bool fragmented, bool compressed) {
    switch (kind) {
        case fault::no_utf8_check:
        case fault::bad_utf8_replaced:
            return true;
        case fault::utf8_first_fragment_only:
            return fragmented || is_utf8(message);
        case fault::utf8_surrogates_accepted:
        case fault::utf8_overlong_accepted:
        case fault::utf8_above_10ffff_accepted:
            return is_nearly_utf8(kind, message);
        case fault::utf8_incomplete_end_accepted:
            return starts_well(message);
        case fault::utf8_state_lost_in_blocks:
            return is_text_in_blocks(message);
        case fault::utf8_unchecked_after_inflating:
            return compressed || is_utf8(message);
        case fault::bom_refused:
            return is_utf8(message) && !as_text(message).starts_with(byte_order_mark);
        case fault::noncharacters_refused:
            return is_utf8(message) && !has_noncharacter(message);
        default:
            return is_utf8(message);
    }
}

octets delivered_text(fault kind, octets text) {
    if (kind == fault::nul_terminates_text) {
        text.erase(std::ranges::find(text, 0), text.end());
    }
    if (kind == fault::strips_bom && as_text(text).starts_with(byte_order_mark)) {
        text.erase(text.begin(), text.begin() + 3);
    }
    if (kind == fault::bad_utf8_replaced && !is_utf8(text)) {
        std::ranges::replace_if(text, [](std::uint8_t octet) { return octet >= 0x80; }, '?');
    }
    return text;
}

}  // namespace wsproof::faulty
