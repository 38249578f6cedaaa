// Moves octets between a player and a socket.
#pragma once

#include <memory>

#include "net/stream.hpp"
#include "play/player.hpp"

namespace wsproof {

/// Plays one case on a fresh connection and gives its trace, whose times count from the start of this call.
/// `played` must outlive the operation; the connection is closed at its end.
asio::awaitable<trace> pump(std::shared_ptr<stream> connection, test_case const& played,
                            play_settings settings);

}  // namespace wsproof
