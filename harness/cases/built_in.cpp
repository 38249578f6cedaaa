// The corpus that is built into the program, and what --cases adds to it.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <map>
#include <numeric>
#include <stdexcept>

#include "cases/case_files.hpp"
#include "cases/clauses.hpp"
#include "cases/dump.hpp"
#include "cases/embedded.hpp"
#include "cases/families/families.hpp"
#include "cases/lint.hpp"
#include "cases/registry.hpp"

namespace wsproof {

namespace {

/// A mistake in what is built in is a bug of ours; nothing can be judged with half a corpus.
void must_be_flawless(std::vector<diagnostic> const& mistakes) {
    if (mistakes.empty()) return;
    std::string text = "the built-in corpus is broken";
    for (auto const& each : mistakes) text.append("\n").append(describe(each));
    throw std::logic_error(text);
}

std::vector<source_file> embedded_below(std::string_view folder) {
    std::vector<source_file> result;
    for (auto const& each : embedded_files())
        if (each.name.starts_with(folder))
            result.push_back(
                {std::string(each.name.substr(folder.size())), std::string(each.text)});
    return result;
}

source_file take_lists(std::vector<source_file>& files) {
    source_file result{"outcomes.json", "{}"};
    auto const found = std::find_if(files.begin(), files.end(),
                                    [&](auto const& each) { return each.name == result.name; });
    if (found == files.end()) return result;
    result = std::move(*found);
    files.erase(found);
    return result;
}

/// Numbers as numbers, so that 5.10 comes behind 5.9; RFCs before other folders.
bool place_less(std::string_view left, std::string_view right) {
    auto const is_rfc = [](std::string_view id) { return id.starts_with("rfc"); };
    if (is_rfc(left) != is_rfc(right)) return is_rfc(left);
    auto const part = [](std::string_view& rest) {
        auto const end = std::min(rest.find_first_of("./"), rest.size());
        auto const result = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        return result;
    };
    auto const number = [](std::string_view text) {
        unsigned value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        return value;
    };
    while (!left.empty() && !right.empty()) {
        auto const a = part(left);
        auto const b = part(right);
        if (a == b) continue;
        return number(a) != number(b) ? number(a) < number(b) : a < b;
    }
    return left.empty() && !right.empty();
}

std::string_view place_of(test_case const& value) {
    return std::string_view(value.id).substr(0, value.id.rfind('/'));
}

/// By place; within one, as the files and families have them.
std::vector<test_case> in_order(std::vector<test_case> cases) {
    std::vector<std::size_t> order(cases.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        auto const left = place_of(cases[a]);
        auto const right = place_of(cases[b]);
        return left == right ? a < b : place_less(left, right);
    });
    std::vector<test_case> result;
    result.reserve(cases.size());
    for (auto const index : order) result.push_back(std::move(cases[index]));
    return result;
}

std::vector<test_case> load_built_in() {
    std::vector<diagnostic> mistakes;
    auto files = embedded_below("cases/");
    auto const lists = take_lists(files);
    auto loaded = load_cases(lists, files);
    must_be_flawless(loaded.mistakes);
    for (auto& each : families(load_outcome_lists(lists, mistakes)))
        loaded.cases.push_back(std::move(each));
    return in_order(std::move(loaded.cases));
}

std::vector<clause_info> load_built_in_catalogue() {
    std::vector<diagnostic> mistakes;
    auto result = load_catalogue(embedded_below("requirements/"), mistakes);
    must_be_flawless(mistakes);
    return result;
}

std::set<std::string, std::less<>> clause_ids() {
    std::set<std::string, std::less<>> result;
    for (auto const& each : all_clauses()) result.insert(each.id);
    return result;
}

/// The built-in lists, replaced and added to by those of the folder.
outcome_lists lists_of(case_folder const& folder, std::vector<diagnostic>& mistakes) {
    auto files = embedded_below("cases/");
    auto result = load_outcome_lists(take_lists(files), mistakes);
    if (folder.lists)
        for (auto& [name, list] : load_outcome_lists(*folder.lists, mistakes))
            result.insert_or_assign(name, std::move(list));
    return result;
}

}  // namespace

registry built_in_cases() { return registry(load_built_in()); }

std::vector<test_case> cases_of(std::string const& folder, std::vector<diagnostic>& mistakes) {
    auto const found = read_case_folder(folder, mistakes);
    if (found.files.empty() && mistakes.empty())
        mistakes.push_back({folder, {}, "there is no case file (*.json) here"});
    auto const lists = lists_of(found, mistakes);
    auto added = load_cases_using(lists, found.files);
    mistakes.insert(mistakes.end(), added.mistakes.begin(), added.mistakes.end());
    for (auto& each : lint(added.cases, clause_ids())) mistakes.push_back(std::move(each));
    return std::move(added.cases);
}

registry cases_with(std::string const& folder, std::vector<diagnostic>& mistakes) {
    auto cases = load_built_in();
    for (auto& each : cases_of(folder, mistakes)) {
        auto const same = std::find_if(cases.begin(), cases.end(),
                                       [&](auto const& known) { return known.id == each.id; });
        if (same != cases.end())
            *same = std::move(each);
        else
            cases.push_back(std::move(each));
    }
    return registry(std::move(cases));
}

std::vector<clause_info> const& all_clauses() {
    static std::vector<clause_info> const clauses = load_built_in_catalogue();
    return clauses;
}

std::vector<known_bug> const& all_known_bugs() {
    static std::vector<known_bug> const bugs = [] {
        std::vector<known_bug> result;
        std::vector<diagnostic> mistakes;
        for (auto const& file : embedded_below("known-bugs")) load_known_bugs(file, result, mistakes);
        must_be_flawless(mistakes);
        return result;
    }();
    return bugs;
}

clause_info const* find_clause(std::string_view id) {
    static auto const index = [] {
        std::map<std::string_view, clause_info const*> result;
        for (auto const& each : all_clauses()) result.emplace(each.id, &each);
        return result;
    }();
    auto const found = index.find(id);
    return found == index.end() ? nullptr : found->second;
}

std::string case_set_version(std::vector<test_case> const& cases) {
    // FNV-1a with 64 bits: no secret, only a name for this very set
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (auto const& each : cases)
        for (char const c : dump(each) + "\n") {
            hash ^= static_cast<unsigned char>(c);
            hash *= 0x100000001b3U;
        }
    std::array<char, 17> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(hash));
    return std::string(digits.data(), 12);
}

}  // namespace wsproof
