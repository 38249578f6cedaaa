// Judges the opening request of a client, RFC 6455 4.1, and a 101 response against the request it
// answers, 4.1 and 4.2.2.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/violation.hpp"
#include "wire/deflate.hpp"
#include "wire/handshake.hpp"

namespace wsproof {

/// What the client put into its request, as far as the response has to answer it.
struct request_facts {
    std::string key;  ///< trimmed text
    std::vector<std::string> protocols;
    std::string extensions;  ///< value of Sec-WebSocket-Extensions, all lines joined
    std::optional<deflate_parameters> deflate;  ///< the first valid offer of permessage-deflate
};
/// Reads them from the octets of a request; empty where the request says nothing.
request_facts facts_of(http_head const& request);

/// Every breach of an opening request.
std::vector<violation> check_request(http_head const& request);

/// Every breach of a response with status 101. Responses with another status have no breaches here.
std::vector<violation> check_response(request_facts const& asked, http_head const& response);

/// The parameters of permessage-deflate that a flawless response agreed to.
std::optional<deflate_parameters> agreed_deflate(http_head const& response);

}  // namespace wsproof
