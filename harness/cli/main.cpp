#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <csignal>
#include <exception>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "reports/escape.hpp"

namespace {

using namespace wsproof;

command_line split(int argc, char** argv) {
    command_line line;
    line.all.assign(argv + 1, argv + argc);
    auto const at = std::ranges::find(line.all, "--");
    if (at != line.all.end()) line.command.assign(at + 1, line.all.end());
    return line;
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
    try {
        // what stands behind -- is not for CLI11, which takes its words in reverse
        auto const own = line.all.size() - line.command.size() - (std::ranges::count(line.all, "--") > 0 ? 1 : 0);
        std::vector<std::string> words(line.all.begin(), line.all.begin() + static_cast<std::ptrdiff_t>(own));
        std::ranges::reverse(words);
        app.parse(std::move(words));
    } catch (CLI::ParseError const& error) {
        if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
        say("wsproof: " + escape_terminal(error.what()) + "; see wsproof --help");
        return 2;
    }
    for (auto const& each : commands)
        if (int const code = each(); code >= 0) return code;
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an error of a write, not an end of the run
    try {
        return run_main(argc, argv);
    } catch (std::exception const& error) {
        wsproof::say("wsproof: " + wsproof::escape_terminal(error.what()));
        return 3;
    }
}
