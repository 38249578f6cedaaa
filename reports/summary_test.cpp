#include "reports/summary.hpp"

#include <gtest/gtest.h>

#include "reports/sample_run.hpp"

namespace wsproof {
namespace {

TEST(Summary, CountsByGradeAndSection) {
    auto const run = sample_run();
    auto const all = summarize(run);
    EXPECT_EQ(all.overall.total(), run.results.size());
    for (auto const each : all_grades) EXPECT_EQ(all.overall.of(each), count(run, each));
    EXPECT_EQ(all.unexpected, 11U);
    ASSERT_EQ(all.sections.size(), 4U);
    EXPECT_EQ(all.sections[0].section, "rfc6455/5.2");
    EXPECT_EQ(all.sections[0].overall.of(grade::fail), 7U);
    EXPECT_EQ(all.sections[2].section, "rfc6455/7.1");
    EXPECT_EQ(all.sections[2].unexpected, 3U);
    EXPECT_EQ(all.behaviour.of(grade::fail) + 1, all.overall.of(grade::fail));
    EXPECT_EQ(all.close.of(grade::info), 1U);
}

TEST(Summary, FindsTheSectionOfAnId) {
    EXPECT_EQ(section_of("rfc6455/5.4/ping"), "rfc6455/5.4");
    EXPECT_EQ(section_of("bugs/x"), "bugs");
    EXPECT_EQ(section_of("x"), "x");
    EXPECT_EQ(section_of(""), "");
}

TEST(Summary, TellsWhatWasSentFromStepsOrTrace) {
    case_result result;
    EXPECT_EQ(sent_in_words(result), "");
    result.happened = sample_trace();
    EXPECT_TRUE(sent_in_words(result).starts_with("text, no FIN, masked 37fa213d"))
        << sent_in_words(result);
    result.played = sample_case();
    EXPECT_TRUE(sent_in_words(result).starts_with("open the connection with"))
        << sent_in_words(result);
}

TEST(Summary, TellsTheTroubleOfARunFromItsResults) {
    EXPECT_FALSE(has_trouble(green_run()));
    EXPECT_TRUE(has_trouble(sample_run()));
    auto run = green_run();
    run.exit_code = 1;
    EXPECT_TRUE(has_trouble(run));
    run.results.back().unexpected = true;
    EXPECT_FALSE(has_trouble(run));
    run.exit_code = 3;
    EXPECT_TRUE(has_trouble(run));
}

TEST(Summary, TellsHowACommandEnded) {
    EXPECT_EQ(describe_end({true, 0, {}, ""}), "stopped by wsproof");
    EXPECT_EQ(describe_end({false, {}, 11, ""}), "was killed by signal 11 (SIGSEGV)");
    EXPECT_EQ(describe_end({false, {}, 64, ""}), "was killed by signal 64");
    EXPECT_EQ(describe_end({false, 3, {}, ""}), "ended by itself with exit status 3");
    EXPECT_EQ(describe_end({}), "ended by itself");
}

}  // namespace
}  // namespace wsproof
