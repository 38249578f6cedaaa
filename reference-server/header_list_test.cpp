#include "reference-server/header_list.hpp"

#include <gtest/gtest.h>

namespace wsproof::reference {
namespace {

using elements = std::vector<std::string_view>;

TEST(HeaderList, KnowsATokenFromAnythingElse) {
    EXPECT_TRUE(is_token("permessage-deflate"));
    EXPECT_TRUE(is_token("!#$%&'*+-.^_`|~09azAZ"));
    for (std::string_view const bad :
         {"", " ", "a b", "a/b", "a;b", "a\"", "a@", "\xc3\xa4", "\x7f"})
        EXPECT_FALSE(is_token(bad)) << bad;
    EXPECT_FALSE(is_token(std::string_view{"a\0b", 3}));
}

TEST(HeaderList, FoldsTheLettersOfAsciiAndNoOthers) {
    EXPECT_TRUE(equal_ignoring_case("WebSocket", "websocket"));
    EXPECT_FALSE(equal_ignoring_case("websocket", "websockets"));
    EXPECT_FALSE(
        equal_ignoring_case("websoc\xe2\x84\xaa"
                            "et",
                            "websocket"));
    EXPECT_FALSE(equal_ignoring_case("[", "{"));
}

TEST(HeaderList, TrimsSpacesAndTabs) {
    EXPECT_EQ(trim(" \ta b\t "), "a b");
    EXPECT_EQ(trim(" \t "), "");
    EXPECT_EQ(trim(""), "");
}

TEST(HeaderList, SplitsOutsideQuotedStrings) {
    EXPECT_EQ(split_list("a; b=\"c;d\" ;e", ';'), (elements{"a", "b=\"c;d\"", "e"}));
    EXPECT_EQ(split_list("a=\"x\\\",y\", b", ','), (elements{"a=\"x\\\",y\"", "b"}));
    EXPECT_EQ(split_list("", ','), (elements{""}));
    EXPECT_EQ(split_list("a,,b", ','), (elements{"a", "", "b"}));
    EXPECT_EQ(split_list("a, \"b", ','), std::nullopt);
    EXPECT_EQ(split_list("a, \"b\\\"", ','), std::nullopt);
}

TEST(HeaderList, ToleratesEmptyElements) {
    EXPECT_EQ(split_elements(", a,,b ,"), (elements{"a", "b"}));
    EXPECT_EQ(split_elements(" , ,"), elements{});
}

TEST(HeaderList, TakesTheQuotesAway) {
    EXPECT_EQ(unquote("\"10\""), "10");
    EXPECT_EQ(unquote("\"a\\\"b\""), "a\"b");
    EXPECT_EQ(unquote("\"\""), "");
    for (std::string_view const bad : {"", "\"", "10", "\"10", "10\"", "\"a\"b\"", "\"a\\\""})
        EXPECT_EQ(unquote(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace wsproof::reference
