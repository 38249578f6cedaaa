// The parts of a case file, one function for each. Mistakes are noted through the cursor.
#pragma once

#include <string>
#include <vector>

#include "cases/case.hpp"
#include "cases/json_reader.hpp"

namespace wsproof {

/// Larger payloads are refused: the player would have to hold them.
constexpr std::uint64_t largest_payload = std::uint64_t{1} << 30U;

payload load_payload(json_cursor const& at);
/// A list of payloads, or one alone.
std::vector<payload> load_payloads(json_cursor const& at);

step load_step(json_cursor const& at);
/// "open" or "respond".
head_edit load_head(json_cursor const& at);

/// A list of outcomes, the name of one, or a list that mixes both. Without `lists` (their file is
/// broken, which is noted already) every name is taken.
std::vector<outcome> load_outcomes(json_cursor const& at, outcome_lists const* lists);

/// Numbers and "first-last" ranges; false when the element is a word of another kind.
bool load_range(json_cursor const& at, std::uint32_t largest, std::vector<number_range>& into);

/// The named lists of outcomes.json.
outcome_lists load_lists(json_cursor const& at);

}  // namespace wsproof
