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
    EXPECT_EQ(info_of(rule::request_body).name, "request-body");
    EXPECT_EQ(all_rules().size(), static_cast<std::size_t>(rule::request_body) + 1);
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

// ---- the request of a client ----------------------------------------------------------------------

std::set<rule> broken_by_request(std::string const& text) {
    auto const parsed = parse_head(view_of(text), text.size());
    return broken_by(check_request(std::get<http_head>(parsed)));
}

std::string request_with(std::string_view from = "", std::string_view to = "") {
    std::string text =
        "GET /chat?a=1 HTTP/1.1\r\nHost: example.org\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: chat, v2.chat\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n";
    if (!from.empty()) text.replace(text.find(from), from.size(), to);
    return text;
}

TEST(RequestRules, ACorrectRequestBreaksNothing) {
    EXPECT_EQ(broken_by_request(request_with()), std::set<rule>{});
    EXPECT_EQ(broken_by_request(request_with("GET /chat?a=1", "GET http://example.org/chat?a=1")), std::set<rule>{});
    EXPECT_EQ(broken_by_request(request_with("websocket", "WebSocket")), std::set<rule>{});
}

TEST(RequestRules, EachBreachHasItsRule) {
    struct example {
        std::string_view from, to;
        rule broken;
    };
    for (auto const& [from, to, broken] : std::initializer_list<example>{
             {"Host: ", "Host : ", rule::request_grammar},
             {"GET", "POST", rule::request_line},
             {"HTTP/1.1", "HTTP/1.0", rule::request_line},
             {"/chat?a=1", "/chat#top", rule::request_line},
             {"/chat?a=1", "chat", rule::request_line},
             {"Host: example.org\r\n", "", rule::request_host},
             {"example.org", "anna@example.org", rule::request_host},
             {"example.org", "", rule::request_host},
             {"GET", "\r\nGET", rule::request_grammar},
             {"Host: example.org\r\n", "Host: a\r\nHost: a\r\n", rule::request_host_repeated},
             {"Upgrade: websocket\r\n", "", rule::request_upgrade},
             {"websocket", "websockets", rule::request_upgrade},
             {"keep-alive, Upgrade", "keep-alive", rule::request_connection},
             {"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", rule::request_key_missing},
             {"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ", rule::request_key_size},
             {"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZR==", rule::request_key_size},
             {"dGhlIHNhbXBsZSBub25jZQ==", "aGk=", rule::request_key_size},
             {"Sec-WebSocket-Version: 13\r\n", "", rule::request_version_missing},
             {"Version: 13", "Version: 8", rule::request_version_wrong},
             {"Sec-WebSocket-Version: 13\r\n", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13\r\n",
              rule::request_version_repeated},
             {"v2.chat", "v2/chat", rule::request_protocol_not_token},
             {"v2.chat", "chat", rule::request_protocol_repeated},
             {"client_max_window_bits", "=", rule::request_extension_grammar},
             {"client_max_window_bits", "client_max_window_bits=16", rule::request_deflate_offer},
             {"Host: example.org\r\n", "Host: example.org\r\nContent-Length: 3\r\n", rule::request_body}})
        EXPECT_EQ(broken_by_request(request_with(from, to)), std::set<rule>{broken}) << from << " → " << to;
    auto const key = std::string("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    EXPECT_EQ(broken_by_request(request_with(key, key + key)), std::set<rule>{rule::request_key_repeated});
}

}  // namespace
}  // namespace wsproof
