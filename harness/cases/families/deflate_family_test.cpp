#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "cases/dump.hpp"
#include "cases/families/deflate_bad_parameters.hpp"
#include "cases/families/deflate_blocks.hpp"
#include "cases/families/deflate_families.hpp"
#include "cases/families/deflate_tools.hpp"
#include "cases/families/family_testing.hpp"
#include "wire/deflate.hpp"
#include "wire/utf8.hpp"

namespace wsproof::deflate_cases {
namespace {

bool is_for(test_case const& each, role wanted) {
    return std::ranges::find(each.roles, wanted) != each.roles.end();
}

std::vector<send_frame> frames_of(test_case const& value) {
    std::vector<send_frame> result;
    for (auto const& each : value.steps)
        if (auto const* const frame = std::get_if<send_frame>(&each)) result.push_back(*frame);
    return result;
}

/// The messages that begin with RSV1, their frames joined; control frames left out.
std::vector<octets> raw_messages(test_case const& value) {
    std::vector<octets> result;
    bool open = false;
    for (auto const& frame : frames_of(value)) {
        if (is_control(frame.op)) continue;
        if (frame.op != opcode::continuation) {
            open = (frame.rsv & rsv1) != 0;
            if (open) result.emplace_back();
        }
        if (open) append(result.back(), frame.data.expand());
    }
    return result;
}

inflated inflate_alone(octets const& data) {
    constexpr std::uint64_t limit = std::uint64_t{32} << 20U;
    return inflater(15, false).inflate(data, limit);
}

/// What the first outcome wants to see of messages.
std::vector<octets> wanted_messages(test_case const& value) {
    std::vector<octets> result;
    for (auto const& each : value.outcomes.front().see)
        if (auto const* const message = std::get_if<see_message>(&each.what))
            result.push_back(message->data.value_or(payload{}).expand());
    return result;
}

extension element_of(std::string const& value) {
    auto const parsed = parse_extensions(value);
    return std::get<std::vector<extension>>(parsed).at(0);
}

// ---- all of them -------------------------------------------------------------------------------

TEST(DeflateFamily, NeedsDeflateWhereverMessagesAreCompressed) {
    auto const cases = by_id(deflate_family(built_in_lists()));
    EXPECT_GE(cases.size(), 400U);
    for (auto const& [id, each] : cases) {
        EXPECT_FALSE(each.outcomes.empty()) << id;
        auto const frames = frames_of(each);
        auto const packed = std::ranges::any_of(
            frames, [](auto const& frame) { return frame.compress || (frame.rsv & rsv1) != 0; });
        EXPECT_TRUE(!packed || each.has_need("deflate")) << id;
        bool const in_edit = each.id == "rfc7692/5/offers-in-two-fields";
        if (packed && is_for(each, role::server) && !in_edit) {
            EXPECT_NE(each.offer.find("permessage-deflate"), std::string::npos) << id;
        }
    }
}

/// The player's compressor does not know of raw messages, so that its references would go astray.
TEST(DeflateFamily, NeverCompressesBehindRawData) {
    for (auto const& each : deflate_family(built_in_lists())) {
        bool seen_compressed = false, seen_raw = false;
        for (auto const& frame : frames_of(each)) {
            seen_compressed |= frame.compress;
            seen_raw |= !frame.compress && !is_control(frame.op) && (frame.rsv & rsv1) != 0;
        }
        EXPECT_FALSE(seen_compressed && seen_raw) << each.id;
    }
}

TEST(DeflateFamily, AsksForTheWindowOfAClientOnlyIfItOfferedThat) {
    for (auto const& each : deflate_family(built_in_lists()))
        EXPECT_EQ(each.has_need("client-max-window-bits"),
                  each.answer.find("client_max_window_bits") != std::string::npos)
            << each.id;
}

TEST(DeflateFamily, RawDataOfGoodCasesInflatesToWhatIsExpected) {
    std::size_t checked = 0;
    for (auto const& each : deflate_family(built_in_lists())) {
        auto const wanted = wanted_messages(each);
        auto const sent = raw_messages(each);
        if (each.has_tag("hostile") || sent.empty() || wanted.size() < sent.size()) continue;
        for (std::size_t i = 0; i < sent.size(); ++i) {
            if (each.id == "rfc7692/6.2/both-kinds-in-turn") continue;  // one of them is not raw
            if (each.id == "rfc7692/7.2.3.4/final-block-without-octet-behind") continue;
            auto const got = inflate_alone(sent[i]);
            EXPECT_EQ(got.outcome, inflate_outcome::ok) << each.id << ": " << got.detail;
            EXPECT_TRUE(got.data == wanted[i]) << each.id;
            ++checked;
        }
    }
    EXPECT_GT(checked, 150U);
}

/// Only what is named here may need more than the smallest window that can be agreed.
TEST(DeflateFamily, RawDataKeepsToEveryWindow) {
    for (auto const& each : deflate_family(built_in_lists())) {
        if (each.has_tag("hostile") || each.offer == plain_offer) continue;
        if (each.id.ends_with("final-block-without-octet-behind")) continue;
        if (each.id.ends_with("close-between-fragments")) continue;  // a message without end
        for (auto const& sent : raw_messages(each))
            EXPECT_EQ(inflater(8, false).inflate(sent, std::uint64_t{32} << 20U).outcome,
                      inflate_outcome::ok)
                << each.id;
    }
}

// ---- negotiation -------------------------------------------------------------------------------

TEST(DeflateOffers, AreWhatTheirOutcomesSay) {
    for (auto const& each : offers(built_in_lists())) {
        EXPECT_EQ(each.roles, std::vector<role>{role::server}) << each.id;
        EXPECT_TRUE(each.answer.empty()) << each.id;
        if (each.has_tag("hostile") || each.offer.empty()) continue;
        auto const parsed = parse_extensions(each.offer);
        auto const& list = std::get<std::vector<extension>>(parsed);
        EXPECT_TRUE(std::ranges::any_of(list, [](extension const& element) {
            return element.name == "permessage-deflate" &&
                   std::holds_alternative<deflate_parameters>(
                       parse_deflate(element, negotiation_side::offer));
        })) << each.id;
    }
}

TEST(DeflateOffers, CoverEveryWindowOfBothSides) {
    auto const cases = by_id(offers(built_in_lists()));
    for (int bits = 8; bits <= 15; ++bits)
        for (std::string const side : {"7.1.2.1/server", "7.1.2.2/client"})
            EXPECT_TRUE(
                cases.contains("rfc7692/" + side + "-max-window-bits-" + std::to_string(bits)));
}

TEST(DeflateOffers, OfTheBadKindHaveNoOfferThatCouldBeTaken) {
    for (auto const& each : offers(built_in_lists())) {
        if (!each.id.starts_with("rfc7692/7/")) continue;
        EXPECT_TRUE(each.has_tag("hostile")) << each.id;
        auto const parsed = parse_extensions(each.offer);
        auto const* const list = std::get_if<std::vector<extension>>(&parsed);
        ASSERT_NE(list, nullptr) << each.id;  // bad, but well-formed
        for (auto const& element : *list)
            EXPECT_TRUE(std::holds_alternative<std::string>(
                parse_deflate(element, negotiation_side::offer)))
                << each.id;
    }
}

TEST(DeflateBadParameters, AreBadInOffersAndInResponses) {
    std::set<std::string_view> names;
    for (auto const& each : all_bad_parameters()) {
        EXPECT_TRUE(names.insert(each.name).second) << each.name;
        auto const element = element_of("permessage-deflate; " + std::string(each.text));
        for (auto const side : {negotiation_side::offer, negotiation_side::response})
            EXPECT_TRUE(std::holds_alternative<std::string>(parse_deflate(element, side)))
                << each.text;
    }
}

TEST(DeflateAnswers, AreLegalInTheAnswerAndBadInTheEdit) {
    for (auto const& each : answers(built_in_lists())) {
        EXPECT_EQ(each.roles, std::vector<role>{role::client}) << each.id;
        EXPECT_TRUE(each.offer.empty()) << each.id;
        auto const* const edit = std::get_if<respond_step>(&each.steps.front());
        EXPECT_EQ(edit == nullptr, !each.answer.empty()) << each.id;
        if (!each.answer.empty()) {
            auto const read = parse_deflate(element_of(each.answer), negotiation_side::response);
            EXPECT_TRUE(std::holds_alternative<deflate_parameters>(read)) << each.id;
            continue;
        }
        EXPECT_TRUE(each.has_tag("hostile")) << each.id;
        EXPECT_EQ(std::holds_alternative<fence_step>(each.steps.back()), !each.has_need("echo"))
            << each.id;
    }
}

TEST(DeflateAnswers, OfTheBadKindCannotBeAccepted) {
    for (auto const& each : answers(built_in_lists())) {
        // this one is good where the client offered the parameter
        if (!each.has_tag("hostile") || each.id.ends_with("/answer-window-not-offered")) continue;
        auto const& edit = std::get<respond_step>(each.steps.front()).response;
        auto const& values = edit.set.at(0).second;
        auto const value = values.at(0).expand();
        auto const parsed = parse_extensions(as_text(value));
        auto const* const list = std::get_if<std::vector<extension>>(&parsed);
        if (list == nullptr || list->size() + values.size() > 2) continue;
        auto const& element = list->at(0);
        EXPECT_TRUE(
            element.name != "permessage-deflate" ||
            std::holds_alternative<std::string>(parse_deflate(element, negotiation_side::response)))
            << each.id;
    }
}

// ---- what was agreed is kept
// ---------------------------------------------------------------------

TEST(DeflateWindows, ShowWhoUsesMoreThanWasAgreed) {
    auto const cases = by_id(windows());
    for (int bits = 8; bits <= 14; ++bits) {
        auto const& found =
            cases.at("rfc7692/7.2.1/server-window-of-" + std::to_string(bits) + "-bits");
        auto const sent = frames_of(found).at(0).data.expand();
        auto const good = deflater(bits, false).compress(sent);
        auto const bad = deflater(15, false).compress(sent);
        EXPECT_EQ(inflater(bits, false).inflate(good, 100000).outcome, inflate_outcome::ok) << bits;
        EXPECT_EQ(inflater(bits, false).inflate(bad, 100000).outcome, inflate_outcome::corrupt)
            << bits;
        auto const& other =
            cases.at("rfc7692/7.2.1/client-window-of-" + std::to_string(bits) + "-bits");
        EXPECT_EQ(frames_of(other).at(0).data, frames_of(found).at(0).data);
    }
}

TEST(DeflateWindows, ShowThatAcrossMessages) {
    auto const found = by_id(windows()).at("rfc7692/7.2.1/server-window-of-9-bits-across-messages");
    deflater wrong(15, true);
    inflater agreed(9, true);
    std::vector<inflate_outcome> outcomes;
    for (auto const& frame : frames_of(found))
        outcomes.push_back(agreed.inflate(wrong.compress(frame.data.expand()), 100000).outcome);
    EXPECT_EQ(outcomes.at(0), inflate_outcome::ok);
    EXPECT_EQ(outcomes.at(2), inflate_outcome::corrupt);
}

TEST(DeflateWindows, ConcernTheSideThatTheyName) {
    for (auto const& each : windows()) {
        bool const server = each.id.find("/server-") != std::string::npos ||
                            each.id.find("-server-") != std::string::npos;
        EXPECT_EQ(each.roles, std::vector<role>{server ? role::server : role::client}) << each.id;
        EXPECT_EQ(each.offer.empty(), !server) << each.id;
        EXPECT_EQ(each.answer.empty(), server) << each.id;
    }
}

TEST(DeflateMessages, RefersBackAlmostAsFarAsAnyWindowReaches) {
    auto const found =
        by_id(messages(built_in_lists())).at("rfc7692/7.2.2/window-of-32-kib-across-messages");
    deflater whole(15, true);
    auto const frames = frames_of(found);
    (void)whole.compress(frames.at(0).data.expand());
    EXPECT_LT(whole.compress(frames.at(1).data.expand()).size(), 20U);
}

// ---- blocks ------------------------------------------------------------------------------------

TEST(BlockWriter, WritesTheExamplesOfTheRfc) {
    block_writer out;
    out.begin_fixed();
    out.literals("Hello");
    out.end_fixed();
    EXPECT_EQ(to_hex(out.finish()), "f248cdc9c90700");
    out.begin_fixed();
    out.literals("H");
    out.match(4, 5);
    out.end_fixed();
    EXPECT_EQ(to_hex(out.finish()), "f200110000");
    out.begin_fixed(true);
    out.literals("Hello");
    out.end_fixed();
    EXPECT_EQ(to_hex(out.finish()), "f348cdc9c9070000");
    out.stored("Hello");
    EXPECT_EQ(to_hex(out.finish()), "000500faff48656c6c6f00");
}

TEST(BlockWriter, WritesEveryLengthAndDistance) {
    auto const far = letters(251);
    for (unsigned length = 3; length <= 258; ++length) {
        block_writer out;
        out.stored(far);
        out.begin_fixed();
        out.match(length, 251);
        out.end_fixed();
        auto const got = inflate_alone(out.finish());
        ASSERT_EQ(got.outcome, inflate_outcome::ok) << length;
        EXPECT_EQ(got.data.size(), 251 + length);
    }
    octets const base(32768, 'x');
    for (unsigned distance = 1; distance <= 32768; distance += distance < 600 ? 1 : 997) {
        block_writer out;
        out.stored(octets_view(base));
        out.begin_fixed();
        out.match(3, distance);
        out.end_fixed();
        EXPECT_EQ(inflate_alone(out.finish()).outcome, inflate_outcome::ok) << distance;
    }
}

TEST(DeflateBlocks, AreOfTheTypesThatTheyName) {
    auto const cases = by_id(blocks());
    auto const first = [&](std::string const& name) {
        return raw_messages(cases.at("rfc7692/7.2.1/" + name)).at(0).at(0) & 7U;
    };
    EXPECT_EQ(first("dynamic-block"), 4U);  // BFINAL 0, BTYPE 10
    EXPECT_EQ(first("blocks-of-all-types"), 2U);
    EXPECT_EQ(first("stored-block-of-65535-octets"), 0U);
}

TEST(DeflateFragments, CutHelloEverywhere) {
    auto const cases = by_id(fragments(built_in_lists()));
    for (std::size_t at = 0; at <= 7; ++at) {
        auto const frames =
            frames_of(cases.at("rfc7692/7.2.1/hello-cut-behind-" + std::to_string(at) + "-octets"));
        ASSERT_EQ(frames.size(), 2U);
        EXPECT_EQ(frames[0].data.size(), at);
        EXPECT_EQ(frames[0].rsv, rsv1);
        EXPECT_EQ(frames[1].rsv, 0);
        EXPECT_TRUE(!frames[0].fin && frames[1].fin);
    }
    auto const& everywhere = cases.at("rfc7692/7.2.1/cut-at-every-octet");
    auto const sent = raw_messages(everywhere);
    EXPECT_EQ(sent.size(), sent.at(0).size() - 1);
    EXPECT_EQ(sent.at(0).at(0) & 7U, 4U) << "no block with codes of its own";
}

// ---- what is refused ---------------------------------------------------------------------------

TEST(DeflateRefusals, SendDataThatCannotBeInflated) {
    for (auto const& each : refusals(built_in_lists())) {
        if (!each.id.starts_with("rfc7692/7.2.2/")) continue;
        auto const sent = raw_messages(each);
        auto const& broken =
            each.id.ends_with("broken-behind-good-message") ? sent.at(1) : sent.at(0);
        auto const got = inflate_alone(broken).outcome;
        if (each.level == level::must)
            EXPECT_NE(got, inflate_outcome::ok) << each.id;
        else
            EXPECT_EQ(got, inflate_outcome::unfinished) << each.id;
    }
}

/// zlib itself has to see it, with the tail but without knowing that nothing follows.
TEST(DeflateRefusals, AtLevelMustAreCorruptAndNotMerelyUnfinished) {
    std::set<std::string> unseen;
    for (auto const& each : refusals(built_in_lists())) {
        if (!each.id.starts_with("rfc7692/7.2.2/") || each.level != level::must) continue;
        auto data = raw_messages(each).back();
        append(data, octets{0x00, 0x00, 0xFF, 0xFF});
        if (inflate_alone(data).outcome != inflate_outcome::corrupt) unseen.insert(each.id);
    }
    EXPECT_EQ(unseen, std::set<std::string>{});
}

TEST(DeflateRefusals, OfTextAreNotUtf8OnceInflated) {
    std::size_t checked = 0;
    for (auto const& each : refusals(built_in_lists())) {
        if (each.clauses.front() != "7692-6.1-10") continue;
        ++checked;
        auto const sent = raw_messages(each);
        auto const text =
            sent.empty() ? frames_of(each).back().data.expand() : inflate_alone(sent.at(0)).data;
        EXPECT_FALSE(is_utf8(text)) << each.id;
    }
    EXPECT_EQ(checked, 6U);
}

TEST(DeflateRefusals, WhatIsLargeRunsAloneAndNotPolitely) {
    for (auto const& each : refusals(built_in_lists())) {
        std::uint64_t total = 0;
        for (auto const& frame : frames_of(each)) total += frame.data.size();
        EXPECT_LE(total, std::uint64_t{16} << 20U);
        EXPECT_EQ(each.has_tag("alone") && each.has_tag("harmful"), total > 100000) << each.id;
    }
}

}  // namespace
}  // namespace wsproof::deflate_cases
