#include "run/child_process.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

namespace wsproof {
namespace {

using namespace std::chrono_literals;

// Serves the context until the child has ended by itself.
void until_gone(asio::io_context& context, child_process& child) {
    while (child.running()) context.run_one_for(20ms);
    context.run_for(50ms);
}

bool exists(int pid) {
    if (::kill(pid, 0) != 0) return false;
    std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
    std::string word, state;
    status >> word >> word >> state;
    return state != "Z" && status.good();
}

TEST(ChildProcess, ItsExitStatusAndOutputAreKept) {
    asio::io_context context;
    child_process child(context, {"sh", "-c", "echo to stdout; echo to stderr >&2; exit 3"});
    until_gone(context, child);
    child.stop(1s);
    auto const end = child.end();
    EXPECT_EQ(end.exit_status, 3);
    EXPECT_FALSE(end.by_wsproof);
    EXPECT_EQ(end.output, "to stdout\nto stderr\n");
}

TEST(ChildProcess, ASignalIsNoExitStatus) {
    asio::io_context context;
    child_process child(context, {"sh", "-c", "kill -SEGV $$"});
    until_gone(context, child);
    EXPECT_EQ(child.end().signal, SIGSEGV);
    EXPECT_FALSE(child.end().exit_status);
}

TEST(ChildProcess, OnlyTheEndOfALongOutputIsKept) {
    asio::io_context context;
    child_process child(context, {"sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo last words"});
    until_gone(context, child);
    child.stop(1s);
    auto const end = child.end();
    EXPECT_LE(end.output.size(), 16U * 1024);
    EXPECT_TRUE(end.output.ends_with("last words\n"));
}

TEST(ChildProcess, StopEndsTheWholeGroup) {
    asio::io_context context;
    child_process child(context, {"sh", "-c", "sleep 600 & echo $!; wait"});
    while (child.end().output.find('\n') == std::string::npos) context.run_one();
    int const grandchild = std::stoi(child.end().output);
    EXPECT_TRUE(exists(grandchild));
    child.stop(1s);
    EXPECT_TRUE(child.end().by_wsproof);
    for (int i = 0; i < 200 && exists(grandchild); ++i) context.run_for(10ms);
    EXPECT_FALSE(exists(grandchild));
}

TEST(ChildProcess, WhatIgnoresSigtermIsKilled) {
    asio::io_context context;
    child_process child(context, {"sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"});
    while (child.end().output.find("ready") == std::string::npos) context.run_one();
    child.stop(100ms);
    EXPECT_EQ(child.end().signal, SIGKILL);
}

TEST(ChildProcess, TheDestructorLeavesNothingBehind) {
    asio::io_context context;
    int pid = 0;
    {
        child_process const child(context, {"sleep", "600"});
        pid = child.pid();
        EXPECT_TRUE(exists(pid));
    }
    EXPECT_FALSE(exists(pid));
}

TEST(ChildProcess, AProgramThatIsNotThereThrows) {
    asio::io_context context;
    try {
        child_process const child(context, {"/nonexistent/server"});
        FAIL() << "started a program that is not there";
    } catch (std::runtime_error const& error) {
        EXPECT_STREQ(error.what(), "cannot execute \"/nonexistent/server\": No such file or directory");
    }
}

}  // namespace
}  // namespace wsproof
