#include "play/player.hpp"

#include <gtest/gtest.h>
#include <algorithm>

#include "testing/scripted_peer.hpp"
#include "testing/virtual_link.hpp"
#include "wire/close.hpp"

namespace wsproof {
namespace {

using testing::play_against;
using testing::scripted_peer;

send_frame frame_of(opcode op, std::string_view data, bool fin = true) {
    send_frame out;
    out.op = op;
    out.fin = fin;
    out.data = payload::of(data);
    return out;
}

test_case with(std::vector<step> steps) {
    test_case out;
    out.id = "test/case";
    out.steps = std::move(steps);
    return out;
}

octets sent_in(trace const& log) {
    octets all;
    for (auto const& each : log.entries)
        if (each.what == trace_entry::kind::sent) append(all, each.data);
    return all;
}

std::vector<frame> frames_in(trace const& log) {
    auto const all = sent_in(log);
    auto const head = std::get<http_head>(parse_head(all, all.size() + 1));
    frame_reader reader(1 << 20);
    reader.feed(octets_view(all).subspan(head.raw.size()));
    std::vector<frame> out;
    while (auto next = reader.next()) out.push_back(std::move(*next));
    return out;
}

bool has(trace const& log, trace_entry::kind what) {
    return std::ranges::any_of(log.entries, [what](auto const& each) { return each.what == what; });
}

octets close_frame(std::uint16_t code) { return make_frame(opcode::close, write_close(code), {}); }

TEST(Player, OpensEchoesAndClosesInOrder) {
    scripted_peer peer;
    peer.replies = {make_frame(opcode::text, view_of("hi"), {}), close_frame(1000)};
    peer.close_at_end = true;
    auto const played = with({frame_of(opcode::text, "hi"), await_step{}});
    auto const log = play_against(played, {}, peer);
    auto const frames = frames_in(log);
    ASSERT_EQ(frames.size(), 2U);
    EXPECT_EQ(as_text(frames[0].payload), "hi");
    EXPECT_TRUE(frames[0].header.mask);
    EXPECT_EQ(parse_close(frames[1].payload).code, 1000);
    EXPECT_TRUE(has(log, trace_entry::kind::closing));
    EXPECT_EQ(log.entries.back().what, trace_entry::kind::ended);
}

TEST(Player, TheSameSeedSendsTheSameOctets) {
    auto const played = with({frame_of(opcode::text, "hi"), fence_step{}});
    auto const run = [&played](std::uint64_t seed) {
        scripted_peer peer;
        play_settings settings;
        settings.seed = seed;
        return sent_in(play_against(played, settings, peer));
    };
    EXPECT_EQ(run(7), run(7));
    EXPECT_NE(run(7), run(8));
}

TEST(Player, GivesUpOnASilentPeerAtEveryStage) {
    for (auto const& steps : {std::vector<step>{}, std::vector<step>{fence_step{}},
                              std::vector<step>{frame_of(opcode::ping, "x"), await_step{await_step::what::pong}}}) {
        scripted_peer peer;
        auto const log = play_against(with(steps), {}, peer);
        EXPECT_TRUE(has(log, trace_entry::kind::gave_up));
        EXPECT_LE(log.entries.back().at, std::chrono::seconds(16));
    }
}

TEST(Player, AnswersPingsAndCloseLikeACorrectEndpoint) {
    scripted_peer peer;
    octets both = make_frame(opcode::ping, view_of("are you there"), {});
    append(both, close_frame(1001));
    peer.replies = {both};
    peer.close_at_end = true;
    auto const frames = frames_in(play_against(with({fence_step{}}), {}, peer));
    ASSERT_EQ(frames.size(), 3U);  // the fence, then the answers
    EXPECT_EQ(frames[1].header.op, opcode::pong);
    EXPECT_EQ(as_text(frames[1].payload), "are you there");
    EXPECT_EQ(parse_close(frames[2].payload).code, 1001);
}

TEST(Player, SendsNothingMoreOnceThePeerHasClosed) {
    scripted_peer peer;
    peer.replies = {close_frame(1002)};
    peer.close_at_end = true;
    auto const frames = frames_in(play_against(with({fence_step{}, frame_of(opcode::text, "late")}), {}, peer));
    for (auto const& each : frames) EXPECT_NE(each.header.op, opcode::text);
}

TEST(Player, StopsReadingAFlood) {
    scripted_peer peer;
    octets flood;
    for (int i = 0; i < 700; ++i) append(flood, make_frame(opcode::binary, octets(1024, 'x'), {}));
    peer.replies = {flood};
    auto const log = play_against(with({fence_step{}}), {}, peer);
    ASSERT_EQ(log.entries.back().what, trace_entry::kind::ended);
    EXPECT_EQ(log.entries.back().end, end_reason::flooded);
}

std::vector<std::size_t> pieces(segmentation how) {
    auto played = with({frame_of(opcode::text, "0123456789"), frame_of(opcode::ping, "abc"), fence_step{}});
    scripted_peer peer;
    play_settings settings;
    settings.segments = how;
    std::vector<std::size_t> out;
    for (auto const& each : play_against(played, settings, peer).entries)
        if (each.what == trace_entry::kind::sent && each.step > 0) out.push_back(each.data.size());
    return out;
}

TEST(Player, CutsAFlightAsItIsTold) {
    using kind = segmentation::kind;
    std::size_t const text = 16, ping = 9, fence = 6 + 6 + 12;
    EXPECT_EQ(pieces({kind::whole, 0}).front(), text + ping + fence);
    auto const frames = pieces({kind::frames, 0});
    EXPECT_EQ(frames[0], text);
    EXPECT_EQ(frames[1], ping);
    auto const sevens = pieces({kind::every, 7});
    EXPECT_EQ(sevens[0], 7U);
    EXPECT_GT(pieces({kind::every, 1}).size(), text + ping + fence - 1);
    for (auto const size : pieces({kind::random, 0})) EXPECT_LE(size, 64U);
}

TEST(Player, EditsTheRequest) {
    open_step open;
    open.request.start_line = payload::of("POST {target} HTTP/1.1");
    open.request.set = {{"host", {payload::of("a"), payload::of("b")}}, {"X-New", {payload::of("{host}")}}};
    open.request.remove = {"UPGRADE"};
    open.request.order = {"Sec-WebSocket-Version"};
    open.request.lines = {payload::of("raw line")};
    scripted_peer peer;
    peer.response = "HTTP/1.1 400 Bad Request\r\n\r\n";
    play_settings settings;
    settings.request.host = "example.org";
    settings.request.target = "/x?y";
    auto const log = play_against(with({open}), settings, peer);
    auto const text = std::string(as_text(peer.request()));
    EXPECT_TRUE(text.starts_with("POST /x?y HTTP/1.1\r\nSec-WebSocket-Version: 13\r\nhost: a\r\nhost: b\r\nConnection: Upgrade\r\n")) << text;
    EXPECT_TRUE(text.ends_with("X-New: example.org\r\nraw line\r\n\r\n")) << text;
    EXPECT_EQ(text.find("websocket\r\n"), std::string::npos);
    EXPECT_EQ(log.entries.back().what, trace_entry::kind::dropped);
}

TEST(Player, GluedFramesShareTheFlightOfTheRequest) {
    open_step open;
    open.request.go_on = true;
    scripted_peer peer;
    peer.replies = {make_frame(opcode::text, view_of("hi"), {}), close_frame(1000)};
    peer.close_at_end = true;
    auto const log = play_against(with({open, frame_of(opcode::text, "hi"), await_step{}}), {}, peer);
    auto const first = std::ranges::find_if(log.entries, [](auto const& each) { return each.what == trace_entry::kind::sent; });
    EXPECT_GT(first->data.size(), peer.request().size() - 1);
    EXPECT_EQ(frames_in(log).size(), 2U);
}

TEST(Player, WaitsForTheAnswerOfARequestThatWentOn) {
    open_step open;
    open.request.go_on = true;
    scripted_peer peer;
    peer.response = "HTTP/1.1 400 Bad Request\r\n\r\n";
    auto const log = play_against(with({open}), {}, peer);
    EXPECT_TRUE(has(log, trace_entry::kind::received));
}

TEST(Player, CompressesWhenItWasAgreed) {
    auto sent = frame_of(opcode::text, "Hello");
    sent.compress = true;
    auto played = with({sent, fence_step{}});
    played.offer = "permessage-deflate";
    scripted_peer peer;
    peer.response_fields = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
    auto const frames = frames_in(play_against(played, {}, peer));
    EXPECT_EQ(frames.front().header.rsv, rsv1);
    inflater unpack(15, true);
    EXPECT_EQ(as_text(unpack.inflate(frames.front().payload, 100).data), "Hello");
}

TEST(Player, DeviationsReachTheWire) {
    send_frame odd = frame_of(opcode::ping, "ab");
    odd.rsv = 3;
    odd.fin = false;
    odd.masked = false;
    odd.form = length_form::sixty_four_bits;
    odd.declared_length = 1ULL << 63U;
    odd.cut = 11;
    auto played = with({odd, watch_step{}});
    played.ending = ending::drop;
    scripted_peer peer;
    auto const all = sent_in(play_against(played, {}, peer));
    EXPECT_EQ(to_hex(octets_view(all).last(11)), "397f800000000000000061");
}

TEST(Player, ResetAndShutdownAreActions) {
    test_case const played = with({shutdown_step{}, await_step{await_step::what::end}});
    scripted_peer peer;
    play_against(played, {}, peer);
    EXPECT_TRUE(peer.half_closed);
    test_case const cut = with({reset_step{}});
    player one(cut, {});
    one.on_open({});
    one.take_actions();
    scripted_peer answering;
    auto const log = play_against(cut, {}, answering);
    EXPECT_TRUE(has(log, trace_entry::kind::reset));
}

TEST(Player, OneCutGoesThroughTheWholeConnection) {
    auto const played = with({frame_of(opcode::text, "hi"), frame_of(opcode::text, "ho"), await_step{}});
    auto const writes_with = [&played](std::uint32_t at) {
        scripted_peer peer;
        peer.replies = {octets{}, close_frame(1000)};
        play_settings settings;
        settings.segments = segmentation{segmentation::kind::cut, at};
        std::vector<std::size_t> sizes;
        for (auto const& each : play_against(played, settings, peer).entries)
            if (each.what == trace_entry::kind::sent) sizes.push_back(each.data.size());
        return sizes;
    };
    auto const whole = writes_with(0);
    ASSERT_GE(whole.size(), 2U);
    auto const request = whole[0], messages = whole[1];
    ASSERT_EQ(messages, 2U * (2 + 4 + 2));
    EXPECT_EQ(writes_with(5).at(0), 5U);
    EXPECT_EQ(writes_with(5).at(1), request - 5);
    auto const later = writes_with(static_cast<std::uint32_t>(request + 9));
    EXPECT_EQ(later.at(0), request);
    EXPECT_EQ(later.at(1), 9U);
    EXPECT_EQ(later.at(2), messages - 9);
}

TEST(Player, WaitsInFullOnlyForTheFirstEchoThatIsMissing) {
    std::vector<step> steps;
    for (int i = 0; i < 10; ++i) {
        steps.emplace_back(frame_of(opcode::text, ""));
        steps.emplace_back(await_step{});
    }
    auto const played = with(std::move(steps));
    scripted_peer peer;
    play_settings settings;
    auto const log = play_against(played, settings, peer);
    EXPECT_LT(log.entries.back().at, 2 * settings.reply_limit + 10 * settings.watch_time);
    EXPECT_EQ(std::ranges::count(log.entries, trace_entry::kind::gave_up, &trace_entry::what), 11);
}

}  // namespace
}  // namespace wsproof
