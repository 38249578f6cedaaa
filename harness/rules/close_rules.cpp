#include "rules/close_rules.hpp"

#include <string>

#include "wire/utf8.hpp"

namespace wsproof {

std::vector<violation> check_close(close_body const& body, role sender) {
    std::vector<violation> out;
    if (body.malformed) {
        out.push_back({rule::close_one_octet, "a body of one octet"});
        return out;
    }
    if (!body.code) return out;
    // 7.4.1 and 7.4.2; about codes of 5000 and above nothing is said at all
    if (!may_be_sent(*body.code) && classify(*body.code) != close_code_class::out_of_range)
        out.push_back({rule::close_code_not_sendable, "code " + std::to_string(*body.code)});
    if (!is_utf8(body.reason)) out.push_back({rule::close_reason_utf8, "reason is not UTF-8"});
    if (sender == role::server && *body.code == 1010)
        out.push_back({rule::server_sends_1010, "code 1010 from a server"});
    return out;
}

}  // namespace wsproof
