#include <algorithm>
#include <utility>

#include "reference-server/faulty_peer.hpp"

namespace wsproof {

namespace {

struct direction {
    int bits;
    bool takeover;
};

/// 1 MiB or more, and a hundred times what was sent.
bool is_bomb(octets_view message, octets_view inflated) {
    return inflated.size() >= std::size_t{1} << 20U && inflated.size() / 100 >= message.size();
}

/// RFC 1951 3.2.3: the first bit of a block is BFINAL, the next two are its type, 0 for stored.
bool first_block_is_final(octets_view data) { return !data.empty() && (data[0] & 1U) != 0; }
bool first_block_is_stored(octets_view data) { return data.size() > 1 && (data[0] & 6U) == 0; }

/// RFC 7692 7.2.3.3: stored blocks, and the empty one whose tail is removed.
octets in_stored_blocks(octets_view data) {
    octets out;
    while (!data.empty()) {
        auto const block = data.first(std::min<std::size_t>(data.size(), 0xFFFF));
        data = data.subspan(block.size());
        auto const low = static_cast<std::uint8_t>(block.size() & 0xFFU);
        auto const high = static_cast<std::uint8_t>(block.size() >> 8U);
        append(out, octets{0, low, high, static_cast<std::uint8_t>(~low & 0xFF),
                           static_cast<std::uint8_t>(~high & 0xFF)});
        append(out, block);
    }
    out.push_back(0);
    return out;
}

}  // namespace

void faulty_peer::start_deflate() {
    if (deflate_) {
        // 7.1.2: without the parameter the window has 15 bits
        direction of_server{deflate_->server_max_window_bits.value_or(15),
                            !deflate_->server_no_context_takeover};
        direction of_client{deflate_->client_max_window_bits.value_or(15),
                            !deflate_->client_no_context_takeover};
        bool const swapped = (self_ == role::client) != is(fault::swaps_sides);
        auto& own = swapped ? of_client : of_server;
        auto& theirs = swapped ? of_server : of_client;
        if (is(fault::compresses_with_context)) own.takeover = true;
        if (is(fault::never_keeps_its_window)) own.takeover = false;
        if (is(fault::window_larger_than_agreed)) own.bits = 15;
        if (is(fault::small_inflate_window)) theirs.bits = std::min(theirs.bits, 12);
        if (is(fault::loses_window)) theirs.takeover = false;
        deflater_.emplace(own.bits, own.takeover);
        inflater_.emplace(theirs.bits, theirs.takeover);
    } else if (is(fault::inflates_unnegotiated)) {
        inflater_.emplace(15, true);
    }
}

/// Nothing when the message was the last one, or does not count.
std::optional<octets> faulty_peer::inflate_message(octets_view message) {
    if (doomed_) {
        die();
        return std::nullopt;
    }
    if (is(fault::stored_block_lost) && first_block_is_stored(message)) return octets{};
    if (is(fault::bfinal_breaks_next_message) && saw_final_block_) return octets{};
    saw_final_block_ = saw_final_block_ || first_block_is_final(message);
    if (is(fault::hangs_on_bfinal) && saw_final_block_) {
        phase_ = phase::mute;
        return std::nullopt;
    }
    auto result = inflater_->inflate(message, limit_);
    if (is(fault::dies_on_bomb) && is_bomb(message, result.data)) {
        die();
        return std::nullopt;
    }
    if (auto const code = check_inflated(result.outcome)) {
        fail(*code);
        return std::nullopt;
    }
    return std::move(result.data);
}

faulty_peer::trouble faulty_peer::check_inflated(inflate_outcome outcome) {
    if (outcome == inflate_outcome::ok) return std::nullopt;
    // an inflater is not to be used again after trouble
    inflater_.emplace(15, true);
    if (outcome == inflate_outcome::too_large) return 1009;
    if (is(fault::corrupt_data_delivered)) return std::nullopt;
    return is(fault::corrupt_deflate_answered_with_1002) ? 1002 : 1007;
}

faulty_peer::packed faulty_peer::pack(octets message) {
    if (!deflate_ || is(fault::never_compresses)) return {std::move(message), 0};
    if (is(fault::rsv1_on_uncompressed)) return {std::move(message), rsv1};
    if (message.empty()) {
        if (is(fault::empty_messages_uncompressed)) return {};
        if (is(fault::empty_message_without_octets)) return {{}, rsv1};
    }
    if (is(fault::stored_blocks_only)) return {in_stored_blocks(message), rsv1};
    auto data = deflater_->compress(message);
    if (is(fault::zlib_wrapped)) data.insert(data.begin(), {0x78, 0x9C});
    return {std::move(data), is(fault::compresses_without_rsv1) ? std::uint8_t{0} : rsv1};
}

/// Two fragments, compressed one by one, so that the first lacks its tail too.
void faulty_peer::send_broken_fragments(opcode type, octets_view message) {
    auto const half = message.size() / 2;
    octets frames;
    append_frame(frames, type, deflater_->compress(message.first(half)), false, rsv1);
    append_frame(frames, opcode::continuation, deflater_->compress(message.subspan(half)));
    send(item::echo, std::move(frames));
}

}  // namespace wsproof
