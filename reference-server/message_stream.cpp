#include "reference-server/message_stream.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/beast/zlib/error.hpp>
#include <limits>
#include <optional>
#include <utility>

namespace wsproof::reference {

namespace {

namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;

constexpr std::size_t plain_piece = 64U << 10U;

// Beast 1.81 loses its place in a compressed stream when the output of a read is full before the
// input is used up: it then feeds the four octets of the tail twice, and the next message is
// refused as corrupt. One read takes at most two buffers of 1536 octets, which inflate to less
// than 3.2 MB, so this buffer is never full. Memory is used only as far as it is written.
constexpr std::size_t deflate_piece = 4U << 20U;

websocket::permessage_deflate deflate_options(bool enabled) {
    websocket::permessage_deflate options;
    options.server_enable = enabled;
    options.compLevel = 6;
    // An empty message is sent plain: a compressed one without payload is no DEFLATE stream.
    options.msg_size_threshold = 1;
    return options;
}

// What accept() is to answer: everything that check_upgrade has found right, and nothing else.
http::request<http::empty_body> canonical_request(upgrade const& agreed) {
    http::request<http::empty_body> request{http::verb::get, "/", 11};
    request.set(http::field::host, "wsproof");
    request.set(http::field::upgrade, "websocket");
    request.set(http::field::connection, "Upgrade");
    request.set(http::field::sec_websocket_key, agreed.key);
    request.set(http::field::sec_websocket_version, "13");
    if (agreed.deflate) request.set(http::field::sec_websocket_extensions, *agreed.deflate);
    return request;
}

// The tail of a text message. Beast checks each octet of a text as it comes, but not whether the
// text is complete when its last frame is empty (RFC 6455 section 8.1).
class text_tail {
public:
    void append(std::string_view octets) {
        octets.remove_prefix(octets.size() - std::min(octets.size(), std::size_t{3}));
        tail_ += octets;
        tail_.erase(0, tail_.size() - std::min(tail_.size(), std::size_t{3}));
    }

    bool is_complete() const {
        for (std::size_t back = 1; back <= tail_.size(); ++back) {
            auto const octet = static_cast<unsigned char>(tail_[tail_.size() - back]);
            if (octet < 0x80) return true;
            if (octet >= 0xc0) return back == (octet >= 0xf0 ? 4U : octet >= 0xe0 ? 3U : 2U);
        }
        return true;  // three continuation octets: their first is before them
    }

    void clear() { tail_.clear(); }

private:
    std::string tail_;
};

bool is_deflate_error(error_code const& ec) {
    return ec.category() == make_error_code(boost::beast::zlib::error::stream_error).category();
}

}  // namespace

struct message_stream::impl {
    impl(peer_stream p, std::uint64_t message_limit)
        : peer(p), ws(std::move(p)), close_ended(peer.get_executor()) {
        close_ended.expires_at(asio::steady_timer::time_point::max());
        // 0 would be no limit
        auto const limit =
            std::clamp<std::uint64_t>(message_limit, 1, std::numeric_limits<std::size_t>::max());
        ws.read_message_max(static_cast<std::size_t>(limit));
        ws.auto_fragment(false);
        ws.write_buffer_bytes(16U << 10U);
        ws.control_callback([watched = peer](websocket::frame_type kind, auto) mutable {
            if (kind == websocket::frame_type::close) watched.begin_closing();
        });
    }

    void watch(std::weak_ptr<message_stream> const& weak) {
        auto const on_idle = [weak] {
            if (auto const self = weak.lock()) self->ask_to_close(close_code::going_away);
        };
        auto const on_abort = [weak, executor = peer.get_executor()] {
            asio::post(executor, [weak] {
                if (auto const self = weak.lock()) self->impl_->abort();
            });
        };
        peer.begin_open(on_idle, on_abort);
    }

    // What the reader cannot accept. Nothing is owed when the connection is closing anyway.
    void fail(close_code code) {
        if (!std::exchange(closing, true)) failure = code;
    }

    // In Beast 1.81 a read that has found a breach of protocol and a close that cannot write yet
    // wait for each other, and a write for both. When the socket is closed under them nothing
    // wakes them but this.
    void abort() {
        abort_read.emit(asio::cancellation_type::terminal);
        abort_write.emit(asio::cancellation_type::terminal);
        abort_close.emit(asio::cancellation_type::terminal);
    }

    // A buffer that a bomb has filled is not kept.
    void renew_buffer() {
        if (buffer && used <= plain_piece) return;
        buffer = std::make_unique_for_overwrite<char[]>(piece_size);
        used = 0;
    }

    peer_stream peer;
    websocket::stream<peer_stream> ws;
    std::size_t piece_size = plain_piece;
    std::unique_ptr<char[]> buffer;
    std::size_t used = 0;
    text_tail tail;
    bool open = false;                  ///< the 101 is out
    std::optional<close_code> wanted;   ///< a close asked for before that
    bool closing = false;               ///< somebody has begun to end the connection
    bool close_runs = false;            ///< send_close() is to come or under way
    asio::steady_timer close_ended;     ///< never expires: cancelled when that changes
    std::optional<close_code> failure;  ///< the Close that finish() owes
    asio::cancellation_signal abort_read;
    asio::cancellation_signal abort_write;
    asio::cancellation_signal abort_close;
};

message_stream::message_stream(peer_stream peer, std::uint64_t message_limit)
    : impl_(std::make_unique<impl>(std::move(peer), message_limit)) {}

message_stream::~message_stream() = default;

task<bool> message_stream::accept(upgrade agreed) {
    auto& ws = impl_->ws;
    if (agreed.expects_continue) {
        // RFC 9110 section 7.8: 100 before 101. Beast would add a Content-Length to it.
        static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        auto [failed, n] = co_await asio::async_write(impl_->peer, asio::buffer(go_on), no_throw);
        if (failed) co_return false;
    }
    ws.set_option(deflate_options(agreed.deflate.has_value()));
    if (agreed.deflate) impl_->piece_size = deflate_piece;
    ws.set_option(websocket::stream_base::decorator(
        [name = agreed.subprotocol](websocket::response_type& response) {
            response.set(http::field::server, "wsproof-echo");
            if (!name.empty()) response.set(http::field::sec_websocket_protocol, name);
        }));
    auto const request = canonical_request(agreed);
    auto [failed] = co_await ws.async_accept(request, no_throw);
    if (failed) co_return false;
    impl_->watch(weak_from_this());
    impl_->open = true;
    if (impl_->wanted) ask_to_close(*impl_->wanted);
    co_return true;
}

task<bool> message_stream::read(piece& next) {
    auto& i = *impl_;
    i.renew_buffer();
    auto [failed, n] =
        co_await i.ws.async_read_some(asio::buffer(i.buffer.get(), i.piece_size),
                                      asio::bind_cancellation_slot(i.abort_read.slot(), no_throw));
    if (failed) {
        // Beast has no Close frame for data that does not inflate, and sends none once it failed.
        if (is_deflate_error(failed)) i.fail(close_code::invalid_data);
        co_return false;
    }
    i.used = std::max(i.used, n);
    next = {i.ws.got_text(), i.ws.is_message_done(), {i.buffer.get(), n}};
    if (next.text) i.tail.append(next.octets);
    if (next.last) {
        if (!i.tail.is_complete()) {
            i.fail(close_code::invalid_data);
            co_return false;
        }
        i.tail.clear();
    }
    co_return true;
}

task<bool> message_stream::read_message(message& next, std::uint64_t limit) {
    piece part;
    next.payload.clear();
    do {
        bool const more = co_await read(part);
        if (!more) co_return false;
        if (part.octets.size() > limit - next.payload.size()) {
            impl_->fail(close_code::too_big);
            co_return false;
        }
        next.payload += part.octets;
    } while (!part.last);
    next.text = part.text;
    co_return true;
}

task<bool> message_stream::write(std::string_view payload, bool text) {
    auto& i = *impl_;
    i.ws.text(text);
    auto [failed, n] = co_await i.ws.async_write(
        asio::buffer(payload), asio::bind_cancellation_slot(i.abort_write.slot(), no_throw));
    co_return !failed;
}

void message_stream::ask_to_close(close_code code) {
    if (!impl_->open) {
        if (!impl_->wanted) impl_->wanted = code;
        return;
    }
    if (std::exchange(impl_->closing, true)) return;
    impl_->close_runs = true;
    spawn(impl_->peer.get_executor(), send_close(shared_from_this(), code), "closing handshake");
}

task<void> message_stream::close(close_code code) {
    if (std::exchange(impl_->closing, true)) co_return;
    impl_->close_runs = true;
    co_await send_close(shared_from_this(), code);
}

// Beast itself gives up, without a second Close, when the connection is closing already.
task<void> message_stream::send_close(std::shared_ptr<message_stream> self, close_code code) {
    auto& i = *self->impl_;
    i.peer.begin_closing();
    websocket::close_reason const reason{static_cast<std::uint16_t>(code)};
    co_await i.ws.async_close(reason, asio::bind_cancellation_slot(i.abort_close.slot(), no_throw));
    i.close_runs = false;
    i.close_ended.cancel();
}

task<void> message_stream::finish() {
    auto& i = *impl_;
    while (i.close_runs) co_await i.close_ended.async_wait(no_throw);
    if (i.failure) {
        auto const code = static_cast<unsigned>(*i.failure);
        std::array<unsigned char, 4> const frame{0x88, 0x02, static_cast<unsigned char>(code >> 8U),
                                                 static_cast<unsigned char>(code & 0xffU)};
        i.peer.begin_closing();
        co_await asio::async_write(i.peer, asio::buffer(frame), no_throw);
    }
    co_await i.peer.finish();
}

}  // namespace wsproof::reference
