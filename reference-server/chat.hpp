#pragma once
// `/chat`: what one client sends, all of them get.

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "reference-server/message_stream.hpp"

namespace wsproof::reference {

/// The clients of one server. A client that does not take its messages while others are sent is
/// closed with 1008 instead of being kept in memory for.
class chat_room {
public:
    static constexpr std::size_t queue_limit = 4U << 20U;    ///< octets waiting for one client
    static constexpr std::size_t message_limit = 1U << 20U;  ///< of a chat message

    struct member;

    void join(std::shared_ptr<member> m);
    void leave(std::shared_ptr<member> const& m);
    void send(message said);

private:
    std::vector<std::shared_ptr<member>> members_;
};

/// Serves one client until it is gone. The caller finishes the stream.
task<void> chat(std::shared_ptr<message_stream> stream, peer_stream peer,
                std::shared_ptr<chat_room> room);

}  // namespace wsproof::reference
