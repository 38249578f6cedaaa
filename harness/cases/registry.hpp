// All cases of a run: the built-in corpus, the families, what --cases adds; and how they are
// selected.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/case.hpp"
#include "cases/loader.hpp"

namespace wsproof {

/// What a selection asks for. Empty lists ask for nothing in particular.
struct selection {
    std::vector<std::string> cases;    ///< id prefix ("rfc6455/5.4"), whole id or glob ("*/ping-*")
    std::vector<std::string> clauses;  ///< "6455-5.1-3"; globs allowed
    std::vector<std::string> tags;
    std::vector<std::string> levels;    ///< must, should, may
    std::vector<std::string> autobahn;  ///< "6.4.1", "12.*"
    std::vector<std::string>
        exclude;  ///< as `cases`; also "tag:x", "clause:x", "autobahn:x", "level:x"
};

class registry {
public:
    registry() = default;
    explicit registry(std::vector<test_case> cases);

    std::vector<test_case> const& all() const& noexcept { return cases_; }
    std::vector<test_case> all() && noexcept { return std::move(cases_); }
    test_case const* find(std::string_view id) const& noexcept;
    std::vector<std::string> ids() const;

    /// The cases that match, in the registry's order: within one list any, across lists all must
    /// match. Each selector that matches nothing is a mistake, so that a misspelling is never
    /// green.
    std::vector<test_case> select(selection const& wanted, std::vector<diagnostic>& mistakes) const;

private:
    std::vector<test_case> cases_;
};

/// `*` is any run of characters, `?` one; everything else literal.
bool glob_match(std::string_view pattern, std::string_view text) noexcept;
/// A whole id, a prefix that ends at a '/', or a glob.
bool id_matches(std::string_view pattern, std::string_view id) noexcept;

/// The corpus that is built into the program, families included. Mistakes are our own bugs.
registry built_in_cases();
/// The cases of a user's folder or file alone; the built-in outcome lists may be named in it.
std::vector<test_case> cases_of(std::string const& folder, std::vector<diagnostic>& mistakes);
/// Built-in cases with the files of a folder (or one file) added; a case with the same id replaces.
/// The folder's own outcomes.json, if there is one, adds to the built-in lists and replaces them.
registry cases_with(std::string const& folder, std::vector<diagnostic>& mistakes);

/// A clause of the catalogue in corpus/requirements.
struct clause_info {
    std::string id, level, who, observable, text;
    std::string untested;  ///< why it has no case, where it has none

    /// Must a case or a reason stand for it: MUST or MUST NOT, and seen on the wire?
    bool is_demanding() const noexcept;
};
clause_info const* find_clause(std::string_view id);

/// A published bug of an implementation, from corpus/known-bugs.json.
struct known_bug {
    std::string id, library;         ///< CVE, or the issue where it was reported
    std::vector<std::string> cases;  ///< ids of those that send what triggered it
    std::string why_not;             ///< where none can
};
std::vector<known_bug> const& all_known_bugs();
std::vector<clause_info> const& all_clauses();
/// A short number that changes whenever a case changes: "set 3f2a…" in reports.
std::string case_set_version(std::vector<test_case> const& cases);

}  // namespace wsproof
