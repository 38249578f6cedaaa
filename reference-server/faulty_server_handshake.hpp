// The opening handshake of a faulty_server: the checks of RFC 6455 section 4.2.1, the answer of
// 4.2.2 and the negotiation of permessage-deflate, each with the faults of its subject.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference-server/faults.hpp"
#include "wire/deflate.hpp"
#include "wire/handshake.hpp"

namespace wsproof::faulty {

constexpr std::size_t max_request_head = 16 * 1024;

enum class reaction : std::uint8_t {
    open,    ///< the response is sent, frames follow
    refuse,  ///< the response, if there is one, is sent and TCP closed
    hang,    ///< nothing is sent or closed any more
    die
};

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

/// The fields that the server reads.
namespace field {
constexpr std::string_view host = "Host";
constexpr std::string_view upgrade = "Upgrade";
constexpr std::string_view connection = "Connection";
constexpr std::string_view key = "Sec-WebSocket-Key";
constexpr std::string_view version = "Sec-WebSocket-Version";
constexpr std::string_view protocol = "Sec-WebSocket-Protocol";
constexpr std::string_view extensions = "Sec-WebSocket-Extensions";
constexpr std::string_view expect = "Expect";
constexpr std::string_view content_length = "Content-Length";
constexpr std::string_view transfer_encoding = "Transfer-Encoding";
inline constexpr std::array all{host,           upgrade,          connection, key,
                                version,        protocol,         extensions, expect,
                                content_length, transfer_encoding};
}  // namespace field

/// All values of the field as one list.
std::string joined_values(http_head const& request, std::string_view name);

/// These octets as a server reads them that takes a bare CR for a line end.
octets with_whole_line_ends(octets_view raw);

/// The request as a server with this fault reads it.
http_head request_as_read(fault kind, http_head const& request);

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

constexpr std::string_view known_subprotocol = "wsproof.chat";

}  // namespace wsproof::faulty
