// The part of the dialogues in faulty_peer_probes.hpp that is about the opening handshake.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "reference-server/faulty_peer_probes.hpp"

namespace wsproof {

/// Requests and responses of many kinds, good and bad.
std::vector<probe> request_probes();
std::vector<probe> response_probes();

/// Values of Sec-WebSocket-Extensions for the one and the other.
std::span<std::string_view const> probed_offers();
std::span<std::string_view const> probed_answers();

}  // namespace wsproof
