#include "wire/utf8.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "testing/pieces.hpp"
#include "testing/random.hpp"
#include "testing/vectors.hpp"

namespace wsproof {
namespace {

using testing::in_every_cut;
using testing::load_vectors;
using testing::octets_of_hex;
using testing::pieces;

struct judgement {
    std::optional<std::uint64_t> first_bad;
    bool complete = false;

    friend bool operator==(judgement const&, judgement const&) = default;
};

struct range {
    std::uint8_t low, high;
};

/// A line of the grammar of RFC 3629 section 4: what may stand at each place of a sequence.
struct form {
    std::size_t size;
    std::array<range, 4> places;
};

constexpr range tail{0x80, 0xBF};
constexpr std::array<form, 9> forms{{{1, {{{0x00, 0x7F}, {}, {}, {}}}},
                                     {2, {{{0xC2, 0xDF}, tail, {}, {}}}},
                                     {3, {{{0xE0, 0xE0}, {0xA0, 0xBF}, tail, {}}}},
                                     {3, {{{0xE1, 0xEC}, tail, tail, {}}}},
                                     {3, {{{0xED, 0xED}, {0x80, 0x9F}, tail, {}}}},
                                     {3, {{{0xEE, 0xEF}, tail, tail, {}}}},
                                     {4, {{{0xF0, 0xF0}, {0x90, 0xBF}, tail, tail}}},
                                     {4, {{{0xF1, 0xF3}, tail, tail, tail}}},
                                     {4, {{{0xF4, 0xF4}, {0x80, 0x8F}, tail, tail}}}}};

form const* form_with_lead(std::uint8_t lead) {
    for (auto const& each : forms) {
        if (lead >= each.places[0].low && lead <= each.places[0].high) return &each;
    }
    return nullptr;
}

/// The grammar, octet by octet, with nothing clever.
judgement judge_plainly(octets_view data) {
    form const* open = nullptr;
    std::size_t place = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        if (place == 0) open = form_with_lead(data[i]);
        if (open == nullptr) return {i, false};
        auto const allowed = open->places.at(place);
        if (data[i] < allowed.low || data[i] > allowed.high) return {i, false};
        place = place + 1 == open->size ? 0 : place + 1;
    }
    return {std::nullopt, place == 0};
}

judgement judge(pieces const& parts) {
    utf8_validator validator;
    for (auto const part : parts) {
        auto const ok = validator.feed(part);
        if (ok != validator.valid_so_far()) ADD_FAILURE() << "feed and valid_so_far differ";
    }
    return {validator.first_bad(), validator.complete()};
}

TEST(Utf8, TheGrammarOfTheTestAgreesWithTheVectors) {
    for (auto const& vector : load_vectors("utf8", "vectors")) {
        SCOPED_TRACE(vector.dump());
        auto const found = judge_plainly(octets_of_hex(vector.at("hex")));
        EXPECT_EQ(found.complete, vector.at("result") == "valid");
        EXPECT_EQ(found.first_bad.has_value(), vector.at("result") == "invalid");
        if (found.first_bad) {
            EXPECT_EQ(*found.first_bad, vector.at("first_bad").get<std::uint64_t>());
        }
    }
}

TEST(Utf8, JudgesTheVectorsAtEveryCut) {
    for (auto const& vector : load_vectors("utf8", "vectors")) {
        SCOPED_TRACE(vector.dump());
        auto const data = octets_of_hex(vector.at("hex"));
        judgement expected;
        expected.complete = vector.at("result") == "valid";
        if (vector.contains("first_bad")) expected.first_bad = vector.at("first_bad");
        in_every_cut(data, [&](pieces const& parts) { ASSERT_EQ(judge(parts), expected); });
        EXPECT_EQ(is_utf8(data), expected.complete);
    }
}

TEST(Utf8, JudgesTheVectorsBetweenOtherText) {
    // the octets behind and before decide which of the fast ways is taken
    for (auto const& vector : load_vectors("utf8", "vectors")) {
        auto const data = octets_of_hex(vector.at("hex"));
        for (auto const* const around :
             {"a", "abcdefgh", "äöü", "日本語", "😀", "abcdefghijklmnopqrstuvwxyz0123456789"}) {
            auto text = to_octets(around);
            append(text, data);
            append(text, view_of(around));
            ASSERT_EQ(judge({text}), judge_plainly(text)) << vector.dump() << around;
        }
    }
}

TEST(Utf8, StaysFalse) {
    utf8_validator validator;
    EXPECT_TRUE(validator.feed(view_of("abc")));
    EXPECT_FALSE(validator.feed(octets{0x61, 0xFF, 0x61}));
    EXPECT_EQ(validator.first_bad(), 4U);
    EXPECT_FALSE(validator.feed(view_of("abc")));
    EXPECT_FALSE(validator.feed({}));
    EXPECT_FALSE(validator.feed(octets{0xFF}));
    EXPECT_EQ(validator.first_bad(), 4U);
    EXPECT_FALSE(validator.valid_so_far());
    EXPECT_FALSE(validator.complete());
}

TEST(Utf8, AnUnfinishedSequenceIsValidSoFarOnly) {
    utf8_validator validator;
    EXPECT_TRUE(validator.complete());
    EXPECT_TRUE(validator.feed(octets{0xE2, 0x82}));
    EXPECT_TRUE(validator.valid_so_far());
    EXPECT_FALSE(validator.complete());
    EXPECT_TRUE(validator.feed({}));
    EXPECT_FALSE(validator.complete());
    EXPECT_TRUE(validator.feed(octets{0xAC}));
    EXPECT_TRUE(validator.complete());
}

/// Counts instead of asserting each time: these loops run tens of millions of times.
class comparison {
public:
    void compare(octets_view data) {
        auto const found = judge_whole(data);
        auto const expected = judge_plainly(data);
        if (!(found == expected)) note(data);
    }
    void compare_at_every_cut(octets_view data) {
        auto const expected = judge_plainly(data);
        for (std::size_t cut = 0; cut <= data.size(); ++cut) {
            utf8_validator validator;
            validator.feed(data.first(cut));
            validator.feed(data.subspan(cut));
            if (!(judgement{validator.first_bad(), validator.complete()} == expected)) note(data);
        }
    }
    /// `text` holds, at `place`, octets that alone are judged as `expected`, and is valid
    /// elsewhere.
    void compare_inside(octets_view text, std::size_t place, judgement expected) {
        if (expected.first_bad) *expected.first_bad += place;
        if (!(judge_whole(text) == expected)) note(text);
    }
    ~comparison() { EXPECT_EQ(wrong_, 0U) << "the first one: " << first_; }

private:
    static judgement judge_whole(octets_view data) {
        utf8_validator validator;
        validator.feed(data);
        return {validator.first_bad(), validator.complete()};
    }
    void note(octets_view data) {
        if (wrong_++ == 0) first_ = to_hex(data);
    }

    std::uint64_t wrong_ = 0;
    std::string first_;
};

TEST(Utf8, IsThatOfTheGrammarForAllSequencesOfUpToThree) {
    comparison all;
    // the ASCII behind lets the fast way see the sequence; the bare one is too short for it
    std::array<std::uint8_t, 8> padded{0, 0, 0, 'a', 'a', 'a', 'a', 'a'};
    for (unsigned value = 0; value < 0x1000000; ++value) {
        padded[0] = static_cast<std::uint8_t>(value >> 16U);
        padded[1] = static_cast<std::uint8_t>(value >> 8U & 0xFFU);
        padded[2] = static_cast<std::uint8_t>(value & 0xFFU);
        all.compare(padded);
        all.compare_at_every_cut(octets_view(padded).first(3));
        if (value % 0x100 == 0) all.compare_at_every_cut(octets_view(padded).first(2));
        if (value % 0x10000 == 0) all.compare_at_every_cut(octets_view(padded).first(1));
    }
}

constexpr std::array<std::uint8_t, 28> borders{
    0x00, 0x41, 0x7F, 0x80, 0x81, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
    0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFE, 0xFF};

TEST(Utf8, IsThatOfTheGrammarForFourOctetsAtTheBordersAtEveryCut) {
    comparison all;
    std::array<std::uint8_t, 6> data{0, 0, 0, 0, 'a', 'a'};
    for (auto const a : borders) {
        for (auto const b : borders) {
            for (auto const c : borders) {
                for (auto const d : borders) {
                    data = {a, b, c, d, 'a', 'a'};
                    all.compare(data);
                    all.compare_at_every_cut(octets_view(data).first(4));
                    all.compare_at_every_cut(octets_view(data).first(3));
                }
            }
        }
    }
}

TEST(Utf8, IsThatOfTheGrammarInsideLongMixedText) {
    // long text is checked by blocks of 64 octets; the sequences before make it look for them
    comparison all;
    auto text = to_octets("äää");
    auto const place = text.size();
    append(text, octets(4 + 70, 'a'));
    for (unsigned first_two = 0; first_two < 0x10000; ++first_two) {
        text[place] = static_cast<std::uint8_t>(first_two >> 8U);
        text[place + 1] = static_cast<std::uint8_t>(first_two & 0xFFU);
        for (auto const third : borders) {
            text[place + 2] = third;
            text[place + 3] = third >= 0x80 ? 0xBF : 'a';
            all.compare_inside(text, place, judge_plainly(octets_view(text).subspan(place, 5)));
        }
    }
}

TEST(Utf8, IsThatOfTheGrammarAtEachPlaceOfABlock) {
    comparison all;
    octets const few{'a', 0x80, 0xBF, 0xC3, 0xE2, 0xF0, 0xFF};
    for (std::size_t place = 6; place < 6 + 67; ++place) {
        auto text = to_octets(place % 2 == 0 ? "ää" : "äaä");
        while (text.size() < place) append(text, "ö");
        append(text, octets(4, 'a'));
        for (int i = 0; i < 40; ++i) append(text, "ö");
        for (unsigned code = 0; code < 7 * 7 * 7 * 7; ++code) {
            auto digits = code;
            for (std::size_t i = 0; i < 4; ++i, digits /= 7) text[place + i] = few[digits % 7];
            all.compare_inside(text, place, judge_plainly(octets_view(text).subspan(place, 6)));
        }
    }
}

TEST(Utf8, IsThatOfTheGrammarForRandomTextAtEveryCut) {
    testing::random_source random;
    comparison all;
    for (int round = 0; round < 20'000; ++round) {
        // mostly valid text, so that the trouble comes late
        octets data;
        for (auto left = random.between(0, 20); left > 0; --left) {
            auto const& each = forms.at(random.between(0, forms.size() - 1));
            for (std::size_t place = 0; place < each.size; ++place) {
                auto const [low, high] = each.places.at(place);
                data.push_back(static_cast<std::uint8_t>(random.between(low, high)));
            }
        }
        all.compare_at_every_cut(data);
        if (data.empty()) continue;
        data[random.between(0, data.size() - 1)] = random.octet();
        all.compare_at_every_cut(data);
        data.resize(random.between(0, data.size()));
        all.compare_at_every_cut(data);
    }
}

TEST(Utf8, IsThatOfTheGrammarForRandomOctets) {
    testing::random_source random;
    comparison all;
    for (int round = 0; round < 100'000; ++round) {
        all.compare_at_every_cut(random.of(borders, random.between(0, 12)));
    }
}

TEST(Utf8, FindsABadOctetAnywhereInLongAscii) {
    octets data(200, 'a');
    for (std::size_t at = 0; at < data.size(); ++at) {
        for (auto const bad : octets{0x80, 0xC0, 0xFF}) {
            data[at] = bad;
            for (std::size_t start = 0; start < 9 && start <= at; ++start) {
                utf8_validator validator;
                ASSERT_FALSE(validator.feed(octets_view(data).subspan(start)));
                ASSERT_EQ(validator.first_bad(), at - start);
            }
            data[at] = 'a';
        }
    }
}

}  // namespace
}  // namespace wsproof
