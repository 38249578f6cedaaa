// The suite is proven, not trusted: every fault is caught by a case, every must-level case is seen
// failing, and no legal behaviour is called a failure.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "cases/registry.hpp"
#include "play/verdict.hpp"
#include "reference-server/faults.hpp"
#include "reference-server/faulty_server.hpp"
#include "run/probe.hpp"
#include "testing/virtual_link.hpp"

namespace wsproof {
namespace {

struct outcome_of_play {
    grade value;
    std::string reason;
};

// What a probe would have found out about this server.
probe_facts facts_of_faulty_server(fault kind) {
    probe_facts facts;
    facts.opened = facts.answers_pings = facts.echoes_text = facts.echoes_binary = true;
    facts.message_limit = 16U << 20U;
    facts.deflate = kind != fault::declines_deflate;
    return facts;
}

outcome_of_play play(test_case const& played, fault kind) {
    auto facts = facts_of_faulty_server(kind);
    play_settings settings;
    settings.request.target = "/echo";
    if (played.has_need("subprotocol")) {
        facts.subprotocol = settings.request.subprotocol = "wsproof.chat";
        settings.request.fields = {{"Sec-WebSocket-Protocol", "wsproof.chat"}};
    }
    if (auto const missing = missing_need(played, facts)) return {grade::unsupported, *missing};
    faulty_server peer(kind, 1);
    auto const got = judge(played, testing::play_against(played, settings, peer));
    if (peer.dead()) return {grade::fail, "the server died"};
    return {overall(got), overall(got) == got.close_grade ? got.reason + got.close_reason : got.reason};
}

std::vector<test_case> cases_for_servers() {
    auto cases = built_in_cases().all();
    std::erase_if(cases, [](test_case const& each) {
        return std::ranges::find(each.roles, role::server) == each.roles.end();
    });
    return cases;
}

std::string first_few(std::vector<std::string> const& lines) {
    std::string text;
    for (auto const& line : lines) text += "\n  " + line;
    return text;
}

TEST(KillMatrix, ACorrectServerPassesEverything) {
    std::vector<std::string> wrong;
    for (auto const& each : cases_for_servers()) {
        auto const got = play(each, fault::none);
        if (got.value > grade::unsupported) wrong.push_back(each.id + ": " + got.reason);
    }
    EXPECT_TRUE(wrong.empty()) << first_few(wrong);
}

TEST(KillMatrix, NoLegalBehaviourIsCalledAFailure) {
    auto const cases = cases_for_servers();
    std::vector<std::string> wrong;
    std::size_t variants = 0;
    for (auto const& kind : all_faults()) {
        if (!kind.variant) continue;
        ++variants;
        for (auto const& each : cases)
            if (auto const got = play(each, kind.id); got.value >= grade::fail)
                wrong.push_back(std::string(kind.name) + " / " + each.id + ": " + got.reason);
    }
    EXPECT_GE(variants, 20U);
    EXPECT_TRUE(wrong.empty()) << first_few(wrong);
}

TEST(KillMatrix, EveryFaultIsCaughtAndEveryMustCaseIsSeenFailing) {
    auto const cases = cases_for_servers();
    std::set<std::string> seen_failing;
    std::vector<std::string> survivors, toothless;
    std::size_t faults = 0;
    for (auto const& kind : all_faults()) {
        if (kind.variant || kind.id == fault::none) continue;
        ++faults;
        bool caught = false;
        for (auto const& each : cases) {
            if (play(each, kind.id).value != grade::fail) continue;
            seen_failing.insert(each.id);
            caught = true;
        }
        if (!caught) survivors.push_back(std::string(kind.name) + ": " + std::string(kind.text));
    }
    for (auto const& each : cases)
        if (each.level == level::must && !seen_failing.contains(each.id)) toothless.push_back(each.id);
    EXPECT_GE(faults, 60U);
    EXPECT_TRUE(survivors.empty()) << "faults that no case catches:" << first_few(survivors);
    EXPECT_TRUE(toothless.empty()) << "must-level cases that no fault makes fail:" << first_few(toothless);
}

}  // namespace
}  // namespace wsproof
