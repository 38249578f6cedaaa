// Incremental check of UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing
// above U+10FFFF.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/bytes.hpp"

namespace wsproof {

/// Feed the parts of a text in order; the result does not depend on the cuts.
class utf8_validator {
public:
    /// False as soon as the octets so far cannot be the start of valid UTF-8; stays false.
    bool feed(octets_view data) noexcept;

    bool valid_so_far() const noexcept { return !bad_; }
    /// Valid, and not in the middle of a sequence.
    bool complete() const noexcept { return !bad_ && needed_ == 0; }
    /// Offset, from the first octet fed, of the first octet that cannot stand where it stands.
    std::optional<std::uint64_t> first_bad() const noexcept { return bad_; }

private:
    bool take(std::uint8_t octet) noexcept;

    std::uint64_t position_ = 0;
    std::optional<std::uint64_t> bad_;
    std::uint8_t needed_ = 0;  // continuation octets still owed
    std::uint8_t lower_ = 0x80;
    std::uint8_t upper_ = 0xBF;  // bounds of the next continuation octet
};

/// The whole text at once.
bool is_utf8(octets_view data) noexcept;

}  // namespace wsproof
