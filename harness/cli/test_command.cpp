#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>
#include <algorithm>

#include "cli/built_in.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "reference_expected.hpp"
#include "reports/json.hpp"
#include "reports/junit.hpp"
#include "reports/text.hpp"

namespace wsproof {
namespace {

constexpr char const* examples = R"(
Examples:
  wsproof test                                  the built-in reference server
  wsproof test ws://localhost:9001              everything, against a server that runs
  wsproof test ws://localhost:9001 rfc6455/5.4 --exclude '*/ping-*'
  wsproof test -- ./my-server --port {port}     starts the server, waits for it, stops it
  wsproof test wss://example.org/chat --polite --header 'Cookie: session=1'
  wsproof test URL --junit junit.xml --json report.json --expect expected.json
Exit codes: 0 everything as expected, 1 an unexpected result (an unexpected pass included),
2 wrong usage or a bad file, 3 the target cannot be reached or the harness failed,
4 nothing was run or the report is incomplete.)";

struct test_options {
    run_options run;
    selection_options selected;
    std::string segments, expect, write_expected, json, junit, text;
    bool quiet = false, verbose = false, all_traces = false;
    std::string trace = "failed";
    std::vector<std::string> words;
};

void add_run(CLI::App& app, test_options& into) {
    auto const group = "Run";
    app.add_option("--seed", into.run.seed, "Seed of masking keys, nonces and cuts; printed in every run")->group(group);
    app.add_option("--repeat", into.run.repeat, "Play everything so often; a verdict that changes is an error")
        ->group(group)
        ->check(CLI::Range(1, 1000));
    app.add_option("--concurrency", into.run.concurrency, "Connections at the same time (default 16)")
        ->group(group)
        ->check(CLI::Range(1, 512));
    app.add_option("--segments", into.segments, "How octets are cut into writes: whole, frames, octets, random, a number, or cuts:\n"
                   "every case once for each place where its octets can be cut in two")
        ->group(group);
    app.add_option("--pid", into.run.pid, "Process of a server that runs here: its memory and processor time are judged")
        ->group(group)
        ->check(CLI::PositiveNumber);
    app.add_flag("--strict", into.run.strict, "What is below a recommendation (SHOULD) counts too")->group(group);
    app.add_flag("--polite", into.run.polite,
                 "For servers of others: one connection at a time, five a second, nothing large or harmful")
        ->group(group);
    app.add_option_function<double>(
           "--start-timeout",
           [&into](double seconds) { into.run.start_limit = std::chrono::milliseconds(static_cast<long>(seconds * 1000)); },
           "Seconds until the command behind -- listens (default 30)")
        ->group(group)
        ->check(CLI::Range(0.1, 3600.0));
}

void add_reports(CLI::App& app, test_options& into) {
    auto const group = "Results";
    app.add_option("--expect", into.expect, "File with expected results; anything else than expected is red")
        ->group(group)
        ->check(CLI::ExistingFile);
    app.add_option("--write-expected", into.write_expected, "Write a file with the present failures as expected")->group(group);
    app.add_option("--json", into.json, "Write the full report as JSON; - is standard output")->group(group);
    app.add_option("--junit", into.junit, "Write a JUnit report")->group(group);
    app.add_option("--text", into.text, "Write the summary to a file too")->group(group);
    app.add_option("--trace", into.trace, "Whose traces the report holds: failed or all")
        ->group(group)
        ->check(CLI::IsMember({"failed", "all"}));
    app.add_option("--name", into.run.name, "Name of the target in reports")->group(group);
    app.add_flag("-q,--quiet", into.quiet, "No progress and no summary")->group(group);
    app.add_flag("-v,--verbose", into.verbose, "A line for every case, every failure in full")->group(group);
}

// Standard output is one stream.
void check_outputs(test_options const& options, std::vector<diagnostic>& mistakes) {
    auto const outputs = {options.json, options.junit, options.text, options.write_expected};
    if (std::ranges::count(outputs, "-") > 1)
        mistakes.push_back({"options", "", "only one report can go to standard output (-)"});
}

// Turns words into cases and files into values; all mistakes at once.
std::vector<diagnostic> prepare(test_options& options) {
    std::vector<diagnostic> mistakes;
    options.run.where.url = take_url(options.selected.words);
    auto& wanted = options.selected.wanted;
    wanted.cases.insert(wanted.cases.end(), options.selected.words.begin(), options.selected.words.end());
    auto const all = load_registry(options.selected.folder, mistakes);
    options.run.all_ids = all.ids();
    options.run.case_set = case_set_version(all.all());
    options.run.cases = all.select(wanted, mistakes);
    std::erase_if(options.run.cases, [](test_case const& each) {
        return std::ranges::find(each.roles, role::server) == each.roles.end();
    });
    options.run.all_traces = options.trace == "all";
    if (!options.segments.empty()) {
        options.run.segments = parse_segmentation(options.segments);
        if (!options.run.segments)
            mistakes.push_back({"--segments", "", "\"" + options.segments + "\" is none of whole, frames, octets, random, cuts, or a number"});
    }
    if (source_file file{options.expect, {}}; !options.expect.empty()) {
        if (read_text(options.expect, file.text))
            options.run.expected = read_expectations(file, mistakes);
        else
            mistakes.push_back({options.expect, "", "cannot be read"});
    }
    check_outputs(options, mistakes);
    return mistakes;
}

bool write_reports(test_options const& options, run_result const& result) {
    bool good = true;
    if (!options.json.empty()) good &= write_text(options.json, to_json(result));
    if (!options.junit.empty()) good &= write_text(options.junit, to_junit(result));
    if (!options.text.empty()) good &= write_text(options.text, text_summary(result));
    if (!options.write_expected.empty()) good &= write_text(options.write_expected, write_expectations(result));
    return good;
}

bool print_summary(test_options const& options, run_result const& result) {
    if (options.quiet) {
        if (result.exit_code > 1)  // nothing, or not everything, was tested: that is never kept quiet
            for (auto const& problem : result.problems) say("wsproof: " + problem);
        return true;
    }
    bool const taken = options.json == "-" || options.junit == "-" || options.text == "-" || options.write_expected == "-";
    int const where = taken ? STDERR_FILENO : STDOUT_FILENO;
    text_options const look{wants_color(where), options.verbose, terminal_width(where)};
    auto const text = text_summary(result, look);
    if (!taken) return write_text("-", text);
    say(text);
    return true;
}

int run_test(test_options& options) {
    auto mistakes = prepare(options);
    if (!mistakes.empty()) return usage_error(mistakes);
    if (options.run.cases.empty()) {
        say("wsproof: the selection leaves no case to play");
        return 4;
    }
    built_in_server const server(options.run);
    if (options.run.built_in && options.expect.empty())
        options.run.expected = read_expectations({"reference-server/expected.json", std::string(reference_expected)}, mistakes);
    run_result result;
    {
        progress shown(options.quiet, options.verbose);
        result = run(options.run, shown, mistakes);
    }
    if (!mistakes.empty()) return usage_error(mistakes);
    bool written = write_reports(options, result);
    written &= print_summary(options, result);
    return written ? result.exit_code : 4;
}

}  // namespace

command add_test_command(CLI::App& app, command_line const& line) {
    auto* sub = app.add_subcommand("test", "Play the cases against a server");
    sub->footer(examples);
    auto options = std::make_shared<test_options>();
    add_selection(*sub, options->selected);
    add_target(*sub, options->run.where);
    add_run(*sub, *options);
    add_reports(*sub, *options);
    options->run.command = line.command;
    options->run.arguments = without_secrets(line.all);
    return [sub, options] { return sub->parsed() ? run_test(*options) : -1; };
}

}  // namespace wsproof
