// The suite is proven, not trusted: every fault is caught by a case, every must-level case is seen
// failing, and no legal behaviour is called a failure.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <optional>

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
    return {overall(got),
            overall(got) == got.close_grade ? got.reason + got.close_reason : got.reason};
}

bool fails(test_case const& played, fault kind) { return play(played, kind).value == grade::fail; }

std::vector<test_case> cases_for_servers() {
    auto cases = built_in_cases().all();
    std::erase_if(cases, [](test_case const& each) {
        return std::ranges::find(each.roles, role::server) == each.roles.end();
    });
    return cases;
}

std::vector<fault_info> kinds(bool variants) {
    std::vector<fault_info> found;
    std::ranges::copy_if(all_faults(), std::back_inserter(found),
                         [variants](auto const& kind) { return kind.variant == variants; });
    return found;
}

bool concerns(test_case const& each, fault_info const& kind) {
    return std::ranges::find(each.clauses, kind.clause) != each.clauses.end();
}

std::string lines_of(std::vector<std::string> const& lines) {
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
    EXPECT_TRUE(wrong.empty()) << lines_of(wrong);
}

TEST(KillMatrix, HasManyFaultsAndVariants) {
    EXPECT_GE(kinds(false).size(), 60U);
    EXPECT_GE(kinds(true).size(), 20U);
}

// The rest takes seconds, so it is dealt out to several tests that can run side by side.
constexpr std::size_t shards = 4;

class KillMatrixShard : public ::testing::TestWithParam<std::size_t> {
protected:
    bool has(std::size_t index) const { return index % shards == GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(Part, KillMatrixShard, ::testing::Range(std::size_t{0}, shards));

TEST_P(KillMatrixShard, NoLegalBehaviourIsCalledAFailure) {
    auto const cases = cases_for_servers();
    auto const variants = kinds(true);
    std::vector<std::string> wrong;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        if (!has(i)) continue;
        for (auto const& each : cases)
            if (auto const got = play(each, variants[i].id); got.value >= grade::fail)
                wrong.push_back(std::string(variants[i].name) + " / " + each.id + ": " +
                                got.reason);
    }
    EXPECT_TRUE(wrong.empty()) << lines_of(wrong);
}

// One case is enough; those of the clause that is broken are tried first.
TEST_P(KillMatrixShard, EveryFaultIsCaught) {
    auto const cases = cases_for_servers();
    auto const faults = kinds(false);
    std::vector<std::string> survivors;
    for (std::size_t i = 0; i < faults.size(); ++i) {
        if (!has(i)) continue;
        auto const& kind = faults[i];
        auto const caught = [&](bool of_its_clause) {
            return std::ranges::any_of(cases, [&](test_case const& each) {
                return concerns(each, kind) == of_its_clause && fails(each, kind.id);
            });
        };
        if (!caught(true) && !caught(false))
            survivors.push_back(std::string(kind.name) + ": " + std::string(kind.text));
    }
    EXPECT_TRUE(survivors.empty()) << "faults that no case catches:" << lines_of(survivors);
}

// One fault is enough. What made one case fail is tried first with the next, which is like it.
TEST_P(KillMatrixShard, EveryMustCaseIsSeenFailing) {
    auto const cases = cases_for_servers();
    auto faults = kinds(false);
    std::vector<std::string> toothless;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        if (!has(i) || cases[i].level != level::must) continue;
        auto const found = std::ranges::find_if(
            faults, [&](fault_info const& kind) { return fails(cases[i], kind.id); });
        if (found == faults.end())
            toothless.push_back(cases[i].id);
        else
            std::rotate(faults.begin(), found, std::next(found));
    }
    EXPECT_TRUE(toothless.empty())
        << "must-level cases that no fault makes fail:" << lines_of(toothless);
}

}  // namespace
}  // namespace wsproof
