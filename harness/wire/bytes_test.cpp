#include "wire/bytes.hpp"

#include <gtest/gtest.h>

#include "testing/random.hpp"

namespace wsproof {
namespace {

TEST(Bytes, TextAndOctetsAreTheSame) {
    std::string const text("a\0\xFFz", 4);
    EXPECT_EQ(to_octets(text), (octets{'a', 0, 0xFF, 'z'}));
    EXPECT_EQ(as_text(view_of(text)), text);
    EXPECT_EQ(view_of(text).size(), 4U);
    EXPECT_TRUE(to_octets({}).empty());
    EXPECT_TRUE(as_text({}).empty());
}

TEST(Bytes, AppendsBehindWhatIsThere) {
    octets to{1};
    append(to, octets{2, 3});
    append(to, "A");
    append(to, octets_view{});
    append(to, std::string_view{});
    EXPECT_EQ(to, (octets{1, 2, 3, 'A'}));
}

TEST(Bytes, HexHasTwoLowerCaseDigitsForEachOctet) {
    EXPECT_EQ(to_hex({}), "");
    EXPECT_EQ(to_hex(octets{0x00, 0x0F, 0xA0, 0xFF}), "000fa0ff");
}

TEST(Bytes, ParseHexTakesEitherCaseAndSingleSpaces) {
    octets const expected{0x0F, 0xA0, 0xFF};
    EXPECT_EQ(parse_hex("0fa0ff"), expected);
    EXPECT_EQ(parse_hex("0FA0fF"), expected);
    EXPECT_EQ(parse_hex("0f a0 ff"), expected);
    EXPECT_EQ(parse_hex("0fa0 ff"), expected);
    EXPECT_EQ(parse_hex(""), octets{});
}

TEST(Bytes, ParseHexRefusesEverythingElse) {
    for (auto const* const text :
         {"0", "0f0", "0 f", "0f  a0", " 0f", "0f ", "0g", "g0", "0f-a0", "0x0f", " ", "\xFF\xFF",
          "0f\ta0", "//", "::", "@@", "GG", "``"}) {
        EXPECT_EQ(parse_hex(text), std::nullopt) << '"' << text << '"';
    }
    EXPECT_EQ(parse_hex(std::string_view("0\0", 2)), std::nullopt);
}

TEST(Bytes, ParseHexReadsWhatToHexWrites) {
    testing::random_source random;
    for (std::size_t size = 0; size < 300; ++size) {
        auto const data = random.any(size);
        ASSERT_EQ(parse_hex(to_hex(data)), data);
    }
}

}  // namespace
}  // namespace wsproof
