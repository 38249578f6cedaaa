#include <algorithm>
#include <utility>

#include "reference-server/faulty_peer.hpp"
#include "reference-server/faulty_server_handshake.hpp"

namespace wsproof {

void faulty_peer::read_request() {
    if (is(fault::upgrades_whatever_comes_first)) {
        return settle(faulty::answer_anything(kind_, std::exchange(in_, {})));
    }
    auto parsed = parse_head(in_, faulty::max_head);
    if (is(fault::bare_cr_ends_line) && std::holds_alternative<head_incomplete>(parsed)) {
        parsed = parse_head(faulty::with_whole_line_ends(in_), faulty::max_head);
    }
    bool const unfinished = std::holds_alternative<head_incomplete>(parsed);
    if (std::holds_alternative<head_too_large>(parsed)) {
        if (is(fault::dies_on_long_head)) return die();
        return settle(faulty::refuse_handshake(kind_, 431));
    }
    if (unfinished && is(fault::answers_unfinished_request)) {
        auto guess = in_;
        append(guess, "\r\n");
        parsed = parse_head(guess, faulty::max_head);
    }
    auto const* const head = std::get_if<http_head>(&parsed);
    if (head == nullptr) return;
    auto const answer = faulty::answer_handshake(kind_, *head);
    if (unfinished && answer.what != faulty::reaction::open) return;
    auto const size = std::min(head->raw.size(), in_.size());
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(size));
    deflate_ = answer.deflate;
    settle(answer);
}

void faulty_peer::settle(faulty::handshake_answer const& answer) {
    append(out_, answer.response);
    switch (answer.what) {
        case faulty::reaction::open:
            return start();
        case faulty::reaction::refuse:
            phase_ = phase::done;
            wants_close_ = true;  // 7.2.2
            return;
        case faulty::reaction::hang:
            phase_ = phase::mute;
            return;
        case faulty::reaction::die:
            return die();
    }
}

void faulty_peer::read_response() {
    if (is(fault::needs_response_in_one_piece) &&
        as_text(in_).find("\r\n\r\n") == std::string::npos) {
        return abandon();
    }
    // 4.1: interim responses are none yet
    while (phase_ == phase::head) {
        auto const parsed = faulty::read_response_head(kind_, in_);
        if (std::holds_alternative<head_too_large>(parsed)) {
            return is(fault::dies_on_long_head) ? die() : abandon();
        }
        auto const* const head = std::get_if<http_head>(&parsed);
        if (head == nullptr || !take_response(*head)) return;
    }
}

/// False when more octets are needed.
bool faulty_peer::take_response(http_head const& head) {
    auto const answer = faulty::judge_response(kind_, request_, head);
    // a bare CR at the end of the head may have been read as more than it is
    auto const size = std::min(head.raw.size(), in_.size());
    if (in_.size() - size < answer.body) return false;
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(size + answer.body));
    switch (answer.what) {
        case faulty::judgement::interim:
            break;
        case faulty::judgement::open:
            deflate_ = answer.deflate;
            doomed_ = answer.doomed;
            start();
            if (answer.close) fail(*answer.close);
            break;
        case faulty::judgement::fail:
            abandon();
            break;
        case faulty::judgement::hang:
            phase_ = phase::mute;
            break;
        case faulty::judgement::die:
            die();
            break;
    }
    return true;
}

/// 7.1.7 where no connection was opened: the client closes TCP, without any frame.
void faulty_peer::abandon() {
    if (is(fault::stays_open_after_bad_response)) {
        phase_ = phase::mute;
        return;
    }
    if (is(fault::speaks_after_bad_response))
        append_frame(out_, opcode::text, view_of("all the same"));
    phase_ = phase::done;
    wants_close_ = true;
}

void faulty_peer::start() {
    phase_ = is(fault::silent) ? phase::mute : phase::open;
    start_deflate();
    if (is(fault::drops_early_octets) || is(fault::drops_frames_behind_response)) in_.clear();
    if (is(fault::ping_after_handshake)) {
        octets ping;
        append_frame(ping, opcode::ping, view_of("after the handshake"));
        send(item::other, std::move(ping));
    }
}

}  // namespace wsproof
