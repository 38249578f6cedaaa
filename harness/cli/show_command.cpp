#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <memory>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "reports/escape.hpp"
#include "reports/text_case.hpp"

namespace wsproof {
namespace {

constexpr char const* examples = R"(
Examples:
  wsproof show rfc6455/5.4/ping-between-fragments   one case: clause, octets, rules of the verdict
  wsproof show 6455-5.1-3                           one clause, and the cases that check it)";

struct show_options {
    std::string what, folder;
};

int show_clause(clause_info const& clause, registry const& all) {
    std::string text = clause.id + " (" + clause.level + ", binds " + clause.who + ")\n" + clause.text + "\n\n";
    bool checked = false;
    for (auto const& each : all.all()) {
        if (std::ranges::find(each.clauses, clause.id) == each.clauses.end()) continue;
        checked = true;
        text += "  " + each.id + "  " + escape_terminal(each.title) + "\n";
    }
    if (!checked) text += "No case checks it" + (clause.untested.empty() ? "" : ": " + clause.untested) + ".\n";
    return write_text("-", text) ? 0 : 4;
}

int run_show(show_options const& options) {
    std::vector<diagnostic> mistakes;
    auto const all = load_registry(options.folder, mistakes);
    if (!mistakes.empty()) return usage_error(mistakes);
    if (auto const* clause = find_clause(options.what)) return show_clause(*clause, all);
    selection wanted;
    wanted.cases = {options.what};
    auto const chosen = all.select(wanted, mistakes);
    if (!mistakes.empty()) return usage_error(mistakes);
    std::string text;
    for (auto const& each : chosen) text += (text.empty() ? "" : "\n") + text_case(each);
    return write_text("-", text) ? 0 : 4;
}

}  // namespace

command add_show_command(CLI::App& app) {
    auto* sub = app.add_subcommand("show", "Explain a case or a clause");
    sub->footer(examples);
    auto options = std::make_shared<show_options>();
    sub->add_option("what", options->what, "Case id, selection, or clause")->required();
    sub->add_option("--cases", options->folder, "Folder with more case files")->check(CLI::ExistingDirectory);
    return [sub, options] { return sub->parsed() ? run_show(*options) : -1; };
}

}  // namespace wsproof
