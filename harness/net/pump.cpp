#include "net/pump.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <exception>

namespace wsproof {
namespace {

using clock = std::chrono::steady_clock;

// What the reader and the pump share. One reader, never raced; only the pump writes.
struct link {
    link(std::shared_ptr<stream> socket, asio::any_io_executor const& executor, std::uint64_t most)
        : connection(std::move(socket)), wake(executor), stalled(executor), inbox_limit(most) {
        wake.expires_at(clock::time_point::max());
    }

    std::shared_ptr<stream> connection;
    asio::steady_timer wake;     // cancelled by the reader when something came
    asio::steady_timer stalled;  // closes the socket when a write does not get through
    std::deque<octets> inbox;
    std::uint64_t inbox_size = 0, inbox_limit;
    std::optional<end_reason> ended;
    bool reading = true;
    bool writing = false;
    bool write_failed = false;
    bool write_stalled = false;
    std::exception_ptr trouble;
};

asio::awaitable<void> read_all(std::shared_ptr<link> shared) {
    std::array<std::uint8_t, 16 * 1024> buffer;
    while (!shared->ended) {
        auto const [error, size] = co_await shared->connection->read_some(buffer);
        if (size > 0) {
            shared->inbox.emplace_back(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
            shared->inbox_size += size;
        }
        if (error) {
            shared->ended = is_orderly_end(error) ? end_reason::fin : end_reason::reset;
        } else if (shared->inbox_size > shared->inbox_limit) {
            shared->ended = end_reason::flooded;
        }
        shared->wake.cancel();
    }
}

// A peer that reads nothing more must not hold the pump: its socket is closed after the time limit.
void guard_writes(std::shared_ptr<link> const& shared, duration limit) {
    shared->writing = true;
    shared->stalled.expires_after(limit);
    shared->stalled.async_wait([shared](error_code const& error) {
        if (error || !shared->writing) return;
        shared->write_stalled = true;
        shared->connection->close();
    });
}

// No system tells whether the peer has read; two milliseconds are long for a peer that waits.
asio::awaitable<void> let_peer_read() {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(2));
    (void)co_await timer.async_wait(use_tuple);
}

asio::awaitable<void> carry_out(std::shared_ptr<link> shared, player& one, duration limit) {
    auto const actions = one.take_actions();
    if (actions.empty()) co_return;
    guard_writes(shared, limit);
    for (auto const& next : actions) {
        switch (next.what) {
            case action::kind::write:
                // an error shows itself to the reader, which also gets what was sent before it; after
                // one Asio would wait in vain for the dead socket to take more
                if (shared->write_failed) break;
                shared->write_failed = bool(co_await shared->connection->write(next.data));
                break;
            case action::kind::pause: co_await let_peer_read(); break;
            case action::kind::shutdown: shared->connection->shutdown_send(); break;
            case action::kind::reset: shared->connection->reset_on_close(); break;
            case action::kind::drop: break;
        }
    }
    shared->writing = false;
    shared->stalled.cancel();
}

// Gives the player what has come, the oldest first.
void deliver(link& shared, player& one, duration now) {
    if (!shared.inbox.empty()) {
        auto const data = std::move(shared.inbox.front());
        shared.inbox.pop_front();
        shared.inbox_size -= data.size();
        one.on_octets(data, now);
    } else if (shared.ended) {
        one.on_end(shared.write_stalled ? end_reason::reset : *shared.ended, now);
    } else {
        one.on_time(now);
    }
}

}  // namespace

asio::awaitable<trace> pump(std::shared_ptr<stream> connection, test_case const& played,
                            play_settings settings) {
    auto const executor = co_await asio::this_coro::executor;
    auto const limit = settings.reply_limit;
    player one(played, std::move(settings));
    auto shared = std::make_shared<link>(std::move(connection), executor, one.most_octets());
    auto const start = clock::now();
    auto const now = [start] { return std::chrono::duration_cast<duration>(clock::now() - start); };

    asio::co_spawn(executor, read_all(shared), [shared](std::exception_ptr trouble) {
        shared->trouble = trouble;
        shared->reading = false;
        shared->wake.cancel();
    });
    one.on_open(now());
    while (!one.done()) {
        co_await carry_out(shared, one, limit);
        if (shared->inbox.empty() && !shared->ended && shared->reading) {
            auto const until = one.deadline();
            shared->wake.expires_at(until ? start + *until : clock::time_point::max());
            (void)co_await shared->wake.async_wait(use_tuple);
        }
        if (!shared->reading && !shared->ended) shared->ended = end_reason::reset;
        deliver(*shared, one, now());
    }
    co_await carry_out(shared, one, limit);
    shared->connection->close();
    while (shared->reading) {
        shared->wake.expires_at(clock::time_point::max());
        (void)co_await shared->wake.async_wait(use_tuple);
    }
    if (shared->trouble) std::rethrow_exception(shared->trouble);
    co_return one.take_trace();
}

}  // namespace wsproof
