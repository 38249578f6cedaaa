#include "cases/clauses.hpp"
#include "cases/json_reader.hpp"

namespace wsproof {

void load_clauses(source_file const& file, std::vector<clause_info>& into,
                  std::vector<diagnostic>& mistakes) {
    auto const parsed = parse_json(file, mistakes);
    if (!parsed) return;
    for (auto const& each : json_cursor(*parsed, "$", file.name, mistakes).list()) {
        json_object object(each);
        clause_info clause;
        for (auto const& [key, to] :
             {std::pair{"id", &clause.id}, std::pair{"level", &clause.level},
              std::pair{"who", &clause.who}, std::pair{"text", &clause.text}})
            if (auto const found = object.require(key)) *to = found->text();
        for (auto const* const key : {"section", "observable"})
            if (auto const found = object.require(key)) found->text();
        object.finish();
        into.push_back(std::move(clause));
    }
}

}  // namespace wsproof
