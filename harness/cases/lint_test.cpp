// Each rule, seen failing.
#include "cases/lint.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace wsproof {
namespace {

std::set<std::string, std::less<>> const clauses{"6455-5.4-1", "6455-5.4-2"};

send_frame sending(opcode op) {
    send_frame result;
    result.op = op;
    return result;
}

outcome seeing(std::vector<expectation> see, grade result = grade::pass, std::string because = {}) {
    return {result, std::move(see), {}, std::move(because)};
}

expectation closed(see_close codes) { return {std::move(codes), false}; }

test_case flawless() {
    test_case result;
    result.id = "rfc6455/5.4/a-b.c";
    result.title = "A title";
    result.clauses = {"6455-5.4-1"};
    result.roles = {role::server, role::client};
    result.needs = {"echo", "deflate"};
    result.tags = {"hostile"};
    result.autobahn = {"1.1.1", "2.10"};
    result.steps = {sending(opcode::text), await_step{await_step::what::echo}};
    result.outcomes = {seeing({{see_echo{}, false}}),
                       seeing({closed({})}, grade::non_strict, "a reason")};
    return result;
}

TEST(Lint, FindsNothingInAFlawlessCase) { EXPECT_TRUE(lint({flawless()}, clauses).empty()); }

struct broken {
    std::string name, path, text;
    std::function<void(test_case&)> breaks;
};

void check(broken const& rule) {
    SCOPED_TRACE(rule.name);
    auto value = flawless();
    rule.breaks(value);
    auto const mistakes = lint({value}, clauses);
    ASSERT_EQ(mistakes.size(), 1U) << (mistakes.empty() ? "" : describe(mistakes.back()));
    EXPECT_EQ(mistakes[0].file, value.id);
    EXPECT_EQ(mistakes[0].path, rule.path);
    EXPECT_NE(mistakes[0].text.find(rule.text), std::string::npos) << mistakes[0].text;
}

void check_all(std::vector<broken> const& rules) {
    for (auto const& each : rules) check(each);
}

send_frame& first_send(test_case& value) { return std::get<send_frame>(value.steps[0]); }

open_step opening_with(std::string line_end) {
    open_step result;
    result.request.line_end = std::move(line_end);
    return result;
}

TEST(LintRule, Names) {
    check_all(
        {broken{"IdInUpperCase", "$.id", "lower case", [](auto& c) { c.id = "rfc6455/5.4/A"; }},
         broken{"IdOfTwoParts", "$.id", "folder/section/name", [](auto& c) { c.id = "rfc6455/a"; }},
         broken{"IdOfFourParts", "$.id", "folder/section/name",
                [](auto& c) { c.id = "rfc6455/5.4/a/b"; }},
         broken{"IdWithSpace", "$.id", "lower case", [](auto& c) { c.id = "rfc6455/5.4/a b"; }},
         broken{"NoTitle", "$.title", "1 to 100", [](auto& c) { c.title.clear(); }},
         broken{"LongTitle", "$.title", "has 101",
                [](auto& c) { c.title = std::string(101, 't'); }},
         broken{"NoClause", "$.clauses", "no clause", [](auto& c) { c.clauses.clear(); }},
         broken{"UnknownClause", "$.clauses[1]", "did you mean 6455-5.4-1?",
                [](auto& c) { c.clauses = {"6455-5.4-2", "6455-5.4-11"}; }},
         broken{"NoRole", "$.roles", "no role", [](auto& c) { c.roles.clear(); }},
         broken{"RoleTwice", "$.roles", "twice",
                [](auto& c) { c.roles = {role::server, role::server}; }},
         broken{"UnknownNeed", "$.needs[0]", "did you mean subprotocol?",
                [](auto& c) { c.needs = {"subprotocols", "deflate"}; }},
         broken{"TagInUpperCase", "$.tags[1]", "one word",
                [](auto& c) { c.tags = {"a", "Alone"}; }},
         broken{"TagWithSpace", "$.tags[0]", "one word", [](auto& c) { c.tags = {"a b"}; }},
         broken{"EmptyTag", "$.tags[0]", "one word", [](auto& c) { c.tags = {""}; }},
         broken{"AutobahnOfOnePart", "$.autobahn[0]", "written as",
                [](auto& c) { c.autobahn = {"6"}; }},
         broken{"AutobahnGlob", "$.autobahn[0]", "written as",
                [](auto& c) { c.autobahn = {"6.*"}; }},
         broken{"AutobahnOfFourParts", "$.autobahn[0]", "written as",
                [](auto& c) { c.autobahn = {"1.2.3.4"}; }},
         broken{"OfferOfTwoLines", "$.offer", "one line", [](auto& c) { c.offer = "a\r\nb: c"; }}});
}

TEST(LintRule, Steps) {
    check_all(
        {broken{"FormTooSmall", "$.steps[0].form", "cannot hold 126",
                [](auto& c) {
                    first_send(c).form = length_form::seven_bits;
                    first_send(c).data = payload::repeat("a", 126);
                }},
         broken{"FormTooSmallForDeclaredLength", "$.steps[0].form", "cannot hold 65536",
                [](auto& c) {
                    first_send(c).form = length_form::sixteen_bits;
                    first_send(c).declared_length = 65536;
                }},
         broken{"KeyWithoutMask", "$.steps[0].key", "no key",
                [](auto& c) {
                    first_send(c).masked = false;
                    first_send(c).key = masking_key{1, 2, 3, 4};
                }},
         broken{"CompressedPing", "$.steps[0].compress", "only whole data messages",
                [](auto& c) {
                    first_send(c).op = opcode::ping;
                    first_send(c).compress = true;
                }},
         broken{"CompressedFragment", "$.steps[0].compress", "only whole messages",
                [](auto& c) {
                    first_send(c).fin = false;
                    first_send(c).compress = true;
                }},
         broken{"CompressedWithoutNeed", "$.steps[0].compress", "needs \"deflate\"",
                [](auto& c) {
                    first_send(c).compress = true;
                    c.needs = {"echo"};
                }},
         broken{"CutToNothing", "$.steps[0].cut", "nothing",
                [](auto& c) { first_send(c).cut = 0; }},
         broken{"OpensLate", "$.steps[2]", "already needs",
                [](auto& c) {
                    c.roles = {role::server};
                    c.steps.push_back(open_step{});
                }},
         broken{"OpensTwice", "$.steps[1]", "one connection",
                [](auto& c) {
                    c.roles = {role::server};
                    c.steps.insert(c.steps.begin(), 2, step(open_step{}));
                }},
         broken{"OpensAsAClientToo", "$.steps[0]", "servers alone",
                [](auto& c) { c.steps.insert(c.steps.begin(), open_step{}); }},
         broken{"RespondsToServers", "$.steps[0]", "clients alone",
                [](auto& c) { c.steps.insert(c.steps.begin(), respond_step{}); }},
         broken{"RespondsTwice", "$.steps[1]", "one connection",
                [](auto& c) {
                    c.roles = {role::client};
                    c.steps.insert(c.steps.begin(), 2, step(respond_step{}));
                }},
         broken{"AnswerOfTwoLines", "$.answer", "one line",
                [](auto& c) { c.answer = "a\r\nb"; }},
         broken{"StrangeLineEnd", "$.steps[0].open.eol", "crlf, lf or cr",
                [](auto& c) {
                    c.roles = {role::server};
                    c.steps[0] = opening_with("\n\r");
                }},
         broken{"OfferBesideRaw", "$.offer", "no effect",
                [](auto& c) {
                    c.roles = {role::server};
                    open_step raw;
                    raw.request.raw = payload::of("x");
                    c.steps.insert(c.steps.begin(), raw);
                    c.offer = "permessage-deflate";
                }},
         broken{"SendsTooMuch", "$.steps", "16 MiB",
                [](auto& c) { first_send(c).data = payload::repeat("a", (16U << 20U) + 1); }},
         broken{"PieceOfNothing", "$.segmentation", "1 to",
                [](auto& c) { c.segmentation = {segmentation::kind::every, 0}; }},
         broken{"HugePiece", "$.segmentation", "1 to",
                [](auto& c) { c.segmentation = {segmentation::kind::every, (1U << 20U) + 1}; }},
         broken{"TooManyWrites", "$.segmentation", "writes", [](auto& c) {
                    c.segmentation = {segmentation::kind::every, 1};
                    first_send(c).data = payload::repeat("a", 4U << 20U);
                }}});
}

TEST(LintRule, Outcomes) {
    check_all(
        {broken{"None", "$.outcomes", "no outcome", [](auto& c) { c.outcomes.clear(); }},
         broken{"NoneGood", "$.outcomes", "pass or an info",
                [](auto& c) { c.outcomes.erase(c.outcomes.begin()); }},
         broken{"NoReason", "$.outcomes[1].because", "needs a reason",
                [](auto& c) { c.outcomes[1].because.clear(); }},
         broken{"NoReasonForInfo", "$.outcomes[0].because", "needs a reason",
                [](auto& c) { c.outcomes[0].grade = grade::info; }},
         broken{"GradeError", "$.outcomes[1].grade", "the harness says",
                [](auto& c) { c.outcomes[1].grade = grade::error; }},
         broken{"ByStepNought", "$.outcomes[0].by", "from 1 to 2",
                [](auto& c) { c.outcomes[0].by = 0; }},
         broken{"ByStepBeyond", "$.outcomes[0].by", "from 1 to 2",
                [](auto& c) { c.outcomes[0].by = 3; }},
         broken{"EmptyWithoutWaiting", "$.outcomes[0].see", "whatever the peer does",
                [](auto& c) {
                    c.steps.pop_back();
                    c.outcomes[0].see.clear();
                }},
         broken{"OnlyMaybeWithoutWaiting", "$.outcomes[0].see", "whatever the peer does",
                [](auto& c) {
                    c.outcomes[0].see[0].optional = true;
                    c.outcomes[0].by = 1;  // the await is step 2
                }},
         broken{"UnknownRule", "$.outcomes[0].see[0]", "there is no rule request-hots",
                [](auto& c) {
                    c.roles = {role::client};
                    c.outcomes[0].see = {{see_request{.keeps = {"request-hots"}}, false}};
                }},
         broken{"RequestOfAServer", "$.outcomes[0].see[0]", "only a client sends a request",
                [](auto& c) {
                    c.roles = {role::server};
                    c.outcomes[0].see = {{see_request{}, false}};
                }},
         broken{"ResponseOfAClient", "$.outcomes[0].see[0]", "only a server sends a response",
                [](auto& c) { c.outcomes[0].see = {{see_response{}, false}}; }},
         broken{"SameTwice", "$.outcomes[2]", "never reached: $.outcomes[0]",
                [](auto& c) { c.outcomes.push_back(c.outcomes[0]); }},
         broken{
             "CloseBehindEveryClose", "$.outcomes[2]", "never reached: $.outcomes[1]",
             [](auto& c) { c.outcomes.push_back(seeing({closed({{{1002, 1002}}, true, true})})); }},
         broken{"CodeInsideRange", "$.outcomes[2]", "never reached: $.outcomes[1]",
                [](auto& c) {
                    c.outcomes[1].see = {closed({{{1000, 1003}}, true, false})};
                    c.outcomes.push_back(seeing({closed({{{1002, 1003}}, false, false})}));
                }},
         broken{"MaybeCoversThere", "$.outcomes[2]", "never reached: $.outcomes[1]",
                [](auto& c) {
                    c.outcomes[1].see = {{see_pong{}, true}, closed({})};
                    c.outcomes.push_back(seeing({{see_pong{}, false}, closed({})}));
                }},
         broken{"MessageOfStrangeType", "$.outcomes[0].see[0]", "text or binary",
                [](auto& c) { c.outcomes[0].see = {{see_message{opcode::ping, {}}, false}}; }},
         broken{"ExpectsTooMuch", "$.outcomes[0]", "16 MiB", [](auto& c) {
                    c.outcomes[0].see = {
                        {see_message{opcode::text, payload::repeat("a", 9U << 20U)}, false},
                        {see_pong{payload::repeat("a", 9U << 20U)}, false}};
                }}});
}

TEST(Lint, AllowsWhatOnlyLooksUnreachable) {
    auto const clean = [](outcome first, outcome second) {
        auto value = flawless();
        value.outcomes = {std::move(first), std::move(second)};
        return lint({value}, clauses).empty();
    };
    auto const close = [](see_close codes) { return seeing({closed(std::move(codes))}); };
    EXPECT_TRUE(
        clean(close({{{1000, 1001}}, false, false}), close({{{1001, 1002}}, false, false})));
    EXPECT_TRUE(clean(close({{{1000, 1000}}, false, false}), close({{{1000, 1000}}, true, false})));
    EXPECT_TRUE(clean(close({{{1000, 1000}}, false, false}), close({})));
    EXPECT_TRUE(clean(seeing({closed({})}), seeing({closed({}), {see_end{}, false}})));
    EXPECT_TRUE(clean(seeing({{see_pong{}, false}}), seeing({{see_pong{}, true}})));
    auto early = close({});
    early.by = 1;
    EXPECT_TRUE(clean(early, close({})));
}

TEST(Lint, AllowsAnEmptyOutcomeBehindAStepThatWaits) {
    for (step const& waiting : {step(fence_step{}), step(watch_step{}), step(await_step{})}) {
        auto value = flawless();
        value.steps = {sending(opcode::pong), waiting};
        value.outcomes = {seeing({})};
        EXPECT_TRUE(lint({value}, clauses).empty());
    }
}

TEST(Lint, CountsCharactersOfATitle) {
    auto value = flawless();
    value.title.clear();
    for (int i = 0; i < 100; ++i) value.title += "\xC3\xBC";
    EXPECT_TRUE(lint({value}, clauses).empty());
}

TEST(Lint, WithoutACatalogueTakesEveryClause) {
    auto value = flawless();
    value.clauses = {"anything"};
    EXPECT_TRUE(lint({value}, {}).empty());
    value.clauses = {"anything", "anything"};
    EXPECT_EQ(lint({value}, {}).size(), 2U);
}

TEST(Lint, IdsAndAutobahnNumbersStandOnce) {
    auto second = flawless();
    second.autobahn = {"2.10"};
    auto const mistakes = lint({flawless(), second}, clauses);
    ASSERT_EQ(mistakes.size(), 2U);
    EXPECT_EQ(describe(mistakes[0]),
              "rfc6455/5.4/a-b.c: $.id: rfc6455/5.4/a-b.c is taken by rfc6455/5.4/a-b.c");
    EXPECT_EQ(mistakes[1].path, "$.autobahn[0]");
}

TEST(Lint, ACaseWithoutStepsIsNoted) {
    auto value = flawless();
    value.steps.clear();
    auto const mistakes = lint({value}, clauses);
    ASSERT_FALSE(mistakes.empty());
    EXPECT_EQ(mistakes[0].path, "$.steps");
}

}  // namespace
}  // namespace wsproof
