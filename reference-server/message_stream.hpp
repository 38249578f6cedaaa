#pragma once
// WebSocket on one connection: what the echo, chat and upload services see of Beast.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "reference-server/peer_stream.hpp"
#include "reference-server/upgrade.hpp"

namespace wsproof::reference {

enum class close_code : std::uint16_t {
    going_away = 1001,
    invalid_data = 1007,
    policy = 1008,
    too_big = 1009,
};

struct message {
    bool text = false;
    std::string payload;
};

/// A part of a message as it arrives; the octets are valid until the next read.
struct piece {
    bool text = false;
    bool last = false;
    std::string_view octets;
};

/// Owned by shared_ptr, because a closing handshake asked for from outside runs beside the reader.
/// One coroutine reads; one, which may be the same, writes.
class message_stream : public std::enable_shared_from_this<message_stream> {
public:
    message_stream(peer_stream peer, std::uint64_t message_limit);
    ~message_stream();
    message_stream(message_stream const&) = delete;
    message_stream& operator=(message_stream const&) = delete;

    /// Sends the 101. False when the connection ended.
    task<bool> accept(upgrade agreed);

    /// False when there is nothing more to read: the peer closed, broke the protocol (and was
    /// sent its Close), or is gone.
    task<bool> read(piece& next);

    /// The same for a whole message; more than `limit` octets are answered with 1009.
    task<bool> read_message(message& next, std::uint64_t limit);

    /// False when the connection cannot be written to any more.
    task<bool> write(std::string_view payload, bool text);

    /// Begins the closing handshake from anywhere and returns at once; the reader ends with it.
    /// Only the first call counts. Before the 101 is out, it is kept until then.
    void ask_to_close(close_code code);

    /// The closing handshake, by the reader: sends Close and waits for the peer's.
    task<void> close(close_code code);

    /// The reader's last call, after the writer has ended: sees any closing handshake to its end,
    /// sends the Close that is owed for data that could not be accepted, and ends the connection.
    task<void> finish();

private:
    struct impl;
    static task<void> send_close(std::shared_ptr<message_stream> self, close_code code);
    std::unique_ptr<impl> impl_;
};

}  // namespace wsproof::reference
