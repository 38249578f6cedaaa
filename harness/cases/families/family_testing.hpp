// For the tests of the families: the built-in outcome lists, and cases by their ids.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "cases/embedded.hpp"
#include "cases/families/families.hpp"

namespace wsproof {

inline outcome_lists built_in_lists() {
    std::vector<diagnostic> mistakes;
    for (auto const& each : embedded_files())
        if (each.name == "cases/outcomes.json")
            return load_outcome_lists({"outcomes.json", std::string(each.text)}, mistakes);
    return {};
}

using case_map = std::map<std::string, test_case>;

inline case_map by_id(std::vector<test_case> const& cases) {
    case_map result;
    for (auto const& each : cases) EXPECT_TRUE(result.emplace(each.id, each).second) << each.id;
    return result;
}

}  // namespace wsproof
