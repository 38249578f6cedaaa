// One case for people, for `wsproof show`.
#pragma once

#include <string>

#include "cases/case.hpp"

namespace wsproof {

/// Title, what it stands for and needs, its clauses with their text, its steps in words and octets,
/// how it is judged, and where and why it departs from Autobahn's verdict.
std::string text_case(test_case const& value);

}  // namespace wsproof
