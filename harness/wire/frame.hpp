// Frame headers of RFC 6455 section 5.2, read and written without judging them.
//
// Reading is total and lossless: any octets give a header or a wish for more, and what was used
// (MASK, RSV, the length form) is kept, so that writing the header gives back the same octets.
// Headers that a correct endpoint never sends can be written; whether a header is allowed is
// asked of rules/.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "wire/bytes.hpp"

namespace wsproof {

/// Any value from 0 to 15 is legal in a variable of this type; six of them have names.
enum class opcode : std::uint8_t {
    continuation = 0,
    text = 1,
    binary = 2,
    close = 8,
    ping = 9,
    pong = 10
};

constexpr bool is_control(opcode op) noexcept { return (static_cast<unsigned>(op) & 8U) != 0; }
constexpr bool is_reserved(opcode op) noexcept {
    auto const value = static_cast<unsigned>(op);
    return (value > 2 && value < 8) || value > 10;
}
/// "text", "ping", …; "reserved" for values without a name.
std::string_view name_of(opcode op) noexcept;

/// Which of the three length forms of 5.2 a header uses.
enum class length_form : std::uint8_t { seven_bits, sixteen_bits, sixty_four_bits };

constexpr length_form shortest_form(std::uint64_t length) noexcept {
    if (length < 126) return length_form::seven_bits;
    return length < 65536 ? length_form::sixteen_bits : length_form::sixty_four_bits;
}

using masking_key = std::array<std::uint8_t, 4>;

constexpr std::uint8_t rsv1 = 4, rsv2 = 2, rsv3 = 1;

struct frame_header {
    bool fin = true;
    std::uint8_t rsv = 0;  ///< RSV1 = 4, RSV2 = 2, RSV3 = 1
    opcode op = opcode::text;
    std::optional<masking_key> mask;  ///< present if and only if the MASK bit is set
    length_form form = length_form::seven_bits;
    std::uint64_t length = 0;  ///< of the payload; all 64 bits are kept, the top one too

    friend bool operator==(frame_header const&, frame_header const&) = default;
};

constexpr std::size_t max_header_size = 14;

struct need_more {
    std::size_t at_least;  ///< octets from the start without which the header is not complete
};
struct parsed_header {
    frame_header header;
    std::size_t size;  ///< octets that the header took
};

std::variant<need_more, parsed_header> parse_header(octets_view in) noexcept;

/// Appends the header as it stands. Precondition: length fits the form (below 126 for seven_bits,
/// below 65536 for sixteen_bits), rsv < 8, op < 16.
void write_header(frame_header const& header, octets& out);

struct frame {
    frame_header header;
    octets payload;  ///< unmasked; header.length octets
};

/// Header and payload, masked with header.mask if there is one. header.length is written as it
/// stands, so it may differ from the size of the payload.
void write_frame(frame_header const& header, octets_view payload, octets& out);

/// A legal frame: shortest form, masked if a key is given.
octets make_frame(opcode op, octets_view payload, std::optional<masking_key> mask, bool fin = true,
                  std::uint8_t rsv = 0);

}  // namespace wsproof
