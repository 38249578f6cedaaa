#include "wire/extension.hpp"

#include <gtest/gtest.h>

#include "testing/random.hpp"
#include "testing/vectors.hpp"

namespace wsproof {
namespace {

using testing::flag_of;
using testing::load_vectors;

using list = std::vector<extension>;

list list_of(nlohmann::json const& elements) {
    list out;
    for (auto const& element : elements) {
        extension one{element.at("name"), {}};
        for (auto const& parameter : element.at("parameters")) {
            extension_parameter read{parameter.at("name"), std::nullopt,
                                     flag_of(parameter, "quoted")};
            if (parameter.contains("value")) read.value = parameter.at("value");
            one.parameters.push_back(std::move(read));
        }
        out.push_back(std::move(one));
    }
    return out;
}

TEST(Extension, ReadsTheGoodVectorsAndWritesThemAgain) {
    for (auto const& vector : load_vectors("extension", "good")) {
        auto const value = vector.at("value").get<std::string>();
        SCOPED_TRACE(value);
        auto const result = parse_extensions(value);
        ASSERT_TRUE(std::holds_alternative<list>(result));
        EXPECT_EQ(std::get<list>(result), list_of(vector.at("list")));
        EXPECT_EQ(write_extensions(std::get<list>(result)), vector.value("written", value));
    }
}

TEST(Extension, SaysWhereTheBadVectorsAreBad) {
    for (auto const& vector : load_vectors("extension", "bad")) {
        auto const value = vector.at("value").get<std::string>();
        SCOPED_TRACE(value + " (" + vector.at("why").get<std::string>() + ")");
        auto const result = parse_extensions(value);
        ASSERT_TRUE(std::holds_alternative<extension_error>(result));
        auto const& error = std::get<extension_error>(result);
        EXPECT_EQ(error.offset, vector.at("offset").get<std::size_t>()) << error.text;
        EXPECT_FALSE(error.text.empty());
    }
}

TEST(Extension, JoinsSeveralFieldValuesWithCommas) {
    auto const one = parse_extensions("foo, bar; baz=2");
    auto const two = parse_extensions(std::string("foo") + "," + "bar; baz=2");
    ASSERT_TRUE(std::holds_alternative<list>(one));
    EXPECT_EQ(std::get<list>(one), std::get<list>(two));
}

TEST(Extension, EscapesQuotesAndBackslashesWhenWriting) {
    list const odd{{"x", {{"a", "b\"c\\d", true}, {"e", "", true}, {"f", "g h", false}}}};
    EXPECT_EQ(write_extensions(odd), R"(x; a="b\"c\\d"; e=""; f=g h)");
    EXPECT_EQ(write_extensions({}), "");
}

TEST(Extension, IsTotalAndWritesWhatItReadsFromRandomText) {
    testing::random_source random;
    auto const alphabet = to_octets("ab1;,=\"\\ \t(\x80");
    std::size_t good = 0;
    for (int round = 0; round < 100'000; ++round) {
        auto const data = random.of(alphabet, random.between(0, 14));
        auto const result = parse_extensions(as_text(data));
        if (auto const* const error = std::get_if<extension_error>(&result)) {
            ASSERT_LE(error->offset, data.size());
            continue;
        }
        ++good;
        auto const again = parse_extensions(write_extensions(std::get<list>(result)));
        ASSERT_TRUE(std::holds_alternative<list>(again));
        ASSERT_EQ(std::get<list>(again), std::get<list>(result)) << to_hex(data);
    }
    EXPECT_GT(good, 100U);
}

}  // namespace
}  // namespace wsproof
