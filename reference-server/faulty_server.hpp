// A WebSocket echo server without I/O that commits one named fault, or none.
//
// With fault::none it is strict: it refuses all that RFC 6455 and RFC 7692 let a server refuse. It
// chooses the subprotocol "wsproof.chat" when that is offered, and permessage-deflate.
//
// The caller hands over what arrives with on_octets() and on_end(), then writes what take_output()
// gives, then obeys wants_reset() and wants_close(), in this order. The peer's octets are hostile:
// memory follows what arrived, never what was declared.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

#include "reference-server/faults.hpp"
#include "wire/bytes.hpp"
#include "wire/close.hpp"
#include "wire/deflate.hpp"
#include "wire/frame.hpp"
#include "wire/utf8.hpp"

namespace wsproof {

namespace faulty {
struct handshake_answer;
}

class faulty_server {
public:
    explicit faulty_server(fault kind = fault::none, std::uint64_t seed = 1);

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

    // faulty_server.cpp: phases and output
    void read_head();
    void settle(faulty::handshake_answer const& answer);
    void start();
    void send(item what, octets data);
    void arrange();
    void flush();
    void reverse(item what);
    void keep_one_pong(bool first);
    void gather(item what, bool behind);
    void die();
    masking_key next_key();

    // faulty_server_frames.cpp: frames in
    bool handles_frames() const noexcept {
        return phase_ == phase::open || phase_ == phase::closing;
    }
    void read_frames();
    bool read_header();
    bool read_payload();
    void begin_frame(frame_header const& header);
    void take_frame();
    void lose_split_frame();
    void leave_frame();
    trouble check_header(frame_header& header);
    trouble check_mask(frame_header& header);
    trouble check_rsv(frame_header& header);
    trouble check_opcode(frame_header& header);
    trouble check_control(frame_header& header);
    trouble check_length(frame_header& header);
    trouble check_top_bit(frame_header& header);
    trouble check_sequence(frame_header& header);
    trouble check_continuation(frame_header& header);

    // faulty_server_messages.cpp: what frames mean
    void on_ping(octets payload);
    void on_pong(octets_view payload);
    void on_data(frame_header const& header, octets payload);
    void finish_message();
    bool text_fits(octets_view chunk);
    void bad_text();

    // faulty_server_echo.cpp: frames out
    void append_frame(octets& to, opcode op, octets_view payload, bool fin = true,
                      std::uint8_t rsv = 0);
    void append_pong(octets& to, octets_view payload);
    void echo(opcode type, octets data, bool fragmented);
    void send_fragments(opcode type, packed const& message);
    std::vector<octets_view> cut(octets_view payload) const;

    // faulty_server_deflate.cpp
    void start_deflate();
    std::optional<octets> inflate_message(octets_view message);
    trouble check_inflated(inflate_outcome outcome);
    packed pack(octets message);
    void send_broken_fragments(opcode type, octets_view message);

    // faulty_server_closing.cpp
    void on_close(octets_view payload);
    trouble check_close(close_body const& body) const;
    trouble check_code(std::uint16_t code) const;
    octets close_reply(octets_view payload, close_body const& body) const;
    void answer_close(octets_view reply);
    void send_close(octets_view body);
    octets error_body(std::uint16_t code) const;
    void fail(std::uint16_t code);

    fault kind_;
    std::mt19937_64 random_;
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

    std::uint64_t limit_;
    std::optional<opcode> type_;  // of the message in progress
    octets message_;
    bool compressed_ = false;
    bool fragmented_ = false;
    bool after_control_ = false;
    utf8_validator text_;
    octets held_pongs_;

    std::optional<deflate_parameters> deflate_;
    std::optional<deflater> deflater_;
    std::optional<inflater> inflater_;
    bool saw_final_block_ = false;
};

}  // namespace wsproof
