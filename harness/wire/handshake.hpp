// The opening handshake as text: HTTP/1.1 message heads (RFC 9112), read without judging them and
// with their octets kept, and the accept key of RFC 6455 section 4.2.2.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wire/bytes.hpp"

namespace wsproof {

struct header_field {
    std::string name;   ///< as sent, without blanks before the colon; compare with same_name()
    std::string value;  ///< without the whitespace around it; a fold is one space
};

/// What is wrong with the grammar of a head; the head is still read as far as it goes.
enum class head_defect : std::uint8_t {
    bare_line_feed,  ///< a line ends with LF alone
    bare_carriage_return,
    nul_octet,
    missing_colon,
    empty_name,
    space_before_colon,
    bad_name_character,  ///< not a tchar of RFC 9110 5.6.2
    control_in_value,
    folded_line,  ///< obs-fold
    space_before_first_field
};

struct head_flaw {
    head_defect defect;
    std::size_t offset;  ///< in the head's octets
};

/// A request or response head. Start line and fields are views into nothing: plain copies.
struct http_head {
    std::string start_line;
    std::vector<header_field> fields;
    std::vector<head_flaw> flaws;
    octets raw;  ///< every octet up to and with the empty line

    /// All values of the field, in order; names are compared without regard to ASCII case.
    std::vector<std::string_view> values(std::string_view name) const;
    /// The first value, or nothing.
    std::optional<std::string_view> value(std::string_view name) const;
    bool has(std::string_view name) const { return value(name).has_value(); }
    /// The elements of all values of a list field, split at commas outside quoted strings,
    /// trimmed; empty elements are left out.
    std::vector<std::string> list(std::string_view name) const;
    /// Does the list hold this token, without regard to ASCII case.
    bool lists(std::string_view name, std::string_view token) const;
};

struct head_incomplete {};
struct head_too_large {};

/// Reads one head from the start of `in`. `limit` bounds its octets. Line ends may be CRLF or LF.
/// Empty lines before the start line stand in `raw` only (RFC 9112 2.2).
std::variant<head_incomplete, head_too_large, http_head> parse_head(octets_view in,
                                                                    std::size_t limit);

struct request_line {
    std::string method, target, version;
};
struct status_line {
    std::string version;
    unsigned status = 0;
    std::string reason;
};
std::optional<request_line> parse_request_line(std::string_view line);
/// "HTTP/1.1 101 Switching Protocols"; a missing space after the status is tolerated.
std::optional<status_line> parse_status_line(std::string_view line);

/// start line, fields and the empty line, with CRLF.
octets write_head(std::string_view start_line, std::vector<header_field> const& fields);

/// ASCII case-insensitive: folds A-Z and nothing else (RFC 6455 2.1).
bool same_name(std::string_view a, std::string_view b) noexcept;
/// A token of RFC 9110 5.6.2: one or more tchar.
bool is_token(std::string_view text) noexcept;
std::string_view trim(std::string_view text) noexcept;  ///< spaces and tabs at both ends

std::string base64(octets_view data);
/// Standard alphabet with padding; empty when the text is not that. Pad bits may be anything.
std::optional<octets> parse_base64(std::string_view text);

/// Sec-WebSocket-Accept for the key text as sent, trimmed: base64(SHA-1(key + GUID)).
std::string accept_key(std::string_view key);

}  // namespace wsproof
