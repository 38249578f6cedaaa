// What the loader cannot know of one case alone: the rules that keep the corpus sound.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cases/case.hpp"
#include "cases/loader.hpp"

namespace wsproof {

/// Unique ids and Autobahn numbers, known clauses, a reason for each grade but pass, an outcome
/// that can fail, titles and ids of the right form. `known_clauses` may be empty: not checked then.
std::vector<diagnostic> lint(std::vector<test_case> const& cases,
                             std::set<std::string, std::less<>> const& known_clauses);

}  // namespace wsproof
