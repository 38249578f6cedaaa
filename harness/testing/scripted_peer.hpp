// A peer that says what it is told, for virtual_link: octets by the number of the message they answer.
#pragma once

#include <string>
#include <vector>

#include "wire/frame.hpp"
#include "wire/handshake.hpp"

namespace wsproof::testing {

/// Opens the connection correctly; then, whenever octets arrive, sends the next reply.
class scripted_peer {
public:
    std::vector<octets> replies;       ///< one for each delivery behind the handshake
    bool close_at_end = false;         ///< FIN when there are no replies left
    bool reset_at_end = false;
    std::string response_fields;       ///< more lines for the 101, with CRLF
    std::string response;              ///< the whole response instead; {accept} is filled in

    void on_octets(octets_view data) {
        if (!opened_) {
            append(request_, data);
            open();
        } else if (next_ < replies.size()) {
            append(output_, replies[next_++]);
        }
        ended_ = opened_ && next_ >= replies.size();
    }
    void on_end() { half_closed = true; }
    octets take_output() { return std::exchange(output_, {}); }
    bool wants_close() const { return close_at_end && ended_ && output_.empty(); }
    bool wants_reset() const { return reset_at_end && ended_ && output_.empty(); }

    octets const& request() const { return request_; }
    bool half_closed = false;

private:
    void open() {
        auto const parsed = parse_head(request_, request_.size() + 1);
        auto const* head = std::get_if<http_head>(&parsed);
        if (head == nullptr) return;
        auto const accept = accept_key(head->value("Sec-WebSocket-Key").value_or(""));
        auto text = response.empty() ? "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                       "Sec-WebSocket-Accept: {accept}\r\n" + response_fields + "\r\n"
                                     : response;
        if (auto const at = text.find("{accept}"); at != std::string::npos) text.replace(at, 8, accept);
        append(output_, text);
        opened_ = true;
        // what was glued to the request is a delivery of its own
        if (head->raw.size() < request_.size() && next_ < replies.size()) append(output_, replies[next_++]);
    }

    octets request_, output_;
    std::size_t next_ = 0;
    bool opened_ = false, ended_ = false;
};

}  // namespace wsproof::testing
