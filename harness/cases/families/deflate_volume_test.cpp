#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "cases/dump.hpp"
#include "cases/families/deflate_data.hpp"
#include "cases/families/deflate_tools.hpp"
#include "cases/families/families.hpp"
#include "wire/deflate.hpp"
#include "wire/utf8.hpp"

namespace wsproof::deflate_cases {
namespace {

constexpr sample kinds[] = {sample::json, sample::bitmap, sample::prose, sample::html,
                            sample::packed};

std::uint64_t octets_of(test_case const& value) {
    std::uint64_t total = 0;
    for (auto const& each : value.steps)
        if (auto const* const frame = std::get_if<send_frame>(&each)) total += frame->data.size();
    return total;
}

TEST(DeflateSlice, IsThatPartOfTheOctets) {
    auto data = payload::of("head: ");
    append_parts(data, payload::repeat("abcdefg", 100));
    append_parts(data, payload::of("tail"));
    auto const all = data.expand();
    for (std::uint64_t begin = 0; begin <= all.size(); begin += 5)
        for (std::uint64_t const length : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{7},
                                           std::uint64_t{50}, all.size() - begin}) {
            auto const size = std::min<std::uint64_t>(length, all.size() - begin);
            auto const piece = slice(data, begin, length);
            EXPECT_EQ(piece.size(), size);
            auto const from = all.begin() + static_cast<std::ptrdiff_t>(begin);
            EXPECT_EQ(piece.expand(), octets(from, from + static_cast<std::ptrdiff_t>(size)));
        }
}

TEST(DeflateData, HasTheSizeAskedForAndDiffersByNumber) {
    for (auto const kind : kinds)
        for (std::uint64_t const size : {1U, 16U, 64U, 255U, 1024U, 8192U, 131072U}) {
            auto const first = sample_message(kind, size, 0);
            EXPECT_EQ(first.size(), size) << name_of(kind);
            EXPECT_EQ(first.expand().size(), size) << name_of(kind);
            EXPECT_EQ(first, sample_message(kind, size, 0));
            if (size > 16) {
                EXPECT_NE(first.expand(), sample_message(kind, size, 1).expand());
            }
            if (opcode_of(kind) == opcode::text) {
                EXPECT_TRUE(is_utf8(first.expand()));
            }
        }
}

TEST(DeflateData, ShrinksButWhereItIsPackedAlready) {
    for (auto const kind : kinds) {
        auto const data = sample_message(kind, 64, 0).expand();
        auto const long_data = sample_message(kind, 8192, 0).expand();
        EXPECT_LT(deflater(9, false).compress(long_data).size(), 4000U) << name_of(kind);
        if (kind == sample::packed) {
            EXPECT_GE(deflater(15, false).compress(data).size(), 64U);
        }
    }
}

TEST(DeflateData, InAFixedBlockInflatesToItselfInTheSmallestWindow) {
    for (auto const kind : kinds)
        for (std::uint64_t const size : {1U, 300U, 1000U, 8192U, 8193U, 8194U, 131072U}) {
            auto const data = sample_message(kind, size, 2);
            auto const packed = in_fixed_block(data);
            EXPECT_LT(packed.size(), 3000U) << name_of(kind);
            auto const got = inflater(8, false).inflate(packed.expand(), size);
            EXPECT_EQ(got.outcome, inflate_outcome::ok) << name_of(kind) << " " << size;
            EXPECT_TRUE(got.data == data.expand()) << name_of(kind) << " " << size;
        }
    for (std::uint64_t size = 1; size < 1100; ++size) {
        auto const got = inflater(8, false).inflate(
            in_fixed_block(payload::repeat("0123456789abcdefg", size)).expand(), size);
        EXPECT_TRUE(got.data == payload::repeat("0123456789abcdefg", size).expand()) << size;
    }
}

TEST(DeflateData, InStoredBlocksInflatesToItself) {
    for (std::uint64_t const size : {1U, 65535U, 65536U, 131072U, 200000U}) {
        auto const data = sample_message(sample::packed, size, 3);
        auto const stored = in_stored_blocks(data);
        EXPECT_EQ(stored.size(), size + 5 * ((size + 65534) / 65535) + 1);
        auto const got = inflater(8, false).inflate(stored.expand(), size);
        EXPECT_EQ(got.outcome, inflate_outcome::ok);
        EXPECT_TRUE(got.data == data.expand());
    }
}

TEST(DeflateVolume, StandsForAutobahnsChapters12And13) {
    std::set<std::string> wanted, there;
    for (int chapter : {12, 13})
        for (int section = 1; section <= (chapter == 12 ? 5 : 7); ++section)
            for (int number = 1; number <= 18; ++number)
                wanted.insert(std::to_string(chapter) + "." + std::to_string(section) + "." +
                              std::to_string(number));
    for (auto const& each : deflate_volume_cases({}, 4))
        for (auto const& number : each.autobahn) EXPECT_TRUE(there.insert(number).second) << number;
    EXPECT_EQ(wanted.size(), 216U);
    EXPECT_EQ(there, wanted);
}

TEST(DeflateVolume, GrowsWithTheNumberOfMessagesWithinBounds) {
    auto const few = deflate_volume_cases({}, 1);
    auto const usual = deflate_volume_cases({}, 4);
    auto const many = deflate_volume_cases({}, 40);
    ASSERT_EQ(few.size(), 198U);
    for (std::size_t i = 0; i < few.size(); ++i) {
        EXPECT_EQ(few[i].id, many[i].id);
        EXPECT_EQ(few[i].outcomes.at(0).see.size(), 1U) << few[i].id;
        EXPECT_GE(usual[i].outcomes.at(0).see.size(), 1U) << few[i].id;
        EXPECT_LE(usual[i].outcomes.at(0).see.size(), many[i].outcomes.at(0).see.size());
        EXPECT_LE(octets_of(many[i]), std::uint64_t{16} << 20U) << few[i].id;
        EXPECT_TRUE(usual[i].has_tag("volume"));
    }
}

TEST(DeflateVolume, CutsFramesAsTheIdSays) {
    for (auto const& each : deflate_volume_cases({}, 1)) {
        auto const mark = each.id.find("-in-frames-of-");
        if (mark == std::string::npos) continue;
        auto const size = std::stoul(each.id.substr(mark + 14));
        std::size_t frames = 0;
        for (auto const& step : each.steps) {
            auto const* const frame = std::get_if<send_frame>(&step);
            if (frame == nullptr) continue;
            EXPECT_EQ(frame->rsv, frames == 0 ? rsv1 : 0) << each.id;
            EXPECT_EQ(frame->op == opcode::continuation, frames != 0) << each.id;
            EXPECT_LE(frame->data.size(), size) << each.id;
            EXPECT_TRUE(frame->fin || frame->data.size() == size) << each.id;
            ++frames;
        }
        EXPECT_GT(frames, 1U) << each.id;
    }
}

TEST(DeflateVolume, StaysSmallInTheListOfCases) {
    std::size_t total = 0;
    for (auto const& each : deflate_volume_cases({}, 4)) total += dump(each).size();
    EXPECT_LT(total, std::size_t{3} << 19U);  // 1.5 MiB
    RecordProperty("octets", static_cast<int>(total));
}

}  // namespace
}  // namespace wsproof::deflate_cases
