// Plays a case against a peer in memory: no sockets, no real time, so that a time limit of seconds
// costs nothing and every run is the same.
#pragma once

#include <algorithm>
#include "play/player.hpp"
#include "play/verdict.hpp"

namespace wsproof::testing {

/// Peer has on_octets(octets_view), on_end(), take_output() → octets, wants_close(), wants_reset().
template <class Peer>
trace play_against(test_case const& played, play_settings const& settings, Peer& peer) {
    player one(played, settings);
    duration now{};

    auto const carry_out = [&] {
        for (auto const& next : one.take_actions()) {
            if (next.what == action::kind::write && !peer.wants_close() && !peer.wants_reset())
                peer.on_octets(next.data);
            if (next.what == action::kind::shutdown) peer.on_end();
        }
    };
    auto const deliver = [&] {
        if (auto const out = peer.take_output(); !out.empty()) {
            one.on_octets(out, now);
            return true;
        }
        if (peer.wants_reset() || peer.wants_close()) {
            one.on_end(peer.wants_reset() ? end_reason::reset : end_reason::fin, now);
            return true;
        }
        return false;
    };

    one.on_open(now);
    while (!one.done()) {
        carry_out();
        if (one.done()) break;
        now += std::chrono::microseconds(1);
        if (deliver()) continue;
        if (!one.deadline())
            break;  // nothing is waited for: a bug that the caller sees as a missing end
        now = std::max(now, *one.deadline());
        one.on_time(now);
    }
    carry_out();  // what a player says last
    return one.take_trace();
}

}  // namespace wsproof::testing
