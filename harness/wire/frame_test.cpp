#include "wire/frame.hpp"

#include <gtest/gtest.h>

#include "testing/random.hpp"
#include "testing/vectors.hpp"

namespace wsproof {
namespace {

using nlohmann::json;
using testing::flag_of;
using testing::load_vectors;
using testing::octets_of_hex;

length_form form_of(int bits) {
    return bits == 7    ? length_form::seven_bits
           : bits == 16 ? length_form::sixteen_bits
                        : length_form::sixty_four_bits;
}

std::optional<masking_key> mask_of(json const& vector) {
    if (!vector.contains("mask")) return std::nullopt;
    auto const key = octets_of_hex(vector.at("mask"));
    return masking_key{key.at(0), key.at(1), key.at(2), key.at(3)};
}

std::uint64_t length_of(json const& value) {
    return value.is_string() ? std::stoull(value.get<std::string>()) : value.get<std::uint64_t>();
}

frame_header header_of(json const& vector) {
    return {.fin = vector.at("fin"),
            .rsv = vector.at("rsv"),
            .op = static_cast<opcode>(vector.at("opcode").get<std::uint8_t>()),
            .mask = mask_of(vector),
            .form = form_of(vector.at("form")),
            .length = length_of(vector.at("length"))};
}

octets written(frame_header const& header) {
    octets out;
    write_header(header, out);
    return out;
}

TEST(FrameHeader, ReadsAndWritesTheVectors) {
    for (auto const& vector : load_vectors("frame", "headers")) {
        SCOPED_TRACE(vector.at("name").get<std::string>());
        auto const data = octets_of_hex(vector.at("hex"));
        auto const result = parse_header(data);
        auto const* const parsed = std::get_if<parsed_header>(&result);
        ASSERT_NE(parsed, nullptr);
        EXPECT_EQ(parsed->header, header_of(vector));
        EXPECT_EQ(parsed->size, data.size());
        EXPECT_EQ(written(parsed->header), data);
        bool const shortest = parsed->header.form == shortest_form(parsed->header.length);
        EXPECT_EQ(shortest, flag_of(vector, "shortest", true));
    }
}

TEST(FrameHeader, LooksAtNothingBehindTheHeader) {
    for (auto const& vector : load_vectors("frame", "headers")) {
        auto data = octets_of_hex(vector.at("hex"));
        auto const size = data.size();
        append(data, octets{0xFF, 0x00, 0xFF});
        auto const result = parse_header(data);
        ASSERT_TRUE(std::holds_alternative<parsed_header>(result));
        EXPECT_EQ(std::get<parsed_header>(result).size, size);
        EXPECT_EQ(std::get<parsed_header>(result).header, header_of(vector));
    }
}

TEST(FrameHeader, AsksForMoreUntilItIsWhole) {
    for (auto const& vector : load_vectors("frame", "headers")) {
        auto const data = octets_of_hex(vector.at("hex"));
        for (std::size_t size = 0; size < data.size(); ++size) {
            auto const result = parse_header(octets_view(data).first(size));
            ASSERT_TRUE(std::holds_alternative<need_more>(result));
            EXPECT_EQ(std::get<need_more>(result).at_least, size < 2 ? 2 : data.size());
        }
    }
}

TEST(FrameHeader, SaysHowManyOctetsItNeeds) {
    for (auto const& vector : load_vectors("frame", "incomplete")) {
        SCOPED_TRACE(vector.dump());
        auto const result = parse_header(octets_of_hex(vector.at("hex")));
        ASSERT_TRUE(std::holds_alternative<need_more>(result));
        EXPECT_EQ(std::get<need_more>(result).at_least, vector.at("at_least").get<std::size_t>());
    }
}

TEST(FrameHeader, IsLosslessForAllFirstTwoOctets) {
    testing::random_source random;
    for (unsigned first_two = 0; first_two < 0x10000; ++first_two) {
        auto data = random.any(max_header_size);
        data[0] = static_cast<std::uint8_t>(first_two >> 8U);
        data[1] = static_cast<std::uint8_t>(first_two & 0xFFU);
        auto const result = parse_header(data);
        ASSERT_TRUE(std::holds_alternative<parsed_header>(result));
        auto const& [header, size] = std::get<parsed_header>(result);
        data.resize(size);
        ASSERT_EQ(written(header), data);
    }
}

TEST(FrameHeader, ReadsWhatIsWritten) {
    for (auto const form :
         {length_form::seven_bits, length_form::sixteen_bits, length_form::sixty_four_bits}) {
        for (std::uint8_t op = 0; op < 16; ++op) {
            for (std::uint8_t rsv = 0; rsv < 8; ++rsv) {
                frame_header const header{.fin = rsv % 2 == 0,
                                          .rsv = rsv,
                                          .op = static_cast<opcode>(op),
                                          .mask = masking_key{op, rsv, 0, 0xFF},
                                          .form = form,
                                          .length = 125};
                auto const data = written(header);
                auto const result = parse_header(data);
                ASSERT_TRUE(std::holds_alternative<parsed_header>(result));
                EXPECT_EQ(std::get<parsed_header>(result).header, header);
                EXPECT_EQ(std::get<parsed_header>(result).size, data.size());
            }
        }
    }
}

TEST(FrameHeader, IsAppendedToWhatIsThere) {
    octets out{0xAA};
    write_header({.op = opcode::ping, .mask = std::nullopt, .length = 3}, out);
    EXPECT_EQ(out, (octets{0xAA, 0x89, 0x03}));
}

TEST(Opcode, NamesKindsAndReservedValues) {
    std::array<std::string_view, 16> const names{
        "continuation", "text",     "binary",   "reserved", "reserved", "reserved",
        "reserved",     "reserved", "close",    "ping",     "pong",     "reserved",
        "reserved",     "reserved", "reserved", "reserved"};
    for (std::uint8_t value = 0; value < 16; ++value) {
        auto const op = static_cast<opcode>(value);
        EXPECT_EQ(name_of(op), names.at(value));
        EXPECT_EQ(is_control(op), value >= 8);
        EXPECT_EQ(is_reserved(op), names.at(value) == "reserved");
    }
}

TEST(WriteFrame, MasksThePayloadAndNothingElse) {
    masking_key const key{0x37, 0xFA, 0x21, 0x3D};
    octets out{0x00};
    write_frame({.op = opcode::text, .mask = key, .length = 5}, view_of("Hello"), out);
    EXPECT_EQ(to_hex(out), "00818537fa213d7f9f4d5158");
}

TEST(WriteFrame, WritesTheLengthAsItStands) {
    octets out;
    write_frame({.op = opcode::binary, .mask = std::nullopt, .length = 100}, octets{1, 2}, out);
    EXPECT_EQ(out, (octets{0x82, 100, 1, 2}));
    out.clear();
    frame_header const huge{.op = opcode::binary,
                            .mask = std::nullopt,
                            .form = length_form::sixty_four_bits,
                            .length = 0x8000000000000000U};
    write_frame(huge, {}, out);
    EXPECT_EQ(to_hex(out), "827f8000000000000000");
}

TEST(MakeFrame, ChoosesTheShortestForm) {
    for (std::size_t const size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U, 65537U}) {
        auto const data = make_frame(opcode::binary, octets(size, 0x2A), std::nullopt);
        auto const result = parse_header(data);
        ASSERT_TRUE(std::holds_alternative<parsed_header>(result));
        auto const& [header, header_size] = std::get<parsed_header>(result);
        EXPECT_EQ(header.form, shortest_form(size));
        EXPECT_EQ(header.length, size);
        EXPECT_EQ(data.size(), header_size + size);
        EXPECT_TRUE(header.fin);
        EXPECT_FALSE(header.mask);
    }
}

TEST(MakeFrame, TakesFinRsvAndKey) {
    masking_key const key{1, 2, 3, 4};
    auto const data = make_frame(opcode::text, octets(300, 0x00), key, false, rsv1);
    auto const result = parse_header(data);
    ASSERT_TRUE(std::holds_alternative<parsed_header>(result));
    auto const& [header, size] = std::get<parsed_header>(result);
    EXPECT_FALSE(header.fin);
    EXPECT_EQ(header.rsv, rsv1);
    EXPECT_EQ(header.mask, key);
    // a payload of zeros shows the key
    for (std::size_t i = 0; i < 300; ++i) ASSERT_EQ(data[size + i], key.at(i % 4));
}

}  // namespace
}  // namespace wsproof
