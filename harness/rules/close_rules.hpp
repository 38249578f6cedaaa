// Judges the body of a Close frame, RFC 6455 5.5.1 and 7.4.
#pragma once

#include <vector>

#include "rules/violation.hpp"
#include "wire/close.hpp"

namespace wsproof {

std::vector<violation> check_close(close_body const& body, role sender);

}  // namespace wsproof
