#include "reference-server/upgrade.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "reference-server/echo_testing.hpp"

namespace wsproof::reference {
namespace {

constexpr char const* key_line = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

// A request line and the fields of a good handshake, to be bent by the tests.
struct request {
    std::string line = "GET /echo HTTP/1.1";
    std::vector<std::string> fields{"Host: localhost:8080", "Upgrade: websocket",
                                    "Connection: Upgrade", key_line, "Sec-WebSocket-Version: 13"};

    request with_line(std::string text) const {
        auto changed = *this;
        changed.line = std::move(text);
        return changed;
    }
    request with(std::string field) const {
        auto changed = *this;
        changed.fields.push_back(std::move(field));
        return changed;
    }
    request without(std::string const& name) const {
        auto changed = *this;
        std::erase_if(changed.fields, [&](auto const& f) { return f.starts_with(name + ":"); });
        return changed;
    }
    request replacing(std::string const& name, std::string const& value) const {
        return without(name).with(name + ": " + value);
    }
    std::string text() const {
        auto all = line + "\r\n";
        for (auto const& field : fields) all += field + "\r\n";
        return all + "\r\n";
    }
};

class Upgrade : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        auto options = free_port();
        options.subprotocols = {"chat.v2", "chat"};
        options.close_timeout = std::chrono::minutes{1};  // FIN is the server's own doing
        server_ = std::make_unique<echo_server>(options);
        server_->start();
    }
    static void TearDownTestSuite() { server_.reset(); }

    static std::string head_of(std::string const& octets) {
        auto client = raw_client::tcp(server_->port());
        client.send(octets);
        return client.read_head();
    }

    // The status of the answer. A refusal has to be followed by FIN, and never by RST.
    static int status(std::string const& octets) {
        auto client = raw_client::tcp(server_->port());
        client.send(octets);
        auto const head = client.read_head();
        if (!head.starts_with("HTTP/1.1 ") || head.size() < 13) return 0;
        int const code = std::stoi(head.substr(9, 3));
        if (code != 101) {
            EXPECT_EQ(client.read_end(), ending::fin) << octets;
            EXPECT_NE(head.find("\r\nConnection: "), std::string::npos) << head;
            EXPECT_NE(head.find("close\r\n"), std::string::npos) << head;
        }
        return code;
    }
    static int status(request const& r) { return status(r.text()); }

    static inline std::unique_ptr<echo_server> server_;
    request const good;
};

TEST_F(Upgrade, AnswersTheExampleOfTheRfc) {
    auto const head = head_of(good.text());
    EXPECT_TRUE(head.starts_with("HTTP/1.1 101 ")) << head;
    EXPECT_NE(head.find("\r\nUpgrade: websocket\r\n"), std::string::npos) << head;
    EXPECT_TRUE(std::regex_search(head, std::regex{"\r\nConnection: [Uu]pgrade\r\n"})) << head;
    EXPECT_NE(head.find("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"),
              std::string::npos)
        << head;
    for (auto const* absent : {"Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol",
                               "Content-Length", "Transfer-Encoding"})
        EXPECT_EQ(head.find(absent), std::string::npos) << head;
}

TEST_F(Upgrade, TakesTheFieldsInAnyOrderAndCase) {
    auto shuffled = good;
    std::ranges::sort(shuffled.fields);
    do EXPECT_EQ(status(shuffled), 101) << shuffled.text();
    while (std::ranges::next_permutation(shuffled.fields).found);
    auto lower = good.without("Upgrade").with("upgrade: WEBSOCKET").without("Host").with("hOST: a");
    EXPECT_EQ(status(lower), 101);
}

TEST_F(Upgrade, AcceptsWhatIsUnusualButRight) {
    EXPECT_EQ(status(good.replacing("Connection", "keep-alive, Upgrade")), 101);
    EXPECT_EQ(status(good.replacing("Connection", ", keep-alive ,\tUPGRADE")), 101);
    EXPECT_EQ(status(good.replacing("Connection", "keep-alive").with("Connection: Upgrade")), 101);
    EXPECT_EQ(status(good.replacing("Upgrade", "foo/1, WebSocket")), 101);
    EXPECT_EQ(status(good.replacing("Upgrade", "foo").with("Upgrade: websocket")), 101);
    EXPECT_EQ(status(good.with("X-Unknown: " + std::string(4096, 'x'))), 101);
    EXPECT_EQ(status(good.with("Sec-WebSocket-Foo: 1")), 101);
    EXPECT_EQ(status(good.with("Content-Length: 0")), 101);
    EXPECT_EQ(status(good.with("Origin: null")), 101);
    EXPECT_EQ(status(good.replacing("Host", "[::1]:80")), 101);
    EXPECT_EQ(status(good.with_line("GET /echo?case=1&x=/ HTTP/1.1")), 101);
    EXPECT_EQ(status(good.with_line("GET / HTTP/1.1")), 101);
    EXPECT_EQ(status(good.with_line("GET /?" + std::string(8000, 'q') + " HTTP/1.1")), 101);
    EXPECT_EQ(status("\r\n\r\n" + good.text()), 101);
    for (auto const* scheme : {"http", "HTTPS", "ws", "wss"})
        EXPECT_EQ(status(good.with_line("GET " + std::string{scheme} + "://h:1/chat HTTP/1.1")),
                  101);
    EXPECT_EQ(status(good.with_line("GET ws://h?x HTTP/1.1")), 101);
}

TEST_F(Upgrade, HashesTheKeyAsItStands) {
    auto const accept_of = [&](std::string const& field) {
        auto const head = head_of(good.without("Sec-WebSocket-Key").with(field).text());
        auto const at = head.find("Sec-WebSocket-Accept: ");
        return at == std::string::npos ? head : head.substr(at + 22, 28);
    };
    EXPECT_EQ(accept_of("Sec-WebSocket-Key: \t dGhlIHNhbXBsZSBub25jZQ== \t"),
              "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    auto const canonical = accept_of("Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==");
    EXPECT_NE(accept_of("Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC=="), canonical);
}

TEST_F(Upgrade, RefusesAKeyThatIsNotSixteenOctets) {
    EXPECT_EQ(status(good.without("Sec-WebSocket-Key")), 400);
    EXPECT_EQ(status(good.with(key_line)), 400);
    for (auto const* key :
         {"", "AQIDBAUGBwgJCgsMDQ4P", "AQIDBAUGBwgJCgsMDQ4PEBE=", "AQIDBAUGBwgJCgsMDQ4PEA",
          "AQIDBAUGBwgJCgsMDQ4P*A==", "AQIDBAUGBwgJCgsMDQ4 EA==", "AQIDBAUGBwgJCgsMDQ4PE==="})
        EXPECT_EQ(status(good.replacing("Sec-WebSocket-Key", key)), 400) << key;
}

TEST_F(Upgrade, AnswersAnotherVersionWithItsOwn) {
    for (auto const* version : {"0", "7", "8", "12", "14", "25", "255", "013", "+13", "13.0", "abc",
                                "13, 8", "13,", ""}) {
        auto const head = head_of(good.replacing("Sec-WebSocket-Version", version).text());
        EXPECT_TRUE(head.starts_with("HTTP/1.1 426 ")) << version << "\n" << head;
        EXPECT_NE(head.find("\r\nSec-WebSocket-Version: 13\r\n"), std::string::npos) << head;
        EXPECT_NE(head.find("\r\nUpgrade: websocket\r\n"), std::string::npos) << head;
        EXPECT_NE(head.find("\r\nConnection: Upgrade, close\r\n"), std::string::npos) << head;
    }
    EXPECT_EQ(status(good.without("Sec-WebSocket-Version")), 426);
    EXPECT_EQ(status(good.with("Sec-WebSocket-Version: 13")), 400);
}

TEST_F(Upgrade, AsksAPlainRequestToUpgrade) {
    auto const old = good.with_line("GET /echo HTTP/1.0");
    for (auto const& plain :
         {good.without("Upgrade"), good.without("Connection"), good.replacing("Upgrade", "h2c"),
          good.replacing("Upgrade", ""), good.replacing("Upgrade", "web-socket"),
          good.replacing("Connection", "keep-alive"), old, old.without("Host")})
        EXPECT_EQ(status(plain), 426) << plain.text();
    auto const head = head_of("GET /chat HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(head.starts_with("HTTP/1.1 426 ")) << head;
    EXPECT_NE(head.find("\r\nSec-WebSocket-Version: 13\r\n"), std::string::npos) << head;
    EXPECT_NE(head.find("\r\nUpgrade: websocket\r\n"), std::string::npos) << head;
}

TEST_F(Upgrade, RefusesMalformedLists) {
    EXPECT_EQ(status(good.replacing("Upgrade", "web socket")), 400);
    EXPECT_EQ(status(good.replacing("Upgrade",
                                    "websoc\xe2\x84\xaa"
                                    "et")),
              400);
    EXPECT_EQ(status(good.replacing("Connection", "Up grade")), 400);
    for (auto const* list : {"a b", "@", "", ",", "chat, a/b", "\xff\xfe"})
        EXPECT_EQ(status(good.with("Sec-WebSocket-Protocol: " + std::string{list})), 400) << list;
    for (auto const* list : {"", ",", "@", "permessage-deflate; =1", "foo;bar=\"x"})
        EXPECT_EQ(status(good.with("Sec-WebSocket-Extensions: " + std::string{list})), 400) << list;
    EXPECT_EQ(status(good.with("Origin: \xff\xfe")), 400);
    EXPECT_EQ(status(good.with("Origin: http://a").with("Origin: http://a")), 400);
}

TEST_F(Upgrade, WantsOneHost) {
    EXPECT_EQ(status(good.without("Host")), 400);
    EXPECT_EQ(status(good.with("Host: localhost:8080")), 400);
    EXPECT_EQ(status(good.with("Host: other")), 400);
    for (auto const* host :
         {"", "a b", "a/b", "u@h", "a:b", "a:1:2", "[::1", "[]", "[::1]x", "a\\b"})
        EXPECT_EQ(status(good.replacing("Host", host)), 400) << host;
}

TEST_F(Upgrade, RefusesMethodsAndTargets) {
    for (auto const* method : {"POST", "HEAD", "PUT", "OPTIONS", "DELETE"})
        EXPECT_EQ(status(good.with_line(std::string{method} + " /echo HTTP/1.1")), 405) << method;
    EXPECT_EQ(status(good.with_line("get /echo HTTP/1.1")), 501);
    EXPECT_EQ(status(good.with_line("BREW /echo HTTP/1.1")), 501);
    for (auto const* path : {"/nowhere", "/Echo", "/echo/", "//echo", "ws://h/nowhere"})
        EXPECT_EQ(status(good.with_line("GET " + std::string{path} + " HTTP/1.1")), 404) << path;
    for (auto const* target : {"*", "echo", "/echo#x", "/\xc3\xa4", "ftp://h/echo", "http://",
                               "http:///x", "http://u@h/echo", "localhost:80"})
        EXPECT_EQ(status(good.with_line("GET " + std::string{target} + " HTTP/1.1")), 400)
            << target;
}

TEST_F(Upgrade, RefusesWhatIsNotHttp) {
    for (auto const* line : {"GET /echo HTTP/2.0", "GET /echo http/1.1", "GET /echo HTTP/1.10",
                             "GET /echo HTTP/3.1"}) {
        int const code = status(good.with_line(line));
        EXPECT_TRUE(code == 505 || code == 400) << line << " " << code;
    }
    for (auto const* line : {"GET /echo", "GET  /echo HTTP/1.1", "GET\t/echo HTTP/1.1",
                             "GET /a b HTTP/1.1", "", "\x16\x03\x01\x02", " GET / HTTP/1.1"}) {
        int const code = status(good.with_line(line));
        EXPECT_TRUE(code == 505 || code == 400) << line << " " << code;
    }
    EXPECT_EQ(status(good.with("X-Space : 1")), 400);
    EXPECT_EQ(status(good.with("X-Nul: a" + std::string(1, '\0') + "b")), 400);
    EXPECT_EQ(status(good.with("X-Cr: a\rb")), 400);
    EXPECT_EQ(status(good.with("no colon")), 400);
    auto first_indented = good;
    first_indented.fields.insert(first_indented.fields.begin(), " X: 1");
    EXPECT_EQ(status(first_indented), 400);
}

TEST_F(Upgrade, RefusesABody) {
    EXPECT_EQ(status(good.with("Content-Length: 5").text() + "hello"), 400);
    EXPECT_EQ(status(good.with("Content-Length: x")), 400);
    EXPECT_EQ(status(good.with("Content-Length: 0").with("Content-Length: 5")), 400);
    EXPECT_EQ(status(good.with("Transfer-Encoding: chunked").text() + "0\r\n\r\n"), 400);
    EXPECT_EQ(status(good.with("Transfer-Encoding: gzip")), 400);
}

TEST_F(Upgrade, LimitsTheHead) {
    EXPECT_EQ(status(good.with("X-Long: " + std::string(20'000, 'x'))), 431);
    EXPECT_EQ(status(good.with_line("GET /" + std::string(64U << 10U, 'x') + " HTTP/1.1")), 414);
}

TEST_F(Upgrade, SaysContinueBeforeItSwitches) {
    auto client = raw_client::tcp(server_->port());
    client.send(good.with("Expect: 100-continue").text());
    EXPECT_EQ(client.read_head(), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_TRUE(client.read_head().starts_with("HTTP/1.1 101 "));
    EXPECT_EQ(status(good.with("Expect: wonders")), 417);
}

TEST_F(Upgrade, ChoosesASubprotocolByTheServersPreference) {
    auto const chosen = [&](std::vector<std::string> const& lines) {
        auto r = good;
        for (auto const& line : lines) r = r.with("Sec-WebSocket-Protocol: " + line);
        auto const head = head_of(r.text());
        std::smatch found;
        std::regex const field{"\r\nSec-WebSocket-Protocol: ([^\r]*)\r\n"};
        return std::regex_search(head, found, field) ? found[1].str() : head.substr(9, 3);
    };
    EXPECT_EQ(chosen({"chat, chat.v2"}), "chat.v2");
    EXPECT_EQ(chosen({"superchat", "chat"}), "chat");
    EXPECT_EQ(chosen({"chat,,superchat"}), "chat");
    EXPECT_EQ(chosen({"CHAT"}), "101");
    EXPECT_EQ(chosen({"v2.chat"}), "101");
}

TEST_F(Upgrade, NegotiatesCompression) {
    auto const agreed = [&](std::string const& offer) {
        auto const head = head_of(good.with("Sec-WebSocket-Extensions: " + offer).text());
        std::smatch found;
        std::regex const field{"\r\nSec-WebSocket-Extensions: ([^\r]*)\r\n"};
        return std::regex_search(head, found, field) ? found[1].str() : head.substr(9, 3);
    };
    EXPECT_EQ(agreed("permessage-deflate"), "permessage-deflate");
    EXPECT_EQ(agreed("permessage-deflate; client_max_window_bits"), "permessage-deflate");
    EXPECT_EQ(agreed("permessage-deflate; server_max_window_bits=\"10\""),
              "permessage-deflate; server_max_window_bits=10");
    EXPECT_EQ(agreed("permessage-deflate; server_no_context_takeover"),
              "permessage-deflate; server_no_context_takeover");
    EXPECT_EQ(agreed("permessage-deflate; client_max_window_bits=9"),
              "permessage-deflate; client_max_window_bits=9");
    EXPECT_EQ(agreed("permessage-deflate; server_max_window_bits=8"), "101");
    EXPECT_EQ(agreed("x-unknown"), "101");
}

TEST_F(Upgrade, KeepsWhatCameBehindTheRequest) {
    auto client = raw_client::tcp(server_->port());
    client.send(good.text() + frame(1, "early") + frame(2, std::string(5000, 'x')));
    EXPECT_TRUE(client.read_head().starts_with("HTTP/1.1 101 "));
    auto const text = client.read_frame();
    auto const binary = client.read_frame();
    ASSERT_TRUE(text && binary);
    EXPECT_EQ(text->payload, "early");
    EXPECT_EQ(binary->payload.size(), 5000U);
}

TEST_F(Upgrade, ReadsARequestThatComesOctetByOctet) {
    auto client = raw_client::tcp(server_->port());
    for (char const c : "\r\n" + good.text()) ASSERT_TRUE(client.send({&c, 1}));
    EXPECT_TRUE(client.read_head().starts_with("HTTP/1.1 101 "));
}

TEST_F(Upgrade, SendsNoBodyForHead) {
    auto client = raw_client::tcp(server_->port());
    client.send("HEAD /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(client.read_head().starts_with("HTTP/1.1 404 "));
    EXPECT_EQ(client.read_rest(), "");
}

TEST(UpgradePolicy, RefusesAnOriginThatIsNotListed) {
    auto options = free_port();
    options.allowed_origins = {"https://good.example"};
    options.deflate = false;
    echo_server server{options};
    server.start();
    auto const answer = [&](std::vector<std::string> const& fields) {
        auto client = raw_client::tcp(server.port());
        return client.shake_hands("/", fields).substr(9, 3);
    };
    EXPECT_EQ(answer({"Origin: https://good.example"}), "101");
    EXPECT_EQ(answer({}), "101");
    for (auto const* origin : {"https://good.example.evil.example", "http://good.example", "null",
                               "https://good.example:8443"})
        EXPECT_EQ(answer({"Origin: " + std::string{origin}}), "403") << origin;
    auto client = raw_client::tcp(server.port());
    auto const head = client.shake_hands("/", {"Sec-WebSocket-Extensions: permessage-deflate"});
    EXPECT_EQ(head.find("Extensions"), std::string::npos) << "compression was switched off";
}

}  // namespace
}  // namespace wsproof::reference
