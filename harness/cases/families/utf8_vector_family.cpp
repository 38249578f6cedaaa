// Every vector of corpus/vectors/utf8.json: whole, in fragments, octet by octet, and as the reason
// of a Close.
#include <algorithm>
#include <map>

#include "cases/families/family_tools.hpp"
#include "cases/families/utf8_texts.hpp"
#include "cases/families/utf8_vectors.hpp"
#include "wire/close.hpp"

namespace wsproof {

namespace {

constexpr std::size_t longest_reason = 123;  // 5.5: 125 octets, two of which are the code
/// Longer texts are cut where they end, or where the bad sequence is: what stands before is plain.
constexpr std::size_t longest_cut_everywhere = 32;
constexpr std::size_t cuts_of_long_text = 8;
/// Bad text up to here has a case for each cut, longer text for those around the bad sequence.
constexpr std::size_t longest_of_all_cuts = 4;

bool has_mark(octets_view text) {
    return text.size() >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF;
}

/// Texts with a case of their own in utf8_family, and the empty one, which is in size_family.
bool is_played_whole_elsewhere(utf8_vector const& each) {
    auto const same = [hex = to_hex(each.data)](utf8_text const& text) { return text.hex == hex; };
    return each.data.empty() || std::any_of(valid_texts.begin(), valid_texts.end(), same) ||
           std::any_of(invalid_texts.begin(), invalid_texts.end(), same);
}

std::string words_of(utf8_vector const& each) {
    // "34 ASCII octets, then ff" needs no group in front
    return each.group == "position" ? each.name : each.group + ": " + each.name;
}

std::vector<std::string> clauses_of(utf8_vector const& each, std::vector<std::string> first) {
    for (auto& clause : utf8_clauses(each)) first.push_back(std::move(clause));
    return first;
}

test_case text_case(utf8_vector const& each, std::string const& suffix, std::string const& how) {
    auto const good = each.valid;
    auto result = new_case(
        std::string("rfc6455/8.1/") + (good ? "valid-" : "invalid-") + slug_of(each) + suffix,
        std::string(good ? "Text (" : "Bad text (") + words_of(each) + ")" + how +
            (good ? " comes back" : " is refused"),
        {});
    if (good)
        result.clauses = clauses_of(each, {"6455-5.6-2"});
    else if (each.first_bad)
        result.clauses = clauses_of(each, {"6455-8.1-1", "6455-5.6-3"});
    else
        result.clauses = clauses_of(each, {"6455-8.1-3", "6455-8.1-1", "6455-5.6-3"});
    result.tags = {"vectors"};
    return result;
}

void expect_refusal(test_case& into, outcome_lists const& lists) {
    into.tags.insert(into.tags.begin(), "hostile");
    into.steps.push_back(await(await_step::what::close));
    use_list(into, lists, "failed with 1007");
}

/// The echoes of these texts, in order. A decoder that strips U+FEFF in front harms nobody.
void expect_echoes(test_case& into, std::vector<octets> const& texts, outcome_lists const& lists) {
    into.needs = {"echo"};
    into.steps.push_back(await(await_step::what::echo));
    auto const marked = std::any_of(texts.begin(), texts.end(), has_mark);
    if (texts.size() == 1 && !marked) return use_list(into, lists, "echoed");
    outcome all{grade::pass, {}, {}, {}};
    outcome stripped{grade::non_strict, {}, {}, {}};
    stripped.because = "U+FEFF was stripped: it is part of the text, no mark of an encoding";
    for (auto const& text : texts) {
        all.see.push_back({see_echo{}, false});
        auto const rest = octets_view(text).subspan(has_mark(text) ? 3 : 0);
        stripped.see.push_back({see_message{opcode::text, payload::of(rest)}, false});
    }
    into.outcomes = {std::move(all)};
    if (marked) into.outcomes.push_back(std::move(stripped));
}

void add_fragments(octets_view text, std::size_t cut, std::vector<step>& into) {
    into.emplace_back(first_fragment(opcode::text, payload::of(text.first(cut))));
    into.emplace_back(continuation(payload::of(text.subspan(cut)), true));
}

void add_single_octets(octets_view text, std::vector<step>& into) {
    into.emplace_back(first_fragment(opcode::text, payload::of(text.first(1))));
    for (std::size_t i = 1; i < text.size(); ++i)
        into.emplace_back(continuation(payload::of(text.subspan(i, 1)), i + 1 == text.size()));
}

// ---- valid text --------------------------------------------------------------------------------

test_case valid_whole(utf8_vector const& each, outcome_lists const& lists) {
    auto result = text_case(each, "", "");
    result.autobahn = each.autobahn;
    result.steps = {whole_frame(opcode::text, payload::of(octets_view(each.data)))};
    expect_echoes(result, {each.data}, lists);
    return result;
}

/// In two fragments at every cut, then in fragments of one octet: so many messages in one flight.
test_case valid_in_fragments(utf8_vector const& each, outcome_lists const& lists) {
    auto const size = each.data.size();
    bool const is_long = size > longest_cut_everywhere;
    auto result = text_case(each, "-in-fragments", is_long ? ", cut," : ", cut everywhere,");
    result.clauses.insert(result.clauses.begin(), {"6455-5.6-4", "6455-6.2-5"});
    std::size_t count = 0;
    for (auto cut = is_long ? size - cuts_of_long_text : 1; cut < size; ++cut, ++count)
        add_fragments(each.data, cut, result.steps);
    // of two octets there is no other cut
    if (size > 2 && !is_long) {
        add_single_octets(each.data, result.steps);
        ++count;
    }
    expect_echoes(result, std::vector<octets>(count, each.data), lists);
    return result;
}

/// All of a group, one after the other, each octet in a write of its own.
test_case valid_in_octets(std::string const& group, std::vector<octets> const& texts,
                          outcome_lists const& lists) {
    utf8_vector const all{group, "all", {}, true, {}, {}};
    auto result = text_case(all, "-in-octets", ", octet by octet,");
    result.clauses = {"6455-6.2-1", "6455-5.6-2", "3629-3-1"};
    result.segmentation = {segmentation::kind::every, 1};
    for (auto const& text : texts)
        result.steps.emplace_back(whole_frame(opcode::text, payload::of(octets_view(text))));
    expect_echoes(result, texts, lists);
    return result;
}

void add_valid(outcome_lists const& lists, std::vector<test_case>& into) {
    std::vector<std::pair<std::string, std::vector<octets>>> groups;
    for (auto const& each : utf8_vectors()) {
        if (!each.valid || each.data.empty()) continue;
        if (!is_played_whole_elsewhere(each)) into.push_back(valid_whole(each, lists));
        if (each.data.size() > 1) into.push_back(valid_in_fragments(each, lists));
        auto const known = std::find_if(groups.begin(), groups.end(), [&](auto const& group) {
            return group.first == each.group;
        });
        if (known == groups.end())
            groups.push_back({each.group, {each.data}});
        else
            known->second.push_back(each.data);
    }
    for (auto const& [group, texts] : groups) into.push_back(valid_in_octets(group, texts, lists));
}

// ---- invalid text ------------------------------------------------------------------------------

test_case invalid_whole(utf8_vector const& each, outcome_lists const& lists) {
    auto result = text_case(each, "", "");
    result.autobahn = each.autobahn;
    if (!each.autobahn.empty()) result.note = autobahn_takes_bare_end;
    result.steps = {whole_frame(opcode::text, payload::of(octets_view(each.data)))};
    expect_refusal(result, lists);
    return result;
}

test_case invalid_in_octets(utf8_vector const& each, outcome_lists const& lists) {
    auto result = text_case(each, "-in-octets", ", octet by octet,");
    result.clauses.emplace_back("6455-6.2-1");
    result.segmentation = {segmentation::kind::every, 1};
    result.steps = {whole_frame(opcode::text, payload::of(octets_view(each.data)))};
    expect_refusal(result, lists);
    return result;
}

test_case invalid_cut(utf8_vector const& each, std::size_t cut, outcome_lists const& lists) {
    auto const at = std::to_string(cut);
    auto result = text_case(each, "-cut-at-" + at, ", cut at " + at + ",");
    result.clauses.insert(result.clauses.begin(), "6455-8.1-2");
    add_fragments(each.data, cut, result.steps);
    expect_refusal(result, lists);
    return result;
}

test_case invalid_cut_everywhere(utf8_vector const& each, outcome_lists const& lists) {
    auto result = text_case(each, "-cut-everywhere", ", cut everywhere,");
    result.clauses.insert(result.clauses.begin(), "6455-8.1-2");
    add_single_octets(each.data, result.steps);
    expect_refusal(result, lists);
    return result;
}

/// The good text in front is cut in the cases for valid text; here the cuts lie around the bad
/// sequence and inside it.
void add_invalid_cuts(utf8_vector const& each, outcome_lists const& lists,
                      std::vector<test_case>& into) {
    auto const size = each.data.size();
    bool const is_short = size <= longest_of_all_cuts;
    auto const first = is_short ? std::size_t{1} : std::max<std::size_t>(1, start_of_trouble(each));
    auto const last = is_short ? size : std::min(size, each.first_bad.value_or(size) + 2);
    for (auto cut = first; cut < last; ++cut) into.push_back(invalid_cut(each, cut, lists));
    if (size > 2 && size <= longest_cut_everywhere)
        into.push_back(invalid_cut_everywhere(each, lists));
}

void add_invalid(outcome_lists const& lists, std::vector<test_case>& into) {
    for (auto const& each : utf8_vectors()) {
        if (each.valid) continue;
        if (!is_played_whole_elsewhere(each)) into.push_back(invalid_whole(each, lists));
        if (each.data.size() > 1) into.push_back(invalid_in_octets(each, lists));
        add_invalid_cuts(each, lists, into);
    }
}

// ---- reasons -----------------------------------------------------------------------------------

test_case reason_case(utf8_vector const& each, outcome_lists const& lists) {
    auto const good = each.valid;
    auto result = new_case(
        std::string("rfc6455/8.1/reason-") + (good ? "valid-" : "invalid-") + slug_of(each),
        std::string(good ? "Close reason (" : "Bad Close reason (") + words_of(each) + ") is " +
            (good ? "answered" : "refused"),
        {});
    if (good)
        result.clauses = clauses_of(each, {"6455-5.5.1-5", "6455-5.5.1-11"});
    else
        result.clauses =
            clauses_of(each, {each.first_bad ? "6455-5.5.1-6" : "6455-5.5.1-7", "6455-8.1-1"});
    result.tags = {"vectors"};
    if (!good) result.tags.insert(result.tags.begin(), "hostile");
    auto body = write_close(1000);
    append(body, octets_view(each.data));
    result.steps = {whole_frame(opcode::close, payload::of(octets_view(body))),
                    await(await_step::what::close)};
    use_list(result, lists, good ? "close answered" : "broken reason refused");
    return result;
}

void add_reasons(outcome_lists const& lists, std::vector<test_case>& into) {
    for (auto const& each : utf8_vectors())
        if (!each.data.empty() && each.data.size() <= longest_reason)
            into.push_back(reason_case(each, lists));
}

}  // namespace

std::vector<test_case> utf8_vector_family(outcome_lists const& lists) {
    std::vector<test_case> result;
    add_valid(lists, result);
    add_invalid(lists, result);
    add_reasons(lists, result);
    return result;
}

}  // namespace wsproof
