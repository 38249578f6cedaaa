#include "cases/load_parts.hpp"

namespace wsproof {

namespace {

constexpr std::size_t deepest_join = 16;

payload literal(json_object& object, json_cursor const& at) {
    if (auto const text = object.take("text")) return payload::of(text->text());
    auto const hex = object.take("hex");
    if (!hex) {
        at.mistake(
            R"(a payload is a string, {"text": …}, {"hex": …}, {"repeat": …} or {"join": …})");
        return {};
    }
    auto const found = parse_hex(hex->text());
    if (!found) hex->mistake("two hex digits for each octet are needed here");
    return found ? payload::of(octets_view(*found)) : payload();
}

payload load_literal(json_cursor const& at) {
    if (at.is_string()) return payload::of(at.text());
    json_object object(at);
    if (!at.is_object()) return {};
    auto result = literal(object, at);
    object.finish();
    return result;
}

payload load_repeat(json_cursor const& pattern_at, json_object& object) {
    auto const pattern = load_literal(pattern_at).expand();
    auto const length_at = object.require("length");
    auto const length = length_at ? length_at->number(largest_payload) : 0;
    if (pattern.empty()) pattern_at.mistake("nothing to repeat");
    return payload::repeat(as_text(pattern), length);
}

void load_into(payload& result, json_cursor const& at, std::size_t depth);

void join_into(payload& result, json_cursor const& at, std::size_t depth) {
    if (depth == deepest_join) return at.mistake("joined too deep");
    for (auto const& each : at.list()) load_into(result, each, depth + 1);
}

void append_parts(payload& to, payload added) {
    for (auto& each : added.parts) to.parts.push_back(std::move(each));
}

void load_into(payload& result, json_cursor const& at, std::size_t depth) {
    if (at.is_string()) return append_parts(result, payload::of(at.text()));
    json_object object(at);
    if (!at.is_object()) return;
    if (auto const parts = object.take("join"))
        join_into(result, *parts, depth);
    else if (auto const pattern = object.take("repeat"))
        append_parts(result, load_repeat(*pattern, object));
    else
        append_parts(result, literal(object, at));
    object.finish();
}

}  // namespace

payload load_payload(json_cursor const& at) {
    payload result;
    load_into(result, at, 0);
    if (result.size() > largest_payload) at.mistake("a payload may have at most 1 GiB");
    return result;
}

std::vector<payload> load_payloads(json_cursor const& at) {
    std::vector<payload> result;
    if (!at.is_list()) return {load_payload(at)};
    for (auto const& each : at.list()) result.push_back(load_payload(each));
    return result;
}

}  // namespace wsproof
