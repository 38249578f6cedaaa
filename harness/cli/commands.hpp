// The subcommands: each adds itself to the command line and, when it was asked for, runs and sets
// the exit code (design: 0 as expected, 1 unexpected, 2 usage, 3 unreachable, 4 nothing run).
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace wsproof {

/// The words of the command line: what stands behind `--` is not for CLI11.
struct command_line {
    std::vector<std::string> all;      ///< without the program's name
    std::vector<std::string> command;  ///< behind --
};

using command = std::function<int()>;

/// Each returns what to run when its subcommand was given.
command add_test_command(CLI::App& app, command_line const& line);
command add_replay_command(CLI::App& app, command_line const& line);
command add_list_command(CLI::App& app);
command add_show_command(CLI::App& app);
command add_report_command(CLI::App& app);
command add_echo_command(CLI::App& app);

}  // namespace wsproof
