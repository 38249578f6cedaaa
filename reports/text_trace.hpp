// One exchange with every octet shown and decoded, for `wsproof replay`.
#pragma once

#include <string>

#include "cases/case.hpp"
#include "play/trace.hpp"

namespace wsproof {

/// What went over the wire, in order: the steps of the case, each piece sent (→) and received (←)
/// with its time, the heads and frames that it completes and a hex dump, how it ended; then what
/// the peer did, as events. Any octets are fine, and the case may lack its steps.
std::string text_trace(test_case const& played, trace const& happened);

}  // namespace wsproof
