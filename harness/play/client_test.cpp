// The player as a server, and the judge over clients.
#include <gtest/gtest.h>

#include "play/matcher.hpp"
#include "play/verdict.hpp"
#include "testing/scripted_client.hpp"
#include "testing/virtual_link.hpp"
#include "wire/close.hpp"

namespace wsproof {
namespace {

using testing::scripted_client;

masking_key fresh_key() {
    static std::uint8_t number = 0;
    number = static_cast<std::uint8_t>(number + 3);
    return {number, 2, 3, number};
}
octets masked(opcode op, std::string_view data) { return make_frame(op, view_of(data), fresh_key()); }
octets masked_close(std::uint16_t code) { return make_frame(opcode::close, write_close(code), fresh_key()); }
expectation seen(auto what, bool optional = false) { return {what, optional}; }
send_frame frame_of(opcode op, std::string_view data) {
    send_frame out;
    out.op = op;
    out.data = payload::of(data);
    return out;
}

class ClientUnderTest : public ::testing::Test {
protected:
    ClientUnderTest() {
        played.id = "test/case";
        played.clauses = {"6455-5.6-2"};
        played.roles = {role::client};
        settings.peer = role::client;
    }
    verdict play() {
        happened = testing::play_against(played, settings, client);
        return judge(played, happened);
    }
    void expect_echo() {
        played.steps = {frame_of(opcode::text, "hi"), await_step{}};
        played.outcomes = {{grade::pass, {seen(see_echo{})}, {}, ""}};
    }
    void drop_from_request(std::string_view line) {
        client.request.erase(client.request.find(line), client.request.find("\r\n", client.request.find(line)) + 2 -
                                                            client.request.find(line));
    }
    std::string response() const {
        auto const parsed = parse_head(client.received(), client.received().size() + 1);
        auto const* head = std::get_if<http_head>(&parsed);
        return head == nullptr ? "" : std::string(as_text(head->raw));
    }

    test_case played;
    scripted_client client;
    play_settings settings;
    trace happened;
};

TEST_F(ClientUnderTest, GetsACorrectResponseAndIsClosedByTheServer) {
    expect_echo();
    client.replies = {masked(opcode::text, "hi"), masked_close(1000)};
    client.ends_at_end = false;
    auto const got = play();
    EXPECT_EQ(got.grade, grade::pass) << got.reason;
    EXPECT_EQ(got.close_grade, grade::pass) << got.close_reason;
    EXPECT_EQ(response(),
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    EXPECT_TRUE(client.half_closed) << "the server closes TCP first, 7.1.1";
    frame_reader reader(1000);
    reader.feed(octets_view(client.received()).subspan(response().size()));
    auto const first = reader.next();
    ASSERT_TRUE(first);
    EXPECT_FALSE(first->header.mask) << "a server does not mask";
}

TEST_F(ClientUnderTest, FailsWhenItDoesNotMask) {
    expect_echo();
    client.replies = {make_frame(opcode::text, view_of("hi"), {}), masked_close(1000)};
    auto const got = play();
    EXPECT_EQ(got.grade, grade::fail);
    EXPECT_EQ(got.clause, "6455-5.1-1");
}

TEST_F(ClientUnderTest, FailsWhenItsKeysRepeatOrCountUp) {
    expect_echo();
    client.replies = {make_frame(opcode::text, view_of("hi"), masking_key{7, 7, 7, 7}),
                      make_frame(opcode::close, write_close(1000), masking_key{7, 7, 7, 7})};
    EXPECT_EQ(play().clause, "6455-5.3-2");
    scripted_client counting;
    counting.replies = {make_frame(opcode::text, view_of("hi"), masking_key{0, 0, 0, 255}),
                        make_frame(opcode::close, write_close(1000), masking_key{0, 0, 1, 0})};
    EXPECT_EQ(judge(played, testing::play_against(played, settings, counting)).clause, "6455-5.3-4");
}

TEST_F(ClientUnderTest, ABadRequestFailsEveryCase) {
    expect_echo();
    drop_from_request("Host");
    client.replies = {masked(opcode::text, "hi"), masked_close(1000)};
    auto const got = play();
    EXPECT_EQ(got.grade, grade::fail);
    EXPECT_EQ(got.clause, "6455-4.1-24");
}

TEST_F(ClientUnderTest, ARequestWithoutAKeyIsRefused) {
    expect_echo();
    drop_from_request("Sec-WebSocket-Key");
    auto const got = play();
    EXPECT_EQ(got.grade, grade::fail);
    EXPECT_EQ(got.clause, "6455-4.1-27");
    EXPECT_EQ(got.close_grade, grade::info);
    EXPECT_TRUE(response().starts_with("HTTP/1.1 400 "));
}

TEST_F(ClientUnderTest, AllThatIsAskedOfARequestIsLookedAt) {
    played.steps = {fence_step{}};
    see_request wanted;
    wanted.keeps = {"request-version-wrong"};
    wanted.fields = {{"Host", field_condition::test::present, ""}};
    played.outcomes = {{grade::pass, {seen(wanted), seen(see_silence{}, true)}, {}, ""}};
    client.replies = {octets{}, masked_close(1000)};
    EXPECT_EQ(play().grade, grade::pass);
    scripted_client old;
    old.request.replace(old.request.find(": 13"), 4, ": 8");
    old.replies = {octets{}, masked_close(1000)};
    EXPECT_EQ(judge(played, testing::play_against(played, settings, old)).grade, grade::fail);
}

TEST_F(ClientUnderTest, ThatRefusesABadResponsePasses) {
    respond_step bad;
    bad.response.set = {{"Sec-WebSocket-Accept", {payload::of("AAAAAAAAAAAAAAAAAAAAAAAAAAA=")}}};
    played.steps = {bad, fence_step{}};
    played.outcomes = {{grade::pass, {seen(see_end{})}, {}, ""}};
    client.ends_at_response = true;
    auto const got = play();
    EXPECT_EQ(got.grade, grade::pass) << got.reason;
    EXPECT_EQ(got.close_grade, grade::info) << got.close_reason;
    EXPECT_NE(response().find("Sec-WebSocket-Accept: AAAA"), std::string::npos);
    scripted_client trusting;
    trusting.replies = {masked(opcode::pong, ""), masked_close(1000)};
    EXPECT_EQ(judge(played, testing::play_against(played, settings, trusting)).grade, grade::fail);
}

TEST_F(ClientUnderTest, WithoutWhatTheCaseNeedsIsNotJudged) {
    expect_echo();
    played.needs = {"deflate", "echo"};
    client.replies = {masked_close(1000)};
    auto const got = play();
    EXPECT_EQ(got.grade, grade::unsupported);
    EXPECT_EQ(got.reason, "the client does not offer permessage-deflate");
    EXPECT_EQ(got.close_grade, grade::pass) << got.close_reason;
}

TEST_F(ClientUnderTest, IsAnsweredWithTheParametersOfTheCase) {
    client.request.insert(client.request.size() - 2,
                          "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
    expect_echo();
    std::get<send_frame>(played.steps[0]).compress = true;
    played.needs = {"deflate", "client-max-window-bits"};
    played.answer = "permessage-deflate; client_max_window_bits=9; server_no_context_takeover";
    deflater pack(9, true);
    octets compressed;
    frame_header header{true, rsv1, opcode::text, fresh_key(), {}, 0};
    auto const data = pack.compress(view_of(std::string("hi")));
    header.length = data.size();
    write_frame(header, data, compressed);
    client.replies = {compressed, masked_close(1000)};
    auto const got = play();
    EXPECT_EQ(got.grade, grade::pass) << got.reason;
    EXPECT_NE(response().find("Sec-WebSocket-Extensions: " + played.answer), std::string::npos);
}

TEST_F(ClientUnderTest, ThatNeverAsksIsAnError) {
    expect_echo();
    client.request = "GET / HT";
    auto const got = play();
    EXPECT_EQ(got.grade, grade::error);
    EXPECT_EQ(got.close_grade, grade::info);
}

}  // namespace
}  // namespace wsproof
