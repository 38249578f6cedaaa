#include "wire/mask.hpp"

#include <gtest/gtest.h>

#include "testing/random.hpp"
#include "wire/bytes.hpp"

namespace wsproof {
namespace {

constexpr masking_key key{0x37, 0xFA, 0x21, 0x3D};

void mask_naively(std::span<std::uint8_t> data, masking_key const& with, std::uint64_t offset) {
    for (std::size_t i = 0; i < data.size(); ++i) {
        data[i] = static_cast<std::uint8_t>(data[i] ^ with[(offset + i) % 4]);
    }
}

TEST(Mask, GivesTheExampleOfTheRfc) {
    auto data = to_octets("Hello");
    apply_mask(data, key);
    EXPECT_EQ(to_hex(data), "7f9f4d5158");  // RFC 6455 5.7
    apply_mask(data, key);
    EXPECT_EQ(as_text(data), "Hello");
}

TEST(Mask, IsThatOfANaiveLoopAtEveryAlignmentOffsetAndSize) {
    testing::random_source random;
    auto const plain = random.any(160);
    for (std::size_t start = 0; start < 32; ++start) {
        for (std::uint64_t offset = 0; offset < 8; ++offset) {
            for (std::size_t size = 0; size <= 70; ++size) {
                auto ours = plain;
                auto naive = plain;
                apply_mask(std::span(ours).subspan(start, size), key, offset);
                mask_naively(std::span(naive).subspan(start, size), key, offset);
                // compared as a whole: nothing before or behind may change
                ASSERT_EQ(ours, naive) << start << ' ' << offset << ' ' << size;
            }
        }
    }
}

TEST(Mask, WorksOnLongDataWithRandomKeys) {
    testing::random_source random;
    for (int round = 0; round < 200; ++round) {
        auto ours = random.any(random.between(0, 5000));
        auto naive = ours;
        masking_key const drawn{random.octet(), random.octet(), random.octet(), random.octet()};
        auto const offset = random.between(0, 1000);
        apply_mask(ours, drawn, offset);
        mask_naively(naive, drawn, offset);
        ASSERT_EQ(ours, naive);
    }
}

TEST(Mask, TakesOffsetsBeyond32Bits) {
    for (std::uint64_t const base :
         {std::uint64_t{1} << 32U, (std::uint64_t{1} << 63U) + 1, ~std::uint64_t{0} - 2}) {
        octets ours(64, 0);
        octets naive(64, 0);
        apply_mask(ours, key, base);
        for (std::size_t i = 0; i < 64; ++i) naive[i] = key[(base % 4 + i) % 4];
        EXPECT_EQ(ours, naive) << base;
    }
}

TEST(Mask, OfPiecesIsTheMaskOfTheWhole) {
    testing::random_source random;
    auto const plain = random.any(100);
    auto whole = plain;
    apply_mask(whole, key);
    for (std::size_t cut = 0; cut <= plain.size(); ++cut) {
        auto parts = plain;
        apply_mask(std::span(parts).first(cut), key);
        apply_mask(std::span(parts).subspan(cut), key, cut);
        ASSERT_EQ(parts, whole) << cut;
    }
    auto singly = plain;
    for (std::size_t i = 0; i < singly.size(); ++i) {
        apply_mask(std::span(singly).subspan(i, 1), key, i);
    }
    EXPECT_EQ(singly, whole);
}

TEST(Mask, OfZerosChangesNothing) {
    auto data = to_octets("a payload of more than sixteen octets");
    auto const before = data;
    apply_mask(data, masking_key{0, 0, 0, 0}, 3);
    EXPECT_EQ(data, before);
    apply_mask({}, key, 7);
}

}  // namespace
}  // namespace wsproof
