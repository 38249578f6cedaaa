// Heads of HTTP as a faulty_peer reads them, in either role: the faults of a reader of heads and of
// Sec-WebSocket-Extensions, and what requests and responses have in common.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "reference-server/faults.hpp"
#include "wire/extension.hpp"
#include "wire/handshake.hpp"

namespace wsproof::faulty {

constexpr std::size_t max_head = 16 * 1024;
constexpr std::string_view known_subprotocol = "wsproof.chat";
constexpr std::string_view deflate_name = "permessage-deflate";

/// How the opening handshake goes on.
enum class reaction : std::uint8_t {
    open,    ///< frames follow
    refuse,  ///< TCP is closed
    hang,    ///< nothing is sent or closed any more
    die
};

/// The fields that a peer reads.
namespace field {
constexpr std::string_view host = "Host";
constexpr std::string_view upgrade = "Upgrade";
constexpr std::string_view connection = "Connection";
constexpr std::string_view key = "Sec-WebSocket-Key";
constexpr std::string_view accept = "Sec-WebSocket-Accept";
constexpr std::string_view version = "Sec-WebSocket-Version";
constexpr std::string_view protocol = "Sec-WebSocket-Protocol";
constexpr std::string_view extensions = "Sec-WebSocket-Extensions";
constexpr std::string_view expect = "Expect";
constexpr std::string_view content_length = "Content-Length";
constexpr std::string_view transfer_encoding = "Transfer-Encoding";
inline constexpr std::array all{host,   upgrade,        connection,       key,
                                accept, version,        protocol,         extensions,
                                expect, content_length, transfer_encoding};
}  // namespace field

/// All values of the field as one list.
std::string joined_values(http_head const& head, std::string_view name);

/// The text behind the colon of the first line of this field, without the one space that is usual
/// there.
std::string untrimmed_value(http_head const& head, std::string_view name);

/// These octets as a reader takes them that holds a bare CR for a line end.
octets with_whole_line_ends(octets_view raw);

/// The head as a peer with this fault reads it.
http_head head_as_read(fault kind, http_head const& head);

bool has_fold(http_head const& head);
/// Fields that end the process of a peer with this fault.
bool dies_of_fields(fault kind, http_head const& head);
/// Some fields are unknown to a peer with this fault, and that disturbs it.
bool is_disturbed_by_unknown(fault kind, http_head const& head);
/// These fields stand in this order, whatever is between them.
bool stand_in_order(http_head const& head, std::span<std::string_view const> names);
/// A list with an element that is empty.
bool has_empty_element(http_head const& head);

/// Does this element of Upgrade name the protocol?
bool is_websocket(fault kind, std::string_view element);
/// Does Connection list the upgrade? Precondition: the field is there.
bool lists_upgrade(fault kind, http_head const& head);

/// An element of Sec-WebSocket-Extensions with what a peer with this fault does not mind put right.
extension extension_as_read(fault kind, extension element);
/// A number with so many digits that reading it may overflow.
bool has_huge_parameter(extension const& element);
bool has_quoted_value(extension const& element);

}  // namespace wsproof::faulty
