// The steps of a case in words, one line each, safe for a terminal.
#pragma once

#include <optional>
#include <string>

#include "cases/case.hpp"

namespace wsproof {

/// text "Hello", hex fffe, 65536 octets of "*"; joined with " + ".
std::string in_words(payload const& value);

/// send text "grün", no FIN
std::string in_words(step const& value);

/// "1 octet", "2 octets"
std::string counted(std::uint64_t number, std::string_view one);

/// The frame as a client (or server) sends it, in hex, where it does not depend on the run. A
/// masking key that is drawn shows as [key], with the payload unmasked behind it. Nothing for
/// compressed payloads.
std::optional<std::string> frame_octets(send_frame const& value, role sender);

/// All steps in one line, cut when it is long: what was sent.
std::string steps_in_words(test_case const& value);

}  // namespace wsproof
