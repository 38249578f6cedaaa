#include "reference-server/message_stream.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>

#include "reference-server/echo_testing.hpp"

namespace wsproof::reference {
namespace {

class Echo : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        auto options = free_port();
        options.message_limit = 1U << 20U;
        server_ = std::make_unique<echo_server>(options);
        server_->start();
    }
    static void TearDownTestSuite() { server_.reset(); }

    static raw_client open(std::vector<std::string> const& fields = {}) {
        auto client = raw_client::tcp(server_->port());
        EXPECT_TRUE(client.shake_hands("/echo", fields).starts_with("HTTP/1.1 101 "));
        return client;
    }

    // What a failed connection has to look like: this Close, then FIN, whatever else was sent.
    static void expect_failure(std::string const& octets, unsigned code) {
        auto client = open();
        client.send(octets);
        EXPECT_EQ(close_code_of(client.read_frame()), code);
        EXPECT_EQ(client.read_end(), ending::fin);
    }

    static inline std::unique_ptr<echo_server> server_;
};

TEST_F(Echo, SendsEachMessageBackWithItsType) {
    auto client = open();
    for (std::size_t const size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U, 65537U, 1U << 20U})
        for (unsigned const opcode : {1U, 2U}) {
            std::string const payload(size, opcode == 1 ? 'x' : '\xff');
            ASSERT_TRUE(client.send(frame(opcode, payload)));
            auto const back = client.read_frame();
            ASSERT_TRUE(back) << size;
            EXPECT_EQ(back->first, 0x80U | opcode);
            EXPECT_EQ(back->payload, payload);
        }
}

TEST_F(Echo, JoinsFragmentsAndAnswersPingsBetweenThem) {
    auto client = open();
    client.send(frame(1, "gr\xc3", false) + frame(9, "mid") + frame(0, "", false) + frame(10) +
                frame(0,
                      "\xbc"
                      "n"));
    auto const pong = client.read_frame();
    auto const text = client.read_frame();
    ASSERT_TRUE(pong && text);
    EXPECT_EQ(pong->first, 0x8aU);
    EXPECT_EQ(pong->payload, "mid");
    EXPECT_EQ(text->first, 0x81U);
    EXPECT_EQ(text->payload, "gr\xc3\xbcn");
}

TEST_F(Echo, ReadsFramesThatComeOctetByOctet) {
    auto client = open();
    for (char const c : frame(2, std::string(200, 'y')) + frame(9, "p"))
        ASSERT_TRUE(client.send({&c, 1}));
    EXPECT_EQ(client.read_frame()->payload, std::string(200, 'y'));
    EXPECT_EQ(client.read_frame()->payload, "p");
}

TEST_F(Echo, AnswersPingsWithTheirOctets) {
    auto client = open();
    std::string payload;
    for (int i = 0; i < 125; ++i) payload += static_cast<char>(255 - i);
    client.send(frame(9, payload) + frame(9));
    EXPECT_EQ(client.read_frame()->payload, payload);
    EXPECT_EQ(client.read_frame()->first, 0x8aU);
}

TEST_F(Echo, RepeatsTheCloseCodeAndEndsAtOnce) {
    for (unsigned const code : {1000U, 1001U, 1003U, 1007U, 1011U, 1012U, 3000U, 4999U}) {
        auto client = open();
        client.send(close_frame(code, "bye"));
        EXPECT_EQ(close_code_of(client.read_frame()), code);
        EXPECT_EQ(client.read_end(), ending::fin) << "although this side keeps its socket open";
    }
    auto client = open();
    client.send(frame(8));
    EXPECT_EQ(close_code_of(client.read_frame()), 1000U);
    EXPECT_EQ(client.read_end(), ending::fin);
}

TEST_F(Echo, SaysNothingAfterItsClose) {
    auto client = open();
    client.send(frame(1, "last") + close_frame(1000) + frame(9, "x") + frame(1, "y") +
                close_frame(1001));
    EXPECT_EQ(client.read_frame()->payload, "last");
    EXPECT_EQ(close_code_of(client.read_frame()), 1000U);
    EXPECT_EQ(client.read_rest(), "");
}

TEST_F(Echo, FailsWith1002OnABreachOfProtocol) {
    for (unsigned const code : {0U, 999U, 1004U, 1005U, 1006U, 1015U, 1016U, 2999U})
        expect_failure(close_frame(code), 1002);
    expect_failure(frame(8, "\x03"), 1002);
    expect_failure(std::string{"\x81\x02hi", 4}, 1002);
    for (unsigned const opcode : {3U, 7U, 11U, 15U}) expect_failure(frame(opcode), 1002);
    for (unsigned const reserved : {1U, 2U, 4U})
        expect_failure(frame(1, "x", true, reserved), 1002);
    expect_failure(frame(0, "x"), 1002);
    expect_failure(frame(1, "x", false) + frame(1, "y"), 1002);
    expect_failure(frame(9, "x", false), 1002);
    expect_failure(frame(9, std::string(126, 'x')), 1002);
}

TEST_F(Echo, FailsWith1007OnTextThatIsNotUtf8) {
    expect_failure(frame(1, "\xff"), 1007);
    expect_failure(frame(1, "\xed\xa0\x80"), 1007);
    expect_failure(frame(1, "a", false) + frame(0, "\xc0\xaf"), 1007);
    for (auto const* cut : {"a\xc3", "\xe2\x82", "\xf0\x9f\x98", "aaaa\xf0\x9f"})
        expect_failure(frame(1, cut), 1007);
}

// Beast 1.81 takes these as complete.
TEST_F(Echo, FailsWith1007WhenAnEmptyFrameEndsATextInsideACharacter) {
    for (auto const* cut : {"\xc3", "a\xe2\x82", "\xf0\x9f\x98", "\xf0\x9f", "\xf0"})
        expect_failure(frame(1, cut, false) + frame(0), 1007);
    auto client = open();
    client.send(frame(1, "\xf0\x9f", false) + frame(0, "\x98", false) + frame(0, "\x80", false) +
                frame(0) + frame(2, "\xc3", false) + frame(0));
    EXPECT_EQ(client.read_frame()->payload, "\xf0\x9f\x98\x80");
    EXPECT_EQ(client.read_frame()->payload, "\xc3");
}

TEST_F(Echo, FailsWith1009BeyondTheLimit) {
    std::string const half((1U << 19U) + 1, 'x');
    expect_failure(frame_header(2, (1U << 20U) + 1), 1009);
    expect_failure(frame(2, half, false) + frame(0, half), 1009);
    expect_failure(frame_header(2, 0x7fffffffffffffffU) + "abc", 1009);
    expect_failure(frame_header(2, 0x8000000000000000U) + "abc", 1009);
}

std::size_t resident_octets() {
    std::ifstream statm{"/proc/self/statm"};
    std::size_t total = 0;
    std::size_t resident = 0;
    statm >> total >> resident;
    return resident * 4096;
}

TEST(EchoMemory, IsNotAskedForByALengthThatIsOnlyDeclared) {
    auto options = free_port();
    options.message_limit = 1ULL << 40U;
    echo_server server{options};
    server.start();
    auto const before = resident_octets();
    std::vector<raw_client> clients;
    for (int i = 0; i < 8; ++i) {
        clients.push_back(raw_client::tcp(server.port()));
        clients.back().shake_hands("/", {"Sec-WebSocket-Extensions: permessage-deflate"});
        clients.back().send(frame(9, "before") + frame_header(2, 1ULL << 39U, i % 2 == 0 ? 0 : 4));
        clients.back().send("abc");
    }
    for (auto& client : clients) EXPECT_EQ(client.read_frame()->payload, "before");
    EXPECT_LT(resident_octets(), before + (64U << 20U));
}

// A server that waits a minute for its peer, so that nothing but its own FIN can end a connection.
class EchoEnd : public ::testing::Test {
protected:
    EchoEnd() { server_.start(); }

    static echo_options patient() {
        auto options = free_port();
        options.close_timeout = std::chrono::minutes{1};
        return options;
    }

    raw_client open() {
        auto client = raw_client::tcp(server_.port());
        client.shake_hands("/", {"Sec-WebSocket-Extensions: permessage-deflate"});
        return client;
    }

    echo_server server_{patient()};
};

TEST_F(EchoEnd, ComesAtOnce) {
    for (auto const& last : {close_frame(1000), frame(8), frame(3), frame(1, "\xff"),
                             frame(1, "\xe2", false) + frame(0), frame(1, "\xff\xff", true, 4),
                             frame_header(2, 1ULL << 40U)}) {
        auto client = open();
        client.send(last);
        EXPECT_TRUE(close_code_of(client.read_frame()));
        EXPECT_EQ(client.read_end(), ending::fin);
    }
}

// A close that finds octets unread would turn into RST, which may destroy the Close frame.
TEST_F(EchoEnd, IsFinAlthoughThePeerIsStillSending) {
    for (auto const& last : {frame(3), close_frame(1000), frame(1, "\xff")}) {
        auto client = open();
        EXPECT_TRUE(client.send(last));
        EXPECT_TRUE(client.send(std::string(8U << 20U, 'x'))) << "all of it is read and dropped";
        EXPECT_TRUE(close_code_of(client.read_frame()));
        EXPECT_EQ(client.read_end(), ending::fin);
    }
}

TEST_F(EchoEnd, DoesNotWaitForTheRestOfABadMessage) {
    auto client = open();
    client.send(frame_header(1, 1000) + frame(1, "\xff").substr(6));
    EXPECT_EQ(close_code_of(client.read_frame()), 1007U);
    EXPECT_EQ(client.read_end(), ending::fin);
}

TEST_F(Echo, LetsGoOfAPeerThatNeverClosesItsSide) {
    auto client = open();
    ASSERT_TRUE(eventually([&] { return server_->connections() == 1; }));
    client.send(close_frame(1000));
    EXPECT_EQ(client.read_end(), ending::fin);
    EXPECT_TRUE(eventually([&] { return server_->connections() == 0; }));
}

TEST_F(Echo, EndsWhenThePeerDoes) {
    auto client = open();
    client.send(frame(1, "x"));
    client.shut_down_sending();
    EXPECT_EQ(client.read_frame()->payload, "x");
    EXPECT_EQ(client.read_end(), ending::fin);
}

TEST(EchoIdle, EndsWith1001) {
    auto options = free_port();
    options.idle_timeout = std::chrono::milliseconds{50};
    echo_server server{options};
    server.start();
    auto client = raw_client::tcp(server.port());
    client.shake_hands();
    EXPECT_EQ(close_code_of(client.read_frame()), 1001U);
    client.send(close_frame(1001));
    EXPECT_EQ(client.read_end(), ending::fin);

    auto silent = raw_client::tcp(server.port());
    silent.shake_hands();
    EXPECT_EQ(close_code_of(silent.read_frame()), 1001U);
    EXPECT_TRUE(eventually([&] { return server.connections() == 0; }));
}

}  // namespace
}  // namespace wsproof::reference
