#include "reference-server/faulty_server.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "reference-server/faulty_server_handshake.hpp"

namespace wsproof {

namespace {

constexpr std::uint64_t usual_limit = std::uint64_t{64} << 20U;
constexpr std::uint64_t small_limit = std::uint64_t{1} << 20U;

}  // namespace

faulty_server::faulty_server(fault kind, std::uint64_t seed)
    : kind_(kind),
      random_(seed),
      limit_(kind == fault::limits_messages_to_1_mib ? small_limit : usual_limit) {}

void faulty_server::on_octets(octets_view data) {
    if (phase_ != phase::head && phase_ != phase::open) return;
    append(in_, data);
    if (phase_ == phase::head) read_head();
    if (phase_ == phase::open) read_frames();
    if (phase_ == phase::closing) phase_ = phase::done;
    if (phase_ == phase::done || phase_ == phase::mute) {
        in_ = {};
        payload_ = {};
        message_ = {};
    }
    flush();
}

void faulty_server::on_end() {
    // RFC 9112 8: a request that was cut off is answered with 400
    if (phase_ == phase::head && !in_.empty())
        append(out_, faulty::refuse_handshake(kind_, 400).response);
    if (phase_ == phase::open) leave_frame();
    phase_ = phase::done;
    wants_close_ = !wants_reset_;
}

octets faulty_server::take_output() { return std::exchange(out_, {}); }

void faulty_server::read_head() {
    if (is(fault::upgrades_whatever_comes_first)) {
        return settle(faulty::answer_anything(kind_, std::exchange(in_, {})));
    }
    auto parsed = parse_head(in_, faulty::max_request_head);
    if (is(fault::bare_cr_ends_line) && std::holds_alternative<head_incomplete>(parsed)) {
        parsed = parse_head(faulty::with_whole_line_ends(in_), faulty::max_request_head);
    }
    bool const unfinished = std::holds_alternative<head_incomplete>(parsed);
    if (std::holds_alternative<head_too_large>(parsed)) {
        if (is(fault::dies_on_long_head)) return die();
        return settle(faulty::refuse_handshake(kind_, 431));
    }
    if (unfinished && is(fault::answers_unfinished_request)) {
        auto guess = in_;
        append(guess, "\r\n");
        parsed = parse_head(guess, faulty::max_request_head);
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

void faulty_server::settle(faulty::handshake_answer const& answer) {
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

void faulty_server::start() {
    phase_ = is(fault::silent) ? phase::mute : phase::open;
    start_deflate();
    if (is(fault::drops_early_octets)) in_.clear();
    if (is(fault::ping_after_handshake)) {
        octets ping;
        append_frame(ping, opcode::ping, view_of("after the handshake"));
        send(item::other, std::move(ping));
    }
}

void faulty_server::send(item what, octets data) { batch_.push_back({what, std::move(data)}); }

/// Those items change places among themselves.
void faulty_server::reverse(item what) {
    std::vector<octets*> found;
    for (auto& sent : batch_) {
        if (sent.what == what) found.push_back(&sent.data);
    }
    for (std::size_t i = 0; i < found.size() / 2; ++i) {
        std::swap(*found[i], *found[found.size() - 1 - i]);
    }
}

void faulty_server::keep_one_pong(bool first) {
    auto left = std::ranges::count(batch_, item::pong, &outgoing::what);
    auto const keep = first ? left : 1;
    std::erase_if(batch_, [&left, keep](outgoing const& sent) {
        return sent.what == item::pong && left-- != keep;
    });
}

/// Those items are moved behind the others, or before them. Nothing overtakes a Close frame.
void faulty_server::gather(item what, bool behind) {
    std::vector<outgoing> front;
    std::vector<outgoing> back;
    auto at = batch_.begin();
    for (; at != batch_.end() && at->what != item::close; ++at) {
        auto& side = (at->what == what) == behind ? back : front;
        side.push_back(std::move(*at));
    }
    std::ranges::move(back, std::back_inserter(front));
    std::ranges::move(front, batch_.begin());
}

/// Order and choice of what one call of on_octets led to.
void faulty_server::arrange() {
    switch (kind_) {
        case fault::pong_order_reversed:
            return reverse(item::pong);
        case fault::echo_out_of_order:
            return reverse(item::echo);
        case fault::answers_first_ping_only:
        case fault::answers_last_ping_only:
            return keep_one_pong(is(fault::answers_first_ping_only));
        case fault::interleaved_echo:
            return gather(item::echo_tail, true);
        case fault::pong_overtakes_echo:
            return gather(item::pong, false);
        case fault::close_overtakes_echo:
            if (std::ranges::find(batch_, item::close, &outgoing::what) == batch_.end()) return;
            std::erase_if(batch_, [](outgoing const& sent) { return sent.what == item::echo; });
            return;
        default:
            return;
    }
}

void faulty_server::flush() {
    arrange();
    for (auto const& sent : batch_) append(out_, sent.data);
    batch_.clear();
}

void faulty_server::die() {
    phase_ = phase::done;
    dead_ = true;
    wants_reset_ = true;
}

masking_key faulty_server::next_key() {
    masking_key key{};
    for (auto& octet : key) octet = static_cast<std::uint8_t>(random_() >> 56U);
    return key;
}

}  // namespace wsproof
