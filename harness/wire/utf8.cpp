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

constexpr std::ptrdiff_t block = 64;

bool is_block_ascii(octet_ptr at) noexcept {
    std::uint64_t all = 0;
    for (std::ptrdiff_t i = 0; i < block; i += 8) all |= load_word(at + i);
    return (all & high_bits) == 0;
}

octet_ptr skip_ascii(octet_ptr at, octet_ptr end) noexcept {
    while (end - at >= block && is_block_ascii(at)) at += block;
    for (; end - at >= 8; at += 8) {
        if (auto const high = load_word(at) & high_bits) return at + ascii_octets(high);
    }
    while (at != end && *at < 0x80) ++at;
    return at;
}

/// Four octets as a number whose lowest eight bits are the first; behind the end stand zeros.
std::uint32_t load_four(octet_ptr at, octet_ptr end) noexcept {
    if (end - at >= 4) {
        return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8U | std::uint32_t{at[2]} << 16U |
               std::uint32_t{at[3]} << 24U;
    }
    std::uint32_t four = 0;
    for (unsigned shift = 0; at != end; ++at, shift += 8) four |= std::uint32_t{*at} << shift;
    return four;
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

/// May the octets of this block stand behind those before it? All rules of RFC 3629 in terms of an
/// octet and the three before it, without a branch, so that compilers work on many octets at once.
/// Whether the last sequence is whole is not asked.
bool is_block_valid(octet_ptr at) noexcept {
    std::uint8_t wrong = 0;
    for (std::ptrdiff_t i = 0; i < block; ++i) {
        std::uint8_t const now = at[i];
        std::uint8_t const before = at[i - 1];
        bool const continues = (now & 0xC0U) == 0x80U;
        bool const owed = (before >= 0xC0) | (at[i - 2] >= 0xE0) | (at[i - 3] >= 0xF0);
        bool const forbidden = ((now & 0xFEU) == 0xC0U) | (now > 0xF4);
        bool const overlong = ((before == 0xE0) & (now < 0xA0)) | ((before == 0xF0) & (now < 0x90));
        bool const surrogate = (before == 0xED) & (now > 0x9F);
        bool const too_large = (before == 0xF4) & (now > 0x8F);
        bool const bad = (continues != owed) | forbidden | overlong | surrogate | too_large;
        wrong = static_cast<std::uint8_t>(wrong | static_cast<std::uint8_t>(bad));
    }
    return wrong == 0;
}

/// The octets of a valid block without a sequence that goes on behind it.
std::ptrdiff_t whole_part(octet_ptr at) noexcept {
    if (at[block - 1] >= 0xC0) return block - 1;
    if (at[block - 2] >= 0xE0) return block - 2;
    return at[block - 3] >= 0xF0 ? block - 3 : block;
}

/// Goes on behind a sequence, as more will follow it. The three octets before a block have to be
/// there; they belong to whole sequences.
octet_ptr skip_mixed_blocks(octet_ptr begin, octet_ptr at, octet_ptr end) noexcept {
    if (at - begin < 3) return at;
    while (end - at >= block && !is_block_ascii(at) && is_block_valid(at)) at += whole_part(at);
    return at;
}

/// Skips whole and valid sequences; stops at an octet of a bad or an unfinished one.
octet_ptr skip_whole_sequences(octet_ptr begin, octet_ptr at, octet_ptr end) noexcept {
    for (;;) {
        at = skip_ascii(at, end);
        while (at != end && *at >= 0x80) {
            auto const size = sequence_size(load_four(at, end));
            if (size == 0) return at;
            at += size;
            at = skip_mixed_blocks(begin, at, end);
        }
        if (at == end) return at;
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
        if (needed_ == 0) at = skip_whole_sequences(start, at, end);
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
