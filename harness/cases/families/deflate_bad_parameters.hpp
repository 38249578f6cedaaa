// Elements of Sec-WebSocket-Extensions that name permessage-deflate and are none (RFC 7692 7): what
// a server has to decline and a client to refuse, for the same reasons.
#pragma once

#include <span>
#include <string_view>

namespace wsproof::deflate_cases {

enum class flaw { unknown, value, repeated };

struct bad_parameters {
    std::string_view name;  ///< for the id
    std::string_view text;  ///< behind "permessage-deflate; "
    flaw what = flaw::value;
    bool lesser = false;  ///< only a leading zero
};

std::span<bad_parameters const> all_bad_parameters();

}  // namespace wsproof::deflate_cases
