// Options that several subcommands share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/registry.hpp"
#include "run/runner.hpp"
#include "run/target.hpp"

namespace CLI {
class App;
}

namespace wsproof {

struct selection_options {
    std::vector<std::string> words;  ///< positional: a URL, where one is taken, and selections
    selection wanted;
    std::string folder;              ///< --cases
};
void add_selection(CLI::App& app, selection_options& into, bool with_url = true);

void add_target(CLI::App& app, target_options& into);

/// Takes the URL out of the positional words, if there is one.
std::string take_url(std::vector<std::string>& words);

/// Built-in cases, and those of --cases.
registry load_registry(std::string const& folder, std::vector<diagnostic>& mistakes);

/// Prints all mistakes; the exit code for wrong usage.
int usage_error(std::vector<diagnostic> const& mistakes);

/// The command line as it goes into a report: without passwords and values of header fields.
std::vector<std::string> without_secrets(std::vector<std::string> words);

}  // namespace wsproof
