#include "cases/families/utf8_vectors.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "cases/embedded.hpp"
#include "cases/json_reader.hpp"

namespace wsproof {

namespace {

octets read_hex(json_cursor const& at) {
    auto found = parse_hex(at.text());
    if (!found) at.mistake("an even number of hex digits is needed here");
    return std::move(found).value_or(octets{});
}

utf8_vector read_vector(json_cursor const& at) {
    json_object object(at);
    utf8_vector result;
    if (auto const found = object.require("group")) result.group = found->text();
    if (auto const found = object.require("name")) result.name = found->text();
    if (auto const found = object.require("hex")) result.data = read_hex(*found);
    if (auto const found = object.require("result"))
        result.valid = found->word({"valid", "unfinished", "invalid"}) == 0;
    if (auto const found = object.take("first_bad"))
        result.first_bad = static_cast<std::size_t>(found->number(result.data.size()));
    if (auto const found = object.take("autobahn")) result.autobahn = found->texts();
    object.finish();
    return result;
}

std::vector<utf8_vector> read_vectors() {
    constexpr std::string_view name = "vectors/utf8.json";
    std::vector<utf8_vector> result;
    std::vector<diagnostic> mistakes;
    for (auto const& file : embedded_files()) {
        if (file.name != name) continue;
        auto const parsed = parse_json({std::string(name), std::string(file.text)}, mistakes);
        if (!parsed) break;
        json_object whole(json_cursor(*parsed, "$", name, mistakes));
        if (auto const list = whole.require("vectors"))
            for (auto const& each : list->list()) result.push_back(read_vector(each));
    }
    if (!mistakes.empty()) throw std::logic_error(describe(mistakes.front()));
    return result;
}

bool is_continuation(std::uint8_t octet) { return octet >= 0x80 && octet <= 0xBF; }

/// How many octets a sequence with this lead has; 1 for what can be no lead.
std::size_t sequence_size(std::uint8_t lead) {
    if (lead >= 0xC2 && lead <= 0xDF) return 2;
    if (lead >= 0xE0 && lead <= 0xEF) return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 1;
}

/// RFC 3629 section 4: octets that can begin nothing.
std::vector<std::string> clauses_of_lead(std::uint8_t octet) {
    if (is_continuation(octet)) return {"3629-4-5"};
    if (octet == 0xC0 || octet == 0xC1) return {"3629-4-1", "3629-3-4"};
    if (octet >= 0xF8 && octet <= 0xFD) return {"3629-4-7", "3629-4-1"};
    return {"3629-4-1"};
}

std::vector<std::string> clauses_of_second(std::uint8_t lead, std::uint8_t octet) {
    if (!is_continuation(octet)) return {"3629-4-6"};
    switch (lead) {
        case 0xE0:
            return {"3629-4-3", "3629-3-4"};  // overlong
        case 0xED:
            return {"3629-3-2", "3629-4-3"};  // a surrogate
        case 0xF0:
            return {"3629-4-4", "3629-3-4"};
        default:
            return {"3629-4-4"};  // F4: above U+10FFFF
    }
}

std::vector<std::string> clauses_of_valid(utf8_vector const& each) {
    if (each.group == "bom") return {"3629-6-1"};
    if (each.group == "non-character") return {"3629-3-5"};
    auto const longest = std::max_element(each.data.begin(), each.data.end(), [](auto a, auto b) {
        return sequence_size(a) < sequence_size(b);
    });
    constexpr std::string_view by_size[] = {"3629-3-1", "3629-4-2", "3629-4-3", "3629-4-4"};
    return {std::string(
        by_size[longest == each.data.end() ? 0 : sequence_size(*longest) - std::size_t{1}])};
}

}  // namespace

std::vector<utf8_vector> const& utf8_vectors() {
    static auto const vectors = read_vectors();
    return vectors;
}

std::vector<std::string> autobahn_of_utf8(octets_view data) {
    for (auto const& each : utf8_vectors())
        if (std::equal(each.data.begin(), each.data.end(), data.begin(), data.end()))
            return each.autobahn;
    return {};
}

std::string slug_of(utf8_vector const& each) {
    std::string result;
    for (char const c : each.group + " " + each.name) {
        bool const upper = c >= 'A' && c <= 'Z';
        bool const kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || upper;
        if (kept)
            result += upper ? static_cast<char>(c - 'A' + 'a') : c;
        else if (!result.ends_with('-'))
            result += '-';
    }
    if (result.ends_with('-')) result.pop_back();
    return result;
}

std::size_t start_of_trouble(utf8_vector const& each) {
    if (each.valid) return each.data.size();
    auto const bad = each.first_bad.value_or(each.data.size());
    // the lead stands at most three octets before what cannot follow it
    for (std::size_t back = 1; back <= 3 && back <= bad; ++back) {
        auto const octet = each.data[bad - back];
        if (sequence_size(octet) > back) return bad - back;
        if (!is_continuation(octet)) break;
    }
    return bad;
}

std::vector<std::string> utf8_clauses(utf8_vector const& each) {
    if (each.valid) return clauses_of_valid(each);
    if (!each.first_bad) return {"3629-4-6"};
    auto const start = start_of_trouble(each);
    auto const bad = *each.first_bad;
    if (start == bad) return clauses_of_lead(each.data[bad]);
    if (start + 1 == bad) return clauses_of_second(each.data[start], each.data[bad]);
    return {"3629-4-6"};
}

}  // namespace wsproof
