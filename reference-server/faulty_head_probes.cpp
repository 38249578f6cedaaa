#include "reference-server/faulty_head_probes.hpp"

#include <span>
#include <stdexcept>

#include "wire/handshake.hpp"

namespace wsproof {

namespace {

using namespace std::string_view_literals;

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

constexpr std::string_view last = "wsproof.chat\r\n";

constexpr edit response_edits[] = {
    {"status 200", "101 Switching Protocols", "200 OK"},
    {"status 403", "101 Switching Protocols", "403 Forbidden"},
    {"status 102", "101 Switching Protocols", "102 Processing"},
    {"interim", "HTTP/1.1 101", "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 101"},
    {"http 1.0", "HTTP/1.1", "HTTP/1.0"},
    {"no reason", "101 Switching Protocols", "101"},
    {"other reason", "Switching Protocols", "Welcome"},
    {"no upgrade", "Upgrade: websocket\r\n", ""},
    {"upgrade substring", ": websocket", ": notwebsocket"},
    {"other upgrade", ": websocket", ": h2c"},
    {"upgrade in capitals", ": websocket", ": WEBSOCKET"},
    {"upgrade with long s", ": websocket",
     ": web\xC5\xBFoc\xE2\x84\xAA"
     "et"},
    {"upgrade list", ": websocket", ": foo/2, websocket"},
    {"no connection", "Connection: Upgrade\r\n", ""},
    {"other connection", ": Upgrade", ": close"},
    {"connection substring", ": Upgrade", ": notupgrade"},
    {"connection list", ": Upgrade", ": keep-alive, Upgrade"},
    {"connection in capitals", ": Upgrade", ": UPGRADE"},
    {"two connections", ": Upgrade", ": keep-alive\r\nConnection: Upgrade"},
    {"empty element", ": Upgrade", ": , ,Upgrade,"},
    {"no accept", "Sec-WebSocket-Accept: {accept}\r\n", ""},
    {"other accept", "{accept}", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
    {"accept in capitals", "{accept}", "{ACCEPT}"},
    {"start of accept", "{accept}", "{start}AAAAAAA="},
    {"key for accept", "{accept}", "{key}"},
    {"accept with blanks", "{accept}", " \t{accept}  "},
    {"other subprotocol", "wsproof.chat", "wsproof.none"},
    {"subprotocol in capitals", "wsproof.chat", "WSPROOF.CHAT"},
    {"two subprotocols", "wsproof.chat", "wsproof.chat, wsproof.more"},
    {"subprotocol twice", last, "wsproof.chat\r\nSec-WebSocket-Protocol: wsproof.chat\r\n"},
    {"empty subprotocol", ": wsproof.chat", ":"},
    {"no subprotocol", "Sec-WebSocket-Protocol: wsproof.chat\r\n", ""},
    {"content length", last, "wsproof.chat\r\nContent-Length: 5\r\n"},
    {"space before colon", "Upgrade:", "Upgrade :"},
    {"nul before a field", "Upgrade: websocket", "X: a\0Upgrade: websocket"sv},
    {"nul", "Upgrade: websocket", "Upgrade: websocket\0x"sv},
    {"bare cr", "Upgrade: websocket", "X: a\rUpgrade: websocket"},
    {"bare lf", last, "wsproof.chat\n"},
    {"fold", last, "wsproof.chat\r\nX: a\r\n b\r\n"},
    {"field in fold", "Connection: Upgrade", " Connection: Upgrade"},
    {"field in first line", "Upgrade: websocket", " Upgrade: websocket"},
    {"lower case names", "Upgrade:", "upgrade:"},
    {"other order", "Upgrade: websocket\r\nConnection: Upgrade\r\n",
     "Connection: Upgrade\r\nUpgrade: websocket\r\n"},
    {"unknown field", last, "wsproof.chat\r\nX-Unknown: a\r\n"},
    {"empty field", last, "wsproof.chat\r\nServer:\r\n"},
};

constexpr std::string_view answers[] = {
    "permessage-deflate",
    "permessage-deflate; x=1",
    "permessage-deflate; server_max_window_bits=16",
    "permessage-deflate; server_max_window_bits=08",
    "permessage-deflate; server_max_window_bits=10",
    "permessage-deflate; server_max_window_bits",
    "permessage-deflate; server_max_window_bits=\"10\"",
    "permessage-deflate; server_max_window_bits=99999999999",
    "permessage-deflate; server_max_window_bits=1000",
    "permessage-deflate; server_no_context_takeover",
    "permessage-deflate; client_no_context_takeover",
    "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
    "permessage-deflate; client_no_context_takeover=1",
    "permessage-deflate; client_max_window_bits=8",
    "permessage-deflate; client_max_window_bits",
    "permessage-deflate, permessage-deflate",
    "permessage-deflate\r\nSec-WebSocket-Extensions: ,",
    "permessage-deflate; a=\"",
    "permessage-deflate; =",
    "x-unknown",
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
    "constructor; __proto__",
    "x-unknown",
};

octets edited(std::string text, std::string_view from, std::string_view to) {
    auto const at = text.find(from);
    if (at == std::string::npos) throw std::invalid_argument("nothing to replace");
    return to_octets(text.replace(at, from.size(), to));
}

}  // namespace

std::span<std::string_view const> probed_offers() { return offers; }
std::span<std::string_view const> probed_answers() { return answers; }

std::vector<probe> request_probes() {
    std::vector<probe> out;
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
    return out;
}

std::vector<probe> response_probes() {
    std::vector<probe> out;
    for (auto const& [name, from, to] : response_edits) {
        out.push_back({std::string(name), {edited_response(from, to)}});
    }
    for (auto const answer : answers) {
        out.push_back({std::string(answer), {agreeing_response(answer)}});
    }
    std::string many;
    for (int i = 0; i < 101; ++i) many += "Date: a\r\n";
    auto const with = [](std::string const& more) {
        return edited_response(last, std::string(last) + more);
    };
    out.push_back({"many fields", {with(many)}});
    out.push_back({"long field", {with("Date: " + std::string(5000, 'a') + "\r\n")}});
    out.push_back({"long head", {with("Date: " + std::string(20000, 'a') + "\r\n")}});
    auto const text = server_frame(opcode::text, "early");
    out.push_back({"text behind length", {with("Content-Length: 5\r\n"), text}});
    out.push_back({"early text", {joined({to_octets(good_response()), text})}});
    out.push_back(
        {"in two parts",
         {to_octets(good_response().substr(0, 20)), to_octets(good_response().substr(20)), text}});
    return out;
}

std::string good_request() {
    return "GET /echo HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\n"
           "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           "Sec-WebSocket-Version: 13\r\n\r\n";
}

std::string good_response() {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: wsproof.chat\r\n\r\n";
}

octets edited_response(std::string_view from, std::string_view to) {
    return edited(good_response(), from, to);
}

octets agreeing_response(std::string_view extensions) {
    return edited_response(
        last, std::string(last) + "Sec-WebSocket-Extensions: " + std::string(extensions) + "\r\n");
}

octets edited_request(std::string_view from, std::string_view to) {
    return edited(good_request(), from, to);
}

octets offering_request(std::string_view extensions) {
    return edited_request(
        end, std::string(end) + "Sec-WebSocket-Extensions: " + std::string(extensions) + "\r\n");
}

/// The response with the value that the key of this client calls for.
octets with_accept(octets const& piece, octets_view request) {
    if (as_text(piece).find('{') == std::string_view::npos) return piece;
    auto const parsed = parse_head(request, request.size() + 1);
    auto const* const head = std::get_if<http_head>(&parsed);
    std::string const sent_key(head != nullptr ? head->value("Sec-WebSocket-Key").value_or("")
                                               : "");
    std::string text(as_text(piece));
    auto const fill = [&text](std::string_view mark, std::string const& by) {
        auto const at = text.find(mark);
        if (at != std::string::npos) text.replace(at, mark.size(), by);
    };
    auto const accept = accept_key(sent_key);
    auto other_case = accept;
    for (auto& c : other_case) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    fill("{accept}", accept);
    fill("{ACCEPT}", other_case);
    fill("{start}", accept.substr(0, 20));
    fill("{key}", sent_key);
    return to_octets(text);
}

}  // namespace wsproof
