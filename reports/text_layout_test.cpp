#include "reports/text_layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace wsproof {
namespace {

TEST(Wrap, BreaksAtSpacesWhereALineWouldBeTooLong) {
    EXPECT_EQ(wrap("one two three", 9, 2, 2), "one two\n  three");
    EXPECT_EQ(wrap("one two three", 0, 2, 2), "one two three");
    EXPECT_EQ(wrap("unbreakable and", 5, 1, 1), "unbreakable\n and");
    EXPECT_EQ(wrap("", 5, 1, 1), "");
    EXPECT_EQ(wrap("gr\xC3\xBCn gr\xC3\xBCn", 9, 0, 0), "gr\xC3\xBCn gr\xC3\xBCn");
}

TEST(HexDump, ShowsOffsetOctetsAndAscii) {
    EXPECT_EQ(hex_dump(to_octets("Hello, hostile\x1b\x7F!"), 0x20, 2),
              "  00000020  48 65 6c 6c 6f 2c 20 68  6f 73 74 69 6c 65 1b 7f  |Hello, hostile..|\n"
              "  00000030  21                                                |!|\n");
    EXPECT_EQ(hex_dump({}, 0, 0), "");
}

TEST(HexDump, ShowsEqualRowsOnce) {
    auto const text = hex_dump(octets(70, 'a'), 0, 0);
    EXPECT_EQ(std::ranges::count(text, '\n'), 3);
    EXPECT_NE(text.find("\n*\n00000040"), std::string::npos) << text;
}

TEST(HexDump, ShowsLongMonotonousDataShortly) {
    auto const text = hex_dump(octets(std::size_t{1} << 20U, 'a'), 0, 0);
    EXPECT_EQ(std::ranges::count(text, '\n'), 3);
    EXPECT_EQ(text.find("not shown"), std::string::npos);
}

TEST(HexDump, LeavesOutTheMiddleOfVeryLongData) {
    octets data(std::size_t{1} << 20U);
    for (std::size_t i = 0; i < data.size(); ++i)
        data[i] = static_cast<std::uint8_t>(i * 2654435761U >> 20U);
    auto const text = hex_dump(data, 0, 0);
    EXPECT_LT(text.size(), 24U * 1024U);
    EXPECT_NE(text.find("… 1044416 octets are not shown\n000fffc0"), std::string::npos);
}

}  // namespace
}  // namespace wsproof
