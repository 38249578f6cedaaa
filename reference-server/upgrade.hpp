#pragma once
// Judges the head of a request by RFC 6455 section 4.2.1: an upgrade, or the response that
// refuses it. Beast's own check is not asked: it looks at the first line of each field, does not
// decode the key, and knows neither endpoints nor origins.

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "reference-server/echo_server.hpp"

namespace wsproof::reference {

using request_head = boost::beast::http::request_header<>;

enum class endpoint { echo, chat, upload };

struct upgrade {
    endpoint target = endpoint::echo;
    std::string key;                     ///< as it came: RFC 6455 section 4.2.2 hashes the text
    std::string subprotocol;             ///< empty: none
    std::optional<std::string> deflate;  ///< the offer to take
    bool expects_continue = false;
};

struct refusal {
    unsigned status = 400;
    std::string because;  ///< one sentence, sent as the body
    std::vector<std::pair<std::string, std::string>> fields;
};

std::variant<upgrade, refusal> check_upgrade(request_head const& head, echo_options const& options);

/// The whole response, which announces that the connection is closed after it.
std::string write_refusal(refusal const& r, bool with_body);

}  // namespace wsproof::reference
