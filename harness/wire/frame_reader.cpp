#include "wire/frame_reader.hpp"

#include <algorithm>

#include "wire/mask.hpp"

namespace wsproof {

namespace {

/// Payloads up to this size wait in the buffer until they are whole; larger ones are collected
/// where they will stay, which saves a copy.
constexpr std::uint64_t small_payload = 16 * 1024;

/// Space for a larger payload: this at first, then a multiple of what came. What was declared only
/// keeps it from growing further than needed.
constexpr std::size_t first_space = 64 * 1024;
constexpr std::size_t growth = 8;

std::uint64_t missing(frame const& open) noexcept {
    return open.header.length - open.payload.size();
}

/// Moves the start of `data` to the payload, as far as it belongs there, and unmasks it.
octets_view collect(frame& open, octets_view data) {
    auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(data.size(), missing(open)));
    auto& payload = open.payload;
    if (payload.capacity() - payload.size() < size) {
        auto const wanted = std::max({payload.size() * growth, payload.size() + size, first_space});
        payload.reserve(
            static_cast<std::size_t>(std::min<std::uint64_t>(wanted, open.header.length)));
    }
    auto const before = payload.size();
    append(payload, data.first(size));
    if (open.header.mask) {
        apply_mask(std::span(payload).subspan(before), *open.header.mask, before);
    }
    return data.subspan(size);
}

}  // namespace

void frame_reader::feed(octets_view data) {
    if (overflow_) return;
    if (open_) data = collect(open_->content, data);
    if (data.empty()) return;
    if (taken_ == buffer_.size()) {
        buffer_.clear();
        taken_ = 0;
    } else if (taken_ > buffer_.size() / 2) {
        // Each octet moved is paid for by one that was taken, so the sum of all moves stays below
        // the octets received.
        buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(taken_));
        taken_ = 0;
    }
    append(buffer_, data);
}

std::optional<frame> frame_reader::next() {
    if (overflow_) return std::nullopt;
    if (open_) return next_open();
    auto const result = parse_header(waiting());
    auto const* const parsed = std::get_if<parsed_header>(&result);
    if (parsed == nullptr) return std::nullopt;

    auto const& header = parsed->header;
    if (header.length > max_payload_) {
        overflow_ = header;
        return std::nullopt;
    }
    auto const body = waiting().subspan(parsed->size);
    if (body.size() >= header.length) {
        return take(*parsed, body.first(static_cast<std::size_t>(header.length)));
    }
    if (header.length > small_payload) {
        open_.emplace(open_frame{{header, {}}, parsed->size});
        collect(open_->content, body);
        taken_ = buffer_.size();
    }
    return std::nullopt;
}

frame frame_reader::take(parsed_header const& parsed, octets_view payload) {
    frame out{parsed.header, octets(payload.begin(), payload.end())};
    if (out.header.mask) apply_mask(out.payload, *out.header.mask);
    taken_ += parsed.size + payload.size();
    offset_ += parsed.size + payload.size();
    return out;
}

std::optional<frame> frame_reader::next_open() {
    if (missing(open_->content) > 0) return std::nullopt;
    auto out = std::move(open_->content);
    offset_ += open_->header_size + out.payload.size();
    open_.reset();
    return out;
}

std::size_t frame_reader::pending() const noexcept {
    auto const open = open_ ? open_->header_size + open_->content.payload.size() : 0;
    return open + waiting().size();
}

std::optional<frame_header> frame_reader::partial() const {
    if (open_) return open_->content.header;
    auto const result = parse_header(waiting());
    auto const* const parsed = std::get_if<parsed_header>(&result);
    return parsed != nullptr ? std::optional(parsed->header) : std::nullopt;
}

}  // namespace wsproof
