// The suite is proven, not trusted: the cases are played against faulty_peer in memory, with every
// fault and every variant of a role. The lists say what is wrong; empty is right.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reference-server/faults.hpp"

namespace wsproof::kill_matrix {

/// Everything takes seconds, so it is dealt out to several tests that can run side by side.
struct share {
    std::size_t part = 0, parts = 1;

    bool has(std::size_t index) const noexcept { return index % parts == part; }
};

/// The faults, or the variants, of this role.
std::vector<fault_info> kinds(role of, bool variants);

/// Cases that a correct peer fails.
std::vector<std::string> failed_by_correct_peer(role of);
/// Variants that some case calls a failure.
std::vector<std::string> false_alarms(role of, share mine);
/// Faults that no case catches.
std::vector<std::string> survivors(role of, share mine);
/// Must-level cases of which no fault breaks the outcomes.
std::vector<std::string> toothless_cases(role of, share mine);

/// One to a line.
std::string lines_of(std::vector<std::string> const& lines);

}  // namespace wsproof::kill_matrix
