#include "play/decoder.hpp"

#include <utility>

#include "play/script.hpp"
#include "rules/close_rules.hpp"

namespace wsproof {
namespace {

constexpr std::size_t head_limit = 64 * 1024;

void emit(std::vector<event>& out, event::kind what) { out.push_back(event{.what = std::move(what)}); }

void emit_all(std::vector<event>& out, std::vector<violation> breaches) {
    for (auto& breach : breaches) emit(out, violation_event{std::move(breach)});
}

bool any_fatal(std::vector<violation> const& breaches) {
    for (auto const& breach : breaches)
        if (info_of(breach.what).fatal) return true;
    return false;
}

}  // namespace

decoder::decoder(role sender, std::uint64_t message_limit)
    : reader_(message_limit), message_limit_(message_limit) {
    state_.sender = sender;
}

void decoder::feed(octets_view data, std::vector<event>& out) {
    if (lost_) return;
    if (!answered_) {
        append(head_, data);
        read_head(out);
        return;
    }
    reader_.feed(data);
    read_frames(out);
}

void decoder::read_head(std::vector<event>& out) {
    while (!answered_) {
        auto parsed = parse_head(head_, head_limit);
        if (std::holds_alternative<head_incomplete>(parsed)) return;
        if (std::holds_alternative<head_too_large>(parsed)) {
            emit(out, garbage_event{"no HTTP " + head_word() + " head within " + std::to_string(head_limit) +
                                    " octets"});
            answered_ = lost_ = true;
            return;
        }
        auto& head = std::get<http_head>(parsed);
        octets const rest(head_.begin() + static_cast<std::ptrdiff_t>(head.raw.size()), head_.end());
        if (state_.sender == role::client)
            take_request(std::move(head), out);
        else
            take_response(std::move(head), out);
        head_ = rest;
    }
    reader_.feed(head_);
    head_.clear();
    if (!lost_) read_frames(out);
}

// A request without a key cannot be answered; any other is, so that the rest can be tested too.
void decoder::take_request(http_head head, std::vector<event>& out) {
    asked_ = facts_of(head);
    request_event request;
    request.violations = check_request(head);
    request.valid = !any_fatal(request.violations);
    answered_ = true;
    opened_ = head.has("Sec-WebSocket-Key");
    lost_ = !opened_;
    request.head = std::move(head);
    emit(out, std::move(request));
}

bool decoder::answer_with(octets_view response) {
    auto const parsed = parse_head(response, response.size() + 1);
    auto const* const head = std::get_if<http_head>(&parsed);
    if (head != nullptr && asked_.deflate) agree(agreed_deflate(*head));
    return head != nullptr;
}

void decoder::agree(std::optional<deflate_parameters> agreed) {
    agreed_ = std::move(agreed);
    state_.deflate = agreed_.has_value();
    if (!agreed_) return;
    auto const window = window_of(*agreed_, state_.sender);
    inflater_.emplace(window.bits, window.takeover);
}

void decoder::take_response(http_head head, std::vector<event>& out) {
    response_event response;
    response.status = parse_status_line(head.start_line);
    if (!response.status) {
        emit(out, garbage_event{"no HTTP status line: " + describe_octets(view_of(head.start_line), 60)});
        answered_ = lost_ = true;
        return;
    }
    auto const status = response.status->status;
    if (status >= 100 && status < 200 && status != 101) return;  // interim, RFC 9110 15.2
    response.violations = check_response(asked_, head);
    response.valid = status == 101 && !any_fatal(response.violations);
    answered_ = true;
    opened_ = response.valid;
    lost_ = !opened_;
    if (opened_) agree(agreed_deflate(head));
    response.head = std::move(head);
    emit(out, std::move(response));
}

void decoder::read_frames(std::vector<event>& out) {
    while (auto received = lost_ ? std::nullopt : reader_.next()) {
        // fragments that end no message make no event, and their octets are bounded
        if ((received->header.fin || is_control(received->header.op)) && ++frames_ > most_frames) {
            emit(out, garbage_event{"more than " + std::to_string(most_frames) + " control frames and messages"});
            lost_ = true;
            return;
        }
        take_frame(std::move(*received), out);
    }
    if (auto const& large = reader_.overflow()) {
        emit_all(out, check_header(*large, state_));
        emit(out, garbage_event{"a frame that declares " + std::to_string(large->length) +
                                " octets, more than anything that was sent"});
        lost_ = true;
    }
}

void decoder::take_frame(frame received, std::vector<event>& out) {
    auto breaches = check_frame(received, state_);
    bool const broken = any_fatal(breaches);
    emit_all(out, std::move(breaches));
    switch (received.header.op) {
        case opcode::ping: emit(out, ping_event{std::move(received.payload)}); return;
        case opcode::pong: emit(out, pong_event{std::move(received.payload), false}); return;
        case opcode::close: {
            auto body = parse_close(received.payload);
            emit_all(out, check_close(body, state_.sender));
            emit(out, close_event{std::move(body)});
            return;
        }
        default: break;
    }
    if (broken || is_reserved(received.header.op)) return;  // the event of the breach says enough
    take_data(std::move(received), out);
}

void decoder::take_data(frame received, std::vector<event>& out) {
    auto const& header = received.header;
    if (header.op != opcode::continuation) {
        message_ = {header.op, {}, 0, state_.deflate && (header.rsv & rsv1) != 0};
    }
    ++message_.fragments;
    if (message_.data.size() + received.payload.size() > message_limit_) {
        emit(out, garbage_event{"a message of more octets than anything that was sent"});
        lost_ = true;
        return;
    }
    if (message_.data.empty())
        message_.data = std::move(received.payload);  // large messages come in one frame
    else
        append(message_.data, received.payload);
    if (header.fin) finish_message(out);
}

void decoder::finish_message(std::vector<event>& out) {
    if (message_.compressed) {
        inflate_message(out);
        if (lost_) return;
    }
    if (message_.op == opcode::text)
        if (auto breach = check_text(message_.data)) emit(out, violation_event{std::move(*breach)});
    emit(out, std::exchange(message_, {}));
}

// RFC 7692 6.2: data that cannot be inflated fails the connection
void decoder::inflate_message(std::vector<event>& out) {
    auto result = inflater_->inflate(message_.data, message_limit_);
    if (result.outcome == inflate_outcome::too_large) {
        emit(out, garbage_event{"a message that inflates to more than anything that was sent"});
        lost_ = true;
    } else if (result.outcome != inflate_outcome::ok) {
        auto const what = result.outcome == inflate_outcome::corrupt ? rule::deflate_corrupt
                                                                     : rule::deflate_unfinished;
        emit(out, violation_event{{what, result.detail}});
        lost_ = true;
    }
    message_.data = std::move(result.data);
}

void decoder::finish(std::vector<event>& out) {
    if (lost_) return;
    if (!answered_ && !head_.empty()) {
        emit(out, garbage_event{std::to_string(head_.size()) + " octets that are no complete " + head_word()});
    } else if (answered_ && reader_.pending() > 0) {
        emit(out, garbage_event{"the stream ends inside a frame"});
    }
    lost_ = true;
}

}  // namespace wsproof
