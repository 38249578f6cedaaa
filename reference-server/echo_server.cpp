#include "reference-server/echo_server.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "reference-server/echo_async.hpp"
#include "reference-server/echo_listener.hpp"
#include "reference-server/echo_session.hpp"

namespace wsproof {

namespace {

namespace asio = boost::asio;
using reference::echo_house;
using reference::task;

constexpr std::chrono::milliseconds longest_grace{1000};
constexpr std::chrono::milliseconds accept_pause{50};

}  // namespace

// `io` stands first, so that it outlives what uses it.
struct echo_server::impl {
    explicit impl(echo_options const& options)
        : acceptor(reference::listen_at(io, options)),
          signals(io),
          house(std::make_shared<echo_house>(options, reference::load_tls(options),
                                             io.get_executor())),
          port(reference::port_of(acceptor)),
          unix_path(options.unix_path),
          grace(std::min(options.close_timeout, longest_grace)) {}

    ~impl() {
        if (!unix_path.empty()) ::unlink(unix_path.c_str());
    }

    static task<void> accept_all(impl* self);
    void watch_signals();
    void close_down();
    void serve();
    void stop();

    asio::io_context io{1};
    reference::echo_acceptor acceptor;
    asio::signal_set signals;
    std::shared_ptr<echo_house> house;
    std::uint16_t port;
    std::string unix_path;
    std::chrono::milliseconds grace;
    bool closed_down = false;  ///< on the serving thread

    std::mutex mutex;
    std::condition_variable ended;
    bool serving = false;  ///< guarded, like the next two
    bool stopped = false;
    std::thread thread;
};

// The impl outlives its io_context's run, and with it this coroutine.
task<void> echo_server::impl::accept_all(impl* self) {
    asio::steady_timer pause{self->io};
    while (self->acceptor.is_open()) {
        auto [failed, socket] = co_await self->acceptor.async_accept(reference::no_throw);
        if (!failed) {
            self->house->admit(std::move(socket));
        } else if (failed != asio::error::operation_aborted) {
            // No descriptor left, or a client that went away: neither is worth a busy loop.
            pause.expires_after(accept_pause);
            co_await pause.async_wait(reference::no_throw);
        }
    }
}

void echo_server::impl::watch_signals() {
    signals.add(SIGINT);
    signals.add(SIGTERM);
    signals.async_wait([this](boost::system::error_code const& failed, int) {
        if (!failed) close_down();
    });
}

void echo_server::impl::close_down() {
    if (std::exchange(closed_down, true)) return;
    boost::system::error_code ignored;
    acceptor.close(ignored);
    signals.cancel(ignored);
    house->stop(grace);
}

// Returns when nothing is left to do, which is after close_down().
void echo_server::impl::serve() {
    reference::spawn(io.get_executor(), accept_all(this), "accept");
    for (bool again = true; again;) {
        try {
            io.run();
            again = false;
        } catch (std::exception const& e) {
            std::fprintf(stderr, "reference server: %s\n", e.what());
        }
    }
    std::lock_guard const lock{mutex};
    serving = false;
    ended.notify_all();
}

void echo_server::impl::stop() {
    std::unique_lock lock{mutex};
    stopped = true;
    asio::post(io, [this] { close_down(); });
    ended.wait(lock, [this] { return !serving; });
    auto finished = std::exchange(thread, std::thread{});
    lock.unlock();
    if (finished.joinable()) finished.join();
}

echo_server::echo_server(echo_options options) : impl_(std::make_unique<impl>(options)) {}

echo_server::~echo_server() { stop(); }

std::uint16_t echo_server::port() const { return impl_->port; }

void echo_server::start() {
    std::lock_guard const lock{impl_->mutex};
    if (impl_->serving || impl_->stopped) return;
    impl_->serving = true;
    impl_->thread = std::thread{[this] { impl_->serve(); }};
}

void echo_server::run(std::function<void()> const& ready) {
    {
        std::lock_guard const lock{impl_->mutex};
        if (impl_->serving || impl_->stopped) return;
        impl_->serving = true;
    }
    impl_->watch_signals();
    if (ready) ready();
    impl_->serve();
}

void echo_server::stop() { impl_->stop(); }

std::size_t echo_server::connections() const { return impl_->house->connections(); }

}  // namespace wsproof
