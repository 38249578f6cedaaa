// Every kind of mistake in a case file: noted with its path, all at once.
#include "cases/loader.hpp"

#include <gtest/gtest.h>

namespace wsproof {
namespace {

source_file const lists{"outcomes.json", R"({"echoed": [{"grade": "pass", "see": ["echo"]}]})"};

std::string file_with(std::string const& cases) {
    return R"({"section": "RFC 6455 5.4", "cases": [)" + cases + "]}";
}

/// A flawless case in which the given members replace others of the same name.
std::string case_with(std::string const& members) {
    std::vector<std::pair<std::string, std::string>> const all{
        {"id", R"("rfc6455/5.4/a")"},     {"title", R"("A title")"},
        {"clauses", R"(["6455-5.4-1"])"}, {"level", R"("must")"},
        {"roles", R"(["server"])"},       {"steps", R"([{"send": "text"}])"},
        {"outcomes", R"("echoed")"}};
    std::string result = "{" + members;
    for (auto const& [key, value] : all)
        if (members.find('"' + key + "\":") == std::string::npos)
            result += (result.size() > 1 ? ", \"" : "\"") + key + "\": " + value;
    return result + "}";
}

loaded_cases load(std::string const& text) {
    return load_cases(lists, {{"rfc6455/5.4-fragmentation.json", text}});
}

struct mistake_case {
    std::string members, path, text;
};

/// Each is the only mistake noted, with its path.
void check(mistake_case const& each) {
    auto const& [members, path, text] = each;
    SCOPED_TRACE(members);
    auto const loaded = load(file_with(case_with(members)));
    EXPECT_TRUE(loaded.cases.empty());
    ASSERT_EQ(loaded.mistakes.size(), 1U);
    EXPECT_EQ(loaded.mistakes[0].file, "rfc6455/5.4-fragmentation.json");
    EXPECT_EQ(loaded.mistakes[0].path, "$.cases[0]" + path);
    EXPECT_NE(loaded.mistakes[0].text.find(text), std::string::npos) << loaded.mistakes[0].text;
}

void check_all(std::vector<mistake_case> const& table) {
    for (auto const& each : table) check(each);
}

std::string steps(std::string const& one) { return R"("steps": [{"fence": true}, )" + one + "]"; }
std::string see(std::string const& one) {
    return R"("outcomes": [{"grade": "pass", "see": [)" + one + "]}]";
}

TEST(LoaderMistakes, OfTheCase) {
    check_all(
        {mistake_case{R"("id": 5)", ".id", "a string is needed"},
         mistake_case{R"("id": "rfc6455/5.41/a")", ".id", "start with rfc6455/5.4/"},
         mistake_case{R"("id": "rfc6455/5.5/a")", ".id", "start with rfc6455/5.4/"},
         mistake_case{R"("title": ["a"])", ".title", "a string is needed"},
         mistake_case{R"("clauses": "6455-5.4-1")", ".clauses", "a list is needed"},
         mistake_case{R"("clauses": ["6455-5.4-1", 7])", ".clauses[1]", "a string is needed"},
         mistake_case{R"("level": "MUST")", ".level", R"("must", "should" or "may")"},
         mistake_case{R"("level": "shoud")", ".level", "did you mean should?"},
         mistake_case{R"("roles": ["server", "clients"])", ".roles[1]", "did you mean client?"},
         mistake_case{R"("roles": "server")", ".roles", "a list is needed"},
         mistake_case{R"("autobahn": "1.1.1")", ".autobahn", "a list is needed"},
         mistake_case{R"("autobahn": [1.1])", ".autobahn[0]", "a string is needed"},
         mistake_case{R"("needs": [true])", ".needs[0]", "a string is needed"},
         mistake_case{R"("note": null)", ".note", "a string is needed"},
         mistake_case{R"("ofer": "x")", ".ofer", "did you mean offer?"},
         mistake_case{R"("banana": 1)", ".banana", "not known here"},
         mistake_case{R"("segmentation": "octet")", ".segmentation", "did you mean octets?"},
         mistake_case{R"("segmentation": {})", ".segmentation", "\"every\" is missing"},
         mistake_case{R"("segmentation": {"every": -1})", ".segmentation.every", "a whole number"},
         mistake_case{R"("segmentation": {"every": 5, "x": 1})", ".segmentation.x", "not known"},
         mistake_case{R"("ending": "none")", ".ending", R"("close" or "drop")"},
         mistake_case{R"("steps": {})", ".steps", "a list is needed"},
         mistake_case{R"("outcomes": "ehoed")", ".outcomes", "did you mean echoed?"},
         mistake_case{R"("outcomes": 1)", ".outcomes", "a list is needed"},
         mistake_case{R"("outcomes": ["echoed", "nothing"])", ".outcomes[1]",
                      "no list of this name"}});
}

TEST(LoaderMistakes, OfSteps) {
    check_all(
        {mistake_case{steps("1"), ".steps[1]", "an object is needed"},
         mistake_case{steps(R"({"snd": "text"})"), ".steps[1]", "did you mean send?"},
         mistake_case{steps("{}"), ".steps[1]", "one of the keys"},
         mistake_case{steps(R"({"fence": false})"), ".steps[1].fence", "only true"},
         mistake_case{steps(R"({"watch": 500})"), ".steps[1].watch", "true or false"},
         mistake_case{steps(R"({"await": "ping"})"), ".steps[1].await", "did you mean pong?"},
         mistake_case{steps(R"({"fence": true, "watch": true})"), ".steps[1].watch",
                      "not known here"},
         mistake_case{steps(R"({"send": "txt"})"), ".steps[1].send", "did you mean text?"},
         mistake_case{steps(R"({"send": 16})"), ".steps[1].send", "from 0 to 15"},
         mistake_case{steps(R"({"send": 1.5})"), ".steps[1].send", "from 0 to 15"},
         mistake_case{steps(R"({"send": "text", "fin": 1})"), ".steps[1].fin", "true or false"},
         mistake_case{steps(R"({"send": "text", "rsv": 8})"), ".steps[1].rsv", "from 0 to 7"},
         mistake_case{steps(R"({"send": "text", "key": "0011223"})"), ".steps[1].key",
                      "8 hex digits"},
         mistake_case{steps(R"({"send": "text", "key": "00112233445566"})"), ".steps[1].key",
                      "8 hex"},
         mistake_case{steps(R"({"send": "text", "form": 32})"), ".steps[1].form", "7, 16 or 64"},
         mistake_case{steps(R"({"send": "text", "length": "8000"})"), ".steps[1].length", "0x7fff"},
         mistake_case{steps(R"({"send": "text", "length": "0x"})"), ".steps[1].length", "0x7fff"},
         mistake_case{steps(R"({"send": "text", "length": "0x10000000000000000"})"),
                      ".steps[1].length", "64 bits"},
         mistake_case{steps(R"({"send": "text", "length": -1})"), ".steps[1].length",
                      "a whole number"},
         mistake_case{steps(R"({"send": "text", "cut": "3"})"), ".steps[1].cut", "a whole number"},
         mistake_case{steps(R"({"send": "text", "code": 1000})"), ".steps[1].code",
                      "not known here"},
         mistake_case{steps(R"({"send": "close", "reason": "x"})"), ".steps[1].reason",
                      "needs a \"code\""},
         mistake_case{steps(R"({"send": "close", "code": 65536})"), ".steps[1].code", "to 65535"},
         mistake_case{steps(R"({"send": "close", "code": 1000, "payload": "x"})"),
                      ".steps[1].payload", "either"}});
}

TEST(LoaderMistakes, OfPayloads) {
    check_all({mistake_case{steps(R"({"octets": 5})"), ".steps[1].octets", "an object is needed"},
               mistake_case{steps(R"({"octets": {}})"), ".steps[1].octets", "a payload is"},
               mistake_case{steps(R"({"octets": {"hex": "0g"}})"), ".steps[1].octets.hex",
                            "two hex digits"},
               mistake_case{steps(R"({"octets": {"hex": "abc"}})"), ".steps[1].octets.hex",
                            "two hex digits"},
               mistake_case{steps(R"({"octets": {"text": "a", "hex": "61"}})"),
                            ".steps[1].octets.hex", "not known"},
               mistake_case{steps(R"({"octets": {"repeat": "a"}})"), ".steps[1].octets",
                            "\"length\" is missing"},
               mistake_case{steps(R"({"octets": {"repeat": "", "length": 3}})"),
                            ".steps[1].octets.repeat", "nothing to repeat"},
               mistake_case{steps(R"({"octets": {"repeat": "a", "length": 1073741825}})"),
                            ".steps[1].octets.length", "from 0 to 1073741824"},
               mistake_case{steps(R"({"octets": {"join": ["a", {"hex": "x"}]}})"),
                            ".steps[1].octets.join[1].hex", "two hex digits"},
               mistake_case{steps(R"({"octets": {"join": "a"}})"), ".steps[1].octets.join",
                            "a list is needed"},
               mistake_case{
                   steps(R"({"octets": {"join": [{"repeat": "a", "length": 1073741824}, "b"]}})"),
                   ".steps[1].octets", "at most 1 GiB"}});
}

TEST(LoaderMistakes, OfRequests) {
    check_all(
        {mistake_case{steps(R"({"open": true})"), ".steps[1].open", "an object is needed"},
         mistake_case{steps(R"({"open": {"lin": "x"}})"), ".steps[1].open.lin",
                      "did you mean line?"},
         mistake_case{steps(R"({"open": {"set": {"Host": 1}}})"), ".steps[1].open.set.Host",
                      "an object is needed"},
         mistake_case{steps(R"({"open": {"set": {"Host": []}}})"), ".steps[1].open.set.Host",
                      "remove"},
         mistake_case{steps(R"({"open": {"set": {"Sec-A": "1", "sec-a": "2"}}})"),
                      R"(.steps[1].open.set["sec-a"])", "stands twice"},
         mistake_case{steps(R"({"open": {"remove": "Host"}})"), ".steps[1].open.remove", "a list"},
         mistake_case{steps(R"({"open": {"first": "x"}})"), ".steps[1].open.first", "a list"},
         mistake_case{steps(R"({"open": {"eol": "\n"}})"), ".steps[1].open.eol",
                      R"("crlf", "lf" or "cr")"},
         mistake_case{steps(R"({"open": {"raw": "x", "remove": []}})"), ".steps[1].open.remove",
                      "no effect beside"}});
}

TEST(LoaderMistakes, OfOutcomes) {
    check_all(
        {mistake_case{R"("outcomes": [{"see": []}])", ".outcomes[0]", "\"grade\" is missing"},
         mistake_case{R"("outcomes": [{"grade": "pass"}])", ".outcomes[0]", "\"see\" is missing"},
         mistake_case{R"("outcomes": [{"grade": "ok", "see": []}])", ".outcomes[0].grade",
                      R"("non_strict")"},
         mistake_case{R"("outcomes": [{"grade": "error", "see": []}])", ".outcomes[0].grade",
                      "needed"},
         mistake_case{R"("outcomes": [{"grade": "pass", "see": "echo"}])", ".outcomes[0].see",
                      "a list"},
         mistake_case{R"("outcomes": [{"grade": "pass", "see": [], "by": "3"}])", ".outcomes[0].by",
                      "a whole number"},
         mistake_case{R"("outcomes": [{"grade": "pass", "see": [], "becuase": "x"}])",
                      ".outcomes[0].becuase", "did you mean because?"},
         mistake_case{see(R"("ehco")"), ".outcomes[0].see[0]", "did you mean echo?"},
         mistake_case{see("7"), ".outcomes[0].see[0]", "an object is needed"},
         mistake_case{see("{}"), ".outcomes[0].see[0]", "exactly one key"},
         mistake_case{see(R"({"text": "a", "binary": "b"})"), ".outcomes[0].see[0]",
                      "exactly one key"},
         mistake_case{see(R"({"txt": "a"})"), ".outcomes[0].see[0].txt", "did you mean text?"},
         mistake_case{see(R"({"maybe": {"maybe": "end"}})"), ".outcomes[0].see[0].maybe.maybe",
                      "no such event"},
         mistake_case{see(R"({"end": "rst"})"), ".outcomes[0].see[0].end", R"("fin" or "reset")"},
         mistake_case{see(R"({"close": []})"), ".outcomes[0].see[0].close", "no code is listed"},
         mistake_case{see(R"({"close": 1000})"), ".outcomes[0].see[0].close", "a list is needed"},
         mistake_case{see(R"({"close": [65536]})"), ".outcomes[0].see[0].close[0]", "to 65535"},
         mistake_case{see(R"({"close": ["leagl"]})"), ".outcomes[0].see[0].close[0]",
                      "did you mean legal?"},
         mistake_case{see(R"({"close": ["2000-1000"]})"), ".outcomes[0].see[0].close[0]",
                      "first-last"},
         mistake_case{see(R"({"close": ["1000-70000"]})"), ".outcomes[0].see[0].close[0]",
                      "first-last"},
         mistake_case{see(R"({"close": ["1000-"]})"), ".outcomes[0].see[0].close[0]", "first-last"},
         mistake_case{see(R"({"response": []})"), ".outcomes[0].see[0].response", "no status"},
         mistake_case{see(R"({"response": ["4xx"]})"), ".outcomes[0].see[0].response[0]",
                      "402-499"},
         mistake_case{see(R"({"response": {"valid": "yes"}})"),
                      ".outcomes[0].see[0].response.valid", "true or false"},
         mistake_case{see(R"({"response": {"fields": {"Upgrade": "absnt"}}})"),
                      ".outcomes[0].see[0].response.fields.Upgrade", "did you mean absent?"},
         mistake_case{see(R"({"response": {"fields": {"X": {"is": "a", "lists": "b"}}}})"),
                      ".outcomes[0].see[0].response.fields.X", "a condition is"},
         mistake_case{see(R"({"response": {"fields": {"X": {}}}})"),
                      ".outcomes[0].see[0].response.fields.X", "a condition is"}});
}

TEST(LoaderMistakes, OfMissingKeys) {
    for (std::string const key :
         {"id", "title", "clauses", "level", "roles", "steps", "outcomes"}) {
        auto text = case_with("");
        auto const at = text.find('"' + key + "\":");
        ASSERT_NE(at, std::string::npos);
        text.replace(at, key.size() + 2, "\"banana\"");  // so that this one is missing
        auto const loaded = load(file_with(text));
        EXPECT_TRUE(loaded.cases.empty());
        ASSERT_EQ(loaded.mistakes.size(), 2U) << key;
        EXPECT_EQ(describe(loaded.mistakes[0]),
                  "rfc6455/5.4-fragmentation.json: $.cases[0]: \"" + key + "\" is missing");
        EXPECT_EQ(loaded.mistakes[1].path, "$.cases[0].banana");
    }
}

TEST(Loader, NotesAllMistakesOfAllFilesAtOnce) {
    auto const bad = file_with(case_with(R"("level": 1, "roles": [1, 2])") + "," +
                               case_with(R"("id": "rfc6455/5.4/b", "offr": "")") + "," +
                               case_with(R"("id": "rfc6455/5.4/good")"));
    auto const loaded = load_cases({"outcomes.json", R"({"echoed": [{"grade": "x", "see": []}]})"},
                                   {{"rfc6455/5.4-a.json", bad}, {"rfc6455/5.4-b.json", "{"}});
    std::vector<std::string> paths;
    for (auto const& each : loaded.mistakes) paths.push_back(each.file + " " + each.path);
    EXPECT_EQ(paths, (std::vector<std::string>{
                         "outcomes.json $.echoed[0].grade", "rfc6455/5.4-a.json $.cases[0].level",
                         "rfc6455/5.4-a.json $.cases[0].roles[0]",
                         "rfc6455/5.4-a.json $.cases[0].roles[1]",
                         "rfc6455/5.4-a.json $.cases[1].offr", "rfc6455/5.4-b.json 1:2"}));
    ASSERT_EQ(loaded.cases.size(), 1U);
    EXPECT_EQ(loaded.cases[0].id, "rfc6455/5.4/good");
}

TEST(Loader, SaysLineAndColumnOfBrokenJson) {
    auto const loaded = load("{\n  \"section\": \"x\",\n  \"cases\": [1,,2]\n}");
    ASSERT_EQ(loaded.mistakes.size(), 1U);
    EXPECT_EQ(loaded.mistakes[0].path, "3:15");
    EXPECT_NE(loaded.mistakes[0].text.find("unexpected ','"), std::string::npos);
    EXPECT_EQ(load("").mistakes.at(0).path, "1:1");
    EXPECT_EQ(load("{} x").mistakes.at(0).path, "1:4");
}

TEST(Loader, RefusesTextThatIsNoUtf8) {
    auto const loaded = load("{\"section\": \"\xC3\x28\"}");
    ASSERT_EQ(loaded.mistakes.size(), 1U);
    EXPECT_EQ(loaded.mistakes[0].path, "1:15");
}

TEST(Loader, SurvivesDeepNesting) {
    auto const loaded = load(std::string(100000, '['));
    ASSERT_EQ(loaded.mistakes.size(), 1U);
    EXPECT_EQ(loaded.mistakes[0].text, "nested too deep");
    std::string join = R"("a")";
    for (int i = 0; i < 20; ++i) join = R"({"join": [)" + join + "]}";
    auto const deep = load(file_with(case_with(steps(R"({"octets": )" + join + "}"))));
    ASSERT_EQ(deep.mistakes.size(), 1U);
    EXPECT_EQ(deep.mistakes[0].text, "joined too deep");
}

TEST(Loader, NotesDuplicateKeysAtEveryDepth) {
    auto const loaded =
        load(R"({"section": "x", "section": "y", "cases": [)" +
             case_with(R"("level": "must", "level": "may")") + "," +
             case_with(R"("steps": [{"send": "text", "rsv": 1, "rsv": 1}])") + "]}");
    ASSERT_EQ(loaded.mistakes.size(), 3U);
    EXPECT_EQ(loaded.mistakes[0].path, "$.section");
    EXPECT_EQ(loaded.mistakes[1].path, "$.cases[0].level");
    EXPECT_EQ(loaded.mistakes[2].path, "$.cases[1].steps[0].rsv");
    for (auto const& each : loaded.mistakes) EXPECT_NE(each.text.find("twice"), std::string::npos);
}

TEST(Loader, NotesDuplicateNamesOfLists) {
    std::vector<diagnostic> mistakes;
    load_outcome_lists({"outcomes.json", R"({"failed with 1002": [], "failed with 1002": []})"},
                       mistakes);
    ASSERT_EQ(mistakes.size(), 1U);
    EXPECT_EQ(describe(mistakes[0]),
              R"(outcomes.json: $["failed with 1002"]: this key stands twice in its object)");
}

TEST(Loader, NotesWhatIsWrongWithTheFileItself) {
    EXPECT_EQ(load("[]").mistakes.at(0).path, "$");
    auto const loaded = load(R"({"defaults": {"levle": "must"}, "case": []})");
    std::vector<std::string> texts;
    for (auto const& each : loaded.mistakes) texts.push_back(each.path + " " + each.text);
    EXPECT_EQ(texts, (std::vector<std::string>{
                         "$ \"section\" is missing",
                         "$.defaults.levle this key is not known here (did you mean level?)",
                         "$ \"cases\" is missing",
                         "$.case this key is not known here (did you mean cases?)"}));
}

TEST(Loader, ABrokenListFileCausesNoFurtherMistakes) {
    auto const loaded =
        load_cases({"outcomes.json", "{"}, {{"rfc6455/5.4-a.json", file_with(case_with(""))}});
    ASSERT_EQ(loaded.mistakes.size(), 1U);
    EXPECT_EQ(loaded.mistakes[0].file, "outcomes.json");
}

TEST(Loader, KnowsThePlaceOfIdsByTheFile) {
    auto const mistakes = [](std::string const& file, std::string const& id) {
        return load_cases(lists, {{file, file_with(case_with("\"id\": \"" + id + "\""))}})
            .mistakes.size();
    };
    EXPECT_EQ(mistakes("rfc6455/5.4-fragmentation.json", "rfc6455/5.4/a"), 0U);
    EXPECT_EQ(mistakes("rfc6455/5.4-fragmentation.json", "rfc6455/5.4.1/a"), 0U);
    EXPECT_EQ(mistakes("rfc6455/5.4.json", "rfc6455/5.4/a"), 0U);
    EXPECT_EQ(mistakes("rfc6455/5.4-fragmentation.json", "rfc7692/5.4/a"), 1U);
    EXPECT_EQ(mistakes("limits/frames-huge.json", "limits/frames/a"), 0U);
    EXPECT_EQ(mistakes("limits/frames.json", "limits/frames/a"), 0U);
    EXPECT_EQ(mistakes("limits/frames.json", "limits/messages/a"), 1U);
    EXPECT_EQ(mistakes("mine.json", "mine/1/a"), 0U);
    EXPECT_EQ(mistakes("corpus/cases/bugs/ws.json", "bugs/ws/a"), 0U);
}

TEST(Diagnostic, IsDescribedWithoutEmptyParts) {
    EXPECT_EQ(describe({"a.json", "$.x", "wrong"}), "a.json: $.x: wrong");
    EXPECT_EQ(describe({"", "$.x", "wrong"}), "$.x: wrong");
    EXPECT_EQ(describe({"", "", "wrong"}), "wrong");
}

}  // namespace
}  // namespace wsproof
