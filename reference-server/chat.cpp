#include "reference-server/chat.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

namespace wsproof::reference {

struct chat_room::member {
    explicit member(std::shared_ptr<message_stream> s, asio::any_io_executor const& executor)
        : stream(std::move(s)), changed(executor) {
        changed.expires_at(std::chrono::steady_clock::time_point::max());
    }

    std::shared_ptr<message_stream> stream;
    std::deque<std::shared_ptr<message const>> queue;
    std::size_t queued = 0;
    bool leaving = false;        ///< set by the reader: the writer is to end
    bool finished = false;       ///< set by the writer
    asio::steady_timer changed;  ///< never expires: cancelled when anything above changes
};

namespace {

using member_pointer = std::shared_ptr<chat_room::member>;

void drop_queue(chat_room::member& m) {
    m.queue.clear();
    m.queued = 0;
}

task<void> deliver(member_pointer m) {
    while (!m->leaving) {
        if (m->queue.empty()) {
            co_await m->changed.async_wait(no_throw);
            continue;
        }
        auto const next = m->queue.front();
        m->queue.pop_front();
        bool const sent = co_await m->stream->write(next->payload, next->text);
        if (!sent) break;
        m->queued -= std::min(m->queued, next->payload.size());
    }
    m->finished = true;
    m->changed.cancel();
}

}  // namespace

void chat_room::join(std::shared_ptr<member> m) { members_.push_back(std::move(m)); }

void chat_room::leave(std::shared_ptr<member> const& m) { std::erase(members_, m); }

void chat_room::send(message said) {
    auto const shared = std::make_shared<message const>(std::move(said));
    for (auto const& m : members_) {
        if (m->queued + shared->payload.size() > queue_limit) {
            drop_queue(*m);
            m->stream->ask_to_close(close_code::policy);
            continue;
        }
        m->queue.push_back(shared);
        m->queued += shared->payload.size();
        m->changed.cancel();
    }
}

task<void> chat(std::shared_ptr<message_stream> stream, peer_stream peer,
                std::shared_ptr<chat_room> room) {
    auto const self = std::make_shared<chat_room::member>(stream, peer.get_executor());
    room->join(self);
    spawn(peer.get_executor(), deliver(self), "chat");
    message said;
    while (co_await stream->read_message(said, chat_room::message_limit)) room->send(said);

    room->leave(self);
    self->leaving = true;
    drop_queue(*self);
    peer.begin_closing();  // bounds the wait for a writer whose peer does not read
    self->changed.cancel();
    while (!self->finished) co_await self->changed.async_wait(no_throw);
}

}  // namespace wsproof::reference
