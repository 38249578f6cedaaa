#include "reports/junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "reports/escape.hpp"
#include "reports/summary.hpp"
#include "reports/text_trace.hpp"
#include "reports/time_text.hpp"

namespace wsproof {
namespace {

constexpr std::size_t longest_trace = 64 * 1024;  // in characters; the JSON report has all of it
constexpr std::size_t longest_message = 500;      // of an attribute, in octets

enum class colour : std::uint8_t { green, skipped, failure, error };

colour colour_of(case_result const& result) noexcept {
    auto const whole = overall(result.verdict);
    if (result.unexpected) return whole == grade::error ? colour::error : colour::failure;
    bool const shown = whole == grade::unsupported || whole == grade::fail || whole == grade::error;
    return shown ? colour::skipped : colour::green;
}

void set(pugi::xml_node node, char const* name, std::string_view value) {
    node.append_attribute(name).set_value(escape_xml(value).c_str());
}
void set(pugi::xml_node node, char const* name, std::size_t value) {
    set(node, name, std::to_string(value));
}

pugi::xml_node add(pugi::xml_node to, char const* name, std::string_view text = {}) {
    auto node = to.append_child(name);
    if (!text.empty()) node.append_child(pugi::node_pcdata).set_value(escape_xml(text).c_str());
    return node;
}

void add_property(pugi::xml_node to, char const* name, std::string_view value) {
    if (value.empty()) return;
    auto node = to.append_child("property");
    set(node, "name", name);
    set(node, "value", value);
}

// Some readers keep a report in a database with short columns, and none shows a long attribute
// well.
std::string message(std::string_view text) {
    auto out = escape_terminal(text);
    if (out.size() <= longest_message) return out;
    auto end = longest_message;
    while ((static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U) --end;
    return out.substr(0, end) + "…";
}

// A dot makes a package for Jenkins: rfc6455/5.4 is class 5_4 in package wsproof.rfc6455.
std::string class_name(std::string_view section) {
    std::string name(section);
    std::ranges::replace(name, '.', '_');
    std::ranges::replace(name, '/', '.');
    return "wsproof." + name;
}

// The schema of old has no place for a zone: seconds, in UTC.
std::string timestamp(std::chrono::system_clock::time_point value) {
    return iso_time(value).substr(0, 19);
}

std::string first_line(case_result const& result) {
    auto const whole = overall(result.verdict);
    if (whole == grade::pass) return "unexpected pass: " + result.expectation;
    auto const cause = cause_of(result);
    return std::string(name_of(whole)) + (cause.empty() ? "" : ": " + cause);
}

std::string body(case_result const& result) {
    std::string out;
    auto const line = [&out](std::string_view label, std::string const& text) {
        if (!text.empty()) out += fmt::format("{:<9} {}\n", label, escape_terminal(text));
    };
    line("title", result.played.title);
    line("cause", cause_of(result));
    line("listed", result.expectation);
    line("sent", sent_in_words(result));
    line("expected", result.verdict.expected);
    line("observed", result.verdict.observed);
    line("clause", result.verdict.clause.empty() ? "" : clause_in_words(result.verdict.clause));
    line("replay", result.replay);
    return out;
}

std::string reason_to_skip(case_result const& result) {
    auto const cause = cause_of(result);
    if (overall(result.verdict) == grade::unsupported)
        return cause.empty() ? "unsupported" : "unsupported: " + cause;
    if (!result.expectation.empty()) return "expected: " + result.expectation;
    return fmt::format("expected: a {} at level {} does not count here: {}",
                       name_of(overall(result.verdict)), name_of(result.played.level), cause);
}

std::string shortened_trace(case_result const& result) {
    auto text = text_trace(result.played, result.happened);
    if (text.size() <= longest_trace) return text;
    text.resize(text.rfind('\n', longest_trace) + 1);
    return text + "… the rest stands in the JSON report\n";
}

void add_case(pugi::xml_node suite, case_result const& result) {
    auto node = suite.append_child("testcase");
    set(node, "classname", class_name(section_of(result.played.id)));
    set(node, "name", result.played.id);
    set(node, "time", in_seconds(result.elapsed));
    auto const kind = colour_of(result);
    if (kind == colour::skipped) {
        set(node.append_child("skipped"), "message", message(reason_to_skip(result)));
    } else if (kind != colour::green) {
        auto fault = add(node, kind == colour::error ? "error" : "failure", body(result));
        set(fault, "message", message(first_line(result)));
        set(fault, "type",
            result.verdict.clause.empty() ? name_of(overall(result.verdict))
                                          : result.verdict.clause);
        if (!result.happened.entries.empty()) add(node, "system-out", shortened_trace(result));
    } else if (overall(result.verdict) != grade::pass) {
        add(node, "system-out", first_line(result));
    }
}

struct totals {
    std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;

    void add(colour kind) noexcept {
        ++tests;
        failures += kind == colour::failure ? 1 : 0;
        errors += kind == colour::error ? 1 : 0;
        skipped += kind == colour::skipped ? 1 : 0;
    }
};

void set_totals(pugi::xml_node node, totals const& of) {
    set(node, "tests", of.tests);
    set(node, "failures", of.failures);
    set(node, "errors", of.errors);
}

pugi::xml_node add_suite(pugi::xml_node to, std::string_view name, totals const& of,
                         std::chrono::system_clock::time_point started,
                         std::chrono::microseconds elapsed) {
    auto suite = to.append_child("testsuite");
    set(suite, "name", name);
    set_totals(suite, of);
    set(suite, "skipped", of.skipped);
    set(suite, "time", in_seconds(elapsed));
    set(suite, "timestamp", timestamp(started));
    return suite;
}

void add_properties(pugi::xml_node suite, run_result const& run) {
    auto node = suite.append_child("properties");
    add_property(node, "wsproof.version", run.tool_version);
    add_property(node, "wsproof.case_set", run.case_set);
    add_property(node, "wsproof.seed", std::to_string(run.seed));
    add_property(node, "wsproof.strict", run.strict ? "true" : "false");
    add_property(node, "wsproof.target", run.target.url);
    add_property(node, "wsproof.agent", run.target.agent);
    add_property(node, "wsproof.server", run.target.probe.server);
}

// The clauses that these cases are held against: the schema has no properties of a testcase.
void add_clauses(pugi::xml_node properties, section_summary const& section) {
    for (auto const* result : section.results)
        for (auto const& clause : result->played.clauses)
            add_property(properties, ("clause." + result->played.id).c_str(), clause);
}

void add_section(pugi::xml_node root, run_result const& run, section_summary const& section) {
    totals of;
    std::chrono::microseconds elapsed{};
    auto started = section.results.front()->started;
    for (auto const* result : section.results) {
        of.add(colour_of(*result));
        elapsed += result->elapsed;
        started = std::min(started, result->started);
    }
    auto suite = add_suite(root, section.section, of, run.started + started, elapsed);
    add_properties(suite, run);
    add_clauses(suite.child("properties"), section);
    for (auto const* result : section.results) add_case(suite, *result);
}

std::string problems_of(run_result const& run) {
    std::string out;
    for (auto const& problem : run.problems) out += problem + "\n";
    if (!run.target.probe.problem.empty()) out += run.target.probe.problem + "\n";
    if (run.results.size() < run.selected)
        out += fmt::format("only {} of {} selected cases were played\n", run.results.size(),
                           run.selected);
    if (run.child && !run.child->by_wsproof)
        out += "the command " + describe_end(*run.child) + "\n";
    return out;
}

void add_run(pugi::xml_node root, run_result const& run) {
    bool const red = has_trouble(run);
    auto suite = add_suite(root, "wsproof", {1, 0, red ? 1U : 0U, 0}, run.started, run.elapsed);
    add_properties(suite, run);
    auto node = suite.append_child("testcase");
    set(node, "classname", "wsproof.run");
    set(node, "name", "the run as a whole");
    set(node, "time", in_seconds(run.elapsed));
    auto const problems = problems_of(run);
    if (red) {
        auto fault = add(node, "error", problems);
        set(fault, "message",
            fmt::format("exit code {}: {}", run.exit_code, exit_code_meaning(run.exit_code)));
        set(fault, "type", "run");
    } else if (!problems.empty()) {
        add(node, "system-out", problems);
    }
    if (run.child && !run.child->output.empty()) add(node, "system-err", run.child->output);
}

}  // namespace

std::string to_junit(run_result const& run) {
    auto const all = summarize(run);
    totals of;
    of.add(has_trouble(run) ? colour::error : colour::green);
    for (auto const& result : run.results) of.add(colour_of(result));

    pugi::xml_document document;
    auto declaration = document.append_child(pugi::node_declaration);
    set(declaration, "version", "1.0");
    set(declaration, "encoding", "UTF-8");
    auto root = document.append_child("testsuites");
    set(root, "name", "wsproof");
    set_totals(root, of);
    set(root, "time", in_seconds(run.elapsed));
    for (auto const& section : all.sections) add_section(root, run, section);
    add_run(root, run);

    std::ostringstream out;
    document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
    return out.str();
}

}  // namespace wsproof
