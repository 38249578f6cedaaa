// Compares the wire layer with Boost.Beast on the same octets: UTF-8 check, unmasking, and cutting
// a stream of masked frames. Runs of both sides alternate, so that a change of the machine's speed
// meets both; each figure is a median, in megabytes for each second of CPU time.
//
//   wsproof_wire_bench [ROUNDS]      (default 15)

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/version.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/detail/mask.hpp>
#include <boost/beast/websocket/detail/utf8_checker.hpp>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <limits>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "wire/frame_reader.hpp"
#include "wire/mask.hpp"
#include "wire/utf8.hpp"

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using wsproof::octets;
using wsproof::octets_view;

void require(bool right, char const* what) {
    if (!right) throw std::runtime_error(what);
}

double cpu_seconds() {
    std::timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    auto const middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// One line of the table: both sides do the same work on `size` octets in one call.
struct subject {
    std::string name;
    std::size_t size;
    std::function<void()> ours;
    std::function<void()> beast;
};

double megabytes_per_second(subject const& what, std::function<void()> const& side,
                            std::size_t calls) {
    auto const start = cpu_seconds();
    for (std::size_t i = 0; i < calls; ++i) side();
    return static_cast<double>(what.size * calls) / 1e6 / (cpu_seconds() - start);
}

void measure(subject const& what, std::size_t rounds) {
    // long enough for the clock: some ten milliseconds
    auto const calls = std::max<std::size_t>(1, 24'000'000 / what.size);
    what.ours();
    what.beast();
    std::vector<double> ours;
    std::vector<double> theirs;
    std::vector<double> ratios;
    for (std::size_t round = 0; round < rounds; ++round) {
        ours.push_back(megabytes_per_second(what, what.ours, calls));
        theirs.push_back(megabytes_per_second(what, what.beast, calls));
        ratios.push_back(ours.back() / theirs.back());
    }
    std::printf("%-38s %10.0f %10.0f %8.2f\n", what.name.c_str(), median(ours), median(theirs),
                median(ratios));
}

// ---- UTF-8: one text, whole, a new checker for each, as for a message of one frame

subject utf8_subject(std::string name, std::string const& text) {
    auto const data = wsproof::to_octets(text);
    return {"utf8 " + std::move(name), data.size(),
            [data] { require(wsproof::is_utf8(data), "utf8: ours"); },
            [data] {
                beast::websocket::detail::utf8_checker checker;
                require(checker.write(data.data(), data.size()) && checker.finish(), "utf8: beast");
            }};
}

/// Pieces in a random order, because a short text repeated is one that branch predictors learn.
std::string shuffled(std::vector<std::string_view> const& pieces, std::size_t size) {
    std::mt19937 engine(6455);
    std::uniform_int_distribution<std::size_t> choose(0, pieces.size() - 1);
    std::string out;
    while (out.size() < size) out += pieces[choose(engine)];
    return out;
}

std::vector<subject> utf8_subjects() {
    constexpr std::size_t size = 64 * 1024;
    std::vector<std::string_view> const english{"the ", "quick ", "brown ", "fox ", "jumps "};
    return {
        utf8_subject("ASCII, 20 octets", shuffled({"0123456789"}, 20)),
        utf8_subject("ASCII, 64 KiB", shuffled(english, size)),
        utf8_subject("German, 64 KiB", shuffled({"zwölf ", "Boxkämpfer ", "jagen ", "Viktor ",
                                                 "quer ", "über ", "den ", "großen ", "Deich. "},
                                                size)),
        utf8_subject("JSON with a few accents, 64 KiB",
                     shuffled({R"({"name": "José"}, )", R"({"temperature": 21.5}, )",
                               R"({"city": "Málaga"}, )", R"({"city": "Paris"}, )",
                               R"({"tags": ["a", "b", "c"]}, )"},
                              size)),
        utf8_subject("Russian, 20 octets", "Съешь же ещё"),
        utf8_subject("Russian, 64 KiB",
                     shuffled({"съешь ", "же ", "ещё ", "этих ", "мягких ", "французских ",
                               "булок, ", "да ", "выпей ", "чаю. "},
                              size)),
        utf8_subject("Japanese, 64 KiB",
                     shuffled({"いろは", "匂へど", "、", "散りぬるを", "。", "我が世"}, size)),
        utf8_subject("emoji, 64 KiB", shuffled({"😀", "😁", "😂", "🤣", "😃"}, size)),
        utf8_subject("all lengths shuffled, 64 KiB",
                     shuffled({"a", "e", " ", "é", "ж", "語", "€", "😀"}, size)),
    };
}

// ---- mask: in place, again and again the same octets; `start` spoils the alignment

subject mask_subject(std::string name, std::size_t size, std::size_t start) {
    auto ours = std::make_shared<octets>(size + start, std::uint8_t{0x5A});
    auto theirs = std::make_shared<octets>(*ours);
    return {"mask " + std::move(name), size,
            [ours, start] {
                wsproof::apply_mask(std::span(*ours).subspan(start), {0x37, 0xFA, 0x21, 0x3D});
            },
            [theirs, start] {
                beast::websocket::detail::prepared_key key{0x37, 0xFA, 0x21, 0x3D};
                beast::websocket::detail::mask_inplace(
                    asio::mutable_buffer(theirs->data() + start, theirs->size() - start), key);
            }};
}

std::vector<subject> mask_subjects() {
    return {mask_subject("125 octets", 125, 0), mask_subject("4 KiB", 4096, 0),
            mask_subject("4 KiB, not aligned", 4096, 3), mask_subject("64 KiB", 65536, 0),
            mask_subject("1 MiB", 1 << 20, 0)};
}

// ---- decode: a stream of masked binary frames, so that neither side checks UTF-8
//
// Ours: the octets are fed in pieces of 4096, each frame is given out with its header and an
// unmasked payload of its own. Beast has no reader without a stream, so its websocket::stream reads
// from a stream over the same memory that hands out what is asked for, with no lock and no system
// call; each message is read into a buffer that is cleared, not freed. Beast does more with a
// frame (it checks it, and follows the state of the connection); ours allocates for each payload.

class memory_stream {
public:
    using executor_type = asio::io_context::executor_type;

    memory_stream(asio::io_context& context, octets_view data) : context_(&context), rest_(data) {}

    executor_type get_executor() { return context_->get_executor(); }

    template <typename Buffers>
    std::size_t read_some(Buffers const& buffers, beast::error_code& failure) {
        auto const size = asio::buffer_copy(buffers, asio::buffer(rest_.data(), rest_.size()));
        rest_ = rest_.subspan(size);
        if (size == 0) failure = asio::error::eof;
        return size;
    }
    template <typename Buffers>
    std::size_t read_some(Buffers const& buffers) {
        beast::error_code ignored;
        return read_some(buffers, ignored);
    }
    template <typename Buffers>
    std::size_t write_some(Buffers const& buffers, beast::error_code&) {
        return asio::buffer_size(buffers);
    }
    template <typename Buffers>
    std::size_t write_some(Buffers const& buffers) {
        return asio::buffer_size(buffers);
    }

    friend void teardown(beast::role_type, memory_stream&, beast::error_code&) {}

private:
    asio::io_context* context_;
    octets_view rest_;
};

constexpr std::string_view upgrade =
    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

void decode_with_ours(octets_view stream, std::size_t frames) {
    wsproof::frame_reader reader(std::numeric_limits<std::uint64_t>::max());
    std::size_t found = 0;
    while (!stream.empty()) {
        auto const piece = stream.first(std::min<std::size_t>(4096, stream.size()));
        reader.feed(piece);
        while (reader.next()) ++found;
        stream = stream.subspan(piece.size());
    }
    require(found == frames, "decode: ours");
}

void decode_with_beast(octets_view request_and_stream, std::size_t frames) {
    asio::io_context context;
    beast::websocket::stream<memory_stream, false> peer(context, request_and_stream);
    beast::error_code failure;
    peer.read_message_max(0);
    peer.accept(failure);
    require(!failure, "decode: beast does not accept");
    beast::flat_buffer buffer;
    std::size_t found = 0;
    for (peer.read(buffer, failure); !failure; peer.read(buffer, failure)) {
        buffer.clear();
        ++found;
    }
    require(found == frames, "decode: beast");
}

subject decode_subject(std::string name, std::size_t payload, std::size_t frames) {
    octets stream;
    for (std::size_t i = 0; i < frames; ++i) {
        auto const key = static_cast<std::uint8_t>(i);
        wsproof::append(stream, wsproof::make_frame(wsproof::opcode::binary, octets(payload, key),
                                                    wsproof::masking_key{key, 2, 3, 4}));
    }
    auto with_request = wsproof::to_octets(upgrade);
    wsproof::append(with_request, stream);
    return {"decode " + std::move(name), stream.size(),
            [stream, frames] { decode_with_ours(stream, frames); },
            [with_request, frames] { decode_with_beast(with_request, frames); }};
}

std::vector<subject> decode_subjects() {
    return {decode_subject("frames of 16 octets", 16, 100'000),
            decode_subject("frames of 125 octets", 125, 20'000),
            decode_subject("frames of 1 KiB", 1024, 4'000),
            decode_subject("frames of 64 KiB", 65536, 64),
            decode_subject("frames of 1 MiB", 1 << 20, 8)};
}

}  // namespace

int main(int argc, char** argv) {
    auto const rounds = argc > 1 ? std::max(1L, std::strtol(argv[1], nullptr, 10)) : 15;
    std::printf("against %s, %ld rounds\n", BOOST_BEAST_VERSION_STRING, rounds);
    std::printf("%-38s %10s %10s %8s\n", "MB per CPU second, median", "wsproof", "Beast", "ratio");
    for (auto const& group : {utf8_subjects(), mask_subjects(), decode_subjects()}) {
        for (auto const& each : group) measure(each, static_cast<std::size_t>(rounds));
    }
}
