// Everything that happened on one connection, lossless, so that it can be judged again later.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cases/case.hpp"
#include "wire/bytes.hpp"

namespace wsproof {

/// Since the connection was asked for.
using duration = std::chrono::microseconds;

/// How the TCP stream of the peer ended.
enum class end_reason : std::uint8_t {
    fin,     ///< orderly
    reset,   ///< RST, or any other error of the socket
    flooded  ///< wsproof stopped reading: the peer sent more than any case asks for
};
std::string_view name_of(end_reason value) noexcept;  // "fin", "reset", "flooded"

struct trace_entry {
    enum class kind : std::uint8_t {
        at_step,   ///< a step of the case begins; `step` is its number from 1 (0: the implicit
                   ///< opening); `data` is the nonce of a fence
        sent,      ///< octets written in one piece
        received,  ///< octets as one read gave them
        shutdown,  ///< FIN sent
        reset,     ///< RST sent
        dropped,   ///< wsproof closed TCP
        ended,     ///< the peer's stream ended; `end`
        gave_up,   ///< the time limit of an awaiting step passed
        closing    ///< behind the last step: the player's own closing handshake begins
    };
    duration at{};
    kind what = kind::at_step;
    std::uint32_t step = 0;
    octets data;
    end_reason end = end_reason::fin;
};

struct trace {
    std::vector<trace_entry> entries;
    wsproof::role peer = role::server;
    bool echoes = true;      ///< the target is known to send messages back
    std::uint64_t omitted = 0;  ///< octets left out of the entries, to bound memory

    std::uint64_t octets_received() const noexcept;
    std::uint64_t octets_sent() const noexcept;
    /// Whole frames behind the head of a response (or of a request, of a client).
    std::size_t frames_received() const;
    /// Overwrites this text wherever it was sent, cut or whole, with asterisks.
    void blot_out(std::string_view secret);
    /// Leaves out the octets of the end until the trace takes about `limit` octets of memory; counts
    /// them in `omitted`. What else happened stays.
    void shorten(std::uint64_t limit);
};

}  // namespace wsproof
