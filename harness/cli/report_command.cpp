#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "reports/json.hpp"
#include "reports/junit.hpp"
#include "reports/text.hpp"

namespace wsproof {
namespace {

constexpr char const* examples = R"(
Examples:
  wsproof report report.json                      the summary again
  wsproof report report.json --junit junit.xml    in another format
  wsproof report - --text summary.txt < report.json)";

struct report_options {
    std::string in, json, junit, text;
    bool verbose = false;
};

int run_report(report_options const& options) {
    if ((options.json == "-") + (options.junit == "-") + (options.text == "-") > 1)
        return usage_error({{"report", "", "only one report can go to standard output"}});
    std::string text;
    if (!read_text(options.in, text)) return 2;
    std::vector<diagnostic> mistakes;
    auto const result = from_json(text, mistakes);
    for (auto& mistake : mistakes) mistake.file = options.in;
    if (!mistakes.empty()) return usage_error(mistakes);
    bool good = true;
    if (!options.json.empty()) good &= write_text(options.json, to_json(result));
    if (!options.junit.empty()) good &= write_text(options.junit, to_junit(result));
    if (!options.text.empty()) good &= write_text(options.text, text_summary(result));
    if (options.json.empty() && options.junit.empty() && options.text.empty())
        good &= write_text("-", text_summary(result, {wants_color(STDOUT_FILENO), options.verbose,
                                                      terminal_width(STDOUT_FILENO)}));
    return good ? 0 : 4;
}

}  // namespace

command add_report_command(CLI::App& app) {
    auto* sub = app.add_subcommand("report", "Convert a JSON report");
    sub->footer(examples);
    auto options = std::make_shared<report_options>();
    sub->add_option("report", options->in, "JSON report of wsproof test; - is standard input")->required();
    sub->add_option("--json", options->json, "Write JSON");
    sub->add_option("--junit", options->junit, "Write JUnit");
    sub->add_option("--text", options->text, "Write the summary");
    sub->add_flag("-v,--verbose", options->verbose, "Every failure in full");
    return [sub, options] { return sub->parsed() ? run_report(*options) : -1; };
}

}  // namespace wsproof
