// The report for CI servers, in the form that Jenkins, GitLab and others read; schema/junit.xsd.
#pragma once

#include <string>

#include "run/result.hpp"

namespace wsproof {

/// One testsuite for each section, one testcase for each case, and a suite "wsproof" whose only
/// test is the run as a whole, so that trouble outside of all cases is red too.
///
/// Only what is unexpected is red: an unexpected error is <error>, anything else unexpected is
/// <failure>, an unexpected pass included. What is unsupported, and a fail that was expected or
/// does not count, is <skipped> with the reason.
std::string to_junit(run_result const& run);

}  // namespace wsproof
