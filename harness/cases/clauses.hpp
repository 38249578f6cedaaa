// Reading the clause catalogue of corpus/requirements.
#pragma once

#include <vector>

#include "cases/loader.hpp"
#include "cases/registry.hpp"

namespace wsproof {

/// The clauses of one file, appended in its order. Broken entries are mistakes.
void load_clauses(source_file const& file, std::vector<clause_info>& into,
                  std::vector<diagnostic>& mistakes);

}  // namespace wsproof
