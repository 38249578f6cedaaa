#include "reports/junit.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "reports/sample_run.hpp"
#include "testing/golden.hpp"
#include "testing/random.hpp"
#include "wire/utf8.hpp"

namespace wsproof {
namespace {

pugi::xml_document parsed(std::string const& text) {
    pugi::xml_document out;
    EXPECT_TRUE(out.load_buffer(text.data(), text.size())) << text;
    return out;
}

pugi::xml_node case_named(pugi::xml_document const& report, std::string const& name) {
    return report.select_node(("//testcase[@name='" + name + "']").c_str()).node();
}

TEST(JunitReport, GoldenSample) {
    EXPECT_TRUE(matches_golden("reports/golden/sample.junit.xml", to_junit(sample_run())));
    EXPECT_TRUE(matches_golden("reports/golden/green.junit.xml", to_junit(green_run())));
}

TEST(JunitReport, IsRedForWhatIsUnexpectedAndForNothingElse) {
    auto const run = sample_run();
    auto const report = parsed(to_junit(run));
    for (auto const& each : run.results) {
        auto const node = case_named(report, each.played.id);
        ASSERT_TRUE(node) << each.played.id;
        bool const red = node.child("failure") || node.child("error");
        EXPECT_EQ(red, each.unexpected) << each.played.id;
        if (each.unexpected) {
            bool const error = overall(each.verdict) == grade::error;
            EXPECT_EQ(static_cast<bool>(node.child("error")), error) << each.played.id;
        }
    }
}

TEST(JunitReport, SkipsWhatIsUnsupportedExpectedOrDoesNotCount) {
    auto const report = parsed(to_junit(sample_run()));
    auto const message = [&report](char const* name) {
        return std::string(case_named(report, name).child("skipped").attribute("message").value());
    };
    EXPECT_EQ(message("rfc7692/7.1/offer"), "unsupported: permessage-deflate was declined");
    EXPECT_EQ(message("rfc6455/5.4/empty-fragments"), "expected: fail, as listed: known since 1.2");
    EXPECT_EQ(message("rfc6455/5.4/one-octet-fragments"),
              "expected: a fail at level should does not count here: the echo came late");
    auto const below = case_named(report, "rfc7692/7.1/window");
    EXPECT_FALSE(below.child("skipped"));
    EXPECT_STREQ(below.child_value("system-out"), "non_strict: declined without need");
}

TEST(JunitReport, SaysWhatFailedAgainstWhichClauseAndHowToRepeatIt) {
    auto const report = parsed(to_junit(sample_run()));
    auto const failure = case_named(report, "rfc6455/5.2/length-126").child("failure");
    EXPECT_STREQ(failure.attribute("type").value(), "6455-5.2-19");
    EXPECT_STREQ(failure.attribute("message").value(), "fail: the length form is not the shortest");
    std::string const body = failure.child_value();
    for (auto const part :
         {"expected  the echo", "observed  text of 126 octets",
          "clause    6455-5.2-19 (MUST): The shortest possible length form is used.",
          "replay    wsproof replay rfc6455/5.2/length-126"})
        EXPECT_NE(body.find(part), std::string::npos) << body;
}

TEST(JunitReport, CountsWhatItHolds) {
    auto const report = parsed(to_junit(sample_run()));
    auto const count = [](pugi::xml_node in, char const* path) {
        return static_cast<int>(in.select_nodes(path).size());
    };
    auto const root = report.child("testsuites");
    EXPECT_EQ(root.attribute("tests").as_int(), count(root, ".//testcase"));
    EXPECT_EQ(root.attribute("failures").as_int(), count(root, ".//failure"));
    EXPECT_EQ(root.attribute("errors").as_int(), count(root, ".//error"));
    EXPECT_GT(count(root, "testsuite"), 1);
    for (auto const suite : root.children("testsuite")) {
        EXPECT_EQ(suite.attribute("tests").as_int(), count(suite, "testcase"));
        EXPECT_EQ(suite.attribute("failures").as_int(), count(suite, "testcase/failure"));
        EXPECT_EQ(suite.attribute("errors").as_int(), count(suite, "testcase/error"));
        EXPECT_EQ(suite.attribute("skipped").as_int(), count(suite, "testcase/skipped"));
    }
}

TEST(JunitReport, NeverTurnsGreenWhenTheRunWentWrong) {
    auto const fault = [](run_result const& run) {
        auto const report = parsed(to_junit(run));
        return std::string(
            case_named(report, "the run as a whole").child("error").attribute("message").value());
    };
    EXPECT_EQ(fault(green_run()), "");
    run_result nothing;
    nothing.exit_code = 4;
    EXPECT_EQ(fault(nothing), "exit code 4: nothing was run, or the run is incomplete");
    auto outside = green_run();
    outside.exit_code = 1;
    EXPECT_EQ(fault(outside), "exit code 1: an unexpected result");
    auto ordinary = green_run();
    ordinary.exit_code = 1;
    ordinary.results[0].unexpected = true;
    EXPECT_EQ(fault(ordinary), "");
}

TEST(JunitReport, BoundsTheTraceOfACase) {
    auto run = green_run();
    run.results[0].unexpected = true;
    for (int i = 0; i < 20000; ++i)
        run.results[0].happened.entries.push_back({{}, trace_entry::kind::at_step, 1, {}, {}});
    auto const text = to_junit(run);
    EXPECT_LT(text.size(), 80U * 1024U);
    EXPECT_NE(text.find("the rest stands in the JSON report"), std::string::npos);
}

TEST(JunitReport, StaysWellFormedForAnyOctets) {
    testing::random_source random;
    for (int i = 0; i < 300; ++i) {
        auto run = green_run();
        auto const any = [&random] {
            auto const data = random.any(random.between(0, 40));
            return std::string(as_text(data)) +
                   std::string(hostile_text.substr(random.between(0, 60)));
        };
        for (auto& result : run.results) {
            result.played.id = any();
            result.verdict.reason = any();
            result.verdict.observed = any();
            result.unexpected = random.coin();
            result.happened = sample_trace();
        }
        run.target.agent = any();
        run.problems = {any()};
        auto const text = to_junit(run);
        ASSERT_TRUE(is_utf8(view_of(text)));
        auto const report = parsed(text);
        ASSERT_EQ(report.select_nodes("//testcase").size(), 3U);
        ASSERT_FALSE(report.select_node("//script"));
    }
}

}  // namespace
}  // namespace wsproof
