#include "wire/close.hpp"

#include <gtest/gtest.h>

#include <map>

#include "testing/vectors.hpp"

namespace wsproof {
namespace {

using testing::flag_of;
using testing::load_vectors;
using testing::octets_of;
using testing::octets_of_hex;

close_body expected_body(nlohmann::json const& vector) {
    close_body body;
    if (!vector.at("code").is_null()) body.code = vector.at("code").get<std::uint16_t>();
    body.reason = octets_of(vector.at("reason"));
    body.malformed = flag_of(vector, "malformed");
    return body;
}

TEST(CloseBody, ReadsTheVectors) {
    for (auto const& vector : load_vectors("close", "bodies")) {
        SCOPED_TRACE(vector.at("name").get<std::string>());
        auto const data = octets_of_hex(vector.at("hex"));
        auto const body = parse_close(data);
        EXPECT_EQ(body, expected_body(vector));
        if (!body.code) continue;
        EXPECT_EQ(write_close(*body.code, as_text(body.reason)), data);
    }
}

TEST(CloseBody, EveryCodeIsReadAsWritten) {
    for (unsigned code = 0; code <= 0xFFFF; ++code) {
        auto const value = static_cast<std::uint16_t>(code);
        auto const data = write_close(value);
        ASSERT_EQ(data.size(), 2U);
        ASSERT_EQ(parse_close(data), (close_body{value, {}, false}));
    }
}

TEST(CloseCode, EveryCodeHasTheClassOfTheVectors) {
    std::map<std::string, close_code_class> const names{
        {"unused", close_code_class::unused},
        {"registered", close_code_class::registered},
        {"reserved", close_code_class::reserved},
        {"never_on_wire", close_code_class::never_on_wire},
        {"unassigned", close_code_class::unassigned},
        {"library", close_code_class::library},
        {"application", close_code_class::application},
        {"out_of_range", close_code_class::out_of_range}};
    unsigned next = 0;
    for (auto const& range : load_vectors("close", "codes")) {
        ASSERT_EQ(range.at("from").get<unsigned>(), next) << "the ranges leave a gap";
        auto const last = range.at("to").get<unsigned>();
        for (; next <= last; ++next) {
            auto const code = static_cast<std::uint16_t>(next);
            ASSERT_EQ(classify(code), names.at(range.at("class"))) << code;
            ASSERT_EQ(may_be_sent(code), range.at("may_be_sent").get<bool>()) << code;
        }
    }
    EXPECT_EQ(next, 0x10000U);
}

TEST(CloseCode, RegisteredCodesHaveAMeaning) {
    for (auto const& vector : load_vectors("close", "meanings")) {
        auto const code = vector.at("code").get<std::uint16_t>();
        EXPECT_EQ(meaning_of(code), vector.at("meaning").get<std::string>()) << code;
    }
    for (unsigned code = 0; code <= 0xFFFF; ++code) {
        auto const value = static_cast<std::uint16_t>(code);
        if (classify(value) == close_code_class::registered) {
            EXPECT_FALSE(meaning_of(value).empty()) << value;
        }
    }
}

}  // namespace
}  // namespace wsproof
