#include "rules/frame_rules.hpp"

#include <utility>

#include <string>

namespace wsproof {
namespace {

void check_mask(frame_header const& header, frame_state const& state, std::vector<violation>& out) {
    // 5.1: a client masks all frames, a server none.
    if (state.sender == role::server && header.mask) out.push_back({rule::masked_by_server, "MASK is 1"});
    if (state.sender == role::client && !header.mask) out.push_back({rule::unmasked_by_client, "MASK is 0"});
}

std::uint32_t number_of(masking_key const& key, bool last_first) {
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < key.size(); ++i) number = number << 8U | key[last_first ? key.size() - 1 - i : i];
    return number;
}

// 5.3: two keys in a row that are equal, or count up, are no chance: that is one in four milliards
void check_key(frame_header const& header, frame_state& state, std::vector<violation>& out) {
    if (state.sender != role::client || !header.mask) return;
    auto const last = std::exchange(state.last_key, header.mask);
    if (!last) return;
    auto const counts_up = [&](bool last_first) {
        return number_of(*header.mask, last_first) == number_of(*last, last_first) + 1;
    };
    if (*last == *header.mask)
        out.push_back({rule::mask_key_reused, "key " + to_hex(*header.mask)});
    else if (counts_up(false) || counts_up(true))
        out.push_back({rule::mask_key_predictable, "key " + to_hex(*header.mask) + " behind " + to_hex(*last)});
}

void check_rsv(frame_header const& header, frame_state const& state, std::vector<violation>& out) {
    if (header.rsv == 0) return;
    std::string const seen = "RSV is " + std::to_string(header.rsv) + " (RSV1 = 4, RSV2 = 2, RSV3 = 1)";
    if ((header.rsv & (rsv2 | rsv3)) != 0 || !state.deflate) {
        out.push_back({rule::undefined_rsv, seen});  // 5.2
    } else if (is_control(header.op)) {
        out.push_back({rule::rsv1_on_control, seen});  // RFC 7692 6.1
    } else if (header.op == opcode::continuation) {
        out.push_back({rule::rsv1_on_continuation, seen});
    }
}

void check_length(frame_header const& header, std::vector<violation>& out) {
    if ((header.length >> 63U) != 0) {
        out.push_back({rule::length_top_bit, "length " + std::to_string(header.length)});
    } else if (header.form != shortest_form(header.length)) {
        out.push_back({rule::length_not_shortest,
                       std::to_string(header.length) + " octets, length code " +
                           (header.form == length_form::sixteen_bits ? "126" : "127")});
    }
}

void check_control(frame_header const& header, std::vector<violation>& out) {
    if (header.length > 125)
        out.push_back({rule::control_too_long, std::to_string(header.length) + " octets"});  // 5.5
    if (!header.fin) out.push_back({rule::control_fragmented, "FIN is 0"});                  // 5.4
}

void check_message_order(frame_header const& header, frame_state const& state,
                         std::vector<violation>& out) {
    if (header.op == opcode::continuation) {
        if (!state.open_message) out.push_back({rule::stray_continuation, "no message is in progress"});
    } else if (state.open_message) {
        out.push_back({rule::new_message_inside,
                       std::string(name_of(header.op)) + " frame inside a fragmented message"});
    }
}

void advance(frame_header const& header, frame_state& state) {
    if (header.op == opcode::close) state.close_seen = true;
    if (is_control(header.op) || is_reserved(header.op)) return;
    if (header.op != opcode::continuation) {
        state.open_message = header.op;
        state.open_compressed = state.deflate && (header.rsv & rsv1) != 0;
    }
    if (header.fin) state.open_message.reset();
}

}  // namespace

std::vector<violation> check_header(frame_header const& header, frame_state const& state) {
    std::vector<violation> out;
    if (state.close_seen)
        out.push_back({rule::frame_after_close, std::string(name_of(header.op)) + " frame"});
    check_mask(header, state, out);
    check_rsv(header, state, out);
    check_length(header, out);
    if (is_reserved(header.op)) {
        out.push_back({rule::reserved_opcode, "opcode " + std::to_string(static_cast<unsigned>(header.op))});
    } else if (is_control(header.op)) {
        check_control(header, out);
    } else {
        check_message_order(header, state, out);
    }
    return out;
}

std::vector<violation> check_frame(frame const& received, frame_state& state) {
    auto out = check_header(received.header, state);
    check_key(received.header, state, out);
    advance(received.header, state);
    return out;
}

std::optional<violation> check_text(octets_view message) {
    utf8_validator check;
    check.feed(message);
    if (check.complete()) return std::nullopt;
    auto const bad = check.first_bad();
    return violation{rule::invalid_utf8, bad ? "first bad octet at " + std::to_string(*bad)
                                             : "the message ends inside a character"};
}

}  // namespace wsproof
