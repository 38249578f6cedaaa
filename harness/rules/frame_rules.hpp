// Judges one frame after the other, RFC 6455 section 5; never stops the stream.
#pragma once

#include <optional>
#include <vector>

#include "rules/violation.hpp"
#include "wire/frame.hpp"
#include "wire/utf8.hpp"

namespace wsproof {

/// What the rules have to know of the connection so far. Kept by check_frame itself.
struct frame_state {
    role sender = role::server;
    bool deflate = false;                ///< permessage-deflate is agreed
    std::optional<opcode> open_message;  ///< type of the message in progress
    bool open_compressed = false;
    bool close_seen = false;
    std::optional<masking_key> last_key;
};

/// All breaches of this frame; `state` goes on to what holds behind it.
std::vector<violation> check_frame(frame const& received, frame_state& state);

/// The breaches that the header alone shows (for frames that are never received whole).
std::vector<violation> check_header(frame_header const& header, frame_state const& state);

/// A complete, inflated text message.
std::optional<violation> check_text(octets_view message);

}  // namespace wsproof
