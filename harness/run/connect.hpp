// One case on one fresh connection of a target: dial, pump, and what to do when dialling fails.
#pragma once

#include "net/dial.hpp"
#include "net/pump.hpp"
#include "play/player.hpp"

namespace wsproof {

struct played {
    trace happened;
    std::string problem;   ///< the connection could not be made, in one sentence; empty if it was
    bool refused = false;  ///< nothing listens there
};

/// `from` and `what` must outlive the operation.
asio::awaitable<played> play_on(dialer const& from, test_case const& what, play_settings settings);

}  // namespace wsproof
