// A run made by hand for the tests of all reports: every grade and colour, and a hostile peer.
#pragma once

#include "run/result.hpp"

namespace wsproof {

/// Ends terminals, XML, JSON and HTML where they are not escaped.
inline constexpr std::string_view hostile_text =
    "\x1b]0;owned\x07\x1b[2J</testcase>]]><script>alert(1)</"
    "script>\xE2\x80\xAEtxt\xC2\x9B\xFF\xC0\xAF \"'&\r\nX";
std::string hostile_text_with_nul();

/// A fragmented message with a Ping inside, against a server; with every kind of step and outcome.
test_case sample_case();
/// What a hostile server did in it: any octets, a frame in two pieces, an unfinished frame.
trace sample_trace();

/// Red: 14 cases in 4 sections, problems, a child killed by a signal.
run_result sample_run();
/// Green: two cases, nothing else.
run_result green_run();

}  // namespace wsproof
