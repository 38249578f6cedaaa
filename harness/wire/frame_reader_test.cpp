#include "wire/frame_reader.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "testing/pieces.hpp"
#include "testing/random.hpp"
#include "testing/vectors.hpp"

namespace wsproof {
namespace {

using testing::cut_every;
using testing::in_every_cut;
using testing::load_vectors;
using testing::octets_of;
using testing::octets_of_hex;
using testing::pieces;

constexpr std::uint64_t no_bound = std::numeric_limits<std::uint64_t>::max();

bool same(frame const& a, frame const& b) { return a.header == b.header && a.payload == b.payload; }

void take_all(frame_reader& reader, std::vector<frame>& out) {
    while (auto next = reader.next()) out.push_back(*std::move(next));
}

std::vector<frame> read_all(pieces const& parts, std::uint64_t max_payload = no_bound) {
    frame_reader reader(max_payload);
    std::vector<frame> out;
    for (auto const part : parts) {
        reader.feed(part);
        take_all(reader, out);
    }
    return out;
}

frame expected_frame(nlohmann::json const& wanted) {
    frame out;
    out.payload = octets_of(wanted.at("payload"));
    out.header.fin = wanted.at("fin");
    out.header.op = static_cast<opcode>(wanted.at("opcode").get<std::uint8_t>());
    out.header.rsv = wanted.value("rsv", std::uint8_t{0});
    out.header.length = out.payload.size();
    out.header.form = shortest_form(out.payload.size());
    if (wanted.value("form", 0) == 16) out.header.form = length_form::sixteen_bits;
    if (wanted.value("form", 0) == 64) out.header.form = length_form::sixty_four_bits;
    if (wanted.contains("mask")) {
        auto const key = octets_of_hex(wanted.at("mask"));
        out.header.mask = masking_key{key.at(0), key.at(1), key.at(2), key.at(3)};
    }
    return out;
}

void expect_frames(pieces const& parts, nlohmann::json const& wanted) {
    auto const found = read_all(parts);
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_TRUE(same(found[i], expected_frame(wanted[i]))) << "frame " << i;
    }
}

TEST(FrameReader, CutsTheVectorsHoweverTheyCome) {
    for (auto const& vector : load_vectors("frame", "streams")) {
        SCOPED_TRACE(vector.at("name").get<std::string>());
        auto const data = octets_of(vector.at("octets"));
        auto const& wanted = vector.at("frames");
        if (data.size() <= 512) {
            in_every_cut(data, [&](pieces const& parts) { expect_frames(parts, wanted); });
        } else {
            for (std::size_t const size : {std::size_t{1}, std::size_t{1000}, data.size()}) {
                expect_frames(cut_every(data, size), wanted);
            }
        }
    }
}

TEST(FrameReader, HoldsBackNothingOfAWholeFrame) {
    frame_reader reader(no_bound);
    std::uint64_t offset = 0;
    for (std::size_t const size : {0U, 1U, 125U, 126U, 4096U, 65535U, 65536U, 0U}) {
        for (bool const masked : {false, true}) {
            auto const key = masked ? std::optional(masking_key{9, 8, 7, 6}) : std::nullopt;
            octets const payload(size, 0x55);
            auto const data = make_frame(opcode::binary, payload, key);
            EXPECT_EQ(reader.offset(), offset);
            reader.feed(data);
            auto const found = reader.next();
            ASSERT_TRUE(found);
            EXPECT_EQ(found->payload, payload);
            EXPECT_EQ(found->header.mask, key);
            EXPECT_EQ(reader.pending(), 0U);
            EXPECT_FALSE(reader.next());
            offset += data.size();
        }
    }
    EXPECT_EQ(reader.offset(), offset);
}

TEST(FrameReader, GivesAFrameWithItsLastOctetAndNotBefore) {
    auto const data = make_frame(opcode::text, octets(200, 'x'), masking_key{1, 2, 3, 4});
    frame_reader reader(no_bound);
    for (std::size_t i = 0; i + 1 < data.size(); ++i) {
        reader.feed(octets_view(data).subspan(i, 1));
        ASSERT_FALSE(reader.next());
        ASSERT_EQ(reader.pending(), i + 1);
    }
    reader.feed(octets_view(data).last(1));
    EXPECT_TRUE(reader.next());
}

TEST(FrameReader, ShowsTheHeaderOfTheFrameThatIsComing) {
    auto const data = make_frame(opcode::binary, octets(300, 'x'), masking_key{1, 2, 3, 4});
    frame_reader reader(no_bound);
    EXPECT_FALSE(reader.partial());
    reader.feed(octets_view(data).first(7));
    EXPECT_FALSE(reader.partial());
    reader.feed(octets_view(data).subspan(7, 1));
    ASSERT_TRUE(reader.partial());
    EXPECT_EQ(reader.partial()->length, 300U);
    EXPECT_EQ(reader.partial()->mask, (masking_key{1, 2, 3, 4}));
    reader.feed(octets_view(data).subspan(8));
    EXPECT_TRUE(reader.next());
    EXPECT_FALSE(reader.partial());
}

TEST(FrameReader, CountsWhatFollowsAWholeFrameAsPending) {
    auto data = make_frame(opcode::ping, view_of("a"), std::nullopt);
    append(data, octets{0x81});
    frame_reader reader(no_bound);
    reader.feed(data);
    EXPECT_TRUE(reader.next());
    EXPECT_EQ(reader.pending(), 1U);
    EXPECT_EQ(reader.offset(), 3U);
    EXPECT_FALSE(reader.next());
}

TEST(FrameReader, TakesAFrameOfExactlyTheBound) {
    auto const data = make_frame(opcode::binary, octets(1000, 1), std::nullopt);
    in_every_cut(data, [&](pieces const& parts) { ASSERT_EQ(read_all(parts, 1000).size(), 1U); });
    EXPECT_EQ(read_all({data}, 999).size(), 0U);
}

TEST(FrameReader, StopsAtAFrameAboveTheBound) {
    auto const before = make_frame(opcode::text, view_of("ok"), std::nullopt);
    auto const large = make_frame(opcode::binary, octets(101, 1), masking_key{1, 1, 1, 1});
    auto data = before;
    append(data, large);
    append(data, before);
    in_every_cut(data, [&](pieces const& parts) {
        frame_reader reader(100);
        std::vector<frame> found;
        for (auto const part : parts) {
            reader.feed(part);
            take_all(reader, found);
        }
        ASSERT_EQ(found.size(), 1U);
        ASSERT_TRUE(reader.overflow());
        ASSERT_EQ(reader.overflow()->length, 101U);
        ASSERT_EQ(reader.overflow()->op, opcode::binary);
        ASSERT_EQ(reader.overflow()->mask, (masking_key{1, 1, 1, 1}));
        ASSERT_EQ(reader.offset(), before.size());
    });
}

TEST(FrameReader, NamesTheLargeFrameAsSoonAsItsHeaderIsThere) {
    auto const data = octets_of_hex("827f8000000000000000");
    frame_reader reader(1U << 20U);
    reader.feed(octets_view(data).first(9));
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.overflow());
    reader.feed(octets_view(data).last(1));
    EXPECT_FALSE(reader.overflow());  // found by next()
    EXPECT_FALSE(reader.next());
    ASSERT_TRUE(reader.overflow());
    EXPECT_EQ(reader.overflow()->length, 0x8000000000000000U);
}

TEST(FrameReader, TakesNothingAfterTheOverflow) {
    frame_reader reader(10);
    reader.feed(octets{0x82, 0x0B});
    EXPECT_FALSE(reader.next());
    ASSERT_TRUE(reader.overflow());
    auto const pending = reader.pending();
    for (int i = 0; i < 100; ++i) {
        reader.feed(octets(100, 0x00));
        ASSERT_FALSE(reader.next());
    }
    EXPECT_EQ(reader.pending(), pending);
    EXPECT_EQ(reader.overflow()->length, 11U);
}

TEST(FrameReader, CollectsOnlyWhatComesNotWhatIsDeclared) {
    for (auto const* const hex :
         {"827f4000000000000000", "827fffffffffffffffff", "82fffffffffffffffff201020304"}) {
        frame_reader reader(no_bound);
        reader.feed(octets_of_hex(hex));
        reader.feed(octets(50, 1));
        EXPECT_FALSE(reader.next());
        EXPECT_FALSE(reader.overflow());
        EXPECT_LT(reader.pending(), 100U);
    }
}

TEST(FrameReader, ReadsALargeFrameOctetByOctetInLinearTime) {
    // in quadratic time this would take hours
    octets const payload(std::size_t{2} << 20U, 0x5A);
    auto const data = make_frame(opcode::binary, payload, masking_key{1, 2, 3, 4});
    auto const found = read_all(cut_every(data, 1));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].payload, payload);
}

TEST(FrameReader, ReadsManySmallFramesFromOneFeedInLinearTime) {
    octets data;
    constexpr std::size_t count = 1'500'000;
    for (std::size_t i = 0; i < count; ++i) append(data, octets{0x82, 0x01, 0x00});
    EXPECT_EQ(read_all({data}).size(), count);
    // a next() for each octet fed, with many whole frames waiting
    frame_reader reader(no_bound);
    reader.feed(data);
    std::size_t found = 0;
    for (std::size_t i = 0; i < count; ++i) {
        reader.feed(octets_view(data).first(1));
        if (reader.next()) ++found;
    }
    EXPECT_EQ(found, count);
}

TEST(FrameReader, AccountsForALargeFrameWhileItComes) {
    // payloads of this size take another way through the reader than small ones
    auto const large = make_frame(opcode::binary, octets(100'000, 7), masking_key{1, 2, 3, 4});
    auto data = large;
    append(data, octets{0x89, 0x00, 0x81});
    frame_reader reader(no_bound);
    std::size_t fed = 0;
    for (auto const part : cut_every(data, 999)) {
        ASSERT_EQ(reader.pending(), fed);
        reader.feed(part);
        fed += part.size();
        if (fed >= large.size()) break;
        ASSERT_FALSE(reader.next());
        ASSERT_EQ(reader.pending(), fed);
        ASSERT_TRUE(reader.partial());
        ASSERT_EQ(reader.partial()->length, 100'000U);
        ASSERT_EQ(reader.offset(), 0U);
    }
    auto const found = reader.next();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->payload, octets(100'000, 7));
    EXPECT_EQ(reader.offset(), large.size());
    ASSERT_TRUE(reader.next());
    EXPECT_EQ(reader.pending(), 1U);
    EXPECT_EQ(reader.offset(), large.size() + 2);
}

struct made_stream {
    octets data;
    std::vector<frame> frames;
};

made_stream make_stream(testing::random_source& random, std::size_t largest) {
    made_stream out;
    for (auto left = random.between(1, 12); left > 0; --left) {
        auto const most = random.coin() ? 10 : largest;
        frame next;
        next.payload = random.any(random.between(0, most));
        next.header.fin = random.coin();
        next.header.rsv = static_cast<std::uint8_t>(random.between(0, 7));
        next.header.op = static_cast<opcode>(random.between(0, 15));
        next.header.length = next.payload.size();
        next.header.form =
            random.coin() ? shortest_form(next.header.length) : length_form::sixty_four_bits;
        if (random.coin()) {
            next.header.mask = masking_key{random.octet(), random.octet(), random.octet(), 0};
        }
        write_frame(next.header, next.payload, out.data);
        out.frames.push_back(std::move(next));
    }
    return out;
}

pieces cut_at_random(octets_view data, testing::random_source& random, std::size_t largest) {
    pieces out;
    while (!data.empty()) {
        out.push_back(data.first(random.between(0, std::min(data.size(), largest))));
        data = data.subspan(out.back().size());
    }
    return out;
}

TEST(FrameReader, ComesToTheSameFramesAtRandomCuts) {
    testing::random_source random;
    for (int round = 0; round < 2000; ++round) {
        // one in ten with frames and pieces of tens of thousands of octets
        std::size_t const scale = round % 10 == 0 ? 100 : 1;
        auto const stream = make_stream(random, 400 * scale);
        auto const found = read_all(cut_at_random(stream.data, random, 200 * scale));
        ASSERT_EQ(found.size(), stream.frames.size());
        for (std::size_t i = 0; i < found.size(); ++i)
            ASSERT_TRUE(same(found[i], stream.frames[i]));
    }
}

TEST(FrameReader, GivesEachFrameAtOnceAndAccountsForEveryOctet) {
    testing::random_source random;
    for (int round = 0; round < 2000; ++round) {
        auto const data = random.any(random.between(0, 300));
        frame_reader reader(500);
        std::vector<frame> found;
        std::size_t fed = 0;
        for (auto const part : cut_at_random(data, random, 100)) {
            reader.feed(part);
            fed += part.size();
            take_all(reader, found);
            if (reader.overflow()) break;
            ASSERT_EQ(reader.offset() + reader.pending(), fed);
            auto const partial = reader.partial();
            if (partial) {
                ASSERT_LT(reader.pending(), partial->length + max_header_size);
            }
        }
        octets again;
        for (auto const& each : found) write_frame(each.header, each.payload, again);
        ASSERT_TRUE(std::equal(again.begin(), again.end(), data.begin()));
        ASSERT_EQ(again.size(), reader.offset());
    }
}

}  // namespace
}  // namespace wsproof
