// The parts of deflate_family, each in a file of its own.
#pragma once

#include <vector>

#include "cases/families/families.hpp"

namespace wsproof::deflate_cases {

/// Offers that a server accepts, declines or has to decline (7, 7.1).
std::vector<test_case> offers(outcome_lists const& lists);
/// Responses that a client has to take or has to refuse (7, 7.1).
std::vector<test_case> answers(outcome_lists const& lists);
/// What was agreed is kept: the window and its takeover (7.2.1, 7.2.2).
std::vector<test_case> windows();
/// Messages with and without compression, and the RFC's examples (6, 7.2.3).
std::vector<test_case> messages(outcome_lists const& lists);
/// DEFLATE blocks of every kind (7.2.1).
std::vector<test_case> blocks();
/// Compressed messages in fragments, with control frames between them (6.2).
std::vector<test_case> fragments(outcome_lists const& lists);
/// What fails the connection, and messages that inflate to much (6.1, 6.2, 8).
std::vector<test_case> refusals(outcome_lists const& lists);

}  // namespace wsproof::deflate_cases
