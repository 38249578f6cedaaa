// Offers of permessage-deflate to a server: those it may take, and those it has to decline
// (RFC 7692 5, 7, 7.1).
#include <string>

#include "cases/families/deflate_bad_parameters.hpp"
#include "cases/families/deflate_families.hpp"
#include "cases/families/deflate_tools.hpp"

namespace wsproof::deflate_cases {

namespace {

constexpr char const* field = "Sec-WebSocket-Extensions";

auto const echo = await(await_step::what::echo);

expectation opened_with(field_condition::test extensions) {
    return {see_response{{{101, 101}}, {{field, extensions, {}}}, true, false}, false};
}

expectation refused() { return {see_response{{{400, 499}}, {}, {}, false}, false}; }

std::vector<expectation> then_echoes(expectation first) {
    std::vector<expectation> result{std::move(first)};
    auto const two = echoes(2);
    result.insert(result.end(), two.begin(), two.end());
    return result;
}

/// What declining such an offer is worth, and why it is not more.
struct declining {
    grade value = grade::non_strict;
    std::string_view because =
        "declined, though the server takes other offers and could take this one";
};

constexpr declining of_a_hint{grade::non_strict,
                              "declined over a hint, which may be ignored (7.1.1.2, 7.1.2.2)"};
constexpr declining of_takeover{
    grade::non_strict, "declined, but 7.1.1.1 recommends to support server_no_context_takeover"};
constexpr declining of_a_window{
    grade::info, "declined: the server does not support server_max_window_bits (7.1.2.1)"};

// ---- what may be taken
// ---------------------------------------------------------------------------

test_case legal_offer(std::string const& id, std::string const& value,
                      std::vector<std::string> clauses, declining const& how) {
    auto title = "Messages come back when the client offers " + value;
    constexpr std::size_t longest_title = 100;
    if (title.size() > longest_title) title = "Messages come back with such an offer: " + id;
    auto result = deflate_case(id, std::move(title), std::move(clauses));
    // the harness makes the offer only where it is the client
    result.roles = {role::server};
    result.offer = "permessage-deflate" + (value.empty() ? "" : "; " + value);
    result.steps = {open_step{}, compressed(prose()), echo, compressed(prose()), echo};
    using enum field_condition::test;
    result.outcomes = {
        pass_with(then_echoes(opened_with(present))),
        lesser(how.value, then_echoes(opened_with(absent)), std::string(how.because)),
        lesser(grade::non_strict, {refused(), maybe(see_end{})},
               "the offer is legal; who does not want it declines it, which opens without "
               "compression")};
    return result;
}

void add_single_parameters(std::vector<test_case>& into) {
    into.push_back(legal_offer("7.1.1.1/server-no-context-takeover", "server_no_context_takeover",
                               {"7692-7.1.1.1-3", "7692-5-18", "7692-5-7", "7692-7.1.2.2-8"},
                               of_takeover));
    into.push_back(legal_offer("7.1.1.2/client-no-context-takeover", "client_no_context_takeover",
                               {"7692-7.2.2-7", "7692-5-18"}, of_a_hint));
    into.push_back(legal_offer("7.1.2.2/client-max-window-bits", "client_max_window_bits",
                               {"7692-7.1.2.2-7", "7692-5-18"}, of_a_hint));
    for (int bits = 8; bits <= 15; ++bits) {
        auto const number = std::to_string(bits);
        into.push_back(legal_offer("7.1.2.1/server-max-window-bits-" + number,
                                   "server_max_window_bits=" + number,
                                   {"7692-7.1.2.1-5", "7692-5-18", "7692-7.1.2.2-8"}, of_a_window));
        into.push_back(legal_offer("7.1.2.2/client-max-window-bits-" + number,
                                   "client_max_window_bits=" + number,
                                   {"7692-7.1.2.2-6", "7692-7.1.2.2-7", "7692-5-18"}, of_a_hint));
    }
}

void add_combinations(std::vector<test_case>& into) {
    std::vector<std::string> const clauses{"7692-5-8", "7692-7.1.2.1-5", "7692-7.1.1.1-3"};
    auto const add = [&](std::string const& name, std::string const& value) {
        into.push_back(legal_offer("7.1/" + name, value, clauses, of_a_window));
    };
    add("both-takeovers", "client_no_context_takeover; server_no_context_takeover");
    add("both-windows", "server_max_window_bits=11; client_max_window_bits=13");
    add("all-four-parameters",
        "server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; "
        "client_max_window_bits=10");
    add("all-four-parameters-turned-round",
        "client_max_window_bits; server_max_window_bits=12; client_no_context_takeover; "
        "server_no_context_takeover");
    add("smallest-windows", "server_max_window_bits=8; client_max_window_bits=8");
    add("largest-windows", "server_max_window_bits=15; client_max_window_bits=15");
    add("quoted-window", "server_max_window_bits=\"10\"");
    into.back().outcomes.pop_back();  // C24: a value in quotes is no reason to refuse
    for (auto const& [name, value] :
         {std::pair{"without-spaces",
                    "permessage-deflate;server_no_context_takeover;client_max_window_bits"},
          std::pair{
              "many-spaces",
              "permessage-deflate \t;  server_no_context_takeover ;\tclient_max_window_bits"}}) {
        add(name, "");
        into.back().title = "Space around semicolons is nothing: " + std::string(name);
        into.back().offer = value;
    }
}

// ---- several offers
// ------------------------------------------------------------------------------

test_case fallback(std::string const& name, std::string title, std::vector<std::string> clauses,
                   std::string offer) {
    auto result = legal_offer("5/" + name, "", std::move(clauses), {});
    result.title = std::move(title);
    result.offer = std::move(offer);
    return result;
}

std::string twenty_offers() {
    std::string result;
    for (int i = 0; i < 19; ++i)
        result += "permessage-deflate; wsproof=" + std::to_string(i) + ", ";
    return result + "permessage-deflate";
}

test_case in_two_fields() {
    auto result = fallback("offers-in-two-fields", "Offers in two fields are one list",
                           {"6455-9.1-2", "6455-11.3.2-1"}, "");
    head_edit edit;
    edit.set = {{field,
                 {payload::of("permessage-deflate; server_max_window_bits=16"),
                  payload::of("permessage-deflate")}}};
    result.steps.front() = open_step{edit};
    return result;
}

void add_lists(std::vector<test_case>& into) {
    auto const add = [&into](std::string const& name, std::string title, std::string offer) {
        into.push_back(fallback(name, std::move(title), {"7692-5-8", "7692-5-2", "7692-7-4"},
                                std::move(offer)));
    };
    add("bad-window-then-good-offer", "A window of 16 bits does not spoil the offer behind it",
        "permessage-deflate; server_max_window_bits=16, permessage-deflate");
    add("repeated-parameter-then-good-offer",
        "A repeated parameter does not spoil the offer behind it",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover, "
        "permessage-deflate");
    add("three-bad-offers-then-good-one", "Three bad offers do not spoil the one behind them",
        "permessage-deflate; wsproof, permessage-deflate; server_max_window_bits, "
        "permessage-deflate; server_no_context_takeover=1, permessage-deflate");
    add("good-offer-then-bad-one", "A bad offer does not spoil the one before it",
        "permessage-deflate, permessage-deflate; server_max_window_bits=7");
    add("nineteen-bad-offers-then-good-one", "The last of twenty offers can be taken",
        twenty_offers());
    add("unknown-extension-then-deflate", "An unknown extension does not spoil the offer behind it",
        "x-wsproof-unknown; a=1, permessage-deflate; client_max_window_bits");
    add("same-offer-twice", "Of two equal offers one is taken, once",
        "permessage-deflate, permessage-deflate");
    add("takeover-then-plain",
        "A list of server_no_context_takeover and nothing is served by either",
        "permessage-deflate; server_no_context_takeover, permessage-deflate");
    add("windows-in-falling-order", "Of a list of windows any can be taken, none that is not there",
        "permessage-deflate; server_max_window_bits=9, permessage-deflate; "
        "server_max_window_bits=12, permessage-deflate; server_max_window_bits=15");
    into.push_back(
        fallback("example-with-fallback", "The RFC's offer with a fallback is taken",
                 {"7692-7.1.3-1", "7692-5-8"},
                 "permessage-deflate; client_max_window_bits; server_max_window_bits=10, "
                 "permessage-deflate; client_max_window_bits"));
    into.back().id = "rfc7692/7.1.3/example-with-fallback";
    into.push_back(in_two_fields());
}

// ---- what has to be declined
// ---------------------------------------------------------------------

std::string title_of(bad_parameters const& each) {
    return "permessage-deflate; " + std::string(each.text.substr(0, 66)) + " is declined";
}

std::vector<std::string> clauses_of(bad_parameters const& each) {
    if (each.what == flaw::unknown) return {"7692-7-3", "6455-9.1-4"};
    if (each.what == flaw::repeated) return {"7692-7-5", "6455-9.1-4"};
    if (each.text.starts_with("server_max")) return {"7692-7-4", "7692-7.1.2.1-2"};
    if (each.text.starts_with("client_max")) return {"7692-7-4", "7692-7.1.2.2-1"};
    return {"7692-7-4", each.text.starts_with("server") ? "7692-7.1.1.1-1" : "7692-7.1.1.2-1"};
}

/// D3: declined, or the request refused; an error of the server is neither.
std::vector<outcome> declined(outcome_lists const& lists) {
    std::vector<outcome> result;
    for (auto const* const name : {"no extension taken", "needlessly refused"})
        if (auto const found = lists.find(name); found != lists.end())
            result.insert(result.end(), found->second.begin(), found->second.end());
    return result;
}

test_case bad_offer(std::string const& id, std::string title, std::vector<std::string> clauses,
                    std::string offer, outcome_lists const& lists) {
    auto result = new_case("rfc7692/" + id, std::move(title), std::move(clauses));
    result.roles = {role::server};
    result.tags = {"hostile"};
    result.offer = std::move(offer);
    result.steps = {open_step{}};
    result.outcomes = declined(lists);
    return result;
}

void add_bad(outcome_lists const& lists, std::vector<test_case>& into) {
    for (auto const& each : all_bad_parameters()) {
        into.push_back(bad_offer("7/offer-" + std::string(each.name), title_of(each),
                                 clauses_of(each), "permessage-deflate; " + std::string(each.text),
                                 lists));
        if (each.lesser) into.back().level = level::should;
    }
    into.push_back(bad_offer("7/offers-that-are-all-bad", "Of three bad offers none is taken",
                             {"7692-5-15", "7692-7-3", "7692-7-4", "7692-7-5"},
                             "permessage-deflate; wsproof, permessage-deflate; "
                             "client_max_window_bits=16, permessage-deflate; "
                             "client_no_context_takeover=1",
                             lists));
}

/// Nothing was agreed, so RSV1 has no meaning (RFC 6455 5.2).
test_case compressed_after_declining() {
    auto result = deflate_case("5/compressed-though-declined",
                               "A compressed message behind a declined offer fails the connection",
                               {"6455-5.2-5", "7692-5-16"});
    result.roles = {role::server};
    result.needs = {"deflate"};
    result.tags = {"hostile"};
    result.offer = "permessage-deflate; wsproof";
    result.steps = {open_step{}, raw(hello), await(await_step::what::close)};
    auto const opened = opened_with(field_condition::test::absent);
    result.outcomes = {
        pass_with({opened, {see_close{{{1002, 1002}}, false, false}, false}, maybe(see_end{})}),
        lesser(grade::non_strict, {opened, {any_close(), false}, maybe(see_end{})},
               "the connection is failed, but 7.4.1 names 1002 for a breach of the protocol"),
        lesser(grade::non_strict, {opened, {see_end{}, false}},
               "the connection is failed without a Close frame, which 7.1.7 makes a SHOULD"),
        lesser(grade::non_strict, {refused(), maybe(see_end{})},
               "the request was refused, though a bad offer can be declined")};
    return result;
}

}  // namespace

std::vector<test_case> offers(outcome_lists const& lists) {
    std::vector<test_case> result;
    add_single_parameters(result);
    add_combinations(result);
    add_lists(result);
    add_bad(lists, result);
    result.push_back(compressed_after_declining());
    return result;
}

}  // namespace wsproof::deflate_cases
