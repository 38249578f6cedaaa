// From the octets of a peer to events: the request or response, then frames, messages and breaches.
#pragma once

#include <optional>
#include <vector>

#include "play/event.hpp"
#include "rules/frame_rules.hpp"
#include "rules/handshake_rules.hpp"
#include "wire/deflate.hpp"
#include "wire/frame_reader.hpp"

namespace wsproof {

/// Used while a case is played and again when its trace is judged. Feed octets as they come; the
/// events do not depend on the cuts. Never stops at a breach: it becomes an event.
class decoder {
public:
    /// `message_limit` bounds a frame and an inflated message.
    decoder(role sender, std::uint64_t message_limit);

    /// What the harness's request asked for; needed before the response of a server arrives.
    void expect(request_facts asked) { asked_ = std::move(asked); }
    /// What the harness answered to the request of a client; needed before frames arrive. False: its
    /// head is not complete.
    bool answer_with(octets_view response);
    /// Appends the events that these octets complete.
    void feed(octets_view data, std::vector<event>& out);
    /// The peer sent more control frames and messages than any case asks for; the rest is not looked at.
    bool overrun() const noexcept { return frames_ > most_frames; }
    /// The stream ended: what is unfinished becomes an event.
    void finish(std::vector<event>& out);

    bool answered() const noexcept { return answered_; }  ///< a request or final response is there
    bool opened() const noexcept { return opened_; }      ///< and frames may follow it
    request_facts const& asked() const noexcept { return asked_; }
    std::optional<deflate_parameters> const& agreed() const noexcept { return agreed_; }

private:
    static constexpr std::size_t most_frames = 8192;  // an event costs far more memory than its octets

    std::string head_word() const { return state_.sender == role::client ? "request" : "response"; }
    void read_head(std::vector<event>& out);
    void take_request(http_head head, std::vector<event>& out);
    void take_response(http_head head, std::vector<event>& out);
    void agree(std::optional<deflate_parameters> agreed);
    void read_frames(std::vector<event>& out);
    void take_frame(frame received, std::vector<event>& out);
    void take_data(frame received, std::vector<event>& out);
    void finish_message(std::vector<event>& out);
    void inflate_message(std::vector<event>& out);

    frame_state state_;
    frame_reader reader_;
    request_facts asked_;
    std::uint64_t message_limit_;
    octets head_;
    std::size_t frames_ = 0;
    bool answered_ = false;
    bool opened_ = false;
    bool lost_ = false;  // no frames follow, or the framing cannot be followed any more
    std::optional<deflate_parameters> agreed_;
    std::optional<inflater> inflater_;
    message_event message_;
};

}  // namespace wsproof
