// A case as canonical JSON: one line, keys in a fixed order, payloads expanded as little as
// possible. Loading what was dumped gives the same case.
#pragma once

#include <string>

#include "cases/case.hpp"

namespace wsproof {

std::string dump(test_case const& value);

/// The same, indented, for `wsproof show` and case files made by tools.
std::string dump_pretty(test_case const& value);

/// A complete case file that holds these cases and loads without lists.
std::string dump_file(std::vector<test_case> const& cases);

}  // namespace wsproof
