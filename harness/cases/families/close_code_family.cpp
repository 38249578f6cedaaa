// A Close with every kind of code, and what may be answered: RFC 6455 5.5.1, 7.4 and the IANA
// registry.
#include <array>

#include "cases/families/family_tools.hpp"
#include "wire/close.hpp"

namespace wsproof {

namespace {

struct code_facts {
    std::uint16_t code;
    std::string_view autobahn;  // empty: Autobahn has no case
    std::string_view clause;    // that names this code
    std::string_view note;
};

constexpr std::string_view other_legal_code =
    "Autobahn fails an answer with another legal code; 5.5.1 only says what is typical.";
constexpr std::string_view silence_passes =
    "Autobahn passes a peer that stays silent or vanishes; here it has to answer or to close.";
constexpr std::string_view no_duty =
    "Autobahn fails a peer that takes the code; 7.4.2 reserves it and puts no duty on the "
    "receiver.";
constexpr std::string_view server_only =
    "Only servers are tested: a server does not send 1010 (7.4.1). Autobahn sends it to clients "
    "too.";
constexpr std::string_view dropped_by_autobahn =
    "Autobahn dropped this code from its list of invalid ones when it was registered.";

constexpr std::array<code_facts, 12> registered{{
    {1000, "7.7.1", "6455-7.4.1-2", other_legal_code},
    {1001, "7.7.2", "6455-7.4.1-3", other_legal_code},
    {1002, "7.7.3", "6455-7.4.1-4", other_legal_code},
    {1003, "7.7.4", "6455-7.4.1-5", other_legal_code},
    {1007, "7.7.5", "6455-7.4.1-10", other_legal_code},
    {1008, "7.7.6", "6455-7.4.1-11", other_legal_code},
    {1009, "7.7.7", "6455-7.4.1-12", other_legal_code},
    {1010, "7.7.8", "6455-7.4.1-13", server_only},
    {1011, "7.7.9", "6455-7.4.1-16", other_legal_code},
    {1012, "", "IANA-close-code-1", dropped_by_autobahn},
    {1013, "", "IANA-close-code-2", dropped_by_autobahn},
    {1014, "", "IANA-close-code-3", dropped_by_autobahn},
}};

constexpr std::array<code_facts, 6> for_applications{{
    {3000, "7.7.10", "IANA-close-code-4", other_legal_code},
    {3003, "", "IANA-close-code-4", ""},
    {3008, "", "IANA-close-code-4", ""},
    {3999, "7.7.11", "6455-7.4.2-3", other_legal_code},
    {4000, "7.7.12", "6455-7.4.2-4", other_legal_code},
    {4999, "7.7.13", "6455-7.4.2-4", other_legal_code},
}};

constexpr std::array<code_facts, 6> never_sent{{
    {0, "7.9.1", "6455-7.4.2-1", silence_passes},
    {1, "", "6455-7.4.2-1", ""},
    {999, "7.9.2", "6455-7.4.2-1", silence_passes},
    {1005, "7.9.4", "6455-7.4.1-8", silence_passes},
    {1006, "7.9.5", "6455-7.4.1-9", silence_passes},
    {1015, "", "6455-7.4.1-17", ""},
}};

constexpr std::array<code_facts, 5> reserved{{
    {1004, "7.9.3", "6455-7.4.1-7", silence_passes},
    {1016, "7.9.6", "6455-7.4.2-2", no_duty},
    {1100, "7.9.7", "6455-7.4.2-2", no_duty},
    {2000, "7.9.8", "6455-7.4.2-2", no_duty},
    {2999, "7.9.9", "6455-7.4.2-2", no_duty},
}};

constexpr std::array<code_facts, 4> beyond{{
    {5000, "7.13.1", "6455-7.4.2-5", silence_passes},
    {9999, "", "6455-7.4.2-5", ""},
    {32768, "", "6455-7.4.2-5", ""},
    {65535, "7.13.2", "6455-7.4.2-5", silence_passes},
}};

outcome closed_with(grade result, see_close codes, std::string because = {}) {
    return {result, {{std::move(codes), false}, maybe(see_end{})}, {}, std::move(because)};
}

outcome ended(grade result, std::string because) {
    return {result, {{see_end{}, false}}, {}, std::move(because)};
}

see_close codes(std::vector<number_range> ranges) { return {std::move(ranges), false, false}; }
see_close empty_or(std::vector<number_range> ranges) { return {std::move(ranges), true, false}; }

/// Every code that may stand in a Close frame.
std::vector<number_range> legal() { return {{1000, 1003}, {1007, 1014}, {3000, 4999}}; }

/// 1012 to 1014 came into the registry long after the RFC: a peer that has never heard of them may
/// refuse them.
std::vector<outcome> registered_later(outcome_lists const& lists) {
    std::string const older = "the peer goes by an older state of the registry";
    auto result =
        std::vector<outcome>{closed_with(grade::pass, {{{1000, 1000}}, false, true}),
                             closed_with(grade::non_strict, codes({{1002, 1002}}), older)};
    if (auto const found = lists.find("close answered"); found != lists.end())
        result.insert(result.end(), found->second.begin() + 1, found->second.end());
    result.push_back(ended(grade::non_strict, older));
    return result;
}

/// 3000 to 4999 belong to libraries and applications, so a protocol error is no fitting answer
/// (7.4.2).
std::vector<outcome> anything_but_1002() {
    return {closed_with(grade::pass,
                        empty_or({{1000, 1001}, {1003, 1003}, {1007, 1014}, {3000, 4999}}))};
}

/// Codes that must not be sent: refused best, and never sent back. No text obliges a receiver to
/// refuse them, so that an ordinary answer is no breach.
std::vector<outcome> refused() {
    return {
        closed_with(grade::pass, codes({{1002, 1002}})),
        closed_with(grade::non_strict, empty_or({{1000, 1000}}),
                    "answered like an ordinary Close, though the code must not stand in one"),
        closed_with(grade::non_strict, codes(legal()),
                    "the connection is closed, but 7.4.1 names 1002 for a breach of the protocol"),
        ended(grade::non_strict,
              "the connection is closed without a Close frame, which 7.1.7 makes a SHOULD")};
}

/// 1004 and 1016 to 2999 are kept for later: a strict receiver refuses them, a forward-looking one
/// takes them; neither may send them itself.
std::vector<outcome> refused_or_taken() {
    return {closed_with(grade::pass, codes({{1002, 1002}})),
            closed_with(grade::non_strict, empty_or(legal()),
                        "7.4.2 reserves the code and leaves open whether a receiver refuses it"),
            ended(grade::non_strict,
                  "the connection is closed without a Close frame, which 7.1.7 makes a SHOULD")};
}

/// Nothing is said about codes above 4999: whatever closes is only noted.
std::vector<outcome> closes_somehow() {
    return {closed_with(grade::info, {}, "no text says what becomes of codes above 4999"),
            ended(grade::info, "no text says what becomes of codes above 4999; TCP was closed")};
}

std::string section_of(std::uint16_t code) {
    // 7.4.1 defines codes up to 1011 and 1015; 7.4.2 and the registry rule the ranges
    return (code >= 1000 && code <= 1011) || code == 1015 ? "7.4.1" : "7.4.2";
}

test_case close_with(code_facts const& facts, std::string_view reason, std::string_view demand) {
    auto const number = std::to_string(facts.code);
    auto const suffix = reason.empty() ? "" : "-with-reason";
    auto const with = reason.empty() ? "" : " and a reason";
    auto result = new_case("rfc6455/" + section_of(facts.code) + "/code-" + number + suffix,
                           "A Close with code " + number + with + " " + std::string(demand), {});
    result.steps = {
        whole_frame(opcode::close, payload::of(octets_view(write_close(facts.code, reason)))),
        await(await_step::what::close)};
    if (reason.empty() && !facts.autobahn.empty()) result.autobahn = {std::string(facts.autobahn)};
    result.note = facts.autobahn.empty() && facts.note != dropped_by_autobahn ? "" : facts.note;
    return result;
}

void add_answered(code_facts const& facts, outcome_lists const& lists,
                  std::vector<test_case>& into) {
    for (std::string_view const reason : {"", "Grüße"}) {
        auto made = close_with(facts, reason, "is answered");
        made.clauses = {"6455-5.5.1-11", "6455-5.5.1-12", std::string(facts.clause)};
        if (!reason.empty()) made.clauses.emplace_back("6455-5.5.1-5");
        if (facts.code == 1010) made.roles = {role::server};
        if (facts.code < 1012)
            use_list(made, lists, "close answered");
        else
            made.outcomes = facts.code < 1016 ? registered_later(lists) : anything_but_1002();
        into.push_back(std::move(made));
    }
}

void add_hostile(code_facts const& facts, level weight, std::vector<outcome> outcomes,
                 std::string_view demand, std::vector<test_case>& into) {
    auto made = close_with(facts, {}, demand);
    made.level = weight;
    made.clauses = {std::string(facts.clause), "6455-5.5.1-11"};
    made.tags = {"hostile"};
    made.outcomes = std::move(outcomes);
    into.push_back(std::move(made));
}

}  // namespace

std::vector<test_case> close_code_family(outcome_lists const& lists) {
    std::vector<test_case> result;
    for (auto const& each : registered) add_answered(each, lists, result);
    for (auto const& each : for_applications) add_answered(each, lists, result);
    for (auto const& each : never_sent)
        add_hostile(each, level::must, refused(), "is refused and the code never sent back",
                    result);
    for (auto const& each : reserved)
        add_hostile(each, level::should, refused_or_taken(), "closes; the code is never sent back",
                    result);
    for (auto const& each : beyond)
        add_hostile(each, level::may, closes_somehow(), "closes the connection", result);
    return result;
}

}  // namespace wsproof
