#include <algorithm>
#include <utility>

#include "reference-server/faulty_peer.hpp"
#include "wire/mask.hpp"

namespace wsproof {

namespace {

constexpr std::uint16_t protocol_error = 1002;
constexpr std::uint64_t top_bit = std::uint64_t{1} << 63U;
constexpr std::uint64_t lower_half = 0xFFFFFFFF;

constexpr bool has_top_bit(frame_header const& header) {
    return header.form == length_form::sixty_four_bits && (header.length & top_bit) != 0;
}

constexpr bool starts_message(opcode op) { return op == opcode::text || op == opcode::binary; }

std::uint64_t swapped(std::uint64_t length) {
    return (length & 0xFFU) << 8U | (length >> 8U & 0xFFU);
}

}  // namespace

void faulty_peer::read_frames() {
    while (handles_frames()) {
        if (!header_ && !read_header()) break;
        if (!read_payload()) break;
        take_frame();
        if (is(fault::only_first_frame_of_read)) taken_ = in_.size();
    }
    lose_split_frame();
    end_frame_with_read();
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
}

/// TCP has ended: what is there of a frame or message will never be whole.
void faulty_peer::leave_frame() {
    if (!header_ && !type_ && in_.empty()) return;
    if (is(fault::dies_on_cut_frame)) return die();
    if (!is(fault::delivers_cut_frame) || (!header_ && !type_)) return;
    if (!header_) header_ = frame_header{.op = opcode::continuation, .length = 0};
    header_->fin = true;
    take_frame();
    flush();
}

/// Two faults of readers that do not expect a frame to go on in the next segment.
void faulty_peer::lose_split_frame() {
    if (is(fault::header_split_breaks) && !header_ && in_.size() - taken_ > 1) taken_ = in_.size();
    if (is(fault::control_split_breaks) && header_ && is_control(header_->op)) {
        header_.reset();
        payload_.clear();
    }
}

/// The frame that is being received ends with what has come of it.
void faulty_peer::end_frame_with_read() {
    if (!is(fault::takes_a_read_for_a_frame) || !header_ || !handles_frames()) return;
    header_->length = received_;
    take_frame();
}

bool faulty_peer::read_header() {
    auto const rest = octets_view(in_).subspan(taken_);
    auto const parsed = parse_header(rest);
    auto const* const found = std::get_if<parsed_header>(&parsed);
    if (found == nullptr) return false;
    auto header = found->header;
    auto size = found->size;
    if (!header.mask && is(fault::ignores_mask_bit)) {
        if (rest.size() < size + 4) return false;
        header.mask = {rest[size], rest[size + 1], rest[size + 2], rest[size + 3]};
        size += 4;
    }
    if (header.mask && is(fault::reads_key_as_payload)) {
        header.mask.reset();
        size -= 4;
    }
    taken_ += size;
    received_ = 0;
    skip_ = false;
    auto const code = check_header(header);
    if (code && handles_frames()) fail(*code);
    if (!handles_frames()) return false;
    if (!skip_) begin_frame(header);
    header_ = header;
    return true;
}

void faulty_peer::begin_frame(frame_header const& header) {
    if (header.mask) last_key_ = *header.mask;
    if (!starts_message(header.op)) return;
    // 6.2: the first frame says what the message is
    type_ = header.op;
    fragmented_ = false;
    fragments_ = 0;
    text_ = {};
    bool const may_compress = deflate_ || is(fault::inflates_unnegotiated);
    compressed_ = may_compress && (header.rsv & rsv1) != 0;
    if (deflate_ && is(fault::uncompressed_message_inflated)) compressed_ = true;
}

/// Takes what has come of the payload, and checks text as it comes. True when it is complete.
bool faulty_peer::read_payload() {
    auto const rest = octets_view(in_).subspan(taken_);
    auto const missing = header_->length - received_;
    auto const chunk = rest.first(std::min<std::uint64_t>(missing, rest.size()));
    taken_ += chunk.size();
    received_ += chunk.size();
    if (!skip_) {
        auto const before = payload_.size();
        append(payload_, chunk);
        auto const fresh = std::span(payload_).subspan(before);
        // 5.3: the key starts anew with every frame
        bool const runs_on =
            is(fault::key_index_not_restarted) && header_->op == opcode::continuation;
        if (header_->mask) {
            apply_mask(fresh, *header_->mask, before + (runs_on ? message_.size() : 0));
        }
        if (!is_control(header_->op) && !text_fits(fresh)) bad_text();
    }
    return handles_frames() && received_ == header_->length;
}

void faulty_peer::take_frame() {
    auto const header = *std::exchange(header_, std::nullopt);
    auto payload = std::exchange(payload_, {});
    bool const cut = payload.size() >= 4093 && payload.size() <= 4096;
    if (cut && is(fault::buffer_short_by_the_key)) payload.resize(payload.size() - 4);
    if (skip_) return;
    if (is_control(header.op)) {
        after_control_ = true;
        if (is(fault::control_resets_message)) message_.clear();
        if (is(fault::control_ends_compression)) compressed_ = false;
    }
    if (header.op == opcode::ping) {
        on_ping(std::move(payload));
    } else if (header.op == opcode::pong) {
        on_pong(payload);
    } else if (header.op == opcode::close) {
        on_close(payload);
    } else {
        on_data(header, std::move(payload));
    }
    if (auto const code = std::exchange(fail_behind_frame_, std::nullopt)) fail(*code);
}

faulty_peer::trouble faulty_peer::check_header(frame_header& header) {
    for (auto const check :
         {&faulty_peer::check_mask, &faulty_peer::check_rsv, &faulty_peer::check_opcode,
          &faulty_peer::check_control, &faulty_peer::check_length, &faulty_peer::check_sequence}) {
        if (auto const code = (this->*check)(header)) return code;
    }
    return std::nullopt;
}

/// 5.1: a server closes the connection upon a frame that is not masked, a client upon one that is.
faulty_peer::trouble faulty_peer::check_mask(frame_header& header) {
    if (self_ == role::client) return header.mask ? check_masked(header) : std::nullopt;
    if (!header.mask) return check_unmasked(header);
    bool const zero = *header.mask == masking_key{};
    return zero && is(fault::zero_key_refused) ? trouble(protocol_error) : std::nullopt;
}

faulty_peer::trouble faulty_peer::check_masked(frame_header& header) {
    switch (kind_) {
        case fault::accepts_masked:
            return std::nullopt;
        case fault::accepts_masked_control:
            return is_control(header.op) ? std::nullopt : trouble(protocol_error);
        case fault::masked_delivered_first:
            fail_behind_frame_ = protocol_error;
            return std::nullopt;
        default:
            return protocol_error;
    }
}

faulty_peer::trouble faulty_peer::check_unmasked(frame_header& header) {
    switch (kind_) {
        case fault::accepts_unmasked:
            return std::nullopt;
        case fault::accepts_unmasked_control:
            return is_control(header.op) ? std::nullopt : trouble(protocol_error);
        case fault::unmasked_uses_old_key:
            header.mask = last_key_;
            return std::nullopt;
        case fault::unmasked_delivered_first:
            fail_behind_frame_ = protocol_error;
            return std::nullopt;
        default:
            return protocol_error;
    }
}

/// 5.2, and RFC 7692 6: RSV1 of the first frame of a message is defined once that is agreed.
faulty_peer::trouble faulty_peer::check_rsv(frame_header& header) {
    unsigned allowed = 0;
    if (starts_message(header.op)) {
        bool const defined =
            deflate_ || is(fault::rsv1_ignored) || is(fault::inflates_unnegotiated);
        if (defined) allowed |= rsv1;
        if (is(fault::rsv2_ignored)) allowed |= rsv2;
        if (is(fault::rsv3_ignored)) allowed |= rsv3;
    } else if (is_control(header.op)) {
        if (is(fault::rsv_ignored_on_control)) allowed = rsv1 | rsv2 | rsv3;
        if (deflate_ && is(fault::rsv1_on_control_accepted)) allowed = rsv1;
    } else if (header.op == opcode::continuation) {
        bool const counts = is(fault::rsv1_of_last_frame_counts);
        if (is(fault::rsv_ignored_on_continuation)) allowed = rsv1 | rsv2 | rsv3;
        if (deflate_ && (counts || is(fault::rsv1_on_continuation_accepted))) allowed = rsv1;
    }
    return (header.rsv & ~allowed) != 0 ? trouble(protocol_error) : std::nullopt;
}

faulty_peer::trouble faulty_peer::check_opcode(frame_header& header) {
    if (!is_reserved(header.op)) return std::nullopt;
    auto const ignored = is_control(header.op) ? fault::reserved_control_opcode_ignored
                                               : fault::reserved_data_opcode_ignored;
    if (is(ignored)) {
        skip_ = true;
        return std::nullopt;
    }
    if (!is_control(header.op) && is(fault::reserved_data_opcode_echoed)) {
        header.op = opcode::binary;
        return std::nullopt;
    }
    return is(fault::opcode_error_1003) ? std::uint16_t{1003} : protocol_error;
}

/// 5.5: control frames are not fragmented and carry 125 octets at most.
faulty_peer::trouble faulty_peer::check_control(frame_header& header) {
    if (!is_control(header.op) || skip_) return std::nullopt;
    if (is(fault::dies_on_long_control) && header.form == length_form::sixty_four_bits) {
        die();
        return protocol_error;
    }
    auto const of = [&header](fault ping, fault pong, fault close) {
        if (header.op == opcode::ping) return ping;
        return header.op == opcode::pong ? pong : close;
    };
    auto const fragmented = of(fault::fragmented_ping_answered, fault::fragmented_pong_ignored,
                               fault::fragmented_close_answered);
    auto const oversize = of(fault::oversize_ping_answered, fault::oversize_pong_ignored,
                             fault::oversize_close_answered);
    if (!header.fin && !is(fragmented)) return protocol_error;
    if (header.length > 125 && !is(oversize)) return protocol_error;
    bool const largest_ping = header.op == opcode::ping && header.length == 125;
    if (largest_ping && is(fault::refuses_125_octet_ping)) return protocol_error;
    return std::nullopt;
}

faulty_peer::trouble faulty_peer::check_length(frame_header& header) {
    if (has_top_bit(header)) {
        if (auto const code = check_top_bit(header)) return code;
    } else if (header.form != shortest_form(header.length) && !is(fault::accepts_long_form)) {
        return protocol_error;
    }
    if (header.form == length_form::sixteen_bits && is(fault::length_16_little_endian)) {
        header.length = swapped(header.length);
    }
    if (is(fault::length_upper_half_shifted_by_8) && header.form == length_form::sixty_four_bits) {
        header.length = (header.length >> 32U << 8U) + (header.length & lower_half);
    }
    if (is(fault::length_64_truncated)) header.length &= lower_half;
    if (is(fault::dies_on_huge_length) && header.length > std::uint64_t{1} << 30U) die();
    // 10.4: judged by what is announced, before anything of it is kept
    auto const room = is_control(header.op) ? limit_ : limit_ - message_.size();
    return header.length > room ? trouble(1009) : std::nullopt;
}

/// 5.2: the most significant bit is 0.
faulty_peer::trouble faulty_peer::check_top_bit(frame_header& header) {
    switch (kind_) {
        case fault::length_msb_dropped:
            header.length &= ~top_bit;
            return std::nullopt;
        case fault::dies_on_msb_length:
            die();
            return protocol_error;
        case fault::waits_for_msb_length:
            phase_ = phase::mute;
            return protocol_error;
        default:
            return protocol_error;
    }
}

/// 5.4: continuations inside a message, first frames between messages.
faulty_peer::trouble faulty_peer::check_sequence(frame_header& header) {
    if (is_control(header.op) || skip_) return std::nullopt;
    if (header.op == opcode::continuation) return check_continuation(header);
    if (is(fault::empty_binary_refused) && header.op == opcode::binary && header.length == 0) {
        return protocol_error;
    }
    bool const compressed = deflate_ && (header.rsv & rsv1) != 0;
    if (is(fault::refuses_compressed_after_ping) && after_control_ && compressed) {
        return protocol_error;
    }
    if (!type_) return std::nullopt;
    if (is(fault::new_message_appended)) {
        header.op = opcode::continuation;
        return std::nullopt;
    }
    if (!is(fault::new_message_replaces)) return protocol_error;
    message_.clear();
    return std::nullopt;
}

faulty_peer::trouble faulty_peer::check_continuation(frame_header& header) {
    if (type_) return std::nullopt;
    switch (kind_) {
        case fault::stray_continuation_ignored:
            skip_ = true;
            return std::nullopt;
        case fault::stray_continuation_echoed:
            header.op = opcode::binary;
            return std::nullopt;
        case fault::dies_on_stray_continuation:
            if (header.fin) die();
            return protocol_error;
        default:
            return protocol_error;
    }
}

}  // namespace wsproof
