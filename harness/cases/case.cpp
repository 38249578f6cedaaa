#include "cases/case.hpp"

#include <algorithm>
#include <charconv>
#include <array>

namespace wsproof {

namespace {

constexpr std::array<std::string_view, 6> grade_names{"pass",        "info", "non_strict",
                                                      "unsupported", "fail", "error"};

payload single_part(octets pattern, std::uint64_t length) {
    payload result;
    if (pattern.empty() || length == 0) return result;
    // one way to write each value, so that equal octets from a file and from a dump compare equal
    if (length < pattern.size()) pattern.resize(static_cast<std::size_t>(length));
    result.parts.push_back({std::move(pattern), length});
    return result;
}

bool contains(std::vector<std::string> const& list, std::string_view word) noexcept {
    return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

std::string_view name_of(role value) noexcept {
    return value == role::client ? "client" : "server";
}

std::string_view name_of(level value) noexcept {
    if (value == level::must) return "must";
    return value == level::should ? "should" : "may";
}

std::string_view name_of(grade value) noexcept {
    auto const index = static_cast<std::size_t>(value);
    return index < grade_names.size() ? grade_names[index] : "error";
}

std::optional<grade> parse_grade(std::string_view name) noexcept {
    auto const found = std::find(grade_names.begin(), grade_names.end(), name);
    if (found == grade_names.end()) return std::nullopt;
    return static_cast<grade>(found - grade_names.begin());
}

std::uint64_t payload::size() const noexcept {
    std::uint64_t total = 0;
    for (auto const& each : parts) total += each.length;
    return total;
}

octets payload::expand() const {
    octets out;
    out.reserve(static_cast<std::size_t>(size()));
    for (auto const& each : parts) {
        if (each.pattern.empty()) continue;
        auto const start = out.size();
        auto const end = start + static_cast<std::size_t>(each.length);
        append(out, octets_view(each.pattern).first(std::min(each.pattern.size(), end - start)));
        // what is there already is a whole number of patterns, so it can be doubled
        while (out.size() < end) {
            auto const piece = std::min(out.size() - start, end - out.size());
            append(out, octets(out.begin() + static_cast<std::ptrdiff_t>(start),
                               out.begin() + static_cast<std::ptrdiff_t>(start + piece)));
        }
    }
    return out;
}

payload payload::of(octets_view data) {
    return single_part({data.begin(), data.end()}, data.size());
}

payload payload::of(std::string_view text) { return of(view_of(text)); }

payload payload::repeat(std::string_view pattern, std::uint64_t length) {
    return single_part(to_octets(pattern), length);
}

std::string name_of(segmentation const& value) {
    switch (value.how) {
        case segmentation::kind::whole:
            return "whole";
        case segmentation::kind::frames:
            return "frames";
        case segmentation::kind::every:
            return value.size == 1 ? "octets" : std::to_string(value.size);
        case segmentation::kind::random:
            return "random";
        case segmentation::kind::cut:
            return value.size == 0 ? "cuts" : "cut:" + std::to_string(value.size);
    }
    return "whole";
}

std::optional<segmentation> parse_segmentation(std::string_view name) {
    using kind = segmentation::kind;
    constexpr std::pair<std::string_view, segmentation> words[] = {{"whole", {kind::whole, 0}},
                                                                   {"frames", {kind::frames, 0}},
                                                                   {"octets", {kind::every, 1}},
                                                                   {"random", {kind::random, 0}},
                                                                   {"cuts", {kind::cut, 0}}};
    for (auto const& [word, value] : words)
        if (word == name) return value;
    bool const one_cut = name.starts_with("cut:");
    if (one_cut) name.remove_prefix(4);
    segmentation out{one_cut ? kind::cut : kind::every, 0};
    auto const [end, error] = std::from_chars(name.data(), name.data() + name.size(), out.size);
    if (error != std::errc{} || end != name.data() + name.size() || out.size == 0) return std::nullopt;
    return out;
}

head_edit const* head_of(step const& value) noexcept {
    if (auto const* open = std::get_if<open_step>(&value)) return &open->request;
    auto const* answer = std::get_if<respond_step>(&value);
    return answer == nullptr ? nullptr : &answer->response;
}

bool test_case::has_tag(std::string_view tag) const noexcept { return contains(tags, tag); }

bool test_case::has_need(std::string_view need) const noexcept { return contains(needs, need); }

}  // namespace wsproof
