// Reading what stands beside the cases: the clause catalogue and the known bugs.
#pragma once

#include <vector>

#include "cases/loader.hpp"
#include "cases/registry.hpp"

namespace wsproof {

/// The clauses of all files of corpus/requirements, in their order; untestable.json holds an object
/// from the id of a clause to the reason why it has no case. Broken entries are mistakes.
std::vector<clause_info> load_catalogue(std::vector<source_file> const& files,
                                        std::vector<diagnostic>& mistakes);

/// known-bugs.json.
void load_known_bugs(source_file const& file, std::vector<known_bug>& into, std::vector<diagnostic>& mistakes);

}  // namespace wsproof
