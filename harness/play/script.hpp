// From the steps of a case to the octets that the harness sends, and what they call for.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "cases/case.hpp"
#include "rules/handshake_rules.hpp"
#include "wire/deflate.hpp"
#include "wire/handshake.hpp"

namespace wsproof {

/// What a run puts into every opening request.
struct request_settings {
    std::string host = "localhost";        ///< value of Host
    std::string target = "/";              ///< request-target
    std::vector<header_field> fields;      ///< Origin, Sec-WebSocket-Protocol, --header, …
    std::string subprotocol;               ///< one that the peer is known to select
};

/// The correct response to a client's request with the edits applied: 101, with the first subprotocol
/// that the client offers; `extensions` becomes Sec-WebSocket-Extensions if not empty.
octets write_response(head_edit const& edit, request_facts const& asked, std::string const& extensions);
/// What the harness, as a server, answers to the offers of the client in this case.
std::string answer_of(test_case const& value, request_facts const& asked);
/// What the case needs and a client with this request does not offer, in one sentence.
std::optional<std::string> missing_in(request_facts const& asked, test_case const& wanted);

/// A correct request with the edits applied. `offer` becomes Sec-WebSocket-Extensions if not empty.
octets write_request(head_edit const& edit, request_settings const& settings, std::string const& key,
                     std::string const& offer);

/// What a request asked for, read from its octets; empty where it says nothing.
request_facts asked_in(octets_view request);

/// What was agreed for the messages of one side, as a deflater or inflater takes it.
struct message_window {
    int bits;
    bool takeover;
};
message_window window_of(deflate_parameters const& agreed, role sender) noexcept;

/// The frame of a step, with all its deviations, as a client or server would send it.
/// `pack` is needed for steps that compress.
octets encode(send_frame const& step, role sender, std::mt19937_64& random, deflater* pack);

/// A Close frame that obliges the peer to answer: complete, legal header, sendable code.
bool is_proper_close(send_frame const& step, role sender);

/// Is a proper Close the last thing that the case sends?
bool ends_with_proper_close(test_case const& value, role sender);

/// The complete data messages among these steps, as an echoing peer would return them.
struct sent_message {
    opcode op = opcode::text;
    octets data;
};
std::vector<sent_message> messages_of(test_case const& value);
/// The payloads of the complete Pings among these steps.
std::vector<octets> pings_of(test_case const& value);
/// The code of the first Close frame among these steps.
std::optional<std::uint16_t> close_code_of(test_case const& value);

/// Does the case write the head itself: the request to a server, or the response to a client?
bool has_open_step(test_case const& value) noexcept;
/// Does the client send frames before the response, which 4.1 forbids?
bool speaks_early(test_case const& value) noexcept;
/// About how many octets the case sends, whatever they are: payloads, and what is added to a request.
std::uint64_t octets_sent_by(test_case const& value);
/// The largest message of the case, in octets: what a peer must be able to take.
std::uint64_t largest_message(test_case const& value);

}  // namespace wsproof
