#include <array>
#include <charconv>

#include "cases/load_parts.hpp"
#include "cases/near_match.hpp"

namespace wsproof {

namespace {

constexpr std::uint32_t largest_code = 0xFFFF;
constexpr std::uint32_t largest_status = 999;

using seen = decltype(expectation::what);

std::optional<std::uint32_t> parse_number(std::string_view text) {
    std::uint32_t result = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, result);
    if (text.empty() || error != std::errc() || stop != end) return std::nullopt;
    return result;
}

std::vector<number_range> load_status(json_cursor const& at) {
    std::vector<number_range> result;
    for (auto const& each : at.list())
        if (!load_range(each, largest_status, result))
            each.mistake(R"(a status is a number or a range as in "402-499")");
    if (at.is_list() && result.empty() && at.value().empty()) at.mistake("no status is listed");
    return result;
}

void load_close_code(json_cursor const& at, see_close& into) {
    if (load_range(at, largest_code, into.codes)) return;
    switch (at.word({"empty", "same", "legal"})) {
        case 0:
            into.empty = true;
            break;
        case 1:
            into.same = true;
            break;
        default:
            // the codes that may stand in a Close frame: RFC 6455 7.4 and the IANA registry
            into.codes.insert(into.codes.end(), {{1000, 1003}, {1007, 1014}, {3000, 4999}});
    }
}

see_close load_close(json_cursor const& at) {
    see_close result;
    for (auto const& each : at.list()) load_close_code(each, result);
    if (at.is_list() && at.value().empty())
        at.mistake(R"(no code is listed; any Close is "close")");
    return result;
}

field_condition load_field(std::string const& name, json_cursor const& at) {
    using test = field_condition::test;
    field_condition result{name, test::present, {}};
    if (at.is_string()) {
        constexpr std::array words{test::present, test::absent, test::matches_offer};
        result.what = words[at.word({"present", "absent", "matches offer"})];
        return result;
    }
    json_object object(at);
    auto const is = object.take("is");
    auto const lists = object.take("lists");
    if (at.is_object() && is.has_value() == lists.has_value())
        at.mistake(
            R"(a condition is "present", "absent", "matches offer", {"is": …} or {"lists": …})");
    result.what = is ? test::is : test::lists;
    if (is || lists) result.value = (is ? is : lists)->text();
    object.finish();
    return result;
}

see_response load_response(json_cursor const& at) {
    see_response result;
    if (at.is_list()) {
        result.status = load_status(at);
        return result;
    }
    json_object object(at);
    if (auto const status = object.take("status")) result.status = load_status(*status);
    if (auto const valid = object.take("valid")) result.valid = valid->flag();
    if (auto const flawless = object.take("flawless")) result.flawless = flawless->flag();
    if (auto const fields = object.take("fields"))
        for (auto const& [name, member] : fields->members())
            result.fields.push_back(load_field(name, member));
    object.finish();
    return result;
}

see_request load_see_request(json_cursor const& at) {
    see_request result;
    json_object object(at);
    if (auto const valid = object.take("valid")) result.valid = valid->flag();
    if (auto const flawless = object.take("flawless")) result.flawless = flawless->flag();
    if (auto const keeps = object.take("keeps")) result.keeps = keeps->texts();
    if (auto const fields = object.take("fields"))
        for (auto const& [name, member] : fields->members())
            result.fields.push_back(load_field(name, member));
    object.finish();
    return result;
}

see_end load_end(json_cursor const& at) {
    return {at.word({"fin", "reset"}) == 0 ? see_end::how::fin : see_end::how::reset};
}

/// Events that a single word stands for.
seen load_event_word(json_cursor const& at) {
    auto const opened = [](bool valid) { return see_response{{{101, 101}}, {}, valid, false}; };
    switch (at.word({"echo", "message", "text", "binary", "pong", "fence", "close", "end",
                     "silence", "opened", "invalid response"})) {
        case 0:
            return see_echo{};
        case 1:
            return see_message{};
        case 2:
            return see_message{opcode::text, std::nullopt};
        case 3:
            return see_message{opcode::binary, std::nullopt};
        case 4:
            return see_pong{};
        case 5:
            return see_fence{};
        case 6:
            return see_close{};
        case 7:
            return see_end{};
        case 8:
            return see_silence{};
        case 9:
            return opened(true);
        default:
            return opened(false);
    }
}

seen load_event(json_cursor const& at) {
    if (at.is_string()) return load_event_word(at);
    auto const members = at.members();
    if (members.size() != 1) {
        if (at.is_object()) at.mistake("an event has exactly one key, as in {\"close\": [1002]}");
        return see_silence{};
    }
    auto const& [name, value] = members.front();
    if (name == "text") return see_message{opcode::text, load_payload(value)};
    if (name == "binary") return see_message{opcode::binary, load_payload(value)};
    if (name == "message") return see_message{std::nullopt, load_payload(value)};
    if (name == "pong") return see_pong{load_payload(value)};
    if (name == "close") return load_close(value);
    if (name == "end") return load_end(value);
    if (name == "response") return load_response(value);
    if (name == "request") return load_see_request(value);
    value.mistake("there is no such event" +
                  did_you_mean(name, {"text", "binary", "message", "pong", "close", "end",
                                      "response", "request", "maybe"}));
    return see_silence{};
}

expectation load_expectation(json_cursor const& at) {
    if (!at.is_object() || at.value().size() != 1) return {load_event(at), false};
    auto const members = at.members();
    if (members.front().first != "maybe") return {load_event(at), false};
    return {load_event(members.front().second), true};
}

outcome load_outcome(json_cursor const& at) {
    outcome result;
    json_object object(at);
    if (auto const found = object.require("grade")) {
        constexpr std::array grades{grade::pass, grade::info, grade::non_strict, grade::unsupported,
                                    grade::fail};
        result.grade = grades[found->word({"pass", "info", "non_strict", "unsupported", "fail"})];
    }
    if (auto const see = object.require("see"))
        for (auto const& each : see->list()) result.see.push_back(load_expectation(each));
    if (auto const by = object.take("by"))
        result.by = static_cast<unsigned>(by->number(std::numeric_limits<std::uint16_t>::max()));
    if (auto const because = object.take("because")) result.because = because->text();
    object.finish();
    return result;
}

void append_list(json_cursor const& at, outcome_lists const* lists, std::vector<outcome>& into) {
    auto const name = at.text();
    if (lists == nullptr) return;
    auto const found = lists->find(name);
    if (found != lists->end()) {
        into.insert(into.end(), found->second.begin(), found->second.end());
        return;
    }
    std::vector<std::string_view> names;
    for (auto const& each : *lists) names.push_back(each.first);
    at.mistake("outcomes.json has no list of this name" + did_you_mean(name, names));
}

}  // namespace

bool load_range(json_cursor const& at, std::uint32_t largest, std::vector<number_range>& into) {
    if (!at.is_string()) {
        auto const value = static_cast<std::uint32_t>(at.number(largest));
        into.push_back({value, value});
        return true;
    }
    auto const text = at.text();
    auto const dash = text.find('-');
    if (dash == std::string::npos) return false;
    auto const first = parse_number(std::string_view(text).substr(0, dash));
    auto const last = parse_number(std::string_view(text).substr(dash + 1));
    if (!first || !last || *first > *last || *last > largest)
        at.mistake("a range is written \"first-last\", at most " + std::to_string(largest));
    else
        into.push_back({*first, *last});
    return true;
}

std::vector<outcome> load_outcomes(json_cursor const& at, outcome_lists const* lists) {
    std::vector<outcome> result;
    if (at.is_string()) {
        append_list(at, lists, result);
        return result;
    }
    for (auto const& each : at.list()) {
        if (each.is_string())
            append_list(each, lists, result);
        else
            result.push_back(load_outcome(each));
    }
    return result;
}

outcome_lists load_lists(json_cursor const& at) {
    outcome_lists result;
    for (auto const& [name, member] : at.members()) result[name] = load_outcomes(member, &result);
    return result;
}

}  // namespace wsproof
