// Dialogues for the tests of faulty_peer: what the other end sends, piece by piece.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reference-server/faults.hpp"
#include "wire/frame.hpp"

namespace wsproof {

/// A correct request with the key of RFC 6455 1.3.
std::string good_request();
/// The same with one piece of its text replaced. Precondition: the piece is there.
octets edited_request(std::string_view from, std::string_view to);
octets offering_request(std::string_view extensions);

/// A correct response; {accept} stands for the value that belongs to the key.
std::string good_response();
octets edited_response(std::string_view from, std::string_view to);
octets agreeing_response(std::string_view extensions);
/// A piece of a response with {accept} filled in for this request, and other marks for the tests.
octets with_accept(octets const& piece, octets_view request);

/// A frame as a client sends it.
octets client_frame(opcode op, std::string_view payload, bool fin = true, std::uint8_t rsv = 0);
/// A frame as a server sends it.
octets server_frame(opcode op, std::string_view payload, bool fin = true, std::uint8_t rsv = 0);
octets hex(std::string_view text);
octets joined(std::vector<octets> const& parts);

struct probe {
    std::string name;
    std::vector<octets> pieces;
    bool ended = false;  ///< then TCP ends
};

/// Enough to tell every fault of this role from fault::none.
std::vector<probe> all_probes(role of);

struct observation {
    octets output;
    bool wants_close = false;
    bool wants_reset = false;
    bool dead = false;

    friend bool operator==(observation const&, observation const&) = default;
};

observation observe(role of, fault kind, std::vector<octets> const& pieces, bool ended = false);
std::vector<octets> octet_by_octet(std::vector<octets> const& pieces);

}  // namespace wsproof
