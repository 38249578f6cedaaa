#include "cli/options.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "cli/output.hpp"
#include "reports/escape.hpp"

namespace wsproof {

namespace {

// What is neither a URL nor a case, and would only be called unknown as a case.
std::string mistake_in(std::string const& word) {
    if (word.empty()) return "an empty word stands where a URL or a case should";
    if (word.find("://") == std::string::npos && word.find(':') != std::string::npos)
        return "\"" + word + "\" is no case, and a URL begins with ws:// or wss://";
    return {};
}

}  // namespace

void add_selection(CLI::App& app, selection_options& into, bool with_url) {
    app.add_option(with_url ? "url-and-cases" : "cases", into.words,
                   std::string(with_url ? "The URL of the server, and cases" : "Cases") +
                       " by id, prefix or glob: rfc6455/5.4, '*/ping-*'")
        ->option_text("...")
        ->check(mistake_in);
    auto const list = [&app](char const* name, std::vector<std::string>& values, char const* help) {
        app.add_option(name, values, help)->group("Selection")->take_all()->allow_extra_args(false);
    };
    list("--case", into.wanted.cases, "A case id, a prefix of ids, or a glob");
    list("--clause", into.wanted.clauses, "Cases that check this clause: 6455-5.1-3, '7692-7.1*'");
    list("--tag", into.wanted.tags, "Cases with this tag");
    list("--level", into.wanted.levels, "must, should or may");
    list("--autobahn", into.wanted.autobahn, "Cases by their Autobahn number: 6.4.1, '12.*'");
    list("--exclude", into.wanted.exclude, "Leave out; as --case, or tag:X, clause:X, level:X, autobahn:X");
    app.add_option("--cases", into.folder, "Folder with more case files; the same id replaces a built-in case")
        ->group("Selection")
        ->check(CLI::ExistingDirectory);
}

void add_target(CLI::App& app, target_options& into) {
    auto const text = [&app](char const* name, std::string& value, char const* help) {
        return app.add_option(name, value, help)->group("Target");
    };
    app.add_option("--header", into.headers, "\"Name: value\" for every opening request; may be repeated")
        ->group("Target")
        ->take_all()
        ->allow_extra_args(false);
    text("--origin", into.origin, "Value of Origin");
    text("--subprotocol", into.subprotocol, "Value of Sec-WebSocket-Protocol");
    text("--host", into.host, "Value of Host instead of the URL's");
    text("--connect-to", into.connect_to, "HOST:PORT to connect to, whatever the URL says");
    text("--unix-socket", into.unix_socket, "Path of a unix socket to connect to");
    text("--ca", into.ca_file, "PEM file of the CA to trust instead of the system's")->check(CLI::ExistingFile);
    text("--cert", into.certificate, "PEM file with a client certificate")->check(CLI::ExistingFile);
    text("--key", into.private_key, "PEM file with its key (default: the file of --cert)")->check(CLI::ExistingFile);
    text("--server-name", into.server_name, "Name for SNI and the certificate instead of the URL's host");
    app.add_flag("--insecure", into.insecure, "Do not check the certificate")->group("Target");
    app.add_option_function<double>(
           "--timeout",
           [&into](double seconds) { into.limit = std::chrono::milliseconds(static_cast<long>(seconds * 1000)); },
           "Seconds to wait for anything the target owes (default 5)")
        ->group("Target")
        ->check(CLI::Range(0.05, 3600.0));
}

std::string take_url(std::vector<std::string>& words) {
    auto const at = std::ranges::find_if(words, [](auto const& word) { return word.find("://") != std::string::npos; });
    if (at == words.end()) return {};
    auto url = *at;
    words.erase(at);
    return url;
}

registry load_registry(std::string const& folder, std::vector<diagnostic>& mistakes) {
    return folder.empty() ? built_in_cases() : cases_with(folder, mistakes);
}

int usage_error(std::vector<diagnostic> const& mistakes) {
    for (auto const& mistake : mistakes) say("wsproof: " + escape_terminal(describe(mistake)));
    return 2;
}

std::vector<std::string> without_secrets(std::vector<std::string> words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto& word = words[i];
        word = without_credentials(std::move(word));
        bool const header = word.starts_with("--header=") || (i > 0 && words[i - 1] == "--header");
        if (auto const colon = word.find(':'); header && colon != std::string::npos) word = word.substr(0, colon) + ": ***";
    }
    return words;
}

}  // namespace wsproof
