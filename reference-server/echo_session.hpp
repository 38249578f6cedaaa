#pragma once
// The connections of a server: each from its first octet to its last, and what they share.

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>

#include "reference-server/chat.hpp"
#include "reference-server/echo_server.hpp"
#include "reference-server/message_stream.hpp"
#include "reference-server/peer_stream.hpp"

namespace wsproof::reference {

/// Owned by shared_ptr: the coroutines of its connections hold it.
class echo_house : public std::enable_shared_from_this<echo_house> {
public:
    echo_house(echo_options options, std::optional<asio::ssl::context> tls,
               asio::any_io_executor const& executor);

    /// Serves the connection; beyond the limit with a 503, far beyond it by closing.
    void admit(peer_stream::socket_type socket);

    /// Sends Close 1001 to all, and closes after `grace` those that are still there.
    void stop(std::chrono::milliseconds grace);

    /// The only member that another thread may call.
    std::size_t connections() const { return count_; }

private:
    struct session {
        peer_stream peer;
        std::shared_ptr<message_stream> stream;  ///< once the request is accepted
    };
    using session_pointer = std::shared_ptr<session>;
    using house_pointer = std::shared_ptr<echo_house>;
    class registration;

    static task<void> serve(house_pointer house, session_pointer self, bool busy);
    static task<void> converse(house_pointer house, session_pointer self, bool busy);
    static task<void> talk(house_pointer house, session_pointer self, upgrade agreed);
    static task<void> close_the_rest(house_pointer house, std::chrono::milliseconds grace);

    echo_options options_;
    std::optional<asio::ssl::context> tls_;
    std::shared_ptr<chat_room> room_;
    std::set<session_pointer> sessions_;
    asio::steady_timer grace_;
    std::atomic<std::size_t> count_{0};
};

}  // namespace wsproof::reference
