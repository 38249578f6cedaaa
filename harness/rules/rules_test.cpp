#include <gtest/gtest.h>

#include <set>

#include "rules/close_rules.hpp"
#include "rules/frame_rules.hpp"
#include "rules/handshake_rules.hpp"

namespace wsproof {
namespace {

std::set<rule> broken_by(std::vector<violation> const& found) {
    std::set<rule> out;
    for (auto const& each : found) out.insert(each.what);
    return out;
}

frame with(frame_header header, std::string_view data = {}) {
    header.length = data.size();
    header.form = shortest_form(header.length);
    return {header, to_octets(data)};
}

TEST(Rules, TableStandsInTheOrderOfTheEnumeration) {
    for (std::size_t i = 0; i < all_rules().size(); ++i) {
        EXPECT_EQ(static_cast<std::size_t>(all_rules()[i].id), i);
        EXPECT_FALSE(all_rules()[i].clause.empty());
    }
    EXPECT_EQ(info_of(rule::response_has_transfer_encoding).name, "response-has-transfer-encoding");
    EXPECT_EQ(all_rules().size(), static_cast<std::size_t>(rule::response_has_transfer_encoding) + 1);
}

TEST(FrameRules, ACorrectDialogueBreaksNothing) {
    frame_state state;
    for (auto const& each : {with({.fin = false, .op = opcode::text}, "a"), with({.op = opcode::ping}, "p"),
                             with({.op = opcode::continuation}, "b"), with({.op = opcode::binary}),
                             with({.op = opcode::close}, "\x03\xe8")})
        EXPECT_TRUE(check_frame(each, state).empty());
}

struct header_case {
    char const* name;
    frame_header header;
    rule broken;
};

TEST(FrameRules, EachBreachOfAHeaderIsNamed) {
    masking_key const key{1, 2, 3, 4};
    header_case const table[] = {
        {"masked", {.mask = key}, rule::masked_by_server},
        {"rsv1", {.rsv = rsv1}, rule::undefined_rsv},
        {"rsv2", {.rsv = rsv2}, rule::undefined_rsv},
        {"rsv3 on ping", {.rsv = rsv3, .op = opcode::ping}, rule::undefined_rsv},
        {"opcode 3", {.op = opcode{3}}, rule::reserved_opcode},
        {"opcode 15", {.op = opcode{15}}, rule::reserved_opcode},
        {"long form", {.form = length_form::sixteen_bits, .length = 125}, rule::length_not_shortest},
        {"longest form", {.form = length_form::sixty_four_bits, .length = 65535}, rule::length_not_shortest},
        {"top bit", {.form = length_form::sixty_four_bits, .length = 1ULL << 63U}, rule::length_top_bit},
        {"long ping", {.op = opcode::ping, .form = length_form::sixteen_bits, .length = 126}, rule::control_too_long},
        {"cut pong", {.fin = false, .op = opcode::pong}, rule::control_fragmented},
        {"stray", {.op = opcode::continuation}, rule::stray_continuation},
    };
    for (auto const& each : table)
        EXPECT_EQ(broken_by(check_header(each.header, {})), std::set{each.broken}) << each.name;
}

TEST(FrameRules, AClientHasToMask) {
    frame_state state;
    state.sender = role::client;
    EXPECT_EQ(broken_by(check_frame(with({}), state)), std::set{rule::unmasked_by_client});
    EXPECT_TRUE(check_frame(with({.mask = masking_key{}}), state).empty());
}

TEST(FrameRules, DeflateDefinesRsv1OnFirstFramesAlone) {
    frame_state state;
    state.deflate = true;
    EXPECT_TRUE(check_frame(with({.fin = false, .rsv = rsv1}), state).empty());
    EXPECT_EQ(broken_by(check_frame(with({.fin = false, .rsv = rsv1, .op = opcode::continuation}), state)),
              std::set{rule::rsv1_on_continuation});
    EXPECT_EQ(broken_by(check_frame(with({.rsv = rsv1, .op = opcode::ping}), state)), std::set{rule::rsv1_on_control});
    EXPECT_EQ(broken_by(check_frame(with({.rsv = 6, .op = opcode::continuation}), state)), std::set{rule::undefined_rsv});
}

TEST(FrameRules, MessagesMustNotBeInterleaved) {
    frame_state state;
    check_frame(with({.fin = false, .op = opcode::text}), state);
    EXPECT_EQ(broken_by(check_frame(with({.op = opcode::binary}), state)), std::set{rule::new_message_inside});
}

TEST(FrameRules, NothingComesBehindAClose) {
    frame_state state;
    check_frame(with({.op = opcode::close}), state);
    EXPECT_EQ(broken_by(check_frame(with({.op = opcode::pong}), state)), std::set{rule::frame_after_close});
}

TEST(FrameRules, TextIsUtf8) {
    EXPECT_FALSE(check_text(view_of("gr\xc3\xbcn")));
    EXPECT_EQ(check_text(view_of("gr\xc3("))->detail, "first bad octet at 3");
    EXPECT_EQ(check_text(view_of("gr\xc3"))->detail, "the message ends inside a character");
}

TEST(CloseRules, CodesAndReasons) {
    auto const broken = [](octets const& body, role sender = role::server) {
        return broken_by(check_close(parse_close(body), sender));
    };
    for (unsigned const code : {1000U, 1001U, 1007U, 1014U, 3000U, 4999U, 5000U, 65535U})
        EXPECT_TRUE(broken(write_close(static_cast<std::uint16_t>(code))).empty()) << code;
    for (unsigned const code : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 2999U})
        EXPECT_EQ(broken(write_close(static_cast<std::uint16_t>(code))), std::set{rule::close_code_not_sendable}) << code;
    EXPECT_EQ(broken({0x61}), std::set{rule::close_one_octet});
    EXPECT_EQ(broken(write_close(1000, "\xff")), std::set{rule::close_reason_utf8});
    EXPECT_EQ(broken(write_close(1010)), std::set{rule::server_sends_1010});
    EXPECT_TRUE(broken(write_close(1010), role::client).empty());
    EXPECT_TRUE(broken({}).empty());
}

http_head head_of(std::string const& text) { return std::get<http_head>(parse_head(view_of(text), 65536)); }

class ResponseRules : public ::testing::Test {
protected:
    request_facts asked{"dGhlIHNhbXBsZSBub25jZQ==", {"chat", "superchat"}, "permessage-deflate; server_max_window_bits=10"};

    std::set<rule> broken(std::string const& status, std::string const& fields) const {
        return broken_by(check_response(asked, head_of(status + "\r\n" + fields + "\r\n")));
    }
    std::set<rule> broken(std::string const& more) const {
        return broken("HTTP/1.1 101 Switching Protocols",
                      "Upgrade: WebSocket\r\nConnection: keep-alive, upgrade\r\n"
                      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" + more);
    }
};

TEST_F(ResponseRules, CorrectResponsesBreakNothing) {
    EXPECT_TRUE(broken("").empty());
    EXPECT_TRUE(broken("Sec-WebSocket-Protocol: chat\r\n").empty());
    EXPECT_TRUE(broken("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9\r\n").empty());
    EXPECT_TRUE(broken("HTTP/1.1 400 Bad Request", "Content-Length: 0\r\n").empty());
}

TEST_F(ResponseRules, EachBreachIsNamed) {
    using enum rule;
    EXPECT_EQ(broken("Sec-WebSocket-Protocol: Chat\r\n"), std::set{response_protocol_unrequested});
    EXPECT_EQ(broken("Sec-WebSocket-Protocol: \r\n"), std::set{response_protocol_not_token});
    EXPECT_EQ(broken("Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: chat\r\n"), std::set{response_protocol_repeated});
    EXPECT_EQ(broken("Sec-WebSocket-Extensions: x-other\r\n"), std::set{response_extension_unrequested});
    EXPECT_EQ(broken("Sec-WebSocket-Extensions: ;\r\n"), std::set{response_extension_grammar});
    EXPECT_EQ(broken("Sec-WebSocket-Extensions: permessage-deflate\r\n"), std::set{response_deflate_parameters});
    EXPECT_EQ(broken("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=11\r\n"), std::set{response_deflate_parameters});
    EXPECT_EQ(broken("Content-Length: 0\r\n"), std::set{response_has_length});
    EXPECT_EQ(broken("Transfer-Encoding: chunked\r\n"), std::set{response_has_transfer_encoding});
    EXPECT_EQ(broken("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), std::set{response_accept_repeated});
    EXPECT_EQ(broken("Bad Name: x\r\n"), std::set{response_grammar});
}

TEST_F(ResponseRules, WithoutItsFieldsA101IsNone) {
    using enum rule;
    EXPECT_EQ(broken("HTTP/1.1 101 Switching Protocols", ""),
              (std::set{response_no_upgrade, response_no_connection, response_accept_missing}));
    EXPECT_EQ(broken("HTTP/1.1 101", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n"),
              (std::set{response_status_line, response_accept_wrong}));
}

TEST(HandshakeRules, FactsComeFromAllLinesOfARequest) {
    auto const facts = facts_of(head_of("GET / HTTP/1.1\r\nsec-websocket-key:  abc \r\nSec-WebSocket-Protocol: a, b\r\n"
                                        "Sec-WebSocket-Protocol: c\r\nSec-WebSocket-Extensions: x\r\n"
                                        "Sec-WebSocket-Extensions: y; z\r\n\r\n"));
    EXPECT_EQ(facts.key, "abc");
    EXPECT_EQ(facts.protocols, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(facts.extensions, "x, y; z");
}

}  // namespace
}  // namespace wsproof
