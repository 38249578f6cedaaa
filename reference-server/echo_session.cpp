#include "reference-server/echo_session.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/verb.hpp>
#include <cstdint>
#include <utility>
#include <variant>

#include "reference-server/http_head.hpp"
#include "reference-server/upgrade.hpp"
#include "reference-server/upload.hpp"

namespace wsproof::reference {

namespace {

constexpr std::size_t polite_refusals = 64;  ///< connections beyond the limit that get a 503
constexpr std::size_t kept_capacity = 1U << 20U;

task<void> echo(std::shared_ptr<message_stream> stream, std::uint64_t limit) {
    message next;
    while (co_await stream->read_message(next, limit)) {
        bool const sent = co_await stream->write(next.payload, next.text);
        if (!sent) co_return;
        if (next.payload.capacity() > kept_capacity) next.payload = {};
    }
}

}  // namespace

// Counts a connection while its coroutine lives, and lets go of the socket whatever happens.
class echo_house::registration {
public:
    registration(house_pointer house, session_pointer self)
        : house_(std::move(house)), self_(std::move(self)) {}
    ~registration() {
        self_->peer.abort();
        house_->sessions_.erase(self_);
        house_->count_ = house_->sessions_.size();
        if (house_->sessions_.empty()) house_->grace_.cancel();
    }
    registration(registration const&) = delete;
    registration& operator=(registration const&) = delete;

private:
    house_pointer house_;
    session_pointer self_;
};

echo_house::echo_house(echo_options options, std::optional<asio::ssl::context> tls,
                       asio::any_io_executor const& executor)
    : options_(std::move(options)),
      tls_(std::move(tls)),
      room_(std::make_shared<chat_room>()),
      grace_(executor) {}

void echo_house::admit(peer_stream::socket_type socket) {
    auto const open = sessions_.size();
    if (open >= options_.connection_limit + polite_refusals) return;  // closed by its destructor
    error_code not_tcp;
    socket.set_option(asio::ip::tcp::no_delay(true), not_tcp);
    peer_timeouts const timeouts{options_.handshake_timeout, options_.idle_timeout,
                                 options_.close_timeout};
    auto const executor = socket.get_executor();
    auto self = std::make_shared<session>(
        session{peer_stream{std::move(socket), tls_ ? &*tls_ : nullptr, timeouts}, nullptr});
    sessions_.insert(self);
    count_ = sessions_.size();
    spawn(executor, serve(shared_from_this(), self, open >= options_.connection_limit), "session");
}

task<void> echo_house::serve(house_pointer house, session_pointer self, bool busy) {
    registration const counted{house, self};
    co_await converse(house, self, busy);
    co_await self->peer.finish();
}

task<void> echo_house::converse(house_pointer house, session_pointer self, bool busy) {
    auto const tls_failed = co_await self->peer.handshake();
    if (tls_failed) co_return;
    auto read = co_await read_head(self->peer, house->options_.header_limit);
    bool with_body = true;
    if (read.head) {
        with_body = read.head->method() != boost::beast::http::verb::head;
        auto decision = check_upgrade(*read.head, house->options_);
        if (busy) decision = refusal{503, "Too many connections.", {}};
        if (auto* agreed = std::get_if<upgrade>(&decision)) {
            self->peer.give_back(std::move(read.rest));
            co_await talk(house, self, *agreed);
            co_return;
        }
        read.refused = std::get<refusal>(decision);
    }
    if (read.refused) co_await refuse(self->peer, *read.refused, with_body);
}

task<void> echo_house::talk(house_pointer house, session_pointer self, upgrade agreed) {
    auto const limit = house->options_.message_limit;
    auto const stream = std::make_shared<message_stream>(self->peer, limit);
    self->stream = stream;
    bool const accepted = co_await stream->accept(agreed);
    if (!accepted) co_return;
    switch (agreed.target) {
        case endpoint::echo:
            co_await echo(stream, limit);
            break;
        case endpoint::chat:
            co_await chat(stream, self->peer, house->room_);
            break;
        case endpoint::upload:
            co_await receive_uploads(stream);
            break;
    }
    co_await stream->finish();
}

void echo_house::stop(std::chrono::milliseconds grace) {
    auto const all = sessions_;  // an aborted one may leave while we look
    for (auto const& s : all) {
        if (s->stream)
            s->stream->ask_to_close(close_code::going_away);
        else
            s->peer.abort();
    }
    if (!all.empty())
        spawn(grace_.get_executor(), close_the_rest(shared_from_this(), grace), "stop");
}

task<void> echo_house::close_the_rest(house_pointer house, std::chrono::milliseconds grace) {
    house->grace_.expires_after(grace);
    co_await house->grace_.async_wait(no_throw);
    auto const left = house->sessions_;
    for (auto const& s : left) s->peer.abort();
}

}  // namespace wsproof::reference
