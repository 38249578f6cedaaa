#include "reports/exchange.hpp"

#include <gtest/gtest.h>

#include "testing/pieces.hpp"
#include "wire/close.hpp"

namespace wsproof {
namespace {

using kind = trace_entry::kind;

trace_entry piece(kind what, octets_view data) {
    return {{}, what, 0, {data.begin(), data.end()}, {}};
}

trace of(std::vector<std::pair<kind, std::string>> const& pieces, role peer = role::server) {
    trace out;
    out.peer = peer;
    for (auto const& [what, text] : pieces) out.entries.push_back(piece(what, view_of(text)));
    return out;
}

std::vector<std::string> words_of(trace const& happened) {
    std::vector<std::string> out;
    for (auto const& item : decode_exchange(happened)) out.push_back(in_words(item));
    return out;
}

std::string text_of(octets const& data) { return std::string(as_text(data)); }

std::string const request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
std::string const response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
using words = std::vector<std::string>;

TEST(Exchange, DecodesBothDirectionsInTheOrderOfTheirCompletion) {
    auto const happened =
        of({{kind::sent, request},
            {kind::received, response},
            {kind::sent, text_of(make_frame(opcode::ping, view_of("a"), masking_key{1, 2, 3, 4}))},
            {kind::received, text_of(make_frame(opcode::pong, view_of("a"), {}))}});
    EXPECT_EQ(words_of(happened),
              (words{"\"GET / HTTP/1.1\", 1 field", "\"HTTP/1.1 101 Switching Protocols\", 1 field",
                     "ping, FIN, masked 01020304, length 1 in 7 bits: \"a\"",
                     "pong, FIN, not masked, length 1 in 7 bits: \"a\""}));
}

TEST(Exchange, DoesNotDependOnTheCuts) {
    auto data = to_octets(response);
    append(data, make_frame(opcode::text, view_of("Hello"), {}, false, rsv1));
    append(data, make_frame(opcode::close, write_close(1002, "bad"), {}));
    append(data, view_of("\x82\x7E"));
    words const wanted{"\"HTTP/1.1 101 Switching Protocols\", 1 field",
                       "text, no FIN, RSV1, not masked, length 5 in 7 bits: \"Hello\"",
                       "close, FIN, not masked, length 5 in 7 bits: 1002 (protocol error) \"bad\"",
                       "start of a frame header: 827e"};
    testing::in_every_cut(data, [&wanted](testing::pieces const& pieces) {
        trace happened;
        for (auto const part : pieces) happened.entries.push_back(piece(kind::received, part));
        ASSERT_EQ(words_of(happened), wanted);
    });
}

TEST(Exchange, KnowsTheEntryAndTheOffset) {
    auto const frame = text_of(make_frame(opcode::text, view_of("Hello"), {}));
    auto const happened = of({{kind::received, response},
                              {kind::received, frame.substr(0, 3)},
                              {kind::received, frame.substr(3) + frame}});
    auto const items = decode_exchange(happened);
    ASSERT_EQ(items.size(), 3U);
    EXPECT_EQ(items[0].entry, 0U);
    EXPECT_EQ(items[1].entry, 2U);
    EXPECT_EQ(items[1].offset, response.size());
    EXPECT_EQ(items[2].entry, 2U);
    EXPECT_EQ(items[2].offset, response.size() + frame.size());
    EXPECT_TRUE(items[2].from_peer);
}

TEST(Exchange, DecodesNoMoreFramesThanAreAskedFor) {
    auto const pings = std::string("\x89\x00\x89\x00\x89\x00\x89", 7);
    auto const happened = of({{kind::received, response + pings}});
    auto const items = decode_exchange(happened, 2);
    ASSERT_EQ(items.size(), 4U);
    EXPECT_EQ(in_words(items[3]), "3 octets of further frames");
    EXPECT_EQ(items[3].offset, response.size() + 4);
    EXPECT_EQ(decode_exchange(happened, 3).size(), 5U);
}

TEST(Exchange, FollowsInterimResponsesAndStopsAtARefusal) {
    EXPECT_EQ(
        words_of(of({{kind::received, "HTTP/1.1 103 Early Hints\r\n\r\n" + response + "\x89"}}))
            .back(),
        "start of a frame header: 89");
    EXPECT_EQ(words_of(of({{kind::received, "HTTP/1.1 404 Not Found\r\n\r\nNo\x1b"}})),
              (words{"\"HTTP/1.1 404 Not Found\", 0 fields",
                     "3 octets outside of any frame: \"No\\x1b\""}));
}

TEST(Exchange, TellsABodyFromFrames) {
    EXPECT_EQ(words_of(of({{kind::sent, "\r\nGET / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab\x89"}})),
              (words{"2 octets outside of any frame: \"\\x0d\\x0a\"", "\"GET / HTTP/1.1\", 1 field",
                     "2 octets outside of any frame: \"ab\"", "start of a frame header: 89"}));
}

TEST(Exchange, ReadsRequestsFromAClient) {
    EXPECT_EQ(
        words_of(of({{kind::received, request + "\x88"}, {kind::sent, response}}, role::client)),
        (words{"\"GET / HTTP/1.1\", 1 field", "start of a frame header: 88",
               "\"HTTP/1.1 101 Switching Protocols\", 1 field"}));
}

TEST(Exchange, NeverBelievesALength) {
    std::string const huge("\x82\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x02\x03\x04zz", 16);
    EXPECT_EQ(words_of(of({{kind::received, response + huge}})).back(),
              "binary, FIN, masked 01020304, length 18446744073709551615 in 64 bits; only 2 octets "
              "of the payload");
}

}  // namespace
}  // namespace wsproof
