#include "run/runner.hpp"

#include <gtest/gtest.h>
#include <algorithm>

#include "cases/registry.hpp"
#include "reference-server/echo_server.hpp"
#include "run/probe.hpp"
#include "testing/raw_server.hpp"

namespace wsproof {
namespace {

using namespace std::chrono_literals;
using testing::raw_server;
using testing::raw_socket;

struct silent_observer final : run_observer {
    void on_probed(target_info const&, std::size_t, std::uint64_t) override {}
    void on_result(case_result const&, std::size_t done, std::size_t) override { results = done; }
    void on_notice(std::string const& text) override { notices.push_back(text); }
    std::size_t results = 0;
    std::vector<std::string> notices;
};

run_options options_for(std::string const& url, std::vector<std::string> const& wanted) {
    static registry const all = built_in_cases();
    run_options out;
    out.where.url = url;
    out.where.limit = 400ms;
    out.all_ids = all.ids();
    out.case_set = "test";
    std::vector<diagnostic> mistakes;
    selection chosen;
    chosen.cases = wanted;
    out.cases = all.select(chosen, mistakes);
    std::erase_if(out.cases, [](test_case const& each) { return std::ranges::find(each.roles, role::server) == each.roles.end(); });
    out.seed = 42;
    return out;
}

run_result run_all(run_options options) {
    silent_observer observer;
    std::vector<diagnostic> mistakes;
    auto out = run(std::move(options), observer, mistakes);
    for (auto const& each : mistakes) ADD_FAILURE() << describe(each);
    return out;
}

echo_server& reference() {
    static auto const server = [] {
        echo_options options;
        options.port = 0;
        auto out = std::make_unique<echo_server>(options);
        out->start();
        return out;
    }();
    return *server;
}
std::string reference_url() { return "ws://127.0.0.1:" + std::to_string(reference().port()) + "/echo"; }

TEST(Runner, PlaysASelectionAgainstTheReferenceServer) {
    auto const got = run_all(options_for(reference_url(), {"rfc6455/5.5.2"}));
    EXPECT_EQ(got.exit_code, 0);
    EXPECT_GT(got.results.size(), 5U);
    EXPECT_EQ(got.results.size(), got.selected);
    EXPECT_EQ(count(got, grade::fail) + count(got, grade::error), 0U);
    EXPECT_TRUE(got.target.probe.echoes_text && got.target.probe.echoes_binary && got.target.probe.deflate);
    EXPECT_EQ(got.target.probe.message_limit, 1U << 20U);
    EXPECT_GT(got.target.probe.round_trip.count(), 0);
}

TEST(Runner, ResultsComeInTheOrderOfTheRegistry) {
    auto const options = options_for(reference_url(), {"rfc6455/5.4"});
    auto const got = run_all(options);
    ASSERT_EQ(got.results.size(), options.cases.size());
    for (std::size_t i = 0; i < got.results.size(); ++i) EXPECT_EQ(got.results[i].played.id, options.cases[i].id);
}

TEST(Runner, RepeatsAreComparedAndTheSame) {
    auto options = options_for(reference_url(), {"rfc6455/5.5"});
    options.repeat = 3;
    auto const got = run_all(options);
    EXPECT_EQ(got.exit_code, 0);
    for (auto const& each : got.results) EXPECT_EQ(each.repeats.size(), 3U);
}

TEST(Runner, AVerdictThatChangesIsAProblem) {
    std::atomic<int> opened = 0;
    raw_server const moody([&opened](raw_socket& socket, int) {
        if (!testing::open_websocket(socket)) return;
        boost::system::error_code error;
        std::array<std::uint8_t, 1024> into{};
        bool const answer = ++opened % 2 == 0;
        frame_reader reader(1024);
        while (!error) {
            reader.feed(octets_view(into.data(), socket.read_some(boost::asio::buffer(into), error)));
            while (auto each = reader.next()) {
                if (each->header.op == opcode::text || !answer) continue;
                auto const op = each->header.op == opcode::ping ? opcode::pong : each->header.op;
                boost::asio::write(socket, boost::asio::buffer(make_frame(op, each->payload, {})), error);
                if (op == opcode::close) return;
            }
        }
    });
    auto options = options_for(moody.url(), {"rfc6455/5.5.2/empty-ping"});
    ASSERT_EQ(options.cases.size(), 1U);
    options.where.limit = 150ms;
    options.concurrency = 1;
    options.repeat = 4;
    auto const got = run_all(options);
    EXPECT_EQ(got.exit_code, 1);
    ASSERT_FALSE(got.problems.empty());
    EXPECT_NE(got.problems.front().find("changed between repeats"), std::string::npos) << got.problems.front();
}

// ---- targets that cannot be tested ---------------------------------------------------------------

struct bad_target {
    char const* name;
    raw_server::behaviour act;
    char const* words;
};

TEST(Runner, TargetsThatCannotBePlayedAgainstAreNamed) {
    auto const say = [](std::string text) {
        return [text](raw_socket& socket, int) {
            boost::system::error_code error;
            std::array<char, 4096> request{};
            socket.read_some(boost::asio::buffer(request), error);
            boost::asio::write(socket, boost::asio::buffer(text), error);
        };
    };
    bad_target const table[] = {
        {"no HTTP", say("SSH-2.0-OpenSSH_9.2\r\n"), "does not answer the opening handshake in HTTP"},
        {"garbage", say(std::string("\x00\xff\x1b[2J\r\n\r\n", 10)), "does not answer the opening handshake in HTTP"},
        {"silence", [](raw_socket& socket, int) { testing::read_all(socket); }, "does not answer the opening handshake"},
        {"closes", [](raw_socket&, int) {}, "does not answer the opening handshake in HTTP: TCP"},
        {"not found", say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), "status 404 instead of 101; check the path"},
        {"redirect", say("HTTP/1.1 301 Moved\r\nLocation: wss://x/\r\n\r\n"), "it redirects to \"wss://x/\""},
    };
    for (auto const& each : table) {
        raw_server const server(each.act);
        auto const got = run_all(options_for(server.url(), {"rfc6455/5.5.2"}));
        EXPECT_EQ(got.exit_code, 3) << each.name;
        EXPECT_TRUE(got.incomplete) << each.name;
        EXPECT_NE(got.target.probe.problem.find(each.words), std::string::npos) << each.name << ": " << got.target.probe.problem;
    }
}

TEST(Runner, AnUnreachableHostIsNamed) {
    auto const got = run_all(options_for("ws://127.0.0.1:" + std::to_string(free_port()) + "/", {"rfc6455/5.5.2"}));
    EXPECT_EQ(got.exit_code, 3);
    EXPECT_NE(got.target.probe.problem.find("Connection refused"), std::string::npos);
}

TEST(Runner, AWrongAcceptIsAFailAndNoReasonToStop) {
    raw_server const wrong([](raw_socket& socket, int) {
        boost::system::error_code error;
        std::array<char, 4096> request{};
        socket.read_some(boost::asio::buffer(request), error);
        std::string const text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n";
        boost::asio::write(socket, boost::asio::buffer(text), error);
        testing::read_all(socket);
    });
    auto const got = run_all(options_for(wrong.url(), {"rfc6455/5.5.2/empty-ping"}));
    EXPECT_EQ(got.exit_code, 1);
    ASSERT_EQ(got.results.size(), 1U);
    EXPECT_EQ(got.results[0].verdict.clause, "6455-4.2.2-23");
}

// ---- targets that die ------------------------------------------------------------------------------

// Answers Pings and Closes; a frame with a reserved opcode ends the server for good.
class mortal_server {
public:
    mortal_server() : server_([this](raw_socket& socket, int) { serve(socket); }) {}
    std::string url() const { return server_.url(); }

private:
    void serve(raw_socket& socket) {
        if (dead_ || !testing::open_websocket(socket)) return;
        boost::system::error_code error;
        std::array<std::uint8_t, 4096> into{};
        frame_reader reader(1U << 20U);
        while (!error && !dead_) {
            reader.feed(octets_view(into.data(), socket.read_some(boost::asio::buffer(into), error)));
            while (auto each = reader.next()) {
                if (is_reserved(each->header.op)) {
                    dead_ = true;
                    return server_.die();
                }
                if (!is_control(each->header.op)) continue;
                auto const op = each->header.op == opcode::ping ? opcode::pong : each->header.op;
                boost::asio::write(socket, boost::asio::buffer(make_frame(op, each->payload, {})), error);
                if (op == opcode::close) return;
            }
        }
    }
    std::atomic<bool> dead_ = false;
    raw_server server_;
};

TEST(Runner, ADeadTargetMakesTheRunIncompleteAndNamesTheCase) {
    mortal_server const server;
    auto options = options_for(server.url(), {"rfc6455/5.2"});
    options.concurrency = 1;
    auto const got = run_all(options);
    EXPECT_EQ(got.exit_code, 4);
    EXPECT_TRUE(got.incomplete);
    EXPECT_LT(got.results.size(), got.selected);
    auto const killer = std::ranges::find_if(got.results, [](case_result const& each) {
        return each.verdict.reason.find("the target died of this case") != std::string::npos;
    });
    ASSERT_NE(killer, got.results.end());
    EXPECT_EQ(killer->verdict.grade, grade::fail);
}

// ---- commands ---------------------------------------------------------------------------------------

TEST(Runner, ACommandThatEndsAtOnceIsQuoted) {
    auto options = options_for("", {"rfc6455/5.5.2"});
    options.command = {"sh", "-c", "echo no such option >&2; exit 9"};
    auto const got = run_all(options);
    EXPECT_EQ(got.exit_code, 3);
    EXPECT_NE(got.target.probe.problem.find("ended before it listened"), std::string::npos) << got.target.probe.problem;
    EXPECT_NE(got.target.probe.problem.find("status 9"), std::string::npos);
    ASSERT_TRUE(got.child);
    EXPECT_EQ(got.child->output, "no such option\n");
}

TEST(Runner, ACommandThatNeverListensIsStopped) {
    auto options = options_for("", {"rfc6455/5.5.2"});
    options.command = {"sleep", "600"};
    options.start_limit = 200ms;
    auto const got = run_all(options);
    EXPECT_EQ(got.exit_code, 3);
    EXPECT_NE(got.target.probe.problem.find("does not listen"), std::string::npos);
    ASSERT_TRUE(got.child);
    EXPECT_TRUE(got.child->by_wsproof);
}

// A server in Python's standard library that dies of a reserved opcode, like mortal_server.
constexpr char const* mortal_command = R"(
import base64, hashlib, os, socket, sys, threading
listener = socket.create_server(('127.0.0.1', int(sys.argv[1])), backlog=64)
def serve(peer):
    try:
        head = b''
        while b'\r\n\r\n' not in head:
            got = peer.recv(65536)
            if not got: return
            head += got
        head, data = head.split(b'\r\n\r\n', 1)
        key = next((l.split(b':')[1].strip() for l in head.split(b'\r\n') if l.lower().startswith(b'sec-websocket-key')), b'')
        accept = base64.b64encode(hashlib.sha1(key + b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest())
        peer.sendall(b'HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ' + accept + b'\r\n\r\n')
        while True:
            while len(data) < 6 or len(data) < 6 + (data[1] & 127):
                got = peer.recv(65536)
                if not got: return
                data += got
            op, size = data[0] & 15, data[1] & 127
            body = bytes(b ^ data[2 + i % 4] for i, b in enumerate(data[6:6 + size]))
            data = data[6 + size:]
            if 2 < op < 8 or op > 10: print('opcode', op, flush=True); os._exit(7)
            if op > 7: peer.sendall(bytes([0x80 | (10 if op == 9 else op), len(body)]) + body)
            if op == 8: return
    except OSError: pass
    finally: peer.close()
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
)";

TEST(Runner, ACommandThatDiesIsStartedAgainAndTheCulpritsAreFound) {
    auto options = options_for("", {"rfc6455/5.5.2/empty-ping", "rfc6455/5.5.2/text-ping", "rfc6455/5.2/opcode-3", "rfc6455/5.2/opcode-4"});
    options.command = {"python3", "-c", mortal_command, "{port}"};
    options.where.limit = 5s;  // an interpreter on a busy machine
    auto const got = run_all(options);
    EXPECT_EQ(got.exit_code, 1);
    EXPECT_FALSE(got.incomplete);
    ASSERT_EQ(got.results.size(), options.cases.size());
    for (auto const& each : got.results) {
        bool const deadly = each.played.id.starts_with("rfc6455/5.2");
        EXPECT_EQ(each.verdict.grade, deadly ? grade::fail : grade::pass) << each.played.id << ": " << each.verdict.reason;
        if (deadly) {
            EXPECT_TRUE(each.verdict.reason.starts_with("the target died of this case: it exited with status 7; "
                                                        "its last words: \"opcode ")) << each.verdict.reason;
        }
    }
}

TEST(Runner, ACommandThatIsNoProgramIsNamed) {
    auto options = options_for("", {"rfc6455/5.5.2"});
    options.command = {"/nonexistent/server", "{port}"};
    auto const got = run_all(options);
    EXPECT_EQ(got.exit_code, 3);
    EXPECT_NE(got.target.probe.problem.find("cannot execute \"/nonexistent/server\""), std::string::npos);
}

// ---- needs ------------------------------------------------------------------------------------------

TEST(Needs, WhatTheTargetLacksIsSaid) {
    probe_facts facts;
    test_case wanted;
    wanted.needs = {"echo"};
    send_frame frame;
    frame.data = payload::repeat("x", 100000);
    wanted.steps = {frame};
    EXPECT_EQ(missing_need(wanted, facts), "the target does not echo text messages");
    facts.echoes_text = true;
    facts.message_limit = 65536;
    EXPECT_EQ(missing_need(wanted, facts), "the target does not echo messages of 100000 octets");
    facts.message_limit = 1U << 20U;
    EXPECT_FALSE(missing_need(wanted, facts));
    wanted.needs = {"deflate"};
    EXPECT_TRUE(missing_need(wanted, facts));
    wanted.needs = {"subprotocol"};
    EXPECT_TRUE(missing_need(wanted, facts));
    EXPECT_GE(watch_time(facts), 400ms);
    facts.round_trip = 1h;
    EXPECT_EQ(watch_time(facts), 2s);
}

}  // namespace
}  // namespace wsproof
