#include "play/decoder.hpp"

#include <gtest/gtest.h>
#include <algorithm>

namespace wsproof {
namespace {

std::string const answer =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

std::vector<std::string> decode(octets const& all, std::size_t cut_at, std::string const& extensions = "",
                                std::size_t piece = SIZE_MAX) {
    decoder one(role::server, 1000);
    one.expect({"dGhlIHNhbXBsZSBub25jZQ==", {}, extensions});
    std::vector<event> seen;
    octets_view rest(all);
    if (piece != SIZE_MAX) {
        for (; !rest.empty(); rest = rest.subspan(std::min(piece, rest.size())))
            one.feed(rest.first(std::min(piece, rest.size())), seen);
    } else {
        one.feed(rest.first(cut_at), seen);
        one.feed(rest.subspan(cut_at), seen);
    }
    one.finish(seen);
    std::vector<std::string> words;
    for (auto const& each : seen) words.push_back(describe(each));
    return words;
}

octets dialogue(std::string const& fields, std::vector<octets> const& frames) {
    octets all = to_octets(answer + fields + "\r\n");
    for (auto const& each : frames) append(all, each);
    return all;
}

void expect_at_every_cut(octets const& all, std::vector<std::string> const& wanted, std::string const& extensions = "") {
    for (std::size_t cut = 0; cut <= all.size(); ++cut) EXPECT_EQ(decode(all, cut, extensions), wanted) << cut;
    EXPECT_EQ(decode(all, 0, extensions, 1), wanted);
}

TEST(Decoder, ADialogueIsTheSameAtEveryCut) {
    expect_at_every_cut(dialogue("", {make_frame(opcode::text, view_of("He"), {}, false), make_frame(opcode::ping, view_of("p"), {}),
                                      make_frame(opcode::continuation, view_of("llo"), {}),
                                      make_frame(opcode::close, write_close(1000), {})}),
                        {"response 101", "ping \"p\"", "text \"Hello\" (5 octets)", "close 1000"});
}

TEST(Decoder, CompressedMessagesAreInflated) {
    auto const hello = *parse_hex("f248cdc9c90700");
    expect_at_every_cut(dialogue("Sec-WebSocket-Extensions: permessage-deflate\r\n",
                                 {make_frame(opcode::text, hello, {}, true, rsv1),
                                  make_frame(opcode::text, *parse_hex("f200110000"), {}, true, rsv1)}),
                        {"response 101", "text \"Hello\" (5 octets)", "text \"Hello\" (5 octets)"}, "permessage-deflate");
}

TEST(Decoder, BreachesBecomeEvents) {
    auto const seen = decode(dialogue("", {make_frame(opcode::text, view_of("x"), masking_key{1, 2, 3, 4}),
                                           make_frame(opcode::text, view_of("\xff"), {})}),
                             0);
    ASSERT_EQ(seen.size(), 4U);
    EXPECT_EQ(seen[1], "breach of masked-by-server (MASK is 1)");
    EXPECT_EQ(seen[2], "breach of invalid-utf8 (first bad octet at 0)");
    EXPECT_EQ(seen[3], "text hex ff (1 octets)");
}

TEST(Decoder, NothingIsCollectedBeyondTheLimit) {
    octets huge;
    write_header({.form = length_form::sixty_four_bits, .length = (1ULL << 63U) - 1}, huge);
    auto const seen = decode(dialogue("", {huge}), 0);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_NE(seen[1].find("declares 9223372036854775807 octets"), std::string::npos);
    auto const many = decode(dialogue("", {make_frame(opcode::text, octets(600, 'a'), {}, false),
                                           make_frame(opcode::continuation, octets(600, 'a'), {})}), 0);
    EXPECT_NE(many.back().find("more octets than anything"), std::string::npos);
}

TEST(Decoder, OctetsThatAreNoHttp) {
    EXPECT_EQ(decode(to_octets("SSH-2.0-OpenSSH\r\n\r\n"), 3), (std::vector<std::string>{"no HTTP status line: \"SSH-2.0-OpenSSH\""}));
    EXPECT_EQ(decode(octets(70000, 'a'), 0).front(), "no HTTP response head within 65536 octets");
    EXPECT_EQ(decode(to_octets("HTTP/1.1 101"), 0), (std::vector<std::string>{"12 octets that are no complete response"}));
}

TEST(Decoder, InterimResponsesArePassedOver) {
    auto all = to_octets("HTTP/1.1 100 Continue\r\n\r\n");
    append(all, dialogue("", {}));
    expect_at_every_cut(all, {"response 101"});
}

TEST(Decoder, ARefusalHasNoFrames) {
    EXPECT_EQ(decode(to_octets("HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\n\x81\x01x"), 0),
              (std::vector<std::string>{"response 400"}));
}

TEST(Decoder, AStreamThatEndsInsideAFrameSaysSo) {
    EXPECT_EQ(decode(dialogue("", {{0x81, 0x05, 'H'}}), 0).back(), "the stream ends inside a frame");
}

}  // namespace
}  // namespace wsproof
