#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <malloc.h>

#include <csignal>
#include <exception>

#include "cases/near_match.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "reports/escape.hpp"

namespace {

using namespace wsproof;

constexpr std::string_view separator = "--";

command_line split(int argc, char** argv) {
    command_line line;
    line.all.assign(argv + 1, argv + argc);
    auto const at = std::ranges::find(line.all, separator);
    if (at != line.all.end()) line.command.assign(at + 1, line.all.end());
    return line;
}

// What CLI11 does not say, or not clearly; empty if there is nothing.
std::string mistake_in(CLI::App const& app, command_line const& line) {
    if (line.all.empty()) return {};
    auto const& name = line.all.front();
    if (name.starts_with('-') && app.get_option_no_throw(name) == nullptr)
        return name + " is no option of wsproof itself; those of a command stand behind its name";
    if (name.starts_with('-')) return {};
    std::vector<std::string_view> known;
    for (auto const* each : app.get_subcommands([](CLI::App const*) { return true; })) known.push_back(each->get_name());
    if (std::ranges::find(known, name) == known.end())
        return "\"" + name + "\" is no command" + did_you_mean(name, known);
    if (std::ranges::find(line.all, separator) == line.all.end()) return {};
    // an empty variable in a pipeline: to test the built-in server instead would be a false green
    if (line.command.empty()) return "there is no command behind --";
    if (name != "test" && name != "replay") return "only test and replay start a command";
    return {};
}

// The words of wsproof itself; what stands behind -- is not for CLI11, which takes words in reverse.
std::vector<std::string> own_words(command_line const& line) {
    std::vector<std::string> words(line.all.begin(), std::ranges::find(line.all, separator));
    std::ranges::reverse(words);
    return words;
}

int wrong_usage(std::string const& mistake) {
    say("wsproof: " + escape_terminal(mistake) + "; see wsproof --help");
    return 2;
}

int run_main(int argc, char** argv) {
    auto const line = split(argc, argv);
    CLI::App app{"wsproof: conformance tests for WebSocket servers (RFC 6455, RFC 7692)", "wsproof"};
    app.set_version_flag("--version", WSPROOF_VERSION);
    app.require_subcommand(1);
    app.failure_message(CLI::FailureMessage::help);
    app.footer("Start with:  wsproof test   or   wsproof test ws://localhost:9001\n"
               "wsproof COMMAND --help shows options and examples.");
    command const commands[] = {add_test_command(app, line), add_replay_command(app, line), add_list_command(app),
                                add_show_command(app),       add_report_command(app),       add_echo_command(app)};
    if (auto const mistake = mistake_in(app, line); !mistake.empty()) return wrong_usage(mistake);
    try {
        app.parse(own_words(line));
    } catch (CLI::ParseError const& error) {
        if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
        return wrong_usage(error.what());
    }
    for (auto const& each : commands)
        if (int const code = each(); code >= 0) return code;
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
#ifdef __GLIBC__
    // large payloads go back to the system at once, whatever was freed before
    ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of a write, not an end of the run
    try {
        return run_main(argc, argv);
    } catch (std::exception const& error) {
        wsproof::say("wsproof: " + wsproof::escape_terminal(error.what()));
        return 3;
    }
}
