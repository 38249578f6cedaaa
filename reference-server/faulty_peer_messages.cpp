#include <utility>

#include "reference-server/faulty_peer.hpp"
#include "reference-server/faulty_peer_text.hpp"

namespace wsproof {

void faulty_peer::on_ping(octets payload) {
    if (is(fault::no_pong)) return;
    if (phase_ == phase::closing && !is(fault::answers_ping_after_close)) return;
    if (is(fault::ping_checked_as_utf8) && !is_utf8(payload)) return fail(1007);
    if (is(fault::ping_inside_message_inflated) && type_ && compressed_) {
        auto inflated = inflate_message(payload);
        if (!inflated) return;
        payload = *std::move(inflated);
    }
    if (is(fault::pong_empty)) payload.clear();
    if (is(fault::pong_truncated) && payload.size() > 124) payload.resize(124);
    octets pong;
    append_pong(pong, payload);
    if (is(fault::pong_twice)) append_pong(pong, payload);
    if (is(fault::pong_at_message_end) && type_) return append(held_pongs_, pong);
    send(item::pong, std::move(pong));
}

void faulty_peer::on_pong(octets_view payload) {
    if (is(fault::dies_on_pong)) return die();
    if (is(fault::pong_inside_message_refused) && type_) return fail(1002);
    if (!is(fault::pong_for_pong) || phase_ == phase::closing) return;
    octets pong;
    append_pong(pong, payload);
    send(item::other, std::move(pong));
}

void faulty_peer::on_data(frame_header const& header, octets payload) {
    bool const follows = header.op == opcode::continuation;
    after_control_ = false;
    fragmented_ = fragmented_ || follows || !header.fin;
    if (is(fault::empty_fragment_refused) && follows && !header.fin && payload.empty()) {
        return fail(1008);
    }
    bool const text = type_ == opcode::text && !compressed_;
    if (text && is(fault::utf8_check_per_fragment) && !is_utf8(payload)) return bad_text();
    if (text && is(fault::utf8_first_fragment_only) && !follows && !text_.feed(payload)) {
        return bad_text();
    }
    if (is(fault::rsv1_of_last_frame_counts) && follows) compressed_ = (header.rsv & rsv1) != 0;
    if (is(fault::inflates_each_fragment) && compressed_) {
        auto inflated = inflate_message(payload);
        if (!inflated) return;
        payload = *std::move(inflated);
    }
    bool const lost = is(fault::empty_last_fragment_loses_message) && compressed_ && header.fin &&
                      follows && payload.empty();
    ++fragments_;
    if (fragments_ <= 1000 || !is(fault::more_than_1000_fragments_lost)) append(message_, payload);
    if (lost) {
        message_.clear();
        type_.reset();
    } else if (header.fin) {
        finish_message();
    }
}

/// 6.2: the message is received.
void faulty_peer::finish_message() {
    auto const type = *std::exchange(type_, std::nullopt);
    auto data = std::exchange(message_, {});
    bool const checked_raw = is(fault::utf8_checked_before_inflating) && type == opcode::text;
    if (compressed_ && checked_raw && !is_utf8(data)) return bad_text();
    if (compressed_ && !is(fault::inflates_each_fragment)) {
        auto inflated = inflate_message(data);
        if (!inflated) return;
        data = *std::move(inflated);
    }
    bool const text = type == opcode::text || is(fault::binary_checked_as_utf8);
    if (text && !faulty::is_text(kind_, data, fragmented_, compressed_)) return bad_text();
    if (type == opcode::text) data = faulty::delivered_text(kind_, std::move(data));
    if (is(fault::truncates_at_65535) && data.size() > 65535) data.resize(65535);

    bool const dropped =
        data.empty() && (is(fault::empty_message_not_echoed) ||
                         (is(fault::empty_compressed_message_dropped) && compressed_));
    bool const late = phase_ == phase::closing && !is(fault::echoes_after_close);
    if (!dropped && !late) echo(type, std::move(data), fragmented_);
    if (!held_pongs_.empty()) send(item::pong, std::exchange(held_pongs_, {}));
}

/// 8.1: may this still become UTF-8? Compressed text is judged when it is inflated.
bool faulty_peer::text_fits(octets_view chunk) {
    if (compressed_ || type_ != opcode::text || !faulty::checks_text_at_once(kind_)) return true;
    if (!text_.feed(chunk)) return false;
    return text_.complete() || !is(fault::fails_early_on_unfinished_character);
}

void faulty_peer::bad_text() {
    if (is(fault::dies_on_bad_utf8)) return die();
    fail(is(fault::utf8_error_1002) ? 1002 : 1007);
}

}  // namespace wsproof
