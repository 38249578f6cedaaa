// Plays one case over one connection. No sockets and no clock: octets and times are arguments.
//
// The driver calls on_open() when TCP is connected, then on_octets(), on_end() and, at deadline(),
// on_time(); after each call it carries out take_actions() in order. It stops when done().
#pragma once

#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "cases/case.hpp"
#include "play/decoder.hpp"
#include "play/script.hpp"
#include "play/trace.hpp"

namespace wsproof {

struct play_settings {
    role peer = role::server;  ///< the endpoint under test
    request_settings request;
    std::uint64_t seed = 1;    ///< masking keys, nonces, random cuts
    duration reply_limit = std::chrono::seconds(5);          ///< for every awaiting step
    duration watch_time = std::chrono::milliseconds(250);
    bool echoes = true;
    std::optional<wsproof::segmentation> segments;  ///< instead of the case's own
};

struct action {
    enum class kind : std::uint8_t {
        write,
        pause,     ///< let the peer read what was written: what follows is to come apart
        shutdown,  ///< FIN
        reset,     ///< RST; nothing follows
        drop       ///< close TCP; nothing follows
    };
    kind what = kind::write;
    octets_view data;  ///< for write: one write of its own; lives as long as the player's trace
};

class player {
public:
    /// `played` must outlive the player.
    player(test_case const& played, play_settings settings);

    void on_open(duration at);
    void on_octets(octets_view data, duration at);
    void on_end(end_reason how, duration at);
    void on_time(duration at);

    std::vector<action> take_actions();
    /// When on_time() is wanted; nothing while nothing is waited for.
    std::optional<duration> deadline() const noexcept { return deadline_; }
    bool done() const noexcept { return done_; }
    /// More octets than this from the peer are a flood; the driver may stop reading then.
    std::uint64_t most_octets() const noexcept { return most_octets_; }
    trace take_trace() { return std::move(log_); }

private:
    enum class wait : std::uint8_t { none, request, response, fence, watch, echo, pong, close, end };

    void advance();
    void execute(step const& next);
    void open(head_edit const& edit);
    void respond(head_edit const& edit);
    void send(send_frame const& frame);
    void send_fence();
    void await(wait what, duration limit);
    bool satisfied() const;
    void finish_case();
    void begin_closing();
    void end_play(action::kind how);
    void answer(event const& seen);
    void answer_close(close_event const& seen);
    void release_pongs(bool frame_open);
    bool more_octets_follow() const;
    void send_control(opcode op, octets_view data);
    void note(trace_entry::kind what, octets data = {});
    void queue(octets data);
    void flush();
    void write(octets piece);
    std::size_t next_cut(std::size_t left);
    std::uint64_t message_limit() const;

    test_case const& case_;
    play_settings settings_;
    role self_;
    std::mt19937_64 random_;
    decoder decoder_;
    std::optional<deflater> pack_;
    trace log_;
    std::vector<action> actions_;
    std::vector<octets> flight_;  // frames that wait for the end of the flight
    duration now_{};
    std::size_t next_step_ = 0;
    wait waiting_ = wait::none;
    std::optional<duration> deadline_;
    std::size_t messages_sent_ = 0, messages_seen_ = 0;
    std::uint64_t most_octets_, received_ = 0;
    std::uint64_t written_ = 0;
    octets nonce_, last_ping_;
    bool ping_waits_ = false;     // the latest Ping of the case is not answered yet
    std::vector<octets> held_pongs_;
    bool frame_open_ = false;     // what was sent last may end inside a frame
    bool opening_ = false;        // the opening request, or the response to it, was sent
    bool response_due_ = true;    // it was complete, so it is answered
    bool message_open_ = false;   // a fragmented message is being sent
    bool fence_answered_ = false;
    bool close_sent_ = false;     // a Close that the peer has to answer, or an answer
    bool close_seen_ = false;
    bool fin_sent_ = false;
    bool echo_missing_ = false;   // one was waited for in vain
    bool skips_ = false;          // the client does not offer what the case needs
    bool ended_ = false, done_ = false;
};

}  // namespace wsproof
