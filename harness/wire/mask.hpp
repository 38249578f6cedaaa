// The masking of RFC 6455 section 5.3; the same step masks and unmasks.
#pragma once

#include <span>

#include "wire/frame.hpp"

namespace wsproof {

/// XORs octet i with key octet (offset + i) mod 4. `offset` is the position of data[0] in the
/// payload. Works by wide words; any alignment.
void apply_mask(std::span<std::uint8_t> data, masking_key key, std::uint64_t offset = 0) noexcept;

}  // namespace wsproof
