#include "play/player.hpp"

#include <algorithm>

#include "wire/close.hpp"

namespace wsproof {
namespace {

std::string draw_key(std::mt19937_64& random) {
    octets raw(16);
    for (auto& octet : raw) octet = static_cast<std::uint8_t>(random());
    return base64(raw);
}

// A peer owes at most the echo of everything, the answers to it, and a response.
constexpr std::uint64_t allowance = 256 * 1024;

}  // namespace

player::player(test_case const& played, play_settings settings)
    : case_(played),
      settings_(std::move(settings)),
      self_(settings_.peer == role::server ? role::client : role::server),
      random_(settings_.seed),
      decoder_(settings_.peer, message_limit()),
      most_octets_(2 * octets_sent_by(played) + allowance) {
    log_.peer = settings_.peer;
    log_.echoes = settings_.echoes;
}

std::uint64_t player::message_limit() const { return octets_sent_by(case_) + allowance / 2; }

void player::on_open(duration at) {
    now_ = at;
    if (self_ == role::server) await(wait::request, settings_.reply_limit);
    advance();
}

void player::on_octets(octets_view data, duration at) {
    if (done_) return;
    now_ = at;
    note(trace_entry::kind::received, octets(data.begin(), data.end()));
    received_ += data.size();
    std::vector<event> seen;
    decoder_.feed(data, seen);
    for (auto const& each : seen) answer(each);
    flush();
    if (received_ > most_octets_ || decoder_.overrun()) {
        on_end(end_reason::flooded, at);
        return;
    }
    advance();
}

void player::on_end(end_reason how, duration at) {
    if (done_) return;
    now_ = at;
    ended_ = true;
    note(trace_entry::kind::ended);
    log_.entries.back().end = how;
    end_play(action::kind::drop);
}

void player::on_time(duration at) {
    if (done_ || !deadline_ || at < *deadline_) return;
    now_ = at;
    if (waiting_ != wait::watch)
        note(trace_entry::kind::gave_up);
    else
        response_due_ = false;  // the case watched for it already
    auto const was = std::exchange(waiting_, wait::none);
    deadline_.reset();
    echo_missing_ |= was == wait::echo;
    // without a response there is nothing to go on with, and an end that does not come ends the case
    if (was == wait::request || was == wait::response || was == wait::end || (was == wait::close && close_sent_)) {
        end_play(action::kind::drop);
    } else {
        advance();
    }
}

std::vector<action> player::take_actions() { return std::exchange(actions_, {}); }

void player::advance() {
    while (!done_) {
        if (waiting_ != wait::none) {
            if (!satisfied()) return;
            waiting_ = wait::none;
            deadline_.reset();
        }
        if (!opening_ && (skips_ || !has_open_step(case_))) {
            note(trace_entry::kind::at_step);
            if (self_ == role::client)
                open({});
            else
                respond({});
        } else if (next_step_ < case_.steps.size() && !close_seen_ && !skips_) {
            auto const& next = case_.steps[next_step_++];
            note(trace_entry::kind::at_step);
            execute(next);
        } else {
            flush();
            finish_case();
        }
    }
}

void player::execute(step const& next) {
    if (auto const* request = std::get_if<open_step>(&next)) {
        open(request->request);
    } else if (auto const* response = std::get_if<respond_step>(&next)) {
        respond(response->response);
    } else if (decoder_.answered() && !decoder_.opened()) {
        end_play(action::kind::drop);  // there is no WebSocket to go on with
    } else if (auto const* frame = std::get_if<send_frame>(&next)) {
        send(*frame);
    } else if (auto const* raw = std::get_if<send_octets>(&next)) {
        queue(raw->data.expand());
        release_pongs(more_octets_follow());  // they may go on inside a frame
    } else if (std::holds_alternative<fence_step>(next)) {
        send_fence();
    } else if (std::holds_alternative<watch_step>(next)) {
        await(wait::watch, settings_.watch_time);
    } else if (auto const* awaited = std::get_if<await_step>(&next)) {
        constexpr wait kinds[] = {wait::echo, wait::pong, wait::close, wait::end};
        auto const what = kinds[static_cast<std::size_t>(awaited->for_what)];
        // a peer that has kept one echo back is not waited for so long again
        await(what, what == wait::echo && echo_missing_ ? settings_.watch_time : settings_.reply_limit);
    } else if (std::holds_alternative<shutdown_step>(next)) {
        flush();
        note(trace_entry::kind::shutdown);
        actions_.push_back({action::kind::shutdown, {}});
    } else {
        flush();
        note(trace_entry::kind::reset);
        end_play(action::kind::reset);
    }
}

void player::open(head_edit const& edit) {
    opening_ = true;
    auto const request = write_request(edit, settings_.request, draw_key(random_), case_.offer);
    decoder_.expect(asked_in(request));
    queue(request);
    response_due_ = !edit.unfinished;
    if (!edit.go_on && response_due_) await(wait::response, settings_.reply_limit);
}

void player::respond(head_edit const& edit) {
    opening_ = true;
    response_due_ = false;
    auto const& asked = decoder_.asked();
    if (!decoder_.opened()) {
        head_edit refusal;
        refusal.raw = payload::of("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        queue(write_response(refusal, asked, ""));
        end_play(action::kind::drop);
        return;
    }
    auto const response = write_response(edit, asked, answer_of(case_, asked));
    decoder_.answer_with(response);
    queue(response);
    frame_open_ = edit.body.size() > 0;  // it may be the start of a frame
    if (!edit.go_on) flush();
}

void player::send(send_frame const& frame) {
    if (auto const& agreed = decoder_.agreed(); frame.compress && !pack_ && agreed) {
        auto const window = window_of(*agreed, self_);
        pack_.emplace(window.bits, window.takeover);
    }
    queue(encode(frame, self_, random_, pack_ ? &*pack_ : nullptr));
    release_pongs(frame.cut || frame.declared_length);
    if (is_proper_close(frame, self_)) close_sent_ = true;
    if (frame.op == opcode::ping && !frame.cut) {
        last_ping_ = frame.data.expand();
        ping_waits_ = true;
    }
    if (frame.op == opcode::text || frame.op == opcode::binary) message_open_ = true;
    if (!is_control(frame.op) && message_open_ && frame.fin && !frame.cut) {
        message_open_ = false;
        ++messages_sent_;
    }
}

void player::send_fence() {
    nonce_ = to_octets("fence-" + to_hex(to_octets(draw_key(random_).substr(0, 6))));
    log_.entries.back().data = nonce_;
    fence_answered_ = false;
    send_control(opcode::ping, nonce_);
    await(wait::fence, settings_.reply_limit);
}

void player::await(wait what, duration limit) {
    flush();
    waiting_ = what;
    deadline_ = now_ + limit;
}

bool player::satisfied() const {
    if (waiting_ == wait::end) return ended_;
    bool const over = close_seen_ || ended_ || (decoder_.answered() && !decoder_.opened());
    if (over) return true;
    switch (waiting_) {
        case wait::request:
        case wait::response: return decoder_.answered();
        case wait::fence: return fence_answered_;
        case wait::echo: return messages_seen_ >= messages_sent_;
        case wait::pong: return !ping_waits_;
        default: return false;
    }
}

// Behind the last step, or once the peer has closed.
void player::finish_case() {
    if (!decoder_.answered() && response_due_) {
        await(wait::response, settings_.reply_limit);
    } else if (!decoder_.opened() || (case_.ending == ending::drop && !close_seen_ && !close_sent_)) {
        end_play(action::kind::drop);
    } else if (close_seen_) {
        // 7.1.1: it is the server that closes TCP first
        if (self_ == role::server && !std::exchange(fin_sent_, true)) {
            note(trace_entry::kind::shutdown);
            actions_.push_back({action::kind::shutdown, {}});
        }
        await(wait::end, settings_.reply_limit);
    } else if (close_sent_) {
        await(wait::close, settings_.reply_limit);
    } else {
        begin_closing();
    }
}

void player::begin_closing() {
    close_sent_ = true;
    note(trace_entry::kind::closing);
    send_control(opcode::close, write_close(1000));
    await(wait::close, settings_.reply_limit);
}

void player::end_play(action::kind how) {
    if (done_) return;
    flush();
    if (!ended_ && how == action::kind::drop) note(trace_entry::kind::dropped);
    actions_.push_back({how, {}});
    waiting_ = wait::none;
    deadline_.reset();
    done_ = true;
}

void player::answer(event const& seen) {
    if (std::holds_alternative<request_event>(seen.what))
        skips_ = missing_in(decoder_.asked(), case_).has_value();
    if (std::holds_alternative<message_event>(seen.what)) ++messages_seen_;
    if (auto const* pong = std::get_if<pong_event>(&seen.what)) {
        if (!nonce_.empty() && pong->data == nonce_) fence_answered_ = true;
        if (pong->data == last_ping_) ping_waits_ = false;  // 5.5.3: older Pings need no answer of their own
    }
    if (auto const* ping = std::get_if<ping_event>(&seen.what); ping != nullptr && !close_sent_) {
        // 5.5.2: a correct endpoint answers, but not in the midst of a frame of its own
        if (frame_open_)
            held_pongs_.push_back(ping->data);
        else
            send_control(opcode::pong, ping->data);
    }
    if (auto const* close = std::get_if<close_event>(&seen.what)) answer_close(*close);
}

bool player::more_octets_follow() const {
    return std::any_of(case_.steps.begin() + static_cast<std::ptrdiff_t>(next_step_), case_.steps.end(),
                       [](step const& each) { return std::holds_alternative<send_octets>(each); });
}

// Behind octets of the case: is its latest frame still without its end?
void player::release_pongs(bool frame_open) {
    frame_open_ = frame_open;
    if (frame_open_) return;
    for (auto const& data : std::exchange(held_pongs_, {})) send_control(opcode::pong, data);
}

// 5.5.1: a Close is answered, unless one was sent before
void player::answer_close(close_event const& seen) {
    close_seen_ = true;
    if (close_sent_) return;
    close_sent_ = true;
    auto const& code = seen.body.code;
    send_control(opcode::close, code && may_be_sent(*code) ? write_close(*code) : octets{});
}

void player::send_control(opcode op, octets_view data) {
    send_frame frame;
    frame.op = op;
    frame.data = payload::of(data);
    queue(encode(frame, self_, random_, nullptr));
}

void player::note(trace_entry::kind what, octets data) {
    trace_entry entry;
    entry.at = now_;
    entry.what = what;
    entry.step = static_cast<std::uint32_t>(next_step_);
    entry.data = std::move(data);
    log_.entries.push_back(std::move(entry));
}

void player::queue(octets data) { flight_.push_back(std::move(data)); }

// Everything since the last wait goes out together, cut as the segmentation says.
void player::flush() {
    auto const how = settings_.segments.value_or(case_.segmentation);
    auto pieces = std::exchange(flight_, {});
    if (pieces.empty()) return;
    if (how.how == segmentation::kind::frames) {
        for (auto const& piece : pieces) write(piece);
        return;
    }
    octets all = std::move(pieces.front());
    for (auto const& piece : std::span(pieces).subspan(1)) append(all, piece);
    if (how.how == segmentation::kind::whole) return write(std::move(all));
    for (std::size_t at = 0; at < all.size();) {
        auto const size = next_cut(all.size() - at);
        write(octets(all.begin() + static_cast<std::ptrdiff_t>(at),
                     all.begin() + static_cast<std::ptrdiff_t>(at + size)));
        at += size;
        if (how.how == segmentation::kind::cut && at < all.size())
            actions_.push_back({action::kind::pause, {}});
    }
}

std::size_t player::next_cut(std::size_t left) {
    auto const how = settings_.segments.value_or(case_.segmentation);
    switch (how.how) {
        case segmentation::kind::every: return std::min<std::size_t>(left, std::max(how.size, 1U));
        case segmentation::kind::cut:
            return how.size > written_ ? std::min<std::size_t>(left, how.size - written_) : left;
        case segmentation::kind::random: return std::min<std::size_t>(left, 1 + random_() % 64);
        default: return left;
    }
}

void player::write(octets piece) {
    if (piece.empty()) return;
    written_ += piece.size();
    note(trace_entry::kind::sent, std::move(piece));
    actions_.push_back({action::kind::write, log_.entries.back().data});
}

}  // namespace wsproof
