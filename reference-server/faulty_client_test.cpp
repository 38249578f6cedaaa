#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <string>

#include "reference-server/faulty_peer.hpp"
#include "reference-server/faulty_peer_probes.hpp"
#include "wire/close.hpp"
#include "wire/deflate.hpp"
#include "wire/extension.hpp"
#include "wire/frame_reader.hpp"
#include "wire/handshake.hpp"

namespace wsproof {
namespace {

/// A client that has sent its request.
class asking {
public:
    explicit asking(fault kind = fault::none, std::uint64_t seed = 1)
        : client(role::client, kind, seed), request(client.take_output()) {}

    http_head head() const {
        auto const parsed = parse_head(request, 100000);
        return std::get<http_head>(parsed);
    }
    std::string value(std::string_view name) const {
        return std::string(head().value(name).value_or("none"));
    }
    /// What comes back for these octets, in hexadecimal.
    std::string answer(octets const& response) {
        client.on_octets(with_accept(response, request));
        return to_hex(client.take_output());
    }

    faulty_peer client;
    octets request;
};

/// A client that has opened a connection.
class opened : public asking {
public:
    explicit opened(fault kind = fault::none, octets const& response = to_octets(good_response()))
        : asking(kind) {
        EXPECT_EQ(answer(response), "");
        EXPECT_FALSE(client.wants_close());
    }

    octets say(octets const& data) {
        client.on_octets(data);
        return client.take_output();
    }
    /// The frames that come back, unmasked, as a server would write them.
    std::string heard(octets const& data) {
        frame_reader reader(std::uint64_t{1} << 30U);
        reader.feed(say(data));
        octets plain;
        while (auto next = reader.next()) {
            EXPECT_TRUE(next->header.mask.has_value());
            next->header.mask.reset();
            write_frame(next->header, next->payload, plain);
        }
        EXPECT_EQ(reader.pending(), 0U);
        return to_hex(plain);
    }
};

std::string plain(opcode op, std::string_view payload) { return to_hex(server_frame(op, payload)); }

octets close_frame(std::uint16_t code, std::string_view reason = {}) {
    return server_frame(opcode::close, as_text(write_close(code, reason)));
}

bool opens(fault kind, octets const& response) {
    asking it(kind);
    it.answer(response);
    return !it.answer(server_frame(opcode::ping, "?")).empty();
}

std::string_view name_of_fault(fault kind) { return info_of(kind).name; }

TEST(FaultyClient, AsksAsTheRfcWants) {
    asking it;
    auto const head = it.head();
    EXPECT_TRUE(head.flaws.empty());
    EXPECT_EQ(head.raw.size(), it.request.size());
    EXPECT_EQ(head.start_line, "GET /echo HTTP/1.1");
    EXPECT_EQ(it.value("Host"), "localhost");
    EXPECT_EQ(it.value("Upgrade"), "websocket");
    EXPECT_EQ(it.value("Connection"), "Upgrade");
    EXPECT_EQ(it.value("Sec-WebSocket-Version"), "13");
    EXPECT_EQ(it.value("Sec-WebSocket-Protocol"), "wsproof.chat, wsproof.more");
    EXPECT_EQ(it.value("Sec-WebSocket-Extensions"), "permessage-deflate; client_max_window_bits");
    EXPECT_EQ(parse_base64(it.value("Sec-WebSocket-Key")).value().size(), 16U);
    EXPECT_FALSE(it.client.wants_close());
}

TEST(FaultyClient, DrawsItsKeyFromItsSeed) {
    EXPECT_EQ(asking(fault::none, 1).request, asking(fault::none, 1).request);
    EXPECT_NE(asking(fault::none, 1).value("Sec-WebSocket-Key"),
              asking(fault::none, 2).value("Sec-WebSocket-Key"));
}

TEST(FaultyClient, OpensAndEchoesWithMaskedFrames) {
    opened it;
    EXPECT_EQ(it.heard(server_frame(opcode::text, "gr\xC3\xBCn")),
              plain(opcode::text, "gr\xC3\xBCn"));
    EXPECT_EQ(it.heard(server_frame(opcode::binary, "\xFF")), plain(opcode::binary, "\xFF"));
    EXPECT_EQ(
        it.heard(joined({server_frame(opcode::text, "a", false), server_frame(opcode::ping, "p"),
                         server_frame(opcode::continuation, "b")})),
        plain(opcode::pong, "p") + plain(opcode::text, "ab"));
}

TEST(FaultyClient, MasksEveryFrameWithAnotherKey) {
    opened it;
    auto const first = it.say(server_frame(opcode::text, "abcd"));
    auto const second = it.say(server_frame(opcode::text, "abcd"));
    EXPECT_NE(first, second);
    EXPECT_EQ(first.size(), second.size());
}

TEST(FaultyClient, ReadsFramesThatCameWithTheResponse) {
    asking it;
    EXPECT_NE(it.answer(joined({to_octets(good_response()), server_frame(opcode::ping, "early")})),
              "");
    asking deaf(fault::drops_frames_behind_response);
    EXPECT_EQ(
        deaf.answer(joined({to_octets(good_response()), server_frame(opcode::ping, "early")})), "");
    EXPECT_NE(deaf.answer(server_frame(opcode::ping, "late")), "");
}

TEST(FaultyClient, LeavesItToTheServerToCloseTcp) {
    opened it;
    EXPECT_EQ(it.heard(close_frame(4001, "bye")), to_hex(close_frame(4001)));
    EXPECT_FALSE(it.client.wants_close());
    EXPECT_EQ(it.heard(server_frame(opcode::ping, "late")), "");
    it.client.on_end();
    EXPECT_TRUE(it.client.wants_close());

    opened hasty(fault::closes_tcp_first);
    EXPECT_EQ(hasty.heard(close_frame(1000)), to_hex(close_frame(1000)));
    EXPECT_TRUE(hasty.client.wants_close());

    opened deaf(fault::ignores_the_end);
    deaf.client.on_end();
    EXPECT_FALSE(deaf.client.wants_close());
}

TEST(FaultyClient, ClosesTcpItselfWhenItFailsTheConnection) {
    for (std::string_view const digits : {"8180 01020304", "8980 01020304", "a100", "8300", "8b00",
                                          "0900", "8000", "827e0001", "880103", "880203ed"}) {
        SCOPED_TRACE(digits);
        opened it;
        EXPECT_EQ(it.heard(hex(digits)), to_hex(close_frame(1002)));
        EXPECT_TRUE(it.client.wants_close());
    }
    opened it;
    EXPECT_EQ(it.heard(hex("8101ff")), to_hex(close_frame(1007)));
    EXPECT_TRUE(it.client.wants_close());
}

TEST(FaultyClient, ClosesWhenTheServerDoes) {
    asking unanswered;
    unanswered.client.on_octets(view_of("HTTP/1.1 101 Swi"));
    unanswered.client.on_end();
    EXPECT_TRUE(unanswered.client.wants_close());
    EXPECT_TRUE(unanswered.client.take_output().empty());
}

struct response_case {
    std::string_view from, to;
};

constexpr response_case good_responses[] = {
    {"HTTP/1.1 101",
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103\x20\r\nLink: a\r\n\r\nHTTP/1.1 101"},
    {"Switching Protocols", "\xE2\x80\x93"},
    {"Switching Protocols", ""},
    {"HTTP/1.1", "HTTP/1.2"},
    {"Upgrade: websocket", "uPGRADE:WebSocket\t"},
    {"Connection: Upgrade", "Connection: keep-alive\r\nCONNECTION: , uPGRADE"},
    {"{accept}", " \t{accept} \t"},
    {"Sec-WebSocket-Protocol: wsproof.chat\r\n", ""},
    {"wsproof.chat", "wsproof.more"},
    {"wsproof.chat\r\n", "wsproof.chat\r\nX-Unknown: \xFF\r\nServer:\r\nContent-Length: 5\r\n"},
};

TEST(FaultyClient, AcceptsWhatTheRulesAllow) {
    for (auto const& [from, to] : good_responses) {
        EXPECT_TRUE(opens(fault::none, edited_response(from, to))) << from << " -> " << to;
    }
}

constexpr response_case bad_responses[] = {
    {"101 Switching", "200 Switching"},
    {"101 Switching", "403 Switching"},
    {"101 Switching", "1O1 Switching"},
    {"101 Switching", "10 Switching"},
    {"101 Switching Protocols", "101"},
    {"HTTP/1.1", "HTTP/1.0"},
    {"HTTP/1.1", "HTTP/2.0"},
    {"HTTP/1.1", "http/1.1"},
    {"Upgrade: websocket\r\n", ""},
    {": websocket", ": websocket/13"},
    {": websocket", ": h2c, websocket"},
    {"Connection: Upgrade\r\n", ""},
    {": Upgrade", ": close"},
    {"Sec-WebSocket-Accept: {accept}\r\n", ""},
    {"{accept}", ""},
    {"{accept}", "{ACCEPT}"},
    {"{accept}", "{key}"},
    {"{accept}", "{start}AAAAAAA="},
    {"Sec-WebSocket-Accept: {accept}", "Sec-WebSocket-Accept: a\r\nSec-WebSocket-Accept: {accept}"},
    {"wsproof.chat", "wsproof.none"},
    {"wsproof.chat", "WSPROOF.CHAT"},
    {"wsproof.chat", "wsproof.chat, wsproof.more"},
    {"wsproof.chat", "wsproof.chat\r\nSec-WebSocket-Protocol: wsproof.chat"},
    {": wsproof.chat", ":"},
    {"wsproof.chat\r\n", "wsproof.chat\n"},
    {"wsproof.chat\r\n", "wsproof.chat\r\nX: a\r\n b\r\n"},
    {"wsproof.chat\r\n", "wsproof.chat\r\nX : a\r\n"},
    {"wsproof.chat\r\n", "wsproof.chat\r\nX: \x01\r\n"},
    {"Upgrade: websocket", " Upgrade: websocket"},
};

TEST(FaultyClient, RefusesWhatBreaksTheRules) {
    for (auto const& [from, to] : bad_responses) {
        SCOPED_TRACE(std::string(from) + " -> " + std::string(to));
        asking it;
        EXPECT_EQ(it.answer(edited_response(from, to)), "");
        EXPECT_TRUE(it.client.wants_close());
        EXPECT_FALSE(it.client.wants_reset());
        EXPECT_EQ(it.answer(server_frame(opcode::ping, "?")), "");
    }
}

TEST(FaultyClient, RefusesAnEndlessHead) {
    asking it;
    EXPECT_EQ(it.answer(octets(20000, 'a')), "");
    EXPECT_TRUE(it.client.wants_close());
}

constexpr std::string_view good_answers[] = {
    "permessage-deflate",
    "permessage-deflate; server_max_window_bits=8; client_max_window_bits=\"8\"",
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
};
constexpr std::string_view bad_answers[] = {
    "x-unknown",
    "permessage-deflate, permessage-deflate",
    "permessage-deflate, x-unknown",
    "permessage-deflate; x",
    "permessage-deflate;",
    "permessage-deflate; a=\"",
    "",
    "permessage-deflate; server_max_window_bits",
    "permessage-deflate; client_max_window_bits",
    "permessage-deflate; client_max_window_bits=16",
    "permessage-deflate; client_max_window_bits=7",
    "permessage-deflate; client_max_window_bits=08",
    "permessage-deflate; client_no_context_takeover=1",
    "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
};

TEST(FaultyClient, TakesExtensionsAsOffered) {
    for (auto const answer : good_answers) {
        EXPECT_TRUE(opens(fault::none, agreeing_response(answer))) << answer;
    }
    for (auto const answer : bad_answers) {
        EXPECT_FALSE(opens(fault::none, agreeing_response(answer))) << answer;
    }
}

TEST(FaultyClient, KnowsNoParameterThatItDidNotOffer) {
    auto const answer = agreeing_response("permessage-deflate; client_max_window_bits=10");
    EXPECT_TRUE(opens(fault::none, answer));
    EXPECT_TRUE(opens(fault::accepts_unasked_client_window, answer));
    EXPECT_EQ(asking(fault::accepts_unasked_client_window).value("Sec-WebSocket-Extensions"),
              "permessage-deflate");
    EXPECT_FALSE(opens(fault::omits_deflate_offer, agreeing_response("permessage-deflate")));
}

std::string inflated_echo(opened& it, deflater& out, inflater& in, std::string_view text) {
    auto const packed = out.compress(view_of(text));
    frame_reader reader(1000000);
    reader.feed(it.say(server_frame(opcode::text, as_text(packed), true, rsv1)));
    auto const back = reader.next();
    if (!back || back->header.rsv != rsv1 || !back->header.mask) return "no compressed answer";
    auto const result = in.inflate(back->payload, 1000000);
    return result.outcome == inflate_outcome::ok ? std::string(as_text(result.data))
                                                 : result.detail;
}

TEST(FaultyClient, CompressesWithItsOwnParameters) {
    std::string const text = std::string(3000, 'a') + "b" + std::string(3000, 'a');
    for (bool const takeover : {true, false}) {
        std::string answer =
            "permessage-deflate; server_max_window_bits=15; client_max_window_bits=9";
        if (!takeover) answer += "; client_no_context_takeover";
        opened it(fault::none, agreeing_response(answer));
        deflater out(15, true);
        inflater in(9, takeover);
        for (int i = 0; i < 3; ++i) EXPECT_EQ(inflated_echo(it, out, in, text), text) << answer;
    }
}

struct request_edit_case {
    fault kind;
    std::string_view name, value;
};

constexpr request_edit_case odd_requests[] = {
    {fault::request_without_host, "Host", "none"},
    {fault::request_user_in_host, "Host", "user@localhost"},
    {fault::request_without_upgrade, "Upgrade", "none"},
    {fault::request_connection_keep_alive, "Connection", "keep-alive"},
    {fault::request_without_key, "Sec-WebSocket-Key", "none"},
    {fault::request_empty_key, "Sec-WebSocket-Key", ""},
    {fault::request_version_8, "Sec-WebSocket-Version", "8"},
    {fault::request_bad_protocol_token, "Sec-WebSocket-Protocol", "wsproof chat"},
    {fault::request_bad_extension_grammar, "Sec-WebSocket-Extensions", "permessage-deflate;"},
    {fault::omits_deflate_offer, "Sec-WebSocket-Extensions", "none"},
    {fault::omits_subprotocols, "Sec-WebSocket-Protocol", "none"},
};

TEST(FaultyClient, AsksAsTheFaultSays) {
    for (auto const& [kind, name, value] : odd_requests) {
        EXPECT_EQ(asking(kind).value(name), value) << name_of_fault(kind);
        EXPECT_NE(asking().value(name), value) << name_of_fault(kind);
    }
    EXPECT_EQ(asking(fault::request_post).head().start_line, "POST /echo HTTP/1.1");
    EXPECT_EQ(asking(fault::request_two_hosts).head().values("Host").size(), 2U);
    EXPECT_EQ(asking(fault::request_two_versions).head().values("Sec-WebSocket-Version").size(),
              2U);
    EXPECT_EQ(asking(fault::request_with_body).head().raw.size() + 5,
              asking(fault::request_with_body).request.size());
    auto const keys = asking(fault::request_two_keys).head().values("Sec-WebSocket-Key");
    EXPECT_EQ(keys.size(), 2U);
}

TEST(FaultyClient, WritesItsKeyAsTheFaultSays) {
    auto const key = [](fault kind) { return asking(kind).value("Sec-WebSocket-Key"); };
    EXPECT_EQ(parse_base64(key(fault::request_short_key)).value().size(), 8U);
    EXPECT_EQ(parse_base64(key(fault::request_long_key)).value().size(), 20U);
    EXPECT_EQ(parse_hex(key(fault::request_key_no_base64)).value().size(), 16U);
    EXPECT_FALSE(parse_base64(key(fault::request_url_safe_key)));
    EXPECT_FALSE(parse_base64(key(fault::request_unpadded_key)));
    auto const odd = key(fault::request_pad_bits_in_key);
    auto const decoded = parse_base64(odd).value();
    EXPECT_EQ(decoded.size(), 16U);
    EXPECT_NE(base64(decoded), odd);
}

TEST(FaultyClient, BreaksTheGrammarOfItsRequestAsTheFaultSays) {
    auto const defect = [](fault kind) {
        auto const head = asking(kind).head();
        return head.flaws.empty() ? std::optional<head_defect>() : head.flaws.front().defect;
    };
    EXPECT_EQ(defect(fault::request_with_bare_line_feeds), head_defect::bare_line_feed);
    EXPECT_EQ(defect(fault::request_with_space_before_colon), head_defect::space_before_colon);
    EXPECT_EQ(defect(fault::request_with_folded_line), head_defect::folded_line);
    EXPECT_EQ(defect(fault::request_with_control_character), head_defect::control_in_value);
    EXPECT_EQ(defect(fault::none), std::nullopt);
}

TEST(FaultyClient, OpensWithEveryRequestOfItsOwn) {
    auto const bare = edited_response("Sec-WebSocket-Protocol: wsproof.chat\r\n", "");
    for (auto const& info : client_faults()) {
        if (info.name.starts_with("request-")) {
            EXPECT_TRUE(opens(info.id, bare)) << info.name;
        }
    }
    for (auto const& info : client_variants()) {
        if (info.id == fault::insists_on_subprotocol) continue;
        EXPECT_TRUE(opens(info.id, bare)) << info.name;
    }
}

struct blind_spot {
    fault kind;
    std::string_view from, to;
};

constexpr blind_spot blind_spots[] = {
    {fault::accepts_status_200, "101 Switching Protocols", "200 OK"},
    {fault::accepts_any_status, "101 Switching Protocols", "403 Forbidden"},
    {fault::opens_with_interim, "101 Switching Protocols", "102 Processing"},
    {fault::accepts_http_1_0_response, "HTTP/1.1", "HTTP/1.0"},
    {fault::accepts_short_status_line, "101 Switching Protocols", "101"},
    {fault::accepts_missing_upgrade, "Upgrade: websocket\r\n", ""},
    {fault::accepts_other_upgrade, ": websocket", ": h2c"},
    {fault::accepts_upgrade_list, ": websocket", ": h2c, websocket"},
    {fault::accepts_missing_connection, "Connection: Upgrade\r\n", ""},
    {fault::ignores_connection_value, ": Upgrade", ": close"},
    {fault::accepts_missing_accept, "Sec-WebSocket-Accept: {accept}\r\n", ""},
    {fault::accepts_wrong_accept, "{accept}", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
    {fault::accepts_unhashed_accept, "{accept}", "{key}"},
    {fault::accept_case_insensitive, "{accept}", "{ACCEPT}"},
    {fault::accept_prefix_compared, "{accept}", "{start}AAAAAAA="},
    {fault::accepts_unoffered_protocol, "wsproof.chat", "wsproof.none"},
    {fault::offers_no_subprotocol_and_takes_any, "wsproof.chat", "wsproof.none"},
    {fault::offered_protocol_case_insensitive, "wsproof.chat", "WSPROOF.CHAT"},
    {fault::accepts_protocol_list, "wsproof.chat", "wsproof.chat, wsproof.more"},
    {fault::accepts_empty_protocol, ": wsproof.chat", ":"},
    {fault::accepts_equal_repeats, "wsproof.chat",
     "wsproof.chat\r\nSec-WebSocket-Protocol: wsproof.chat"},
    {fault::joins_folded_lines, "wsproof.chat\r\n", "wsproof.chat\r\nX: a\r\n b\r\n"},
    {fault::accepts_bare_line_feed, "wsproof.chat\r\n", "wsproof.chat\n"},
};

TEST(FaultyClient, OpensWhereItsFaultMakesItBlind) {
    for (auto const& [kind, from, to] : blind_spots) {
        EXPECT_TRUE(opens(kind, edited_response(from, to))) << name_of_fault(kind);
        EXPECT_FALSE(opens(fault::none, edited_response(from, to))) << name_of_fault(kind);
    }
}

constexpr blind_spot prejudices[] = {
    {fault::takes_interim_for_final, "HTTP/1.1 101", "HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 101"},
    {fault::accept_untrimmed, "{accept}", "{accept} "},
    {fault::needs_reason_phrase, "Switching Protocols", "Welcome"},
    {fault::connection_no_list, ": Upgrade", ": keep-alive, Upgrade"},
    {fault::insists_on_subprotocol, "Sec-WebSocket-Protocol: wsproof.chat\r\n", ""},
    {fault::refuses_length_in_101, "wsproof.chat\r\n", "wsproof.chat\r\nContent-Length: 0\r\n"},
};

TEST(FaultyClient, RefusesWhatItsFaultMakesItDislike) {
    for (auto const& [kind, from, to] : prejudices) {
        EXPECT_FALSE(opens(kind, edited_response(from, to))) << name_of_fault(kind);
        EXPECT_TRUE(opens(fault::none, edited_response(from, to))) << name_of_fault(kind);
    }
}

TEST(FaultyClient, FailsABadResponseAsTheFaultSays) {
    auto const bad = edited_response("101", "500");
    asking idle(fault::stays_open_after_bad_response);
    EXPECT_EQ(idle.answer(bad), "");
    EXPECT_FALSE(idle.client.wants_close());

    asking chatty(fault::speaks_after_bad_response);
    EXPECT_EQ(chatty.answer(bad).substr(0, 2), "81");
    EXPECT_TRUE(chatty.client.wants_close());

    asking blind(fault::opens_for_any_response);
    EXPECT_EQ(blind.answer(bad), "");
    EXPECT_EQ(blind.answer(server_frame(opcode::ping, "?")).substr(0, 2), "8a");

    asking hasty(fault::opens_at_the_status_line);
    EXPECT_EQ(hasty.answer(to_octets(good_response())).substr(0, 2), "88");

    asking mortal(fault::dies_on_refusal);
    mortal.answer(bad);
    EXPECT_TRUE(mortal.client.dead());

    asking polite(fault::closes_bad_negotiation_with_1010);
    EXPECT_EQ(polite.answer(agreeing_response("x-unknown")).substr(0, 4), "8882");
    EXPECT_TRUE(polite.client.wants_close());
    EXPECT_EQ(polite.answer(server_frame(opcode::ping, "?")), "");
}

TEST(FaultyClient, WaitsForABodyOnlyWhenThatIsTheFault) {
    auto const response =
        edited_response("wsproof.chat\r\n", "wsproof.chat\r\nContent-Length: 7\r\n");
    auto const ping = server_frame(opcode::ping, "lost!");
    asking it(fault::waits_for_body_of_101);
    EXPECT_EQ(it.answer(response), "");
    EXPECT_EQ(it.answer(ping), "");
    EXPECT_NE(it.answer(ping), "");
    EXPECT_NE(opened(fault::none, response).heard(ping), "");

    asking patient(fault::waits_for_body_of_101);
    auto const endless = edited_response(
        "wsproof.chat\r\n", "wsproof.chat\r\nContent-Length: 99999999999999999999999999\r\n");
    EXPECT_EQ(patient.answer(joined({endless, ping})), "");
    EXPECT_FALSE(patient.client.wants_close());
}

std::string wire_of(fault kind, std::vector<octets> const& said) {
    opened it(kind);
    std::string all;
    for (auto const& each : said) all += to_hex(it.say(each));
    return all;
}

TEST(FaultyClient, MasksAsTheFaultSays) {
    auto const text = server_frame(opcode::text, "abcde");
    auto const ping = server_frame(opcode::ping, "");
    EXPECT_EQ(wire_of(fault::sends_unmasked, {text, ping}), to_hex(text) + "8a00");
    EXPECT_EQ(wire_of(fault::sends_unmasked_control, {ping}), "8a00");
    EXPECT_EQ(wire_of(fault::sends_unmasked_control, {text}).substr(0, 4), "8185");
    EXPECT_EQ(wire_of(fault::sends_unmasked_empty, {ping}), "8a00");
    EXPECT_EQ(wire_of(fault::masks_with_zero_key, {text}), "8185000000006162636465");
    EXPECT_EQ(wire_of(fault::masks_with_one_key, {text}),
              wire_of(fault::masks_with_one_key, {ping, text}).substr(12));
    EXPECT_EQ(wire_of(fault::masks_with_counter, {ping, ping}), "8a805a0000008a805a000001");
}

/// The payload of the last answer as a server unmasks it.
std::string last_payload(fault kind, std::vector<octets> const& said) {
    opened it(kind);
    octets all;
    for (auto const& each : said) append(all, it.say(each));
    frame_reader reader(1000);
    reader.feed(all);
    std::string last;
    while (auto const next = reader.next()) last = as_text(next->payload);
    return last;
}

TEST(FaultyClient, UsesItsKeyAsTheFaultSays) {
    auto const text = server_frame(opcode::text, "abcde");
    EXPECT_EQ(last_payload(fault::mask_runs_on, {text}), "abcde");
    EXPECT_NE(last_payload(fault::mask_runs_on, {text, text}), "abcde");
    EXPECT_EQ(last_payload(fault::none, {text, text}), "abcde");
    EXPECT_NE(last_payload(fault::masks_with_swapped_key, {text}), "abcde");
}

TEST(FaultyClient, ReadsMaskedFramesAsTheFaultSays) {
    auto const text = client_frame(opcode::text, "abc");
    auto const ping = client_frame(opcode::ping, "abc");
    EXPECT_EQ(opened(fault::accepts_masked).heard(text), plain(opcode::text, "abc"));
    EXPECT_EQ(opened(fault::accepts_masked_control).heard(ping), plain(opcode::pong, "abc"));
    EXPECT_EQ(opened(fault::accepts_masked_control).heard(text), to_hex(close_frame(1002)));
    EXPECT_EQ(opened(fault::masked_delivered_first).heard(text),
              plain(opcode::text, "abc") + to_hex(close_frame(1002)));
    EXPECT_EQ(opened(fault::reads_key_as_payload).heard(client_frame(opcode::ping, "abc")),
              plain(opcode::pong, std::string_view("\x37\xFA\x21", 3)) + to_hex(close_frame(1002)));
}

TEST(FaultyClient, StaysInStepWithAKeyThatLooksLikeFrames) {
    // two empty Pongs, to a reader that does not look at MASK
    auto const ping = make_frame(opcode::ping, {}, masking_key{0x8A, 0, 0x8A, 0});
    opened it(fault::reads_key_as_payload);
    EXPECT_EQ(it.heard(joined({ping, server_frame(opcode::ping, "?")})),
              plain(opcode::pong, "") + plain(opcode::pong, "?"));
    EXPECT_EQ(opened().heard(ping), to_hex(close_frame(1002)));
}

TEST(FaultyClient, DoesTheSameHoweverItsInputIsCut) {
    for (auto const& probe : all_probes(role::client)) {
        asking it;
        auto const whole = with_accept(joined(probe.pieces), it.request);
        auto const seen = observe(role::client, fault::none, {whole});
        EXPECT_EQ(observe(role::client, fault::none, octet_by_octet({whole})), seen) << probe.name;
    }
}

void feed(faulty_peer& client, octets_view data, std::mt19937_64& random) {
    while (!data.empty()) {
        auto const size = std::min<std::size_t>(data.size(), 1 + random() % 200);
        client.on_octets(data.first(size));
        data = data.subspan(size);
        ASSERT_LT(client.take_output().size(), std::size_t{1} << 20U);
    }
    client.on_end();
    EXPECT_FALSE(client.wants_close() && client.wants_reset());
}

/// Mostly right, so that it gets far.
octets hostile_stream(std::vector<probe> const& probes, octets_view request,
                      std::mt19937_64& random) {
    octets out;
    if (random() % 4 != 0) {
        out =
            with_accept(agreeing_response("permessage-deflate; client_max_window_bits=9"), request);
    }
    while (out.size() < 3000 && random() % 8 != 0) {
        auto const& pieces = probes[random() % probes.size()].pieces;
        auto const& chosen = pieces[random() % pieces.size()];
        if (chosen.size() < 1000) append(out, chosen);
    }
    for (auto changes = random() % 4; changes > 0 && !out.empty(); --changes) {
        out[random() % out.size()] = static_cast<std::uint8_t>(random());
    }
    return out;
}

TEST(FaultyClient, SurvivesAnyOctetsWithEveryFault) {
    std::uint64_t const seed = 20240229;
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    auto const probes = all_probes(role::client);
    for (int round = 0; round < 20; ++round) {
        for (auto const& info : all_faults()) {
            if (!info.concerns(role::client)) continue;
            SCOPED_TRACE(info.name);
            asking it(info.id, seed);
            feed(it.client, hostile_stream(probes, it.request, random), random);
        }
    }
}

}  // namespace
}  // namespace wsproof
