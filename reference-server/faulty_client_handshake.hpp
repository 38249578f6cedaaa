// The opening handshake of a faulty_peer that is a client: the request of RFC 6455 section 4.1 and
// the checks of the response to it, each with the faults of its subject.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "reference-server/faulty_peer_heads.hpp"
#include "wire/deflate.hpp"

namespace wsproof::faulty {

struct client_request {
    octets text;
    std::string key;  ///< as it was sent; empty if it was not
    std::vector<std::string> protocols;
    std::string offer;  ///< value of Sec-WebSocket-Extensions; empty: none
};
client_request make_request(fault kind, std::mt19937_64& random);

/// The first head of what has come, as parse_head() gives it.
std::variant<head_incomplete, head_too_large, http_head> read_response_head(fault kind,
                                                                            octets_view arrived);

/// What a client makes of a response.
enum class judgement : std::uint8_t {
    open,
    interim,  ///< another response follows
    fail,     ///< TCP is closed
    hang,     ///< nothing is sent or closed any more
    die
};

struct response_answer {
    judgement what = judgement::fail;
    std::optional<deflate_parameters> deflate;
    std::optional<std::uint16_t> close;  ///< of a Close frame that is sent at once
    bool doomed = false;                 ///< the next compressed message ends the process
    std::uint64_t body = 0;              ///< octets behind the head that are passed over
};
response_answer judge_response(fault kind, client_request const& sent, http_head const& response);

/// The part of judge_response about Sec-WebSocket-Extensions.
struct extension_judgement {
    judgement what = judgement::open;
    std::optional<deflate_parameters> deflate;
    bool doomed = false;
};
extension_judgement judge_extensions(fault kind, client_request const& sent,
                                     http_head const& response);

}  // namespace wsproof::faulty
