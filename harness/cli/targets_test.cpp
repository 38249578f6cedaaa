// Where `wsproof test` goes to: unix sockets, IPv6, names, and what stands in every request.
#include <mutex>

#include "cli/cli_testing.hpp"

namespace wsproof::testing {
namespace {

// An echo server that keeps all requests.
class recorder {
public:
    recorder()
        : server_([this](raw_socket& socket, int number) {
              keep(peek_request(socket));
              serve_echo(socket, number);
          }) {}

    std::string url(std::string const& path = "/") const { return server_.url(path); }
    std::string address() const { return url("").substr(5); }
    std::vector<std::string> requests() {
        std::lock_guard const lock(mutex_);
        return requests_;
    }
    /// How many of all the requests do not have this line.
    std::size_t without(std::string const& line) {
        auto const all = requests();
        return static_cast<std::size_t>(std::ranges::count_if(
            all, [&](auto const& each) { return each.find(line + "\r\n") == std::string::npos; }));
    }

private:
    // Leaves it for the server to read; what came of it when the client goes away before its end.
    static std::string peek_request(raw_socket& socket) {
        std::string head;
        boost::system::error_code error;
        for (bool gone = false; !error && !gone && head.find("\r\n\r\n") == std::string::npos;) {
            pollfd end{socket.native_handle(), POLLRDHUP, 0};
            gone = ::poll(&end, 1, 1) != 0;  // some requests come octet by octet
            head.resize(65536);
            head.resize(socket.receive(boost::asio::buffer(head),
                                       boost::asio::socket_base::message_peek, error));
        }
        return head;
    }
    void keep(std::string head) {
        if (head.find("\r\n\r\n") == std::string::npos) return;
        std::lock_guard const lock(mutex_);
        requests_.push_back(std::move(head));
    }

    std::mutex mutex_;
    std::vector<std::string> requests_;
    raw_server server_;
};

// ---- the request ---------------------------------------------------------------------------------

TEST(Target, PathAndQueryStandInEveryRequest) {
    recorder server;
    auto const got = test_with({server.url("/chat/7?room=a%20b&x=1"), pings});
    EXPECT_EQ(got.end.code, 0) << got.end.err;
    EXPECT_EQ(server.without("GET /chat/7?room=a%20b&x=1 HTTP/1.1"), 0U);
    EXPECT_GT(server.requests().size(), 10U);
    EXPECT_EQ(server.without("Host: " + server.address()), 0U);
}

TEST(Target, HostOriginSubprotocolAndHeadersStandInEveryRequest) {
    recorder server;
    auto const got = test_with({server.url(), one_ping, "--host", "shop.example:81", "--origin",
                                "https://shop.example", "--subprotocol", "soap, wamp", "--header",
                                "X-One: 1", "--header", "X-Two:  a: b ", "--header=X-Three: 3"});
    EXPECT_EQ(got.end.code, 0) << got.end.err;
    for (auto const* line :
         {"Host: shop.example:81", "Origin: https://shop.example",
          "Sec-WebSocket-Protocol: soap, wamp", "X-One: 1", "X-Two: a: b", "X-Three: 3"})
        EXPECT_EQ(server.without(line), 0U) << line << "\n" << server.requests().front();
}

TEST(Target, ASelectedSubprotocolPlaysTheCasesThatNeedOne) {
    echo_options options;
    options.subprotocols = {"chat.v2"};
    running_echo const server(options);
    words const selection{"rfc6455/4.2.2", server.url()};
    EXPECT_GT(test_with(selection).count("unsupported"), 0U);
    auto offering = selection;
    offering.insert(offering.end(), {"--subprotocol", "chat.v1, chat.v2"});
    auto const got = test_with(offering);
    EXPECT_EQ(got.end.code, 0) << got.end.out;
    EXPECT_EQ(got.probe().at("subprotocol"), "chat.v2");
}

TEST(Target, AnAllowedOriginOpensTheDoor) {
    echo_options options;
    options.allowed_origins = {"https://shop.example"};
    running_echo const server(options);
    auto const refused = test_with({server.url(), pings, "--origin", "https://evil.example"});
    EXPECT_EQ(refused.end.code, 3);
    EXPECT_TRUE(refused.end.prints("with status 403 instead of 101")) << refused.end.out;
    EXPECT_EQ(test_with({server.url(), pings, "--origin", "https://shop.example"}).end.code, 0);
}

// ---- the way there -------------------------------------------------------------------------------

TEST(Target, ConnectToGoesElsewhereAndKeepsTheName) {
    recorder server;
    auto const got =
        test_with({"ws://shop.invalid/cart", one_ping, "--connect-to", server.address()});
    EXPECT_EQ(got.end.code, 0) << got.end.err;
    EXPECT_EQ(server.without("Host: shop.invalid"), 0U);
    EXPECT_EQ(got.target().at("url"), "ws://shop.invalid/cart");
}

TEST(Target, ConnectToAloneIsAddressEnough) {
    recorder server;
    auto const got = test_with({one_ping, "--connect-to", server.address()});
    EXPECT_EQ(got.end.code, 0) << got.end.err;
    EXPECT_TRUE(got.target().at("url").get<std::string>().starts_with("ws://")) << got.target();
}

TEST(Target, AUnixSocketIsPlayedAgainstLikeAnyOther) {
    temporary_folder const folder;
    echo_options options;
    options.unix_path = folder.file("socket");
    running_echo const server(options);
    auto const got =
        test_with({"ws://localhost/echo", pings, "--unix-socket", folder.file("socket")});
    EXPECT_EQ(got.end.code, 0) << got.end.err;
    EXPECT_EQ(got.count("pass"), ping_cases);
    EXPECT_EQ(test_with({one_ping, "--unix-socket", folder.file("socket")}).end.code, 0);
}

TEST(Target, AUnixSocketThatIsNotThereIsNamed) {
    auto const got = test_with({"ws://localhost/", pings, "--unix-socket", "/nonexistent/socket"});
    EXPECT_EQ(got.end.code, 3);
    EXPECT_TRUE(got.end.prints("cannot connect to unix socket /nonexistent/socket: "
                               "No such file or directory"))
        << got.end.out;
    auto const long_path = "/tmp/" + std::string(200, 'x');
    EXPECT_EQ(test_with({"ws://localhost/", pings, "--unix-socket", long_path}).end.code, 3);
}

TEST(Target, TheCommandMayListenOnAUnixSocket) {
    temporary_folder const folder;
    auto const socket = folder.file("socket");
    auto const got = test_with({"ws://localhost/", pings, "--unix-socket", socket},
                               {WSPROOF_PROGRAM, "echo", "--unix-socket", socket});
    EXPECT_EQ(got.end.code, 0) << got.end.err;
}

TEST(Target, Ipv6IsReachedByItsAddress) {
    echo_options options;
    options.address = "::1";
    std::unique_ptr<running_echo> server;
    try {
        server = std::make_unique<running_echo>(options);
    } catch (std::runtime_error const& error) {
        GTEST_SKIP() << "this machine has no IPv6: " << error.what();
    }
    auto const url = "ws://[::1]:" + std::to_string(server->port()) + "/echo";
    auto const got = test_with({url, pings});
    EXPECT_EQ(got.end.code, 0) << got.end.err;
    EXPECT_EQ(got.target().at("url"), url);
    auto const by_option = test_with(
        {"ws://x/", pings, "--connect-to", "[::1]:" + std::to_string(server->port())});
    EXPECT_EQ(by_option.end.code, 0) << by_option.end.err;
}

// ---- secrets -------------------------------------------------------------------------------------

void expect_absent(std::string const& secret, std::string const& text, std::string const& where) {
    EXPECT_EQ(text.find(secret), std::string::npos) << secret << " stands in " << where;
    auto const hex = to_hex(view_of(secret));
    EXPECT_EQ(text.find(hex), std::string::npos) << secret << " stands in " << where << " as hex";
}

TEST(Secrets, StandInTheRequestAndInNothingThatIsWritten) {
    recorder server;
    temporary_folder const folder;
    auto url = server.url("/");
    url.insert(5, "anna:sEcReT-7@");
    auto const json = folder.file("r.json"), junit = folder.file("r.xml"),
               text = folder.file("r.txt");
    // the cases that fail are those of which the most is written
    auto const end = wsproof({"test", url, "rfc6455/4.2.1", pings, "--header", "Cookie: id=hUsH-7",
                              "--header=X-Api-Token: tOkEn-7", "--trace", "all", "-v", "--json",
                              json, "--junit", junit, "--text", text});
    auto const basic = base64(view_of(std::string("anna:sEcReT-7")));
    EXPECT_EQ(server.requests().front().find("Authorization: Basic " + basic + "\r\n") ==
                  std::string::npos,
              false)
        << server.requests().front();
    auto written = text_of_file(json);
    std::erase_if(written, [](char c) { return c == '"' || c == ',' || c == ' ' || c == '\n'; });
    for (auto const* secret : {"sEcReT-7", "hUsH-7", "tOkEn-7", basic.c_str()}) {
        expect_absent(secret, written, "the JSON report");
        expect_absent(secret, text_of_file(junit), "the JUnit report");
        expect_absent(secret, text_of_file(text), "the summary");
        expect_absent(secret, end.out + end.err, "the output");
    }
    auto const report = read_report(json);
    EXPECT_EQ(report.at("target").at("url"), server.url("/"));
    EXPECT_EQ(report.at("arguments").at(1), "ws://***@" + server.address() + "/");
    EXPECT_GT(report.at("cases").size(), 100U);
}

TEST(Secrets, StandInNoErrorMessage) {
    for (auto const* url : {"ws://anna:sEcReT@localhost:99999/", "ws://anna:sEcReT@/",
                            "ws://anna:sEcReT@local host/", "ftp://anna:sEcReT@localhost/"}) {
        auto const got = wsproof({"test", url, one_ping});
        EXPECT_EQ(got.code, 2) << url;
        expect_absent("sEcReT", got.err, url);
    }
}

TEST(Secrets, AnAtSignBehindThePathIsNone) {
    running_echo const server;
    auto const got = test_with({server.url("/?who=a@b.example"), one_ping});
    EXPECT_EQ(got.report.at("arguments").at(1), server.url("/?who=a@b.example"));
    auto const without_path = server.url("?who=a@b.example");
    EXPECT_EQ(test_with({without_path, one_ping}).report.at("arguments").at(1), without_path);
}

}  // namespace
}  // namespace wsproof::testing
