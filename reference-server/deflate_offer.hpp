#pragma once
// Sec-WebSocket-Extensions in a request: its grammar, and the offer of permessage-deflate that
// the server takes.

#include <optional>
#include <string>
#include <string_view>

namespace wsproof::reference {

struct extension_choice {
    bool well_formed = true;
    /// The first offer of permessage-deflate that can be kept, in a form without quotes, odd
    /// spaces or other offers beside it. Beast looks no further than the first offer, and takes
    /// server_max_window_bits=8 only to answer 9 (RFC 7692 section 7.1.2.1 forbids more than 8).
    std::optional<std::string> deflate;
};

/// `value` is the whole field, several lines joined by commas.
extension_choice choose_extensions(std::string_view value);

}  // namespace wsproof::reference
