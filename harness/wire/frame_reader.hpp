// Cuts a stream of octets into frames, however TCP delivered it.
#pragma once

#include <cstddef>
#include <optional>

#include "wire/frame.hpp"

namespace wsproof {

/// Feed octets as they come, then call next() until it is empty. Holds back nothing of a whole
/// frame. Memory is bounded: a frame that declares more than `max_payload` octets is never
/// collected; overflow() then names its header, and the reader takes and gives nothing any more.
class frame_reader {
public:
    explicit frame_reader(std::uint64_t max_payload) : max_payload_(max_payload) {}

    void feed(octets_view data);
    std::optional<frame> next();

    /// The header of a frame that is larger than the bound.
    std::optional<frame_header> const& overflow() const noexcept { return overflow_; }
    /// Octets received that do not make a whole frame yet.
    std::size_t pending() const noexcept;
    /// The header of the frame that is being received, if its header is complete.
    std::optional<frame_header> partial() const;
    /// Octets of whole frames given out so far: the stream offset at which the next frame starts.
    std::uint64_t offset() const noexcept { return offset_; }

private:
    /// A large frame whose header is complete; its payload is collected apart.
    struct open_frame {
        frame content;
        std::size_t header_size;
    };

    octets_view waiting() const noexcept { return octets_view(buffer_).subspan(taken_); }
    frame take(parsed_header const& parsed, octets_view payload);
    std::optional<frame> next_open();

    std::uint64_t max_payload_;
    octets buffer_;  // what no open frame has taken
    std::size_t taken_ = 0;
    std::optional<open_frame> open_;
    std::uint64_t offset_ = 0;
    std::optional<frame_header> overflow_;
};

}  // namespace wsproof
