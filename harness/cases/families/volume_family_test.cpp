// Large messages, floods of fragments and messages in flight, and Autobahn's ninth chapter.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "cases/families/families.hpp"
#include "cases/families/family_testing.hpp"
#include "wire/frame_reader.hpp"

namespace wsproof {
namespace {

constexpr std::uint64_t mib = 1024 * 1024;

std::uint64_t size_of(test_case const& value) {
    std::uint64_t total = 0;
    for (auto const& each : value.steps)
        if (auto const* frame = std::get_if<send_frame>(&each)) total += frame->data.size();
    return total;
}

std::size_t frames_of(test_case const& value) {
    return static_cast<std::size_t>(
        std::count_if(value.steps.begin(), value.steps.end(),
                      [](auto const& each) { return std::holds_alternative<send_frame>(each); }));
}

send_frame const& sent(test_case const& value, std::size_t index) {
    return std::get<send_frame>(value.steps.at(index));
}

std::map<std::string, test_case> by_number() {
    std::map<std::string, test_case> result;
    for (auto const& each : volume_family(built_in_lists()))
        for (auto const& number : each.autobahn)
            EXPECT_TRUE(result.emplace(number, each).second) << number;
    return result;
}

TEST(VolumeFamily, StandsForAutobahnsNinthChapter) {
    auto const cases = by_number();
    constexpr std::array counts{6, 6, 9, 9, 6, 6, 6, 6};
    std::size_t all = 0;
    for (std::size_t chapter = 0; chapter < counts.size(); ++chapter)
        for (int i = 1; i <= counts[chapter]; ++i, ++all)
            EXPECT_TRUE(
                cases.contains("9." + std::to_string(chapter + 1) + "." + std::to_string(i)))
                << chapter + 1 << "." << i;
    EXPECT_EQ(cases.size(), all);
    EXPECT_EQ(volume_family(built_in_lists()).size(), all);
    EXPECT_EQ(by_id(volume_family(built_in_lists())).size(), all);
}

TEST(VolumeFamily, SendsWholeMessagesOfAutobahnsSizes) {
    auto const cases = by_number();
    constexpr std::array<std::uint64_t, 6> sizes{mib / 16, mib / 4, mib,
                                                 4 * mib,  8 * mib, 16 * mib};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        auto const number = std::to_string(i + 1);
        EXPECT_EQ(sent(cases.at("9.1." + number), 0).data, payload::repeat("BAsd7&jh23", sizes[i]));
        auto const binary = octets{0x00, 0xFE, 0x23, 0xFA, 0xF0};
        EXPECT_EQ(sent(cases.at("9.2." + number), 0).data,
                  payload::repeat(as_text(binary), sizes[i]));
    }
}

TEST(VolumeFamily, FragmentsAreOneMessageWithAnEmptyEnd) {
    auto const cases = by_number();
    std::uint64_t size = 64;
    for (int i = 1; i <= 8; ++i, size *= 4)
        for (std::string const chapter : {"9.3.", "9.4."}) {
            auto const& each = cases.at(chapter + std::to_string(i));
            auto const frames = frames_of(each);
            EXPECT_EQ(frames, std::min<std::uint64_t>(4 * mib / size, 256) + 1) << each.id;
            EXPECT_EQ(size_of(each), (frames - 1) * size) << each.id;
            for (std::size_t at = 0; at < frames; ++at) {
                auto const first = chapter == "9.3." ? opcode::text : opcode::binary;
                EXPECT_EQ(sent(each, at).op, at == 0 ? first : opcode::continuation);
                EXPECT_EQ(sent(each, at).fin, at + 1 == frames);
                EXPECT_EQ(sent(each, at).data.size(), at + 1 == frames ? 0 : size);
            }
            // Autobahn's volume, or a note that says why not
            EXPECT_EQ(size_of(each) == 4 * mib, each.note.empty()) << each.id;
        }
    EXPECT_EQ(sent(cases.at("9.4.1"), 0).data, payload::repeat("\xFE", 64));
    EXPECT_EQ(sent(cases.at("9.4.9"), 0).data, payload::repeat("*", 4 * mib));
    EXPECT_TRUE(sent(cases.at("9.3.9"), 0).fin);
}

TEST(VolumeFamily, PiecesAreThoseOfTheTitle) {
    auto const cases = by_number();
    std::uint32_t size = 64;
    for (int i = 1; i <= 6; ++i, size *= 2)
        for (std::string const chapter : {"9.5.", "9.6."}) {
            auto const& each = cases.at(chapter + std::to_string(i));
            EXPECT_EQ(each.segmentation, (segmentation{segmentation::kind::every, size}));
            EXPECT_EQ(size_of(each), mib);
            EXPECT_NE(each.title.find("pieces of " + std::to_string(size)), std::string::npos);
        }
}

TEST(VolumeFamily, RoundTripsWaitForEachEcho) {
    auto const cases = by_number();
    constexpr std::array<std::uint64_t, 6> sizes{0, 16, 64, 256, 1024, 4096};
    for (std::size_t i = 0; i < sizes.size(); ++i)
        for (std::string const chapter : {"9.7.", "9.8."}) {
            auto const& each = cases.at(chapter + std::to_string(i + 1));
            ASSERT_EQ(each.steps.size() % 2, 0U);
            EXPECT_EQ(each.outcomes.at(0).see.size(), each.steps.size() / 2);
            for (std::size_t at = 0; at < each.steps.size(); at += 2) {
                EXPECT_EQ(sent(each, at).data.size(), sizes[i]);
                EXPECT_TRUE(std::holds_alternative<await_step>(each.steps[at + 1]));
            }
            EXPECT_EQ(each.level, sizes[i] == 0 ? level::should : level::must);
        }
}

TEST(VolumeFamily, AllowsALimitAboveWhatTheProbeShows) {
    for (auto const& each : volume_family(built_in_lists())) {
        EXPECT_LE(size_of(each), 16 * mib) << each.id;
        EXPECT_EQ(each.has_tag("alone"), size_of(each) >= mib) << each.id;
        EXPECT_EQ(each.has_tag("hostile"), size_of(each) > mib) << each.id;
        auto const unsupported =
            std::any_of(each.outcomes.begin(), each.outcomes.end(),
                        [](auto const& one) { return one.grade == grade::unsupported; });
        EXPECT_EQ(unsupported, size_of(each) > mib) << each.id;
        EXPECT_EQ(each.outcomes.front().grade, grade::pass);
    }
}

TEST(FlightFamily, ExpectsAnEchoForEachMessage) {
    auto const cases = by_id(flight_family(built_in_lists()));
    EXPECT_EQ(cases.size(), 9U);
    for (auto const& [id, each] : cases) {
        auto const messages = static_cast<std::size_t>(
            std::count_if(each.steps.begin(), each.steps.end(), [](auto const& step) {
                auto const* const frame = std::get_if<send_frame>(&step);
                return frame != nullptr && frame->fin;
            }));
        ASSERT_EQ(each.outcomes.size(), 1U) << id;
        EXPECT_EQ(each.outcomes[0].see.size(), messages) << id;
        EXPECT_TRUE(each.has_need("echo")) << id;
        // nothing is waited for before the last of them is sent
        for (std::size_t i = 0; i + 1 < each.steps.size(); ++i)
            EXPECT_TRUE(std::holds_alternative<send_frame>(each.steps[i])) << id;
    }
}

TEST(FlightFamily, MessagesDiffer) {
    for (auto const& each : flight_family(built_in_lists())) {
        if (each.id.ends_with("empty-200")) continue;
        std::set<octets> payloads;
        std::size_t messages = 0;
        octets open;
        for (auto const& step : each.steps)
            if (auto const* frame = std::get_if<send_frame>(&step)) {
                append(open, frame->data.expand());
                if (!frame->fin) continue;
                payloads.insert(std::exchange(open, {}));
                ++messages;
            }
        EXPECT_EQ(payloads.size(), messages) << each.id;
    }
}

/// The frames that the raw octets of a flood are, read as its peer reads them.
std::vector<frame> frames_in(send_octets const& raw) {
    frame_reader reader(1024);
    reader.feed(raw.data.expand());
    std::vector<frame> result;
    while (auto found = reader.next()) result.push_back(std::move(*found));
    EXPECT_EQ(reader.pending(), 0U);
    return result;
}

send_octets const& flood_of(test_case const& value) {
    for (auto const& each : value.steps)
        if (auto const* raw = std::get_if<send_octets>(&each)) return *raw;
    throw std::logic_error(value.id);
}

TEST(FloodFamily, HasACaseForEitherRole) {
    auto const cases = by_id(flood_family(built_in_lists()));
    EXPECT_EQ(cases.size(), 16U);
    for (auto const& [id, each] : cases) {
        auto const server = id.ends_with("-to-server");
        EXPECT_TRUE(server || id.ends_with("-to-client")) << id;
        EXPECT_EQ(each.roles, std::vector{server ? role::server : role::client}) << id;
        EXPECT_TRUE(each.has_tag("hostile") && each.has_tag("alone") && each.has_tag("harmful"));
        auto const frames = frames_in(flood_of(each));
        EXPECT_GE(frames.size(), 1000U) << id;
        for (auto const& frame : frames) {
            EXPECT_EQ(frame.header.mask.has_value(), server) << id;
            EXPECT_EQ(frame.header, frames.front().header) << id;
            EXPECT_EQ(frame.payload, frames.front().payload) << id;
        }
        EXPECT_EQ(is_control(frames.front().header.op), frames.front().header.fin) << id;
    }
}

TEST(FloodFamily, ExpectsAllThatWasSent) {
    for (auto const& each : flood_family(built_in_lists())) {
        auto const* const message = std::get_if<see_message>(&each.outcomes.front().see.at(0).what);
        EXPECT_EQ(message != nullptr, each.has_need("echo")) << each.id;
        if (message == nullptr) {
            EXPECT_TRUE(std::holds_alternative<fence_step>(each.steps.back())) << each.id;
            continue;
        }
        octets all;
        for (auto const& step : each.steps) {
            if (auto const* sent = std::get_if<send_frame>(&step)) append(all, sent->data.expand());
            auto const* const raw = std::get_if<send_octets>(&step);
            if (raw == nullptr) continue;
            for (auto const& frame : frames_in(*raw))
                if (!is_control(frame.header.op)) append(all, frame.payload);
        }
        EXPECT_TRUE(message->data.value().expand() == all) << each.id;
    }
}

}  // namespace
}  // namespace wsproof
