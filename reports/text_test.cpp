#include "reports/text.hpp"

#include <gtest/gtest.h>

#include "reports/sample_run.hpp"
#include "testing/golden.hpp"
#include "wire/utf8.hpp"

namespace wsproof {
namespace {

bool holds(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string last_line(std::string const& text) {
    return text.substr(text.rfind('\n', text.size() - 2) + 1);
}

TEST(TextReport, GoldenSample) {
    EXPECT_TRUE(matches_golden("reports/golden/sample.txt", text_summary(sample_run())));
    EXPECT_TRUE(matches_golden("reports/golden/sample.verbose.txt",
                               text_summary(sample_run(), {false, true, 100})));
    EXPECT_TRUE(matches_golden("reports/golden/green.txt", text_summary(green_run())));
}

TEST(TextReport, LetsNothingOfThePeerReachTheTerminal) {
    auto const text = text_summary(sample_run(), {false, true, 0});
    EXPECT_TRUE(is_utf8(view_of(text)));
    for (auto const part : {"\x1b", "\x07", "\xC2\x9B", "\xE2\x80\xAE", "\r", "\t"})
        EXPECT_FALSE(holds(text, part));
    EXPECT_EQ(text.find('\0'), std::string::npos);
}

TEST(TextReport, GroupsWhatHasOneCause) {
    auto const text = text_summary(sample_run());
    EXPECT_TRUE(holds(text, "fail same cause in 7 cases"));
    EXPECT_TRUE(holds(text, " and 2 more"));
    EXPECT_FALSE(holds(text, "length-65536"));
    auto const full = text_summary(sample_run(), {false, true, 80});
    EXPECT_FALSE(holds(full, "same cause"));
    EXPECT_TRUE(holds(full, "fail rfc6455/5.2/length-65536"));
}

TEST(TextReport, KeepsToTheWidth) {
    auto run = green_run();
    run.results[0].unexpected = true;
    run.results[0].verdict.reason =
        "the peer did something that takes a great many small words to tell of";
    run.exit_code = 1;
    auto const narrow = text_summary(run, {false, false, 60});
    EXPECT_TRUE(holds(narrow,
                      "  cause     the peer did something that takes a great many\n            "
                      "small words to tell of\n"))
        << narrow;
    EXPECT_TRUE(holds(text_summary(run, {false, false, 0}), run.results[0].verdict.reason));
}

TEST(TextReport, ColoursOnlyWhenAsked) {
    EXPECT_FALSE(holds(text_summary(green_run()), "\x1b"));
    auto const text = text_summary(green_run(), {true, false, 80});
    EXPECT_TRUE(holds(text, "\x1b[32mOK\x1b[0m: no unexpected result in 2 cases"));
    EXPECT_TRUE(holds(text_summary(sample_run(), {true, false, 80}),
                      "\x1b[1;31mfail\x1b[0m \x1b[1msame cause in 7 cases\x1b[0m"));
}

TEST(TextReport, EndsWithTheVerdict) {
    EXPECT_EQ(
        last_line(text_summary(green_run())),
        "OK: no unexpected result in 2 cases, 2.345678 s; exit code 0: everything as expected\n");
    EXPECT_EQ(
        last_line(text_summary(sample_run())),
        "NOT OK: 11 unexpected results in 16 cases, 2.345678 s; exit code 4: nothing was run, or "
        "the run is incomplete\n");
    run_result nothing;
    nothing.exit_code = 4;
    EXPECT_TRUE(
        last_line(text_summary(nothing)).starts_with("NOT OK: no unexpected result in 0 cases"));
}

TEST(TextReport, TellsHowTheCommandEnded) {
    auto run = green_run();
    run.child = child_end{true, std::nullopt, 15, "bye\n"};
    EXPECT_FALSE(holds(text_summary(run), "The command"));
    run.child = child_end{false, 3, std::nullopt, "no port\x1b\nlast"};
    EXPECT_TRUE(
        holds(text_summary(run),
              "The command ended by itself with exit status 3\n  | no port\\x1b\n  | last\n"));
}

TEST(DescribeResult, IsOneLineWithGradeIdAndCause) {
    auto const run = sample_run();
    auto const line = [&run](std::string_view id) {
        for (auto const& each : run.results)
            if (each.played.id == id) return describe_result(each);
        return std::string("not found");
    };
    EXPECT_EQ(line("rfc7692/7.1/offer"),
              "unsupported  rfc7692/7.1/offer: permessage-deflate was declined");
    EXPECT_EQ(line("rfc6455/7.1/half-close"), "pass         rfc6455/7.1/half-close [unexpected]");
    EXPECT_EQ(line("rfc6455/7.1/close-is-answered"),
              "fail         rfc6455/7.1/close-is-answered: closing: the Close frame was never "
              "answered (5.5.1) [unexpected]");
    EXPECT_FALSE(holds(line("rfc6455/5.4/ping-between-fragments"), "\n"));
}

}  // namespace
}  // namespace wsproof
