#include "reports/escape.hpp"

#include <gtest/gtest.h>

#include <set>

#include "testing/random.hpp"
#include "wire/utf8.hpp"

namespace wsproof {
namespace {

using namespace std::string_view_literals;

struct row {
    std::string_view text, terminal, xml, json, html;
};

// one line for each kind of character: what each target makes of it
constexpr row rows[] = {
    {"", "", "", "", ""},
    {"Hello", "Hello", "Hello", "Hello", "Hello"},
    {"gr\xC3\xBCn \xF0\x9F\x98\x80", "gr\xC3\xBCn \xF0\x9F\x98\x80", "gr\xC3\xBCn \xF0\x9F\x98\x80",
     "gr\xC3\xBCn \xF0\x9F\x98\x80", "gr\xC3\xBCn \xF0\x9F\x98\x80"},
    {"\x1b[31m", "\\x1b[31m", "\\x1b[31m", "\x1b[31m", "\\x1b[31m"},
    {"a\0b"sv, "a\\x00b", "a\\x00b", "a\0b"sv, "a\\x00b"},
    {"\n\t", "\\x0a\\x09", "\n\t", "\n\t", "\n\t"},
    {"\r", "\\x0d", "\\x0d", "\r", "\\x0d"},
    {"\x7F", "\\x7f", "\\x7f", "\x7F", "\\x7f"},
    {"\xC2\x9B", "\\u{9b}", "\\u{9b}", "\xC2\x9B", "\\u{9b}"},                // C1: CSI
    {"\x9B", "\\x9b", "\\x9b", "\\x9b", "\\x9b"},                             // stray octet
    {"\xE2\x80\xAE", "\\u{202e}", "\\u{202e}", "\xE2\x80\xAE", "\\u{202e}"},  // RLO
    {"\xE2\x81\xA6", "\\u{2066}", "\\u{2066}", "\xE2\x81\xA6", "\\u{2066}"},  // LRI
    {"\xE2\x80\x8F", "\\u{200f}", "\\u{200f}", "\xE2\x80\x8F", "\\u{200f}"},  // RLM
    {"\xE2\x80\x8B", "\\u{200b}", "\\u{200b}", "\xE2\x80\x8B", "\\u{200b}"},  // zero width
    {"\xD8\x9C", "\\u{61c}", "\\u{61c}", "\xD8\x9C", "\\u{61c}"},             // ALM
    {"\xEF\xBB\xBF", "\\u{feff}", "\\u{feff}", "\xEF\xBB\xBF", "\\u{feff}"},  // BOM
    {"\xEF\xBF\xBE", "\\u{fffe}", "\\u{fffe}", "\xEF\xBF\xBE", "\\u{fffe}"},  // no character
    {"\xF0\x9F\xBF\xBF", "\\u{1ffff}", "\\u{1ffff}", "\xF0\x9F\xBF\xBF", "\\u{1ffff}"},
    {"\xF3\xA0\x80\xA0", "\\u{e0020}", "\\u{e0020}", "\xF3\xA0\x80\xA0", "\\u{e0020}"},  // a tag
    {"\xED\xA0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80"},
    {"\xC0\xAF", "\\xc0\\xaf", "\\xc0\\xaf", "\\xc0\\xaf", "\\xc0\\xaf"},  // overlong
    {"\xF4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "\\xf4\\x90\\x80\\x80", "\\xf4\\x90\\x80\\x80",
     "\\xf4\\x90\\x80\\x80"},
    {"\xE2\x82", "\\xe2\\x82", "\\xe2\\x82", "\\xe2\\x82", "\\xe2\\x82"},  // cut short
    {"\xE2(", "\\xe2(", "\\xe2(", "\\xe2(", "\\xe2("},  // what follows is not swallowed
    {"\xFF\xFE", "\\xff\\xfe", "\\xff\\xfe", "\\xff\\xfe", "\\xff\\xfe"},
    {"</testcase>]]>&\"'", "</testcase>]]>&\"'", "</testcase>]]>&\"'", "</testcase>]]>&\"'",
     "&lt;/testcase&gt;]]&gt;&amp;&quot;&#39;"},
    {"\\x1b", "\\x1b", "\\x1b", "\\x1b", "\\x1b"},
};

TEST(Escape, ShowsEachKindOfCharacterAsItsTargetNeeds) {
    for (auto const& each : rows) {
        SCOPED_TRACE(std::string(each.terminal));
        EXPECT_EQ(escape_terminal(each.text), each.terminal);
        EXPECT_EQ(escape_xml(each.text), each.xml);
        EXPECT_EQ(escape_json(each.text), each.json);
        EXPECT_EQ(escape_html(each.text), each.html);
    }
}

std::string random_octets(testing::random_source& random) {
    static constexpr std::string_view pieces[] = {
        "\x1b[",  "\xE2\x80\xAE",     "\xC2\x9B", "\xED\xA0\x80", "\n",
        "<&>\"'", "\xF0\x9F\x98\x80", "abc",      "\xE2\x82",     "\\x"};
    std::string out;
    for (auto left = random.between(0, 23); left > 0; --left) {
        if (random.coin()) {
            out += pieces[random.between(0, std::size(pieces) - 1)];
        } else {
            out += static_cast<char>(random.octet());
        }
    }
    return out;
}

bool has_control_but_layout(std::string_view text) {
    for (auto const c : text)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
            return true;
    return text.find("\xC2\x9B") != std::string_view::npos ||
           text.find("\xE2\x80\xAE") != std::string_view::npos;
}

TEST(Escape, GivesHarmlessUtf8ForAnyOctets) {
    testing::random_source random;
    for (int i = 0; i < 20000; ++i) {
        auto const text = random_octets(random);
        auto const terminal = escape_terminal(text);
        ASSERT_TRUE(is_utf8(view_of(terminal)));
        ASSERT_EQ(terminal.find_first_of("\n\t"), std::string::npos);
        ASSERT_FALSE(has_control_but_layout(terminal));
        ASSERT_EQ(escape_terminal(terminal), terminal);
        auto const xml = escape_xml(text);
        ASSERT_TRUE(is_utf8(view_of(xml)));
        ASSERT_FALSE(has_control_but_layout(xml));
        ASSERT_EQ(escape_xml(xml), xml);
        auto const json = escape_json(text);
        ASSERT_TRUE(is_utf8(view_of(json)));
        ASSERT_EQ(escape_json(json), json);
        if (is_utf8(view_of(text))) {
            ASSERT_EQ(json, text);
        }
        auto const html = escape_html(text);
        ASSERT_TRUE(is_utf8(view_of(html)));
        ASSERT_EQ(html.find_first_of("<>\"'"), std::string::npos);
        ASSERT_FALSE(has_control_but_layout(html));
    }
}

TEST(FileName, KeepsCaseIdsReadableAndUnlikeOneAnother) {
    EXPECT_EQ(file_name("rfc6455/5.4/ping-between-fragments"),
              "rfc6455_5.4_ping-between-fragments");
    EXPECT_EQ(file_name("Server-1.0"), "Server-1.0");
    EXPECT_NE(file_name("a_b"), file_name("a/b"));
    EXPECT_NE(file_name("a b"), file_name("a:b"));
    EXPECT_NE(file_name(""), file_name("_"));
}

TEST(FileName, LeavesNoFolderDeviceOrHiddenFile) {
    EXPECT_TRUE(file_name("../../etc/passwd").starts_with("_.._.._etc_passwd-"));
    EXPECT_TRUE(file_name("..").starts_with("_..-"));
    EXPECT_TRUE(file_name("-rf").starts_with("_-rf-"));
    EXPECT_TRUE(file_name("NUL.txt").starts_with("_NUL.txt-"));
    EXPECT_TRUE(file_name("com1").starts_with("_com1-"));
    EXPECT_EQ(file_name("com10"), "com10");
    EXPECT_TRUE(file_name("name.").starts_with("name.-"));
}

TEST(FileName, IsSafeForAnyOctets) {
    testing::random_source random;
    std::set<std::string> texts, names;
    for (int i = 0; i < 5000; ++i) {
        auto text = random_octets(random);
        if (i % 7 == 0) text += std::string(random.between(0, 299), 'x');
        auto const name = file_name(text);
        ASSERT_FALSE(name.empty());
        ASSERT_LE(name.size(), 100U);
        ASSERT_NE(name.front(), '.');
        ASSERT_NE(name.front(), '-');
        ASSERT_EQ(name.find_first_not_of(
                      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"),
                  std::string::npos)
            << name;
        texts.insert(text);
        names.insert(name);
    }
    EXPECT_GE(names.size() + 2, texts.size());  // a 32-bit hash may meet itself once in a while
}

}  // namespace
}  // namespace wsproof
