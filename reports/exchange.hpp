// The octets of a trace decoded in both directions: heads of HTTP messages, then frames. Total:
// any octets give items, and what is neither becomes plain octets.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "play/trace.hpp"
#include "wire/frame.hpp"
#include "wire/handshake.hpp"

namespace wsproof {

/// A frame whose last octet never came.
struct unfinished_frame {
    std::optional<frame_header> header;  ///< nothing: not even the header is complete
    octets seen;                         ///< header included, as they came
};
/// Octets that stand where neither a head nor a frame can be read.
struct plain_octets {
    octets data;
};
/// Octets behind the last frame that was asked for.
struct further_octets {
    std::uint64_t size = 0;
};

struct exchange_item {
    std::size_t entry = 0;  ///< of the trace: the one whose octets complete it
    bool from_peer = false;
    std::uint64_t offset = 0;  ///< of its first octet in the stream of that direction
    std::variant<http_head, frame, unfinished_frame, plain_octets, further_octets> what;
};

/// In the order in which they were completed; of each direction at most so many frames.
std::vector<exchange_item> decode_exchange(trace const& happened,
                                           std::size_t most_frames = std::numeric_limits<std::size_t>::max());

/// text, FIN, masked 37fa213d, length 5: "Hello"
std::string in_words(exchange_item const& item);

}  // namespace wsproof
