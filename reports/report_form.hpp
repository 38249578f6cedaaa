// The form of the JSON report: one list of keys for each value, walked by what writes and by what
// reads, so that the two cannot disagree. Included by json.cpp alone; schema/ says it in public.
//
// An archive is called with key and value, and has: number() for numbers that need all 64 bits,
// constant(), optional() for keys that are left out at times, and overall(), summary() and
// exchange() for what follows from the rest of a value.
#pragma once

#include <array>
#include <string_view>

#include "reports/summary.hpp"
#include "run/result.hpp"

namespace wsproof::report_form {

inline constexpr std::array<std::string_view, 9> entry_names{
    "step", "sent", "received", "shutdown", "reset", "dropped", "ended", "gave_up", "closing"};

inline std::string_view name_of(trace_entry::kind value) noexcept {
    return entry_names[static_cast<std::size_t>(value)];
}

template <class T>
inline constexpr std::size_t enumerators = 0;
template <>
inline constexpr std::size_t enumerators<grade> = all_grades.size();
template <>
inline constexpr std::size_t enumerators<level> = 3;
template <>
inline constexpr std::size_t enumerators<role> = 2;
template <>
inline constexpr std::size_t enumerators<end_reason> = 3;
template <>
inline constexpr std::size_t enumerators<trace_entry::kind> = entry_names.size();

/// Written by name.
template <class T>
concept named = enumerators<T> > 0;

template <class Archive>
void fields(Archive& a, typename Archive::template ref<probe_facts> v) {
    a("opened", v.opened);
    a("status", v.status);
    a("server", v.server);
    a("problem", v.problem);
    a("response_violations", v.response_violations);
    a("echoes_text", v.echoes_text);
    a("echoes_binary", v.echoes_binary);
    a("answers_pings", v.answers_pings);
    a("deflate", v.deflate);
    a("deflate_response", v.deflate_response);
    a("deflate_offers", v.deflate_offers);
    a("subprotocol", v.subprotocol);
    a("message_limit", v.message_limit);
    a("round_trip_us", v.round_trip);
}

template <class Archive>
void fields(Archive& a, typename Archive::template ref<target_info> v) {
    a("url", v.url);
    a("command", v.command);
    a("built_in", v.built_in);
    a("agent", v.agent);
    a("probe", v.probe);
}

template <class Archive>
void fields(Archive& a, typename Archive::template ref<child_end> v) {
    a("by_wsproof", v.by_wsproof);
    a("exit_status", v.exit_status);
    a("signal", v.signal);
    a("output", v.output);
}

template <class Archive>
void fields(Archive& a, typename Archive::template ref<trace_entry> v) {
    a("at_us", v.at);
    a("kind", v.what);
    a("step", v.step);
    a.optional("hex", v.data, [](octets const& data) { return !data.empty(); });
    a.optional("end", v.end, [&v](end_reason) { return v.what == trace_entry::kind::ended; });
}

template <class Archive>
void fields(Archive& a, typename Archive::template ref<trace> v) {
    a("peer", v.peer);
    a("echoes", v.echoes);
    a("omitted", v.omitted);
    a("entries", v.entries);
    a.exchange(v);
}

template <class Archive>
void fields(Archive& a, typename Archive::template ref<resource_use> v) {
    a("memory", v.memory);
    a("cpu_us", v.cpu);
}

template <class Archive>
void fields(Archive& a, typename Archive::template ref<case_result> v) {
    a("id", v.played.id);
    a("title", v.played.title);
    a("clauses", v.played.clauses);
    a("level", v.played.level);
    a("roles", v.played.roles);
    a("needs", v.played.needs);
    a("tags", v.played.tags);
    a("autobahn", v.played.autobahn);
    a("note", v.played.note);
    a.overall(v);
    a("grade", v.verdict.grade);
    a("reason", v.verdict.reason);
    a("close_grade", v.verdict.close_grade);
    a("close_reason", v.verdict.close_reason);
    a("clause", v.verdict.clause);
    a("expected", v.verdict.expected);
    a("observed", v.verdict.observed);
    a("unexpected", v.unexpected);
    a("expectation", v.expectation);
    a("repeats", v.repeats);
    a("started_us", v.started);
    a("elapsed_us", v.elapsed);
    a.number("seed", v.seed);
    a("replay", v.replay);
    a.optional("resources", v.resources, [](auto const& used) { return used.has_value(); });
    a.optional("trace", v.happened,
               [](trace const& t) { return !t.entries.empty() || t.omitted != 0; });
}

template <class Archive>
void fields(Archive& a, typename Archive::template ref<run_result> v) {
    a.constant("$schema", "urn:wsproof:schema:report:1");
    a.constant("format", "wsproof-report");
    a.constant("version", 1);
    a("tool_version", v.tool_version);
    a("case_set", v.case_set);
    a("started", v.started);
    a("elapsed_us", v.elapsed);
    a.number("seed", v.seed);
    a("strict", v.strict);
    a("arguments", v.arguments);
    a("target", v.target);
    a("exit_code", v.exit_code);
    a("incomplete", v.incomplete);
    a("problems", v.problems);
    a("child", v.child);
    a("selected", v.selected);
    a.summary(v);
    a("cases", v.results);
}

}  // namespace wsproof::report_form
