#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "reference-server/echo_server.hpp"

namespace wsproof {
namespace {

constexpr char const* examples = R"(
Paths: /echo (and /) sends each message back; /chat sends it to all clients of /chat;
/upload takes files and answers with their size and SHA-256.
Examples:
  wsproof echo
  wsproof echo --port 9001 --cert server.pem --key server.key)";

int run_echo(echo_options const& options, bool no_deflate) {
    auto settings = options;
    settings.deflate = !no_deflate;
    echo_server server(settings);
    auto const scheme = settings.certificate.empty() ? "ws" : "wss";
    bool const six = settings.address.find(':') != std::string::npos;
    auto const place = settings.unix_path.empty()
                           ? std::string(scheme) + "://" + (six ? "[" : "") + settings.address + (six ? "]:" : ":") +
                                 std::to_string(server.port()) + "/echo"
                           : settings.unix_path;
    server.run([&place] { say("listening on " + place); });
    return 0;
}

}  // namespace

command add_echo_command(CLI::App& app) {
    auto* sub = app.add_subcommand("echo", "Run the reference server");
    sub->footer(examples);
    struct all {
        echo_options settings;
        bool no_deflate = false;
    };
    auto options = std::make_shared<all>();
    auto& into = options->settings;
    sub->add_option("--bind", into.address, "Address to listen on (default 127.0.0.1)");
    sub->add_option("--port", into.port, "Port (default 8080; 0: any free one)");
    sub->add_option("--unix-socket", into.unix_path, "Listen on this unix socket instead");
    sub->add_option("--cert", into.certificate, "PEM file with the certificate; serves TLS")->check(CLI::ExistingFile);
    sub->add_option("--key", into.private_key, "PEM file with its key")->check(CLI::ExistingFile);
    sub->add_option("--client-ca", into.client_ca, "Demand a client certificate of this CA")->check(CLI::ExistingFile);
    sub->add_option("--message-limit", into.message_limit, "Largest message in octets");
    sub->add_option("--connection-limit", into.connection_limit, "Most connections at a time");
    sub->add_option("--subprotocol", into.subprotocols, "A subprotocol of the server; may be repeated");
    sub->add_option("--allow-origin", into.allowed_origins, "An origin that is allowed; may be repeated (default: any)");
    sub->add_flag("--no-deflate", options->no_deflate, "Decline permessage-deflate");
    return [sub, options] { return sub->parsed() ? run_echo(options->settings, options->no_deflate) : -1; };
}

}  // namespace wsproof
