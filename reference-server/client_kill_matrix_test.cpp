// The cases for clients, proven with a faulty client.
#include "reference-server/kill_matrix.hpp"

#include <gtest/gtest.h>

namespace wsproof {
namespace {

using kill_matrix::lines_of;

TEST(ClientKillMatrix, ACorrectClientPassesEverything) {
    auto const wrong = kill_matrix::failed_by_correct_peer(role::client);
    EXPECT_TRUE(wrong.empty()) << lines_of(wrong);
}

TEST(ClientKillMatrix, HasManyFaultsAndVariants) {
    EXPECT_GE(kill_matrix::kinds(role::client, false).size(), 80U);
    EXPECT_GE(kill_matrix::kinds(role::client, true).size(), 10U);
}

constexpr std::size_t parts = 4;

class ClientKillMatrixShard : public ::testing::TestWithParam<std::size_t> {
protected:
    kill_matrix::share mine() const { return {GetParam(), parts}; }
};

INSTANTIATE_TEST_SUITE_P(Part, ClientKillMatrixShard, ::testing::Range(std::size_t{0}, parts));

TEST_P(ClientKillMatrixShard, NoLegalBehaviourIsCalledAFailure) {
    auto const wrong = kill_matrix::false_alarms(role::client, mine());
    EXPECT_TRUE(wrong.empty()) << lines_of(wrong);
}

TEST_P(ClientKillMatrixShard, EveryFaultIsCaught) {
    auto const alive = kill_matrix::survivors(role::client, mine());
    EXPECT_TRUE(alive.empty()) << "faults that no case catches:" << lines_of(alive);
}

TEST_P(ClientKillMatrixShard, EveryMustCaseIsSeenFailing) {
    auto const toothless = kill_matrix::toothless_cases(role::client, mine());
    EXPECT_TRUE(toothless.empty())
        << "must-level cases that no fault makes fail:" << lines_of(toothless);
}

}  // namespace
}  // namespace wsproof
