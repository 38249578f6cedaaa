#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "cli/built_in.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "reports/escape.hpp"
#include "reports/text.hpp"
#include "reports/text_trace.hpp"

namespace wsproof {
namespace {

constexpr char const* examples = R"(
Examples:
  wsproof replay rfc6455/5.1/unmasked-text ws://localhost:9001
  wsproof replay my-case.json -- ./my-server --port {port}
  wsproof replay rfc6455/5.4/ping-between-fragments --segments octets)";

struct replay_options {
    run_options run;
    selection_options selected;
    std::string what, segments;
    std::uint64_t seed = 0;
};

// The case by its id, or all cases of a file.
std::vector<test_case> cases_for(replay_options const& options, std::vector<diagnostic>& mistakes) {
    if (options.what.ends_with(".json")) return cases_of(options.what, mistakes);
    auto const all = load_registry(options.selected.folder, mistakes);
    selection wanted;
    wanted.cases = {options.what};
    return all.select(wanted, mistakes);
}

void print(case_result const& result) {
    auto const& verdict = result.verdict;
    std::string text = text_trace(result.played, result.happened) + "\n";
    auto const line = [&text](std::string_view name, std::string_view value) {
        if (!value.empty()) text += std::string(name) + escape_terminal(value) + "\n";
    };
    line("case      ", result.played.id);
    line("grade     ", name_of(verdict.grade));
    line("reason    ", verdict.reason);
    line("clause    ", verdict.clause);
    line("expected  ", verdict.expected);
    line("observed  ", verdict.observed);
    line("closing   ", std::string(name_of(verdict.close_grade)) +
                           (verdict.close_reason.empty() ? "" : ": " + verdict.close_reason));
    write_text("-", text + "\n");
}

int run_replay(replay_options& options) {
    std::vector<diagnostic> mistakes;
    options.run.where.url = take_url(options.selected.words);
    options.run.cases = cases_for(options, mistakes);
    if (!options.segments.empty()) {
        options.run.segments = parse_segmentation(options.segments);
        if (!options.run.segments) mistakes.push_back({"--segments", "", "\"" + options.segments + "\" is unknown"});
    }
    for (auto const& word : options.selected.words)
        mistakes.push_back({word, "", "one case or file at a time; this is no URL either"});
    if (!mistakes.empty()) return usage_error(mistakes);
    for (auto const& each : options.run.cases) options.run.all_ids.push_back(each.id);
    options.run.case_set = case_set_version(options.run.cases);
    options.run.all_traces = true;
    options.run.concurrency = 1;
    if (options.seed != 0) options.run.case_seed = options.seed;

    built_in_server server(options.run);
    progress shown(true, false);
    auto const result = run(options.run, shown, mistakes);
    if (!mistakes.empty()) return usage_error(mistakes);
    for (auto const& each : result.results) print(each);
    for (auto const& problem : result.problems) say("wsproof: " + escape_terminal(problem));
    return result.exit_code;
}

}  // namespace

command add_replay_command(CLI::App& app, command_line const& line) {
    auto* sub = app.add_subcommand("replay", "Play one case and show every octet, decoded");
    sub->footer(examples);
    auto options = std::make_shared<replay_options>();
    sub->add_option("what", options->what, "Case id, selection, or case file (.json)")->required();
    sub->add_option("url", options->selected.words, "Target (default: the built-in reference server)")->type_name("[URL]");
    sub->add_option("--seed", options->seed, "The seed that a report gives for the case");
    sub->add_option("--segments", options->segments, "whole, frames, octets, random, a number, cut:N, or cuts");
    sub->add_option("--cases", options->selected.folder, "Folder with more case files")->check(CLI::ExistingDirectory);
    add_target(*sub, options->run.where);
    options->run.command = line.command;
    return [sub, options] { return sub->parsed() ? run_replay(*options) : -1; };
}

}  // namespace wsproof
