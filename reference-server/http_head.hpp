#pragma once
// Reads the head of a request from a connection, and answers one that is refused.

#include <cstddef>
#include <optional>
#include <string>

#include "reference-server/peer_stream.hpp"
#include "reference-server/upgrade.hpp"

namespace wsproof::reference {

struct head_result {
    std::optional<request_head> head;
    std::string rest;                ///< what had come behind the head
    std::optional<refusal> refused;  ///< neither this nor a head: the connection is gone
};

task<head_result> read_head(peer_stream peer, std::size_t limit);

/// Sends the response; the caller then finishes the connection.
task<void> refuse(peer_stream peer, refusal r, bool with_body);

}  // namespace wsproof::reference
