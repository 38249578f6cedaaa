// The judgement of text messages by a faulty_peer: RFC 6455 section 8.1 and what goes wrong
// there.
#pragma once

#include "reference-server/faults.hpp"
#include "wire/bytes.hpp"

namespace wsproof::faulty {

/// Is text checked octet by octet as it arrives, so that a bad one is noticed at once?
bool checks_text_at_once(fault kind) noexcept;

/// Is this whole message text to a server with this fault?
bool is_text(fault kind, octets_view message, bool fragmented, bool compressed);

/// The text as the application gets it.
octets delivered_text(fault kind, octets text);

}  // namespace wsproof::faulty
