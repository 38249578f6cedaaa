#include "cases/near_match.hpp"

#include <algorithm>
#include <numeric>

namespace wsproof {

namespace {

constexpr std::size_t longest_word = 200;

/// Levenshtein's distance: insertions, deletions and replacements, each counted as one.
std::size_t distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= left.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            auto const replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string nearest(std::string_view word, std::vector<std::string_view> const& known) {
    if (word.empty() || word.size() > longest_word) return {};
    std::string_view best;
    // further away than this, a suggestion would be a guess
    auto best_distance = std::max<std::size_t>(2, word.size() / 4) + 1;
    for (auto const candidate : known) {
        auto const found = distance(word, candidate);
        if (found >= best_distance || found >= word.size()) continue;
        best_distance = found;
        best = candidate;
    }
    return std::string(best);
}

std::string did_you_mean(std::string_view word, std::vector<std::string_view> const& known) {
    auto const found = nearest(word, known);
    return found.empty() ? std::string() : " (did you mean " + found + "?)";
}

}  // namespace wsproof
