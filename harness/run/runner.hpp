// A whole run: probe, cases on several connections, liveness, expectations, one result.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "run/expectations.hpp"
#include "run/result.hpp"
#include "run/target.hpp"

namespace wsproof {

struct run_options {
    target_options where;
    std::vector<std::string> command;   ///< started when not empty; {port} in it and in the URL is filled in
    std::vector<std::string> command_as_given;  ///< the same with {port}, for the report; filled in by run()
    std::chrono::milliseconds start_limit{30000};  ///< until the command listens
    std::optional<int> pid;             ///< of a target that runs on this machine: its resources are watched
    std::vector<test_case> cases;       ///< selected
    std::vector<std::string> all_ids;   ///< of all cases, to tell a pattern that matches nothing at all
    std::string case_set;               ///< case_set_version() of all cases
    std::vector<expectation_entry> expected;
    std::string name;                   ///< of the target in reports
    std::size_t concurrency = 16;
    std::uint64_t seed = 0;             ///< 0: drawn
    std::optional<std::uint64_t> case_seed;  ///< every case gets this one: to replay it
    unsigned repeat = 1;
    bool strict = false;
    bool polite = false;
    bool all_traces = false;
    bool built_in = false;              ///< the target is the reference server inside wsproof
    std::optional<wsproof::segmentation> segments;
    std::vector<std::string> arguments; ///< for the report
};

/// Told of progress while the run goes on.
class run_observer {
public:
    virtual ~run_observer() = default;
    virtual void on_probed(target_info const& target, std::size_t cases, std::uint64_t seed) = 0;
    virtual void on_result(case_result const& result, std::size_t done, std::size_t all) = 0;
    /// Something about the run as a whole, in one sentence.
    virtual void on_notice(std::string const& text) = 0;
};

/// Never throws for what a target does; ends early, with `incomplete` set, on SIGINT and SIGTERM.
/// `mistakes` holds wrong options; then nothing was run.
run_result run(run_options options, run_observer& observer, std::vector<diagnostic>& mistakes);

/// The exit code that a result calls for (design: 0, 1, 3 or 4).
int exit_code_of(run_result const& run) noexcept;

}  // namespace wsproof
