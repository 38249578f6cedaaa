#include <algorithm>
#include <utility>

#include "reference-server/faulty_peer.hpp"
#include "wire/mask.hpp"

namespace wsproof {

namespace {

length_form next_longer(length_form form) {
    return form == length_form::seven_bits ? length_form::sixteen_bits
                                           : length_form::sixty_four_bits;
}

bool cuts_in_two(fault kind) {
    switch (kind) {
        case fault::echoes_in_two_fragments:
        case fault::ping_between_echo_fragments:
        case fault::interleaved_echo:
        case fault::repeats_type_in_fragments:
            return true;
        default:
            return false;
    }
}

masking_key counted(std::uint32_t number) {
    return {0x5A, static_cast<std::uint8_t>(number >> 16U), static_cast<std::uint8_t>(number >> 8U),
            static_cast<std::uint8_t>(number)};
}

}  // namespace

/// 5.1: a client masks everything, a server nothing.
std::optional<masking_key> faulty_peer::mask_for(opcode op, std::size_t size) {
    if (self_ == role::server) {
        bool const masks =
            is(fault::masks_its_frames) || (is(fault::masks_its_close) && op == opcode::close);
        return masks ? std::optional(next_key()) : std::nullopt;
    }
    switch (kind_) {
        case fault::sends_unmasked:
            return std::nullopt;
        case fault::sends_unmasked_control:
            return is_control(op) ? std::nullopt : std::optional(next_key());
        case fault::sends_unmasked_empty:
            return size == 0 ? std::nullopt : std::optional(next_key());
        case fault::masks_with_zero_key:
            return masking_key{};
        case fault::masks_with_one_key:
            return counted(0);
        case fault::masks_with_counter:
            return counted(key_counter_++);
        default:
            return next_key();
    }
}

void faulty_peer::append_frame(octets& to, opcode op, octets_view payload, bool fin,
                               std::uint8_t rsv) {
    frame_header header{.fin = fin,
                        .rsv = rsv,
                        .op = op,
                        .mask = mask_for(op, payload.size()),
                        .form = shortest_form(payload.size()),
                        .length = payload.size()};
    if (!is_control(op)) {
        if (is(fault::sends_rsv2)) header.rsv |= rsv2;
        if (is(fault::sends_long_form)) header.form = next_longer(header.form);
        if (is(fault::sends_125_in_long_form) && header.length == 125) {
            header.form = length_form::sixteen_bits;
        }
        if (is(fault::sends_16_bit_length_of_large) && header.length > 0xFFFF) {
            header.form = length_form::sixteen_bits;
            header.length &= 0xFFFFU;
        }
    }
    write_frame(header, payload, to);
    if (header.mask) mask_otherwise(std::span(to).last(payload.size()), *header.mask);
}

/// The payload, masked by the rules of 5.3, as a peer with this fault masks it.
void faulty_peer::mask_otherwise(std::span<std::uint8_t> masked, masking_key key) {
    auto const offset = is(fault::mask_runs_on) ? masked_octets_ : 0;
    masked_octets_ += masked.size();
    auto other = key;
    if (is(fault::masks_with_swapped_key)) std::ranges::reverse(other);
    if (offset == 0 && other == key) return;
    apply_mask(masked, key);
    apply_mask(masked, other, offset);
}

void faulty_peer::append_pong(octets& to, octets_view payload) {
    if (is(fault::fragmented_pong)) {
        append_frame(to, opcode::pong, payload.first(payload.size() / 2), false);
        payload = payload.subspan(payload.size() / 2);
        return append_frame(to, opcode::continuation, payload);
    }
    append_frame(to, opcode::pong, payload, true,
                 deflate_ && is(fault::rsv1_on_pong) ? rsv1 : std::uint8_t{0});
}

void faulty_peer::echo(opcode type, octets data, bool fragmented) {
    bool const forgets =
        is(fault::text_echoed_as_binary) || (is(fault::fragmented_text_as_binary) && fragmented);
    if (forgets) type = opcode::binary;
    if (is(fault::unsolicited_pongs)) {
        octets pong;
        append_frame(pong, opcode::pong, view_of("nobody asked"));
        send(item::other, std::move(pong));
    }
    if (deflate_ && is(fault::cuts_tail_of_every_fragment) && data.size() > 1) {
        return send_broken_fragments(type, data);
    }
    send_fragments(type, pack(std::move(data)));
}

/// 5.4: the first fragment has the type, and RSV1 if the message is compressed.
void faulty_peer::send_fragments(opcode type, packed const& message) {
    auto const parts = cut(message.payload);
    octets frames;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        bool const first = i == 0;
        bool const last = i + 1 == parts.size() && !is(fault::echo_without_fin);
        bool const typed = first || is(fault::repeats_type_in_fragments);
        bool const marked = first || is(fault::rsv1_on_every_fragment);
        append_frame(frames, typed ? type : opcode::continuation, parts[i], last,
                     marked ? message.rsv : std::uint8_t{0});
        if (first && is(fault::ping_between_echo_fragments)) {
            append_frame(frames, opcode::ping, view_of("between"));
        }
        if (first && is(fault::interleaved_echo)) send(item::echo, std::exchange(frames, {}));
    }
    send(is(fault::interleaved_echo) ? item::echo_tail : item::echo, std::move(frames));
}

std::vector<octets_view> faulty_peer::cut(octets_view payload) const {
    if (cuts_in_two(kind_) || (deflate_ && is(fault::rsv1_on_every_fragment))) {
        auto const half = payload.size() / 2;
        return {payload.first(half), payload.subspan(half)};
    }
    if (!is(fault::echoes_in_many_fragments)) return {payload};
    auto const piece = std::max<std::size_t>(1000, payload.size() / 1000);
    std::vector<octets_view> parts{{}};
    for (; !payload.empty(); payload = payload.subspan(parts.back().size())) {
        parts.push_back(payload.first(std::min(piece, payload.size())));
    }
    parts.emplace_back();
    return parts;
}

}  // namespace wsproof
