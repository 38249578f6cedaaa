// Columns, wrapping and colours of the text reports.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cases/case.hpp"

namespace wsproof {

/// Breaks at spaces so that no line is longer than `width` characters, if there is a space to break
/// at. Every line begins with `indent` spaces but the first, which the caller has begun: `used`
/// characters stand on it. No line end behind the last line. Width 0: no breaks.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent, std::size_t used);

/// "  Label     text wrapped under itself\n", the text escaped for a terminal.
std::string labelled(std::string_view label, std::string_view text, std::size_t width);

/// Characters of valid UTF-8.
std::size_t characters(std::string_view text) noexcept;

/// Puts the colour of the grade around the text, if colours are wanted.
std::string painted(std::string_view text, grade as, bool color);
std::string bold(std::string_view text, bool color);

/// Rows of offset, sixteen octets and their ASCII form, each begun with `indent` spaces. Rows like
/// the one before are shown as one '*', and of very long data only the start and the end.
/// `offset` is that of the first octet.
std::string hex_dump(octets_view data, std::uint64_t offset, std::size_t indent);

}  // namespace wsproof
