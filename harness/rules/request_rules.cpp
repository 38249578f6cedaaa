#include <algorithm>

#include "rules/handshake_rules.hpp"
#include "wire/extension.hpp"

namespace wsproof {
namespace {

using violations = std::vector<violation>;

// RFC 9112 3.2: origin-form, or the absolute form that a proxy gets; RFC 6455 3: without a fragment
bool is_target(std::string_view target) {
    bool const absolute = target.starts_with("http://") || target.starts_with("https://");
    return (absolute || target.starts_with('/')) && target.find('#') == std::string_view::npos;
}

void check_request_line(http_head const& request, violations& out) {
    auto const line = parse_request_line(request.start_line);
    bool const higher = line && line->version.starts_with("HTTP/") && line->version >= "HTTP/1.1";
    if (!line || line->method != "GET" || !higher || !is_target(line->target))
        out.push_back({rule::request_line, request.start_line});
}

void check_host(http_head const& request, violations& out) {
    auto const values = request.values("Host");
    if (values.size() > 1) out.push_back({rule::request_host_repeated, ""});
    // RFC 9110 7.2: uri-host with an optional port, no user
    if (values.empty() || values.front().empty() || values.front().find_first_of("@/?# \t,") != std::string_view::npos)
        out.push_back({rule::request_host, values.empty() ? "" : std::string(values.front())});
}

void check_key(http_head const& request, violations& out) {
    auto const values = request.values("Sec-WebSocket-Key");
    if (values.empty()) {
        out.push_back({rule::request_key_missing, ""});
        return;
    }
    if (values.size() > 1) out.push_back({rule::request_key_repeated, ""});
    auto const nonce = parse_base64(values.front());
    // RFC 4648 3.5: the pad bits are zero, so writing it again gives the same
    if (!nonce || nonce->size() != 16 || base64(*nonce) != values.front())
        out.push_back({rule::request_key_size, std::string(values.front())});
}

void check_version(http_head const& request, violations& out) {
    auto const values = request.values("Sec-WebSocket-Version");
    if (values.empty()) {
        out.push_back({rule::request_version_missing, ""});
        return;
    }
    if (values.size() > 1) out.push_back({rule::request_version_repeated, ""});
    if (std::ranges::any_of(values, [](std::string_view value) { return value != "13"; }))
        out.push_back({rule::request_version_wrong, std::string(values.front())});
}

void check_protocols(http_head const& request, violations& out) {
    if (!request.has("Sec-WebSocket-Protocol")) return;
    auto names = request.list("Sec-WebSocket-Protocol");
    auto const odd = std::ranges::find_if_not(names, [](std::string const& name) { return is_token(name); });
    if (names.empty() || odd != names.end())
        out.push_back({rule::request_protocol_not_token, names.empty() ? "" : *odd});
    std::ranges::sort(names);
    auto const twice = std::ranges::adjacent_find(names);
    if (twice != names.end()) out.push_back({rule::request_protocol_repeated, *twice});
}

void check_offers(http_head const& request, violations& out) {
    if (!request.has("Sec-WebSocket-Extensions")) return;
    auto const parsed = parse_extensions(facts_of(request).extensions);
    if (auto const* error = std::get_if<extension_error>(&parsed)) {
        out.push_back({rule::request_extension_grammar, error->text});
        return;
    }
    for (auto const& offer : std::get<std::vector<extension>>(parsed)) {
        if (!same_name(offer.name, "permessage-deflate")) continue;
        auto const parameters = parse_deflate(offer, negotiation_side::offer);
        if (auto const* wrong = std::get_if<std::string>(&parameters))
            out.push_back({rule::request_deflate_offer, *wrong});
    }
}

}  // namespace

std::vector<violation> check_request(http_head const& request) {
    violations out;
    // RFC 9112 2.2: no line end before the request line
    if (!request.raw.empty() && (request.raw.front() == '\r' || request.raw.front() == '\n'))
        out.push_back({rule::request_grammar, "an empty line before the request line"});
    else if (!request.flaws.empty())
        out.push_back({rule::request_grammar, "flaw at octet " + std::to_string(request.flaws.front().offset)});
    check_request_line(request, out);
    check_host(request, out);
    if (!request.lists("Upgrade", "websocket")) out.push_back({rule::request_upgrade, ""});
    if (!request.lists("Connection", "Upgrade")) out.push_back({rule::request_connection, ""});
    check_key(request, out);
    check_version(request, out);
    check_protocols(request, out);
    check_offers(request, out);
    auto const length = request.value("Content-Length");
    if ((length && *length != "0") || request.has("Transfer-Encoding")) out.push_back({rule::request_body, ""});
    return out;
}

}  // namespace wsproof
