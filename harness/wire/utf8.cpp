#include "wire/utf8.hpp"

#include <bit>
#include <cstring>

namespace wsproof {

namespace {

using octet_ptr = std::uint8_t const*;

constexpr std::uint64_t high_bits = 0x8080808080808080U;

std::uint64_t load_word(octet_ptr at) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

/// Octets before the first with its high bit set, given the high bits of a word in memory order.
std::size_t ascii_octets(std::uint64_t high) noexcept {
    auto const zeros = std::endian::native == std::endian::little ? std::countr_zero(high)
                                                                  : std::countl_zero(high);
    return static_cast<std::size_t>(zeros) / 8;
}

octet_ptr skip_ascii(octet_ptr at, octet_ptr end) noexcept {
    constexpr std::ptrdiff_t block = 64;
    for (; end - at >= block; at += block) {
        std::uint64_t all = 0;
        for (std::ptrdiff_t i = 0; i < block; i += 8) all |= load_word(at + i);
        if ((all & high_bits) != 0) break;
    }
    for (; end - at >= 8; at += 8) {
        if (auto const high = load_word(at) & high_bits) return at + ascii_octets(high);
    }
    while (at != end && *at < 0x80) ++at;
    return at;
}

/// Four octets as a number whose lowest eight bits are the first; compiles to one load.
std::uint32_t load_four(octet_ptr at) noexcept {
    return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8U | std::uint32_t{at[2]} << 16U |
           std::uint32_t{at[3]} << 24U;
}

/// The size of the multi-octet sequence (RFC 3629 section 4) that `four` starts with; 0 if it
/// starts with none. Each test looks at the lead, at the 10xxxxxx of what follows, and at the bits
/// that tell overlong forms, surrogates and values above U+10FFFF.
std::size_t sequence_size(std::uint32_t four) noexcept {
    if ((four & 0xC0C0F0U) == 0x8080E0U) {
        auto const bits = four & 0x200FU;  // low bits of the lead, top payload bit of the second
        return bits != 0 && bits != 0x200DU ? 3 : 0;
    }
    if ((four & 0xC0E0U) == 0x80C0U) return (four & 0x1EU) != 0 ? 2 : 0;
    if ((four & 0xC0C0C0F8U) == 0x808080F0U) {
        auto const bits = four & 0x3007U;
        return bits != 0 && ((bits & 4U) == 0 || bits == 4U) ? 4 : 0;
    }
    return 0;
}

/// Skips whole and valid sequences; stops at the first octet that needs a closer look: one of a
/// bad sequence, or of one too near to the end to be seen at once.
octet_ptr skip_whole_sequences(octet_ptr at, octet_ptr end) noexcept {
    for (;;) {
        at = skip_ascii(at, end);
        do {
            if (end - at < 4) return at;
            auto const size = sequence_size(load_four(at));
            if (size == 0) return at;
            at += size;
        } while (at != end && *at >= 0x80);
    }
}

}  // namespace

bool utf8_validator::take(std::uint8_t octet) noexcept {
    if (needed_ != 0) {
        if (octet < lower_ || octet > upper_) return false;
        --needed_;
        lower_ = 0x80;
        upper_ = 0xBF;
        return true;
    }
    if (octet < 0x80) return true;
    if (octet < 0xC2 || octet > 0xF4) return false;
    needed_ = octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
    // the four leads after which not every continuation octet may follow
    if (octet == 0xE0) lower_ = 0xA0;  // overlong
    if (octet == 0xED) upper_ = 0x9F;  // surrogates
    if (octet == 0xF0) lower_ = 0x90;  // overlong
    if (octet == 0xF4) upper_ = 0x8F;  // above U+10FFFF
    return true;
}

bool utf8_validator::feed(octets_view data) noexcept {
    if (bad_) return false;
    auto const* const start = data.data();
    auto const* const end = start + data.size();
    for (auto const* at = start; at != end; ++at) {
        if (needed_ == 0) at = skip_whole_sequences(at, end);
        if (at == end) break;
        if (!take(*at)) {
            bad_ = position_ + static_cast<std::uint64_t>(at - start);
            return false;
        }
    }
    position_ += data.size();
    return true;
}

bool is_utf8(octets_view data) noexcept {
    utf8_validator validator;
    return validator.feed(data) && validator.complete();
}

}  // namespace wsproof
