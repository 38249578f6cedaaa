#include "cases/families/families.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "cases/families/family_testing.hpp"
#include "wire/close.hpp"
#include "wire/utf8.hpp"

namespace wsproof {
namespace {

std::string autobahn_of(std::vector<test_case> const& cases) {
    std::vector<std::string> all;
    for (auto const& each : cases)
        all.insert(all.end(), each.autobahn.begin(), each.autobahn.end());
    std::sort(all.begin(), all.end());
    std::string result;
    for (auto const& each : all) result += (result.empty() ? "" : " ") + each;
    return result;
}

send_frame const& sent(test_case const& value, std::size_t index = 0) {
    return std::get<send_frame>(value.steps.at(index));
}

octets joined_payloads(test_case const& value) {
    octets all;
    for (auto const& each : value.steps)
        if (auto const* const frame = std::get_if<send_frame>(&each))
            append(all, frame->data.expand());
    return all;
}

/// The grade of the first outcome that takes a Close with this code, if any does.
std::optional<grade> grade_of_code(test_case const& value, std::uint16_t code) {
    auto const own = parse_close(sent(value).data.expand()).code;
    for (auto const& each : value.outcomes) {
        auto const* const close = std::get_if<see_close>(&each.see.at(0).what);
        if (close == nullptr) continue;
        auto const any = close->codes.empty() && !close->empty && !close->same;
        auto const listed = std::any_of(
            close->codes.begin(), close->codes.end(),
            [&](auto const& range) { return range.first <= code && code <= range.last; });
        if (any || listed || (close->same && own == code)) return each.grade;
    }
    return std::nullopt;
}

std::optional<grade> grade_of_empty(test_case const& value) {
    for (auto const& each : value.outcomes)
        if (auto const* const close = std::get_if<see_close>(&each.see.at(0).what);
            close != nullptr && close->empty)
            return each.grade;
    return std::nullopt;
}

std::optional<grade> grade_of_end(test_case const& value) {
    for (auto const& each : value.outcomes)
        if (std::holds_alternative<see_end>(each.see.at(0).what)) return each.grade;
    return std::nullopt;
}

TEST(SizeFamily, StandsForAutobahnsFirstChapterAndItsTenth) {
    EXPECT_EQ(autobahn_of(size_family(built_in_lists())),
              "1.1.1 1.1.2 1.1.3 1.1.4 1.1.5 1.1.6 1.1.7 1.1.8 "
              "1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.2.6 1.2.7 1.2.8 10.1.1 6.1.1");
}

TEST(SizeFamily, SendsTheSizesThatTheIdsName) {
    for (auto const& each : size_family(built_in_lists())) {
        auto const begin = each.id.find('-', each.id.rfind('/')) + 1;
        EXPECT_EQ(joined_payloads(each).size(), std::stoul(each.id.substr(begin))) << each.id;
        EXPECT_EQ(each.segmentation.size, each.id.ends_with("in-pieces-of-997") ? 997U : 0U);
        EXPECT_EQ(each.outcome_list, "echoed");
        EXPECT_EQ(each.outcomes, built_in_lists().at("echoed"));
        EXPECT_TRUE(each.has_need("echo"));
    }
    auto const cases = by_id(size_family(built_in_lists()));
    EXPECT_EQ(sent(cases.at("rfc6455/5.2/binary-126-octets")).data, payload::repeat("\xFE", 126));
    EXPECT_EQ(sent(cases.at("rfc6455/5.2/text-126-octets")).data, payload::repeat("*", 126));
}

TEST(SizeFamily, FragmentsAreOneMessage) {
    auto const cases = by_id(size_family(built_in_lists()));
    auto const& found = cases.at("rfc6455/5.4/text-65536-octets-in-51-fragments");
    auto const frames = found.steps.size() - 1;
    EXPECT_EQ(frames, 51U);
    for (std::size_t i = 0; i < frames; ++i) {
        EXPECT_EQ(sent(found, i).op, i == 0 ? opcode::text : opcode::continuation);
        EXPECT_EQ(sent(found, i).fin, i + 1 == frames);
        EXPECT_EQ(sent(found, i).data.size(), i + 1 == frames ? 536U : 1300U);
    }
}

TEST(CloseCodeFamily, StandsForAutobahnsCodes) {
    EXPECT_EQ(
        autobahn_of(close_code_family(built_in_lists())),
        "7.13.1 7.13.2 7.7.1 7.7.10 7.7.11 7.7.12 7.7.13 7.7.2 7.7.3 7.7.4 7.7.5 7.7.6 7.7.7 7.7.8 "
        "7.7.9 7.9.1 7.9.2 7.9.3 7.9.4 7.9.5 7.9.6 7.9.7 7.9.8 7.9.9");
}

TEST(CloseCodeFamily, SendsTheCodeThatTheIdNames) {
    auto const cases = close_code_family(built_in_lists());
    EXPECT_EQ(cases.size(), 51U);
    for (auto const& each : cases) {
        auto const body = parse_close(sent(each).data.expand());
        EXPECT_EQ(body.code, std::stoi(each.id.substr(each.id.find("code-") + 5))) << each.id;
        EXPECT_EQ(each.id.ends_with("-with-reason"), !body.reason.empty());
        EXPECT_TRUE(is_utf8(body.reason));
        EXPECT_EQ(each.has_tag("hostile"), !may_be_sent(*body.code)) << each.id;
    }
}

TEST(CloseCodeFamily, NeverTakesACodeThatMustNotBeSent) {
    for (auto const& each : close_code_family(built_in_lists())) {
        auto const code = parse_close(sent(each).data.expand()).code.value();
        if (code >= 5000) continue;  // nothing is said about them
        for (std::uint16_t const bad :
             {std::uint16_t{0}, std::uint16_t{999}, std::uint16_t{1004}, std::uint16_t{1005},
              std::uint16_t{1006}, std::uint16_t{1015}, std::uint16_t{2000}, std::uint16_t{5000}})
            EXPECT_EQ(grade_of_code(each, bad), std::nullopt) << each.id << " " << bad;
    }
}

struct code_verdict {
    std::string id;
    std::optional<grade> same, normal, protocol_error, other, empty, end;
};

void check(code_verdict const& wanted) {
    SCOPED_TRACE(wanted.id);
    auto const cases = by_id(close_code_family(built_in_lists()));
    auto const& found = cases.at("rfc6455/" + wanted.id);
    auto const code = parse_close(sent(found).data.expand()).code.value();
    EXPECT_EQ(grade_of_code(found, code), wanted.same);
    EXPECT_EQ(grade_of_code(found, 1000), wanted.normal);
    EXPECT_EQ(grade_of_code(found, 1002), wanted.protocol_error);
    EXPECT_EQ(grade_of_code(found, 1008), wanted.other);
    EXPECT_EQ(grade_of_empty(found), wanted.empty);
    EXPECT_EQ(grade_of_end(found), wanted.end);
}

void check_all(std::vector<code_verdict> const& table) {
    for (auto const& each : table) check(each);
}

constexpr auto pass = grade::pass;
constexpr auto lax = grade::non_strict;
constexpr auto noted = grade::info;
constexpr std::nullopt_t fails = std::nullopt;

TEST(CloseVerdict, IsAsTheTextAsks) {
    check_all({code_verdict{"7.4.1/code-1001", pass, pass, lax, lax, lax, fails},
               code_verdict{"7.4.1/code-1011-with-reason", pass, pass, lax, lax, lax, fails},
               code_verdict{"7.4.2/code-1013", pass, pass, lax, lax, lax, lax},
               code_verdict{"7.4.2/code-3000", pass, pass, fails, pass, pass, fails},
               code_verdict{"7.4.2/code-4999", pass, pass, fails, pass, pass, fails},
               code_verdict{"7.4.1/code-1005", fails, lax, pass, lax, lax, lax},
               code_verdict{"7.4.1/code-1015", fails, lax, pass, lax, lax, lax},
               code_verdict{"7.4.2/code-0", fails, lax, pass, lax, lax, lax},
               code_verdict{"7.4.1/code-1004", fails, lax, pass, lax, lax, lax},
               code_verdict{"7.4.2/code-2999", fails, lax, pass, lax, lax, lax},
               code_verdict{"7.4.2/code-65535", noted, noted, noted, noted, fails, noted}});
}

TEST(CloseCodeFamily, Sends1010OnlyToServers) {
    for (auto const& [id, each] : by_id(close_code_family(built_in_lists()))) {
        auto const is_1010 = id.find("code-1010") != std::string::npos;
        EXPECT_EQ(each.roles.size(), is_1010 ? 1U : 2U) << id;
        if (is_1010) {
            EXPECT_EQ(each.roles[0], role::server);
        }
    }
}

TEST(Utf8Family, IdsSayWhatTheTextIs) {
    auto const cases = by_id(utf8_family(built_in_lists()));
    EXPECT_LE(cases.size(), 60U);
    for (auto const& [id, each] : cases) {
        auto const valid = id.starts_with("rfc6455/8.1/valid-");
        EXPECT_TRUE(valid || id.starts_with("rfc6455/8.1/invalid-")) << id;
        EXPECT_EQ(is_utf8(joined_payloads(each)), valid) << id;
        EXPECT_EQ(each.has_tag("hostile"), !valid);
        EXPECT_EQ(each.has_need("echo"), valid);
        EXPECT_EQ(std::get<await_step>(each.steps.back()).for_what,
                  valid ? await_step::what::echo : await_step::what::close);
    }
}

TEST(Utf8Family, FragmentsAreOneMessage) {
    for (auto const& each : utf8_family(built_in_lists()))
        for (std::size_t i = 0; i + 1 < each.steps.size(); ++i) {
            EXPECT_EQ(sent(each, i).op, i == 0 ? opcode::text : opcode::continuation) << each.id;
            EXPECT_EQ(sent(each, i).fin, i + 2 == each.steps.size()) << each.id;
        }
}

TEST(Families, WithoutListsHaveCasesThatLintReports) {
    auto const cases = families({});
    EXPECT_EQ(cases.size(), families(built_in_lists()).size());
    EXPECT_TRUE(std::any_of(cases.begin(), cases.end(),
                            [](auto const& each) { return each.outcomes.empty(); }));
}

}  // namespace
}  // namespace wsproof
