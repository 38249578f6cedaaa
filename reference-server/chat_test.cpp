#include "reference-server/chat.hpp"

#include <gtest/gtest.h>

#include "reference-server/echo_testing.hpp"

namespace wsproof::reference {
namespace {

raw_client join(echo_server const& server, bool small_buffers = false) {
    auto client = raw_client::tcp(server.port(), small_buffers);
    EXPECT_TRUE(client.shake_hands("/chat").starts_with("HTTP/1.1 101 "));
    // A Pong comes from the reader, which starts when the client is in the room.
    client.send(frame(9, "in"));
    EXPECT_EQ(client.read_frame()->payload, "in");
    return client;
}

TEST(Chat, SendsEachMessageToAllAndToNobodyElse) {
    echo_server server{free_port()};
    server.start();
    auto a = join(server);
    auto b = join(server);
    auto c = join(server);
    auto echo = raw_client::tcp(server.port());
    echo.shake_hands("/echo");

    a.send(frame(1, "from a"));
    for (auto* client : {&a, &b, &c}) {
        auto const said = client->read_frame();
        ASSERT_TRUE(said);
        EXPECT_EQ(said->first, 0x81U);
        EXPECT_EQ(said->payload, "from a");
    }
    b.send(frame(2, "\xff", false) + frame(0, "b"));
    for (auto* client : {&a, &b, &c})
        EXPECT_EQ(client->read_frame()->payload,
                  "\xff"
                  "b");
    echo.send(frame(1, "echo"));
    EXPECT_EQ(echo.read_frame()->payload, "echo");
}

TEST(Chat, GoesOnWithoutAClientThatLeft) {
    echo_server server{free_port()};
    server.start();
    auto a = join(server);
    auto b = join(server);
    b.send(close_frame(1000));
    EXPECT_EQ(close_code_of(b.read_frame()), 1000U);
    {
        auto const gone = join(server);
    }
    a.send(frame(1, "alone"));
    EXPECT_EQ(a.read_frame()->payload, "alone");
    EXPECT_TRUE(eventually([&] { return server.connections() <= 2; }));
}

TEST(Chat, ClosesAClientThatDoesNotTakeItsMessages) {
    echo_server server{free_port()};
    server.start();
    auto fast = join(server);
    auto slow = join(server, true);
    std::string const half_a_megabyte(512U << 10U, 'x');
    std::size_t sent = 0;
    while (server.connections() == 2 && sent < 400) {
        ASSERT_TRUE(fast.send(frame(2, half_a_megabyte)));
        auto const back = fast.read_frame();
        ASSERT_TRUE(back);
        ASSERT_EQ(back->payload.size(), half_a_megabyte.size()) << "the sender is not slowed down";
        ++sent;
    }
    EXPECT_TRUE(eventually([&] { return server.connections() == 1; }));
    EXPECT_LT(sent, 400U);
    fast.send(frame(1, "still here"));
    EXPECT_EQ(fast.read_frame()->payload, "still here");
}

TEST(Chat, TellsASlowClientWhyOnceItReads) {
    auto options = free_port();
    options.close_timeout = std::chrono::seconds{20};
    echo_server server{options};
    server.start();
    auto fast = join(server);
    auto slow = join(server, true);
    std::string const megabyte(1U << 20U, 'x');
    for (int i = 0; i < 24; ++i) {
        fast.send(frame(2, megabyte));
        ASSERT_TRUE(fast.read_frame());
    }
    std::optional<unsigned> code;
    for (auto f = slow.read_frame(); f && !code; f = slow.read_frame()) {
        code = close_code_of(f);
        if (code) break;
        EXPECT_EQ(f->payload.size(), megabyte.size());
    }
    EXPECT_EQ(code, 1008U);
    slow.send(close_frame(1008));
    EXPECT_EQ(slow.read_end(), ending::fin);
}

TEST(Chat, LimitsItsMessages) {
    echo_server server{free_port()};
    server.start();
    auto client = join(server);
    client.send(frame(2, std::string(chat_room::message_limit + 1, 'x')));
    EXPECT_EQ(close_code_of(client.read_frame()), 1009U);
    EXPECT_EQ(client.read_end(), ending::fin);
}

TEST(Chat, StopsWhileAClientDoesNotRead) {
    echo_server server{free_port()};
    server.start();
    auto fast = join(server);
    auto slow = join(server, true);
    for (int i = 0; i < 10; ++i) {
        fast.send(frame(2, std::string(512U << 10U, 'x')));
        ASSERT_TRUE(fast.read_frame());
    }
    slow.send(frame(3));  // a breach of protocol while its writer is stuck
    server.stop();
    EXPECT_EQ(server.connections(), 0U);
}

}  // namespace
}  // namespace wsproof::reference
