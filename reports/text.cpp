#include "reports/text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/escape.hpp"
#include "reports/summary.hpp"
#include "reports/text_layout.hpp"
#include "reports/time_text.hpp"

namespace wsproof {
namespace {

constexpr std::size_t shown_ids = 5;  // of a group with one cause
constexpr std::array<grade, 6> columns{grade::pass,        grade::non_strict, grade::info,
                                       grade::unsupported, grade::fail,       grade::error};

std::string heading(run_result const& run, std::size_t width) {
    auto const& target = run.target;
    auto out =
        fmt::format("wsproof {}, case set {}, seed {}{}\n", escape_terminal(run.tool_version),
                    escape_terminal(run.case_set), run.seed, run.strict ? ", strict" : "");
    auto where = target.agent;
    if (!target.url.empty() && target.url != target.agent) where += " at " + target.url;
    if (target.built_in) where += " (built in)";
    out += labelled("target", where, width);
    if (!target.command.empty()) out += labelled("command", target.command, width);
    if (!target.probe.problem.empty()) out += labelled("probe", target.probe.problem, width);
    return out;
}

std::string table_row(std::string_view name, std::size_t name_width, tally const& of, bool color) {
    auto out = fmt::format("{:<{}}  {:>5}", name, name_width, of.total());
    for (auto const each : columns) {
        auto const size = std::max<std::size_t>(name_of(each).size(), 5);
        auto const number = of.of(each);
        auto const cell =
            number == 0 ? fmt::format("{:>{}}", '.', size) : fmt::format("{:>{}}", number, size);
        out += "  " + (number == 0 ? cell : painted(cell, each, color));
    }
    return out + "\n";
}

std::string table(run_summary const& all, bool color) {
    constexpr std::string_view first = "section";
    auto name_width = first.size();
    for (auto const& each : all.sections)
        name_width = std::max(name_width, characters(escape_terminal(each.section)));

    auto head = fmt::format("{:<{}}  cases", first, name_width);
    for (auto const each : columns) {
        auto name = std::string(name_of(each));
        std::ranges::replace(name, '_', '-');
        head += fmt::format("  {:>5}", name);
    }
    auto out = bold(head, color) + "\n";
    for (auto const& each : all.sections)
        out += table_row(escape_terminal(each.section), name_width, each.overall, color);
    if (all.sections.size() > 1) out += table_row("all", name_width, all.overall, color);
    return out;
}

std::string grades_in_words(std::vector<grade> const& grades) {
    std::string out;
    for (auto const each : grades) out += (out.empty() ? "" : ", ") + std::string(name_of(each));
    return out;
}

/// What is needed to understand one result and to repeat it.
std::string details(case_result const& result, std::size_t width) {
    auto const& verdict = result.verdict;
    auto const cause = cause_of(result);
    std::string out;
    auto const line = [&](std::string_view label, std::string const& text) {
        if (!text.empty()) out += labelled(label, text, width);
    };
    line("title", result.played.title);
    line("cause", cause);
    line("listed", result.expectation);
    line("sent", sent_in_words(result));
    // the commonest cause quotes both already
    auto const quoted = [&cause](std::string_view word, std::string const& text) {
        return cause.find(fmt::format("{} {}", word, text)) != std::string::npos;
    };
    if (!quoted("observed", verdict.observed)) line("observed", verdict.observed);
    if (!quoted("expected", verdict.expected)) line("expected", verdict.expected);
    line("clause", verdict.clause.empty() ? "" : clause_in_words(verdict.clause));
    line("repeated", grades_in_words(result.repeats));
    line("replay", result.replay);
    return out;
}

std::string title(case_result const& result, std::string const& name, bool color) {
    auto const grade = overall(result.verdict);
    auto const surprise = grade == wsproof::grade::pass ? "unexpected " : "";
    return painted(surprise + std::string(name_of(grade)), grade, color) + " " + bold(name, color) +
           "\n";
}

std::string describe_one(case_result const& result, text_options const& options) {
    return title(result, escape_terminal(result.played.id), options.color) +
           details(result, options.width);
}

std::string describe_group(cause_group const& group, text_options const& options) {
    auto const& first = *group.results.front();
    if (group.results.size() == 1) return describe_one(first, options);
    std::string ids;
    auto const shown = std::min(group.results.size(), shown_ids);
    for (std::size_t i = 0; i < shown; ++i)
        ids += (i == 0 ? "" : ", ") + group.results[i]->played.id;
    if (shown < group.results.size())
        ids += fmt::format(" and {} more", group.results.size() - shown);
    auto const name = fmt::format("same cause in {} cases", group.results.size());
    return title(first, name, options.color) + labelled("cases", ids, options.width) +
           details(first, options.width);
}

std::string unexpected(run_result const& run, text_options const& options) {
    std::string out;
    for (auto const& group : unexpected_by_cause(run)) {
        if (!options.verbose) {
            out += "\n" + describe_group(group, options);
            continue;
        }
        for (auto const* result : group.results) out += "\n" + describe_one(*result, options);
    }
    return out;
}

/// One line for each result that is neither a pass nor told already.
std::string expected_but_notable(run_result const& run) {
    std::string out;
    for (auto const& result : run.results)
        if (!result.unexpected && overall(result.verdict) != grade::pass)
            out += "  " + describe_result(result) + "\n";
    return out.empty() ? out : "\nAs expected, but no pass\n" + out;
}

std::string trouble(run_result const& run, text_options const& options) {
    std::string out;
    for (auto const& problem : run.problems)
        out += "  - " + wrap(escape_terminal(problem), options.width, 4, 4) + "\n";
    if (run.results.size() < run.selected)
        out += fmt::format("  - only {} of {} selected cases were played\n", run.results.size(),
                           run.selected);
    return out.empty() ? out : "\n" + bold("Problems", options.color) + "\n" + out;
}

std::string child(run_result const& run, text_options const& options) {
    if (!run.child || (run.child->by_wsproof && run.exit_code == 0 && !options.verbose)) return {};
    auto out = "\n" + bold("The command " + describe_end(*run.child), options.color) + "\n";
    for (std::string_view left = run.child->output; !left.empty();) {
        auto const end = std::min(left.find('\n'), left.size());
        out += "  | " + escape_terminal(left.substr(0, end)) + "\n";
        left.remove_prefix(std::min(end + 1, left.size()));
    }
    return out;
}

std::string verdict_line(run_result const& run, std::size_t unexpected_count, bool color) {
    bool const good = run.exit_code == 0;
    auto const results = unexpected_count == 0 ? std::string("no unexpected result")
                         : unexpected_count == 1
                             ? std::string("1 unexpected result")
                             : fmt::format("{} unexpected results", unexpected_count);
    return painted(good ? "OK" : "NOT OK", good ? grade::pass : grade::fail, color) +
           fmt::format(": {} in {} cases, {} s; exit code {}: {}\n", results, run.results.size(),
                       in_seconds(run.elapsed), run.exit_code, exit_code_meaning(run.exit_code));
}

}  // namespace

std::string text_summary(run_result const& run, text_options const& options) {
    auto const all = summarize(run);
    auto out = heading(run, options.width);
    if (!all.sections.empty()) out += "\n" + table(all, options.color);
    out += unexpected(run, options);
    if (options.verbose) out += expected_but_notable(run);
    out += trouble(run, options) + child(run, options);
    return out + "\n" + verdict_line(run, all.unexpected, options.color);
}

std::string describe_result(case_result const& result) {
    auto out = fmt::format("{:<11}  {}", name_of(overall(result.verdict)), result.played.id);
    if (auto const cause = cause_of(result); !cause.empty()) out += ": " + cause;
    if (result.unexpected) out += " [unexpected]";
    return escape_terminal(out);
}

}  // namespace wsproof
