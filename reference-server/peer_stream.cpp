#include "reference-server/peer_stream.hpp"

#include <openssl/ssl.h>

#include <array>

namespace wsproof::reference {

peer_stream::shared::shared(socket_type s, asio::ssl::context* context, peer_timeouts t)
    : socket(std::move(s)),
      timer(socket.get_executor()),
      timeouts(t),
      deadline(clock::now() + t.handshake) {
    if (context != nullptr) tls.emplace(socket, *context);
}

void peer_stream::shared::touch() {
    if (now == phase::open && timeouts.idle.count() > 0) deadline = clock::now() + timeouts.idle;
}

void peer_stream::shared::set_deadline(clock::time_point when) {
    deadline = when;
    timer.cancel();  // the watch looks at the deadline again
}

void peer_stream::shared::begin_closing() {
    if (now == phase::closing) return;
    now = phase::closing;
    set_deadline(clock::now() + timeouts.close);
}

void peer_stream::shared::expire() {
    if (now == phase::closing) {
        abort();
        return;
    }
    bool const idle = now == phase::open;
    begin_closing();
    if (idle) {
        auto const call = std::exchange(on_idle, nullptr);
        if (call) call();
    } else {
        timed_out = true;
        error_code ignored;
        socket.cancel(ignored);
    }
}

void peer_stream::shared::abort() {
    error_code ignored;
    finished = true;
    on_idle = nullptr;
    auto const call = std::exchange(on_abort, nullptr);
    socket.close(ignored);
    timer.cancel();
    if (call) call();
}

peer_stream::peer_stream(socket_type socket, asio::ssl::context* tls, peer_timeouts timeouts)
    : shared_(std::make_shared<shared>(std::move(socket), tls, timeouts)) {
    spawn(get_executor(), watch(shared_), "deadline");
}

task<void> peer_stream::watch(shared_pointer s) {
    while (s->socket.is_open()) {
        if (clock::now() >= s->deadline) {
            s->expire();
            continue;
        }
        s->timer.expires_at(s->deadline);
        co_await s->timer.async_wait(no_throw);
    }
}

task<error_code> peer_stream::handshake() {
    if (!shared_->tls) co_return error_code{};
    auto [failed] =
        co_await shared_->tls->async_handshake(asio::ssl::stream_base::server, no_throw);
    co_return failed;
}

void peer_stream::begin_open(std::function<void()> on_idle, std::function<void()> on_abort) {
    shared_->now = phase::open;
    shared_->on_idle = std::move(on_idle);
    shared_->on_abort = std::move(on_abort);
    bool const limited = shared_->timeouts.idle.count() > 0;
    shared_->set_deadline(limited ? clock::now() + shared_->timeouts.idle
                                  : clock::time_point::max());
}

task<void> peer_stream::finish(shared_pointer s) {
    if (s->finished) co_return;
    s->finished = true;
    s->begin_closing();
    if (s->tls && SSL_is_init_finished(s->tls->native_handle()) == 1) {
        // As if the peer's close_notify had come: ours goes out and is not waited for.
        SSL_set_shutdown(s->tls->native_handle(), SSL_RECEIVED_SHUTDOWN);
        co_await s->tls->async_shutdown(no_throw);
    }
    error_code failed;
    s->socket.shutdown(socket_type::shutdown_send, failed);
    std::array<char, 4096> dropped;
    while (!failed) {
        auto [ended, n] = co_await s->socket.async_read_some(asio::buffer(dropped), no_throw);
        failed = ended;
    }
    s->abort();
}

}  // namespace wsproof::reference
