// Octets as the wire layer passes them around, and their hexadecimal form.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wsproof {

using octets = std::vector<std::uint8_t>;
using octets_view = std::span<std::uint8_t const>;

octets to_octets(std::string_view text);
octets_view view_of(std::string_view text) noexcept;

/// The octets as characters, unchecked: the result may hold any value 0 to 255.
std::string_view as_text(octets_view data) noexcept;

void append(octets& to, octets_view data);
void append(octets& to, std::string_view text);

/// Two lower-case digits for each octet, nothing between them.
std::string to_hex(octets_view data);

/// Reads what to_hex writes; upper case and single spaces between octets are accepted too.
/// Empty when a character is no digit or a digit is missing.
std::optional<octets> parse_hex(std::string_view text);

}  // namespace wsproof
