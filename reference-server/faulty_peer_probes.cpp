#include "reference-server/faulty_peer_probes.hpp"

#include "reference-server/faulty_head_probes.hpp"
#include "reference-server/faulty_peer.hpp"
#include "wire/close.hpp"
#include "wire/deflate.hpp"

namespace wsproof {

namespace {

using namespace std::string_view_literals;

constexpr masking_key client_key{0x37, 0xFA, 0x21, 0x3D};

/// Who gets the frames, and how frames to it are masked.
struct listener {
    bool is_server;

    octets frame(opcode op, std::string_view payload, bool fin = true, std::uint8_t rsv = 0) const {
        return is_server ? client_frame(op, payload, fin, rsv)
                         : server_frame(op, payload, fin, rsv);
    }
    octets wrongly_masked(opcode op, std::string_view payload) const {
        return is_server ? server_frame(op, payload) : client_frame(op, payload);
    }
    /// A header without mask, which a server gets with a key of zeros.
    octets raw(std::string_view header, octets_view payload) const {
        auto out = hex(header);
        if (is_server) {
            out[1] |= 0x80U;
            append(out, octets(4));
        }
        append(out, payload);
        return out;
    }
    octets raw(std::string_view header, std::string_view payload) const {
        return raw(header, hex(payload));
    }
    std::vector<octets> in_parts(std::string_view header, octets_view payload, int cut) const {
        auto const whole = raw(header, payload);
        return {octets(whole.begin(), whole.begin() + cut),
                octets(whole.begin() + cut, whole.end())};
    }
};

/// Frames on an open connection.
std::vector<probe> header_probes(listener to) {
    auto const over = std::string(126, '.');
    return {
        {"ping in 64 bits", {to.raw("89 7f 0000000000000000", "")}},
        {"end inside a frame", {to.raw("81 03", "41")}, true},
        {"unmasked text", {to.wrongly_masked(opcode::text, "Hi")}},
        {"unmasked behind masked",
         {to.frame(opcode::text, "Hi"), to.wrongly_masked(opcode::text, "Hi")}},
        {"unmasked ping", {to.wrongly_masked(opcode::ping, "")}},
        {"zero key", {to.raw("81 02", "48 69")}},
        {"rsv1", {to.frame(opcode::text, "", true, rsv1)}},
        {"rsv2", {to.frame(opcode::text, "", true, rsv2)}},
        {"rsv3", {to.frame(opcode::text, "", true, rsv3)}},
        {"compressed", {to.frame(opcode::text, as_text(hex("f248cdc9c90700")), true, rsv1)}},
        {"rsv1 on ping", {to.frame(opcode::ping, "", true, rsv1)}},
        {"rsv3 on continuation",
         {to.frame(opcode::text, "a", false), to.frame(opcode::continuation, "", true, rsv3)}},
        {"opcode 3", {to.frame(opcode{3}, "")}},
        {"opcode 11", {to.frame(opcode{11}, "")}},
        {"125 octets", {to.frame(opcode::binary, std::string(125, '.'))}},
        {"4095 octets", {to.frame(opcode::binary, std::string(4095, '.'))}},
        {"300 octets", {to.frame(opcode::binary, std::string(300, '.'))}},
        {"66000 octets", {to.frame(opcode::binary, std::string(66000, '.'))}},
        {"66000 octets and a ping",
         {joined(
             {to.frame(opcode::binary, std::string(66000, '.')), to.frame(opcode::ping, "p")})}},
        {"1.5 MiB", {to.frame(opcode::binary, std::string(3U << 19U, '.'))}},
        {"long form", {to.raw("82 7e 0001", "41")}},
        {"top bit", {to.raw("82 7f 8000000000000001", "41")}},
        {"4 GiB", {to.raw("82 7f 0000000100000001", "41")}},
        {"header in two parts", to.in_parts("82 7e 0080", octets(128), 3)},
        {"ping in two parts", to.in_parts("89 02", octets(2, 0x41), to.is_server ? 7 : 3)},
        {"ping of 125", {to.frame(opcode::ping, over.substr(1))}},
        {"ping of 126", {to.frame(opcode::ping, over)}},
        {"pong of 126", {to.frame(opcode::pong, over)}},
        {"close of 126", {to.frame(opcode::close, "\x03\xE8" + over.substr(2))}},
        {"ping without fin", {to.frame(opcode::ping, "a", false)}},
        {"pong without fin", {to.frame(opcode::pong, "a", false)}},
        {"close without fin", {to.frame(opcode::close, "\x03\xE8", false)}},
        {"stray continuation", {to.frame(opcode::continuation, "a")}},
    };
}

octets many_fragments(listener to) {
    octets out = to.frame(opcode::text, "a", false);
    for (int i = 0; i < 1999; ++i) append(out, to.frame(opcode::continuation, "b", i == 1998));
    return out;
}

std::vector<probe> message_probes(listener to) {
    auto const a = to.frame(opcode::text, "abc", false);
    auto const b = to.frame(opcode::continuation, "def");
    auto const ping = [to](std::string_view data) { return to.frame(opcode::ping, data); };
    return {
        {"text in text", {a, to.frame(opcode::text, "x"), b}},
        {"fragments", {a, b}},
        {"ping between fragments", {a, ping("p"), b}},
        {"pong between fragments", {a, to.frame(opcode::pong, "p"), b}},
        {"empty fragment", {a, to.frame(opcode::continuation, "", false), b}},
        {"two messages", {joined({to.frame(opcode::text, "one"), to.frame(opcode::text, "two")})}},
        {"empty text", {to.frame(opcode::text, "")}},
        {"empty binary", {to.frame(opcode::binary, "")}},
        {"ping", {ping("data")}},
        {"three pings", {joined({ping("1"), ping("2"), ping("3")})}},
        {"text and ping", {joined({to.frame(opcode::text, "one"), ping("1")})}},
        {"ping and text", {joined({ping("1"), to.frame(opcode::text, "one")})}},
        {"ping of octets", {ping("\xFF\xFE")}},
        {"text", {to.frame(opcode::text, "gr\xC3\xBCn")}},
        {"nul", {to.frame(opcode::text, "a\0b"sv)}},
        {"binary of octets", {to.frame(opcode::binary, "\xFF\xFE")}},
        {"byte order mark",
         {to.frame(opcode::text,
                   "\xEF\xBB\xBF"
                   "a")}},
        {"noncharacter", {to.frame(opcode::text, "\xEF\xBF\xBE")}},
        {"bad octet", {to.frame(opcode::text, "a\xFF")}},
        {"bad octet at once", {to.frame(opcode::text, "a\xFF", false)}},
        {"bad octet in second fragment", {a, to.frame(opcode::continuation, "\xFF")}},
        {"character in two fragments",
         {to.frame(opcode::text, "\xC3", false), to.frame(opcode::continuation, "\xBC")}},
        {"surrogate behind 15 octets",
         {to.frame(opcode::text, std::string(15, '.') + "\xED\xA0\x80")}},
        {"2000 fragments", {many_fragments(to)}},
        {"surrogate", {to.frame(opcode::text, "\xED\xA0\x80")}},
        {"overlong", {to.frame(opcode::text, "\xC0\xAF")}},
        {"above 10FFFF", {to.frame(opcode::text, "\xF4\x90\x80\x80")}},
        {"unfinished character", {to.frame(opcode::text, "a\xE2\x82")}},
        {"breach, then text", {to.frame(opcode{3}, ""), to.frame(opcode::text, "a")}},
        {"text and breach", {joined({to.frame(opcode::text, "a"), to.frame(opcode{3}, "")})}},
    };
}

octets close_frame(listener to, std::uint16_t code, std::string_view reason = {}) {
    return to.frame(opcode::close, as_text(write_close(code, reason)));
}

std::vector<probe> closing_probes(listener to) {
    auto const text = to.frame(opcode::text, "late");
    return {
        {"close", {close_frame(to, 1000)}},
        {"empty close", {to.frame(opcode::close, "")}},
        {"close with reason", {close_frame(to, 1001, "bye")}},
        {"close with bad reason", {close_frame(to, 1000, "\xFF")}},
        {"close of one octet", {to.frame(opcode::close, "x")}},
        {"code 999", {close_frame(to, 999)}},
        {"code 1005", {close_frame(to, 1005)}},
        {"code 1014", {close_frame(to, 1014)}},
        {"code 1015", {close_frame(to, 1015)}},
        {"code 2000", {close_frame(to, 2000)}},
        {"code 3000", {close_frame(to, 3000)}},
        {"code 4000", {close_frame(to, 4000)}},
        {"code 65535", {close_frame(to, 65535)}},
        {"close of 125", {close_frame(to, 1000, std::string(123, '.'))}},
        {"text behind close", {joined({close_frame(to, 1000), text})}},
        {"ping behind close", {joined({close_frame(to, 1000), to.frame(opcode::ping, "p")})}},
        {"two closes", {joined({close_frame(to, 1000), close_frame(to, 1000)})}},
        {"text and close", {joined({text, close_frame(to, 1000)})}},
        {"close between fragments", {to.frame(opcode::text, "a", false), close_frame(to, 1000)}},
    };
}

/// A message compressed by somebody else than the server under test.
octets compressed(listener to, std::string_view text, bool fin = true) {
    auto const data = deflater(15, false).compress(view_of(text));
    return to.frame(opcode::text, as_text(data), fin, rsv1);
}

std::string pseudo_random_text(int size) {
    std::string text;
    std::uint32_t state = 1;
    for (int i = 0; i < size; ++i) {
        state = state * 1103515245U + 12345U;
        text += static_cast<char>('a' + (state >> 16U) % 26U);
    }
    return text;
}

/// Repeats itself at a distance of more than 4 KiB.
std::string far_text() {
    auto const text = pseudo_random_text(6000);
    return text + text;
}

std::vector<probe> deflate_probes(listener to) {
    auto const hello = compressed(to, "Hello, hello, hello");
    auto const data = hex("f248cdc9c90700");
    auto const first = to.frame(opcode::text, as_text(data).substr(0, 3), false, rsv1);
    auto const rest = to.frame(opcode::continuation, as_text(data).substr(3));
    auto const as_message = [to](std::string_view digits) {
        return to.frame(opcode::text, as_text(hex(digits)), true, rsv1);
    };
    std::string const bomb(std::size_t{2} << 20U, '.');
    return {
        {"compressed twice", {hello, hello}},
        {"takeover", {as_message("f248cdc9c90700"), as_message("f200110000")}},
        {"plain", {to.frame(opcode::text, "plain text")}},
        {"rsv1 on ping", {to.frame(opcode::ping, "p", true, rsv1)}},
        {"rsv1 on continuation",
         {first, to.frame(opcode::continuation, as_text(data).substr(3), true, rsv1)}},
        {"fragments", {first, rest}},
        {"ping between fragments", {first, to.frame(opcode::ping, "ping"), rest}},
        {"ping before", {to.frame(opcode::ping, "ping"), hello}},
        {"empty last fragment",
         {to.frame(opcode::text, as_text(data), false, rsv1), to.frame(opcode::continuation, "")}},
        {"stored block", {as_message("000500faff48656c6c6f00")}},
        {"nothing", {as_message("00")}},
        {"final block", {as_message("f348cdc9c9070000"), as_message("f248cdc9c90700")}},
        {"corrupt", {as_message("000500faff48656c6c6f07")}},
        {"bad text inside", {compressed(to, "\xFF")}},
        {"far back", {compressed(to, far_text())}},
        {"bomb", {compressed(to, bomb)}},
        {"ping", {to.frame(opcode::ping, "p")}},
        {"large", {compressed(to, std::string(40000, 'a') + "b" + std::string(40000, 'a'))}},
    };
}

std::string window_text() {
    // repeats itself at a distance between 512 and 32768 octets only
    auto const text = pseudo_random_text(2000);
    return text + text;
}

void open_with(octets const& head, std::vector<probe> const& frames, std::vector<probe>& out) {
    for (auto const& [name, pieces, ended] : frames) {
        probe opened{name, {head}, ended};
        opened.pieces.insert(opened.pieces.end(), pieces.begin(), pieces.end());
        out.push_back(std::move(opened));
    }
}

void open_with_all_frames(listener to, octets const& plain, octets const& deflating,
                          std::vector<probe>& out) {
    open_with(plain, header_probes(to), out);
    open_with(plain, message_probes(to), out);
    open_with(plain, closing_probes(to), out);
    open_with(deflating, deflate_probes(to), out);
}

std::vector<probe> probes_of_server() {
    auto out = request_probes();
    constexpr listener to{true};
    open_with_all_frames(to, to_octets(good_request()), offering_request("permessage-deflate"),
                         out);
    std::vector<probe> const twice{
        {"agreed", {compressed(to, "Hello, hello"), compressed(to, "Hello, hello")}},
        {"window", {compressed(to, window_text())}}};
    for (auto const offer : probed_offers()) open_with(offering_request(offer), twice, out);
    std::vector<probe> const takeover{
        {"takeover with a hint",
         {client_frame(opcode::text, as_text(hex("f248cdc9c90700")), true, rsv1),
          client_frame(opcode::text, as_text(hex("f200110000")), true, rsv1)}}};
    open_with(offering_request("permessage-deflate; client_no_context_takeover"), takeover, out);
    return out;
}

std::vector<probe> probes_of_client() {
    auto out = response_probes();
    constexpr listener to{false};
    open_with_all_frames(to, to_octets(good_response()), agreeing_response("permessage-deflate"),
                         out);
    std::vector<probe> const twice{
        {"agreed", {compressed(to, "Hello, hello"), compressed(to, "Hello, hello")}},
        {"window", {compressed(to, window_text())}}};
    for (auto const answer : probed_answers()) open_with(agreeing_response(answer), twice, out);
    return out;
}

}  // namespace

octets client_frame(opcode op, std::string_view payload, bool fin, std::uint8_t rsv) {
    return make_frame(op, view_of(payload), client_key, fin, rsv);
}

octets server_frame(opcode op, std::string_view payload, bool fin, std::uint8_t rsv) {
    return make_frame(op, view_of(payload), {}, fin, rsv);
}

octets hex(std::string_view text) { return parse_hex(text).value(); }

octets joined(std::vector<octets> const& parts) {
    octets all;
    for (auto const& part : parts) append(all, part);
    return all;
}

std::vector<probe> all_probes(role of) {
    return of == role::server ? probes_of_server() : probes_of_client();
}

observation observe(role of, fault kind, std::vector<octets> const& pieces, bool ended) {
    faulty_peer peer(of, kind);
    observation seen;
    seen.output = peer.take_output();
    auto const request = seen.output;
    for (auto const& piece : pieces) {
        peer.on_octets(of == role::client ? with_accept(piece, request) : piece);
        append(seen.output, peer.take_output());
    }
    if (ended) {
        peer.on_end();
        append(seen.output, peer.take_output());
    }
    seen.wants_close = peer.wants_close();
    seen.wants_reset = peer.wants_reset();
    seen.dead = peer.dead();
    return seen;
}

std::vector<octets> octet_by_octet(std::vector<octets> const& pieces) {
    std::vector<octets> cut;
    for (auto const octet : joined(pieces)) cut.push_back({octet});
    return cut;
}

}  // namespace wsproof
