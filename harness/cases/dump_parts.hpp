// The parts of a case as JSON values, one function for each. Only the dump's own sources include
// this.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "cases/case.hpp"

namespace wsproof {

using json = nlohmann::ordered_json;

/// {key: value}, without the pitfalls of nlohmann's brace lists.
inline json single(char const* key, json value) {
    auto result = json::object();
    result[key] = std::move(value);
    return result;
}

json dump_payload(payload const& value);
json dump_step(step const& value);
json dump_outcome(outcome const& value);
json dump_ranges(std::vector<number_range> const& ranges);

}  // namespace wsproof
