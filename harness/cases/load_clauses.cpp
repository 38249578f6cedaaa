#include "cases/clauses.hpp"

#include <algorithm>

#include "cases/json_reader.hpp"

namespace wsproof {

namespace {

void load_clauses(source_file const& file, std::vector<clause_info>& into,
                  std::vector<diagnostic>& mistakes) {
    auto const parsed = parse_json(file, mistakes);
    if (!parsed) return;
    for (auto const& each : json_cursor(*parsed, "$", file.name, mistakes).list()) {
        json_object object(each);
        clause_info clause;
        for (auto const& [key, to] :
             {std::pair{"id", &clause.id}, std::pair{"level", &clause.level},
              std::pair{"who", &clause.who}, std::pair{"observable", &clause.observable},
              std::pair{"text", &clause.text}})
            if (auto const found = object.require(key)) *to = found->text();
        if (auto const found = object.require("section")) found->text();
        object.finish();
        into.push_back(std::move(clause));
    }
}

void load_reasons(source_file const& file, std::vector<clause_info>& clauses,
                  std::vector<diagnostic>& mistakes) {
    auto const parsed = parse_json(file, mistakes);
    if (!parsed) return;
    for (auto const& [id, reason] : json_cursor(*parsed, "$", file.name, mistakes).members()) {
        auto const found = std::ranges::find(clauses, id, &clause_info::id);
        if (found == clauses.end())
            reason.mistake("there is no such clause");
        else
            found->untested = reason.text();
    }
}

}  // namespace

std::vector<clause_info> load_catalogue(std::vector<source_file> const& files,
                                        std::vector<diagnostic>& mistakes) {
    std::vector<clause_info> result;
    auto const are_reasons = [](source_file const& file) { return file.name == "untestable.json"; };
    for (auto const& file : files)
        if (!are_reasons(file)) load_clauses(file, result, mistakes);
    for (auto const& file : files)
        if (are_reasons(file)) load_reasons(file, result, mistakes);
    return result;
}

void load_known_bugs(source_file const& file, std::vector<known_bug>& into, std::vector<diagnostic>& mistakes) {
    auto const parsed = parse_json(file, mistakes);
    if (!parsed) return;
    for (auto const& each : json_cursor(*parsed, "$", file.name, mistakes).list()) {
        json_object object(each);
        known_bug bug;
        if (auto const found = object.require("id")) bug.id = found->text();
        if (auto const found = object.require("library")) bug.library = found->text();
        if (auto const found = object.take("cases")) bug.cases = found->texts();
        if (auto const found = object.take("why_not")) bug.why_not = found->text();
        object.finish();
        into.push_back(std::move(bug));
    }
}

bool clause_info::is_demanding() const noexcept {
    return level.starts_with("MUST") && observable.starts_with("wire");
}

}  // namespace wsproof
