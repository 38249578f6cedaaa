// `wsproof test`: what it writes where, how it repeats itself, and how it ends before its end.
#include <set>

#include "cli/cli_testing.hpp"

namespace wsproof::testing {
namespace {

std::map<std::string, std::string> seeds_of(tested const& run) {
    std::map<std::string, std::string> out;
    for (auto const& each : run.cases()) out[each.at("id")] = each.at("seed");
    return out;
}

// ---- the built-in server, and what is written ----------------------------------------------------

TEST(Run, WithoutUrlTheReferenceServerIsTestedAndGreen) {
    auto const got = test_with({});
    EXPECT_EQ(got.end.code, 0) << got.end.out;
    EXPECT_GT(got.cases().size(), 1000U);
    EXPECT_TRUE(got.target().at("built_in"));
    EXPECT_EQ(got.target().at("agent"), "reference server");
    EXPECT_EQ(got.report.at("selected"), got.cases().size());
    EXPECT_FALSE(got.report.at("incomplete"));
    EXPECT_EQ(got.count("error"), 0U);
    EXPECT_EQ(got.problems(), "");
}

TEST(Run, StandardOutputIsPureJsonWhenItIsAskedFor) {
    auto const got = wsproof({"test", pings, "--json", "-"});
    EXPECT_EQ(got.code, 0);
    auto const report = json::parse(got.out, nullptr, false);
    ASSERT_TRUE(report.is_object()) << got.out.substr(0, 200);
    EXPECT_EQ(report.at("cases").size(), ping_cases);
    EXPECT_TRUE(got.says("OK: no unexpected result in " + ping_total + " cases")) << got.err;
}

TEST(Run, QuietSaysNothing) {
    auto const got = wsproof({"test", pings, "--quiet"});
    EXPECT_EQ(got.code, 0);
    EXPECT_EQ(got.out + got.err, "");
}

TEST(Run, QuietStillSaysWhyNothingWasTested) {
    auto const got = wsproof({"test", "ws://127.0.0.1:1/", pings, "-q"});
    EXPECT_EQ(got.code, 3);
    EXPECT_TRUE(got.says("cannot connect to 127.0.0.1:1: Connection refused")) << got.err;
}

TEST(Run, JunitHasATestForEachCaseAndOneForTheRun) {
    auto const got = wsproof({"test", pings, "--junit", "-", "-q"});
    EXPECT_EQ(got.code, 0);
    EXPECT_TRUE(got.out.starts_with("<?xml")) << got.out.substr(0, 100);
    std::size_t tests = 0;
    for (auto at = got.out.find("<testcase "); at != std::string::npos;
         at = got.out.find("<testcase ", at + 1))
        ++tests;
    EXPECT_EQ(tests, ping_cases + 1);
}

TEST(Run, VerboseNamesEveryCase) {
    auto const got = wsproof({"test", pings, "-v"});
    EXPECT_TRUE(got.says("pass         rfc6455/5.5.2/empty-ping\n")) << got.err;
}

// ---- seeds ---------------------------------------------------------------------------------------

TEST(Run, TheSeedIsPrintedAndGivesTheSameSeedsAgain) {
    auto const first = test_with({pings});
    auto const seed = first.report.at("seed").get<std::string>();
    EXPECT_TRUE(first.end.says(ping_total + " cases, seed " + seed + "\n")) << first.end.err;
    EXPECT_TRUE(first.end.prints("seed " + seed)) << first.end.out;

    auto const again = test_with({pings, "--seed", seed});
    EXPECT_EQ(again.report.at("seed"), seed);
    EXPECT_EQ(seeds_of(again), seeds_of(first));

    auto const alone = test_with({one_ping, "--seed", seed});
    EXPECT_EQ(seeds_of(alone).at(one_ping), seeds_of(first).at(one_ping));
    EXPECT_NE(seeds_of(test_with({pings, "--seed", seed + "1"})), seeds_of(first));
}

TEST(Run, EveryCaseHasASeedOfItsOwn) {
    std::set<std::string> all;
    for (auto const& [id, seed] : seeds_of(test_with({pings}))) all.insert(seed);
    EXPECT_EQ(all.size(), ping_cases);
}

// ---- options -------------------------------------------------------------------------------------

TEST(Run, RepeatsAreCounted) {
    auto const got = test_with({pings, "--repeat", "3"});
    EXPECT_EQ(got.end.code, 0);
    EXPECT_TRUE(got.end.says("[" + std::to_string(3 * ping_cases) + "/" + std::to_string(3 * ping_cases) + "] 0 failed")) << got.end.err;
    for (auto const& each : got.cases())
        EXPECT_EQ(each.at("repeats"), (json{"pass", "pass", "pass"})) << each.at("id");
}

TEST(Run, SegmentsOfOneOctetAreOneWriteEach) {
    auto const got = test_with({one_ping, "--segments", "octets", "--trace", "all"});
    EXPECT_EQ(got.end.code, 0);
    std::size_t writes = 0;
    for (auto const& entry : got.of(one_ping).at("trace").at("entries"))
        if (entry.at("kind") == "sent") {
            ++writes;
            EXPECT_EQ(entry.at("hex").dump().size(), 6U) << entry;
        }
    EXPECT_GT(writes, 150U);
}

TEST(Run, EveryWayToCutPasses) {
    for (auto const* how : {"whole", "frames", "random", "7"})
        EXPECT_EQ(wsproof({"test", pings, "--segments", how}).code, 0) << how;
}

TEST(Run, TracesOfPassesStandInTheReportOnlyWhenAskedFor) {
    EXPECT_FALSE(test_with({one_ping}).of(one_ping).contains("trace"));
    EXPECT_FALSE(test_with({one_ping, "--trace", "failed"}).of(one_ping).contains("trace"));
    auto const all = test_with({pings, "--trace", "all"});
    for (auto const& each : all.cases()) EXPECT_TRUE(each.contains("trace")) << each.at("id");
}

TEST(Run, ConcurrencyOfOneIsEnough) {
    EXPECT_EQ(wsproof({"test", "rfc6455/5.4", "--concurrency", "1"}).code, 0);
}

// A server that drops TCP where it should send a Close does what 7.1.7 allows, and not what it
// recommends.
TEST(Run, StrictCountsWhatIsBelowARecommendation) {
    auto const server = faulty_peer("drops-without-close");
    auto const lenient = test_with({"rfc6455/5.1"}, server);
    EXPECT_EQ(lenient.end.code, 0) << lenient.end.out;
    EXPECT_GT(lenient.count("non_strict"), 0U);
    EXPECT_FALSE(lenient.report.at("strict"));
    auto const strict = test_with({"rfc6455/5.1", "--strict"}, server);
    EXPECT_EQ(strict.end.code, 1);
    EXPECT_TRUE(strict.report.at("strict"));
    EXPECT_EQ(strict.count("non_strict"), lenient.count("non_strict"));
}

TEST(Run, PoliteIsOneConnectionAtATimeAndNothingHarmful) {
    std::atomic<int> open = 0, most = 0;
    raw_server const server([&](raw_socket& socket, int number) {
        most = std::max(most.load(), ++open);
        serve_echo(socket, number);
        --open;
    });
    auto const got = test_with({server.url(), "--polite", "--case", one_ping, "--case",
                                "rfc6455/5.5.2/text-ping", "--case", "rfc6455/5.5.2/ping-of-125",
                                "--case", "rfc6455/10.4/handshake-of-3000-fields"});
    EXPECT_EQ(got.end.code, 0) << got.end.out;
    EXPECT_EQ(got.cases().size(), 3U);
    EXPECT_LE(most, 2) << "the end of one may be seen late";
    EXPECT_GE(got.report.at("elapsed_us"), 3 * 200'000);

    auto const nothing = test_with({server.url(), "--polite", "--tag", "harmful"});
    EXPECT_EQ(nothing.end.code, 4);
}

// ---- pipes and terminals -------------------------------------------------------------------------

TEST(Progress, APipeGetsPlainLines) {
    auto const got = wsproof({"test", pings});
    EXPECT_EQ((got.out + got.err).find_first_of("\r\x1b"), std::string::npos);
    EXPECT_TRUE(got.says("\n[" + ping_total + "/" + ping_total + "] 0 failed\n")) << got.err;
    EXPECT_TRUE(got.prints("\nOK: no unexpected result in " + ping_total + " cases")) << got.out;
}

constexpr char const* color = "\x1b[3";  // of the foreground

TEST(Progress, ATerminalGetsALiveLineAndColours) {
    auto const got = wsproof({"test", pings},
                             {.environment = {"TERM=xterm", "NO_COLOR"}, .terminal = true});
    EXPECT_EQ(got.code, 0);
    EXPECT_TRUE(got.prints("\r\x1b[K[" + ping_total + "/" + ping_total + "] 0 failed  rfc6455/5.5.2/")) << got.out;
    EXPECT_TRUE(got.prints(color)) << got.out;
}

TEST(Progress, NoColorMeansNone) {
    auto const got =
        wsproof({"test", pings}, {.environment = {"TERM=xterm", "NO_COLOR=1"}, .terminal = true});
    EXPECT_FALSE(got.prints(color)) << got.out;
    EXPECT_FALSE(got.prints("\x1b[1m")) << got.out;
    EXPECT_TRUE(got.prints("OK: no unexpected result")) << got.out;
}

TEST(Progress, ADumbTerminalGetsNoSequencesAtAll) {
    auto const got =
        wsproof({"test", pings}, {.environment = {"TERM=dumb", "NO_COLOR"}, .terminal = true});
    EXPECT_FALSE(got.prints("\x1b")) << got.out;
    EXPECT_TRUE(got.prints("[" + ping_total + "/" + ping_total + "] 0 failed")) << got.out;
}

// ---- files that cannot be written ----------------------------------------------------------------

TEST(Run, AReportThatCannotBeWrittenIsNoSuccess) {
    for (auto const* option : {"--json", "--junit", "--text", "--write-expected"}) {
        auto const full = wsproof({"test", pings, option, "/dev/full"});
        EXPECT_EQ(full.code, 4) << option;
        EXPECT_TRUE(full.says("cannot write /dev/full: No space left on device")) << full.err;
        auto const nowhere = wsproof({"test", pings, option, "/nonexistent/x"});
        EXPECT_EQ(nowhere.code, 4) << option;
        EXPECT_TRUE(nowhere.says("cannot write /nonexistent/x: No such file")) << nowhere.err;
    }
}

TEST(Run, AFullStandardOutputIsNoSuccess) {
    auto const report = wsproof({"test", pings, "--json", "-"}, {.out_file = "/dev/full"});
    EXPECT_EQ(report.code, 4);
    EXPECT_TRUE(report.says("cannot write -: No space left on device")) << report.err;
    auto const summary = wsproof({"test", pings}, {.out_file = "/dev/full"});
    EXPECT_EQ(summary.code, 4);
    EXPECT_TRUE(summary.says("cannot write -: No space left on device")) << summary.err;
}

TEST(Run, TwoReportsCannotShareStandardOutput) {
    auto const got = wsproof({"test", pings, "--json", "-", "--junit", "-"});
    EXPECT_EQ(got.code, 2);
    EXPECT_TRUE(got.says("only one report can go to standard output")) << got.err;
}

// ---- signals -------------------------------------------------------------------------------------

// Interrupted in the middle of a run that would take minutes.
void expect_interrupted(int signal, std::string const& name) {
    temporary_folder const folder;
    auto const file = folder.file("report.json"), junit = folder.file("junit.xml");
    program run(wsproof_command({"test", pings, "--repeat", "1000", "--polite", "--json", file,
                                 "--junit", junit, "-v"}));
    ASSERT_TRUE(run.has_said("pass  ")) << run.wait().err;
    run.send(signal);
    auto const& end = run.wait();
    EXPECT_EQ(end.code, 4) << end.err;
    EXPECT_TRUE(end.prints("interrupted (" + name + ")")) << end.out;
    auto const report = read_report(file);
    EXPECT_TRUE(report.at("incomplete"));
    EXPECT_EQ(report.at("exit_code"), 4);
    EXPECT_EQ(report.at("problems"), (json{"interrupted (" + name + ")"}));
    EXPECT_GE(report.at("cases").size(), 1U);
    EXPECT_LT(report.at("cases").size(), ping_cases);
    EXPECT_EQ(report.at("cases").at(0).at("overall"), "pass");
    EXPECT_EQ(report.at("selected"), ping_cases);
    EXPECT_NE(text_of_file(junit).find("interrupted"), std::string::npos);
}

TEST(Signals, SigintLeavesAnIncompleteReport) { expect_interrupted(SIGINT, "SIGINT"); }
TEST(Signals, SigtermLeavesAnIncompleteReport) { expect_interrupted(SIGTERM, "SIGTERM"); }

TEST(Signals, DuringTheProbeNothingWasPlayed) {
    std::atomic<bool> reached = false;
    raw_server const silent([&reached](raw_socket& socket, int) {
        reached = true;
        reached.notify_all();
        read_all(socket);
    });
    temporary_folder const folder;
    auto const file = folder.file("report.json");
    program run(wsproof_command({"test", silent.url(), pings, "--json", file}));
    reached.wait(false);
    run.send(SIGTERM);
    EXPECT_EQ(run.wait().code, 4) << run.wait().err;
    auto const report = read_report(file);
    EXPECT_TRUE(report.at("incomplete"));
    EXPECT_EQ(report.at("cases").size(), 0U);
}

// ---- expected results ----------------------------------------------------------------------------

TEST(Expected, WhatWasWrittenMakesTheSameRunGreen) {
    temporary_folder const folder;
    auto const file = folder.file("expected.json");
    auto const faulty = faulty_peer("oversize-ping-answered");
    auto const first = test_with({"rfc6455/5.5", "--write-expected", file}, faulty);
    EXPECT_EQ(first.end.code, 1);
    auto const failed = first.count("fail");
    EXPECT_GT(failed, 0U);
    EXPECT_EQ(json::parse(text_of_file(file)).at("expected").size(), failed);

    auto const green = test_with({"rfc6455/5.5", "--expect", file}, faulty);
    EXPECT_EQ(green.end.code, 0) << green.end.out;
    EXPECT_EQ(green.count("fail"), failed);

    // only some of the cases that it names are played
    EXPECT_EQ(test_with({"rfc6455/5.5.2", "--expect", file}, faulty).end.code, 0);
}

TEST(Expected, ABetterResultIsRedAndSaysWhatToDo) {
    temporary_folder const folder;
    auto const file = folder.file("expected.json");
    test_with({"rfc6455/5.5", "--write-expected", file}, faulty_peer("oversize-ping-answered"));
    auto const better = test_with({"rfc6455/5.5", "--expect", file});
    EXPECT_EQ(better.end.code, 1);
    EXPECT_EQ(better.count("fail"), 0U);
    EXPECT_TRUE(better.end.prints("take it out of the expected results")) << better.end.out;
    std::size_t unexpected = 0;
    for (auto const& each : better.cases()) unexpected += each.at("unexpected") ? 1U : 0U;
    EXPECT_EQ(unexpected, json::parse(text_of_file(file)).at("expected").size());
}

TEST(Expected, APatternThatMatchesNoCaseIsRed) {
    temporary_folder const folder;
    auto const file = folder.write(
        "expected.json",
        R"({ "expected": [{ "case": "rfc6455/5.5.2/gone", "grade": "fail", "reason": "old" }] })");
    auto const got = test_with({pings, "--expect", file});
    EXPECT_EQ(got.end.code, 1);
    EXPECT_NE(got.problems().find("\"rfc6455/5.5.2/gone\" matches no case"), std::string::npos);
}

}  // namespace
}  // namespace wsproof::testing
