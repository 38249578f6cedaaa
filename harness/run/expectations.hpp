// The expected-results file: which cases are known not to pass, and why.
#pragma once

#include <string>
#include <vector>

#include "cases/loader.hpp"
#include "run/result.hpp"

namespace wsproof {

struct expectation_entry {
    std::string pattern;  ///< as in a selection: id, prefix or glob
    wsproof::grade grade = wsproof::grade::fail;  ///< overall grade of every case it matches
    std::string reason;
};

/// { "expected": [ { "case": pattern, "grade": "fail", "reason": "why" } ] }, comments allowed.
/// Every mistake is reported at once, duplicate patterns included.
std::vector<expectation_entry> read_expectations(source_file const& file, std::vector<diagnostic>& mistakes);

/// Compares each result with what is expected of it, fills `expectation` and `unexpected`, and adds
/// to `problems` what is wrong with the list itself: a pattern that matches no id of `all`, two
/// patterns for one case. Without an entry a result must not count as a failure.
void apply_expectations(std::vector<expectation_entry> const& entries, std::vector<std::string> const& all,
                        run_result& run);

/// Does this result make a run red that expects nothing of it: a fail of the weight that counts, an
/// error, and with --strict what is below the recommendation.
bool counts(case_result const& result, bool strict) noexcept;

/// A file that makes this run green; the reasons are those of the verdicts, to be edited.
std::string write_expectations(run_result const& run);

}  // namespace wsproof
