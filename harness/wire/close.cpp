#include "wire/close.hpp"

namespace wsproof {

close_body parse_close(octets_view payload) {
    close_body body;
    if (payload.size() < 2) {
        // 5.5.1: a body starts with a code of two octets, so one alone means nothing
        body.malformed = payload.size() == 1;
        body.reason.assign(payload.begin(), payload.end());
        return body;
    }
    body.code = static_cast<std::uint16_t>(payload[0] << 8U | payload[1]);
    body.reason.assign(payload.begin() + 2, payload.end());
    return body;
}

octets write_close(std::uint16_t code, std::string_view reason) {
    octets out{static_cast<std::uint8_t>(code >> 8U), static_cast<std::uint8_t>(code & 0xFFU)};
    append(out, reason);
    return out;
}

close_code_class classify(std::uint16_t code) noexcept {
    if (code < 1000) return close_code_class::unused;  // 7.4.2
    if (code == 1004) return close_code_class::reserved;
    if (code == 1005 || code == 1006 || code == 1015) return close_code_class::never_on_wire;
    if (code <= 1014) return close_code_class::registered;
    if (code <= 2999) return close_code_class::unassigned;
    if (code <= 3999) return close_code_class::library;
    if (code <= 4999) return close_code_class::application;
    return close_code_class::out_of_range;
}

bool may_be_sent(std::uint16_t code) noexcept {
    auto const found = classify(code);
    return found == close_code_class::registered || found == close_code_class::library ||
           found == close_code_class::application;
}

std::string_view meaning_of(std::uint16_t code) noexcept {
    switch (code) {
        // 7.4.1
        case 1000:
            return "normal closure";
        case 1001:
            return "going away";
        case 1002:
            return "protocol error";
        case 1003:
            return "unsupported data";
        case 1005:
            return "no status received";
        case 1006:
            return "abnormal closure";
        case 1007:
            return "invalid payload data";
        case 1008:
            return "policy violation";
        case 1009:
            return "message too big";
        case 1010:
            return "mandatory extension missing";
        case 1011:
            return "internal error";
        case 1015:
            return "TLS handshake failed";
        // the IANA registry
        case 1012:
            return "service restart";
        case 1013:
            return "try again later";
        case 1014:
            return "bad gateway";
        case 3000:
            return "unauthorized";
        case 3003:
            return "forbidden";
        case 3008:
            return "timeout";
        default:
            return {};
    }
}

}  // namespace wsproof
