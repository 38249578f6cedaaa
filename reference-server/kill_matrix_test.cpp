// The cases for servers, proven with a faulty server.
#include "reference-server/kill_matrix.hpp"

#include <gtest/gtest.h>

namespace wsproof {
namespace {

using kill_matrix::lines_of;

TEST(KillMatrix, ACorrectServerPassesEverything) {
    auto const wrong = kill_matrix::failed_by_correct_peer(role::server);
    EXPECT_TRUE(wrong.empty()) << lines_of(wrong);
}

TEST(KillMatrix, HasManyFaultsAndVariants) {
    EXPECT_GE(kill_matrix::kinds(role::server, false).size(), 150U);
    EXPECT_GE(kill_matrix::kinds(role::server, true).size(), 40U);
}

constexpr std::size_t parts = 4;

class KillMatrixShard : public ::testing::TestWithParam<std::size_t> {
protected:
    kill_matrix::share mine() const { return {GetParam(), parts}; }
};

INSTANTIATE_TEST_SUITE_P(Part, KillMatrixShard, ::testing::Range(std::size_t{0}, parts));

TEST_P(KillMatrixShard, NoLegalBehaviourIsCalledAFailure) {
    auto const wrong = kill_matrix::false_alarms(role::server, mine());
    EXPECT_TRUE(wrong.empty()) << lines_of(wrong);
}

TEST_P(KillMatrixShard, EveryFaultIsCaught) {
    auto const alive = kill_matrix::survivors(role::server, mine());
    EXPECT_TRUE(alive.empty()) << "faults that no case catches:" << lines_of(alive);
}

TEST_P(KillMatrixShard, EveryMustCaseIsSeenFailing) {
    auto const toothless = kill_matrix::toothless_cases(role::server, mine());
    EXPECT_TRUE(toothless.empty())
        << "must-level cases that no fault makes fail:" << lines_of(toothless);
}

}  // namespace
}  // namespace wsproof
