#include "run/expectations.hpp"

#include <gtest/gtest.h>

namespace wsproof {
namespace {

std::vector<expectation_entry> read(std::string const& text, std::vector<std::string>& mistakes) {
    std::vector<diagnostic> found;
    auto out = read_expectations({"expected.json", text}, found);
    for (auto const& each : found) mistakes.push_back(describe(each));
    return out;
}

test_case case_named(std::string id, level weight = level::must) {
    test_case out;
    out.id = std::move(id);
    out.level = weight;
    return out;
}

case_result result_of(std::string id, grade value, level weight = level::must, grade closed = grade::info) {
    case_result out;
    out.played = case_named(std::move(id), weight);
    out.verdict.grade = value;
    out.verdict.close_grade = closed;
    out.verdict.reason = "the reason";
    return out;
}

class Expectations : public ::testing::Test {
protected:
    std::vector<std::string> all{"rfc6455/5.4/a", "rfc6455/5.4/b", "rfc6455/7.1/c"};
    run_result run;
    void apply(std::vector<expectation_entry> const& entries) { apply_expectations(entries, all, run); }
};

TEST_F(Expectations, WithoutAListAMustFailIsUnexpected) {
    run.results = {result_of("rfc6455/5.4/a", grade::fail), result_of("rfc6455/5.4/b", grade::fail, level::should),
                   result_of("rfc6455/7.1/c", grade::non_strict)};
    apply({});
    EXPECT_TRUE(run.results[0].unexpected);
    EXPECT_FALSE(run.results[1].unexpected);
    EXPECT_FALSE(run.results[2].unexpected);
    run.strict = true;
    apply({});
    EXPECT_TRUE(run.results[1].unexpected);
    EXPECT_TRUE(run.results[2].unexpected);
}

TEST_F(Expectations, AnExpectedFailIsNoneAndAPassInstead) {
    run.results = {result_of("rfc6455/5.4/a", grade::fail), result_of("rfc6455/5.4/b", grade::pass)};
    apply({{"rfc6455/5.4", grade::fail, "known"}});
    EXPECT_FALSE(run.results[0].unexpected);
    EXPECT_EQ(run.results[0].expectation, "expected fail: known");
    EXPECT_TRUE(run.results[1].unexpected);
    EXPECT_NE(run.results[1].expectation.find("better than expected"), std::string::npos);
    EXPECT_TRUE(run.problems.empty());
}

TEST_F(Expectations, WorseThanExpectedIsUnexpectedToo) {
    run.results = {result_of("rfc6455/5.4/a", grade::error)};
    apply({{"rfc6455/5.4/a", grade::fail, "known"}});
    EXPECT_TRUE(run.results[0].unexpected);
    EXPECT_NE(run.results[0].expectation.find("worse than expected"), std::string::npos);
}

TEST_F(Expectations, PatternsThatMatchNothingOrTwiceAreProblems) {
    apply({{"rfc6455/9.9", grade::fail, "x"}, {"rfc6455/5.4", grade::fail, "x"}, {"*/a", grade::fail, "y"}});
    ASSERT_EQ(run.problems.size(), 2U);
    EXPECT_EQ(run.problems[0], "expected results: \"rfc6455/9.9\" matches no case");
    EXPECT_EQ(run.problems[1], "expected results: rfc6455/5.4/a is matched by both \"rfc6455/5.4\" and \"*/a\"");
}

TEST_F(Expectations, AnUntidyCloseOfAShouldCaseCounts) {
    auto const untidy = result_of("x", grade::pass, level::should, grade::fail);
    EXPECT_TRUE(counts(untidy, false));
    EXPECT_FALSE(counts(result_of("x", grade::fail, level::may), true));
    EXPECT_TRUE(counts(result_of("x", grade::error, level::may), false));
}

TEST(ExpectationFile, EveryMistakeIsNamedWithItsPath) {
    std::vector<std::string> mistakes;
    read(R"({ "expected": [ { "case": "a", "grade": "bad", "reason": "x" }, { "case": "a", "grade": "fail" }, 7,
             { "case": "b", "grade": "fail", "reason": "", "why": "x" } ], "other": 1 })", mistakes);
    EXPECT_EQ(mistakes, (std::vector<std::string>{
        "expected.json: $.other: unknown key",
        "expected.json: $.expected[0].grade: \"bad\" is no grade: pass, info, non_strict, unsupported, fail, error",
        "expected.json: $.expected[1].reason: must be there, a text that is not empty",
        "expected.json: $.expected[1].case: \"a\" stands here twice",
        "expected.json: $.expected[2]: must be an object",
        "expected.json: $.expected[3].why: unknown key",
        "expected.json: $.expected[3].reason: must be there, a text that is not empty"}));
}

TEST(ExpectationFile, BrokenJsonNamesTheOctet) {
    std::vector<std::string> mistakes;
    read("{ \"expected\": [", mistakes);
    ASSERT_EQ(mistakes.size(), 1U);
    EXPECT_NE(mistakes[0].find("expected.json: octet 16: this is not JSON"), std::string::npos) << mistakes[0];
}

TEST(ExpectationFile, WhatIsWrittenMakesTheSameRunGreen) {
    run_result run;
    run.results = {result_of("a/b/c", grade::fail), result_of("a/b/d", grade::pass), result_of("a/b/e", grade::pass, level::must, grade::fail)};
    run.results[0].verdict.reason = "bad octets \xff";
    run.results[2].verdict.close_reason = "never closed";
    std::vector<std::string> mistakes;
    auto const entries = read(write_expectations(run), mistakes);
    EXPECT_TRUE(mistakes.empty());
    ASSERT_EQ(entries.size(), 2U);
    apply_expectations(entries, {"a/b/c", "a/b/d", "a/b/e"}, run);
    for (auto const& each : run.results) EXPECT_FALSE(each.unexpected);
    EXPECT_TRUE(run.problems.empty());
}

}  // namespace
}  // namespace wsproof
