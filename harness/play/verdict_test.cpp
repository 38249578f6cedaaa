#include "play/verdict.hpp"

#include <gtest/gtest.h>

#include "play/matcher.hpp"
#include "testing/scripted_peer.hpp"
#include "testing/virtual_link.hpp"
#include "wire/close.hpp"

namespace wsproof {
namespace {

using testing::play_against;
using testing::scripted_peer;

send_frame frame_of(opcode op, std::string_view data) {
    send_frame out;
    out.op = op;
    out.data = payload::of(data);
    return out;
}
octets text(std::string_view data) { return make_frame(opcode::text, view_of(data), {}); }
octets pong(std::string_view data) { return make_frame(opcode::pong, view_of(data), {}); }
octets close(std::uint16_t code, std::string_view reason = "") { return make_frame(opcode::close, write_close(code, reason), {}); }
octets operator+(octets a, octets const& b) {
    append(a, b);
    return a;
}
expectation seen(auto what, bool optional = false) { return {what, optional}; }
see_close codes(std::uint32_t first, std::uint32_t last = 0) { return {{{first, last == 0 ? first : last}}, false, false}; }

class Verdict : public ::testing::Test {
protected:
    Verdict() {
        played.id = "test/case";
        played.clauses = {"6455-5.6-2"};
        peer.close_at_end = true;
    }
    verdict play() { return judge(played, play_against(played, settings, peer)); }
    void expect_echo() {
        played.steps = {frame_of(opcode::text, "hi"), await_step{}};
        played.outcomes = {{grade::pass, {seen(see_echo{})}, {}, ""}};
    }

    test_case played;
    scripted_peer peer;
    play_settings settings;
};

TEST_F(Verdict, AnEchoAndACleanCloseIsAPass) {
    expect_echo();
    peer.replies = {text("hi"), close(1000)};
    auto const got = play();
    EXPECT_EQ(got.grade, grade::pass);
    EXPECT_EQ(got.close_grade, grade::pass);
    EXPECT_EQ(overall(got), grade::pass);
}

TEST_F(Verdict, SurplusMessagesFail) {
    expect_echo();
    peer.replies = {text("hi"), text("hi") + close(1000)};
    auto const got = play();
    EXPECT_EQ(got.grade, grade::fail);
    EXPECT_EQ(got.clause, "6455-5.6-2");
    EXPECT_NE(got.reason.find("expected the echo; observed"), std::string::npos) << got.reason;
}

TEST_F(Verdict, WrongTypeOrContentFails) {
    expect_echo();
    peer.replies = {make_frame(opcode::binary, view_of("hi"), {}), close(1000)};
    EXPECT_EQ(play().grade, grade::fail);
    scripted_peer other;
    other.replies = {text("hj"), close(1000)};
    other.close_at_end = true;
    EXPECT_EQ(judge(played, play_against(played, settings, other)).grade, grade::fail);
}

TEST_F(Verdict, PingsAndUnaskedPongsArePassedOver) {
    expect_echo();
    peer.replies = {make_frame(opcode::ping, view_of("x"), {}) + pong("heartbeat") + text("hi"), octets{}, close(1000)};
    // the answer to the peer's Ping takes one reply
    EXPECT_EQ(play().grade, grade::pass);
}

// What a large request asked for is read from all of it, however it was cut.
TEST_F(Verdict, ALargeRequestInPiecesIsAnsweredRightly) {
    open_step open;
    open.request.lines = {payload::repeat("X-Fill: aaaaaaaa", 300000)};
    played.steps = {open};
    played.segmentation = {segmentation::kind::every, 997};
    played.outcomes = {{grade::pass, {seen(see_response{})}, {}, ""}};
    peer.replies = {close(1000)};
    auto const got = play();
    EXPECT_EQ(got.grade, grade::pass) << got.reason;
}

// A peer that drops part of what came too early may read the rest out of step.
TEST_F(Verdict, HowAPeerClosesBehindEarlyFramesIsNotJudged) {
    open_step open;
    open.request.go_on = true;
    played.steps = {open, frame_of(opcode::text, "hi"), await_step{}};
    played.outcomes = {{grade::pass, {seen(see_silence{})}, {}, ""}};
    peer.replies = {octets{}};
    auto const got = play();
    EXPECT_EQ(got.close_grade, grade::info) << got.close_reason;
}

TEST_F(Verdict, AMessageThatComesDuringTheClosingIsToldOf) {
    played.steps = {frame_of(opcode::text, "hi")};
    played.outcomes = {{grade::pass, {}, {}, ""}};
    peer.replies = {octets{}, text("late") + close(1000)};
    auto const got = play();
    EXPECT_EQ(got.grade, grade::fail);
    EXPECT_NE(got.observed.find("late"), std::string::npos) << got.observed;
}

// Every Pong may be the answer or one too many: looking for the right choice must not take for ever.
TEST_F(Verdict, AHundredWrongPongsAreJudgedAtOnce) {
    octets pongs;
    outcome all{grade::pass, {}, {}, ""};
    for (int i = 0; i < 100; ++i) {
        played.steps.emplace_back(frame_of(opcode::ping, "ping " + std::to_string(i)));
        all.see.push_back(seen(see_pong{}));
        append(pongs, pong("ping"));
    }
    played.steps.emplace_back(await_step{await_step::what::pong});
    played.outcomes = {all, {grade::info, {seen(see_pong{}), seen(see_silence{})}, {}, "one"}};
    peer.replies = {pongs, close(1000)};
    EXPECT_EQ(play().grade, grade::fail);
}

TEST_F(Verdict, ABreachFailsWhateverElseCame) {
    expect_echo();
    peer.replies = {make_frame(opcode::text, view_of("hi"), masking_key{1, 2, 3, 4}), close(1000)};
    auto const got = play();
    EXPECT_EQ(got.grade, grade::fail);
    EXPECT_EQ(got.clause, "6455-5.1-5");
    EXPECT_NE(got.reason.find("must not mask"), std::string::npos);
}

TEST_F(Verdict, ASilentPeerFailsAndACrashIsNoRefusal) {
    played.tags = {"hostile"};
    played.steps = {frame_of(opcode{3}, ""), fence_step{}};
    played.outcomes = {{grade::pass, {seen(codes(1002)), seen(see_end{}, true)}, {}, ""},
                       {grade::non_strict, {seen(see_end{})}, {}, "no Close"}};
    peer.close_at_end = false;
    EXPECT_EQ(play().grade, grade::fail);
    scripted_peer refuses;
    refuses.replies = {close(1002)};
    refuses.close_at_end = true;
    auto const good = judge(played, play_against(played, settings, refuses));
    EXPECT_EQ(good.grade, grade::pass);
    EXPECT_EQ(good.close_grade, grade::pass);
    scripted_peer vanishes;
    vanishes.replies = {octets{}};
    vanishes.reset_at_end = true;
    auto const gone = judge(played, play_against(played, settings, vanishes));
    EXPECT_EQ(gone.grade, grade::non_strict);
    EXPECT_EQ(gone.close_grade, grade::non_strict);
}

TEST_F(Verdict, AnAnsweredFenceShowsThatThePeerWentOn) {
    played.steps = {frame_of(opcode{3}, ""), fence_step{}};
    played.outcomes = {{grade::pass, {seen(codes(1002)), seen(see_end{}, true)}, {}, ""}};
    player dry(played, settings);  // the nonce follows from the seed
    struct ponging : scripted_peer {
        void on_octets(octets_view data) {
            bool const opened = !request().empty();
            scripted_peer::on_octets(data);
            if (!opened) return;
            frame_reader reader(1000);
            reader.feed(data);
            while (auto each = reader.next()) {
                if (each->header.op == opcode::ping) extra = make_frame(opcode::pong, each->payload, {});
                if (each->header.op == opcode::close) extra = close(1000);
            }
        }
        octets take_output() { return extra.empty() ? scripted_peer::take_output() : std::exchange(extra, {}); }
        octets extra;
    } on;
    auto const got = judge(played, play_against(played, settings, on));
    EXPECT_EQ(got.grade, grade::fail);
    EXPECT_NE(got.observed.find("pong of the fence"), std::string::npos) << got.observed;
}

struct closing_case {
    char const* name;
    std::vector<octets> replies;
    bool fin, reset;
    grade wanted;
};

TEST_F(Verdict, TheCloseIsGradedApart) {
    expect_echo();
    closing_case const table[] = {
        {"answered", {text("hi"), close(1000)}, true, false, grade::pass},
        {"with a reason", {text("hi"), close(1000, "bye")}, true, false, grade::pass},
        {"other code", {text("hi"), close(1001)}, true, false, grade::non_strict},
        {"without code", {text("hi"), make_frame(opcode::close, {}, {})}, true, false, grade::non_strict},
        {"reset", {text("hi"), close(1000)}, false, true, grade::non_strict},
        {"TCP stays", {text("hi"), close(1000)}, false, false, grade::fail},
        {"no answer", {text("hi"), octets{}}, true, false, grade::fail},
        {"silence", {text("hi")}, false, false, grade::fail},
    };
    for (auto const& each : table) {
        scripted_peer one;
        one.replies = each.replies;
        one.close_at_end = each.fin;
        one.reset_at_end = each.reset;
        auto const got = judge(played, play_against(played, settings, one));
        EXPECT_EQ(got.close_grade, each.wanted) << each.name << ": " << got.close_reason;
        EXPECT_EQ(got.grade, grade::pass) << each.name << ": " << got.reason;
    }
}

TEST_F(Verdict, ForbiddenCodesInTheAnswerFail) {
    expect_echo();
    peer.replies = {text("hi"), close(1005)};
    auto const got = play();
    EXPECT_EQ(got.grade, grade::fail);
    EXPECT_EQ(got.clause, "6455-7.4.1-8");
}

TEST_F(Verdict, AHandshakeThatDoesNotOpenIsAnErrorOfOtherCases) {
    expect_echo();
    peer.response = "HTTP/1.1 503 Busy\r\n\r\n";
    auto const got = play();
    EXPECT_EQ(got.grade, grade::error);
    EXPECT_NE(got.reason.find("503"), std::string::npos);
}

TEST_F(Verdict, AnInvalid101IsAFailEverywhere) {
    expect_echo();
    peer.response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n";
    auto const got = play();
    EXPECT_EQ(got.grade, grade::fail);
    EXPECT_EQ(got.clause, "6455-4.2.2-23");
}

TEST_F(Verdict, HandshakeCasesLookAtTheResponse) {
    played.steps = {open_step{}};
    played.outcomes = {{grade::pass, {seen(see_response{{{400, 400}}, {}, {}, false})}, {}, ""},
                       {grade::info, {seen(see_response{{{426, 426}}, {{"Upgrade", field_condition::test::lists, "websocket"}}, {}, false})}, {}, "x"}};
    peer.response = "HTTP/1.1 400 Bad Request\r\n\r\n";
    EXPECT_EQ(play().grade, grade::pass);
    scripted_peer other;
    other.response = "HTTP/1.1 426 Upgrade Required\r\nUpgrade: foo, WebSocket\r\n\r\n";
    EXPECT_EQ(judge(played, play_against(played, settings, other)).grade, grade::info);
    scripted_peer wrong;
    wrong.response = "HTTP/1.1 426 Upgrade Required\r\n\r\n";
    EXPECT_EQ(judge(played, play_against(played, settings, wrong)).grade, grade::fail);
}

TEST_F(Verdict, ByLooksNoFurtherThanItsStep) {
    played.steps = {frame_of(opcode::ping, "1"), await_step{await_step::what::pong}, frame_of(opcode::text, "hi"), await_step{}};
    played.outcomes = {{grade::pass, {seen(see_pong{})}, 2, ""}};
    peer.replies = {pong("1"), text("other"), close(1000)};
    EXPECT_EQ(play().grade, grade::pass);
    scripted_peer late;
    late.replies = {octets{}, pong("1") + text("hi"), close(1000)};
    late.close_at_end = true;
    EXPECT_EQ(judge(played, play_against(played, settings, late)).grade, grade::fail);
}

TEST_F(Verdict, PongsMayBeLeftOutOnlyWhereTheOutcomeSaysSo) {
    played.steps = {frame_of(opcode::ping, "1"), frame_of(opcode::ping, "2"), await_step{await_step::what::pong}};
    played.outcomes = {{grade::pass, {seen(see_pong{}), seen(see_pong{})}, {}, ""},
                       {grade::info, {seen(see_pong{payload::of("2")})}, {}, "latest"}};
    peer.replies = {pong("1") + pong("2"), close(1000)};
    EXPECT_EQ(play().grade, grade::pass);
    scripted_peer latest;
    latest.replies = {pong("2"), close(1000)};
    latest.close_at_end = true;
    EXPECT_EQ(judge(played, play_against(played, settings, latest)).grade, grade::info);
    scripted_peer turned;
    turned.replies = {pong("2") + pong("1"), close(1000)};
    turned.close_at_end = true;
    EXPECT_EQ(judge(played, play_against(played, settings, turned)).grade, grade::fail);
}

TEST_F(Verdict, MessagesOfATargetThatDoesNotEchoArePassedOver) {
    settings.echoes = false;
    played.steps = {frame_of(opcode::pong, "x"), frame_of(opcode::ping, "p"), await_step{await_step::what::pong}};
    played.outcomes = {{grade::pass, {seen(see_pong{})}, {}, ""}};
    peer.replies = {text("news") + pong("p"), text("more") + close(1000)};
    EXPECT_EQ(play().grade, grade::pass);
}

TEST_F(Verdict, AStoredTraceIsJudgedTheSameAgain) {
    expect_echo();
    peer.replies = {text("hi"), close(1001)};
    auto const log = play_against(played, settings, peer);
    auto const first = judge(played, log);
    auto const again = judge(played, log);
    EXPECT_EQ(first.close_reason, again.close_reason);
    EXPECT_EQ(first.grade, again.grade);
}

TEST(Trace, SecretsAreBlottedOutAcrossWrites) {
    trace log;
    for (auto const* part : {"Cookie: se", "cr", "et\r\n"}) {
        trace_entry entry;
        entry.what = trace_entry::kind::sent;
        entry.data = to_octets(part);
        log.entries.push_back(entry);
    }
    log.blot_out("secret");
    EXPECT_EQ(as_text(log.entries[0].data), "Cookie: **");
    EXPECT_EQ(as_text(log.entries[1].data), "**");
    EXPECT_EQ(as_text(log.entries[2].data), "**\r\n");
}

TEST(Event, OctetsOfAPeerAreShownSafely) {
    EXPECT_EQ(describe_octets(view_of("\x1b[31m\"")), "\"\\x1b[31m\\x22\"");
    EXPECT_EQ(describe_octets(*parse_hex("ff00")), "hex ff00");
    EXPECT_EQ(describe_octets(to_octets(std::string(50, 'a')), 10), "\"aaaaaaaaaa\"…");
    EXPECT_EQ(describe_octets(view_of("aaaaaaaaa\xc3\xbc"), 10), "\"aaaaaaaaa\"…");
}

TEST(Trace, IsShortenedFromItsEndAndSaysByHowMuch) {
    trace log;
    auto const add = [&log](trace_entry::kind what, std::size_t size) {
        trace_entry entry;
        entry.what = what;
        entry.data = octets(size, 'x');
        log.entries.push_back(std::move(entry));
    };
    for (int i = 0; i < 1000; ++i) add(trace_entry::kind::received, 2);
    add(trace_entry::kind::sent, 100000);
    add(trace_entry::kind::ended, 0);
    log.shorten(10000);
    EXPECT_LT(log.entries.size(), 100U) << "entries cost memory of their own";
    EXPECT_EQ(log.octets_received() + log.octets_sent() + log.omitted, 102000U);
    EXPECT_EQ(log.entries.back().what, trace_entry::kind::ended);
    log.shorten(0);
    EXPECT_EQ(log.entries.size(), 1U);
    EXPECT_EQ(log.omitted, 102000U);
}

}  // namespace
}  // namespace wsproof
