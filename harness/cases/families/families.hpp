// Cases that need a loop: C++ functions that return plain cases.
#pragma once

#include <vector>

#include "cases/case.hpp"
#include "cases/loader.hpp"

namespace wsproof {

std::vector<test_case> utf8_family(outcome_lists const& lists);
std::vector<test_case> utf8_fragment_family(outcome_lists const& lists);
std::vector<test_case> utf8_vector_family(outcome_lists const& lists);
std::vector<test_case> size_family(outcome_lists const& lists);
std::vector<test_case> volume_family(outcome_lists const& lists);
std::vector<test_case> flight_family(outcome_lists const& lists);
std::vector<test_case> flood_family(outcome_lists const& lists);
std::vector<test_case> deflate_family(outcome_lists const& lists);
/// Autobahn's chapters 12 and 13; part of deflate_family. Large messages are fewer than asked for.
std::vector<test_case> deflate_volume_cases(outcome_lists const& lists, unsigned messages);
std::vector<test_case> close_code_family(outcome_lists const& lists);

/// All of them.
std::vector<test_case> families(outcome_lists const& lists);

}  // namespace wsproof
