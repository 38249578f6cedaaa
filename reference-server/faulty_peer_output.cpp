#include "reference-server/faulty_peer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "reference-server/faulty_server_handshake.hpp"

namespace wsproof {

namespace {

constexpr std::uint64_t usual_limit = std::uint64_t{64} << 20U;
constexpr std::uint64_t small_limit = std::uint64_t{1} << 20U;

}  // namespace

faulty_peer::faulty_peer(role self, fault kind, std::uint64_t seed)
    : self_(self),
      kind_(kind == fault::none || info_of(kind).concerns(self) ? kind : fault::none),
      random_(seed),
      limit_(is(fault::limits_messages_to_1_mib) ? small_limit : usual_limit) {
    if (self == role::server) return;
    request_ = faulty::make_request(kind_, random_);
    append(out_, request_.text);
    if (is(fault::speaks_before_the_response)) {
        append_frame(out_, opcode::text, view_of("too early"));
    }
}

void faulty_peer::on_octets(octets_view data) {
    if (phase_ != phase::head && phase_ != phase::open) return;
    append(in_, data);
    if (phase_ == phase::head) self_ == role::server ? read_request() : read_response();
    if (phase_ == phase::open) read_frames();
    if (phase_ == phase::closing) phase_ = phase::done;
    if (phase_ == phase::done || phase_ == phase::mute) {
        in_ = {};
        payload_ = {};
        message_ = {};
    }
    flush();
}

void faulty_peer::on_end() {
    // RFC 9112 8: a request that was cut off is answered with 400
    if (phase_ == phase::head && !in_.empty() && self_ == role::server)
        append(out_, faulty::refuse_handshake(kind_, 400).response);
    if (phase_ == phase::open) leave_frame();
    if (is(fault::ignores_the_end)) {
        phase_ = phase::mute;
        return;
    }
    phase_ = phase::done;
    wants_close_ = !wants_reset_;
}

octets faulty_peer::take_output() { return std::exchange(out_, {}); }

void faulty_peer::send(item what, octets data) { batch_.push_back({what, std::move(data)}); }

/// Those items change places among themselves.
void faulty_peer::reverse(item what) {
    std::vector<octets*> found;
    for (auto& sent : batch_) {
        if (sent.what == what) found.push_back(&sent.data);
    }
    for (std::size_t i = 0; i < found.size() / 2; ++i) {
        std::swap(*found[i], *found[found.size() - 1 - i]);
    }
}

void faulty_peer::keep_one_pong(bool first) {
    auto left = std::ranges::count(batch_, item::pong, &outgoing::what);
    auto const keep = first ? left : 1;
    std::erase_if(batch_, [&left, keep](outgoing const& sent) {
        return sent.what == item::pong && left-- != keep;
    });
}

/// Pongs are written in the midst of the large echo before them.
void faulty_peer::tear() {
    auto const large = std::ranges::find_if(batch_, [](outgoing const& sent) {
        return sent.what == item::echo && sent.data.size() > 65536;
    });
    if (large == batch_.end()) return;
    auto& frame = large->data;
    for (auto& sent : batch_) {
        if (sent.what != item::pong) continue;
        auto const middle = frame.begin() + static_cast<std::ptrdiff_t>(frame.size() / 2);
        frame.insert(middle, sent.data.begin(), sent.data.end());
        sent.data.clear();
    }
}

/// Those items are moved behind the others, or before them. Nothing overtakes a Close frame.
void faulty_peer::gather(item what, bool behind) {
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
void faulty_peer::arrange() {
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
        case fault::pong_behind_echo:
            return gather(item::pong, is(fault::pong_behind_echo));
        case fault::pong_inside_a_large_frame:
            return tear();
        case fault::close_overtakes_echo:
            if (std::ranges::find(batch_, item::close, &outgoing::what) == batch_.end()) return;
            std::erase_if(batch_, [](outgoing const& sent) { return sent.what == item::echo; });
            return;
        default:
            return;
    }
}

void faulty_peer::flush() {
    arrange();
    for (auto const& sent : batch_) append(out_, sent.data);
    batch_.clear();
}

void faulty_peer::die() {
    phase_ = phase::done;
    dead_ = true;
    wants_reset_ = true;
}

masking_key faulty_peer::next_key() {
    masking_key key{};
    for (auto& octet : key) octet = static_cast<std::uint8_t>(random_() >> 56U);
    return key;
}

}  // namespace wsproof
