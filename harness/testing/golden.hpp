// Golden files: the text a test expects stands in a file, and a change of it is seen in review.
//
// EXPECT_TRUE(matches_golden("corpus/cases/expanded.golden.jsonl", text)) compares; with
// WSPROOF_APPROVE=1 in the environment the file is rewritten instead (ci/approve does that for
// every test with Golden in its name).
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace wsproof {

namespace golden_detail {

inline std::string line_at(std::string_view text, std::size_t offset) {
    auto const before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
    auto const begin = before == std::string_view::npos ? 0 : before + 1;
    auto const end = std::min(text.find('\n', begin), text.size());
    // long lines are shown from shortly before the difference
    auto const from = offset - begin > 80 ? offset - 60 : begin;
    auto const shown = std::string(text.substr(from, std::min<std::size_t>(end - from, 160)));
    return (from > begin ? "…" : "") + shown + (from + 160 < end ? "…" : "");
}

inline std::string first_difference(std::string_view expected, std::string_view actual) {
    auto const common = std::min(expected.size(), actual.size());
    auto const at = static_cast<std::size_t>(
        std::mismatch(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(common),
                      actual.begin())
            .first -
        expected.begin());
    auto const line =
        std::count(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    std::ostringstream out;
    out << "line " << line + 1
        << ":\n  golden: " << (at < expected.size() ? line_at(expected, at) : "(the end)")
        << "\n  now:    " << (at < actual.size() ? line_at(actual, at) : "(the end)");
    return out.str();
}

inline bool approving() {
    char const* const value = std::getenv("WSPROOF_APPROVE");
    return value != nullptr && std::string_view(value) == "1";
}

}  // namespace golden_detail

/// Compares `text` with a file, named relative to the root of the repository.
inline ::testing::AssertionResult matches_golden(std::string const& file, std::string const& text) {
    auto const path = std::filesystem::path(WSPROOF_SOURCE_DIR) / file;
    if (golden_detail::approving()) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream out(path, std::ios::binary | std::ios::trunc);
        out << text;
        return out.flush() ? ::testing::AssertionSuccess()
                           : ::testing::AssertionFailure() << file << " cannot be written";
    }
    std::ifstream in(path, std::ios::binary);
    if (!in) return ::testing::AssertionFailure() << file << " is missing; ci/approve writes it";
    std::ostringstream expected;
    expected << in.rdbuf();
    if (expected.str() == text) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure()
           << file << " differs in " << golden_detail::first_difference(expected.str(), text)
           << "\nIf this is intended, run ci/approve and review the difference.";
}

}  // namespace wsproof
