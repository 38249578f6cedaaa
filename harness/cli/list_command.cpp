#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <map>
#include <memory>

#include "cases/dump.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "reports/escape.hpp"

namespace wsproof {
namespace {

constexpr char const* examples = R"(
Examples:
  wsproof list                      every case: id, level, title
  wsproof list rfc6455/5.4          those of a section
  wsproof list --clause 6455-5.1-3  those that check a clause
  wsproof list --autobahn '7.*'     by Autobahn number
  wsproof list --clauses            every clause: level, who it binds, its cases or why it has none
  wsproof list --dump               one canonical JSON case a line)";

struct list_options {
    selection_options selected;
    bool dump = false, ids = false, clauses = false;
};

std::string describe(test_case const& each) {
    std::string numbers;
    for (auto const& number : each.autobahn) numbers += (numbers.empty() ? "  (Autobahn " : ", ") + number;
    return fmt::format("{:<60} {:<7} {}{}", each.id, name_of(each.level), escape_terminal(each.title),
                       numbers.empty() ? "" : numbers + ")");
}

// A line for each clause: its cases, or the reason why there is none.
int list_clauses(std::vector<test_case> const& cases) {
    std::map<std::string_view, std::vector<std::string_view>> checked_by;
    for (auto const& each : cases)
        for (auto const& clause : each.clauses) checked_by[clause].push_back(each.id);
    std::string text;
    std::size_t checked = 0;
    for (auto const& clause : all_clauses()) {
        text += fmt::format("{:<16} {:<10} {:<12} {:<13} ", clause.id, clause.level, clause.who, clause.observable);
        auto const found = checked_by.find(clause.id);
        if (found == checked_by.end()) {
            text += clause.untested.empty() ? "-\n" : "- " + clause.untested + "\n";
            continue;
        }
        ++checked;
        text += fmt::format("{}\n", fmt::join(found->second, " "));
    }
    if (!write_text("-", text)) return 4;
    say(fmt::format("{} clauses, {} of them have cases", all_clauses().size(), checked));
    return 0;
}

int run_list(list_options& options) {
    std::vector<diagnostic> mistakes;
    auto& wanted = options.selected.wanted;
    wanted.cases.insert(wanted.cases.end(), options.selected.words.begin(), options.selected.words.end());
    auto const all = load_registry(options.selected.folder, mistakes);
    auto const chosen = all.select(wanted, mistakes);
    if (!mistakes.empty()) return usage_error(mistakes);
    if (options.clauses) return list_clauses(chosen);
    std::string text;
    for (auto const& each : chosen) text += (options.dump ? dump(each) : options.ids ? each.id : describe(each)) + "\n";
    if (!write_text("-", text)) return 4;
    if (!options.dump && !options.ids) say(fmt::format("{} cases, case set {}", chosen.size(), case_set_version(chosen)));
    return chosen.empty() ? 4 : 0;
}

}  // namespace

command add_list_command(CLI::App& app) {
    auto* sub = app.add_subcommand("list", "List cases");
    sub->footer(examples);
    auto options = std::make_shared<list_options>();
    add_selection(*sub, options->selected, false);
    sub->add_flag("--dump", options->dump, "One canonical JSON case a line");
    sub->add_flag("--clauses", options->clauses, "Clauses, each with the selected cases that check it");
    sub->add_flag("--ids", options->ids, "Nothing but the ids");
    return [sub, options] { return sub->parsed() ? run_list(*options) : -1; };
}

}  // namespace wsproof
