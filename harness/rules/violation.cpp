#include "rules/violation.hpp"

#include <array>

namespace wsproof {
namespace {

using enum level;

// In the order of the enumeration; info_of() relies on it and the test checks it.
constexpr std::array table{
    rule_info{rule::masked_by_server, "masked-by-server", "6455-5.1-5", must, true,
              "a server must not mask its frames"},
    rule_info{rule::unmasked_by_client, "unmasked-by-client", "6455-5.1-1", must, true,
              "a client must mask all its frames"},
    rule_info{rule::undefined_rsv, "undefined-rsv", "6455-5.2-3", must, true,
              "RSV bits that no negotiated extension defines must be 0"},
    rule_info{rule::reserved_opcode, "reserved-opcode", "6455-5.8-1", must, true,
              "reserved opcodes must not be used without an extension that defines them"},
    rule_info{rule::length_not_shortest, "length-not-shortest", "6455-5.2-19", must, true,
              "the shortest possible length form must be used"},
    rule_info{rule::length_top_bit, "length-top-bit", "6455-5.2-17", must, true,
              "the top bit of a 64-bit length must be 0"},
    rule_info{rule::control_too_long, "control-too-long", "6455-5.5-2", must, true,
              "a control frame must carry at most 125 octets"},
    rule_info{rule::control_fragmented, "control-fragmented", "6455-5.4-8", must, true,
              "control frames must not be fragmented"},
    rule_info{rule::stray_continuation, "stray-continuation", "6455-5.4-6", must, true,
              "a continuation frame needs a message in progress"},
    rule_info{rule::new_message_inside, "new-message-inside", "6455-5.4-10", must, true,
              "fragments of two messages must not be interleaved"},
    rule_info{rule::invalid_utf8, "invalid-utf8", "6455-5.6-3", must, true,
              "a text message must be valid UTF-8"},
    rule_info{rule::frame_after_close, "frame-after-close", "6455-5.5.1-10", must, true,
              "nothing is sent after a Close frame"},
    rule_info{rule::close_one_octet, "close-one-octet", "6455-5.5.1-3", must, true,
              "the body of a Close frame must start with a code of two octets"},
    rule_info{rule::close_code_not_sendable, "close-code-not-sendable", "6455-7.4.1-8", must, true,
              "this code must not stand in a Close frame"},
    rule_info{rule::close_reason_utf8, "close-reason-utf8", "6455-5.5.1-6", must, true,
              "the reason in a Close frame must be valid UTF-8"},
    rule_info{rule::server_sends_1010, "server-sends-1010", "6455-7.4.1-15", should, false,
              "a server does not use 1010, it can refuse the handshake instead"},
    rule_info{rule::rsv1_on_control, "rsv1-on-control", "7692-6.1-4", must, true,
              "RSV1 must not be set on control frames"},
    rule_info{rule::rsv1_on_continuation, "rsv1-on-continuation", "7692-6.1-5", must, true,
              "RSV1 must not be set on frames after the first of a message"},
    rule_info{rule::deflate_corrupt, "deflate-corrupt", "7692-6.1-1", must, true,
              "a message with RSV1 must be a DEFLATE stream under the agreed parameters"},
    rule_info{rule::deflate_unfinished, "deflate-unfinished", "7692-6.1-1", must, true,
              "a compressed message must end at the border of a DEFLATE block"},
    rule_info{rule::response_grammar, "response-grammar", "6455-4.2.2-19", must, false,
              "the response must be valid HTTP"},
    rule_info{rule::response_status_line, "response-status-line", "9112-4-1", must, false,
              "the status line is version, space, three digits, space, reason"},
    rule_info{rule::response_no_upgrade, "response-no-upgrade", "6455-4.2.2-21", must, true,
              "the response must carry Upgrade: websocket"},
    rule_info{rule::response_no_connection, "response-no-connection", "6455-4.2.2-22", must, true,
              "the response must carry Connection: Upgrade"},
    rule_info{rule::response_accept_missing, "response-accept-missing", "6455-4.2.2-23", must, true,
              "the response must carry Sec-WebSocket-Accept"},
    rule_info{rule::response_accept_wrong, "response-accept-wrong", "6455-4.2.2-23", must, true,
              "Sec-WebSocket-Accept must be base64(SHA-1(key + GUID)) of the key as sent"},
    rule_info{rule::response_accept_repeated, "response-accept-repeated", "6455-11.3.3-1", must, false,
              "Sec-WebSocket-Accept must not be repeated"},
    rule_info{rule::response_protocol_unrequested, "response-protocol-unrequested", "6455-4.2.2-12", must,
              true, "a subprotocol in the response must be one of those offered"},
    rule_info{rule::response_protocol_repeated, "response-protocol-repeated", "6455-11.3.4-2", must, false,
              "Sec-WebSocket-Protocol must not be repeated in a response"},
    rule_info{rule::response_protocol_not_token, "response-protocol-not-token", "6455-4.3-8", must, true,
              "Sec-WebSocket-Protocol in a response is exactly one token"},
    rule_info{rule::response_extension_grammar, "response-extension-grammar", "6455-9.1-1", must, true,
              "Sec-WebSocket-Extensions must follow its grammar"},
    rule_info{rule::response_extension_unrequested, "response-extension-unrequested", "6455-9-3", must, true,
              "a server must not answer with an extension that was not requested"},
    rule_info{rule::response_deflate_parameters, "response-deflate-parameters", "7692-5-8", must, true,
              "the response to a permessage-deflate offer must be one that the offer allows"},
    rule_info{rule::response_has_length, "response-has-length", "9110-8.6-1", must, false,
              "a 1xx response must not carry Content-Length"},
    rule_info{rule::response_has_transfer_encoding, "response-has-transfer-encoding", "9112-6-1", must, false,
              "a 1xx response must not carry Transfer-Encoding"},
};

}  // namespace

rule_info const& info_of(rule id) noexcept { return table[static_cast<std::size_t>(id)]; }

std::span<rule_info const> all_rules() noexcept { return table; }

}  // namespace wsproof
