// The cases for servers and for clients, proven with a faulty peer in that role.
#include "reference-server/kill_matrix.hpp"

#include <gtest/gtest.h>

#include <tuple>

#include "cases/case.hpp"

namespace wsproof {
namespace {

using kill_matrix::lines_of;

class KillMatrix : public ::testing::TestWithParam<role> {};
INSTANTIATE_TEST_SUITE_P(Of, KillMatrix, ::testing::Values(role::server, role::client),
                         [](auto const& of) { return std::string(name_of(of.param)); });

TEST_P(KillMatrix, ACorrectPeerPassesEverything) {
    auto const wrong = kill_matrix::failed_by_correct_peer(GetParam());
    EXPECT_TRUE(wrong.empty()) << lines_of(wrong);
}

TEST_P(KillMatrix, HasManyFaultsAndVariants) {
    bool const server = GetParam() == role::server;
    EXPECT_GE(kill_matrix::kinds(GetParam(), false).size(), server ? 150U : 80U);
    EXPECT_GE(kill_matrix::kinds(GetParam(), true).size(), 40U);
}

// The rest takes seconds, so it is dealt out to several tests that can run side by side.
constexpr std::size_t parts = 4;

class KillMatrixShard : public ::testing::TestWithParam<std::tuple<role, std::size_t>> {
protected:
    role of() const { return std::get<0>(GetParam()); }
    kill_matrix::share mine() const { return {std::get<1>(GetParam()), parts}; }
};
INSTANTIATE_TEST_SUITE_P(Part, KillMatrixShard,
                         ::testing::Combine(::testing::Values(role::server, role::client),
                                            ::testing::Range(std::size_t{0}, parts)),
                         [](auto const& param) {
                             return std::string(name_of(std::get<0>(param.param))) + "_" +
                                    std::to_string(std::get<1>(param.param));
                         });

TEST_P(KillMatrixShard, NoLegalBehaviourIsCalledAFailure) {
    auto const wrong = kill_matrix::false_alarms(of(), mine());
    EXPECT_TRUE(wrong.empty()) << lines_of(wrong);
}

TEST_P(KillMatrixShard, EveryFaultIsCaught) {
    auto const alive = kill_matrix::survivors(of(), mine());
    EXPECT_TRUE(alive.empty()) << "faults that no case catches:" << lines_of(alive);
}

TEST_P(KillMatrixShard, EveryMustCaseIsSeenFailing) {
    auto const toothless = kill_matrix::toothless_cases(of(), mine());
    EXPECT_TRUE(toothless.empty())
        << "must-level cases that no fault makes fail:" << lines_of(toothless);
}

}  // namespace
}  // namespace wsproof
