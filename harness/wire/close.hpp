// The body of a Close frame (RFC 6455 section 5.5.1) and the ranges of its codes (7.4 and the
// IANA registry).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/bytes.hpp"

namespace wsproof {

struct close_body {
    std::optional<std::uint16_t> code;  ///< absent when the body has fewer than two octets
    octets reason;
    bool malformed = false;  ///< a body of one octet; it then stands in `reason`

    friend bool operator==(close_body const&, close_body const&) = default;
};

close_body parse_close(octets_view payload);
octets write_close(std::uint16_t code, std::string_view reason = {});

enum class close_code_class : std::uint8_t {
    unused,         ///< 0 to 999
    registered,     ///< 1000 to 1003, 1007 to 1014: defined by the RFC or the registry
    reserved,       ///< 1004: no meaning
    never_on_wire,  ///< 1005, 1006, 1015: must not stand in a Close frame
    unassigned,     ///< 1016 to 2999
    library,        ///< 3000 to 3999: for libraries and frameworks
    application,    ///< 4000 to 4999: private use
    out_of_range    ///< 5000 and above
};

close_code_class classify(std::uint16_t code) noexcept;

/// May an endpoint put this code into a Close frame: registered, library or application.
bool may_be_sent(std::uint16_t code) noexcept;

/// "normal closure", "protocol error", …; empty for codes without a registered meaning.
std::string_view meaning_of(std::uint16_t code) noexcept;

}  // namespace wsproof
