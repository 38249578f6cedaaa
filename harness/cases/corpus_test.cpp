// The built-in corpus as a whole: flawless, complete, and as approved.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "cases/case_files.hpp"
#include "cases/dump.hpp"
#include "cases/embedded.hpp"
#include "cases/lint.hpp"
#include "cases/registry.hpp"
#include "testing/golden.hpp"

namespace wsproof {
namespace {

TEST(Corpus, IsCleanByLint) {
    std::set<std::string, std::less<>> clauses;
    for (auto const& each : all_clauses()) clauses.insert(each.id);
    for (auto const& each : lint(built_in_cases().all(), clauses)) ADD_FAILURE() << describe(each);
}

TEST(Corpus, DumpsLoadToTheSameCases) {
    auto const cases = built_in_cases().all();
    ASSERT_FALSE(cases.empty());
    auto const loaded = load_cases({"outcomes.json", "{}"}, {{"dump.json", dump_file(cases)}});
    for (auto const& each : loaded.mistakes) ADD_FAILURE() << describe(each);
    ASSERT_EQ(loaded.cases.size(), cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) {
        EXPECT_EQ(loaded.cases[i], cases[i]) << cases[i].id;
        EXPECT_EQ(dump(loaded.cases[i]), dump(cases[i]));
    }
}

TEST(CorpusGolden, EveryCaseIsAsApproved) {
    std::string text;
    for (auto const& each : built_in_cases().all()) text += dump(each) + "\n";
    EXPECT_TRUE(matches_golden("corpus/cases/expanded.golden.jsonl", text));
}

TEST(FirstDifference, ShowsLineAndPlace) {
    using golden_detail::first_difference;
    EXPECT_EQ(first_difference("a\nb\nc\n", "a\nx\nc\n"), "line 2:\n  golden: b\n  now:    x");
    EXPECT_EQ(first_difference("a\n", "a\nb\n"), "line 2:\n  golden: (the end)\n  now:    b");
    EXPECT_EQ(first_difference("a\nb", "a\n"), "line 2:\n  golden: b\n  now:    (the end)");
    EXPECT_EQ(first_difference("", "a"), "line 1:\n  golden: (the end)\n  now:    a");
    auto const far = first_difference(std::string(1000, 'a') + "b", std::string(1000, 'a') + "c");
    EXPECT_LT(far.size(), 200U);
    EXPECT_NE(far.find("ab\n"), std::string::npos);
    EXPECT_NE(far.find("ac"), std::string::npos);
}

TEST(Corpus, HoldsTheFilesOfTheRepository) {
    std::vector<diagnostic> mistakes;
    std::vector<source_file> on_disk;
    for (std::string const folder : {"cases", "requirements", "vectors"})
        for (auto& each :
             read_json_files(std::string(WSPROOF_SOURCE_DIR) + "/corpus/" + folder, mistakes))
            on_disk.push_back({folder + "/" + each.name, std::move(each.text)});
    std::ifstream in(std::string(WSPROOF_SOURCE_DIR) + "/corpus/known-bugs.json");
    on_disk.push_back({"known-bugs.json", {std::istreambuf_iterator<char>(in), {}}});
    std::ranges::sort(on_disk, {}, &source_file::name);
    EXPECT_TRUE(mistakes.empty());
    auto const built_in = embedded_files();
    ASSERT_EQ(built_in.size(), on_disk.size());
    for (std::size_t i = 0; i < on_disk.size(); ++i) {
        EXPECT_EQ(built_in[i].name, on_disk[i].name);
        EXPECT_TRUE(built_in[i].text == on_disk[i].text) << on_disk[i].name;
    }
}

TEST(Corpus, IsOrderedBySection) {
    auto const cases = built_in_cases().all();
    auto const at = [&](std::string const& prefix) {
        auto const found = std::find_if(cases.begin(), cases.end(), [&](auto const& each) {
            return each.id.starts_with(prefix);
        });
        EXPECT_NE(found, cases.end()) << prefix;
        return found - cases.begin();
    };
    EXPECT_LT(at("rfc6455/5.2/"), at("rfc6455/7.4.1/"));
    EXPECT_LT(at("rfc6455/7.4.1/"), at("rfc6455/7.4.2/"));
    EXPECT_LT(at("rfc6455/8.1/"), at("rfc7692/6.1/"));
    EXPECT_LT(at("rfc7692/7.1.2.2/"), at("rfc7692/7.2.2/"));
}

TEST(Catalogue, IsCompleteAndFoundById) {
    EXPECT_GT(all_clauses().size(), 600U);
    std::set<std::string> ids;
    for (auto const& each : all_clauses()) {
        EXPECT_TRUE(ids.insert(each.id).second) << each.id;
        EXPECT_FALSE(each.text.empty()) << each.id;
        EXPECT_EQ(find_clause(each.id), &each);
    }
    auto const* const found = find_clause("6455-8.1-1");
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->level, "MUST");
    EXPECT_EQ(found->who, "both");
    EXPECT_EQ(find_clause("6455-8.1"), nullptr);
}

/// All numbers of Autobahn|Testsuite 0.8.2; "first-last" stands for the last part of the number.
constexpr std::string_view autobahn_numbers =
    "1.1.1-8 1.2.1-8 2.1-11 3.1-7 4.1.1-5 4.2.1-5 5.1-20 6.1.1-3 6.2.1-4 6.3.1-2 6.4.1-4 "
    "6.5.1-5 6.6.1-11 6.7.1-4 6.8.1-2 6.9.1-4 6.10.1-3 6.11.1-5 6.12.1-8 6.13.1-5 6.14.1-10 "
    "6.15.1 6.16.1-3 6.17.1-5 6.18.1-5 6.19.1-5 6.20.1-7 6.21.1-8 6.22.1-34 6.23.1-7 7.1.1-6 "
    "7.3.1-6 7.5.1 7.7.1-13 7.9.1-9 7.13.1-2 9.1.1-6 9.2.1-6 9.3.1-9 9.4.1-9 9.5.1-6 9.6.1-6 "
    "9.7.1-6 9.8.1-6 10.1.1 12.1.1-18 12.2.1-18 12.3.1-18 12.4.1-18 12.5.1-18 13.1.1-18 "
    "13.2.1-18 13.3.1-18 13.4.1-18 13.5.1-18 13.6.1-18 13.7.1-18";

std::set<std::string> all_autobahn_numbers() {
    std::set<std::string> result;
    std::istringstream in{std::string(autobahn_numbers)};
    for (std::string word; in >> word;) {
        auto const dot = word.rfind('.'), dash = word.find('-');
        auto const first = std::stoi(word.substr(dot + 1));
        auto const last = dash == std::string::npos ? first : std::stoi(word.substr(dash + 1));
        for (int i = first; i <= last; ++i) result.insert(word.substr(0, dot + 1) + std::to_string(i));
    }
    return result;
}

TEST(Corpus, HasOneCounterpartForEachAutobahnCase) {
    std::multiset<std::string> there;
    for (auto const& each : built_in_cases().all())
        there.insert(each.autobahn.begin(), each.autobahn.end());
    auto const wanted = all_autobahn_numbers();
    EXPECT_EQ(wanted.size(), 517U);
    for (auto const& number : wanted) EXPECT_EQ(there.count(number), 1U) << number;
    for (auto const& number : there) EXPECT_TRUE(wanted.contains(number)) << number;
}

TEST(Corpus, EveryDemandingClauseHasACaseOrAReason) {
    std::set<std::string> checked;
    for (auto const& each : built_in_cases().all()) checked.insert(each.clauses.begin(), each.clauses.end());
    for (auto const& clause : all_clauses()) {
        if (clause.is_demanding()) {
            EXPECT_TRUE(checked.contains(clause.id) || !clause.untested.empty())
                << clause.id << " (" << clause.who << "): " << clause.text;
        }
        EXPECT_FALSE(checked.contains(clause.id) && !clause.untested.empty())
            << clause.id << " has a case and a reason why it has none";
    }
}

TEST(KnownBugs, EachHasItsCasesOrAReason) {
    auto const all = built_in_cases();
    EXPECT_EQ(all_known_bugs().size(), 208U);
    for (auto const& bug : all_known_bugs()) {
        EXPECT_NE(bug.cases.empty(), bug.why_not.empty()) << bug.id;
        for (auto const& id : bug.cases) EXPECT_NE(all.find(id), nullptr) << bug.id << ": " << id;
    }
}

TEST(CaseSetVersion, ChangesWithEveryCase) {
    auto cases = built_in_cases().all();
    auto const version = case_set_version(cases);
    EXPECT_EQ(version.size(), 12U);
    EXPECT_EQ(version.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(case_set_version(cases), version);
    cases.back().title += ".";
    EXPECT_NE(case_set_version(cases), version);
    cases.pop_back();
    EXPECT_NE(case_set_version(cases), version);
    EXPECT_EQ(case_set_version({}), "cbf29ce48422");  // FNV-1a of nothing: its offset basis
}

}  // namespace
}  // namespace wsproof
