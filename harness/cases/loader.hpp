// Case files to cases: every mistake of every file is reported at once, with file and JSON path.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cases/case.hpp"

namespace wsproof {

/// One mistake in a file that a user wrote: where it is and what to do.
struct diagnostic {
    std::string file;
    std::string path;  ///< JSON path, e.g. $.cases[3].steps[0].rsv; or line:column for broken JSON
    std::string text;
};
/// "file: path: text"
std::string describe(diagnostic const& mistake);

struct source_file {
    std::string name;  ///< as shown in diagnostics, e.g. rfc6455/5.4-fragmentation.json
    std::string text;
};

using outcome_lists = std::map<std::string, std::vector<outcome>, std::less<>>;

struct loaded_cases {
    std::vector<test_case> cases;  ///< of all files, in order; the faulty ones are left out
    std::vector<diagnostic> mistakes;
};

/// `lists` is the text of outcomes.json, `files` all other case files. Duplicate keys, unknown keys
/// and wrong types are mistakes.
loaded_cases load_cases(source_file const& lists, std::vector<source_file> const& files);

/// The same with lists that are read already.
loaded_cases load_cases_using(outcome_lists const& lists, std::vector<source_file> const& files);

/// Reads outcome lists alone (for families).
outcome_lists load_outcome_lists(source_file const& lists, std::vector<diagnostic>& mistakes);

}  // namespace wsproof
