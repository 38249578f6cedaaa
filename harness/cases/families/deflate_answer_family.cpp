// Responses to a client that offered permessage-deflate, or nothing: those it has to take, and
// those for which it has to fail the connection (RFC 6455 4.1, 9.1; RFC 7692 5, 7, 7.1).
#include <string>

#include "cases/families/deflate_bad_parameters.hpp"
#include "cases/families/deflate_families.hpp"
#include "cases/families/deflate_tools.hpp"

namespace wsproof::deflate_cases {

namespace {

constexpr char const* field = "Sec-WebSocket-Extensions";

auto const echo = await(await_step::what::echo);

// ---- what has to be taken
// ------------------------------------------------------------------------

test_case legal_answer(std::string const& id, std::string const& value,
                       std::vector<std::string> clauses) {
    auto title = "Messages come back when the server answers " + value;
    constexpr std::size_t longest_title = 100;
    if (title.size() > longest_title) title = "Messages come back with such an answer: " + id;
    auto result = deflate_case(id, std::move(title), std::move(clauses));
    result.roles = {role::client};
    result.offer.clear();
    result.answer = "permessage-deflate; " + value;
    result.steps = {compressed(prose()), echo, compressed(prose()), echo};
    result.outcomes = {pass_with(echoes(2))};
    if (value.find("client_max_window_bits") != std::string::npos)
        result.needs = {"deflate", "client-max-window-bits", "echo"};
    return result;
}

/// D5, erratum 4982: who does not support what it did not ask for has to fail (7).
void may_be_unsupported(test_case& into, grade value) {
    std::string const because =
        "failed over a parameter that a server may send unasked; 7 lets a client fail for a "
        "configuration that it does not support";
    into.outcomes.push_back(closed_with(value, {{{1010, 1010}}, false, false}, because));
    into.outcomes.push_back(lesser(value, {{see_end{}, false}}, because));
}

void add_single_parameters(std::vector<test_case>& into) {
    into.push_back(legal_answer("7.1.1.2/answer-client-no-context-takeover",
                                "client_no_context_takeover", {"7692-7.1.1.2-4", "7692-5-18"}));
    into.push_back(legal_answer("7.1.1.1/answer-server-no-context-takeover",
                                "server_no_context_takeover",
                                {"7692-7.1.1.1-6", "7692-5-18", "7692-7-10"}));
    may_be_unsupported(into.back(), grade::non_strict);
    for (int bits = 8; bits <= 15; ++bits) {
        auto const number = std::to_string(bits);
        into.push_back(legal_answer("7.1.2.1/answer-server-max-window-bits-" + number,
                                    "server_max_window_bits=" + number,
                                    {"7692-7.1.2.1-7", "7692-5-18", "7692-7-10"}));
        may_be_unsupported(into.back(), grade::non_strict);
        into.push_back(legal_answer("7.1.2.2/answer-client-max-window-bits-" + number,
                                    "client_max_window_bits=" + number,
                                    {"7692-7.1.2.2-3", "7692-7.2.1-16", "7692-5-18"}));
    }
}

/// D1: zlib cannot compress with a window of 8 bits, and 7 lets such a client fail.
void allow_window_of_8(std::vector<test_case>& cases) {
    for (auto& each : cases)
        if (each.id.ends_with("/answer-client-max-window-bits-8")) {
            each.outcomes.push_back(closed_with(grade::pass, {{{1010, 1010}}, false, false}));
            each.outcomes.push_back(pass_with({{see_end{}, false}}));
        }
}

void add_combinations(std::vector<test_case>& into) {
    auto const add = [&into](std::string const& name, std::string const& value) {
        into.push_back(legal_answer("7.1/answer-" + name, value, {"7692-5-18", "7692-7.1.1.2-4"}));
        if (value.find("server_") != std::string::npos)
            may_be_unsupported(into.back(), grade::non_strict);
    };
    add("both-takeovers", "server_no_context_takeover; client_no_context_takeover");
    add("all-but-the-client-window",
        "server_max_window_bits=10; server_no_context_takeover; client_no_context_takeover");
    add("all-four-parameters",
        "client_max_window_bits=10; server_max_window_bits=10; client_no_context_takeover; "
        "server_no_context_takeover");
    add("client-takeover-and-window", "client_no_context_takeover; client_max_window_bits=9");
    add("quoted-client-window", "client_max_window_bits=\"10\"");
    add("without-spaces", "");
    into.back().title = "A response without space behind the semicolon is read";
    into.back().answer = "permessage-deflate;client_no_context_takeover";
}

// ---- what has to be refused
// ----------------------------------------------------------------------

/// The client was refused what it needs or is told what it did not ask for: it fails, or the fence
/// behind the response is answered.
test_case bad_answer(std::string const& id, std::string title, std::vector<std::string> clauses,
                     std::vector<payload> values, outcome_lists const& lists) {
    auto result = new_case(id, std::move(title), std::move(clauses));
    result.roles = {role::client};
    result.tags = {"hostile"};
    head_edit edit;
    edit.set = {{field, std::move(values)}};
    result.steps = {respond_step{edit}, fence_step{}};
    use_list(result, lists, "client refused or closed it");
    return result;
}

std::vector<std::string> clauses_of(bad_parameters const& each) {
    if (each.what == flaw::unknown) return {"7692-7-7", "6455-9.1-4"};
    if (each.what == flaw::repeated) return {"7692-7-9", "6455-9.1-4"};
    if (each.text.starts_with("server_max")) return {"7692-7-8", "7692-7.1.2.1-6"};
    if (each.text.starts_with("client_max")) return {"7692-7-8", "7692-7.1.2.2-7"};
    return {"7692-7-8", each.text.starts_with("server") ? "7692-7.1.1.1-4" : "7692-7.1.1.2-5"};
}

test_case bad_deflate(std::string const& name, std::string title, std::vector<std::string> clauses,
                      std::string const& value, outcome_lists const& lists) {
    auto result = bad_answer("rfc7692/" + name, std::move(title), std::move(clauses),
                             {payload::of(value)}, lists);
    result.needs = {"deflate"};
    return result;
}

/// As offers these stand in corpus/cases/.
constexpr bad_parameters only_here[] = {
    {"unknown-parameter", "wsproof", flaw::unknown},
    {"server-takeover-twice", "server_no_context_takeover; server_no_context_takeover",
     flaw::repeated},
    {"server-window-of-two-sizes", "server_max_window_bits=10; server_max_window_bits=12",
     flaw::repeated},
    {"server-window-of-7", "server_max_window_bits=7"},
    {"client-window-of-16", "client_max_window_bits=16"},
    {"server-window-without-value", "server_max_window_bits"},
    {"client-window-without-value", "client_max_window_bits"},  // legal in an offer alone (7.1.2.2)
    {"server-window-010", "server_max_window_bits=010", flaw::value, true},
    {"server-takeover-1", "server_no_context_takeover=1"},
    {"server-window-of-10-digits", "server_max_window_bits=4294967305"},
    {"server-window-of-20-digits", "server_max_window_bits=18446744073709551625"}};

void add_bad_parameters(outcome_lists const& lists, std::vector<test_case>& into) {
    auto const shared = all_bad_parameters();
    std::vector<bad_parameters> all(shared.begin(), shared.end());
    all.insert(all.end(), std::begin(only_here), std::end(only_here));
    for (auto const& each : all) {
        into.push_back(bad_deflate(
            "7/answer-" + std::string(each.name),
            "The client refuses permessage-deflate; " + std::string(each.text.substr(0, 60)),
            clauses_of(each), "permessage-deflate; " + std::string(each.text), lists));
        if (each.lesser) into.back().level = level::should;
    }
}

void add_accepted_twice(outcome_lists const& lists, std::vector<test_case>& into) {
    std::vector<std::string> const clauses{"7692-5-12", "7692-5-17"};
    into.push_back(bad_deflate("5/answer-twice", "permessage-deflate accepted twice is refused",
                               clauses, "permessage-deflate, permessage-deflate", lists));
    into.push_back(
        bad_deflate("5/answer-twice-with-parameters",
                    "permessage-deflate accepted twice with other parameters is refused", clauses,
                    "permessage-deflate; client_no_context_takeover, permessage-deflate", lists));
    into.push_back(
        bad_answer("rfc7692/5/answer-twice-in-two-fields",
                   "permessage-deflate accepted twice in two fields is refused", clauses,
                   {payload::of("permessage-deflate"), payload::of("permessage-deflate")}, lists));
    into.back().needs = {"deflate"};
    into.push_back(bad_deflate("5/answer-behind-one-not-offered",
                               "An extension not offered before permessage-deflate is refused",
                               {"6455-4.1-53", "7692-5-17"}, "x-wsproof, permessage-deflate",
                               lists));
}

// More of these stand in corpus/cases/rfc6455/4.1-negotiation.json.
void add_not_offered(outcome_lists const& lists, std::vector<test_case>& into) {
    auto const add = [&](std::string const& name, std::string title, std::string_view value) {
        into.push_back(bad_answer("rfc6455/9.1/answer-" + name, std::move(title),
                                  {"6455-4.1-53", "6455-9-3"}, {payload::of(value)}, lists));
    };
    add("two-not-offered", "Two extensions that were not offered are refused",
        "x-wsproof-one, x-wsproof-two");
    add("name-that-ends-like-deflate", "x-permessage-deflate was not offered and is refused",
        "x-permessage-deflate");
    add("deflate-as-a-parameter",
        "permessage-deflate as the parameter of another extension is refused",
        "x-wsproof; permessage-deflate");
    add("extension-of-the-frame-drafts", "x-webkit-deflate-frame is refused if it was not offered",
        "x-webkit-deflate-frame");
    see_request asked;
    asked.fields = {{field, field_condition::test::lists, "x-webkit-deflate-frame"}};
    into.back().outcome_list.clear();
    into.back().outcomes.push_back(
        lesser(grade::info, {{asked, false}, {see_fence{}, false}},
               "the client offered it, the extension from before RFC 7692"));
}

/// Who offered the parameter takes it, and how it was offered can be told only of the bare offer.
test_case window_not_offered(outcome_lists const& lists) {
    auto result = bad_deflate("7.1.2.2/answer-window-not-offered",
                              "client_max_window_bits is refused if it was not offered",
                              {"7692-7.1.2.2-9", "7692-5-17"},
                              "permessage-deflate; client_max_window_bits=10", lists);
    result.level = level::should;
    result.outcome_list.clear();
    see_request bare;
    bare.fields = {{field, field_condition::test::is, "permessage-deflate"}};
    result.outcomes.push_back(lesser(grade::fail, {{bare, false}, {see_fence{}, false}},
                                     "taken, though the client offered permessage-deflate alone"));
    result.outcomes.push_back(
        lesser(grade::info, {{see_fence{}, false}},
               "taken, which is right if client_max_window_bits was offered"));
    return result;
}

struct malformed {
    std::string_view name, value;
};

// 9.1
constexpr malformed malformed_values[] = {
    {"semicolon-at-the-end", "permessage-deflate;"},
    {"empty-parameter", "permessage-deflate; ; client_no_context_takeover"},
    {"parameter-with-empty-value", "permessage-deflate; server_max_window_bits="},
    {"parameter-without-name", "permessage-deflate; =10"},
    {"parameter-with-two-values", "permessage-deflate; server_max_window_bits=10=10"},
    {"value-at-the-name", "permessage-deflate=10"},
    {"space-in-the-name", "permessage-deflate permessage-deflate"},
    {"quotes-round-the-name", "\"permessage-deflate\""},
    {"empty-quotes", "permessage-deflate; server_max_window_bits=\"\""},
    {"quotes-without-end", "permessage-deflate; server_max_window_bits=\"10"},
    {"space-inside-quotes", "permessage-deflate; server_max_window_bits=\"1 0\""},
    {"slash-for-semicolon", "permessage-deflate/client_no_context_takeover"},
    {"second-element-malformed", "permessage-deflate, ;;;"}};

/// A client that makes sense of the value sends its echo compressed, and one that passes over the
/// field as it stands.
test_case malformed_answer(malformed const& each, outcome_lists const& lists) {
    auto result = bad_answer("rfc6455/9.1/answer-" + std::string(each.name),
                             "The client refuses the extensions " + std::string(each.value),
                             {"6455-9.1-1", "7692-5-17"}, {payload::of(each.value)}, lists);
    result.needs = {"deflate", "echo"};
    // RFC 9110 5.6.6 tolerates it in other fields
    if (each.name == "semicolon-at-the-end") result.level = level::should;
    result.steps.back() = whole_frame(opcode::text, payload::repeat("wsproof ", 400));
    result.steps.emplace_back(echo);
    result.outcome_list.clear();
    result.outcomes.push_back(lesser(
        grade::non_strict, {{see_echo{}, false}},
        "opened without an extension, but 9.1 asks that a malformed value fails the connection"));
    return result;
}

}  // namespace

std::vector<test_case> answers(outcome_lists const& lists) {
    std::vector<test_case> result;
    add_single_parameters(result);
    add_combinations(result);
    allow_window_of_8(result);
    add_bad_parameters(lists, result);
    add_accepted_twice(lists, result);
    add_not_offered(lists, result);
    result.push_back(window_not_offered(lists));
    for (auto const& each : malformed_values) result.push_back(malformed_answer(each, lists));
    return result;
}

}  // namespace wsproof::deflate_cases
