// `wsproof test -- COMMAND`: servers that wsproof starts, watches and stops.
#include "cli/cli_testing.hpp"

namespace wsproof::testing {
namespace {

// `exec` keeps the pid that the shell printed.
words shell(std::string const& script) { return {"/bin/sh", "-c", script}; }

std::string const echo = std::string("exec ") + WSPROOF_PROGRAM + " echo --port {port}";

std::string output_of(tested const& run) { return run.report.at("child").at("output"); }

int first_number_in(std::string const& text) { return std::atoi(text.c_str()); }

bool is_gone(int pid) { return pid > 1 && ends_within(pid, std::chrono::seconds(10)); }

TEST(Command, IsStartedOnAFreePortAndStoppedInOrder) {
    auto const got = test_with({pings}, shell("echo $$; " + echo));
    EXPECT_EQ(got.end.code, 0) << got.end.err;
    EXPECT_EQ(got.count("pass"), ping_cases);
    auto const& child = got.report.at("child");
    EXPECT_TRUE(child.at("by_wsproof"));
    EXPECT_EQ(child.at("exit_status"), 0);
    EXPECT_TRUE(is_gone(first_number_in(output_of(got))));
    auto const port = got.target().at("url").get<std::string>().substr(15);
    EXPECT_NE(got.target().at("command").get<std::string>().find("--port " + port.substr(0, port.find('/'))),
              std::string::npos)
        << got.target();
}

TEST(Command, WhatItStartedItselfIsStoppedToo) {
    auto const got = test_with({pings}, shell("sleep 600 & echo $!; " + echo));
    EXPECT_EQ(got.end.code, 0) << got.end.err;
    EXPECT_TRUE(is_gone(first_number_in(output_of(got))));
}

TEST(Command, PathAndPortOfTheUrlAreUsed) {
    auto const got = test_with({"ws://localhost:{port}/chat?room=1", one_ping}, shell(echo));
    EXPECT_EQ(got.end.code, 0) << got.end.err;
    auto const url = got.target().at("url").get<std::string>();
    EXPECT_TRUE(url.ends_with("/chat?room=1")) << url;
    EXPECT_EQ(url.find('{'), std::string::npos) << url;
}

TEST(Command, ThatEndsAtOnceIsQuoted) {
    auto const got = test_with({pings}, shell("echo unknown option >&2; exit 9"));
    EXPECT_EQ(got.end.code, 3);
    auto const problem = got.probe().at("problem").get<std::string>();
    EXPECT_NE(problem.find("the command ended before it listened"), std::string::npos) << problem;
    EXPECT_NE(problem.find("status 9"), std::string::npos) << problem;
    EXPECT_EQ(output_of(got), "unknown option\n");
    EXPECT_TRUE(got.end.prints("unknown option")) << got.end.out;
    EXPECT_TRUE(got.report.at("incomplete"));
}

TEST(Command, ThatNeverListensIsStopped) {
    auto const got = test_with({pings, "--start-timeout", "0.3"}, shell("echo $$; exec sleep 600"));
    EXPECT_EQ(got.end.code, 3);
    EXPECT_TRUE(got.end.prints("within 300 ms")) << got.end.out;
    EXPECT_TRUE(got.report.at("child").at("by_wsproof"));
    EXPECT_TRUE(is_gone(first_number_in(output_of(got))));
}

TEST(Command, ThatIsNoProgramIsNamed) {
    auto const got = test_with({pings}, {"/nonexistent/server", "{port}"});
    EXPECT_EQ(got.end.code, 3);
    EXPECT_TRUE(got.end.prints("cannot execute \"/nonexistent/server\": No such file or directory"))
        << got.end.out;
}

// ---- crashes -------------------------------------------------------------------------------------

TEST(Command, ThatCrashesIsStartedAgainAndTheCaseIsNamed) {
    auto const crashed = test_with({"rfc6455/5.4/continuation-first", "rfc6455/5.4/continuation-alone",
                                    "rfc6455/5.4/ping-between-fragments", pings},
                                   faulty_peer("dies-on-stray-continuation"));
    EXPECT_EQ(crashed.end.code, 1) << crashed.end.err;
    EXPECT_FALSE(crashed.report.at("incomplete"));
    EXPECT_EQ(crashed.report.at("selected"), crashed.cases().size());
    std::size_t killers = 0;
    for (auto const& each : crashed.cases()) {
        auto const reason = each.at("reason").get<std::string>();
        if (reason.find("the target died of this case") == std::string::npos) continue;
        ++killers;
        EXPECT_EQ(each.at("grade"), "fail");
        EXPECT_NE(reason.find("it was ended by signal 6"), std::string::npos) << reason;
        EXPECT_NE(each.dump().find("these are my last words"), std::string::npos)
            << "the output of the server that crashed is lost";
    }
    EXPECT_EQ(killers, 2U);
    EXPECT_EQ(crashed.count("pass"), ping_cases + 1);
}

TEST(Command, ThatCannotBeStartedAgainLeavesAnIncompleteReport) {
    temporary_folder const folder;
    auto const script = "mkdir " + folder.file("started") + " || { echo only once; exit 5; }; exec " +
                        WSPROOF_FAULTY_PEER + " {port} dies-on-stray-continuation";
    auto const got = test_with({"rfc6455/5.4", "--concurrency", "1"}, shell(script));
    EXPECT_EQ(got.end.code, 4) << got.end.err;
    EXPECT_TRUE(got.report.at("incomplete"));
    EXPECT_LT(got.cases().size(), got.report.at("selected"));
    EXPECT_NE(got.problems().find("the target no longer answers"), std::string::npos) << got.problems();
    EXPECT_EQ(got.report.at("child").at("exit_status"), 5);
    EXPECT_NE(output_of(got).find("only once\n"), std::string::npos) << output_of(got);
}

// A crash that no single case brings about again is a crash all the same.
TEST(Command, ACrashThatDoesNotHappenAgainIsStillRed) {
    temporary_folder const folder;
    auto const script = "mkdir " + folder.file("started") + " && exec " + WSPROOF_FAULTY_PEER +
                        " {port} dies-on-stray-continuation; " + echo;
    auto const got = test_with({"rfc6455/5.4"}, shell(script));
    EXPECT_EQ(got.end.code, 1) << got.end.out;
    EXPECT_NE(got.problems().find("died"), std::string::npos) << got.problems();
}

// ---- signals -------------------------------------------------------------------------------------

void expect_child_gone_behind(int signal) {
    temporary_folder const folder;
    auto const pid_file = folder.file("pid");
    auto arguments = wsproof_command({"test", pings, "--repeat", "1000", "--polite", "-v", "--"});
    for (auto const& word : shell("echo $$ > " + pid_file + "; " + echo)) arguments.push_back(word);
    program run(arguments);
    ASSERT_TRUE(run.has_said("pass  ")) << run.wait().err;
    run.send(signal);
    auto const& end = run.wait();
    EXPECT_EQ(end.signal == 0 ? end.code : end.signal, signal == SIGKILL ? SIGKILL : 4);
    EXPECT_TRUE(is_gone(first_number_in(text_of_file(pid_file))));
}

TEST(Command, IsStoppedWhenTheRunIsInterrupted) { expect_child_gone_behind(SIGINT); }
TEST(Command, IsStoppedWhenTheRunIsTerminated) { expect_child_gone_behind(SIGTERM); }
TEST(Command, EndsEvenWhenWsproofIsKilled) { expect_child_gone_behind(SIGKILL); }

TEST(Command, TheReplayCommandStartsItAgain) {
    auto const got = test_with({one_ping, "--timeout", "0.3"}, faulty_peer("no-pong"));
    EXPECT_EQ(got.end.code, 1);
    auto const replay = got.of(one_ping).at("replay").get<std::string>();
    EXPECT_NE(replay.find("{port}"), std::string::npos)
        << "the port of this run means nothing in the next: " << replay;
}

// ---- what a command takes ------------------------------------------------------------------------

TEST(Command, IsWatchedInTheCasesThatRunAlone) {
    std::string const alone = "rfc6455/10.4/handshake-of-3000-fields";
    auto const got = test_with({one_ping, alone}, shell(echo));
    EXPECT_EQ(got.end.code, 0) << got.end.err;
    EXPECT_FALSE(got.of(one_ping).contains("resources"));
    ASSERT_TRUE(got.of(alone).contains("resources")) << got.of(alone);
    EXPECT_GE(got.of(alone).at("resources").at("memory"), 0);
}

TEST(Command, OfSomebodyElseIsWatchedByItsNumber) {
    program server(wsproof_command({"echo", "--port", "0"}));
    ASSERT_TRUE(server.has_said("/echo\n"));
    auto const said = server.said();
    auto const url = said.substr(said.find("ws://"), said.find("/echo") - said.find("ws://")) + "/echo";
    auto const got = test_with({url, "rfc6455/10.4/handshake-of-3000-fields", "--pid", std::to_string(server.pid())});
    EXPECT_EQ(got.end.code, 0) << got.end.err;
    EXPECT_TRUE(got.of("rfc6455/10.4/handshake-of-3000-fields").contains("resources"));
}

// ---- cuts ----------------------------------------------------------------------------------------

TEST(Command, IsPlayedAgainstWithEveryCut) {
    words const selection{one_ping, "--timeout", "0.5"};
    auto whole = selection, cuts = selection;
    cuts.insert(cuts.end(), {"--segments", "cuts"});
    EXPECT_EQ(test_with(whole, faulty_peer("header-split-breaks")).end.code, 0);
    EXPECT_EQ(test_with(cuts, shell(echo)).end.code, 0);
    auto const got = test_with(cuts, faulty_peer("header-split-breaks"));
    EXPECT_EQ(got.end.code, 1) << got.end.out;
    EXPECT_TRUE(got.of(one_ping).at("reason").get<std::string>().starts_with("cut behind octet "));
    EXPECT_NE(got.of(one_ping).at("replay").get<std::string>().find(" --segments cut:"), std::string::npos);
}

}  // namespace
}  // namespace wsproof::testing
