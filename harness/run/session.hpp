// The connections of a run: plays the cases on several lanes and keeps watch over the target's life.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "run/child_process.hpp"
#include "run/probe.hpp"
#include "run/resources.hpp"
#include "run/runner.hpp"

namespace wsproof {

/// Lives for one run on one io_context, single-threaded. Fills `result` as it goes, so that what was
/// done stands there even when the context is stopped in the middle.
class session {
public:
    session(asio::io_context& context, run_options const& options, target where, run_observer& observer,
            run_result& result);

    asio::awaitable<void> main();
    /// Stops the child, if there is one; call it when the context no longer runs.
    void stop_child();
    /// Moves what was played so far into the result; main() does it itself at its end.
    void collect();

private:
    struct slot {  // one case of the run
        std::size_t index = 0;
        std::optional<case_result> result;
    };

    /// Starts the command, if there is one, and waits for it; what went wrong, or nothing.
    asio::awaitable<std::string> start_target();
    /// Nothing once the target listens; else why it does not, at the latest at the time limit.
    asio::awaitable<std::optional<std::string>> why_it_does_not_listen(std::chrono::milliseconds limit);
    asio::awaitable<bool> probe_target();
    asio::awaitable<void> play_all();
    asio::awaitable<void> play_batch(std::deque<std::size_t> batch, std::size_t lanes);
    asio::awaitable<void> lane();
    asio::awaitable<case_result> play(std::size_t index);
    asio::awaitable<case_result> play_once(std::size_t index, std::optional<segmentation> segments);
    asio::awaitable<void> play_with_care(std::size_t index);
    asio::awaitable<bool> alive();
    asio::awaitable<bool> revive();
    asio::awaitable<void> find_the_culprit();
    asio::awaitable<void> play_suspects(std::vector<std::size_t> suspects);
    asio::awaitable<void> pause(std::chrono::milliseconds length);
    void convict(std::size_t index, case_result result);
    void record(std::size_t index, case_result result);
    void keep_trace(case_result& result);
    void give_up();
    void judge_resources(resource_watch const& watch, case_result& result) const;
    std::optional<int> watched_process() const;
    play_settings settings_for(test_case const& wanted) const;
    std::string death();
    std::string last_words();
    std::string how_it_died();
    std::string replay_command(case_result const& result, std::optional<segmentation> const& segments) const;

    asio::io_context& context_;
    run_options const& options_;
    target target_;
    dialer dialer_;
    run_observer& observer_;
    run_result& result_;
    std::unique_ptr<child_process> child_;
    std::vector<slot> slots_;
    std::deque<std::size_t> waiting_;   // cases that no lane has taken yet
    std::vector<std::size_t> suspects_; // in flight when the target died
    std::deque<std::size_t> crowded_;   // could not be played beside others: once more, alone
    std::set<std::size_t> retried_;
    test_case sanity_;
    std::string obituary_;      // how the target ended when it was last seen dead
    bool down_ = false;
    bool convicted_ = false;    // of the last death
    unsigned revivals_ = 0;
    std::size_t done_ = 0;
    std::uint64_t trace_budget_;
    std::chrono::steady_clock::time_point start_;
};

}  // namespace wsproof
