// For people at a terminal: what a run came to. Safe to print, whatever the peer sent.
#pragma once

#include <cstddef>
#include <string>

#include "run/result.hpp"

namespace wsproof {

struct text_options {
    bool color = false;  ///< ANSI colours; whether they are wanted is the caller's business
    bool verbose =
        false;  ///< every unexpected result in full, and what is below the recommendation
    std::size_t width = 80;  ///< columns to wrap at; 0: never
};

/// A table by section, the unexpected results with all that is needed to understand and repeat
/// them, the problems of the run, and the verdict in the last line.
std::string text_summary(run_result const& run, text_options const& options = {});

/// One line for plain progress output, without line end: grade, id and, if there is one, the cause.
std::string describe_result(case_result const& result);

}  // namespace wsproof
