// Does what happened match an outcome: the events, exactly and in order.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/case.hpp"
#include "play/event.hpp"

namespace wsproof {

/// All that a peer did in this trace, decoded; the octets are read again from the start.
std::vector<event> events_of(trace const& happened);

/// Is it part of the player's own closing handshake, which is graded apart?
bool belongs_to_closing(event const& seen) noexcept;

bool matches(outcome const& wanted, test_case const& played, std::vector<event> const& events, bool echoes);

/// In words: echo, then close 1002, then maybe the end of TCP.
std::string describe(outcome const& wanted);
std::string describe(expectation const& wanted);

}  // namespace wsproof
