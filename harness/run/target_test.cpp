#include "run/target.hpp"

#include <gtest/gtest.h>

namespace wsproof {
namespace {

target good(target_options const& options) {
    std::vector<diagnostic> mistakes;
    auto out = make_target(options, mistakes);
    for (auto const& each : mistakes) ADD_FAILURE() << describe(each);
    return out;
}

struct url_case {
    char const *url, *host, *port, *authority, *resource;
    bool tls;
};

TEST(Target, UrlsOfEveryForm) {
    url_case const table[] = {
        {"ws://example.org", "example.org", "80", "example.org", "/", false},
        {"ws://example.org:80/", "example.org", "80", "example.org", "/", false},
        {"wss://example.org/chat?x=1&y=%20", "example.org", "443", "example.org", "/chat?x=1&y=%20", true},
        {"ws://127.0.0.1:9001/a/b", "127.0.0.1", "9001", "127.0.0.1:9001", "/a/b", false},
        {"ws://[::1]:8080/echo", "::1", "8080", "[::1]:8080", "/echo", false},
        {"wss://h:80?q", "h", "80", "h:80", "/?q", true},
    };
    for (auto const& each : table) {
        auto const got = good({.url = each.url});
        EXPECT_EQ(got.dial.host, each.host) << each.url;
        EXPECT_EQ(got.dial.port, each.port) << each.url;
        EXPECT_EQ(got.dial.tls.use, each.tls) << each.url;
        EXPECT_EQ(got.request.host, each.authority) << each.url;
        EXPECT_EQ(got.request.target, each.resource) << each.url;
    }
}

TEST(Target, OptionsReachTheRequestAndTheConnection) {
    target_options options{.url = "wss://user:pa%3Ass@example.org/", .connect_to = "[::1]:9", .host = "other",
                           .origin = "https://o", .subprotocol = "a, b", .headers = {"Cookie:  x=1; y "}};
    auto const got = good(options);
    EXPECT_EQ(got.dial.host, "::1");
    EXPECT_EQ(got.dial.port, "9");
    EXPECT_EQ(got.dial.tls.server_name, "example.org");
    EXPECT_EQ(got.request.host, "other");
    EXPECT_EQ(got.shown, "wss://example.org/");
    ASSERT_EQ(got.request.fields.size(), 4U);
    EXPECT_EQ(got.request.fields[0].value, "Basic " + base64(view_of("user:pa:ss")));
    EXPECT_EQ(got.request.fields[1].value, "https://o");
    EXPECT_EQ(got.request.fields[2].value, "a, b");
    EXPECT_EQ(got.request.fields[3].name, "Cookie");
    EXPECT_EQ(got.request.fields[3].value, "x=1; y");
    EXPECT_EQ(got.secrets, (std::vector<std::string>{got.request.fields[0].value, "x=1; y"}));
}

TEST(Target, EveryMistakeIsNamedAtOnce) {
    std::vector<diagnostic> mistakes;
    make_target({.url = "ftp://host/#f", .connect_to = "nowhere", .host = "a\nb", .headers = {"no colon", "Bad Name: x", "X: a\r\nY: b"}}, mistakes);
    std::vector<std::string> options;
    for (auto const& each : mistakes) options.push_back(each.file);
    EXPECT_EQ(options, (std::vector<std::string>{"URL", "URL", "--connect-to", "--host", "--header", "--header", "--header"}));
}

TEST(Target, AUrlThatIsNone) {
    for (auto const* url : {"", "localhost:9001", "ws//x", "ws://", "ws://:80/", "ws://h:99999/", "ws://h:x/", "ws://h:0/"}) {
        std::vector<diagnostic> mistakes;
        make_target({.url = url}, mistakes);
        EXPECT_FALSE(mistakes.empty()) << url;
    }
}

TEST(Target, AFreePortIsFree) { EXPECT_NE(free_port(), 0); }

}  // namespace
}  // namespace wsproof
