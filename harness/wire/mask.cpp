#include "wire/mask.hpp"

#include <cstring>

namespace wsproof {

namespace {

using word = std::uint64_t;

/// The key as it falls on eight octets in a row. Octets are copied, never shifted into place, so
/// the result is right in either byte order.
word repeat(masking_key const& key) noexcept {
    std::uint8_t twice[sizeof(word)];
    std::memcpy(twice, key.data(), 4);
    std::memcpy(twice + 4, key.data(), 4);
    word result = 0;
    std::memcpy(&result, twice, sizeof result);
    return result;
}

/// memcpy is how to read a word at any alignment; it compiles to one load.
void flip(std::uint8_t* at, word key) noexcept {
    word value = 0;
    std::memcpy(&value, at, sizeof value);
    value ^= key;
    std::memcpy(at, &value, sizeof value);
}

}  // namespace

void apply_mask(std::span<std::uint8_t> data, masking_key key, std::uint64_t offset) noexcept {
    masking_key turned{};
    for (std::size_t i = 0; i < 4; ++i) turned[i] = key[(offset + i) % 4];

    auto* at = data.data();
    auto left = data.size();
    auto const wide = repeat(turned);
    constexpr std::size_t block = 8 * sizeof(word);
    for (; left >= block; at += block, left -= block) {
        for (std::size_t i = 0; i < block; i += sizeof(word)) flip(at + i, wide);
    }
    for (; left >= sizeof(word); at += sizeof(word), left -= sizeof(word)) flip(at, wide);
    for (std::size_t i = 0; i < left; ++i) {
        at[i] = static_cast<std::uint8_t>(at[i] ^ turned[i % 4]);
    }
}

}  // namespace wsproof
