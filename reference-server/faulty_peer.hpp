// A WebSocket endpoint without I/O, of either role, that echoes and commits one named fault, or
// none.
//
// With fault::none it is strict: it refuses all that RFC 6455 and RFC 7692 let it refuse. A server
// chooses the subprotocol "wsproof.chat" when that is offered, and permessage-deflate. A client
// asks for /echo as soon as it is made, offers "wsproof.chat", "wsproof.more" and
// permessage-deflate, and leaves it to the server to close TCP behind the Close frames (7.1.1).
//
// The caller writes what take_output() gives, then obeys wants_reset() and wants_close(), in this
// order; at first, and whenever it has handed over what arrived with on_octets() and on_end(). The
// peer's octets are hostile: memory follows what arrived, never what was declared.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include "reference-server/faulty_client_handshake.hpp"
#include "wire/bytes.hpp"
#include "wire/close.hpp"
#include "wire/frame.hpp"
#include "wire/utf8.hpp"

namespace wsproof {

namespace faulty {
struct handshake_answer;
}

class faulty_peer {
public:
    /// A fault that this role cannot commit is none.
    explicit faulty_peer(role self, fault kind = fault::none, std::uint64_t seed = 1);

    /// Several faults look at what arrives in one call, such as the order of answers to it.
    void on_octets(octets_view data);
    void on_end();
    octets take_output();

    bool wants_close() const noexcept { return wants_close_; }  ///< FIN behind the output
    bool wants_reset() const noexcept { return wants_reset_; }  ///< RST behind the output
    /// The process has ended: no further connection is accepted.
    bool dead() const noexcept { return dead_; }

private:
    enum class phase : std::uint8_t { head, open, closing, mute, done };
    enum class item : std::uint8_t { echo, echo_tail, pong, close, other };
    struct outgoing {
        item what;
        octets data;
    };
    /// The code of the Close frame that fails the connection, if something is wrong.
    using trouble = std::optional<std::uint16_t>;
    struct packed {
        octets payload;
        std::uint8_t rsv = 0;
    };

    bool is(fault kind) const noexcept { return kind_ == kind; }

    // faulty_peer_opening.cpp: the opening handshake
    void read_request();
    void settle(faulty::handshake_answer const& answer);
    void read_response();
    bool take_response(http_head const& head);
    void abandon();
    void start();

    // faulty_peer_output.cpp: phases and output
    void send(item what, octets data);
    void arrange();
    void flush();
    void reverse(item what);
    void keep_one_pong(bool first);
    void gather(item what, bool behind);
    void tear();
    void die();
    masking_key next_key();

    // faulty_peer_frames.cpp: frames in
    bool handles_frames() const noexcept {
        return phase_ == phase::open || phase_ == phase::closing;
    }
    void read_frames();
    bool read_header();
    bool read_payload();
    void begin_frame(frame_header const& header);
    void take_frame();
    void lose_split_frame();
    void end_frame_with_read();
    void leave_frame();
    trouble check_header(frame_header& header);
    trouble check_mask(frame_header& header);
    trouble check_unmasked(frame_header& header);
    trouble check_masked(frame_header& header);
    trouble check_rsv(frame_header& header);
    trouble check_opcode(frame_header& header);
    trouble check_control(frame_header& header);
    trouble check_length(frame_header& header);
    trouble check_top_bit(frame_header& header);
    trouble check_sequence(frame_header& header);
    trouble check_continuation(frame_header& header);

    // faulty_peer_messages.cpp: what frames mean
    void on_ping(octets payload);
    void on_pong(octets_view payload);
    void on_data(frame_header const& header, octets payload);
    void finish_message();
    bool text_fits(octets_view chunk);
    void bad_text();

    // faulty_peer_echo.cpp: frames out
    std::optional<masking_key> mask_for(opcode op, std::size_t size);
    void mask_otherwise(std::span<std::uint8_t> masked, masking_key key);
    void append_frame(octets& to, opcode op, octets_view payload, bool fin = true,
                      std::uint8_t rsv = 0);
    void append_pong(octets& to, octets_view payload);
    void echo(opcode type, octets data, bool fragmented);
    void send_fragments(opcode type, packed const& message);
    std::vector<octets_view> cut(octets_view payload) const;

    // faulty_peer_deflate.cpp
    void start_deflate();
    std::optional<octets> inflate_message(octets_view message);
    trouble check_inflated(inflate_outcome outcome);
    packed pack(octets message);
    void send_broken_fragments(opcode type, octets_view message);

    // faulty_peer_closing.cpp
    void on_close(octets_view payload);
    trouble check_close(close_body const& body) const;
    trouble check_code(std::uint16_t code) const;
    octets close_reply(octets_view payload, close_body const& body) const;
    void answer_close(octets_view reply);
    void send_close(octets_view body);
    octets error_body(std::uint16_t code) const;
    void fail(std::uint16_t code);

    role self_;
    fault kind_;
    std::mt19937_64 random_;
    faulty::client_request request_;  // of a client
    phase phase_ = phase::head;
    bool wants_close_ = false;
    bool wants_reset_ = false;
    bool dead_ = false;
    bool close_sent_ = false;
    std::vector<outgoing> batch_;  // what the octets of this call led to, not arranged yet
    octets out_;

    octets in_;
    std::size_t taken_ = 0;  // octets of in_ that are handled
    std::optional<frame_header> header_;
    octets payload_;
    std::uint64_t received_ = 0;  // octets of the frame's payload
    bool skip_ = false;           // the frame is passed over
    trouble fail_behind_frame_;
    masking_key last_key_{};
    std::uint32_t key_counter_ = 0;
    std::uint64_t masked_octets_ = 0;

    std::uint64_t limit_;
    std::optional<opcode> type_;  // of the message in progress
    octets message_;
    bool compressed_ = false;
    bool fragmented_ = false;
    std::size_t fragments_ = 0;
    bool after_control_ = false;
    utf8_validator text_;
    octets held_pongs_;

    std::optional<deflate_parameters> deflate_;
    std::optional<deflater> deflater_;
    std::optional<inflater> inflater_;
    bool saw_final_block_ = false;
    bool doomed_ = false;  // the next compressed message ends the process
};

}  // namespace wsproof
