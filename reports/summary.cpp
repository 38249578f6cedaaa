#include "reports/summary.hpp"

#include <fmt/format.h>

#include <csignal>
#include <map>
#include <numeric>
#include <tuple>

#include "cases/registry.hpp"
#include "reports/exchange.hpp"
#include "reports/words.hpp"

namespace wsproof {
namespace {

std::string_view signal_name(int number) noexcept {
    switch (number) {
        case SIGABRT:
            return " (SIGABRT)";
        case SIGBUS:
            return " (SIGBUS)";
        case SIGFPE:
            return " (SIGFPE)";
        case SIGHUP:
            return " (SIGHUP)";
        case SIGILL:
            return " (SIGILL)";
        case SIGINT:
            return " (SIGINT)";
        case SIGKILL:
            return " (SIGKILL)";
        case SIGPIPE:
            return " (SIGPIPE)";
        case SIGSEGV:
            return " (SIGSEGV)";
        case SIGTERM:
            return " (SIGTERM)";
        default:
            return "";
    }
}

}  // namespace

std::size_t tally::total() const noexcept {
    return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

std::string_view section_of(std::string_view id) noexcept {
    auto const slash = id.rfind('/');
    return slash == std::string_view::npos ? id : id.substr(0, slash);
}

run_summary summarize(run_result const& run) {
    run_summary out;
    std::map<std::string_view, std::size_t> places;
    for (auto const& result : run.results) {
        auto const section = section_of(result.played.id);
        auto const [place, is_new] = places.emplace(section, out.sections.size());
        if (is_new) out.sections.push_back({std::string(section), {}, 0, {}});
        auto& in = out.sections[place->second];
        auto const whole = overall(result.verdict);
        in.overall.add(whole);
        in.results.push_back(&result);
        out.overall.add(whole);
        out.behaviour.add(result.verdict.grade);
        out.close.add(result.verdict.close_grade);
        if (!result.unexpected) continue;
        ++in.unexpected;
        ++out.unexpected;
    }
    return out;
}

std::string cause_of(case_result const& result) {
    auto const& verdict = result.verdict;
    return overall(verdict) == verdict.grade ? verdict.reason : "closing: " + verdict.close_reason;
}

std::vector<cause_group> unexpected_by_cause(run_result const& run) {
    std::vector<cause_group> out;
    std::map<std::tuple<grade, std::string, std::string>, std::size_t> places;
    for (auto const& result : run.results) {
        if (!result.unexpected) continue;
        auto const key = std::tuple(overall(result.verdict), cause_of(result), result.expectation);
        auto const [place, is_new] = places.emplace(key, out.size());
        if (is_new) out.emplace_back();
        out[place->second].results.push_back(&result);
    }
    return out;
}

std::string sent_in_words(case_result const& result) {
    if (!result.played.steps.empty()) return steps_in_words(result.played);
    constexpr std::size_t shown = 8;
    std::string out;
    std::size_t number = 0;
    for (auto const& item : decode_exchange(result.happened)) {
        if (item.from_peer || std::holds_alternative<http_head>(item.what)) continue;
        if (++number <= shown) out += (out.empty() ? "" : "; ") + in_words(item);
    }
    if (number > shown) out += fmt::format("; and {} more", number - shown);
    return out;
}

std::string clause_in_words(std::string const& id) {
    auto const* const found = find_clause(id);
    return found == nullptr ? id : fmt::format("{} ({}): {}", id, found->level, found->text);
}

bool has_trouble(run_result const& run) noexcept {
    if (run.incomplete || run.exit_code > 1) return true;
    if (run.exit_code == 0) return false;
    for (auto const& result : run.results)
        if (result.unexpected) return false;
    return true;  // red for a reason that is in no case
}

std::string_view exit_code_meaning(int code) noexcept {
    switch (code) {
        case 0:
            return "everything as expected";
        case 1:
            return "an unexpected result";
        case 2:
            return "wrong usage or a bad file";
        case 3:
            return "the peer could not be reached, or the harness failed";
        case 4:
            return "nothing was run, or the run is incomplete";
        default:
            return "no exit code of wsproof";
    }
}

std::string describe_end(child_end const& end) {
    if (end.by_wsproof) return "stopped by wsproof";
    if (end.signal)
        return fmt::format("was killed by signal {}{}", *end.signal, signal_name(*end.signal));
    if (end.exit_status)
        return fmt::format("ended by itself with exit status {}", *end.exit_status);
    return "ended by itself";
}

}  // namespace wsproof
