// The families for UTF-8: what the vectors become, and Autobahn's sixth chapter.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "cases/families/families.hpp"
#include "cases/families/utf8_vectors.hpp"
#include "cases/families/family_testing.hpp"
#include "wire/close.hpp"
#include "wire/utf8.hpp"

namespace wsproof {
namespace {

case_map all_cases() {
    std::vector<test_case> result;
    for (auto* const family : {size_family, utf8_family, utf8_fragment_family, utf8_vector_family})
        for (auto& each : family(built_in_lists())) result.push_back(std::move(each));
    return by_id(result);
}

case_map vector_cases() { return by_id(utf8_vector_family(built_in_lists())); }

/// The messages among the steps, joined.
std::vector<octets> texts_of(test_case const& value) {
    std::vector<octets> result;
    bool open = false;
    for (auto const& each : value.steps) {
        auto const* const frame = std::get_if<send_frame>(&each);
        if (frame == nullptr) continue;
        EXPECT_EQ(frame->op, open ? opcode::continuation : opcode::text) << value.id;
        if (!open) result.emplace_back();
        append(result.back(), frame->data.expand());
        open = !frame->fin;
    }
    EXPECT_FALSE(open) << value.id;
    return result;
}

bool is_reason(std::string_view id) { return id.starts_with("rfc6455/8.1/reason-"); }

octets reason_of(test_case const& value) {
    auto const body = parse_close(std::get<send_frame>(value.steps.at(0)).data.expand());
    EXPECT_EQ(body.code, 1000) << value.id;
    return {body.reason.begin(), body.reason.end()};
}

std::set<std::string> expand(std::string const& prefix, std::vector<int> const& counts) {
    std::set<std::string> result;
    for (std::size_t chapter = 0; chapter < counts.size(); ++chapter)
        for (int i = 1; i <= counts[chapter]; ++i)
            result.insert(prefix + std::to_string(chapter + 1) + "." + std::to_string(i));
    return result;
}

TEST(Utf8Vectors, AgreeWithTheValidator) {
    ASSERT_GT(utf8_vectors().size(), 500U);
    for (auto const& each : utf8_vectors()) {
        utf8_validator check;
        check.feed(each.data);
        EXPECT_EQ(check.complete(), each.valid) << each.name;
        EXPECT_EQ(check.first_bad(), each.first_bad) << each.name;
        EXPECT_FALSE(utf8_clauses(each).empty()) << each.name;
    }
}

TEST(Utf8Vectors, SayWhereTheTroubleBegins) {
    auto const start = [](octets data, std::optional<std::size_t> bad) {
        return start_of_trouble({"", "", std::move(data), false, bad, {}});
    };
    EXPECT_EQ(start({0xFF}, 0), 0U);
    EXPECT_EQ(start({0x61, 0xED, 0xA0, 0x80}, 2), 1U);
    EXPECT_EQ(start({0xC3, 0xA4, 0xBF}, 2), 2U);
    EXPECT_EQ(start({0xF0, 0x9F, 0x98, 0x41}, 3), 0U);
    EXPECT_EQ(start({0x61, 0xF0, 0x9F, 0x98}, std::nullopt), 1U);
    EXPECT_EQ(start({0xC3}, std::nullopt), 0U);
}

TEST(Utf8Vectors, NameTheClauseThatIsBroken) {
    auto const clause = [](octets data, std::optional<std::size_t> bad) {
        return utf8_clauses({"", "", std::move(data), false, bad, {}}).front();
    };
    EXPECT_EQ(clause({0x80}, 0), "3629-4-5");
    EXPECT_EQ(clause({0xC0, 0xAF}, 0), "3629-4-1");
    EXPECT_EQ(clause({0xF8, 0x88}, 0), "3629-4-7");
    EXPECT_EQ(clause({0xFE}, 0), "3629-4-1");
    EXPECT_EQ(clause({0xE0, 0x9F, 0xBF}, 1), "3629-4-3");
    EXPECT_EQ(clause({0xED, 0xA0, 0x80}, 1), "3629-3-2");
    EXPECT_EQ(clause({0xF4, 0x90, 0x80, 0x80}, 1), "3629-4-4");
    EXPECT_EQ(clause({0xE2, 0x28, 0xA1}, 1), "3629-4-6");
    EXPECT_EQ(clause({0xE2, 0x82, 0x41}, 2), "3629-4-6");
    EXPECT_EQ(clause({0xE2, 0x82}, std::nullopt), "3629-4-6");
}

TEST(Utf8VectorFamily, PlaysEveryVectorWholeSomewhere) {
    std::multiset<octets> whole;
    for (auto const& [id, each] : all_cases())
        if (!is_reason(id) && each.segmentation == segmentation{} && each.steps.size() == 2)
            if (auto const& sent = std::get<send_frame>(each.steps[0]); sent.op == opcode::text)
                whole.insert(sent.data.expand());
    for (auto const& each : utf8_vectors()) EXPECT_EQ(whole.count(each.data), 1U) << each.name;
}

TEST(Utf8VectorFamily, SendsWhatTheIdsSay) {
    auto const cases = vector_cases();
    EXPECT_GT(cases.size(), 2000U);
    for (auto const& [id, each] : cases) {
        EXPECT_TRUE(each.has_tag("vectors")) << id;
        auto const invalid = id.find("invalid-") != std::string::npos;
        EXPECT_EQ(each.has_tag("hostile"), invalid) << id;
        EXPECT_EQ(each.has_need("echo"), id.starts_with("rfc6455/8.1/valid-")) << id;
        EXPECT_FALSE(each.outcomes.empty()) << id;
        if (is_reason(id)) {
            EXPECT_EQ(is_utf8(reason_of(each)), !invalid) << id;
            continue;
        }
        auto const texts = texts_of(each);
        for (auto const& text : texts) EXPECT_EQ(is_utf8(text), !invalid) << id;
        EXPECT_EQ(std::get<await_step>(each.steps.back()).for_what,
                  invalid ? await_step::what::close : await_step::what::echo);
        EXPECT_EQ(each.segmentation.how == segmentation::kind::every, id.ends_with("-in-octets"));
        if (invalid) {
            EXPECT_EQ(texts.size(), 1U) << id;
        }
    }
}

TEST(Utf8VectorFamily, CutsShortValidTextsEverywhere) {
    auto const cases = vector_cases();
    for (auto const& each : utf8_vectors()) {
        if (!each.valid || each.data.size() < 2) continue;
        auto const& found = cases.at("rfc6455/8.1/valid-" + slug_of(each) + "-in-fragments");
        auto const texts = texts_of(found);
        auto const size = each.data.size();
        auto const cuts = size <= 32 ? size - 1 : 8;
        EXPECT_EQ(texts.size(), cuts + (size > 2 && size <= 32 ? 1 : 0)) << each.name;
        EXPECT_EQ(found.outcomes.front().see.size(), texts.size()) << each.name;
        EXPECT_TRUE(std::all_of(texts.begin(), texts.end(),
                                [&](auto const& text) { return text == each.data; }));
        std::set<std::size_t> first;
        for (auto const& step : found.steps)
            if (auto const* frame = std::get_if<send_frame>(&step);
                frame != nullptr && frame->op == opcode::text)
                first.insert(frame->data.size());
        EXPECT_EQ(first.size(), cuts) << each.name;
        EXPECT_EQ(*first.rbegin(), size - 1) << each.name;
    }
}

TEST(Utf8VectorFamily, CutsInvalidTextsAroundTheTrouble) {
    auto const cases = vector_cases();
    for (auto const& each : utf8_vectors()) {
        if (each.valid) continue;
        auto const id = "rfc6455/8.1/invalid-" + slug_of(each);
        for (std::size_t cut = 1; cut < each.data.size(); ++cut) {
            auto const near = each.data.size() <= 4 || (cut >= start_of_trouble(each) &&
                                                        cut <= each.first_bad.value_or(cut) + 1);
            EXPECT_EQ(cases.contains(id + "-cut-at-" + std::to_string(cut)), near) << id << cut;
        }
        auto const everywhere = each.data.size() > 2 && each.data.size() <= 32;
        EXPECT_EQ(cases.contains(id + "-cut-everywhere"), everywhere) << id;
        EXPECT_EQ(cases.contains(id + "-in-octets"), each.data.size() > 1) << id;
        if (!each.data.empty() && each.data.size() <= 123) {
            EXPECT_EQ(reason_of(cases.at("rfc6455/8.1/reason-invalid-" + slug_of(each))),
                      each.data);
        }
    }
}

TEST(Utf8VectorFamily, LetsAByteOrderMarkBeStripped) {
    auto const cases = vector_cases();
    auto const& whole = cases.at("rfc6455/8.1/valid-bom-byte-order-mark-before-text");
    ASSERT_EQ(whole.outcomes.size(), 2U);
    EXPECT_EQ(whole.outcomes[1].grade, grade::non_strict);
    EXPECT_EQ(std::get<see_message>(whole.outcomes[1].see.at(0).what).data, payload::of("Hello"));
    EXPECT_EQ(cases.at("rfc6455/8.1/valid-bom-byte-order-mark-inside-text").outcomes.size(), 1U);
}

TEST(Utf8Families, StandForAutobahnsSixthChapter) {
    auto const wanted =
        expand("6.", {3, 4, 2, 4, 5, 11, 4, 2, 4, 3, 5, 8, 5, 10, 1, 3, 5, 5, 5, 7, 8, 34, 7});
    EXPECT_EQ(wanted.size(), 145U);
    std::multiset<std::string> there;
    for (auto const& [id, each] : all_cases())
        for (auto const& number : each.autobahn)
            if (number.starts_with("6.")) there.insert(number);
    EXPECT_EQ(there.size(), wanted.size());
    for (auto const& number : wanted) EXPECT_EQ(there.count(number), 1U) << number;
}

test_case const& standing_for(case_map const& cases, std::string const& number) {
    auto const found = std::find_if(cases.begin(), cases.end(), [&](auto const& entry) {
        auto const& numbers = entry.second.autobahn;
        return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
    });
    if (found == cases.end()) throw std::out_of_range(number);
    return found->second;
}

TEST(Utf8Families, SendWhatAutobahnSends) {
    auto const cases = all_cases();
    auto const hex_of = [&](std::string const& number) {
        return to_hex(texts_of(standing_for(cases, number)).at(0));
    };
    std::string const greek = "cebae1bdb9cf83cebcceb5";
    EXPECT_EQ(hex_of("6.1.3"), to_hex(to_octets("middle frame payload")));
    EXPECT_EQ(hex_of("6.2.2"), "48656c6c6f2dc2b540c39fc3b6c3a4c3bcc3a0c3a12d5554462d382121");
    EXPECT_EQ(hex_of("6.2.3"), hex_of("6.2.1"));
    EXPECT_EQ(hex_of("6.2.4"), greek);
    EXPECT_EQ(hex_of("6.3.2"), greek + "eda080656469746564");
    EXPECT_EQ(hex_of("6.3.1"), hex_of("6.3.2"));
    for (std::size_t i = 1; i <= 11; ++i)
        EXPECT_EQ(hex_of("6.6." + std::to_string(i)), greek.substr(0, 2 * i));
    EXPECT_EQ(hex_of("6.16.3"), "fefeffff");
    EXPECT_EQ(hex_of("6.22.34"), "f48fbfbf");
    EXPECT_EQ(standing_for(cases, "6.2.3").steps.size(), 31U);
    EXPECT_EQ(standing_for(cases, "6.2.4").steps.size(), 13U);
}

TEST(Utf8FragmentFamily, SendsTheSamePartsInFragmentsAndInOneFrame) {
    auto const cases = all_cases();
    for (auto const& [in_frames, in_one] : {std::pair{"6.4.1", "6.4.3"}, {"6.4.2", "6.4.4"}}) {
        auto const& frames = standing_for(cases, in_frames);
        auto const& one = standing_for(cases, in_one);
        auto const text = texts_of(frames).at(0);
        EXPECT_EQ(text.size(), 21U);
        EXPECT_FALSE(is_utf8(text));
        auto const& head = std::get<send_frame>(one.steps.at(0));
        EXPECT_EQ(head.declared_length, 21U);
        EXPECT_EQ(head.key, masking_key{});
        auto joined = head.data.expand();
        for (auto const& step : one.steps)
            if (auto const* raw = std::get_if<send_octets>(&step))
                append(joined, raw->data.expand());
        EXPECT_EQ(joined, text);
        EXPECT_EQ(one.outcomes.front().grade, grade::fail);
        EXPECT_EQ(one.outcomes.front().by, 2U);
        for (auto const& each : frames.outcomes)
            EXPECT_TRUE(std::holds_alternative<see_fence>(each.see.at(0).what));
    }
}

}  // namespace
}  // namespace wsproof
