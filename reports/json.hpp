// The complete report for programs. Its form is published as schema/wsproof-report-1.schema.json;
// a change that a reader could notice needs a new version there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cases/loader.hpp"
#include "run/result.hpp"

namespace wsproof {

/// Pure ASCII, indented, keys in a fixed order. Never throws on any octets of a peer: those that
/// are no UTF-8 stand as \xNN in strings, and the octets of traces stand in hexadecimal.
std::string to_json(run_result const& run);

/// Reads what to_json wrote: to_json(from_json(x)) is x again. Steps and outcomes of cases are not
/// part of a report. Mistakes are named with their JSON path, all at once and with an empty `file`;
/// what was readable is returned all the same.
run_result from_json(std::string_view text, std::vector<diagnostic>& mistakes);

}  // namespace wsproof
