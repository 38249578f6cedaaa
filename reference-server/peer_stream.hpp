#pragma once
// One accepted connection, TCP or unix, plain or TLS, as a single type of stream for Beast, with
// its deadline and with an end that loses nothing.

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "reference-server/echo_async.hpp"

namespace wsproof::reference {

struct peer_timeouts {
    std::chrono::milliseconds handshake{10'000};
    std::chrono::milliseconds idle{0};
    std::chrono::milliseconds close{5'000};
};

/// A handle: copies share the connection. It goes through three phases, each with a deadline:
/// the handshake (when it is over, pending I/O is cancelled so that a 408 can still be sent), the
/// open connection (on_idle is called) and the closing (the socket is closed).
class peer_stream {
public:
    using socket_type = asio::generic::stream_protocol::socket;
    using executor_type = asio::any_io_executor;
    using clock = std::chrono::steady_clock;

    /// With a TLS context, call handshake() before anything else.
    peer_stream(socket_type socket, asio::ssl::context* tls, peer_timeouts timeouts);

    executor_type get_executor() const { return shared_->socket.get_executor(); }

    task<error_code> handshake();
    bool is_tls() const { return shared_->tls.has_value(); }
    bool timed_out() const { return shared_->timed_out; }  ///< the handshake took too long

    /// Both are called at most once, and dropped when the socket is closed.
    void begin_open(std::function<void()> on_idle, std::function<void()> on_abort);
    /// From here on the close timeout runs, whatever the peer does.
    void begin_closing() { shared_->begin_closing(); }

    /// These octets are read again before any others: what came behind the request.
    void give_back(std::string octets) { shared_->given_back = std::move(octets); }

    /// Sends close_notify and FIN, then reads and drops until the peer's FIN or the deadline:
    /// a socket closed with unread octets sends RST, which may destroy our last words.
    task<void> finish() { return finish(shared_); }

    /// Closes the socket now; pending operations end with an error.
    void abort() { shared_->abort(); }

    template <class Buffers, class Token>
    auto async_read_some(Buffers const& buffers, Token&& token) {
        shared_->touch();
        return asio::async_initiate<Token, void(error_code, std::size_t)>(start_read{}, token,
                                                                          shared_, buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(Buffers const& buffers, Token&& token) {
        shared_->touch();
        return asio::async_initiate<Token, void(error_code, std::size_t)>(start_write{}, token,
                                                                          shared_, buffers);
    }

private:
    enum class phase { handshake, open, closing };

    struct shared {
        shared(socket_type s, asio::ssl::context* context, peer_timeouts t);
        void touch();
        void set_deadline(clock::time_point when);
        void begin_closing();
        void expire();
        void abort();

        socket_type socket;
        std::optional<asio::ssl::stream<socket_type&>> tls;
        asio::steady_timer timer;
        peer_timeouts timeouts;
        clock::time_point deadline;
        phase now = phase::handshake;
        bool timed_out = false;
        bool finished = false;
        std::function<void()> on_idle;
        std::function<void()> on_abort;
        std::string given_back;
    };
    using shared_pointer = std::shared_ptr<shared>;

    struct start_read {
        template <class Handler, class Buffers>
        void operator()(Handler&& handler, shared_pointer const& s, Buffers const& buffers) const {
            if (!s->given_back.empty()) {
                auto const n = asio::buffer_copy(buffers, asio::buffer(s->given_back));
                s->given_back.erase(0, n);
                asio::post(s->socket.get_executor(),
                           boost::beast::bind_front_handler(std::forward<Handler>(handler),
                                                            error_code{}, n));
            } else if (s->tls) {
                s->tls->async_read_some(buffers, std::forward<Handler>(handler));
            } else {
                s->socket.async_read_some(buffers, std::forward<Handler>(handler));
            }
        }
    };

    struct start_write {
        template <class Handler, class Buffers>
        void operator()(Handler&& handler, shared_pointer const& s, Buffers const& buffers) const {
            if (s->tls)
                s->tls->async_write_some(buffers, std::forward<Handler>(handler));
            else
                s->socket.async_write_some(buffers, std::forward<Handler>(handler));
        }
    };

    static task<void> watch(shared_pointer s);
    static task<void> finish(shared_pointer s);

    /// Beast ends a WebSocket connection through this. Its own teardown of a socket closes it
    /// after one read, so that a peer which is still sending is answered with RST.
    template <class Handler>
    friend void async_teardown(boost::beast::role_type, peer_stream& peer, Handler&& handler) {
        asio::co_spawn(peer.get_executor(), finish(peer.shared_),
                       [h = std::forward<Handler>(handler)](std::exception_ptr const&) mutable {
                           std::move(h)(error_code{});
                       });
    }

    friend void beast_close_socket(peer_stream& peer) { peer.abort(); }

    shared_pointer shared_;
};

}  // namespace wsproof::reference
