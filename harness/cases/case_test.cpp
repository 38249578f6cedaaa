#include "cases/case.hpp"

#include <gtest/gtest.h>

namespace wsproof {
namespace {

TEST(Payload, ExpandsPartsInOrder) {
    payload value = payload::of("ab");
    for (auto const& part : payload::repeat("xyz", 7).parts) value.parts.push_back(part);
    EXPECT_EQ(value.size(), 9U);
    EXPECT_EQ(as_text(value.expand()), "abxyzxyzx");
}

TEST(Payload, EqualOctetsInOnePieceAreEqual) {
    EXPECT_EQ(payload::repeat("abc", 3), payload::of("abc"));
    EXPECT_EQ(payload::repeat("abc", 2), payload::of("ab"));
    EXPECT_EQ(payload::repeat("abc", 0), payload::of(""));
    EXPECT_EQ(payload::repeat("", 5), payload());
    EXPECT_NE(payload::repeat("a", 2), payload::repeat("a", 3));
}

TEST(Payload, OfNothingHasNoParts) {
    EXPECT_TRUE(payload::of("").parts.empty());
    EXPECT_EQ(payload().size(), 0U);
    EXPECT_TRUE(payload().expand().empty());
}

TEST(Payload, SizeNeedsNoMemory) {
    EXPECT_EQ(payload::repeat("*", std::uint64_t{1} << 40U).size(), std::uint64_t{1} << 40U);
}

TEST(Payload, ForgivesAPartWithoutPattern) {
    payload value;
    value.parts.push_back({{}, 3});
    EXPECT_TRUE(value.expand().empty());
}

TEST(CaseNames, ComeBack) {
    for (auto const each : {grade::pass, grade::info, grade::non_strict, grade::unsupported,
                            grade::fail, grade::error})
        EXPECT_EQ(parse_grade(name_of(each)), each);
    EXPECT_EQ(name_of(grade::non_strict), "non_strict");
    EXPECT_FALSE(parse_grade("Pass"));
    EXPECT_FALSE(parse_grade(""));
    EXPECT_EQ(name_of(role::client), "client");
    EXPECT_EQ(name_of(role::server), "server");
    EXPECT_EQ(name_of(level::must), "must");
    EXPECT_EQ(name_of(level::should), "should");
    EXPECT_EQ(name_of(level::may), "may");
}

TEST(TestCase, KnowsItsTagsAndNeeds) {
    test_case value;
    value.tags = {"hostile", "alone"};
    value.needs = {"echo"};
    EXPECT_TRUE(value.has_tag("alone"));
    EXPECT_FALSE(value.has_tag("alon"));
    EXPECT_TRUE(value.has_need("echo"));
    EXPECT_FALSE(value.has_need("deflate"));
}

TEST(Segmentation, IsNamedAsItIsRead) {
    for (auto const* name : {"whole", "frames", "octets", "random", "cuts", "997", "cut:12"}) {
        auto const read = parse_segmentation(name);
        ASSERT_TRUE(read) << name;
        EXPECT_EQ(name_of(*read), name);
    }
    for (auto const* name : {"", "0", "cut:", "cut:0", "cut:x", "12x", "-1", "words"})
        EXPECT_FALSE(parse_segmentation(name)) << name;
}

}  // namespace
}  // namespace wsproof
