// A client that says what it is told, for virtual_link: its request, then octets by the number of the
// delivery they answer.
#pragma once

#include <string>
#include <vector>

#include "wire/frame.hpp"
#include "wire/handshake.hpp"

namespace wsproof::testing {

class scripted_client {
public:
    std::string request =
        "GET /run HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    std::vector<octets> replies;  ///< the first answers what comes with or behind the response
    bool ends_at_response = false;  ///< FIN instead of taking the response
    bool ends_at_end = true;        ///< FIN when there are no replies left

    void on_octets(octets_view data) {
        append(received_, data);
        bool const first = !answered_;
        if (first) {
            auto const parsed = parse_head(received_, received_.size() + 1);
            auto const* head = std::get_if<http_head>(&parsed);
            if (head == nullptr) return;
            answered_ = true;
            ended_ = ends_at_response;
            if (head->raw.size() == received_.size()) return;
        }
        if (next_ < replies.size()) append(output_, replies[next_++]);
    }
    void on_end() { half_closed = ended_ = true; }
    octets take_output() {
        if (!std::exchange(asked_, true)) return to_octets(request);
        return std::exchange(output_, {});
    }
    bool wants_close() const {
        bool const silent = answered_ && next_ >= replies.size() && output_.empty();
        return asked_ && output_.empty() && (ended_ || (ends_at_end && !replies.empty() && silent));
    }
    bool wants_reset() const { return false; }

    octets const& received() const { return received_; }
    bool half_closed = false;

private:
    octets received_, output_;
    std::size_t next_ = 0;
    bool asked_ = false, answered_ = false, ended_ = false;
};

}  // namespace wsproof::testing
