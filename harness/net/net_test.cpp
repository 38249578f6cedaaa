#include <gtest/gtest.h>
#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <future>
#include <algorithm>

#include "net/dial.hpp"
#include "net/pump.hpp"
#include "play/verdict.hpp"
#include "reference-server/echo_server.hpp"
#include "testing/raw_server.hpp"

namespace wsproof {
namespace {

using namespace std::chrono_literals;
using testing::raw_server;
using testing::raw_socket;

asio::awaitable<void> dial_into(dialer const& from, dial_result& out) { out = co_await from.dial(); }

asio::awaitable<void> play_into(dialer const& from, test_case const& played, play_settings settings, trace& out) {
    auto dialled = co_await from.dial();
    if (dialled.connection) out = co_await pump(dialled.connection, played, settings);
}

void complete(asio::io_context& context, asio::awaitable<void> work) {
    std::exception_ptr trouble;
    asio::co_spawn(context, std::move(work), [&trouble](std::exception_ptr got) { trouble = got; });
    context.run();
    if (trouble) std::rethrow_exception(trouble);
}

dial_settings loopback(std::uint16_t port) {
    dial_settings out;
    out.host = "127.0.0.1";
    out.port = std::to_string(port);
    return out;
}

std::uint16_t port_of(raw_server const& server) {
    auto const url = server.url();
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.find(':', 5) + 1)));
}

test_case echo_of(payload data) {
    test_case out;
    out.id = "test/echo";
    out.clauses = {"6455-5.6-2"};
    send_frame frame;
    frame.op = opcode::binary;
    frame.data = std::move(data);
    out.steps = {frame, await_step{}};
    out.outcomes = {{grade::pass, {{see_echo{}, false}}, {}, ""}};
    return out;
}

trace play(std::uint16_t port, test_case const& played, play_settings settings = {}) {
    asio::io_context context;
    dialer const from(loopback(port));
    trace out;
    complete(context, play_into(from, played, std::move(settings), out));
    return out;
}

class Pump : public ::testing::Test {
protected:
    Pump() : server([] {
        echo_options options;
        options.port = 0;
        return options;
    }()) {
        server.start();
    }
    echo_server server;
};

TEST_F(Pump, PlaysACaseOverASocket) {
    auto const played = echo_of(payload::of("hello"));
    auto const got = judge(played, play(server.port(), played));
    EXPECT_EQ(got.grade, grade::pass) << got.reason;
    EXPECT_EQ(got.close_grade, grade::pass) << got.close_reason;
}

TEST_F(Pump, LargeMessagesPassInBothDirectionsAtOnce) {
    auto const played = echo_of(payload::repeat("0123456789abcdef", 8U << 20U));
    auto const got = judge(played, play(server.port(), played));
    EXPECT_EQ(got.grade, grade::pass) << got.reason;
}

TEST_F(Pump, ManySmallWritesArriveWhole) {
    auto const played = echo_of(payload::repeat("xy", 3000));
    play_settings settings;
    settings.segments = segmentation{segmentation::kind::every, 1};
    auto const got = judge(played, play(server.port(), played, settings));
    EXPECT_EQ(got.grade, grade::pass) << got.reason;
}

TEST(PumpAgainstBadPeers, AFloodIsCutOffAndMemoryStaysSmall) {
    raw_server const flood([](raw_socket& socket, int) {
        if (!testing::open_websocket(socket)) return;
        auto const frame = make_frame(opcode::binary, octets(60000, 'x'), {});
        boost::system::error_code error;
        while (!error) boost::asio::write(socket, boost::asio::buffer(frame), error);
    });
    auto const log = play(port_of(flood), echo_of(payload::of("hello")));
    EXPECT_TRUE(std::ranges::any_of(log.entries, [](auto const& each) { return each.end == end_reason::flooded; }));
    EXPECT_LT(log.octets_received(), 2U << 20U);
}

TEST(PumpAgainstBadPeers, ADeclaredLengthCostsNothing) {
    raw_server const liar([](raw_socket& socket, int) {
        if (!testing::open_websocket(socket)) return;
        octets frame;
        write_header({.op = opcode::binary, .form = length_form::sixty_four_bits, .length = (1ULL << 63U) - 1}, frame);
        boost::system::error_code error;
        boost::asio::write(socket, boost::asio::buffer(frame), error);
        testing::read_all(socket);
    });
    play_settings settings;
    settings.reply_limit = 200ms;
    auto const played = echo_of(payload::of("hello"));
    auto const got = judge(played, play(port_of(liar), played, settings));
    EXPECT_EQ(got.grade, grade::fail);
    EXPECT_NE(got.observed.find("declares 9223372036854775807"), std::string::npos) << got.observed;
}

TEST(PumpAgainstBadPeers, APeerThatReadsNothingDoesNotHoldTheRun) {
    std::promise<void> over;
    raw_server const deaf([reading_nothing = over.get_future().share()](raw_socket& socket, int) {
        if (testing::open_websocket(socket)) reading_nothing.wait();
    });
    play_settings settings;
    settings.reply_limit = 300ms;
    auto const played = echo_of(payload::repeat("x", 32U << 20U));
    auto const got = judge(played, play(port_of(deaf), played, settings));
    over.set_value();
    EXPECT_EQ(got.grade, grade::fail);
}

TEST(PumpAgainstBadPeers, AResetIsSeenAsOne) {
    raw_server const resets([](raw_socket& socket, int) {
        if (!testing::open_websocket(socket)) return;
        boost::system::error_code ignored;
        std::array<char, 1> one{};
        socket.read_some(boost::asio::buffer(one), ignored);
        socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
    });
    auto const log = play(port_of(resets), echo_of(payload::of("hello")));
    EXPECT_TRUE(std::ranges::any_of(log.entries, [](auto const& each) {
        return each.what == trace_entry::kind::ended && each.end == end_reason::reset;
    }));
}

dial_result dial(dial_settings settings) {
    asio::io_context context;
    dialer const from(std::move(settings));
    dial_result out;
    complete(context, dial_into(from, out));
    return out;
}

TEST(Dial, ARefusedConnectionSaysSo) {
    asio::io_context context;
    boost::asio::ip::tcp::acceptor probe(context, {boost::asio::ip::address_v4::loopback(), 0});
    auto const port = probe.local_endpoint().port();
    probe.close();
    auto const got = dial(loopback(port));
    EXPECT_FALSE(got.connection);
    EXPECT_TRUE(got.refused);
    EXPECT_EQ(got.problem, "cannot connect to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
}

TEST(Dial, AnUnknownSocketFileSaysSo) {
    dial_settings settings;
    settings.unix_path = "/nonexistent/socket";
    auto const got = dial(settings);
    EXPECT_TRUE(got.refused);
    EXPECT_NE(got.problem.find("unix socket /nonexistent/socket"), std::string::npos);
}

TEST(Dial, TlsAgainstAServerWithoutItTimesOutOrFails) {
    raw_server const silent([](raw_socket& socket, int) { testing::read_all(socket); });
    auto settings = loopback(port_of(silent));
    settings.tls.use = settings.tls.insecure = true;
    settings.limit = 200ms;
    auto const got = dial(settings);
    EXPECT_FALSE(got.connection);
    EXPECT_NE(got.problem.find("cannot agree on TLS with 127.0.0.1"), std::string::npos);
    EXPECT_NE(got.problem.find("no answer within 200 ms"), std::string::npos);
}

TEST(Dial, ABadCertificateFileThrowsWithItsName) {
    dial_settings settings;
    settings.tls.use = true;
    settings.tls.ca_file = "/nonexistent/ca.pem";
    try {
        dialer const from(settings);
        FAIL() << "a missing file was accepted";
    } catch (std::runtime_error const& error) {
        EXPECT_NE(std::string(error.what()).find("/nonexistent/ca.pem"), std::string::npos);
    }
}

}  // namespace
}  // namespace wsproof
