#include "reports/words.hpp"

#include <gtest/gtest.h>

#include "wire/close.hpp"

namespace wsproof {
namespace {

send_frame frame_of(opcode op, std::string_view text) {
    send_frame out;
    out.op = op;
    out.data = payload::of(text);
    return out;
}

TEST(Words, TellPayloadsShortly) {
    EXPECT_EQ(in_words(payload{}), "nothing");
    EXPECT_EQ(in_words(payload::of(std::string_view("Hello"))), "\"Hello\"");
    EXPECT_EQ(in_words(payload::repeat("*", std::uint64_t{1} << 60U)),
              "1152921504606846976 octets of \"*\"");
    payload many;
    for (int i = 0; i < 100; ++i) many.parts.push_back({to_octets("a"), 2});
    EXPECT_TRUE(in_words(many).ends_with(" + 94 more parts, 200 octets in all"));
    EXPECT_EQ(in_words(payload::of(std::string_view("\xE2\x80\xAE"))), "\"\\u{202e}\"");
}

TEST(Words, TellStepsByTheirDeviations) {
    EXPECT_EQ(in_words(step(frame_of(opcode::text, "Hello"))), "send text \"Hello\"");
    auto frame = frame_of(opcode{3}, "");
    frame.fin = false;
    frame.rsv = 7;
    frame.masked = true;
    frame.key = masking_key{};
    frame.form = length_form::sixteen_bits;
    frame.declared_length = 9;
    frame.cut = 1;
    frame.compress = true;
    EXPECT_EQ(
        in_words(step(frame)),
        "send opcode 3 (reserved) without payload, no FIN, RSV1, RSV2, RSV3, masked, masking key "
        "00000000, "
        "length in 16 bits, declaring 9 octets, compressed, cut to 1 octet of the frame");
    frame = frame_of(opcode::close, as_text(write_close(3000, "done")));
    EXPECT_EQ(in_words(step(frame)), "send close 3000 \"done\"");
    frame.data = payload::of(std::string_view("x"));
    EXPECT_EQ(in_words(step(frame)), "send close \"x\"");
    EXPECT_EQ(in_words(step(open_step{})), "open the connection");
}

TEST(Words, GiveTheOctetsOfAFrame) {
    auto frame = frame_of(opcode::text, "Hello");
    EXPECT_EQ(frame_octets(frame, role::server), "810548656c6c6f");
    EXPECT_EQ(frame_octets(frame, role::client), "8185[key]48656c6c6f");
    frame.key = masking_key{0x37, 0xFA, 0x21, 0x3D};
    EXPECT_EQ(frame_octets(frame, role::client), "818537fa213d7f9f4d5158");  // RFC 6455 5.7
    frame.cut = 3;
    EXPECT_EQ(frame_octets(frame, role::client), "818537");
    frame.key.reset();
    EXPECT_EQ(frame_octets(frame, role::client), std::nullopt);
}

TEST(Words, GiveNoOctetsThatTheyCannotKnow) {
    auto frame = frame_of(opcode::text, "Hello");
    frame.compress = true;
    EXPECT_FALSE(frame_octets(frame, role::server));
    frame = frame_of(opcode::text, "Hello");
    frame.form = length_form::seven_bits;
    frame.declared_length = 126;
    EXPECT_FALSE(frame_octets(frame, role::server));
    frame = frame_of(opcode::text, "");
    frame.data = payload::repeat("*", 65);
    EXPECT_FALSE(frame_octets(frame, role::server));
}

TEST(Words, CutALongCase) {
    test_case value;
    for (int i = 0; i < 10; ++i) value.steps.emplace_back(frame_of(opcode::ping, "x"));
    EXPECT_TRUE(steps_in_words(value).ends_with("send ping \"x\"; and 2 more steps"));
    value.steps.resize(1);
    EXPECT_EQ(steps_in_words(value), "send ping \"x\"");
}

}  // namespace
}  // namespace wsproof
