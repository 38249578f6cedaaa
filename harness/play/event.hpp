// What a peer did, decoded from a trace.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "play/trace.hpp"
#include "rules/violation.hpp"
#include "wire/close.hpp"
#include "wire/frame.hpp"
#include "wire/handshake.hpp"

namespace wsproof {

/// The head of the answer to the opening request.
struct response_event {
    http_head head;
    std::optional<status_line> status;
    std::vector<violation> violations;  ///< of the rules for responses
    bool valid = false;                 ///< 101, and a correct client opens the connection
};
/// The head of a client's opening request.
struct request_event {
    http_head head;
    std::vector<violation> violations;  ///< of the rules for requests
    bool valid = false;                 ///< a correct server opens the connection
};
/// A complete data message, inflated if it was compressed.
struct message_event {
    opcode op = opcode::text;
    octets data;
    unsigned fragments = 1;
    bool compressed = false;
};
struct ping_event {
    octets data;
};
struct pong_event {
    octets data;
    bool fence = false;  ///< it answers a fence of the player
};
struct close_event {
    close_body body;
};
struct end_event {
    end_reason how = end_reason::fin;
};
/// A frame or octets for which a correct peer fails the connection.
struct violation_event {
    violation what;
};
/// The player waited in vain.
struct silence_event {};
/// Octets that are no HTTP response, or frames that never became complete before the end.
struct garbage_event {
    std::string text;  ///< what is wrong; octets of the peer only as describe_octets() shows them
};

struct event {
    using kind = std::variant<response_event, message_event, ping_event, pong_event, close_event, end_event,
                              violation_event, silence_event, garbage_event, request_event>;
    kind what;
    duration at{};
    std::uint32_t step = 0;       ///< during which step of the case it came
    bool after_closing = false;   ///< after the player began its own closing handshake
};

/// For people, one line, safe on any octets: text "Hello" (5 octets), close 1002 "bad rsv", …
std::string describe(event const& value);
/// Octets as text where they are printable UTF-8, otherwise hex; cut to about `limit` characters.
std::string describe_octets(octets_view data, std::size_t limit = 40);

}  // namespace wsproof
