// Text messages of valid and invalid UTF-8 (RFC 6455 5.6 and 8.1, RFC 3629), whole and in
// fragments.
#include "cases/families/family_tools.hpp"
#include "cases/families/utf8_texts.hpp"
#include "cases/families/utf8_vectors.hpp"

namespace wsproof {

namespace {

/// Sequences of two and three octets, so that cuts fall on their borders and inside.
constexpr std::string_view greek = "cebae1bdb9cf83cebcceb5";
/// A surrogate between letters: the second octet of its sequence is the bad one.
constexpr std::string_view broken = "6162eda0806364";

octets from_hex(std::string_view hex) { return parse_hex(hex).value_or(octets{}); }

void expect_echo(test_case& into, outcome_lists const& lists) {
    into.needs = {"echo"};
    into.steps.push_back(await(await_step::what::echo));
    use_list(into, lists, "echoed");
}

void expect_refusal(test_case& into, outcome_lists const& lists) {
    into.tags = {"hostile"};
    into.steps.push_back(await(await_step::what::close));
    use_list(into, lists, "failed with 1007");
}

test_case valid_case(utf8_text const& text, outcome_lists const& lists) {
    auto result = new_case("rfc6455/8.1/valid-" + std::string(text.name),
                           "Text with " + std::string(text.what) + " comes back unchanged",
                           {"6455-5.6-2", std::string(text.clause)});
    result.steps = {whole_frame(opcode::text, payload::of(octets_view(from_hex(text.hex))))};
    result.autobahn = autobahn_of_utf8(from_hex(text.hex));
    expect_echo(result, lists);
    return result;
}

test_case invalid_case(utf8_text const& text, outcome_lists const& lists) {
    auto result = new_case("rfc6455/8.1/invalid-" + std::string(text.name),
                           "Text with " + std::string(text.what) + " fails the connection",
                           {"6455-8.1-1", "6455-5.6-3", std::string(text.clause)});
    // 8.1: an end inside a sequence is named on its own
    if (text.clause == "3629-4-6") result.clauses.insert(result.clauses.begin() + 1, "6455-8.1-3");
    result.steps = {whole_frame(opcode::text, payload::of(octets_view(from_hex(text.hex))))};
    result.autobahn = autobahn_of_utf8(from_hex(text.hex));
    if (!result.autobahn.empty()) result.note = autobahn_takes_bare_end;
    expect_refusal(result, lists);
    return result;
}

/// U+FEFF is an ordinary character here (RFC 3629 section 6); that a decoder strips it harms
/// nobody.
test_case byte_order_mark(outcome_lists const& lists) {
    auto result =
        valid_case({"byte-order-mark", "U+FEFF in front", "efbbbf616263", "3629-6-1"}, lists);
    result.outcome_list.clear();
    result.outcomes.push_back(
        {grade::non_strict,
         {{see_message{opcode::text, payload::of("abc")}, false}},
         {},
         "U+FEFF was stripped: it is part of the text, no mark of an encoding"});
    return result;
}

std::vector<step> fragments(octets_view text, std::size_t cut) {
    return {first_fragment(opcode::text, payload::of(text.first(cut))),
            continuation(payload::of(text.subspan(cut)), true)};
}

std::vector<step> single_octets(octets_view text) {
    std::vector<step> result{first_fragment(opcode::text, payload::of(text.first(1)))};
    for (std::size_t i = 1; i < text.size(); ++i)
        result.emplace_back(continuation(payload::of(text.subspan(i, 1)), i + 1 == text.size()));
    return result;
}

test_case cut_case(bool valid, std::string const& how, std::vector<step> steps,
                   outcome_lists const& lists) {
    auto result = valid ? new_case("rfc6455/8.1/valid-cut-" + how,
                                   "Valid text in fragments (" + how + ") comes back joined",
                                   {"6455-5.6-4", "6455-6.2-5"})
                        : new_case("rfc6455/8.1/invalid-cut-" + how,
                                   "A surrogate in fragments (" + how + ") fails the connection",
                                   {"6455-8.1-2", "6455-5.6-3", "3629-3-2"});
    result.steps = std::move(steps);
    if (valid)
        expect_echo(result, lists);
    else
        expect_refusal(result, lists);
    return result;
}

void add_cuts(bool valid, outcome_lists const& lists, std::vector<test_case>& into) {
    auto const text = from_hex(valid ? greek : broken);
    for (std::size_t cut = 1; cut < text.size(); ++cut)
        into.push_back(cut_case(valid, "at-" + std::to_string(cut), fragments(text, cut), lists));
    into.push_back(cut_case(valid, "everywhere", single_octets(text), lists));
}

}  // namespace

std::vector<test_case> utf8_family(outcome_lists const& lists) {
    std::vector<test_case> result;
    for (auto const& each : valid_texts) result.push_back(valid_case(each, lists));
    result.push_back(byte_order_mark(lists));
    add_cuts(true, lists, result);
    for (auto const& each : invalid_texts) result.push_back(invalid_case(each, lists));
    add_cuts(false, lists, result);
    return result;
}

}  // namespace wsproof
