#include <utility>

#include "reference-server/faulty_peer.hpp"

namespace wsproof {

namespace {

constexpr std::uint16_t normal = 1000;
constexpr std::uint16_t protocol_error = 1002;

}  // namespace

/// 5.5.1: answered with a Close frame, then the server closes TCP; 7.1.1: a client waits for that.
void faulty_peer::on_close(octets_view payload) {
    if (is(fault::close_inside_message_ignored) && type_) return;
    if (is(fault::long_close_ignored) && payload.size() == 125) return;
    if (is(fault::close_with_reason_ignored) && payload.size() > 2) return;
    if (is(fault::empty_close_ignored) && payload.empty()) return;
    if (phase_ == phase::closing) {
        if (is(fault::second_close_answered)) send_close(payload);
        return;
    }
    if (is(fault::close_inside_message_refused) && type_) return fail(protocol_error);
    auto const body = parse_close(payload);
    if (is(fault::dies_on_large_code) && body.code.value_or(0) >= 0x8000) return die();
    if (auto const code = check_close(body)) return fail(*code);
    answer_close(close_reply(payload, body));
}

faulty_peer::trouble faulty_peer::check_close(close_body const& body) const {
    if (body.malformed) {
        bool const tolerated =
            is(fault::one_octet_close_echoed) || is(fault::one_octet_close_as_empty);
        return tolerated ? std::nullopt : trouble(protocol_error);
    }
    if (!body.code) return std::nullopt;
    if (auto const code = check_code(*body.code)) return code;
    if (body.reason.empty()) return std::nullopt;
    bool const tolerated = is(fault::bad_reason_echoed) || is(fault::bad_reason_answered_with_1000);
    if (is_utf8(body.reason) || tolerated) return std::nullopt;
    // 8.1 names 1007 for text that is none, 5.5.1 says that the reason is text
    return is(fault::reason_error_1002) ? protocol_error : std::uint16_t{1007};
}

/// 7.4: which codes an endpoint may put into a Close frame.
faulty_peer::trouble faulty_peer::check_code(std::uint16_t code) const {
    bool fine = may_be_sent(code);
    bool const forbidden_too = is(fault::forbidden_codes_answered_with_1000);
    switch (classify(code)) {
        case close_code_class::unused:
            fine = forbidden_too || is(fault::echoes_unused_codes);
            break;
        case close_code_class::never_on_wire:
            fine = forbidden_too ||
                   is(code == 1015 ? fault::echoes_1015 : fault::echoes_1005_and_1006);
            break;
        case close_code_class::reserved:
        case close_code_class::unassigned:
            fine = is(fault::accepts_unassigned_codes);
            break;
        case close_code_class::out_of_range:
            fine = is(fault::accepts_codes_above_4999);
            break;
        case close_code_class::registered:
            fine = !(code == 1014 && is(fault::refuses_1014));
            break;
        case close_code_class::library:
            fine = !is(fault::refuses_library_codes);
            break;
        case close_code_class::application:
            fine = !is(fault::refuses_application_codes);
            break;
    }
    return fine ? std::nullopt : trouble(protocol_error);
}

/// The body of the answer: the code received, which 5.5.1 calls typical, without the reason.
octets faulty_peer::close_reply(octets_view payload, close_body const& body) const {
    octets const whole(payload.begin(), payload.end());
    bool const bad_reason = !is_utf8(body.reason);
    if (is(fault::close_answered_with_1006)) return write_close(1006);
    if (is(fault::answers_close_with_1001)) return write_close(1001);
    if (is(fault::answers_close_with_1000)) return write_close(normal);
    if (is(fault::answers_close_with_empty)) return {};
    if (is(fault::bad_reason_answered_with_1000) && bad_reason) return write_close(normal);
    if (is(fault::bad_reason_echoed) && bad_reason) return whole;
    if (is(fault::one_octet_close_echoed) && body.malformed) return whole;
    if (is(fault::echoes_close_reason)) return whole;
    if (!body.code) {
        return is(fault::empty_close_answered_with_1005) ? write_close(1005) : octets{};
    }
    auto const code = *body.code;
    if (is(fault::close_code_byte_order)) {
        return write_close(static_cast<std::uint16_t>(code << 8U | code >> 8U));
    }
    bool const hides =
        is(fault::forbidden_codes_answered_with_1000) || is(fault::accepts_unassigned_codes);
    return write_close(hides && !may_be_sent(code) ? normal : code);
}

void faulty_peer::answer_close(octets_view reply) {
    if (!is(fault::no_close_reply)) send_close(reply);
    if (is(fault::data_after_close)) {
        octets late;
        append_frame(late, opcode::text, view_of("behind the Close"));
        send(item::other, std::move(late));
    }
    bool const listens = is(fault::echoes_after_close) || is(fault::answers_ping_after_close) ||
                         is(fault::second_close_answered);
    if (listens) {
        // the message around the Close is over, whatever comes
        type_.reset();
        message_.clear();
    }
    phase_ = listens ? phase::closing : phase::done;
    wants_close_ = self_ == role::client ? is(fault::closes_tcp_first) || is(fault::no_close_reply)
                                         : !is(fault::no_tcp_close);
}

void faulty_peer::send_close(octets_view body) {
    octets frame;
    append_frame(frame, opcode::close, body);
    send(item::close, std::move(frame));
    close_sent_ = true;
}

octets faulty_peer::error_body(std::uint16_t code) const {
    switch (kind_) {
        case fault::error_code_1005:
            return write_close(1005);
        case fault::error_code_1006:
            return write_close(1006);
        case fault::error_code_1011:
            return write_close(1011);
        case fault::error_close_empty:
            return {};
        case fault::error_close_with_reason:
            return write_close(code, "against the rules \xE2\x80\x93 RFC 6455");
        case fault::error_reason_too_long:
            return write_close(code, std::string(150, '.'));
        case fault::error_reason_cut_in_character:
            return write_close(code, "against the rules \xE2\x80");
        default:
            return write_close(code);
    }
}

/// 7.1.7: a Close frame with a fitting code, then the end of TCP; nothing more is read.
void faulty_peer::fail(std::uint16_t code) {
    if (is(fault::goes_on_after_error)) {
        if (!close_sent_) send_close(error_body(code));
        skip_ = true;
        type_.reset();
        message_.clear();
        return;
    }
    bool const first = phase_ == phase::open;
    phase_ = is(fault::hangs_on_error) ? phase::mute : phase::done;
    if (!first || is(fault::hangs_on_error)) return;
    if (is(fault::resets_on_error)) {
        wants_reset_ = true;
        return;
    }
    if (!is(fault::drops_without_close)) send_close(error_body(code));
    wants_close_ = !is(fault::stays_open_after_error);
}

}  // namespace wsproof
