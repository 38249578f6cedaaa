#include "wire/handshake.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <map>

#include "testing/random.hpp"
#include "testing/vectors.hpp"

namespace wsproof {
namespace {

using nlohmann::json;
using testing::flag_of;
using testing::load_vectors;
using testing::octets_of;
using testing::octets_of_hex;
using testing::text_of;

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

json vectors(char const* section) { return load_vectors("handshake", section); }

http_head const& head_of(std::variant<head_incomplete, head_too_large, http_head> const& result) {
    static http_head const none;
    auto const* const head = std::get_if<http_head>(&result);
    EXPECT_NE(head, nullptr);
    return head != nullptr ? *head : none;
}

http_head parse(std::string_view text) { return head_of(parse_head(view_of(text), no_limit)); }

std::string_view name_of(head_defect defect) {
    constexpr std::array<std::string_view, 10> names{
        "bare_line_feed", "bare_carriage_return",    "nul_octet",          "missing_colon",
        "empty_name",     "space_before_colon",      "bad_name_character", "control_in_value",
        "folded_line",    "space_before_first_field"};
    return names.at(static_cast<std::size_t>(defect));
}

void expect_head(http_head const& head, json const& vector) {
    EXPECT_EQ(head.start_line, text_of(vector.at("start_line")));
    EXPECT_EQ(head.raw, octets_of(vector.at("text")));
    auto const& fields = vector.at("fields");
    ASSERT_EQ(head.fields.size(), fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        EXPECT_EQ(head.fields[i].name, text_of(fields[i][0]));
        EXPECT_EQ(head.fields[i].value, text_of(fields[i][1]));
    }
    auto const& flaws = vector.at("flaws");
    ASSERT_EQ(head.flaws.size(), flaws.size());
    for (std::size_t i = 0; i < flaws.size(); ++i) {
        EXPECT_EQ(name_of(head.flaws[i].defect), flaws[i][0].get<std::string>());
        EXPECT_EQ(head.flaws[i].offset, flaws[i][1].get<std::size_t>());
    }
}

TEST(HttpHead, ReadsTheVectors) {
    for (auto const& vector : vectors("heads")) {
        SCOPED_TRACE(vector.at("name").get<std::string>());
        expect_head(head_of(parse_head(octets_of(vector.at("text")), no_limit)), vector);
    }
}

TEST(HttpHead, IsIncompleteUntilItsLastOctet) {
    for (auto const& vector : vectors("heads")) {
        SCOPED_TRACE(vector.at("name").get<std::string>());
        auto const data = octets_of(vector.at("text"));
        for (std::size_t size = 0; size < data.size(); ++size) {
            auto const result = parse_head(octets_view(data).first(size), no_limit);
            ASSERT_TRUE(std::holds_alternative<head_incomplete>(result)) << size;
        }
    }
}

TEST(HttpHead, LooksAtNothingBehindTheEmptyLine) {
    for (auto const& vector : vectors("heads")) {
        SCOPED_TRACE(vector.at("name").get<std::string>());
        auto const head = octets_of(vector.at("text"));
        for (auto const* const behind :
             {"\r\n", "\n", "A: b\r\n\r\n", "\x81\x05Hello", " x", "\r\r\n"}) {
            auto data = head;
            append(data, std::string_view(behind));
            expect_head(head_of(parse_head(data, no_limit)), vector);
        }
    }
}

TEST(HttpHead, MayHaveExactlyTheLimit) {
    for (auto const& vector : vectors("heads")) {
        SCOPED_TRACE(vector.at("name").get<std::string>());
        auto const data = octets_of(vector.at("text"));
        expect_head(head_of(parse_head(data, data.size())), vector);
        EXPECT_TRUE(std::holds_alternative<head_too_large>(parse_head(data, data.size() - 1)));
        // too large is known as soon as the limit is reached without an end, not before
        auto const start = octets_view(data).first(data.size() - 1);
        EXPECT_TRUE(std::holds_alternative<head_too_large>(parse_head(start, start.size())));
        EXPECT_TRUE(std::holds_alternative<head_incomplete>(parse_head(start, data.size())));
    }
    EXPECT_TRUE(std::holds_alternative<head_too_large>(parse_head({}, 0)));
}

TEST(HttpHead, KnowsTheIncompleteVectors) {
    for (auto const& vector : vectors("incomplete")) {
        auto const data = octets_of(vector);
        EXPECT_TRUE(std::holds_alternative<head_incomplete>(parse_head(data, no_limit)))
            << vector.dump();
        EXPECT_TRUE(std::holds_alternative<head_too_large>(parse_head(data, data.size())))
            << vector.dump();
    }
}

TEST(HttpHead, FindsFieldsWithoutRegardToCase) {
    auto const head = parse("S\r\nUpgrade: one\r\nupgrade: two\r\nX: y\r\nUPGRADE:\r\n\r\n");
    EXPECT_EQ(head.values("uPgRaDe"), (std::vector<std::string_view>{"one", "two", ""}));
    EXPECT_EQ(head.value("UPGRADE"), "one");
    EXPECT_EQ(head.value("Up"), std::nullopt);
    EXPECT_TRUE(head.has("x"));
    EXPECT_FALSE(head.has(""));
    EXPECT_TRUE(head.values("absent").empty());
}

TEST(HttpHead, SplitsListsAsTheVectorsSay) {
    for (auto const& vector : vectors("lists")) {
        SCOPED_TRACE(vector.dump());
        http_head head;
        for (auto const& value : vector.at("values")) head.fields.push_back({"List", value});
        head.fields.push_back({"Other", "z"});
        EXPECT_EQ(head.list("list"), vector.at("elements").get<std::vector<std::string>>());
    }
}

TEST(HttpHead, ListsTokensWithoutRegardToCase) {
    auto const head = parse("S\r\nConnection: keep-alive,\tUpgrade \r\nConnection: x\r\n\r\n");
    EXPECT_TRUE(head.lists("connection", "upgrade"));
    EXPECT_TRUE(head.lists("connection", "X"));
    EXPECT_FALSE(head.lists("connection", "keep"));
    EXPECT_FALSE(head.lists("connection", ""));
    EXPECT_FALSE(head.lists("upgrade", "upgrade"));
}

TEST(HttpHead, IsReadAsItWasWritten) {
    std::vector<header_field> const fields{{"Host", "a"}, {"Empty", ""}, {"X", "y: z, \"q\""}};
    auto const data = write_head("GET / HTTP/1.1", fields);
    EXPECT_EQ(as_text(data), "GET / HTTP/1.1\r\nHost: a\r\nEmpty: \r\nX: y: z, \"q\"\r\n\r\n");
    auto const head = head_of(parse_head(data, no_limit));
    EXPECT_TRUE(head.flaws.empty());
    ASSERT_EQ(head.fields.size(), fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        EXPECT_EQ(head.fields[i].name, fields[i].name);
        EXPECT_EQ(head.fields[i].value, fields[i].value);
    }
}

TEST(HttpHead, IsTotalOnRandomOctets) {
    testing::random_source random;
    auto const alphabet = octets{'\r', '\n', '\n', ' ', '\t', ':', 'a', '\0', 0xFF, '"', ','};
    std::size_t heads = 0;
    for (int round = 0; round < 100'000; ++round) {
        auto const data = random.of(alphabet, random.between(0, 24));
        auto const result = parse_head(data, 20);
        auto const* const head = std::get_if<http_head>(&result);
        if (head == nullptr) {
            ASSERT_EQ(std::holds_alternative<head_too_large>(result), data.size() >= 20);
            continue;
        }
        ++heads;
        ASSERT_LE(head->raw.size(), 20U);
        ASSERT_TRUE(std::equal(head->raw.begin(), head->raw.end(), data.begin()));
        for (auto const& flaw : head->flaws) ASSERT_LT(flaw.offset, head->raw.size());
        for (auto const& field : head->fields) {
            ASSERT_EQ(trim(field.value), field.value);
            ASSERT_EQ(field.name.find_first_of(":\n"), std::string::npos);
        }
    }
    EXPECT_GT(heads, 1000U);
}

TEST(HttpHead, ReadsAManyLinedHeadOctetByOctet) {
    // callers ask again with each octet that comes
    octets data = to_octets("GET / HTTP/1.1\r\n");
    while (data.size() < 16 * 1024) append(data, "Name: some value of common length\r\n");
    append(data, "\r\n");
    for (std::size_t size = 0; size < data.size(); ++size) {
        auto const result = parse_head(octets_view(data).first(size), no_limit);
        ASSERT_TRUE(std::holds_alternative<head_incomplete>(result));
    }
    EXPECT_GT(head_of(parse_head(data, no_limit)).fields.size(), 400U);
}

TEST(StartLine, ReadsTheRequestLineVectors) {
    for (auto const& vector : vectors("request_lines")) {
        SCOPED_TRACE(vector.dump());
        auto const found = parse_request_line(vector.at("line").get<std::string>());
        auto const& parts = vector.at("parts");
        ASSERT_EQ(found.has_value(), !parts.is_null());
        if (!found) continue;
        EXPECT_EQ(found->method, parts[0].get<std::string>());
        EXPECT_EQ(found->target, parts[1].get<std::string>());
        EXPECT_EQ(found->version, parts[2].get<std::string>());
    }
}

TEST(StartLine, ReadsTheStatusLineVectors) {
    for (auto const& vector : vectors("status_lines")) {
        SCOPED_TRACE(vector.dump());
        auto const found = parse_status_line(vector.at("line").get<std::string>());
        auto const& parts = vector.at("parts");
        ASSERT_EQ(found.has_value(), !parts.is_null());
        if (!found) continue;
        EXPECT_EQ(found->version, parts[0].get<std::string>());
        EXPECT_EQ(found->status, parts[1].get<unsigned>());
        EXPECT_EQ(found->reason, parts[2].get<std::string>());
    }
}

TEST(Names, FoldAsciiLettersAndNothingElse) {
    EXPECT_TRUE(same_name("WebSocket", "wEBsOCKET"));
    EXPECT_TRUE(same_name("", ""));
    EXPECT_FALSE(same_name("a", "aa"));
    EXPECT_FALSE(same_name("@[", "`{"));  // 0x20 apart, but no letters
    EXPECT_FALSE(
        same_name("websoc\xE2\x84\xAA"
                  "et",
                  "websocket"));  // U+212A folds to k in Unicode
    EXPECT_FALSE(same_name("\xC3\x84", "\xC3\xA4"));
    for (unsigned a = 0; a < 256; ++a) {
        for (unsigned b = 0; b < 256; ++b) {
            auto const lower = [](unsigned c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; };
            char const x = static_cast<char>(a);
            char const y = static_cast<char>(b);
            ASSERT_EQ(same_name({&x, 1}, {&y, 1}), lower(a) == lower(b)) << a << ' ' << b;
        }
    }
}

TEST(Names, TokensAreMadeOfTchar) {
    std::string_view const others = "!#$%&'*+-.^_`|~";
    for (unsigned value = 0; value < 256; ++value) {
        auto const c = static_cast<char>(value);
        bool const letter_or_digit =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool const expected = letter_or_digit || others.find(c) != std::string_view::npos;
        EXPECT_EQ(is_token({&c, 1}), expected) << value;
    }
    EXPECT_FALSE(is_token(""));
    EXPECT_TRUE(is_token("permessage-deflate"));
    EXPECT_FALSE(is_token("a b"));
    EXPECT_FALSE(is_token("a,"));
}

TEST(Names, TrimTakesSpacesAndTabsOnly) {
    EXPECT_EQ(trim(" \t a b\t "), "a b");
    EXPECT_EQ(trim(" \t "), "");
    EXPECT_EQ(trim(""), "");
    EXPECT_EQ(trim("\r a\n"), "\r a\n");
}

TEST(Base64, ReadsAndWritesTheVectors) {
    for (auto const& vector : vectors("base64")) {
        SCOPED_TRACE(vector.dump());
        auto const text = vector.at("text").get<std::string>();
        auto const found = parse_base64(text);
        ASSERT_EQ(found.has_value(), !vector.at("hex").is_null());
        if (!found) continue;
        EXPECT_EQ(to_hex(*found), vector.at("hex").get<std::string>());
        if (!flag_of(vector, "canonical", true)) continue;
        EXPECT_EQ(base64(*found), text);
    }
}

TEST(Base64, ReadsWhatItWrites) {
    testing::random_source random;
    for (std::size_t size = 0; size < 400; ++size) {
        auto const data = random.any(size);
        auto const text = base64(data);
        ASSERT_EQ(text.size(), (size + 2) / 3 * 4);
        ASSERT_EQ(parse_base64(text), data);
    }
}

TEST(Base64, KnowsTheDigitsOfItsAlphabetOnly) {
    std::string const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (unsigned value = 0; value < 256; ++value) {
        std::string text = "AAAA";
        text[1] = static_cast<char>(value);
        bool const expected = alphabet.find(text[1]) != std::string::npos;
        EXPECT_EQ(parse_base64(text).has_value(), expected) << value;
    }
}

TEST(AcceptKey, GivesTheVectors) {
    for (auto const& vector : vectors("accept")) {
        EXPECT_EQ(accept_key(vector.at("key").get<std::string>()),
                  vector.at("accept").get<std::string>())
            << vector.at("name");
    }
}

}  // namespace
}  // namespace wsproof
