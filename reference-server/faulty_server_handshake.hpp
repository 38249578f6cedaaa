// The opening handshake of a faulty_peer that is a server: the checks of RFC 6455 section 4.2.1,
// the answer of 4.2.2 and the negotiation of permessage-deflate, each with the faults of its
// subject.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reference-server/faulty_peer_heads.hpp"
#include "wire/deflate.hpp"

namespace wsproof::faulty {

struct handshake_answer {
    reaction what = reaction::refuse;
    octets response;
    std::optional<deflate_parameters> deflate;  ///< as the server will act on them
};

handshake_answer answer_handshake(fault kind, http_head const& request);
/// What a server answers that takes these octets for a good request, whatever they are.
handshake_answer answer_anything(fault kind, octets_view arrived);
handshake_answer refuse_handshake(fault kind, unsigned status);

// The parts of answer_handshake.

/// How a request goes on: nothing, or what happens instead of opening.
struct objection {
    reaction what = reaction::refuse;
    unsigned status = 400;
};
std::optional<objection> check_request(fault kind, http_head const& request);

struct extension_answer {
    std::optional<objection> instead;
    std::optional<deflate_parameters> used;
    std::string field;  ///< of the response; empty: none
};
extension_answer answer_extensions(fault kind, http_head const& request);

}  // namespace wsproof::faulty
