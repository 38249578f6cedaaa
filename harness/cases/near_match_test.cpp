#include "cases/near_match.hpp"

#include <gtest/gtest.h>

namespace wsproof {
namespace {

TEST(NearMatch, FindsTheNearestWord) {
    EXPECT_EQ(nearest("clsoe", {"close", "closed", "text"}), "close");
    EXPECT_EQ(nearest("closd", {"text", "closed", "close"}), "closed");
    EXPECT_EQ(nearest("echoed", {"echoed"}), "echoed");
}

TEST(NearMatch, StaysSilentWhenNothingIsNear) {
    EXPECT_EQ(nearest("banana", {"close", "text"}), "");
    EXPECT_EQ(nearest("", {"a", "b"}), "");
    EXPECT_EQ(nearest("ab", {"xy"}), "");  // replacing every letter is no misspelling
    EXPECT_EQ(nearest("close", {}), "");
    EXPECT_EQ(nearest(std::string(100000, 'a'), {"a"}), "");
}

TEST(NearMatch, AsksPolitely) {
    EXPECT_EQ(did_you_mean("pingg", {"ping", "pong"}), " (did you mean ping?)");
    EXPECT_EQ(did_you_mean("banana", {"ping"}), "");
}

}  // namespace
}  // namespace wsproof
