#include "reference-server/faulty_server_probes.hpp"

#include <stdexcept>

#include "reference-server/faulty_server.hpp"
#include "wire/close.hpp"
#include "wire/deflate.hpp"

namespace wsproof {

namespace {

using namespace std::string_view_literals;

constexpr masking_key client_key{0x37, 0xFA, 0x21, 0x3D};

struct edit {
    std::string_view name, from, to;
};

constexpr std::string_view end = "13\r\n";
constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";

constexpr edit line_edits[] = {
    {"post", "GET", "POST"},
    {"lower case get", "GET", "get"},
    {"http 1.0", "HTTP/1.1", "HTTP/1.0"},
    {"http 2.0", "HTTP/1.1", "HTTP/2.0"},
    {"no target", "/echo ", ""},
    {"no version", " HTTP/1.1", ""},
    {"space in target", "/echo", "/e cho"},
    {"absolute target", "/echo", "http://server.example.com/echo"},
    {"fragment in target", "/echo", "/echo#x"},
};

constexpr edit field_edits[] = {
    {"no host", "Host: server.example.com\r\n", ""},
    {"two hosts", "Host: server.example.com\r\n", "Host: a\r\nHost: b\r\n"},
    {"bad host", "server.example.com", "user@example.com"},
    {"no upgrade", "Upgrade: websocket\r\n", ""},
    {"upgrade substring", "Upgrade: websocket", "Upgrade: notwebsocket"},
    {"other upgrade", "Upgrade: websocket", "Upgrade: h2c"},
    {"upgrade in capitals", "Upgrade: websocket", "Upgrade: WEBSOCKET"},
    {"upgrade with long s", "Upgrade: websocket",
     "Upgrade: web\xC5\xBFoc\xE2\x84\xAA"
     "et"},
    {"upgrade list", "Upgrade: websocket", "Upgrade: foo/2, websocket"},
    {"no connection", "Connection: Upgrade\r\n", ""},
    {"other connection", "Connection: Upgrade", "Connection: close"},
    {"connection substring", "Connection: Upgrade", "Connection: notupgrade"},
    {"connection list", "Connection: Upgrade", "Connection: keep-alive, Upgrade"},
    {"connection in capitals", "Connection: Upgrade", "Connection: UPGRADE"},
    {"two connections", "Connection: Upgrade", "Connection: keep-alive\r\nConnection: Upgrade"},
    {"empty element", "Connection: Upgrade", "Connection: , ,Upgrade,"},
    {"no key", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""},
    {"empty key", key, ""},
    {"short key", key, "dGhlIHNhbXBsZSBub25j"},
    {"long key", key, "dGhlIHNhbXBsZSBub25jZXM="},
    {"bad key", key, "!!!!!!!!!!!!!!!!!!!!!!=="},
    {"other key", key, "AAAAAAAAAAAAAAAAAAAAAA=="},
    {"noncanonical key", key, "dGhlIHNhbXBsZSBub25jZR=="},
    {"key with blanks", key, " \tdGhlIHNhbXBsZSBub25jZQ==  "},
    {"two keys", end, "13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"},
    {"no version field", "Sec-WebSocket-Version: 13\r\n", ""},
    {"version 8", ": 13", ": 8"},
    {"version 99", ": 13", ": 99"},
    {"version list", ": 13", ": 8, 13"},
    {"two versions", end, "13\r\nSec-WebSocket-Version: 13\r\n"},
    {"space before colon", "Upgrade:", "Upgrade :"},
    {"nul before a field", "Upgrade: websocket", "X: a\0Upgrade: websocket"sv},
    {"nul", "Upgrade: websocket", "Upgrade: websocket\0x"sv},
    {"bare cr", "Upgrade: websocket", "X: a\rUpgrade: websocket"},
    {"bare lf", end, "13\n"},
    {"fold", end, "13\r\nX: a\r\n b\r\n"},
    {"field in fold", "Upgrade: websocket", " Upgrade: websocket"},
    {"field in first line", "Host:", " Host:"},
    {"lower case names", "Upgrade:", "upgrade:"},
    {"other order", "Host: server.example.com\r\nUpgrade: websocket\r\n",
     "Upgrade: websocket\r\nHost: server.example.com\r\n"},
    {"unknown field", end, "13\r\nX-Unknown: a\r\n"},
    {"empty field", end, "13\r\nOrigin:\r\n"},
    {"body", end, "13\r\nContent-Length: 5\r\n"},
    {"expect", end, "13\r\nExpect: 100-continue\r\n"},
    {"known subprotocol", end, "13\r\nSec-WebSocket-Protocol: a, wsproof.chat\r\n"},
    {"unknown subprotocol", end, "13\r\nSec-WebSocket-Protocol: a, b\r\n"},
    {"subprotocol in capitals", end, "13\r\nSec-WebSocket-Protocol: WSPROOF.CHAT\r\n"},
    {"bad subprotocol", end, "13\r\nSec-WebSocket-Protocol: a b\r\n"},
    {"bad extension", end, "13\r\nSec-WebSocket-Extensions: a b\r\n"},
};

constexpr std::string_view offers[] = {
    "permessage-deflate",
    "permessage-deflate; x=1",
    "permessage-deflate; server_max_window_bits=16",
    "permessage-deflate; server_max_window_bits=08",
    "permessage-deflate; server_max_window_bits=8",
    "permessage-deflate; server_max_window_bits=10",
    "permessage-deflate; server_max_window_bits",
    "permessage-deflate; server_max_window_bits=\"10\"",
    "permessage-deflate; server_max_window_bits=99999999999",
    "permessage-deflate; server_no_context_takeover",
    "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
    "permessage-deflate; server_no_context_takeover=1",
    "permessage-deflate; client_no_context_takeover; client_max_window_bits=9",
    "permessage-deflate; client_max_window_bits",
    "permessage-deflate; a=\"",
    "permessage-deflate; =",
    "x-unknown",
};

/// Frames on an open connection, as hexadecimal or as parts made from it.
std::vector<probe> header_probes() {
    auto const over = std::string(126, '.');
    return {
        {"ping in 64 bits", {hex("89 ff 0000000000000000 00000000")}},
        {"end inside a frame", {hex("81 83 00000000 41")}, true},
        {"unmasked text", {hex("81 02 48 69")}},
        {"unmasked behind masked", {client_frame(opcode::text, "Hi"), hex("81 02 48 69")}},
        {"unmasked ping", {hex("89 00")}},
        {"zero key", {hex("81 82 00000000 48 69")}},
        {"rsv1", {client_frame(opcode::text, "", true, rsv1)}},
        {"rsv2", {client_frame(opcode::text, "", true, rsv2)}},
        {"rsv3", {client_frame(opcode::text, "", true, rsv3)}},
        {"compressed", {client_frame(opcode::text, as_text(hex("f248cdc9c90700")), true, rsv1)}},
        {"rsv1 on ping", {client_frame(opcode::ping, "", true, rsv1)}},
        {"rsv3 on continuation",
         {client_frame(opcode::text, "a", false),
          client_frame(opcode::continuation, "", true, rsv3)}},
        {"opcode 3", {client_frame(opcode{3}, "")}},
        {"opcode 11", {client_frame(opcode{11}, "")}},
        {"125 octets", {client_frame(opcode::binary, std::string(125, '.'))}},
        {"300 octets", {client_frame(opcode::binary, std::string(300, '.'))}},
        {"66000 octets", {client_frame(opcode::binary, std::string(66000, '.'))}},
        {"1.5 MiB", {client_frame(opcode::binary, std::string(3U << 19U, '.'))}},
        {"long form", {hex("82 fe 0001 00000000 41")}},
        {"top bit", {hex("82 ff 8000000000000001 00000000 41")}},
        {"4 GiB", {hex("82 ff 0000000100000001 00000000 41")}},
        {"header in two parts", {hex("82 fe 00"), joined({hex("80 00000000"), octets(128)})}},
        {"ping in two parts", {hex("89 82 00000000 41"), hex("42")}},
        {"ping of 125", {client_frame(opcode::ping, over.substr(1))}},
        {"ping of 126", {client_frame(opcode::ping, over)}},
        {"pong of 126", {client_frame(opcode::pong, over)}},
        {"close of 126", {client_frame(opcode::close, "\x03\xE8" + over.substr(2))}},
        {"ping without fin", {client_frame(opcode::ping, "a", false)}},
        {"pong without fin", {client_frame(opcode::pong, "a", false)}},
        {"close without fin", {client_frame(opcode::close, "\x03\xE8", false)}},
        {"stray continuation", {client_frame(opcode::continuation, "a")}},
    };
}

std::vector<probe> message_probes() {
    auto const a = client_frame(opcode::text, "abc", false);
    auto const b = client_frame(opcode::continuation, "def");
    auto const ping = [](std::string_view data) { return client_frame(opcode::ping, data); };
    return {
        {"text in text", {a, client_frame(opcode::text, "x"), b}},
        {"fragments", {a, b}},
        {"ping between fragments", {a, ping("p"), b}},
        {"pong between fragments", {a, client_frame(opcode::pong, "p"), b}},
        {"empty fragment", {a, client_frame(opcode::continuation, "", false), b}},
        {"two messages",
         {joined({client_frame(opcode::text, "one"), client_frame(opcode::text, "two")})}},
        {"empty text", {client_frame(opcode::text, "")}},
        {"empty binary", {client_frame(opcode::binary, "")}},
        {"ping", {ping("data")}},
        {"three pings", {joined({ping("1"), ping("2"), ping("3")})}},
        {"text and ping", {joined({client_frame(opcode::text, "one"), ping("1")})}},
        {"ping of octets", {ping("\xFF\xFE")}},
        {"text", {client_frame(opcode::text, "gr\xC3\xBCn")}},
        {"nul", {client_frame(opcode::text, "a\0b"sv)}},
        {"binary of octets", {client_frame(opcode::binary, "\xFF\xFE")}},
        {"byte order mark",
         {client_frame(opcode::text,
                       "\xEF\xBB\xBF"
                       "a")}},
        {"noncharacter", {client_frame(opcode::text, "\xEF\xBF\xBE")}},
        {"bad octet", {client_frame(opcode::text, "a\xFF")}},
        {"bad octet at once", {client_frame(opcode::text, "a\xFF", false)}},
        {"bad octet in second fragment", {a, client_frame(opcode::continuation, "\xFF")}},
        {"character in two fragments",
         {client_frame(opcode::text, "\xC3", false), client_frame(opcode::continuation, "\xBC")}},
        {"surrogate", {client_frame(opcode::text, "\xED\xA0\x80")}},
        {"overlong", {client_frame(opcode::text, "\xC0\xAF")}},
        {"above 10FFFF", {client_frame(opcode::text, "\xF4\x90\x80\x80")}},
        {"unfinished character", {client_frame(opcode::text, "a\xE2\x82")}},
        {"breach, then text", {client_frame(opcode{3}, ""), client_frame(opcode::text, "a")}},
        {"text and breach",
         {joined({client_frame(opcode::text, "a"), client_frame(opcode{3}, "")})}},
    };
}

octets close_frame(std::uint16_t code, std::string_view reason = {}) {
    return client_frame(opcode::close, as_text(write_close(code, reason)));
}

std::vector<probe> closing_probes() {
    auto const text = client_frame(opcode::text, "late");
    return {
        {"close", {close_frame(1000)}},
        {"empty close", {client_frame(opcode::close, "")}},
        {"close with reason", {close_frame(1001, "bye")}},
        {"close with bad reason", {close_frame(1000, "\xFF")}},
        {"close of one octet", {client_frame(opcode::close, "x")}},
        {"code 999", {close_frame(999)}},
        {"code 1005", {close_frame(1005)}},
        {"code 1014", {close_frame(1014)}},
        {"code 1015", {close_frame(1015)}},
        {"code 2000", {close_frame(2000)}},
        {"code 3000", {close_frame(3000)}},
        {"code 4000", {close_frame(4000)}},
        {"code 65535", {close_frame(65535)}},
        {"close of 125", {close_frame(1000, std::string(123, '.'))}},
        {"text behind close", {joined({close_frame(1000), text})}},
        {"ping behind close", {joined({close_frame(1000), client_frame(opcode::ping, "p")})}},
        {"two closes", {joined({close_frame(1000), close_frame(1000)})}},
        {"text and close", {joined({text, close_frame(1000)})}},
        {"close between fragments", {client_frame(opcode::text, "a", false), close_frame(1000)}},
    };
}

/// A message compressed by somebody else than the server under test.
octets compressed(std::string_view text, bool fin = true) {
    auto const data = deflater(15, false).compress(view_of(text));
    return client_frame(opcode::text, as_text(data), fin, rsv1);
}

std::vector<probe> deflate_probes() {
    auto const hello = compressed("Hello, hello, hello");
    auto const data = hex("f248cdc9c90700");
    auto const first = client_frame(opcode::text, as_text(data).substr(0, 3), false, rsv1);
    auto const rest = client_frame(opcode::continuation, as_text(data).substr(3));
    auto const as_message = [](std::string_view digits) {
        return client_frame(opcode::text, as_text(hex(digits)), true, rsv1);
    };
    std::string const bomb(std::size_t{2} << 20U, '.');
    return {
        {"compressed twice", {hello, hello}},
        {"takeover", {as_message("f248cdc9c90700"), as_message("f200110000")}},
        {"plain", {client_frame(opcode::text, "plain text")}},
        {"rsv1 on ping", {client_frame(opcode::ping, "p", true, rsv1)}},
        {"rsv1 on continuation",
         {first, client_frame(opcode::continuation, as_text(data).substr(3), true, rsv1)}},
        {"fragments", {first, rest}},
        {"ping between fragments", {first, client_frame(opcode::ping, "ping"), rest}},
        {"ping before", {client_frame(opcode::ping, "ping"), hello}},
        {"empty last fragment",
         {client_frame(opcode::text, as_text(data), false, rsv1),
          client_frame(opcode::continuation, "")}},
        {"stored block", {as_message("000500faff48656c6c6f00")}},
        {"nothing", {as_message("00")}},
        {"final block", {as_message("f348cdc9c9070000"), as_message("f248cdc9c90700")}},
        {"corrupt", {as_message("000500faff48656c6c6f07")}},
        {"bad text inside", {compressed("\xFF")}},
        {"bomb", {compressed(bomb)}},
        {"ping", {client_frame(opcode::ping, "p")}},
        {"large", {compressed(std::string(40000, 'a') + "b" + std::string(40000, 'a'))}},
    };
}

std::string window_text() {
    // repeats itself at a distance between 512 and 32768 octets only
    std::string text;
    std::uint32_t state = 1;
    for (int i = 0; i < 2000; ++i) {
        state = state * 1103515245U + 12345U;
        text += static_cast<char>('a' + (state >> 16U) % 26U);
    }
    return text + text;
}

void open_with(octets const& request, std::vector<probe> const& frames, std::vector<probe>& out) {
    for (auto const& [name, pieces, ended] : frames) {
        probe opened{name, {request}, ended};
        opened.pieces.insert(opened.pieces.end(), pieces.begin(), pieces.end());
        out.push_back(std::move(opened));
    }
}

void add_heads(std::vector<probe>& out) {
    auto const good = good_request();
    for (auto const& edits :
         {std::span<edit const>(line_edits), std::span<edit const>(field_edits)}) {
        for (auto const& [name, from, to] : edits) {
            out.push_back({std::string(name), {edited_request(from, to)}});
        }
    }
    for (auto const offer : offers) out.push_back({std::string(offer), {offering_request(offer)}});
    std::string many;
    for (int i = 0; i < 101; ++i) many += "Cookie: a\r\n";
    out.push_back({"many fields", {edited_request(end, std::string(end) + many)}});
    auto const cookie = [](std::size_t size) {
        return "13\r\nCookie: " + std::string(size, 'a') + "\r\n";
    };
    out.push_back({"long field", {edited_request(end, cookie(5000))}});
    out.push_back({"long head", {edited_request(end, cookie(20000))}});
    out.push_back({"unfinished", {to_octets(good.substr(0, good.size() - 2))}});
    out.push_back({"early text", {joined({to_octets(good), client_frame(opcode::text, "early")})}});
}

}  // namespace

std::string good_request() {
    return "GET /echo HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"
           "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           "Sec-WebSocket-Version: 13\r\n\r\n";
}

octets edited_request(std::string_view from, std::string_view to) {
    auto text = good_request();
    auto const at = text.find(from);
    if (at == std::string::npos) throw std::invalid_argument("nothing to replace");
    return to_octets(text.replace(at, from.size(), to));
}

octets offering_request(std::string_view extensions) {
    return edited_request(
        end, std::string(end) + "Sec-WebSocket-Extensions: " + std::string(extensions) + "\r\n");
}

octets client_frame(opcode op, std::string_view payload, bool fin, std::uint8_t rsv) {
    return make_frame(op, view_of(payload), client_key, fin, rsv);
}

octets hex(std::string_view text) { return parse_hex(text).value(); }

octets joined(std::vector<octets> const& parts) {
    octets all;
    for (auto const& part : parts) append(all, part);
    return all;
}

std::vector<probe> all_probes() {
    std::vector<probe> out;
    add_heads(out);
    auto const good = to_octets(good_request());
    open_with(good, header_probes(), out);
    open_with(good, message_probes(), out);
    open_with(good, closing_probes(), out);
    open_with(offering_request("permessage-deflate"), deflate_probes(), out);
    std::vector<probe> const twice{
        {"agreed", {compressed("Hello, hello"), compressed("Hello, hello")}},
        {"window", {compressed(window_text())}}};
    for (auto const offer : offers) open_with(offering_request(offer), twice, out);
    std::vector<probe> const takeover{
        {"takeover with a hint",
         {client_frame(opcode::text, as_text(hex("f248cdc9c90700")), true, rsv1),
          client_frame(opcode::text, as_text(hex("f200110000")), true, rsv1)}}};
    open_with(offering_request("permessage-deflate; client_no_context_takeover"), takeover, out);
    return out;
}

observation observe(fault kind, std::vector<octets> const& pieces, bool ended) {
    faulty_server server(kind);
    observation seen;
    for (auto const& piece : pieces) {
        server.on_octets(piece);
        append(seen.output, server.take_output());
    }
    if (ended) {
        server.on_end();
        append(seen.output, server.take_output());
    }
    seen.wants_close = server.wants_close();
    seen.wants_reset = server.wants_reset();
    seen.dead = server.dead();
    return seen;
}

std::vector<octets> octet_by_octet(std::vector<octets> const& pieces) {
    std::vector<octets> cut;
    for (auto const octet : joined(pieces)) cut.push_back({octet});
    return cut;
}

}  // namespace wsproof
