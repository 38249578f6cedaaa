#include "cases/registry.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace wsproof {
namespace {

test_case made(std::string id, std::vector<std::string> clauses, level weight,
               std::vector<std::string> tags, std::vector<std::string> autobahn) {
    test_case result;
    result.id = std::move(id);
    result.clauses = std::move(clauses);
    result.level = weight;
    result.tags = std::move(tags);
    result.autobahn = std::move(autobahn);
    return result;
}

registry small() {
    return registry(
        {made("rfc6455/5.4/ping-inside", {"6455-5.4-7"}, level::must, {}, {"5.6"}),
         made("rfc6455/5.4/stray", {"6455-5.4-6", "6455-5.4-4"}, level::must, {"hostile"}, {}),
         made("rfc6455/5.41/x", {"6455-5.41-1"}, level::should, {}, {"6.4.1", "6.41.1"}),
         made("rfc6455/8.1/late", {"6455-8.1-5"}, level::may, {"hostile", "alone"}, {"6.4.2"}),
         made("limits/frames/huge", {"6455-10.4-1"}, level::should, {"harmful"}, {})});
}

struct wanted_case {
    std::string name;
    selection wanted;
    std::string ids;  // last parts
};

void check(wanted_case const& wanted) {
    SCOPED_TRACE(wanted.name);
    std::vector<diagnostic> mistakes;
    std::string ids;
    for (auto const& each : small().select(wanted.wanted, mistakes))
        ids.append(ids.empty() ? "" : " ").append(each.id.substr(each.id.rfind('/') + 1));
    EXPECT_EQ(ids, wanted.ids);
    EXPECT_TRUE(mistakes.empty()) << describe(mistakes[0]);
}

void check_all(std::vector<wanted_case> const& table) {
    for (auto const& each : table) check(each);
}

selection cases(std::vector<std::string> list) { return {std::move(list), {}, {}, {}, {}, {}}; }
selection clause(std::string one) { return {{}, {std::move(one)}, {}, {}, {}, {}}; }
selection autobahn(std::string one) { return {{}, {}, {}, {}, {std::move(one)}, {}}; }
selection without(std::vector<std::string> list) { return {{}, {}, {}, {}, {}, std::move(list)}; }

TEST(Selection, GivesMatchesInTheRegistrysOrder) {
    check_all(std::vector<wanted_case>{
        wanted_case{"Nothing", {}, "ping-inside stray x late huge"},
        wanted_case{"WholeId", cases({"rfc6455/5.4/stray"}), "stray"},
        wanted_case{"Prefix", cases({"rfc6455/5.4"}), "ping-inside stray"},
        wanted_case{"PrefixWithSlash", cases({"rfc6455/5.4/"}), "ping-inside stray"},
        wanted_case{"Folder", cases({"limits"}), "huge"},
        wanted_case{"Glob", cases({"*/ping-*"}), "ping-inside"},
        wanted_case{"GlobOverSections", cases({"rfc6455/5.4*"}), "ping-inside stray x"},
        wanted_case{"QuestionMark", cases({"rfc6455/5.4?/?"}), "x"},
        wanted_case{"AnyOfAList", cases({"limits", "rfc6455/5.4/stray"}), "stray huge"},
        wanted_case{"Clause", clause("6455-5.4-4"), "stray"},
        wanted_case{"ClauseGlob", clause("6455-5.4-*"), "ping-inside stray"},
        wanted_case{"Tag", {{}, {}, {"hostile"}, {}, {}, {}}, "stray late"},
        wanted_case{"Level", {{}, {}, {}, {"should", "may"}, {}, {}}, "x late huge"},
        wanted_case{"AutobahnNumber", autobahn("6.4.1"), "x"},
        wanted_case{"AutobahnSection", autobahn("6.4"), "x late"},
        wanted_case{"AutobahnChapter", autobahn("6"), "x late"},
        wanted_case{"AutobahnGlob", autobahn("?.4.*"), "x late"},
        wanted_case{"AllLists", {{"rfc6455"}, {}, {"hostile"}, {"must"}, {}, {}}, "stray"},
        wanted_case{"ListsThatShareNothing", {{"limits"}, {}, {"hostile"}, {}, {}, {}}, ""},
        wanted_case{"ExcludeId", without({"rfc6455/5.4"}), "x late huge"},
        wanted_case{"ExcludeTag", without({"tag:hostile", "tag:harmful"}), "ping-inside x"},
        wanted_case{"ExcludeClause", without({"clause:6455-5.4-*"}), "x late huge"},
        wanted_case{"ExcludeLevel", without({"level:must"}), "x late huge"},
        wanted_case{"ExcludeAutobahn", without({"autobahn:6.4"}), "ping-inside stray huge"},
        wanted_case{"SelectAndExclude",
                    {{"rfc6455"}, {}, {}, {}, {}, {"*/stray", "level:may"}},
                    "ping-inside x"}});
}

struct misspelt {
    std::string name;
    selection wanted;
    std::string described;
};

void check(misspelt const& wrong) {
    SCOPED_TRACE(wrong.name);
    std::vector<diagnostic> mistakes;
    small().select(wrong.wanted, mistakes);
    ASSERT_EQ(mistakes.size(), 1U);
    EXPECT_EQ(describe(mistakes[0]), wrong.described);
}

void check_all(std::vector<misspelt> const& table) {
    for (auto const& each : table) check(each);
}

TEST(Misspelling, IsNeverGreen) {
    check_all(std::vector<misspelt>{
        misspelt{"Id", cases({"rfc6455/5.4", "rfc6455/5.4/stary"}),
                 "--case: rfc6455/5.4/stary: no case has this id, prefix or glob "
                 "(did you mean rfc6455/5.4/stray?)"},
        misspelt{
            "Prefix", cases({"rfc6445/5.4"}),
            "--case: rfc6445/5.4: no case has this id, prefix or glob (did you mean rfc6455/5.4?)"},
        misspelt{
            "PartOfAPrefix", cases({"rfc6455/5"}),
            "--case: rfc6455/5: no case has this id, prefix or glob (did you mean rfc6455/5.*?)"},
        misspelt{
            "LastPartOnly", cases({"huge"}),
            "--case: huge: no case has this id, prefix or glob (did you mean limits/frames/huge?)"},
        misspelt{"SectionOnly", cases({"5.4"}),
                 "--case: 5.4: no case has this id, prefix or glob (did you mean rfc6455/5.4?)"},
        misspelt{"Glob", cases({"*/pong-*"}),
                 "--case: */pong-*: no case has this id, prefix or glob"},
        misspelt{"Empty", cases({""}), "--case: no case has this id, prefix or glob"},
        misspelt{"Clause", clause("6455-5.4-8"),
                 "--clause: 6455-5.4-8: no case checks such a clause (did you mean 6455-5.4-4?)"},
        misspelt{"Tag",
                 {{}, {}, {"hostil"}, {}, {}, {}},
                 "--tag: hostil: no case has this tag (did you mean hostile?)"},
        misspelt{"Level",
                 {{}, {}, {}, {"must-not"}, {}, {}},
                 "--level: must-not: no case has this level"},
        misspelt{"Autobahn", autobahn("12.*"),
                 "--autobahn: 12.*: no case stands for this Autobahn case"},
        misspelt{"Exclusion", without({"tag:alonee"}),
                 "--exclude: alonee: no case has this tag (did you mean alone?)"}});
}

TEST(Registry, FindsByWholeId) {
    auto const cases = small();
    ASSERT_NE(cases.find("rfc6455/8.1/late"), nullptr);
    EXPECT_EQ(cases.find("rfc6455/8.1/late")->id, "rfc6455/8.1/late");
    EXPECT_EQ(cases.find("rfc6455/8.1"), nullptr);
    EXPECT_EQ(registry().find(""), nullptr);
}

TEST(Glob, StarIsAnyRunAndQuestionMarkOneCharacter) {
    EXPECT_TRUE(glob_match("", ""));
    EXPECT_TRUE(glob_match("*", ""));
    EXPECT_TRUE(glob_match("**", "abc"));
    EXPECT_TRUE(glob_match("a*c", "abbbc"));
    EXPECT_TRUE(glob_match("a*b*c", "axbxbxc"));
    EXPECT_TRUE(glob_match("*ab", "aab"));
    EXPECT_FALSE(glob_match("a*c", "abbb"));
    EXPECT_FALSE(glob_match("?", ""));
    EXPECT_FALSE(glob_match("a?", "abc"));
    EXPECT_FALSE(glob_match("", "a"));
    EXPECT_FALSE(glob_match("a.c", "abc"));
    EXPECT_FALSE(glob_match("[a]", "a"));
}

TEST(Glob, ManyStarsCostNoTime) {
    std::string pattern;
    for (int i = 0; i < 200; ++i) pattern += "a*";
    EXPECT_FALSE(glob_match(pattern + "b", std::string(5000, 'a')));
}

TEST(IdMatches, PrefixesEndAtASlash) {
    EXPECT_TRUE(id_matches("rfc6455/5.4", "rfc6455/5.4/x"));
    EXPECT_TRUE(id_matches("rfc6455/5.4/", "rfc6455/5.4/x"));
    EXPECT_FALSE(id_matches("rfc6455/5.4", "rfc6455/5.41/x"));
    EXPECT_FALSE(id_matches("rfc6455/5.4", "rfc6455/5.4.1/x"));
    EXPECT_FALSE(id_matches("", "rfc6455/5.4/x"));
    EXPECT_FALSE(id_matches("/", "rfc6455/5.4/x"));
    EXPECT_FALSE(id_matches("rfc6455/5.4/x/y", "rfc6455/5.4/x"));
}

class CasesWith : public testing::Test {
protected:
    void SetUp() override {
        auto pattern = (std::filesystem::temp_directory_path() / "wsproof-cases-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void write(std::string const& name, std::string const& text) const {
        auto const path = folder_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }
    static std::string file_with(std::string const& id, std::string const& outcomes) {
        return R"({"section": "mine", "cases": [{"id": ")" + id +
               R"(", "title": "Mine", "clauses": ["6455-5.4-1"], "level": "may", "roles": ["server"],
                "steps": [{"send": "text"}, {"await": "echo"}], "outcomes": )" +
               outcomes + "}]}";
    }

    std::filesystem::path folder_;
};

TEST_F(CasesWith, AddsAndReplaces) {
    auto const built_in = built_in_cases();
    auto const known = built_in.all().at(3).id;
    write("mine.json", file_with("mine/1/new", R"(["echoed"])"));
    write("deeper/other.json", R"({"section": "empty", "cases": []})");
    write("replaced.json", file_with(known, R"("my list")"));
    write("outcomes.json", R"({"my list": [{"grade": "pass", "see": ["message"]}]})");
    write("notes.txt", "not read");
    write("old.golden.json", "not read either");
    std::vector<diagnostic> mistakes;
    auto const all = cases_with(folder_.string(), mistakes);
    for (auto const& each : mistakes) ADD_FAILURE() << describe(each);
    EXPECT_EQ(all.all().size(), built_in.all().size() + 1);
    EXPECT_EQ(all.all().back().id, "mine/1/new");
    EXPECT_EQ(all.all().at(3).title, "Mine");
    EXPECT_EQ(all.all().at(3).outcome_list, "my list");
    EXPECT_NE(case_set_version(all.all()), case_set_version(built_in.all()));
}

TEST_F(CasesWith, TakesASingleFile) {
    write("mine.json", file_with("mine/1/new", R"("echoed")"));
    write("other.json", "{");
    std::vector<diagnostic> mistakes;
    auto const all = cases_with((folder_ / "mine.json").string(), mistakes);
    EXPECT_TRUE(mistakes.empty());
    EXPECT_NE(all.find("mine/1/new"), nullptr);
}

TEST_F(CasesWith, NotesMistakesOfLoaderAndLint) {
    write("rfc6455/5.4-mine.json", file_with("rfc6455/5.5/new", R"("echoed")"));
    write("second.json", file_with("Mine/1/new", R"("echoed")"));
    std::vector<diagnostic> mistakes;
    cases_with(folder_.string(), mistakes);
    ASSERT_EQ(mistakes.size(), 2U);
    EXPECT_EQ(mistakes[0].file, "rfc6455/5.4-mine.json");
    EXPECT_EQ(mistakes[1].file, "Mine/1/new");
}

TEST_F(CasesWith, NotesFoldersWithoutCases) {
    std::vector<diagnostic> mistakes;
    cases_with(folder_.string(), mistakes);
    ASSERT_EQ(mistakes.size(), 1U);
    EXPECT_NE(mistakes[0].text.find("no case file"), std::string::npos);
    mistakes.clear();
    cases_with((folder_ / "missing").string(), mistakes);
    ASSERT_EQ(mistakes.size(), 1U);
    EXPECT_NE(mistakes[0].text.find("cannot be read"), std::string::npos);
}

}  // namespace
}  // namespace wsproof
