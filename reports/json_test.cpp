#include "reports/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>

#include "reports/sample_run.hpp"
#include "testing/golden.hpp"
#include "testing/random.hpp"

namespace wsproof {
namespace {

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    auto const at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::vector<std::string> mistakes_in(std::string const& text) {
    std::vector<diagnostic> mistakes;
    from_json(text, mistakes);
    std::vector<std::string> out;
    for (auto const& each : mistakes) out.push_back(each.path + ": " + each.text);
    return out;
}

std::string read_and_written(std::string const& text) {
    std::vector<diagnostic> mistakes;
    auto const run = from_json(text, mistakes);
    for (auto const& each : mistakes) ADD_FAILURE() << each.path << ": " << each.text;
    return to_json(run);
}

TEST(JsonReport, GoldenSample) {
    EXPECT_TRUE(matches_golden("reports/golden/sample.json", to_json(sample_run())));
    EXPECT_TRUE(matches_golden("reports/golden/green.json", to_json(green_run())));
}

TEST(JsonReport, IsPureAscii) {
    auto const text = to_json(sample_run());
    EXPECT_TRUE(
        std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
}

TEST(JsonReport, ComesBackUnchanged) {
    for (auto const& run : {sample_run(), green_run(), run_result{}}) {
        auto const text = to_json(run);
        EXPECT_EQ(read_and_written(text), text);
    }
}

TEST(JsonReport, KeepsWhatOtherReportsNeed) {
    auto const run = sample_run();
    std::vector<diagnostic> mistakes;
    auto const read = from_json(to_json(run), mistakes);
    ASSERT_EQ(read.results.size(), run.results.size());
    EXPECT_EQ(read.started, run.started);
    EXPECT_EQ(read.seed, run.seed);
    EXPECT_EQ(read.target.probe.deflate_offers, run.target.probe.deflate_offers);
    ASSERT_TRUE(read.child);
    EXPECT_EQ(read.child->signal, 11);
    EXPECT_FALSE(read.child->exit_status);
    for (std::size_t i = 0; i < run.results.size(); ++i) {
        EXPECT_EQ(read.results[i].played.id, run.results[i].played.id);
        EXPECT_EQ(read.results[i].seed, run.results[i].seed);
        EXPECT_EQ(read.results[i].unexpected, run.results[i].unexpected);
        EXPECT_EQ(overall(read.results[i].verdict), overall(run.results[i].verdict));
        auto const &before = run.results[i].happened.entries,
                   &after = read.results[i].happened.entries;
        ASSERT_EQ(after.size(), before.size());
        for (std::size_t k = 0; k < before.size(); ++k) {
            EXPECT_EQ(after[k].at, before[k].at);
            EXPECT_EQ(after[k].what, before[k].what);
            EXPECT_EQ(after[k].step, before[k].step);
            EXPECT_EQ(after[k].data, before[k].data);
        }
    }
}

TEST(JsonReport, TakesAnyOctets) {
    testing::random_source random;
    for (int i = 0; i < 300; ++i) {
        auto run = green_run();
        auto const any = [&random] {
            auto const data = random.any(random.between(0, 40));
            return std::string(as_text(data));
        };
        run.target.agent = any();
        run.target.probe.deflate_offers[any()] = any();
        run.problems = {any(), any()};
        run.results[0].played.id = any();
        run.results[0].verdict.observed = any();
        run.results[1].unexpected = true;
        auto& happened = run.results[1].happened;
        happened.peer = random.coin() ? role::client : role::server;
        for (auto left = random.between(0, 9); left > 0; --left)
            happened.entries.push_back({duration(left),
                                        static_cast<trace_entry::kind>(random.between(0, 8)), 1,
                                        random.any(random.between(0, 200)), end_reason::reset});
        auto const text = to_json(run);
        ASSERT_EQ(read_and_written(text), text);
    }
}

TEST(JsonReport, SurvivesAnyDamage) {
    testing::random_source random;
    auto const whole = to_json(sample_run());
    std::string_view const splinters[] = {
        "null", "-1", "[]", "{}", "\"\"", "1e9", "18446744073709551615"};
    for (int i = 0; i < 300; ++i) {
        auto text = whole;
        // a value for another, so that most of them are still JSON
        auto const colon = text.find(": ", random.between(0, text.size() - 2000));
        auto const end = text.find_first_of(",\n", colon);
        text.replace(colon + 2, end - colon - 2,
                     splinters[random.between(0, std::size(splinters) - 1)]);
        if (i % 3 == 0)
            text[random.between(0, text.size() - 1)] = static_cast<char>(random.octet());
        std::vector<diagnostic> mistakes;
        auto const run = from_json(text, mistakes);
        if (mistakes.empty()) {
            EXPECT_EQ(read_and_written(to_json(run)), to_json(run));
        }
    }
}

TEST(JsonReport, NamesThePlaceOfBrokenJson) {
    EXPECT_EQ(mistakes_in("{\n  \"format\": nope }"),
              std::vector<std::string>{"2:14: is no valid JSON from here on"});
    EXPECT_EQ(mistakes_in("").size(), 1U);
    EXPECT_EQ(mistakes_in("\"\xFF\"").size(), 1U);
    EXPECT_EQ(mistakes_in("[1e999]").size(), 1U);
    EXPECT_EQ(mistakes_in(std::string(100000, '[')).size(), 1U);
    auto const whole = to_json(green_run());
    for (std::size_t size = 0; size + 2 < whole.size(); size += 37)
        ASSERT_EQ(mistakes_in(whole.substr(0, size)).size(), 1U) << size;
}

TEST(JsonReport, RefusesOtherFormatsAndVersions) {
    auto const text = to_json(green_run());
    std::vector<std::string> const wanted{"$: is no report of wsproof in version 1 of its format"};
    EXPECT_EQ(mistakes_in(replaced(text, "\"version\": 1", "\"version\": 2")), wanted);
    EXPECT_EQ(mistakes_in(replaced(text, "wsproof-report", "index")), wanted);
    EXPECT_EQ(mistakes_in("{}"), wanted);
    EXPECT_EQ(mistakes_in("[]"), wanted);
    EXPECT_EQ(mistakes_in("null"), wanted);
}

struct spoiling {
    std::string_view from, to, mistake;
};

constexpr spoiling spoilings[] = {
    {"\"strict\": false", "\"strict\": 0", "$.strict: needs true or false"},
    {"\"exit_code\": 0", "\"exit_code\": 0.5", "$.exit_code: needs a whole number that fits"},
    {"\"exit_code\": 0", "\"exit_code\": 4294967296",
     "$.exit_code: needs a whole number that fits"},
    {"\"status\": 0", "\"status\": -1", "$.target.probe.status: needs a whole number that fits"},
    {"\"seed\": \"42\"", "\"seed\": 42", "$.seed: needs a number of up to 64 bits, as a string"},
    {"\"seed\": \"42\"", "\"seed\": \"18446744073709551616\"",
     "$.seed: needs a number of up to 64 bits, as a string"},
    {"2026-01-31T", "2026-02-31T", "$.started: needs a time such as 2026-01-31T12:00:00.123Z"},
    {"\"problems\": []", "\"problems\": {}", "$.problems: needs a list"},
    {"\"problems\": []", "\"problems\": [1]", "$.problems[0]: needs a string"},
    {"\"child\": null", "\"child\": []", "$.child: needs an object"},
    {"\"deflate_offers\": {}", "\"deflate_offers\": []",
     "$.target.probe.deflate_offers: needs an object"},
    {"\"level\": \"must\"", "\"level\": \"shall\"",
     "$.cases[0].level: needs one of must, should, may"},
    {"\"strict\": false,", "", "$: lacks the key \"strict\""},
    {"\"strict\":", "\"lax\": 1, \"strict\":", "$: has the unknown key \"lax\""},
    {"\"grade\": \"non_strict\"", "\"grade\": \"fail\"",
     "$.cases[1].overall: contradicts the rest of the report"},
    {"\"unexpected\": 0", "\"unexpected\": 1", "$.summary: contradicts the rest of the report"},
    {"\"$schema\": \"urn:wsproof:schema:report:1\"", "\"$schema\": 1",
     "$.$schema: needs \"urn:wsproof:schema:report:1\""},
};

TEST(JsonReport, NamesEveryMistakeWithItsPath) {
    auto const text = to_json(green_run());
    for (auto const& each : spoilings) {
        auto const found = mistakes_in(replaced(text, each.from, each.to));
        EXPECT_NE(std::ranges::find(found, each.mistake), found.end())
            << each.to << " gives " << (found.empty() ? "no mistake" : found.front());
    }
    auto const two = mistakes_in(replaced(replaced(text, "\"strict\": false", "\"strict\": 0"),
                                          "\"child\": null", "\"child\": 1"));
    EXPECT_EQ(two.size(), 2U);
}

TEST(JsonReport, ReadsOctetsOnlyFromHexadecimal) {
    auto const text = to_json(sample_run());
    auto const found = mistakes_in(replaced(text, "\"474554202f", "\"4745542x2f"));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].ends_with(".trace.entries[1].hex[0]: needs hexadecimal digits"))
        << found[0];
}

TEST(JsonReport, DoesNotDrownInMistakes) {
    std::string list = "\"problems\": [1";
    for (int i = 0; i < 5000; ++i) list += ",1";
    EXPECT_EQ(mistakes_in(replaced(to_json(green_run()), "\"problems\": []", list + "]")).size(),
              100U);
}

}  // namespace
}  // namespace wsproof
