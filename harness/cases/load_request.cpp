#include <algorithm>
#include <array>
#include <cctype>

#include "cases/load_parts.hpp"

namespace wsproof {

namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

void load_set(json_cursor const& at, head_edit& into) {
    std::set<std::string> seen;
    for (auto const& [name, member] : at.members()) {
        if (!seen.insert(lower(name)).second)
            member.mistake(
                "this field stands twice here, letter case aside; write a list of values");
        auto values = load_payloads(member);
        if (values.empty()) member.mistake(R"(no value at all: use "remove")");
        into.set.emplace_back(name, std::move(values));
    }
}

/// With "raw" the whole head is given, so that nothing is left to edit.
void load_raw(json_cursor const& raw, json_cursor const& at, head_edit& into) {
    into.raw = load_payload(raw);
    for (auto const& [name, member] : at.members())
        if (name != "raw" && name != "go_on")
            member.mistake(R"(has no effect beside "raw", which is the whole head)");
}

void load_lines(json_object& object, head_edit& into) {
    if (auto const at = object.take("first"))
        for (auto const& each : at->list()) into.first_lines.push_back(load_payload(each));
    if (auto const at = object.take("lines"))
        for (auto const& each : at->list()) into.lines.push_back(load_payload(each));
}

std::string load_line_end(json_cursor const& at) {
    constexpr std::array<std::string_view, 3> ends{"\r\n", "\n", "\r"};
    return std::string(ends[at.word({"crlf", "lf", "cr"})]);
}

}  // namespace

head_edit load_head(json_cursor const& at) {
    head_edit result;
    json_object object(at);
    if (auto const raw = object.take("raw")) load_raw(*raw, at, result);
    if (auto const before = object.take("before")) result.before = load_payload(*before);
    if (auto const line = object.take("line")) result.start_line = load_payload(*line);
    if (auto const set = object.take("set")) load_set(*set, result);
    if (auto const remove = object.take("remove")) result.remove = remove->texts();
    load_lines(object, result);
    if (auto const order = object.take("order")) result.order = order->texts();
    if (auto const eol = object.take("eol")) result.line_end = load_line_end(*eol);
    if (auto const flag = object.take("unfinished")) result.unfinished = flag->flag();
    if (auto const body = object.take("body")) result.body = load_payload(*body);
    if (auto const flag = object.take("go_on")) result.go_on = flag->flag();
    object.finish();
    return result;
}

}  // namespace wsproof
