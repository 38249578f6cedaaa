// From what happened to a grade. Pure: a stored trace can be judged again by a later version.
#pragma once

#include <string>
#include <vector>

#include "cases/case.hpp"
#include "play/event.hpp"
#include "play/trace.hpp"

namespace wsproof {

struct verdict {
    wsproof::grade grade = wsproof::grade::error;
    std::string reason;    ///< why, in one sentence; empty for a plain pass
    std::string clause;    ///< the clause that a fail is held against
    std::string expected;  ///< the outcome that came nearest, in words
    std::string observed;  ///< the events, in words, safe to print after escape
    /// How the connection closed, by one rule for all cases. `info` where there was nothing to close.
    wsproof::grade close_grade = wsproof::grade::info;
    std::string close_reason;
};

verdict judge(test_case const& played, trace const& happened);

/// The worse of the two grades; `info` of the close never counts.
grade overall(verdict const& value) noexcept;

}  // namespace wsproof
