// The suite is proven, not trusted: every fault is caught by a case, every must-level case is seen
// failing, and no legal behaviour is called a failure.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "cases/registry.hpp"
#include "play/matcher.hpp"
#include "play/script.hpp"
#include "play/verdict.hpp"
#include "reference-server/faults.hpp"
#include "reference-server/faulty_server.hpp"
#include "run/probe.hpp"
#include "testing/virtual_link.hpp"

namespace wsproof {
namespace {

// What a probe would have found out about this server. A run offers it a subprotocol or does not.
probe_facts facts_of_faulty_server(test_case const& wanted, fault kind) {
    probe_facts facts;
    facts.opened = facts.answers_pings = facts.echoes_text = facts.echoes_binary = true;
    facts.message_limit = 16U << 20U;
    facts.deflate = kind != fault::declines_deflate;
    if (wanted.has_need("subprotocol")) facts.subprotocol = "wsproof.chat";
    return facts;
}

struct played_case {
    trace happened;
    bool died = false;
};

/// Nothing when the server does not offer what the case needs.
std::optional<played_case> play(test_case const& wanted, fault kind) {
    auto const facts = facts_of_faulty_server(wanted, kind);
    if (missing_need(wanted, facts)) return std::nullopt;
    play_settings settings;
    settings.request.target = "/echo";
    settings.request.subprotocol = facts.subprotocol;
    if (!facts.subprotocol.empty())
        settings.request.fields = {{"Sec-WebSocket-Protocol", facts.subprotocol}};
    faulty_server peer(kind, 1);
    auto happened = testing::play_against(wanted, settings, peer);
    return played_case{std::move(happened), peer.dead()};
}

struct finding {
    grade value = grade::unsupported;
    std::string reason;
};

finding play_and_judge(test_case const& wanted, fault kind) {
    auto const played = play(wanted, kind);
    if (!played) return {};
    if (played->died) return {grade::fail, "the server died"};
    auto const got = judge(wanted, played->happened);
    return {overall(got), got.reason + " / " + got.close_reason};
}

bool fails(test_case const& wanted, fault kind) {
    return play_and_judge(wanted, kind).value == grade::fail;
}

/// Does the case itself object? The rules that stand over all cases, for the opening handshake, the
/// frames of the peer and the end of the connection, would fail a case that looks at nothing.
bool objects(test_case const& wanted, fault kind) {
    auto const played = play(wanted, kind);
    if (!played) return false;
    if (played->died) return true;
    auto const events = events_of(played->happened);
    bool const opened = std::ranges::any_of(events, [](event const& each) {
        auto const* const response = std::get_if<response_event>(&each.what);
        return response != nullptr && response->valid;
    });
    if (!opened && !has_open_step(wanted)) return false;
    return std::ranges::none_of(wanted.outcomes, [&](outcome const& each) {
        return each.grade < grade::fail && matches(each, wanted, events, true);
    });
}

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
        auto const got = play_and_judge(each, fault::none);
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
            if (auto const got = play_and_judge(each, variants[i].id); got.value >= grade::fail)
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
            faults, [&](fault_info const& kind) { return objects(cases[i], kind.id); });
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
