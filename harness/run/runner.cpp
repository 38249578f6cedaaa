#include "run/runner.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <random>

#include "cases/registry.hpp"
#include "play/script.hpp"
#include "run/session.hpp"

namespace wsproof {
namespace {

void fill_in_port(std::string& text, std::string const& port) {
    for (auto at = text.find("{port}"); at != std::string::npos; at = text.find("{port}", at + port.size()))
        text.replace(at, 6, port);
}

// {port} is the same free port everywhere it stands.
void choose_port(run_options& options) {
    options.command_as_given = options.command;
    if (options.command.empty()) return;
    if (options.where.url.empty()) options.where.url = "ws://127.0.0.1:{port}/";
    auto const port = std::to_string(free_port());
    fill_in_port(options.where.url, port);
    fill_in_port(options.where.connect_to, port);
    for (auto& word : options.command) fill_in_port(word, port);
}

std::string joined(std::vector<std::string> const& words) {
    std::string text;
    for (auto const& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

constexpr std::uint64_t polite_octets = 66 * 1024;  // for one case

// What must not happen to a server that belongs to somebody else.
void leave_out_harm(run_options& options) {
    if (!options.polite) return;
    std::erase_if(options.cases, [](test_case const& each) {
        return each.has_tag("harmful") || each.has_tag("alone") || octets_sent_by(each) > polite_octets;
    });
}

std::uint64_t draw_seed() {
    std::random_device source;
    return (std::uint64_t{source()} << 32U | source()) >> 16U;  // short enough to type
}

run_result blank(run_options const& options, target const& where) {
    run_result out;
    out.tool_version = WSPROOF_VERSION;
    out.case_set = options.case_set;
    out.started = std::chrono::system_clock::now();
    out.seed = options.seed != 0 ? options.seed : draw_seed();
    out.strict = options.strict;
    out.arguments = options.arguments;
    out.selected = options.cases.size();
    out.target.url = where.shown;
    out.target.command = joined(options.command);
    out.target.built_in = options.built_in;
    out.target.agent = options.name;
    return out;
}

void play(run_options const& options, target where, run_observer& observer, run_result& result) {
    asio::io_context context(1);
    session whole(context, options, std::move(where), observer, result);
    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](error_code const& error, int number) {
        if (error) return;
        result.incomplete = true;
        result.problems.push_back(number == SIGINT ? "interrupted (SIGINT)" : "interrupted (SIGTERM)");
        context.stop();
    });
    asio::co_spawn(context, whole.main(), [&](std::exception_ptr trouble) {
        error_code ignored;
        signals.cancel(ignored);
        context.stop();  // a child's output is read for as long as it runs
        if (!trouble) return;
        result.incomplete = true;
        try {
            std::rethrow_exception(trouble);
        } catch (std::exception const& error) {
            result.problems.push_back(std::string("the harness failed: ") + error.what());
        }
    });
    context.run();
    whole.stop_child();
    whole.collect();
}

}  // namespace

run_result run(run_options options, run_observer& observer, std::vector<diagnostic>& mistakes) {
    choose_port(options);
    leave_out_harm(options);
    auto where = make_target(options.where, mistakes);
    auto result = blank(options, where);
    if (!mistakes.empty()) return result;
    auto const start = std::chrono::steady_clock::now();
    try {
        play(options, std::move(where), observer, result);
    } catch (std::runtime_error const& error) {  // of the dialer: certificates
        mistakes.push_back({"options", "", error.what()});
        return result;
    }
    result.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
    if (!result.target.probe.problem.empty()) {
        result.incomplete = true;
        result.problems.push_back(result.target.probe.problem);
    }
    apply_expectations(options.expected, options.all_ids, result);
    result.exit_code = exit_code_of(result);
    return result;
}

int exit_code_of(run_result const& run) noexcept {
    if (!run.target.probe.problem.empty()) return 3;
    if (run.incomplete || run.results.empty()) return 4;
    bool const failed = std::ranges::any_of(run.results, [](case_result const& each) {
        return each.unexpected && overall(each.verdict) != grade::error;
    });
    if (failed) return 1;
    if (std::ranges::any_of(run.results, [](case_result const& each) { return each.unexpected; })) return 3;
    return run.problems.empty() ? 0 : 1;
}

}  // namespace wsproof
