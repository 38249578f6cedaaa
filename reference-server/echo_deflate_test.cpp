// Compression between Beast and zlib, which have nothing in common but the RFC.

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>

#include "reference-server/echo_testing.hpp"

namespace wsproof::reference {
namespace {

class deflater {
public:
    explicit deflater(int bits) {
        deflateInit2(&stream_, 6, Z_DEFLATED, -bits, 8, Z_DEFAULT_STRATEGY);
    }
    ~deflater() { deflateEnd(&stream_); }
    deflater(deflater const&) = delete;
    deflater& operator=(deflater const&) = delete;

    std::string message(std::string const& text) {
        std::string out(deflateBound(&stream_, text.size()) + 64, '\0');
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
        stream_.avail_in = static_cast<uInt>(text.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        deflate(&stream_, Z_SYNC_FLUSH);
        out.resize(out.size() - stream_.avail_out - 4);
        return out;
    }
    void reset() { deflateReset(&stream_); }

private:
    z_stream stream_{};
};

class inflater {
public:
    explicit inflater(int bits) { inflateInit2(&stream_, -bits); }
    ~inflater() { inflateEnd(&stream_); }
    inflater(inflater const&) = delete;
    inflater& operator=(inflater const&) = delete;

    std::string message(std::string octets, std::size_t expected) {
        octets.append("\0\0\xff\xff", 4);
        std::string out(expected + 1, '\0');
        stream_.next_in = reinterpret_cast<Bytef*>(octets.data());
        stream_.avail_in = static_cast<uInt>(octets.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        if (inflate(&stream_, Z_SYNC_FLUSH) != Z_OK) return "does not inflate";
        out.resize(out.size() - stream_.avail_out);
        return out;
    }
    void reset() { inflateReset(&stream_); }

private:
    z_stream stream_{};
};

struct agreement {
    std::string offer;
    int client_bits = 15;
    int server_bits = 15;
    bool takeover = true;
};

std::string some_text(std::mt19937& random, std::size_t size) {
    static constexpr std::string_view words = "the quick brown fox {\"key\": 12345} \n\t";
    std::string text;
    auto const kind = random() % 3;
    while (text.size() < size) {
        if (kind == 0) text.append(std::min<std::size_t>(size - text.size(), 5000), 'a');
        if (kind == 1) text += words.substr(random() % words.size());
        if (kind == 2) text += static_cast<char>('!' + random() % 90);
    }
    text.resize(size);
    return text;
}

class EchoDeflate : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        server_ = std::make_unique<echo_server>(free_port());
        server_->start();
    }
    static void TearDownTestSuite() { server_.reset(); }

    static raw_client open(std::string const& offer = "permessage-deflate") {
        auto client = raw_client::tcp(server_->port());
        auto const head = client.shake_hands("/", {"Sec-WebSocket-Extensions: " + offer});
        EXPECT_NE(head.find("\r\nSec-WebSocket-Extensions: permessage-deflate"), std::string::npos);
        return client;
    }

    static void expect_1007(std::string const& octets) {
        auto client = open();
        client.send(octets);
        EXPECT_EQ(close_code_of(client.read_frame()), 1007U);
        EXPECT_EQ(client.read_end(), ending::fin);
    }

    static inline std::unique_ptr<echo_server> server_;
};

TEST_F(EchoDeflate, UnderstandsZlibAndIsUnderstood) {
    unsigned const seed = std::random_device{}();
    RecordProperty("seed", std::to_string(seed));
    std::mt19937 random{seed};
    std::vector<agreement> const agreements{
        {"permessage-deflate", 15, 15, true},
        {"permessage-deflate; server_no_context_takeover; client_no_context_takeover", 15, 15,
         false},
        {"permessage-deflate; server_max_window_bits=9; client_max_window_bits=9", 9, 9, true},
        {"permessage-deflate; server_max_window_bits=11", 15, 11, true}};
    for (auto const& agreed : agreements) {
        auto client = open(agreed.offer);
        deflater out{agreed.client_bits};
        inflater in{agreed.server_bits};
        for (std::size_t const size : {1U, 7U, 300U, 4096U, 65535U, 65536U, 65537U, 65636U, 69153U,
                                       131072U, 131073U, 500'000U, 3U}) {
            auto const text = some_text(random, size);
            ASSERT_TRUE(client.send(frame(1, out.message(text), true, 4)));
            auto const back = client.read_message();
            ASSERT_TRUE(back && back->opcode() == 1)
                << agreed.offer << " " << size << " seed " << seed;
            EXPECT_TRUE(back->compressed());
            EXPECT_TRUE(in.message(back->payload, size) == text) << size << " seed " << seed;
            if (agreed.takeover) continue;
            out.reset();
            in.reset();
        }
    }
}

// A few octets more than 64 KiB come out of the last octets of input: with a read buffer of that
// size, which is then full, Beast 1.81 loses its place in the stream.
TEST_F(EchoDeflate, ReadsOnBehindAMessageOfAnySize) {
    for (std::size_t size = 65536 - 4; size < 65536 + 64; ++size) {
        auto client = open();
        deflater out{15};
        client.send(frame(2, out.message(std::string(size, 'a')), true, 4));
        client.send(frame(2, out.message("after"), true, 4));
        ASSERT_EQ(client.read_message()->opcode(), 2U) << size;
        ASSERT_EQ(client.read_message()->opcode(), 2U) << size;
    }
}

TEST_F(EchoDeflate, ReadsTheExamplesOfTheRfc) {
    std::string const hello{"\xf2\x48\xcd\xc9\xc9\x07\x00", 7};
    std::vector<std::string> const forms{
        frame(1, hello, true, 4),
        frame(1, hello.substr(0, 3), false, 4) + frame(0, hello.substr(3)),
        frame(1, "", false, 4) + frame(0, hello, false) + frame(0),
        frame(1, {"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 11}, true, 4),
        frame(1, {"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 13}, true, 4),
        frame(1, hello, true, 4) + frame(2, "plain") + frame(9) +
            frame(1, {"\xf2\x00\x11\x00\x00", 5}, true, 4)};
    for (auto const& form : forms) {
        auto client = open();
        inflater in{15};
        client.send(form + frame(1, "end"));
        std::string last;
        for (;;) {
            auto const back = client.read_frame();
            ASSERT_TRUE(back);
            auto const text = back->compressed() ? in.message(back->payload, 20) : back->payload;
            if (text == "end") break;
            if (back->opcode() == 1) last = text;
        }
        EXPECT_EQ(last, "Hello");
    }
}

TEST_F(EchoDeflate, SendsAnEmptyMessagePlain) {
    auto client = open();
    client.send(frame(1, {"\x00", 1}, true, 4) + frame(2));
    auto const text = client.read_frame();
    auto const binary = client.read_frame();
    ASSERT_TRUE(text && binary);
    EXPECT_EQ(text->first, 0x81U);
    EXPECT_EQ(binary->first, 0x82U);
    EXPECT_EQ(text->payload + binary->payload, "");
}

TEST_F(EchoDeflate, FailsWith1007OnDataThatDoesNotInflate) {
    expect_1007(frame(1, "\xff\xff\xff", true, 4));
    expect_1007(frame(1, "\x4a\x04\x11", true, 4));
    expect_1007(frame(2, "\xff", true, 4) + std::string(300'000, 'x'));
    deflater out{15};
    expect_1007(frame(1, out.message("cut \xe2\x82"), true, 4));
    expect_1007(frame(1, deflater{15}.message("\xed\xa0\x80"), false, 4) + frame(0));
}

TEST_F(EchoDeflate, FailsWith1002OnReservedBitsThatMeanNothing) {
    for (auto const& octets : {frame(9, "", true, 4), frame(8, "", true, 4), frame(1, "x", true, 2),
                               frame(1, "\xf2", false, 4) + frame(0, "\x48", true, 4)}) {
        auto client = open();
        client.send(octets);
        EXPECT_EQ(close_code_of(client.read_frame()), 1002U);
        EXPECT_EQ(client.read_end(), ending::fin);
    }
}

TEST(EchoDeflateLimit, HoldsForTheInflatedMessage) {
    auto options = free_port();
    options.message_limit = 100'000;
    echo_server server{options};
    server.start();
    for (std::size_t const size : {100'000U, 100'001U, 50'000'000U}) {
        auto client = raw_client::tcp(server.port());
        client.shake_hands("/", {"Sec-WebSocket-Extensions: permessage-deflate"});
        client.send(frame(2, deflater{15}.message(std::string(size, '\0')), true, 4));
        if (size <= 100'000)
            EXPECT_EQ(client.read_message()->opcode(), 2U);
        else
            EXPECT_EQ(close_code_of(client.read_frame()), 1009U) << size;
    }
}

}  // namespace
}  // namespace wsproof::reference
