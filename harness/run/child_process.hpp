// The server that `-- COMMAND` starts: in a process group of its own, watched, and stopped whatever
// happens.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/asio.hpp"
#include "run/result.hpp"

namespace wsproof {

class child_process {
public:
    /// Starts it; throws std::runtime_error when the program cannot be executed.
    child_process(asio::io_context& context, std::vector<std::string> const& command);
    /// Kills the whole group at once if it still runs.
    ~child_process();
    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;

    int pid() const noexcept;
    bool running() noexcept;
    /// Waits so long for it to end by itself: its sockets close a little before it is gone.
    bool gone_within(std::chrono::milliseconds patience) noexcept;
    /// How it ended, as far as it did, and the last octets that it wrote.
    child_end end() const;
    /// SIGTERM to the group, SIGKILL when `patience` is over; returns when it is gone. Does not need
    /// the io_context to run.
    void stop(std::chrono::milliseconds patience);

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace wsproof
