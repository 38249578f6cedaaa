#include "cases/loader.hpp"

#include <array>

#include "cases/load_parts.hpp"

namespace wsproof {

namespace {

/// What a file says for all of its cases; a case's own keys replace it.
struct case_defaults {
    std::optional<level> weight;
    std::vector<role> roles;
    std::vector<std::string> needs, tags;
};

level load_level(json_cursor const& at) {
    constexpr std::array levels{level::must, level::should, level::may};
    return levels[at.word({"must", "should", "may"})];
}

std::vector<role> load_roles(json_cursor const& at) {
    std::vector<role> result;
    for (auto const& each : at.list())
        result.push_back(each.word({"server", "client"}) == 0 ? role::server : role::client);
    return result;
}

case_defaults load_defaults(json_cursor const& at) {
    case_defaults result;
    json_object object(at);
    if (auto const found = object.take("level")) result.weight = load_level(*found);
    if (auto const found = object.take("roles")) result.roles = load_roles(*found);
    if (auto const found = object.take("needs")) result.needs = found->texts();
    if (auto const found = object.take("tags")) result.tags = found->texts();
    object.finish();
    return result;
}

segmentation load_segmentation(json_cursor const& at) {
    using kind = segmentation::kind;
    if (at.is_string()) {
        constexpr std::array<segmentation, 4> named{
            {{kind::whole, 0}, {kind::frames, 0}, {kind::every, 1}, {kind::random, 0}}};
        return named[at.word({"whole", "frames", "octets", "random"})];
    }
    json_object object(at);
    segmentation result{kind::every, 1};
    if (auto const size = object.require("every"))
        result.size = static_cast<std::uint32_t>(size->number(largest_payload));
    object.finish();
    return result;
}

void load_weight(json_object& object, case_defaults const& defaults, test_case& into) {
    into.roles = defaults.roles;
    into.needs = defaults.needs;
    into.tags = defaults.tags;
    if (auto const found = object.take("level"))
        into.level = load_level(*found);
    else if (defaults.weight)
        into.level = *defaults.weight;
    else
        object.require("level");
    if (auto const found = object.take("roles"))
        into.roles = load_roles(*found);
    else if (defaults.roles.empty())
        object.require("roles");
    if (auto const found = object.take("needs")) into.needs = found->texts();
    if (auto const found = object.take("tags")) into.tags = found->texts();
}

void load_outcomes_of(json_object& object, outcome_lists const* lists, test_case& into) {
    auto const found = object.require("outcomes");
    if (found) {
        into.outcomes = load_outcomes(*found, lists);
        if (found->is_string()) into.outcome_list = found->text();
    }
    // dumps write out the outcomes, and beside them the name of the list they came from
    if (auto const name = object.take("outcome_list")) into.outcome_list = name->text();
}

test_case load_case(json_cursor const& at, case_defaults const& defaults,
                    outcome_lists const* lists) {
    test_case result;
    json_object object(at);
    if (auto const found = object.require("id")) result.id = found->text();
    if (auto const found = object.require("title")) result.title = found->text();
    if (auto const found = object.require("clauses")) result.clauses = found->texts();
    load_weight(object, defaults, result);
    if (auto const found = object.take("autobahn")) result.autobahn = found->texts();
    if (auto const found = object.take("note")) result.note = found->text();
    if (auto const found = object.take("offer")) result.offer = found->text();
    if (auto const found = object.take("answer")) result.answer = found->text();
    if (auto const found = object.take("segmentation"))
        result.segmentation = load_segmentation(*found);
    if (auto const found = object.take("ending"))
        result.ending = found->word({"close", "drop"}) == 0 ? ending::close : ending::drop;
    if (auto const found = object.require("steps"))
        for (auto const& each : found->list()) result.steps.push_back(load_step(each));
    load_outcomes_of(object, lists, result);
    object.finish();
    return result;
}

/// rfc6455/5.4-fragmentation.json: "rfc6455/5.4". Empty for a file that stands in no folder.
std::string place_of(std::string_view file) {
    auto const slash = file.rfind('/');
    if (slash == std::string_view::npos) return {};
    auto const above = file.rfind('/', slash - 1);
    auto const folder = file.substr(above == std::string_view::npos || slash == 0 ? 0 : above + 1);
    return std::string(folder.substr(0, folder.find_first_of("-", folder.find('/'))));
}

/// Id and file name are one name, so that a case is found where its id says.
void check_place(std::string_view file, json_cursor const& at, test_case const& loaded) {
    auto place = place_of(file);
    if (place.ends_with(".json")) place.resize(place.size() - 5);
    if (place.empty() || loaded.id.empty() || loaded.id.starts_with(place + "/") ||
        loaded.id.starts_with(place + "."))
        return;
    auto const id = json_object(at).take("id");
    if (id) id->mistake("the ids of this file start with " + place + "/");
}

/// The cases of one file; the faulty ones are left out.
void load_file(source_file const& file, outcome_lists const* lists, loaded_cases& into) {
    auto const parsed = parse_json(file, into.mistakes);
    if (!parsed) return;
    json_cursor const root(*parsed, "$", file.name, into.mistakes);
    json_object object(root);
    if (auto const section = object.require("section")) section->text();
    case_defaults defaults;
    if (auto const found = object.take("defaults")) defaults = load_defaults(*found);
    if (auto const cases = object.require("cases"))
        for (auto const& each : cases->list()) {
            auto const before = into.mistakes.size();
            auto loaded = load_case(each, defaults, lists);
            check_place(file.name, each, loaded);
            if (into.mistakes.size() == before) into.cases.push_back(std::move(loaded));
        }
    object.finish();
}

}  // namespace

std::string describe(diagnostic const& mistake) {
    std::string result;
    for (auto const* const part : {&mistake.file, &mistake.path})
        if (!part->empty()) result += *part + ": ";
    return result + mistake.text;
}

outcome_lists load_outcome_lists(source_file const& lists, std::vector<diagnostic>& mistakes) {
    auto const parsed = parse_json(lists, mistakes);
    if (!parsed) return {};
    return load_lists(json_cursor(*parsed, "$", lists.name, mistakes));
}

loaded_cases load_cases_using(outcome_lists const& lists, std::vector<source_file> const& files) {
    loaded_cases result;
    for (auto const& file : files) load_file(file, &lists, result);
    return result;
}

loaded_cases load_cases(source_file const& lists, std::vector<source_file> const& files) {
    loaded_cases result;
    std::optional<outcome_lists> known;
    if (auto const parsed = parse_json(lists, result.mistakes))
        known = load_lists(json_cursor(*parsed, "$", lists.name, result.mistakes));
    for (auto const& file : files) load_file(file, known ? &*known : nullptr, result);
    return result;
}

}  // namespace wsproof
