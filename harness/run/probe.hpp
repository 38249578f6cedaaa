// Finds out what a target is before the cases are played: is it there, does it echo, what does it
// negotiate, how long is its round trip.
#pragma once

#include <optional>

#include "net/dial.hpp"
#include "play/player.hpp"
#include "run/result.hpp"

namespace wsproof {

/// `settings.reply_limit` is what the user set; the probe waits shorter where the round trip allows.
/// With `polite` no message is larger than 64 KiB. The dialer must outlive the operation.
asio::awaitable<probe_facts> probe(dialer const& from, play_settings settings, bool polite);

/// A legal dialogue: a Ping, and an echo where the target echoes. Played first, last, and after each
/// hostile case on a connection of its own.
test_case sanity_case(probe_facts const& facts);

/// Why this case cannot be played against a target with these facts; nothing if it can.
std::optional<std::string> missing_need(test_case const& wanted, probe_facts const& facts);

/// How long to watch for something that may never come, from the round trip, with a floor and a cap.
duration watch_time(probe_facts const& facts) noexcept;

}  // namespace wsproof
