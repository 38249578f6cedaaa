#pragma once
// The list grammar that the fields of the opening handshake share: elements between separators,
// white space around them, quoted strings that may hold a separator.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wsproof::reference {

bool is_token(std::string_view text);          ///< not empty, token characters only
std::string_view trim(std::string_view text);  ///< without SP and HTAB at both ends
bool equal_ignoring_case(std::string_view a, std::string_view b);  ///< A-Z and a-z alone

/// The trimmed elements between `separator`s that stand outside quoted strings, empty ones
/// included. Nothing when a quoted string has no end.
std::optional<std::vector<std::string_view>> split_list(std::string_view value, char separator);

/// The same without the empty elements that RFC 9110 section 5.6.1.2 wants to be tolerated.
std::optional<std::vector<std::string_view>> split_elements(std::string_view value);

/// What a quoted string stands for; nothing when `text` is not one.
std::optional<std::string> unquote(std::string_view text);

}  // namespace wsproof::reference
