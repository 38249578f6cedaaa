// The grammar of Sec-WebSocket-Extensions, RFC 6455 section 9.1, with quoted parameter values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace wsproof {

struct extension_parameter {
    std::string name;
    std::optional<std::string> value;  ///< unquoted
    bool quoted = false;               ///< the value stood in quotes

    friend bool operator==(extension_parameter const&, extension_parameter const&) = default;
};

struct extension {
    std::string name;
    std::vector<extension_parameter> parameters;

    friend bool operator==(extension const&, extension const&) = default;
};

struct extension_error {
    std::size_t offset;  ///< in the field value
    std::string text;    ///< what is wrong there
};

/// One field value, or several joined with commas. Empty list elements are tolerated
/// (RFC 9110 5.6.1.2), an entirely empty value is an error (RFC 6455 4.3: 1#extension).
/// A quoted value must be a token after unquoting.
std::variant<std::vector<extension>, extension_error> parse_extensions(std::string_view value);

std::string write_extensions(std::vector<extension> const& list);

}  // namespace wsproof
