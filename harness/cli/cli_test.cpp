// wsproof as a whole: its words, its files, and the subcommands that play nothing.
#include <set>

#include "cli/cli_testing.hpp"

namespace wsproof::testing {
namespace {

std::vector<std::string> lines_of(std::string const& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        auto const end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

void expect_usage_error(words const& arguments, std::string const& says) {
    auto const got = wsproof(arguments);
    std::string line;
    for (auto const& each : arguments) line += each + " ";
    EXPECT_EQ(got.code, 2) << line;
    EXPECT_TRUE(got.says(says)) << line << got.err;
    EXPECT_TRUE(got.err.starts_with("wsproof: ")) << got.err;
    EXPECT_EQ(got.out, "") << line;
}

// ---- words ---------------------------------------------------------------------------------------

TEST(Usage, WithoutSubcommandItPointsToTheHelp) {
    expect_usage_error({}, "A subcommand is required; see wsproof --help");
}

TEST(Usage, AnUnknownSubcommandIsNamedWithTheOneThatWasMeant) {
    expect_usage_error({"tets", "ws://localhost"}, "\"tets\" is no command (did you mean test?)");
    expect_usage_error({"\x1b[2J"}, "\"\\x1b[2J\" is no command; see wsproof --help");
}

TEST(Usage, AnUnknownOptionOfAnySubcommandIsNamed) {
    expect_usage_error({"--seed", "1", "test"}, "--seed is no option of wsproof itself");
    for (auto const* command : {"test", "list", "echo"})
        expect_usage_error({command, "--bogus"}, "--bogus");
    for (auto const* command : {"replay", "show", "report"})
        expect_usage_error({command, "x", "--bogus"}, "--bogus");
}

TEST(Usage, AMissingWordIsNamed) {
    expect_usage_error({"replay"}, "what is required");
    expect_usage_error({"show"}, "what is required");
    expect_usage_error({"report"}, "report is required");
}

TEST(Usage, ValuesThatAreNoneAreNamed) {
    struct {
        words option;
        char const* says;
    } const table[] = {
        {{"--seed", "x"}, "--seed"},
        {{"--repeat", "0"}, "--repeat"},
        {{"--concurrency", "0"}, "--concurrency"},
        {{"--timeout", "0"}, "--timeout"},
        {{"--start-timeout", "-1"}, "--start-timeout"},
        {{"--trace", "some"}, "--trace"},
        {{"--segments", "0"}, "--segments: \"0\" is none of whole, frames, octets, random"},
        {{"--segments", "3x"}, "--segments: \"3x\" is none of"},
        {{"--expect", "/nonexistent/expected.json"}, "File does not exist"},
        {{"--cases", "/nonexistent"}, "Directory does not exist"},
        {{"--ca", "/nonexistent/ca.pem"}, "File does not exist"},
        {{"--header", "no colon"}, "--header: \"no colon\" has no colon"},
        {{"--header", "a b: c"}, "\"a b\" is not a field name"},
        {{"--origin", "a\nb"}, "control character"},
        {{"--connect-to", "localhost"}, "\"localhost\" is not HOST:PORT"},
        {{"ftp://localhost/"}, "the scheme is ws or wss, not \"ftp\""},
        {{"ws://localhost/#top"}, "a WebSocket URL has no fragment"},
    };
    for (auto const& each : table) {
        auto arguments = each.option;
        arguments.insert(arguments.begin(), {"test", one_ping});
        if (each.option.front().starts_with("--")) arguments.push_back("ws://127.0.0.1:1/");
        expect_usage_error(arguments, each.says);
    }
}

TEST(Usage, AnAddressWithoutSchemeIsNoCaseAndSaysWhatIsMissing) {
    expect_usage_error({"test", "localhost:9001"}, "a URL begins with ws:// or wss://");
    expect_usage_error({"test", ""}, "an empty word stands where a URL or a case should");
}

// A pipeline whose variable for the command is empty must not test the built-in server instead.
TEST(Usage, DashesWithoutACommandAreNoRun) {
    expect_usage_error({"test", one_ping, "--"}, "there is no command behind --");
    expect_usage_error({"list", "--", "ls"}, "only test and replay start a command");
}

TEST(Usage, HelpOfEverySubcommandHasExamples) {
    for (std::string const command : {"test", "replay", "list", "show", "report", "echo"}) {
        auto const got = wsproof({command, "--help"});
        EXPECT_EQ(got.code, 0) << command;
        EXPECT_EQ(got.err, "") << command;
        EXPECT_TRUE(got.prints("Usage: wsproof " + command)) << got.out;
        EXPECT_TRUE(got.prints("\nExamples:\n  wsproof " + command)) << got.out;
    }
    EXPECT_TRUE(wsproof({"test", "--help"}).prints("Exit codes: 0 everything as expected"));
}

TEST(Usage, TheProgramsHelpNamesAllSubcommands) {
    auto const got = wsproof({"--help"});
    EXPECT_EQ(got.code, 0);
    for (auto const* each : {"test", "replay", "list", "show", "report", "echo", "--version"})
        EXPECT_TRUE(got.prints(std::string("\n  ") + each)) << each;
}

TEST(Usage, VersionIsANumberAlone) {
    auto const got = wsproof({"--version"});
    EXPECT_EQ(got.code, 0);
    EXPECT_EQ(got.out, WSPROOF_VERSION "\n");
    EXPECT_EQ(got.err, "");
}

// ---- selections ----------------------------------------------------------------------------------

TEST(Selection, AWordThatMatchesNothingIsNamedWithTheNearest) {
    for (auto const* command : {"test", "list"})
        expect_usage_error({command, "rfc6455/5.5.22"},
                           "rfc6455/5.5.22: no case has this id, prefix or glob (did you mean "
                           "rfc6455/5.5.2?)");
    expect_usage_error({"show", "empty-ping"}, "did you mean rfc6455/5.5.2/empty-ping?");
    expect_usage_error({"replay", "rfc6455/5.5.2/empty-pong"}, "did you mean");
}

TEST(Selection, EveryWrongSelectorIsNamedAtOnce) {
    auto const got = wsproof({"test", "no/such", "--clause", "6455-0", "--tag", "bogus", "--level",
                              "high", "--autobahn", "99", "--exclude", "tag:nix"});
    EXPECT_EQ(got.code, 2);
    EXPECT_EQ(lines_of(got.err).size(), 6U) << got.err;
}

TEST(Selection, ExclusionsThatLeaveNothingAreNotGreen) {
    auto const got = wsproof({"test", pings, "--exclude", pings});
    EXPECT_EQ(got.code, 4);
    EXPECT_TRUE(got.says("the selection leaves no case to play")) << got.err;
    EXPECT_EQ(wsproof({"list", pings, "--exclude", pings}).code, 4);
}

// ---- list ----------------------------------------------------------------------------------------

words ids_of(words arguments) {
    arguments.insert(arguments.begin(), {"list", "--ids"});
    auto const got = wsproof(arguments);
    EXPECT_EQ(got.code, 0) << got.err;
    EXPECT_EQ(got.err, "");
    return lines_of(got.out);
}

TEST(List, IdsAreAllDifferentAndSelectable) {
    auto const all = ids_of({});
    EXPECT_GT(all.size(), 1000U);
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
    EXPECT_EQ(ids_of({all[700]}), words{all[700]});
}

TEST(List, DumpIsOneJsonCaseALineInTheOrderOfTheIds) {
    auto const got = wsproof({"list", "--dump"});
    EXPECT_EQ(got.code, 0);
    words ids;
    for (auto const& line : lines_of(got.out)) {
        auto const one = json::parse(line, nullptr, false);
        ASSERT_TRUE(one.is_object()) << line;
        ids.push_back(one.at("id"));
    }
    EXPECT_EQ(ids, ids_of({}));
}

TEST(List, ClausesStandWithTheirCasesOrTheReasonWhyThereIsNone) {
    auto const got = wsproof({"list", "--clauses"});
    EXPECT_EQ(got.code, 0);
    EXPECT_TRUE(got.prints("\n6455-5.1-6       MUST")) << got.out.substr(0, 300);
    EXPECT_TRUE(got.prints(" rfc6455/5.1/masked-empty-ping"));
    EXPECT_TRUE(got.prints("- wsproof speaks WebSocket over HTTP/1.1 only"));
    EXPECT_TRUE(got.says(" clauses, ")) << got.err;
    auto const some = wsproof({"list", "--clauses", "rfc6455/8.1"});
    EXPECT_FALSE(some.prints("rfc6455/5.1/")) << "cases that were not selected";
}

TEST(List, AnAutobahnNumberIsAnAlias) {
    EXPECT_EQ(ids_of({"--autobahn", "5.6"}), words{"rfc6455/5.4/ping-between-fragments"});
    EXPECT_GT(ids_of({"--autobahn", "7.*"}).size(), 20U);
}

TEST(List, ByClauseTagAndLevelTogether) {
    auto const dump = wsproof({"list", "--dump", "--clause", "6455-5.1-3", "--tag", "hostile",
                               "--level", "must"});
    auto const lines = lines_of(dump.out);
    EXPECT_GT(lines.size(), 10U);
    for (auto const& line : lines) {
        auto const one = json::parse(line);
        EXPECT_TRUE(one.at("clauses").dump().find("\"6455-5.1-3\"") != std::string::npos) << line;
        EXPECT_TRUE(one.at("tags").dump().find("\"hostile\"") != std::string::npos) << line;
        EXPECT_EQ(one.at("level"), "must");
    }
}

TEST(List, TitlesAreForPeopleAndTheNumberGoesToStandardError) {
    auto const got = wsproof({"list", pings});
    EXPECT_EQ(got.code, 0);
    EXPECT_EQ(lines_of(got.out).size(), ids_of({pings}).size());
    EXPECT_TRUE(got.prints("must    A Ping without payload is answered by an empty Pong  "
                           "(Autobahn 2.1)"));
    EXPECT_TRUE(got.says(ping_total + " cases, case set ")) << got.err;
}

TEST(List, AFullDiskIsNoSuccess) {
    auto const got = wsproof({"list"}, {.out_file = "/dev/full"});
    EXPECT_EQ(got.code, 4);
    EXPECT_TRUE(got.says("cannot write -: No space left on device")) << got.err;
}

// ---- show ----------------------------------------------------------------------------------------

TEST(Show, ACaseWithClausesStepsAndVerdict) {
    auto const got = wsproof({"show", "rfc6455/5.4/ping-between-fragments"});
    EXPECT_EQ(got.code, 0);
    for (auto const* each : {"6455-5.4-", "Steps\n  1. send text", "no FIN", "Verdict", "5.6"})
        EXPECT_TRUE(got.prints(each)) << each << "\n" << got.out;
}

TEST(Show, AClauseWithTheCasesThatCheckIt) {
    auto const got = wsproof({"show", "6455-5.1-3"});
    EXPECT_EQ(got.code, 0);
    EXPECT_TRUE(got.out.starts_with("6455-5.1-3 (MUST, binds server)\n")) << got.out;
    EXPECT_EQ(lines_of(got.out).size(), 3 + ids_of({"--clause", "6455-5.1-3"}).size());
}

// ---- case files ----------------------------------------------------------------------------------

constexpr char const* two_mistakes = R"({ "section": "Mine", "cases": [
  { "id": "mine/one", "title": "One", "clauses": ["6455-5.5.2-3"], "level": "must", "roles": ["server"],
    "steps": [{ "send": "ping", "rsv": 9 }], "outcomes": "ponged", "speed": 3 } ] })";
constexpr char const* one_mistake = R"({ "section": "Mine", "cases": [
  { "id": "mine/two", "title": "Two", "clauses": ["6455-5.5.2-3"], "level": "always", "roles": ["server"],
    "steps": [{ "send": "ping" }], "outcomes": "ponged" } ] })";

TEST(CaseFiles, EveryMistakeOfEveryFileIsNamedWithItsPath) {
    temporary_folder const folder;
    folder.write("one.json", two_mistakes);
    folder.write("deep/two.json", one_mistake);
    folder.write("three.json", "{ \"cases\": [ }");
    for (words const& command : {words{"test"}, words{"list"}, words{"show", "mine/one"}}) {
        auto arguments = command;
        arguments.insert(arguments.end(), {"--cases", folder.path()});
        auto const got = wsproof(arguments);
        EXPECT_EQ(got.code, 2);
        EXPECT_TRUE(got.says("one.json: $.cases[0].steps[0].rsv: ")) << got.err;
        EXPECT_TRUE(got.says("one.json: $.cases[0].speed: ")) << got.err;
        EXPECT_TRUE(got.says("deep/two.json: $.cases[0].level: ")) << got.err;
        EXPECT_TRUE(got.says("three.json: 1:")) << got.err;
    }
}

TEST(CaseFiles, ACaseOfTheUserReplacesTheBuiltInOne) {
    temporary_folder const folder;
    folder.write("rfc6455/5.5.2-ping.json", R"({ "section": "RFC 6455 5.5.2 Ping", "cases": [
      { "id": "rfc6455/5.5.2/empty-ping", "title": "Mine", "clauses": ["6455-5.5.2-3"],
        "level": "must", "roles": ["server"], "steps": [{ "send": "ping", "payload": "mine" },
        { "await": "pong" }], "outcomes": "ponged" },
      { "id": "rfc6455/5.5.2/new", "title": "New", "clauses": ["6455-5.5.2-3"], "level": "must",
        "roles": ["server"], "steps": [{ "send": "ping" }, { "await": "pong" }], "outcomes": "ponged" } ] })");
    auto const got = test_with({pings, "--cases", folder.path(), "--trace", "all"});
    EXPECT_EQ(got.end.code, 0);
    EXPECT_EQ(got.cases().size(), ping_cases + 1);
    EXPECT_EQ(got.of(one_ping).at("title"), "Mine");
    EXPECT_EQ(got.of("rfc6455/5.5.2/new").at("overall"), "pass");
    EXPECT_NE(got.of(one_ping).dump().find(R"(length 4 in 7 bits: \"mine\")"), std::string::npos);
    EXPECT_TRUE(wsproof({"show", one_ping, "--cases", folder.path()}).prints("Mine"));
}

TEST(CaseFiles, ABrokenListOfExpectedResultsIsNoRun) {
    temporary_folder const folder;
    auto const file = folder.write("expected.json", R"({ "expected": [
      { "case": "rfc6455/5.5.2", "grade": "red", "reason": "x" },
      { "case": "rfc6455/5.5.2", "grade": "fail" }, { "grade": 7 } ], "more": 1 })");
    auto const got = wsproof({"test", pings, "--expect", file});
    EXPECT_EQ(got.code, 2);
    for (auto const* path : {"$.more", "$.expected[0].grade", "$.expected[1].reason",
                             "$.expected[1].case", "$.expected[2].case", "$.expected[2].grade"})
        EXPECT_TRUE(got.says(file + ": " + path + ": ")) << path << "\n" << got.err;
    EXPECT_FALSE(got.says("round trip")) << "it ran all the same";

    auto const no_json = folder.write("no.json", "{ \"expected\": [");
    EXPECT_EQ(wsproof({"test", pings, "--expect", no_json}).code, 2);
}

// ---- replay --------------------------------------------------------------------------------------

TEST(Replay, ACaseWithEveryOctetDecoded) {
    auto const got = wsproof({"replay", one_ping});
    EXPECT_EQ(got.code, 0) << got.err;
    for (auto const* each : {"GET /echo HTTP/1.1", "HTTP/1.1 101", "→", "←", "47 45 54 20", "ping",
                             "pong", "case      rfc6455/5.5.2/empty-ping", "grade     pass"})
        EXPECT_TRUE(got.prints(each)) << each << "\n" << got.out;
}

TEST(Replay, TheSeedOfTheReportGivesTheSameOctetsAgain) {
    running_echo const server;
    auto const run = test_with({server.url(), one_ping, "--trace", "all"});
    auto const& played = run.of(one_ping);
    auto const got = wsproof({"replay", one_ping, server.url(), "--seed", played.at("seed")});
    EXPECT_EQ(got.code, 0) << got.err;
    auto const key_in = [](std::string const& text) {
        auto const at = text.find("Sec-WebSocket-Key: ");
        return at == std::string::npos ? "" : text.substr(at, 43);
    };
    std::string request;
    for (auto const& entry : played.at("trace").at("entries"))
        if (entry.at("kind") == "sent")
            for (auto const& line : entry.at("hex")) request += line.get<std::string>();
    auto const octets = parse_hex(request);
    ASSERT_TRUE(octets);
    auto const key = key_in(std::string(as_text(*octets)));
    EXPECT_EQ(key.size(), 43U);
    EXPECT_TRUE(got.prints(key)) << key << "\n" << got.out;
}

TEST(Replay, AllCasesOfAFileOfTheUser) {
    temporary_folder const folder;
    auto const file = folder.write("mine.json", R"({ "section": "Mine",
      "defaults": { "level": "must", "roles": ["server"] },
      "cases": [
        { "id": "mine/pings/one", "title": "One", "clauses": ["6455-5.5.2-3"], "outcomes": "ponged",
          "steps": [{ "send": "ping", "payload": "first" }, { "await": "pong" }] },
        { "id": "mine/pings/two", "title": "Two", "clauses": ["6455-5.5.2-3"], "outcomes": "ponged",
          "steps": [{ "send": "ping", "payload": "second" }, { "await": "pong" }] } ] })");
    auto const got = wsproof({"replay", file, "--segments", "octets"});
    EXPECT_EQ(got.code, 0) << got.err;
    for (auto const* each : {"\"first\"", "\"second\"", "case      mine/pings/two"})
        EXPECT_TRUE(got.prints(each)) << each << "\n" << got.out;

    folder.write("mine.json", two_mistakes);
    expect_usage_error({"replay", file}, "mine.json: $.cases[0].speed");
    expect_usage_error({"replay", "/nonexistent/mine.json"}, "mine.json");
}

TEST(Replay, AFailureIsAnExitCodeTooAndShowsTheClause) {
    auto arguments = words{"replay", one_ping, "--timeout", "0.2", "--"};
    for (auto const& word : faulty_peer("no-pong")) arguments.push_back(word);
    auto const got = wsproof(arguments);
    EXPECT_EQ(got.code, 1) << got.err;
    EXPECT_TRUE(got.prints("grade     fail")) << got.out;
    EXPECT_TRUE(got.prints("clause    6455-5.5.2-3")) << got.out;
}

// ---- report --------------------------------------------------------------------------------------

TEST(Report, AStoredReportBecomesAnyOtherFormat) {
    temporary_folder const folder;
    auto const file = folder.file("report.json"), junit = folder.file("junit.xml"),
               text = folder.file("summary.txt");
    auto const run = wsproof({"test", pings, "--json", file, "--junit", junit, "--text", text});
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(wsproof({"report", file, "--junit", "-"}).out, text_of_file(junit));
    EXPECT_EQ(wsproof({"report", file, "--text", "-"}).out, text_of_file(text));
    EXPECT_EQ(wsproof({"report", "-"}, {.input = text_of_file(file)}).out, run.out);
    EXPECT_NE(text_of_file(junit).find("<testcase"), std::string::npos);
}

TEST(Report, ABrokenReportIsNamedWithItsPaths) {
    temporary_folder const folder;
    auto const file = folder.file("report.json");
    ASSERT_EQ(wsproof({"test", one_ping, "--json", file}).code, 0);
    auto broken = json::parse(text_of_file(file));
    broken["exit_code"] = "none";
    broken["cases"][0]["overall"] = "fine";
    broken["cases"][0]["grade"] = "splendid";
    broken["cases"][0].erase("id");
    folder.write("broken.json", broken.dump());
    auto const got = wsproof({"report", folder.file("broken.json")});
    EXPECT_EQ(got.code, 2);
    EXPECT_EQ(got.out, "");
    for (auto const* mistake :
         {"$.exit_code: needs a whole number", "$.cases[0].grade: needs one of pass, info",
          "$.cases[0]: lacks the key \"id\""})
        EXPECT_TRUE(got.says("broken.json: " + std::string(mistake))) << mistake << "\n" << got.err;
}

TEST(Report, WhatIsNoReportAtAllIsNamed) {
    temporary_folder const folder;
    expect_usage_error({"report", folder.write("x.json", "{ \"format\": ")}, "x.json: 1:");
    expect_usage_error({"report", folder.write("y.json", "[]")}, "y.json: $: ");
    expect_usage_error({"report", folder.file("none.json")}, "No such file or directory");
    expect_usage_error({"report", folder.path()}, "Is a directory");
}

TEST(Report, TwoFormatsCannotShareStandardOutput) {
    temporary_folder const folder;
    auto const file = folder.file("report.json");
    ASSERT_EQ(wsproof({"test", one_ping, "--json", file}).code, 0);
    expect_usage_error({"report", file, "--json", "-", "--junit", "-"},
                       "only one report can go to standard output");
}

// ---- echo ----------------------------------------------------------------------------------------

TEST(Echo, SaysWhereItListensAndEndsInOrderOnSigterm) {
    for (int const signal : {SIGTERM, SIGINT}) {
        program server(wsproof_command({"echo", "--port", "0"}));
        ASSERT_TRUE(server.has_said("/echo\n"));
        server.send(signal);
        auto const& end = server.wait();
        EXPECT_EQ(end.code, 0);
        EXPECT_TRUE(end.err.starts_with("listening on ws://127.0.0.1:")) << end.err;
    }
}

TEST(Echo, AnAddressThatIsNotItsOwnIsNamed) {
    running_echo const other;
    auto const got = wsproof({"echo", "--port", std::to_string(other.port())});
    EXPECT_EQ(got.code, 3);
    EXPECT_TRUE(got.says("Address already in use")) << got.err;
    expect_usage_error({"echo", "--port", "70000"}, "--port");
    expect_usage_error({"echo", "--cert", "/nonexistent.pem"}, "File does not exist");
}

}  // namespace
}  // namespace wsproof::testing
