#include "cases/registry.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "cases/near_match.hpp"

namespace wsproof {

namespace {

using predicate = std::function<bool(test_case const&)>;

bool is_glob(std::string_view pattern) noexcept {
    return pattern.find_first_of("*?") != std::string_view::npos;
}

bool any_matches(std::vector<std::string> const& words, std::string_view pattern) {
    return std::any_of(words.begin(), words.end(),
                       [&](std::string const& word) { return glob_match(pattern, word); });
}

/// "6.4" stands for all of 6.4.x, as a prefix of ids does.
bool autobahn_matches(std::string_view pattern, std::string_view number) {
    if (is_glob(pattern)) return glob_match(pattern, number);
    return number == pattern ||
           (number.starts_with(pattern) && number.substr(pattern.size()).starts_with("."));
}

predicate wants_case(std::string pattern) {
    return [pattern = std::move(pattern)](test_case const& each) {
        return id_matches(pattern, each.id);
    };
}
predicate wants_clause(std::string pattern) {
    return [pattern = std::move(pattern)](test_case const& each) {
        return any_matches(each.clauses, pattern);
    };
}
predicate wants_tag(std::string pattern) {
    return [pattern = std::move(pattern)](test_case const& each) {
        return any_matches(each.tags, pattern);
    };
}
predicate wants_level(std::string pattern) {
    return [pattern = std::move(pattern)](test_case const& each) {
        return name_of(each.level) == pattern;
    };
}
predicate wants_autobahn(std::string pattern) {
    return [pattern = std::move(pattern)](test_case const& each) {
        return std::any_of(each.autobahn.begin(), each.autobahn.end(),
                           [&](auto const& number) { return autobahn_matches(pattern, number); });
    };
}

/// One kind of selector: how it is named on the command line, what it asks, what it may ask for.
struct selector_kind {
    std::string_view option;
    std::string_view prefix;  // in exclusions
    std::string_view nothing;
    predicate (*make)(std::string);
    std::set<std::string, std::less<>> (*words)(std::vector<test_case> const&);
};

using word_set = std::set<std::string, std::less<>>;

/// Ids and their prefixes.
word_set id_words(std::vector<test_case> const& cases) {
    word_set result;
    for (auto const& each : cases) {
        result.insert(each.id);
        for (auto at = each.id.find('/'); at != std::string::npos; at = each.id.find('/', at + 1))
            result.insert(each.id.substr(0, at));
    }
    return result;
}
word_set clause_words(std::vector<test_case> const& cases) {
    word_set result;
    for (auto const& each : cases) result.insert(each.clauses.begin(), each.clauses.end());
    return result;
}
word_set tag_words(std::vector<test_case> const& cases) {
    word_set result;
    for (auto const& each : cases) result.insert(each.tags.begin(), each.tags.end());
    return result;
}
word_set level_words(std::vector<test_case> const&) { return {"must", "should", "may"}; }
word_set autobahn_words(std::vector<test_case> const& cases) {
    word_set result;
    for (auto const& each : cases) result.insert(each.autobahn.begin(), each.autobahn.end());
    return result;
}

constexpr selector_kind by_case{"--case", "", "no case has this id, prefix or glob", wants_case,
                                id_words};
constexpr selector_kind by_clause{"--clause", "clause:", "no case checks such a clause",
                                  wants_clause, clause_words};
constexpr selector_kind by_tag{"--tag", "tag:", "no case has this tag", wants_tag, tag_words};
constexpr selector_kind by_level{"--level", "level:", "no case has this level", wants_level,
                                 level_words};
constexpr selector_kind by_autobahn{"--autobahn",
                                    "autobahn:", "no case stands for this Autobahn case",
                                    wants_autobahn, autobahn_words};

/// The known word that was meant: one that ends in /word, a whole chapter, else the nearest.
std::string suggestion(selector_kind const& kind, std::string_view word,
                       std::vector<test_case> const& cases) {
    auto const words = kind.words(cases);
    auto const tail = std::string("/").append(word);
    for (auto const& each : words)
        if (each.ends_with(tail)) return " (did you mean " + each + "?)";
    // a whole chapter is no prefix: prefixes end at a '/'
    auto const chapter = std::string(word) + ".";
    for (auto const& each : words)
        if (each.starts_with(chapter)) return " (did you mean " + chapter + "*?)";
    return did_you_mean(word, {words.begin(), words.end()});
}

/// What a list of selectors asks for; those that match nothing are noted.
std::vector<predicate> predicates(std::string_view option, selector_kind const& kind,
                                  std::vector<std::string> const& patterns,
                                  std::vector<test_case> const& cases,
                                  std::vector<diagnostic>& mistakes) {
    std::vector<predicate> result;
    for (auto const& pattern : patterns) {
        auto wanted = kind.make(pattern);
        if (std::none_of(cases.begin(), cases.end(), wanted))
            mistakes.push_back({std::string(option), pattern,
                                std::string(kind.nothing) + suggestion(kind, pattern, cases)});
        result.push_back(std::move(wanted));
    }
    return result;
}

bool matches_any(std::vector<predicate> const& wanted, test_case const& each) {
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](predicate const& one) { return one(each); });
}

std::vector<predicate> exclusions(std::vector<std::string> const& patterns,
                                  std::vector<test_case> const& cases,
                                  std::vector<diagnostic>& mistakes) {
    std::vector<predicate> result;
    for (auto const& pattern : patterns) {
        auto const* kind = &by_case;
        for (auto const* const each : {&by_clause, &by_tag, &by_level, &by_autobahn})
            if (pattern.starts_with(each->prefix)) kind = each;
        auto found =
            predicates("--exclude", *kind, {pattern.substr(kind->prefix.size())}, cases, mistakes);
        result.push_back(std::move(found.front()));
    }
    return result;
}

}  // namespace

registry::registry(std::vector<test_case> cases) : cases_(std::move(cases)) {}

std::vector<std::string> registry::ids() const {
    std::vector<std::string> result;
    for (auto const& each : cases_) result.push_back(each.id);
    return result;
}

test_case const* registry::find(std::string_view id) const& noexcept {
    auto const found = std::find_if(cases_.begin(), cases_.end(),
                                    [&](test_case const& each) { return each.id == id; });
    return found == cases_.end() ? nullptr : &*found;
}

std::vector<test_case> registry::select(selection const& wanted,
                                        std::vector<diagnostic>& mistakes) const {
    std::vector<std::vector<predicate>> all;
    auto const add = [&](selector_kind const& kind, std::vector<std::string> const& patterns) {
        if (!patterns.empty())
            all.push_back(predicates(kind.option, kind, patterns, cases_, mistakes));
    };
    add(by_case, wanted.cases);
    add(by_clause, wanted.clauses);
    add(by_tag, wanted.tags);
    add(by_level, wanted.levels);
    add(by_autobahn, wanted.autobahn);
    auto const excluded = exclusions(wanted.exclude, cases_, mistakes);

    std::vector<test_case> result;
    for (auto const& each : cases_) {
        auto const asked_for = std::all_of(
            all.begin(), all.end(), [&](auto const& list) { return matches_any(list, each); });
        if (asked_for && !matches_any(excluded, each)) result.push_back(each);
    }
    return result;
}

bool glob_match(std::string_view pattern, std::string_view text) noexcept {
    std::size_t p = 0;
    std::size_t t = 0;
    auto star = std::string_view::npos;  // the last * seen, and the text that it takes so far
    std::size_t taken = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            taken = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++taken;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*') ++p;
    return p == pattern.size();
}

bool id_matches(std::string_view pattern, std::string_view id) noexcept {
    if (is_glob(pattern)) return glob_match(pattern, id);
    if (pattern.ends_with('/')) pattern.remove_suffix(1);
    if (pattern.empty() || !id.starts_with(pattern)) return false;
    return id.size() == pattern.size() || id[pattern.size()] == '/';
}

}  // namespace wsproof
