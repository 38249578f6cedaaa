// What every report counts and says of a result, so that no two reports differ.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "run/result.hpp"

namespace wsproof {

/// From best to worst, as in the enumeration.
constexpr std::array<grade, 6> all_grades{grade::pass,        grade::info, grade::non_strict,
                                          grade::unsupported, grade::fail, grade::error};

/// Results by grade.
struct tally {
    std::array<std::size_t, all_grades.size()> counts{};

    void add(grade value) noexcept { ++counts[static_cast<std::size_t>(value)]; }
    std::size_t of(grade value) const noexcept { return counts[static_cast<std::size_t>(value)]; }
    std::size_t total() const noexcept;
};

/// "rfc6455/5.4" for "rfc6455/5.4/ping-between-fragments".
std::string_view section_of(std::string_view id) noexcept;

struct section_summary {
    std::string section;
    tally overall;
    std::size_t unexpected = 0;
    std::vector<case_result const*> results;  ///< into the run, which has to outlive this
};

struct run_summary {
    tally overall, behaviour, close;
    std::size_t unexpected = 0;
    std::vector<section_summary> sections;  ///< in the order in which the run first met them
};

run_summary summarize(run_result const& run);

/// Why the overall grade is what it is: the reason of the behaviour, or that of the close, then
/// begun with "closing: ". May be empty, and may hold any octets of the peer.
std::string cause_of(case_result const& result);

/// Results with one grade, cause and expectation: most likely one bug.
struct cause_group {
    std::vector<case_result const*> results;  ///< at least one
};
/// All unexpected results, in the order of the run by the first of each group.
std::vector<cause_group> unexpected_by_cause(run_result const& run);

/// What the case sent: its steps or, for a case from a stored report, what the trace holds; empty
/// if there is neither.
std::string sent_in_words(case_result const& result);

/// "6455-5.4-3 (MUST): its text", or the id alone for a clause that is not in the catalogue.
std::string clause_in_words(std::string const& id);

/// The run itself went wrong, so that its results alone do not tell the whole: the peer could not
/// be reached, it was interrupted, nothing was played, …
bool has_trouble(run_result const& run) noexcept;

/// "an unexpected result", … for the exit codes that wsproof gives.
std::string_view exit_code_meaning(int code) noexcept;

/// "stopped by wsproof", "ended by itself with exit status 3", "was killed by signal 11 (SIGSEGV)"
std::string describe_end(child_end const& end);

}  // namespace wsproof
