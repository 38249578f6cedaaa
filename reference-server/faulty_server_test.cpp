#include "reference-server/faulty_peer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <string>

#include "reference-server/faulty_peer_probes.hpp"
#include "wire/close.hpp"
#include "wire/deflate.hpp"
#include "wire/handshake.hpp"

namespace wsproof {
namespace {

constexpr std::string_view acceptance =
    "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "\r\n";

/// A server that has opened a connection.
class opened {
public:
    explicit opened(fault kind = fault::none, octets const& request = to_octets(good_request())) {
        server = faulty_peer(role::server, kind);
        server.on_octets(request);
        response = as_text(server.take_output());
    }

    /// What comes back, in hexadecimal.
    std::string say(octets const& data) {
        server.on_octets(data);
        return to_hex(server.take_output());
    }

    faulty_peer server{role::server};
    std::string response;
};

std::string plain(opcode op, std::string_view payload, bool fin = true, std::uint8_t rsv = 0) {
    return to_hex(make_frame(op, view_of(payload), {}, fin, rsv));
}

std::string plain_close(std::uint16_t code, std::string_view reason = {}) {
    return plain(opcode::close, as_text(write_close(code, reason)));
}

octets close_frame(std::uint16_t code, std::string_view reason = {}) {
    return client_frame(opcode::close, as_text(write_close(code, reason)));
}

unsigned status_of(octets const& request, fault kind = fault::none) {
    auto const seen = observe(role::server, kind, {request});
    auto const parsed = parse_head(seen.output, 100000);
    auto const* const head = std::get_if<http_head>(&parsed);
    if (head == nullptr) return 0;
    EXPECT_EQ(head->raw.size(), seen.output.size());
    EXPECT_TRUE(head->flaws.empty());
    auto const status = parse_status_line(head->start_line).value().status;
    EXPECT_EQ(seen.wants_close, status != 101);
    return status;
}

bool opens(fault kind, octets const& request) {
    return as_text(observe(role::server, kind, {request}).output).starts_with("HTTP/1.1 101 ");
}

std::string_view name_of_fault(fault kind) {
    return all_faults()[static_cast<std::size_t>(kind) - 1].name;
}

TEST(FaultyServer, OpensAConnectionAsInTheExampleOfTheRfc) {
    opened it;
    EXPECT_EQ(it.response, acceptance);
    EXPECT_FALSE(it.server.wants_close());
}

TEST(FaultyServer, EchoesMessagesWithTheirType) {
    opened it;
    EXPECT_EQ(it.say(client_frame(opcode::text, "gr\xC3\xBCn")),
              plain(opcode::text, "gr\xC3\xBCn"));
    EXPECT_EQ(it.say(client_frame(opcode::binary, "\xFF")), plain(opcode::binary, "\xFF"));
    EXPECT_EQ(it.say(client_frame(opcode::text, "")), plain(opcode::text, ""));
    for (std::size_t const size : {125U, 126U, 65535U, 65536U, 1000000U}) {
        std::string const payload(size, 'x');
        EXPECT_EQ(it.say(client_frame(opcode::binary, payload)), plain(opcode::binary, payload))
            << size;
    }
}

TEST(FaultyServer, JoinsFragmentsAndAnswersPingsBetweenThem) {
    opened it;
    EXPECT_EQ(it.say(client_frame(opcode::text, "a\xE2", false)), "");
    EXPECT_EQ(it.say(client_frame(opcode::ping, "\xFF")), plain(opcode::pong, "\xFF"));
    EXPECT_EQ(it.say(client_frame(opcode::continuation, "", false)), "");
    EXPECT_EQ(it.say(client_frame(opcode::pong, "?")), "");
    EXPECT_EQ(it.say(client_frame(opcode::continuation, "\x82\xAC")),
              plain(opcode::text, "a\xE2\x82\xAC"));
    EXPECT_EQ(it.say(client_frame(opcode::text, "next")), plain(opcode::text, "next"));
}

TEST(FaultyServer, ClosesAsTheRfcWants) {
    opened it;
    EXPECT_EQ(it.say(joined({client_frame(opcode::text, "a"), close_frame(4001, "bye"),
                             client_frame(opcode::text, "b"), client_frame(opcode::ping, "")})),
              plain(opcode::text, "a") + plain_close(4001));
    EXPECT_TRUE(it.server.wants_close());
    EXPECT_FALSE(it.server.wants_reset());
    EXPECT_EQ(it.say(client_frame(opcode::text, "late")), "");
}

TEST(FaultyServer, ClosesWhenTheClientDoes) {
    opened it;
    it.server.on_end();
    EXPECT_TRUE(it.server.wants_close());
    EXPECT_TRUE(it.server.take_output().empty());

    faulty_peer unused(role::server);
    unused.on_end();
    EXPECT_TRUE(unused.wants_close());
    EXPECT_TRUE(unused.take_output().empty());

    faulty_peer cut_off(role::server);
    cut_off.on_octets(view_of("GET / HT"));
    cut_off.on_end();
    EXPECT_TRUE(as_text(cut_off.take_output()).starts_with("HTTP/1.1 400 "));
}

TEST(FaultyServer, ReadsFramesThatCameWithTheRequest) {
    auto const seen =
        observe(role::server, fault::none,
                {joined({to_octets(good_request()), client_frame(opcode::text, "early")})});
    EXPECT_EQ(to_hex(seen.output), to_hex(view_of(acceptance)) + plain(opcode::text, "early"));
}

struct head_case {
    std::string_view from, to;
    unsigned status;
};

void check_heads(std::span<head_case const> cases) {
    for (auto const& [from, to, status] : cases) {
        EXPECT_EQ(status_of(edited_request(from, to)), status) << from << " -> " << to;
    }
}

constexpr head_case good_heads[] = {

    head_case{"GET", "\r\nGET", 101},
    head_case{"/echo", "/", 101},
    head_case{"/echo", "/a?b=c|d", 101},
    head_case{"/echo", "HTTP://server.example.com/x", 101},
    head_case{"HTTP/1.1", "HTTP/1.2", 101},
    head_case{"server.example.com", "[::1]:8080", 101},
    head_case{"Upgrade: websocket", "upgrade:foo/2, WebSocket", 101},
    head_case{"Connection: Upgrade", "CONNECTION: keep-alive\r\nConnection: , uPGRADE", 101},
    head_case{"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZR== \t", 101},
    head_case{"13\r\n", "13\r\nX-Unknown: \xFF\r\n", 101},
    head_case{"13\r\n", "13\r\nContent-Length: 0\r\n", 101},
    head_case{"13\r\n", "13\r\nSec-WebSocket-Extensions: foo; a=\"b\", bar\r\n", 101},
    head_case{"13\r\n", "13\r\nSec-WebSocket-Protocol: a,, b\r\n", 101}};

TEST(FaultyServer, AcceptsWhatTheGrammarAllows) { check_heads(good_heads); }

constexpr head_case bad_lines[] = {head_case{"GET", "POST", 405},
                                   head_case{"GET", "get", 405},
                                   head_case{"GET", "G@T", 400},
                                   head_case{"GET ", "GET  ", 400},
                                   head_case{" HTTP/1.1", "", 400},
                                   head_case{"HTTP/1.1", "http/1.1", 400},
                                   head_case{"HTTP/1.1", "HTTP/1.10", 400},
                                   head_case{"HTTP/1.1", "HTTP/1.0", 505},
                                   head_case{"HTTP/1.1", "HTTP/2.0", 505},
                                   head_case{"/echo", "/e cho", 400},
                                   head_case{"/echo", "echo", 400},
                                   head_case{"/echo", "/#a", 400},
                                   head_case{"/echo", "/\xC3\xBC", 400},
                                   head_case{"/echo", "*", 400}};

TEST(FaultyServer, RefusesBadRequestLines) { check_heads(bad_lines); }

constexpr head_case bad_fields[] = {

    head_case{"Host: server.example.com\r\n", "", 400},
    head_case{"Host:", "Host: a\r\nHost:", 400},
    head_case{"server.example.com", "", 400},
    head_case{"server.example.com", "a@b", 400},
    head_case{"server.example.com", "a:b", 400},
    head_case{"server.example.com", "[::1", 400},
    head_case{"server.example.com", "a b", 400},
    head_case{"Upgrade: websocket\r\n", "", 426},
    head_case{": websocket", ": h2c", 426},
    head_case{": websocket", ": websocket/13", 426},
    head_case{"Connection: Upgrade\r\n", "", 426},
    head_case{"Connection: Upgrade", "Connection: close", 426},
    head_case{"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 400},
    head_case{"dGhlIHNhbXBsZSBub25jZQ==", "", 400},
    head_case{"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ", 400},
    head_case{"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25j", 400},
    head_case{"dGhlIHNhbXBsZSBub25jZQ==", "!!!!!!!!!!!!!!!!!!!!!!==", 400},
    head_case{"Sec-WebSocket-Version: 13\r\n", "", 426},
    head_case{": 13", ": 8", 426},
    head_case{": 13", ": 13, 8", 426},
    head_case{": 13", ": 013", 426},
    head_case{"13\r\n", "13\r\nSec-WebSocket-Version: 13\r\n", 426},
    head_case{"13\r\n", "13\r\nSec-WebSocket-Protocol: a b\r\n", 400},
    head_case{"13\r\n", "13\r\nSec-WebSocket-Protocol:\r\n", 400},
    head_case{"13\r\n", "13\r\nSec-WebSocket-Extensions: a=b;\r\n", 400},
    head_case{"13\r\n", "13\r\nSec-WebSocket-Extensions:\r\n", 400},
    head_case{"13\r\n", "13\r\nContent-Length: 5\r\n", 400},
    head_case{"13\r\n", "13\r\nTransfer-Encoding: chunked\r\n", 400},
    head_case{"13\r\n", "13\r\nExpect: 200-ok\r\n", 417}};

TEST(FaultyServer, RefusesBadFields) { check_heads(bad_fields); }

constexpr head_case bad_grammar[] = {head_case{"13\r\n", "13\n", 400},
                                     head_case{"13\r\n", "13\r\nX: a\rb\r\n", 400},
                                     head_case{"13\r\n", "13\r\nX : a\r\n", 400},
                                     head_case{"13\r\n", "13\r\nX: a\r\n b\r\n", 400},
                                     head_case{"Host:", " Host:", 400},
                                     head_case{"13\r\n", "13\r\nX\r\n", 400},
                                     head_case{"13\r\n", "13\r\n: a\r\n", 400},
                                     head_case{"13\r\n", "13\r\nX: \x01\r\n", 400}};

TEST(FaultyServer, RefusesBadGrammar) { check_heads(bad_grammar); }

TEST(FaultyServer, BoundsTheHead) {
    // up to 16384 octets with the empty line
    auto const spare = 16384 - good_request().size() - std::string_view("X: \r\n").size();
    auto const padded = [](std::size_t size) {
        return edited_request("13\r\n", "13\r\nX: " + std::string(size, 'a') + "\r\n");
    };
    EXPECT_EQ(status_of(padded(spare)), 101U);
    EXPECT_EQ(status_of(padded(spare + 1)), 431U);
    EXPECT_EQ(status_of(octets(20000, 'a')), 431U);
}

TEST(FaultyServer, NamesItsVersionWhenItRefusesAnother) {
    auto const seen = observe(role::server, fault::none, {edited_request(": 13", ": 8")});
    auto const head = std::get<http_head>(parse_head(seen.output, 100000));
    EXPECT_EQ(head.value("Sec-WebSocket-Version"), "13");
    EXPECT_EQ(head.value("Upgrade"), "websocket");
    EXPECT_TRUE(head.lists("Connection", "upgrade"));
}

TEST(FaultyServer, SendsContinueBeforeSwitching) {
    auto const seen = observe(role::server, fault::none,
                              {edited_request("13\r\n", "13\r\nExpect: 100-Continue\r\n")});
    EXPECT_EQ(as_text(seen.output), "HTTP/1.1 100 Continue\r\n\r\n" + std::string(acceptance));
}

TEST(FaultyServer, ChoosesTheSubprotocolItKnows) {
    auto const choice = [](std::string_view offered) {
        auto const line = "13\r\nSec-WebSocket-Protocol: " + std::string(offered) + "\r\n";
        auto const seen = observe(role::server, fault::none, {edited_request("13\r\n", line)});
        auto const head = std::get<http_head>(parse_head(seen.output, 100000));
        return std::string(head.value("Sec-WebSocket-Protocol").value_or("none"));
    };
    EXPECT_EQ(choice("a, wsproof.chat, b"), "wsproof.chat");
    EXPECT_EQ(choice("a\r\nSec-WebSocket-Protocol: wsproof.chat"), "wsproof.chat");
    EXPECT_EQ(choice("WSPROOF.CHAT"), "none");
    EXPECT_EQ(choice("a, b"), "none");
}

struct blind_spot {
    fault kind;
    std::string_view from, to;
};

constexpr blind_spot blind_spots[] = {
    {fault::opens_for_any_head, "Upgrade: websocket\r\nConnection: Upgrade\r\n", ""},
    {fault::opens_for_any_head, "GET /echo", "POST /e cho"},
    {fault::upgrades_whatever_comes_first, "13\r\n\r\n", "1"},
    {fault::upgrades_whatever_comes_first, "GET /echo HTTP/1.1\r\n", "\x81\x05Hello"},
    {fault::ignores_request_line, "/echo ", ""},
    {fault::ignores_connection_value, "Connection: Upgrade", "Connection: close"},
    {fault::nul_ends_line, "Upgrade: websocket", std::string_view("X: a\0Upgrade: websocket", 23)},
    {fault::bare_cr_ends_line, "Upgrade: websocket", "X: a\rUpgrade: websocket"},
    {fault::echoes_subprotocol_header, "13\r\n", "13\r\nSec-WebSocket-Protocol: a \x01\r\n"},
    {fault::echoes_extensions_header, "13\r\n", "13\r\nSec-WebSocket-Extensions: ;;\r\n"}};

TEST(FaultyServer, OpensWhereItsFaultMakesItBlind) {
    for (auto const& [kind, from, to] : blind_spots) {
        SCOPED_TRACE(name_of_fault(kind));
        auto const request = edited_request(from, to);
        EXPECT_TRUE(opens(kind, request));
        EXPECT_FALSE(opens(fault::none, request));
    }
}

TEST(FaultyServer, TakesCarriageReturnsAloneForLinesWhenThatIsTheFault) {
    auto request = good_request();
    std::erase(request, '\n');
    EXPECT_TRUE(opens(fault::bare_cr_ends_line, to_octets(request)));
    EXPECT_FALSE(opens(fault::none, to_octets(request)));
    // the last line feed is still to come
    auto const whole = good_request();
    EXPECT_FALSE(opens(fault::bare_cr_ends_line, to_octets(whole.substr(0, whole.size() - 1))));
    EXPECT_TRUE(opens(fault::bare_cr_ends_line, to_octets(whole)));
}

TEST(FaultyServer, SendsBackWhatWasOfferedWhenThatIsTheFault) {
    auto const answer = [](fault kind, std::string_view lines) {
        auto const line = "13\r\n" + std::string(lines) + "\r\n";
        return std::string(
            as_text(observe(role::server, kind, {edited_request("13\r\n", line)}).output));
    };
    EXPECT_NE(answer(fault::echoes_subprotocol_header,
                     "Sec-WebSocket-Protocol: a b\r\nSec-WebSocket-Protocol: ,")
                  .find("\r\nSec-WebSocket-Protocol: a b, ,\r\n"),
              std::string::npos);
    EXPECT_NE(answer(fault::echoes_extensions_header, "Sec-WebSocket-Extensions: x; =")
                  .find("\r\nSec-WebSocket-Extensions: x; =\r\n"),
              std::string::npos);
}

TEST(FaultyServer, OpensThenDropsWhenThatIsTheFault) {
    auto const seen =
        observe(role::server, fault::opens_then_drops, {edited_request("GET", "POST")});
    EXPECT_TRUE(as_text(seen.output).starts_with("HTTP/1.1 101 "));
    EXPECT_TRUE(seen.wants_close);
    EXPECT_FALSE(
        observe(role::server, fault::opens_then_drops, {to_octets(good_request())}).wants_close);
}

TEST(FaultyServer, DiesOfAHeadOnlyWhereTheFaultSays) {
    auto const fold = edited_request("13\r\n", "13\r\nX: a\r\n b\r\n");
    auto const two_hosts = edited_request("Host:", "Host: a\r\nHost:");
    EXPECT_TRUE(observe(role::server, fault::dies_on_fold, {fold}).dead);
    EXPECT_FALSE(observe(role::server, fault::dies_on_fold, {two_hosts}).dead);
    EXPECT_TRUE(observe(role::server, fault::dies_on_two_hosts, {two_hosts}).dead);
    EXPECT_FALSE(observe(role::server, fault::dies_on_two_hosts, {fold}).dead);
}

struct breach {
    std::string_view digits;
    std::uint16_t code;
};

void check_breaches(std::span<breach const> cases) {
    for (auto const& [digits, code] : cases) {
        SCOPED_TRACE(digits);
        opened it;
        EXPECT_EQ(it.say(hex(digits)), plain_close(code));
        EXPECT_TRUE(it.server.wants_close());
        EXPECT_FALSE(it.server.dead());
        EXPECT_EQ(it.say(client_frame(opcode::text, "a")), "");
    }
}

constexpr breach framing_breaches[] = {

    breach{"8100", 1002},
    breach{"8900", 1002},
    breach{"c18000000000", 1002},
    breach{"a18000000000", 1002},
    breach{"918000000000", 1002},
    breach{"998000000000", 1002},
    breach{"838000000000", 1002},
    breach{"878000000000", 1002},
    breach{"8b8000000000", 1002},
    breach{"8f8000000000", 1002},
    breach{"82fe007d00000000", 1002},
    breach{"82ff000000000000fffe00000000", 1002},
    breach{"82ff800000000000000100000000", 1002},
    breach{"82ffffffffffffffffff00000000", 1002},
    breach{"82ff000000000400000100000000", 1009},
    breach{"82ff7fffffffffffffff00000000", 1009},
    breach{"89fe007e00000000", 1002},
    breach{"89fe000100000000", 1002},
    breach{"098000000000", 1002},
    breach{"088000000000", 1002},
    breach{"808000000000", 1002},
    breach{"008000000000", 1002},
    breach{"018000000000818000000000", 1002},
    breach{"018000000000c08000000000", 1002}};

TEST(FaultyServer, FailsForBadFrames) { check_breaches(framing_breaches); }

constexpr breach text_breaches[] = {breach{"018100000000ff", 1007},
                                    breach{"81ff000000000001000000000000c0", 1007},
                                    breach{"818200000000c3 00", 1007},
                                    breach{"818100000000c3", 1007},
                                    breach{"018100000000c3 808000000000", 1007},
                                    breach{"818300000000eda080", 1007},
                                    breach{"818400000000f4908080", 1007},
                                    breach{"818200000000c0af", 1007}};

TEST(FaultyServer, FailsForTextThatIsNoUtf8) { check_breaches(text_breaches); }

constexpr breach closing_breaches[] = {
    breach{"888100000000ff", 1002},       breach{"888200000000 0000", 1002},
    breach{"888200000000 03e7", 1002},    breach{"888200000000 03ec", 1002},
    breach{"888200000000 03ed", 1002},    breach{"888200000000 03ee", 1002},
    breach{"888200000000 03f7", 1002},    breach{"888200000000 03f8", 1002},
    breach{"888200000000 0bb7", 1002},    breach{"888200000000 1388", 1002},
    breach{"888200000000 ffff", 1002},    breach{"888300000000 03e8ff", 1007},
    breach{"888400000000 03e8e282", 1007}};

TEST(FaultyServer, FailsForBadCloseFrames) { check_breaches(closing_breaches); }

TEST(FaultyServer, EchoesTheCodesThatMayBeSent) {
    for (int const number : {1000, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999}) {
        auto const code = static_cast<std::uint16_t>(number);
        opened it;
        EXPECT_EQ(it.say(close_frame(code, std::string(123, '.'))), plain_close(code));
        EXPECT_TRUE(it.server.wants_close());
    }
    opened it;
    EXPECT_EQ(it.say(client_frame(opcode::close, "")), plain(opcode::close, ""));
}

TEST(FaultyServer, BoundsMessagesOfManyFragments) {
    opened it;
    auto const part = std::string(std::size_t{16} << 20U, 'x');
    it.say(client_frame(opcode::binary, part, false));
    for (int i = 0; i < 3; ++i) it.say(client_frame(opcode::continuation, part, false));
    EXPECT_EQ(it.say(client_frame(opcode::continuation, "", false)), "");
    EXPECT_EQ(it.say(hex("808100000000")), plain_close(1009));
}

struct negotiation {
    std::string_view offer, answer;
};

void check_offers(std::span<negotiation const> cases) {
    for (auto const& [offer, answer] : cases) {
        opened it(fault::none, offering_request(offer));
        auto const head = std::get<http_head>(parse_head(view_of(it.response), 100000));
        EXPECT_EQ(head.value("Sec-WebSocket-Extensions").value_or(""), answer) << offer;
    }
}

constexpr negotiation accepted_offers[] = {

    negotiation{"permessage-deflate", "permessage-deflate"},
    negotiation{"x, permessage-deflate; client_max_window_bits", "permessage-deflate"},
    negotiation{"permessage-deflate; client_max_window_bits=\"10\"",
                "permessage-deflate; client_max_window_bits=10"},
    negotiation{"permessage-deflate; server_max_window_bits=8",
                "permessage-deflate; server_max_window_bits=8"},
    negotiation{"permessage-deflate; client_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover"},
    negotiation{"permessage-deflate; server_max_window_bits=7, permessage-deflate",
                "permessage-deflate"}};

TEST(FaultyServer, AcceptsGoodOffers) { check_offers(accepted_offers); }

constexpr negotiation declined_offers[] = {
    negotiation{"permessage-deflate; x", ""},
    negotiation{"x-webkit-deflate-frame", ""},
    negotiation{"permessage-deflate; server_max_window_bits", ""},
    negotiation{"permessage-deflate; server_max_window_bits=16", ""},
    negotiation{"permessage-deflate; client_max_window_bits=08", ""},
    negotiation{"permessage-deflate; server_no_context_takeover=1", ""},
    negotiation{"permessage-deflate; client_max_window_bits; client_max_window_bits", ""}};

TEST(FaultyServer, DeclinesBadOffers) { check_offers(declined_offers); }

/// Echoes a message of the client's and gives what a client inflates of the answer.
std::string round_trip(opened& it, deflater& out, inflater& in, std::string_view text) {
    auto const packed = out.compress(view_of(text));
    it.server.on_octets(client_frame(opcode::text, as_text(packed), true, rsv1));
    auto const answer = it.server.take_output();
    auto const parsed = parse_header(answer);
    auto const* const found = std::get_if<parsed_header>(&parsed);
    if (found == nullptr || found->header.rsv != rsv1) return "no compressed answer";
    auto const result = in.inflate(octets_view(answer).subspan(found->size), 1000000);
    return result.outcome == inflate_outcome::ok ? std::string(as_text(result.data))
                                                 : result.detail;
}

TEST(FaultyServer, EchoesCompressedMessages) {
    std::string const long_text = std::string(3000, 'a') + "b" + std::string(3000, 'a');
    for (int const bits : {8, 9, 15}) {
        for (bool const takeover : {true, false}) {
            auto offer = "permessage-deflate; server_max_window_bits=" + std::to_string(bits) +
                         "; client_max_window_bits=" + std::to_string(bits);
            if (!takeover) offer += "; client_no_context_takeover; server_no_context_takeover";
            opened it(fault::none, offering_request(offer));
            deflater out(bits, takeover);
            inflater in(bits, takeover);
            for (std::string_view const text :
                 {std::string_view("Hello"), std::string_view("Hello"), std::string_view(""),
                  std::string_view(long_text)}) {
                EXPECT_EQ(round_trip(it, out, in, text), text) << offer;
            }
        }
    }
}

TEST(FaultyServer, FailsForBadCompressedData) {
    auto const request = offering_request("permessage-deflate");
    auto const answer = [&request](std::string_view digits, std::uint8_t rsv) {
        opened it(fault::none, request);
        return it.say(client_frame(opcode::text, as_text(hex(digits)), true, rsv));
    };
    EXPECT_EQ(answer("07", rsv1), plain_close(1007));
    EXPECT_EQ(answer("", rsv1), plain_close(1007));
    EXPECT_EQ(answer("000100feffff00", rsv1), plain_close(1007)) << "not UTF-8 inside";
    EXPECT_EQ(answer("00", rsv1 | rsv2), plain_close(1002));
    EXPECT_EQ(answer("41", 0), plain(opcode::text, as_text(hex("720400")), true, rsv1));
}

TEST(FaultyServer, BoundsWhatItInflates) {
    std::string const zeros((std::size_t{64} << 20U) + 1, '\0');
    auto const bomb = deflater(15, false).compress(view_of(zeros));
    opened it(fault::none, offering_request("permessage-deflate"));
    EXPECT_EQ(it.say(client_frame(opcode::binary, as_text(bomb), true, rsv1)), plain_close(1009));
}

TEST(FaultyServer, DoesTheSameHoweverItsInputIsCut) {
    for (auto const& probe : all_probes(role::server)) {
        auto const whole = observe(role::server, fault::none, {joined(probe.pieces)});
        EXPECT_EQ(observe(role::server, fault::none, probe.pieces), whole) << probe.name;
        EXPECT_EQ(observe(role::server, fault::none, octet_by_octet(probe.pieces)), whole)
            << probe.name;
    }
}

TEST(FaultyServer, NoticesBadTextBeforeTheFrameIsComplete) {
    opened it;
    EXPECT_EQ(it.say(hex("818300000000 41")), "");
    EXPECT_EQ(it.say(hex("ff")), plain_close(1007));
    opened late(fault::late_utf8_check);
    EXPECT_EQ(late.say(hex("818300000000 41ff")), "");
    EXPECT_EQ(late.say(hex("41")), plain_close(1007));
}

struct deviation {
    fault kind;
    std::string_view said;  // behind the handshake
    std::string_view heard;
};

void check_deviations(std::span<deviation const> cases) {
    for (auto const& [kind, said, heard] : cases) {
        SCOPED_TRACE(name_of_fault(kind));
        EXPECT_EQ(opened(kind).say(hex(said)), heard);
        EXPECT_NE(opened().say(hex(said)), heard);
    }
}

constexpr deviation faulty_answers[] = {

    deviation{fault::accepts_unmasked, "8101 41", "810141"},
    deviation{fault::unmasked_uses_old_key, "8180 41000000 8101 41",
              "8100"
              "810100"},

    deviation{fault::length_16_little_endian, "82fe 0100 00000000 41", "820141"},
    deviation{fault::length_msb_dropped, "82ff 8000000000000001 00000000 41", "820141"},
    deviation{fault::sends_long_form, "818100000000 41", "817e000141"},
    deviation{fault::pong_order_reversed, "898100000000 41 898100000000 42", "8a01428a0141"},
    deviation{fault::repeats_type_in_fragments, "818200000000 4142", "010141810142"},
    deviation{fault::interleaved_echo, "818200000000 4142 818200000000 4344",
              "010141010143800142800144"},
    deviation{fault::echoes_1015, "888200000000 03f7", "880203f7"},
    deviation{fault::close_code_byte_order, "888200000000 03e8", "8802e803"},
    deviation{fault::goes_on_after_error, "838000000000 818100000000 41", "880203ea810141"},
    deviation{fault::echoes_after_close, "888000000000 818100000000 41", "8800810141"},
    deviation{fault::unmasked_delivered_first, "8101 41", "810141880203ea"},
    deviation{fault::bad_utf8_replaced, "818200000000 41ff", "8102413f"},
    deviation{fault::new_message_appended, "018100000000 41 818100000000 42", "81024142"}};

TEST(FaultyServer, DeviatesAsTheFaultSays) { check_deviations(faulty_answers); }

constexpr deviation unusual_answers[] = {

    deviation{fault::echoes_in_two_fragments, "818300000000 414243",
              "0101418002"
              "4243"},
    deviation{fault::echoes_in_many_fragments, "818100000000 41", "01000001418000"},
    deviation{fault::answers_last_ping_only, "898100000000 41 898100000000 42", "8a0142"},
    deviation{fault::pong_overtakes_echo, "818100000000 41 898100000000 42 888000000000",
              "8a01428101418800"},
    deviation{fault::close_overtakes_echo, "818100000000 41 888000000000", "8800"},
    deviation{fault::strips_bom, "818400000000 efbbbf41", "810141"},
    deviation{fault::forbidden_codes_answered_with_1000, "888200000000 03ed", "880203e8"},
    deviation{fault::accepts_long_form, "82fe 0001 00000000 41", "820141"}};

TEST(FaultyServer, DeviatesAsTheVariantSays) { check_deviations(unusual_answers); }

TEST(FaultyServer, DiesOnlyOfItsOwnTrigger) {
    opened it(fault::dies_on_pong);
    EXPECT_EQ(it.say(client_frame(opcode::ping, "")), plain(opcode::pong, ""));
    EXPECT_FALSE(it.server.dead());
    EXPECT_EQ(it.say(joined({client_frame(opcode::text, "a"), client_frame(opcode::pong, "")})),
              plain(opcode::text, "a"));
    EXPECT_TRUE(it.server.dead());
    EXPECT_TRUE(it.server.wants_reset());
    EXPECT_FALSE(it.server.wants_close());
}

TEST(FaultyServer, HandlesACutFrameAsTheFaultSays) {
    auto const at_end = [](fault kind, std::string_view said) {
        opened it(kind);
        it.say(hex(said));
        it.server.on_end();
        EXPECT_TRUE(it.server.wants_close() != it.server.dead());
        return to_hex(it.server.take_output());
    };
    for (std::string_view const cut : {"81830000000041", "0181 00000000 41", "89 83 00000000 41"}) {
        EXPECT_EQ(at_end(fault::none, cut), "");
        EXPECT_EQ(at_end(fault::delivers_cut_frame, cut).substr(2), "0141") << cut;
        EXPECT_EQ(at_end(fault::dies_on_cut_frame, cut), "");
    }
    EXPECT_EQ(at_end(fault::delivers_cut_frame, "81"), "");
    EXPECT_EQ(at_end(fault::delivers_cut_frame, "818000000000"), "");

    auto const dies = [](std::string_view said) {
        opened it(fault::dies_on_cut_frame);
        it.say(hex(said));
        it.server.on_end();
        return it.server.dead();
    };
    EXPECT_TRUE(dies("81"));
    EXPECT_TRUE(dies("8183000000"));
    EXPECT_FALSE(dies("818000000000"));
}

TEST(FaultyServer, DiesOfALongControlFrameWhenThatIsTheFault) {
    auto const dies = [](std::string_view said) {
        opened it(fault::dies_on_long_control);
        it.say(hex(said));
        return it.server.dead();
    };
    EXPECT_TRUE(dies("89ff 8000000000000005 00000000"));
    EXPECT_TRUE(dies("88ff 0000000000000000 00000000"));
    EXPECT_FALSE(dies("89fe 0001 00000000"));
    EXPECT_FALSE(dies("82ff 8000000000000005 00000000"));
}

TEST(FaultyServer, KeepsTcpOpenWhenThatIsTheFault) {
    opened closing(fault::no_tcp_close);
    EXPECT_EQ(closing.say(close_frame(1000)), plain_close(1000));
    EXPECT_FALSE(closing.server.wants_close());
    closing.server.on_end();
    EXPECT_TRUE(closing.server.wants_close());

    opened failing(fault::stays_open_after_error);
    EXPECT_EQ(failing.say(client_frame(opcode{3}, "")), plain_close(1002));
    EXPECT_FALSE(failing.server.wants_close());
}

TEST(FaultyServer, ResetsInsteadOfClosing) {
    opened it(fault::resets_on_error);
    EXPECT_EQ(it.say(client_frame(opcode{3}, "")), "");
    EXPECT_TRUE(it.server.wants_reset());
    EXPECT_FALSE(it.server.wants_close());
    it.server.on_end();
    EXPECT_FALSE(it.server.wants_close());
}

TEST(FaultyServer, MasksWithKeysFromItsSeed) {
    auto const masked = [](std::uint64_t seed) {
        faulty_peer server(role::server, fault::masks_its_frames, seed);
        server.on_octets(to_octets(good_request()));
        server.on_octets(client_frame(opcode::text, "a"));
        return server.take_output();
    };
    EXPECT_EQ(masked(1), masked(1));
    EXPECT_NE(masked(1), masked(2));
    opened it(fault::masks_its_frames);
    it.server.on_octets(client_frame(opcode::text, "abc"));
    auto const output = it.server.take_output();
    auto const header = std::get<parsed_header>(parse_header(output)).header;
    ASSERT_TRUE(header.mask.has_value());
    EXPECT_EQ(output, make_frame(opcode::text, view_of("abc"), header.mask));
}

/// A stream that is mostly right, so that it gets far, and cut anywhere.
class hostile_stream {
public:
    explicit hostile_stream(std::uint64_t seed)
        : random_(seed), probes_(all_probes(role::server)) {}

    octets next() {
        octets out;
        if (below(4) != 0) out = offering_request("permessage-deflate");
        while (out.size() < 3000 && below(8) != 0) append(out, piece());
        for (auto changes = below(4); changes > 0 && !out.empty(); --changes) {
            out[below(out.size())] = static_cast<std::uint8_t>(below(256));
        }
        return out;
    }

    std::size_t below(std::size_t bound) { return random_() % bound; }

private:
    octets piece() {
        if (below(6) == 0) {
            octets noise(below(40));
            for (auto& octet : noise) octet = static_cast<std::uint8_t>(below(256));
            return noise;
        }
        auto const& pieces = probes_[below(probes_.size())].pieces;
        auto const& chosen = pieces[below(pieces.size())];
        return chosen.size() < 1000 ? chosen : octets{};
    }

    std::mt19937_64 random_;
    std::vector<probe> probes_;
};

void feed(faulty_peer& server, octets_view data, hostile_stream& random) {
    while (!data.empty()) {
        auto const size = std::min(data.size(), 1 + random.below(200));
        server.on_octets(data.first(size));
        data = data.subspan(size);
        auto const produced = server.take_output().size();
        ASSERT_LT(produced, std::size_t{1} << 20U);
    }
    server.on_end();
    EXPECT_TRUE(server.wants_close() != server.wants_reset());
}

TEST(FaultyServer, SurvivesAnyOctetsWithEveryFault) {
    std::uint64_t const seed = 20240229;
    SCOPED_TRACE("seed " + std::to_string(seed));
    hostile_stream random(seed);
    for (int round = 0; round < 20; ++round) {
        for (auto const& info : all_faults()) {
            if (!info.concerns(role::server)) continue;
            SCOPED_TRACE(info.name);
            faulty_peer server(role::server, info.id, seed);
            feed(server, random.next(), random);
        }
    }
}

TEST(FaultyServer, DoesTheSameWithHostileStreamsHoweverTheyAreCut) {
    std::uint64_t const seed = 7;
    hostile_stream random(seed);
    for (int round = 0; round < 300; ++round) {
        auto const stream = random.next();
        auto const whole = observe(role::server, fault::none, {stream});
        EXPECT_EQ(observe(role::server, fault::none, octet_by_octet({stream})), whole)
            << "seed " << seed << " round " << round << ' ' << to_hex(stream);
    }
}

}  // namespace
}  // namespace wsproof
