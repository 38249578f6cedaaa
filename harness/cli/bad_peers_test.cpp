// `wsproof test` against what is no good: nothing there, no HTTP, floods, lies, servers that die.
#include "cli/cli_testing.hpp"
#include "testing/random.hpp"

namespace wsproof::testing {
namespace {

using boost::asio::buffer;

std::string closed_port() {
    boost::asio::io_context context;
    boost::asio::ip::tcp::acceptor const probe(context,
                                               {boost::asio::ip::address_v4::loopback(), 0});
    return std::to_string(probe.local_endpoint().port());
}

void write(raw_socket& socket, octets_view data) {
    boost::system::error_code error;
    boost::asio::write(socket, buffer(data.data(), data.size()), error);
}

// Reads something of a request, answers with this, and closes.
raw_server::behaviour answer_with(std::string text) {
    return [text](raw_socket& socket, int) {
        std::array<char, 4096> request{};
        boost::system::error_code error;
        socket.read_some(buffer(request), error);
        write(socket, view_of(text));
    };
}

void expect_no_target(tested const& got, std::string const& says) {
    EXPECT_EQ(got.end.code, 3) << got.end.err;
    EXPECT_TRUE(got.report.at("incomplete"));
    EXPECT_EQ(got.cases().size(), 0U);
    EXPECT_NE(got.problems().find(says), std::string::npos) << got.problems();
    EXPECT_TRUE(got.end.prints("exit code 3")) << got.end.out;
}

// ---- no target -----------------------------------------------------------------------------------

TEST(NoTarget, APortWhereNothingListens) {
    auto const port = closed_port();
    expect_no_target(test_with({"ws://127.0.0.1:" + port + "/", pings}),
                     "cannot connect to 127.0.0.1:" + port + ": Connection refused");
}

TEST(NoTarget, ThatSpeaksNoHttp) {
    raw_server const server(answer_with("SSH-2.0-OpenSSH_9.2\r\n"));
    expect_no_target(test_with({server.url(), pings}),
                     "does not answer the opening handshake in HTTP");
}

TEST(NoTarget, ThatSendsGarbageWhichReachesNoTerminal) {
    raw_server const server(
        answer_with(std::string("\x1b]0;owned\x07\x00\xff\x1b[2J\x9b\r\n\r\n", 20)));
    auto const got = test_with({server.url(), pings});
    expect_no_target(got, "does not answer the opening handshake in HTTP");
    EXPECT_EQ((got.end.out + got.end.err).find_first_of("\x1b\x07\x9b"), std::string::npos);
}

TEST(NoTarget, ThatIsSilent) {
    raw_server const server([](raw_socket& socket, int) { read_all(socket); });
    expect_no_target(test_with({server.url(), pings, "--timeout", "0.3"}),
                     "accepts the connection but does not answer the opening handshake");
}

TEST(NoTarget, ThatHasNoSuchPath) {
    running_echo const server;
    expect_no_target(test_with({server.url("/nowhere"), pings}),
                     "status 404 instead of 101; check the path of the URL");
}

TEST(NoTarget, ThatClosesAtOnceOrResets) {
    raw_server const closing([](raw_socket&, int) {});
    expect_no_target(test_with({closing.url(), pings}), "does not answer the opening handshake");
    raw_server const resetting([](raw_socket& socket, int) {
        boost::system::error_code ignored;
        socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
    });
    // the RST may come before connect() returns
    auto const reset = test_with({resetting.url(), pings});
    bool const early = reset.problems().find("cannot connect") != std::string::npos;
    expect_no_target(reset, early ? "reset" : "does not answer the opening handshake");
}

// ---- targets that break off ----------------------------------------------------------------------

// Opens the connection; any frame with a reserved opcode is its end.
TEST(BadPeer, ThatDiesHalfwayLeavesAnIncompleteReport) {
    std::atomic<bool> dead = false;
    raw_server server([&dead](raw_socket& socket, int) {
        if (dead) return;
        talk(socket, [&](frame const& got) {
            if (is_reserved(got.header.op)) dead = true;
            return !dead && answer_control(socket, got);
        });
    });
    auto const got = test_with({server.url(), "rfc6455/5.2", pings, "--concurrency", "1",
                                "--timeout", "0.5"});
    EXPECT_EQ(got.end.code, 4) << got.end.err;
    EXPECT_TRUE(got.report.at("incomplete"));
    EXPECT_LT(got.cases().size(), got.report.at("selected"));
    EXPECT_NE(got.problems().find("the target no longer answers"), std::string::npos);
    std::string killers;
    for (auto const& each : got.cases())
        if (each.at("reason").get<std::string>().starts_with("the target died of this case"))
            killers += each.at("id").get<std::string>() + " " + each.at("grade").get<std::string>();
    EXPECT_TRUE(killers.starts_with("rfc6455/5.2/")) << killers;
    EXPECT_TRUE(killers.ends_with(" fail")) << killers;
}

TEST(BadPeer, ThatSaysNothingBehindTheHandshakeFailsEveryCase) {
    raw_server const server([](raw_socket& socket, int) {
        if (open_websocket(socket)) read_all(socket);
    });
    auto const got = test_with({server.url(), pings, "--timeout", "0.2"});
    EXPECT_EQ(got.end.code, 1) << got.end.err;
    EXPECT_EQ(got.count("fail") + got.count("unsupported"), ping_cases);
    EXPECT_FALSE(got.probe().at("answers_pings"));
}

TEST(BadPeer, ThatSendsAnyOctetsIsJudgedAndKillsNobody) {
    random_source random;
    SCOPED_TRACE(random.seed());
    std::vector<octets> noise;
    for (int i = 0; i < 64; ++i) noise.push_back(random.any(random.between(1, 3000)));
    raw_server const server([&noise](raw_socket& socket, int number) {
        if (!open_websocket(socket)) return;
        write(socket, noise[static_cast<std::size_t>(number) % noise.size()]);
        read_all(socket);
    });
    auto const got = test_with({server.url(), pings, "rfc6455/5.5.1", "--timeout", "0.2"});
    EXPECT_EQ(got.end.code, 1) << got.end.err;
    EXPECT_GT(got.count("fail"), 0U);
    EXPECT_EQ(got.report.at("selected"), got.cases().size());
}

// ---- a server that is no echo --------------------------------------------------------------------

TEST(BadPeer, ThatDoesNotEchoIsTestedAsFarAsItCanBe) {
    raw_server const server(serve_without_echo);
    auto const got = test_with({server.url(), pings, "rfc6455/5.6", "rfc6455/1.3/example-key",
                                "--timeout", "0.5"});
    EXPECT_EQ(got.end.code, 0) << got.end.out;
    EXPECT_TRUE(got.end.says("does not echo")) << got.end.err;
    EXPECT_FALSE(got.probe().at("echoes_text"));
    EXPECT_TRUE(got.probe().at("answers_pings"));
    EXPECT_EQ(got.of(one_ping).at("overall"), "pass");
    EXPECT_EQ(got.of("rfc6455/1.3/example-key").at("overall"), "pass");
    EXPECT_GT(got.count("unsupported"), 10U);
    for (auto const& each : got.cases()) {
        bool const needs_echo = each.at("needs").dump().find("\"echo\"") != std::string::npos;
        EXPECT_EQ(each.at("overall"), needs_echo ? "unsupported" : "pass") << each.at("id");
        if (needs_echo) {
            EXPECT_TRUE(each.at("reason").get<std::string>().starts_with("the target does not echo"));
        }
    }
}

// ---- memory --------------------------------------------------------------------------------------

// Hundreds of cases, as many connections as usual, all traces kept, against a server that opens the
// connection, sends `first`, and then `again` for ever; with nothing to send again it stays silent.
void expect_little_memory(octets const& first, octets const& again) {
    raw_server const server([&](raw_socket& socket, int) {
        if (!open_websocket(socket)) return;
        boost::system::error_code error;
        boost::asio::write(socket, buffer(first), error);
        while (!error && !again.empty()) boost::asio::write(socket, buffer(again), error);
        if (again.empty()) read_all(socket);
    });
    auto const got = test_with({server.url(), "rfc6455/5.2", "rfc6455/5.5", "rfc6455/9.1", "--trace", "all",
                                "--timeout", "0.5", "-q"});
    EXPECT_EQ(got.end.code, 1) << got.end.err;
    EXPECT_EQ(got.report.at("selected"), got.cases().size());
    std::cout << "peak " << got.end.peak_kib / 1024 << " MiB\n";
    if (!sanitized) {
        EXPECT_LT(got.end.peak_kib, 100 * 1024);
    }
}

octets many(octets const& frame) {
    octets out;
    while (out.size() < 65536) append(out, frame);
    return out;
}

octets header_of(std::uint64_t length) {
    octets out;
    write_header({.op = opcode::binary, .form = length_form::sixty_four_bits, .length = length},
                 out);
    return out;
}

constexpr std::uint64_t largest = (1ULL << 63U) - 1;

TEST(Memory, AFloodOfMessagesCostsLittle) {
    expect_little_memory({}, make_frame(opcode::binary, octets(60000, 'x'), {}));
}
TEST(Memory, AFloodOfEmptyPingsCostsLittle) {
    expect_little_memory({}, many(make_frame(opcode::ping, {}, {})));
}
TEST(Memory, AFloodOfEmptyMessagesCostsLittle) {
    expect_little_memory({}, many(make_frame(opcode::text, {}, {})));
}
TEST(Memory, AnEndlessFrameOfADeclaredLengthCostsLittle) {
    expect_little_memory(header_of(largest), octets(65536, 'x'));
}
TEST(Memory, ADeclaredLengthWithNothingBehindItCostsLittle) {
    expect_little_memory(header_of(largest), {});
}

TEST(Memory, AResponseWithoutEndCostsLittle) {
    raw_server const server([](raw_socket& socket, int) {
        boost::system::error_code error;
        write(socket, view_of(std::string("HTTP/1.1 101 Switching Protocols\r\n")));
        auto const line = "X-Fill: " + std::string(8000, 'x') + "\r\n";
        while (!error) boost::asio::write(socket, buffer(line), error);
    });
    auto const got = test_with({server.url(), "--timeout", "1"});
    EXPECT_EQ(got.end.code, 3) << got.end.err;
    if (!sanitized) {
        EXPECT_LT(got.end.peak_kib, 100 * 1024);
    }
}

}  // namespace
}  // namespace wsproof::testing
