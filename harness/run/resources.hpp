// What the target's processes take of this machine while a case is played.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "run/result.hpp"

namespace wsproof {

/// Watches a process, and its process group if it leads one. Linux only: reads /proc.
class resource_watch {
public:
    explicit resource_watch(int pid);

    /// From here on: peaks start anew where the system lets us reset them.
    void begin();
    /// Since begin(); nothing when the process is gone or is not ours to look at.
    std::optional<resource_use> since_begin() const;

private:
    struct sample {
        std::uint64_t peak = 0;  // resident octets
        std::chrono::microseconds cpu{};
    };
    std::vector<int> processes() const;
    std::optional<sample> take() const;

    int pid_;
    std::optional<sample> before_;
};

/// Why a target has taken too much, if it has, when so many octets went to and fro and the messages of
/// the case are so large, inflated: RFC 6455 10.4 lets it have any limit, but none that its peer sets.
std::optional<std::string> excess_of(resource_use const& used, std::uint64_t moved, std::uint64_t messages);

}  // namespace wsproof
