#include "run/target.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/url.hpp>

#include "wire/handshake.hpp"

namespace wsproof {
namespace {

namespace urls = boost::urls;

void complain(std::vector<diagnostic>& mistakes, std::string option, std::string text) {
    mistakes.push_back({std::move(option), "", std::move(text)});
}

bool is_field_value(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7F; });
}

void add_field(target& out, std::string const& option, std::string name, std::string value,
               std::vector<diagnostic>& mistakes) {
    if (!is_token(name))
        complain(mistakes, option, "\"" + name + "\" is not a field name; write \"Name: value\"");
    else if (!is_field_value(value))
        complain(mistakes, option, "the value of " + name + " has a control character in it");
    else
        out.request.fields.push_back({std::move(name), std::move(value)});
}

// Fields that a report must not give away: credentials, cookies, and what calls itself a secret.
void note_secrets(target& out) {
    for (auto const& field : out.request.fields) {
        std::string name = field.name;
        std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        for (auto const* word : {"authorization", "cookie", "token", "secret", "key", "password"})
            if (name.find(word) != std::string::npos) {
                out.secrets.push_back(field.value);
                break;
            }
    }
}

void add_headers(target& out, target_options const& options, std::vector<diagnostic>& mistakes) {
    if (!options.origin.empty()) add_field(out, "--origin", "Origin", options.origin, mistakes);
    if (!options.subprotocol.empty())
        add_field(out, "--subprotocol", "Sec-WebSocket-Protocol", options.subprotocol, mistakes);
    for (auto const& header : options.headers) {
        auto const colon = header.find(':');
        if (colon == std::string::npos)
            complain(mistakes, "--header", "\"" + header + "\" has no colon; write \"Name: value\"");
        else
            add_field(out, "--header", header.substr(0, colon),
                      std::string(trim(std::string_view(header).substr(colon + 1))), mistakes);
    }
}

// Splits HOST:PORT, [V6]:PORT
bool split_authority(std::string const& text, std::string& host, std::string& port) {
    auto const parsed = urls::parse_authority(text);
    if (!parsed || parsed->port().empty() || parsed->host_address().empty()) return false;
    host = parsed->host_address();
    port = parsed->port();
    return true;
}

void read_url(target& out, target_options const& options, std::vector<diagnostic>& mistakes) {
    bool const elsewhere = !options.unix_socket.empty() || !options.connect_to.empty();
    std::string const text = options.url.empty() && elsewhere ? "ws://localhost/" : options.url;
    auto const parsed = urls::parse_uri(text);
    if (!parsed) {
        complain(mistakes, "URL", "\"" + without_credentials(options.url) + "\" is not a URL; it looks like ws://host:port/path");
        return;
    }
    auto const& url = *parsed;
    bool const secure = url.scheme() == "wss" || url.scheme() == "https";
    if (!secure && url.scheme() != "ws" && url.scheme() != "http")
        complain(mistakes, "URL", "the scheme is ws or wss, not \"" + std::string(url.scheme()) + "\"");
    // Boost.URL 1.81 lets a port that is no number, or too large a one, pass
    auto const first_of_path = url.encoded_path().empty() ? '/' : url.encoded_path().front();
    auto const port = std::string(url.port());
    if (first_of_path != '/' || port.size() > 5 || (!port.empty() && (std::stoul(port) == 0 || std::stoul(port) > 65535)))
        complain(mistakes, "URL", "the port in \"" + without_credentials(options.url) + "\" is no number from 1 to 65535");
    if (url.host_address().empty()) complain(mistakes, "URL", "the host is missing in \"" + without_credentials(options.url) + "\"");
    // RFC 6455 3: fragments must not be used
    if (url.has_fragment()) complain(mistakes, "URL", "a WebSocket URL has no fragment (#…)");

    out.dial.host = url.host_address();
    out.dial.port = url.has_port() && !url.port().empty() ? std::string(url.port()) : secure ? "443" : "80";
    out.dial.tls.use = secure;
    bool const usual_port = out.dial.port == (secure ? "443" : "80");
    out.request.host = std::string(url.encoded_host()) + (usual_port ? "" : ":" + out.dial.port);
    auto const path = std::string(url.encoded_path());
    out.request.target = (path.empty() ? "/" : path) + (url.has_query() ? "?" + std::string(url.encoded_query()) : "");
    if (url.has_userinfo())
        out.request.fields.push_back({"Authorization", "Basic " + base64(view_of(url.userinfo()))});
    out.shown = std::string(secure ? "wss" : "ws") + "://" + out.request.host + out.request.target;
}

}  // namespace

target make_target(target_options const& options, std::vector<diagnostic>& mistakes) {
    target out;
    read_url(out, options, mistakes);
    out.dial.limit = options.limit;
    out.dial.unix_path = options.unix_socket;
    out.dial.tls.server_name = options.server_name.empty() ? out.dial.host : options.server_name;
    out.dial.tls.ca_file = options.ca_file;
    out.dial.tls.insecure = options.insecure;
    out.dial.tls.certificate = options.certificate;
    out.dial.tls.private_key = options.private_key.empty() ? options.certificate : options.private_key;
    if (!options.connect_to.empty() && !split_authority(options.connect_to, out.dial.host, out.dial.port))
        complain(mistakes, "--connect-to", "\"" + options.connect_to + "\" is not HOST:PORT");
    if (!options.host.empty()) {
        if (!is_field_value(options.host)) complain(mistakes, "--host", "a control character in the value");
        out.request.host = options.host;
    }
    add_headers(out, options, mistakes);
    note_secrets(out);
    return out;
}

std::string without_credentials(std::string url) {
    auto const scheme = url.find("://");
    if (scheme == std::string::npos) return url;
    auto const authority_end = std::min(url.find_first_of("/?#", scheme + 3), url.size());
    auto const at = url.substr(0, authority_end).rfind('@');
    if (at != std::string::npos && at > scheme) url.replace(scheme + 3, at - scheme - 3, "***");
    return url;
}

std::uint16_t free_port() {
    boost::asio::io_context context;
    using tcp = boost::asio::ip::tcp;
    tcp::acceptor probe(context, {boost::asio::ip::address_v4::loopback(), 0});
    return probe.local_endpoint().port();
}

}  // namespace wsproof
