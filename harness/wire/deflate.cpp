#define ZLIB_CONST
#include "wire/deflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <stdexcept>

#include "wire/handshake.hpp"

namespace wsproof {

namespace {

using parameter_result = std::optional<std::string>;  // what is wrong, if anything

/// 7.1.2.1: a decimal integer without leading zeroes, 8 to 15.
std::optional<int> parse_window_bits(std::string_view value) {
    if (value == "8" || value == "9") return value.front() - '0';
    if (value.size() != 2 || value[0] != '1' || value[1] < '0' || value[1] > '5') {
        return std::nullopt;
    }
    return 10 + (value[1] - '0');
}

parameter_result read_flag(extension_parameter const& parameter, bool& flag) {
    if (flag) return parameter.name + " is there twice";
    flag = true;
    if (parameter.value) return parameter.name + " has a value";  // 7.1.1: it has none
    return std::nullopt;
}

parameter_result read_bits(extension_parameter const& parameter, std::optional<int>& bits,
                           bool value_optional) {
    if (bits) return parameter.name + " is there twice";
    if (!parameter.value) {
        bits = 0;
        if (value_optional) return std::nullopt;
        return parameter.name + " has no value";
    }
    bits = parse_window_bits(*parameter.value);
    if (!bits) return parameter.name + " is not 8 to 15 in plain digits";
    return std::nullopt;
}

parameter_result read_parameter(extension_parameter const& parameter, negotiation_side side,
                                deflate_parameters& out) {
    if (same_name(parameter.name, "server_no_context_takeover")) {
        return read_flag(parameter, out.server_no_context_takeover);
    }
    if (same_name(parameter.name, "client_no_context_takeover")) {
        return read_flag(parameter, out.client_no_context_takeover);
    }
    if (same_name(parameter.name, "server_max_window_bits")) {
        return read_bits(parameter, out.server_max_window_bits, false);
    }
    if (same_name(parameter.name, "client_max_window_bits")) {
        // 7.1.2.2: only an offer may leave the value out
        return read_bits(parameter, out.client_max_window_bits, side == negotiation_side::offer);
    }
    return "unknown parameter " + parameter.name;
}

extension_parameter window_parameter(std::string name, int bits) {
    if (bits == 0) return {std::move(name), std::nullopt, false};
    return {std::move(name), std::to_string(bits), false};
}

}  // namespace

std::variant<deflate_parameters, std::string> parse_deflate(extension const& element,
                                                            negotiation_side side) {
    deflate_parameters out;
    for (auto const& parameter : element.parameters) {
        if (auto wrong = read_parameter(parameter, side, out)) return *std::move(wrong);
    }
    return out;
}

extension write_deflate(deflate_parameters const& parameters) {
    extension out{"permessage-deflate", {}};
    auto const add = [&out](extension_parameter parameter) {
        out.parameters.push_back(std::move(parameter));
    };
    if (parameters.server_no_context_takeover) {
        add({"server_no_context_takeover", std::nullopt, false});
    }
    if (parameters.client_no_context_takeover) {
        add({"client_no_context_takeover", std::nullopt, false});
    }
    if (parameters.server_max_window_bits) {
        add(window_parameter("server_max_window_bits", *parameters.server_max_window_bits));
    }
    if (parameters.client_max_window_bits) {
        add(window_parameter("client_max_window_bits", *parameters.client_max_window_bits));
    }
    return out;
}

std::optional<std::string> check_deflate_response(deflate_parameters const& offer,
                                                  deflate_parameters const& response) {
    // 7.1.1.1
    if (offer.server_no_context_takeover && !response.server_no_context_takeover) {
        return "server_no_context_takeover was offered and is missing in the response";
    }
    // 7.1.2.1: the same or a smaller value; unasked it may come with any
    if (offer.server_max_window_bits) {
        if (!response.server_max_window_bits) {
            return "server_max_window_bits was offered and is missing in the response";
        }
        if (*response.server_max_window_bits > *offer.server_max_window_bits) {
            return "server_max_window_bits is greater in the response than in the offer";
        }
    }
    // 7.1.2.2: an offered value is a hint only, so a greater one is no breach
    if (response.client_max_window_bits && !offer.client_max_window_bits) {
        return "client_max_window_bits is in the response without having been offered";
    }
    return std::nullopt;
}

namespace {

constexpr std::array<std::uint8_t, 4> tail{0x00, 0x00, 0xFF, 0xFF};  // 7.2.1, step 3
constexpr std::size_t scratch_size = 16 * 1024;
constexpr std::size_t largest_input = std::numeric_limits<uInt>::max();

void require_window_bits(int bits) {
    if (bits < 8 || bits > 15) throw std::invalid_argument("window bits are 8 to 15");
}

void require_ok(int result) {
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    if (result != Z_OK) throw std::runtime_error("zlib cannot be initialised");
}

void give(z_stream& stream, octets_view input) noexcept {
    stream.next_in = input.data();
    stream.avail_in = static_cast<uInt>(input.size());
}

/// The next piece of the input that zlib can count in its 32 bits.
octets_view take_piece(octets_view& input) noexcept {
    auto const piece = input.first(std::min(input.size(), largest_input));
    input = input.subspan(piece.size());
    return piece;
}

}  // namespace

struct deflater::state {
    state(int window_bits, bool takeover) : context_takeover(takeover) {
        require_window_bits(window_bits);
        // zlib refuses raw streams with a window of 256 octets. Without back references any
        // window is large enough.
        bool const smallest = window_bits == 8;
        require_ok(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                                smallest ? -9 : -window_bits, 8,
                                smallest ? Z_HUFFMAN_ONLY : Z_DEFAULT_STRATEGY));
    }
    state(state const&) = delete;
    state& operator=(state const&) = delete;
    ~state() { deflateEnd(&stream); }

    void run(octets_view input, int flush, octets& out) {
        give(stream, input);
        do {
            stream.next_out = scratch.data();
            stream.avail_out = static_cast<uInt>(scratch.size());
            ::deflate(&stream, flush);
            append(out, octets_view(scratch).first(scratch.size() - stream.avail_out));
        } while (stream.avail_out == 0);
    }

    z_stream stream{};
    bool context_takeover;
    std::array<std::uint8_t, scratch_size> scratch{};
};

deflater::deflater(int window_bits, bool context_takeover)
    : state_(std::make_unique<state>(window_bits, context_takeover)) {}
deflater::~deflater() = default;
deflater::deflater(deflater&&) noexcept = default;
deflater& deflater::operator=(deflater&&) noexcept = default;

octets deflater::compress(octets_view message) {
    // 7.2.3.6: nothing is written as an empty stored block, of which the tail is removed. zlib
    // would refuse to flush a second time with nothing between.
    if (message.empty()) return {0x00};
    if (!state_->context_takeover) deflateReset(&state_->stream);
    octets out;
    while (message.size() > largest_input) state_->run(take_piece(message), Z_NO_FLUSH, out);
    state_->run(message, Z_SYNC_FLUSH, out);
    out.resize(out.size() - tail.size());
    return out;
}

struct inflater::state {
    state(int window_bits, bool takeover)
        : context_takeover(takeover), scratch(scratch_for(window_bits)) {
        require_window_bits(window_bits);
        require_ok(inflateInit2(&stream, -window_bits));
    }
    state(state const&) = delete;
    state& operator=(state const&) = delete;
    ~state() { inflateEnd(&stream); }

    /// zlib follows a reference beyond the window if what it names is still in the output buffer.
    /// A buffer much smaller than the window lets the breach of an agreed window be seen.
    static std::size_t scratch_for(int window_bits) {
        require_window_bits(window_bits);
        return window_bits == 15 ? scratch_size : std::size_t{1} << (window_bits - 4);
    }

    void run(octets_view input, std::uint64_t limit, inflated& out);
    bool step(std::uint64_t limit, inflated& out);
    void note_position();

    z_stream stream{};
    bool context_takeover;
    bool at_border = false;  // between two blocks, at the border of an octet
    octets scratch;
};

/// After a call of inflate: do we stand between two blocks? Z_BLOCK makes zlib stop there and say
/// so in data_type, with the count of bits left over in the last octet.
void inflater::state::note_position() {
    constexpr int between_blocks = 128;
    constexpr int unused_bits = 7;
    at_border = (stream.data_type & between_blocks) != 0 && (stream.data_type & unused_bits) == 0;
}

/// Calls inflate once; false when it can do no more with the input it has, or failed.
bool inflater::state::step(std::uint64_t limit, inflated& out) {
    constexpr int in_last_block = 64;
    constexpr int between_blocks = 128;

    auto const room = limit - out.data.size();
    // one octet more than allowed, to tell "just fits" from "too much"
    auto const size = room < scratch.size() ? static_cast<std::size_t>(room) + 1 : scratch.size();
    stream.next_out = scratch.data();
    stream.avail_out = static_cast<uInt>(std::min(size, scratch.size()));
    auto const offered = stream.avail_out;
    auto const result = ::inflate(&stream, Z_BLOCK);

    auto const made = offered - stream.avail_out;
    append(out.data, octets_view(scratch).first(std::min<std::uint64_t>(made, room)));
    if (made > room) {
        out.outcome = inflate_outcome::too_large;
        out.detail = "more than the limit";
        return false;
    }
    if (result == Z_STREAM_END) {
        // 7.2.3.4: a final block ends at an octet and others may follow; unlike inflateReset this
        // keeps the window
        inflateResetKeep(&stream);
        at_border = true;
        return stream.avail_in != 0;
    }
    if (result == Z_BUF_ERROR) return false;  // nothing left to do: no trouble
    if (result != Z_OK) {
        out.outcome = inflate_outcome::corrupt;
        out.detail = stream.msg != nullptr ? stream.msg : zError(result);
        return false;
    }
    note_position();
    bool const between = (stream.data_type & between_blocks) != 0;
    if (between && (stream.data_type & in_last_block) != 0) return true;  // on to Z_STREAM_END
    if (between && stream.avail_in == 0) return false;
    return stream.avail_in != 0 || stream.avail_out == 0;
}

void inflater::state::run(octets_view input, std::uint64_t limit, inflated& out) {
    give(stream, input);
    while (step(limit, out)) {
    }
}

inflater::inflater(int window_bits, bool context_takeover)
    : state_(std::make_unique<state>(window_bits, context_takeover)) {}
inflater::~inflater() = default;
inflater::inflater(inflater&&) noexcept = default;
inflater& inflater::operator=(inflater&&) noexcept = default;

inflated inflater::inflate(octets_view message, std::uint64_t limit) {
    if (!state_->context_takeover) inflateReset(&state_->stream);
    inflated out;
    while (!message.empty() && out.outcome == inflate_outcome::ok) {
        state_->run(take_piece(message), limit, out);
    }
    if (out.outcome != inflate_outcome::ok) return out;

    // 7.2.1: the tail closes an empty stored block, and does nothing else. Where it becomes data,
    // or breaks the stream, it stands for octets that are missing.
    inflated from_tail;
    state_->run(tail, 0, from_tail);
    if (from_tail.outcome != inflate_outcome::ok || !state_->at_border) {
        out.outcome = inflate_outcome::unfinished;
        out.detail = "the payload does not end with a complete block";
    }
    return out;
}

}  // namespace wsproof
