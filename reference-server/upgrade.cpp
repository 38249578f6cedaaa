#include "reference-server/upgrade.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>
#include <ctime>

#include "reference-server/deflate_offer.hpp"
#include "reference-server/header_list.hpp"

namespace wsproof::reference {

namespace {

namespace http = boost::beast::http;
using http::field;
using verdict = std::optional<refusal>;

constexpr std::string_view alphanumeric =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

refusal bad_request(std::string because) { return {400, std::move(because), {}}; }

// RFC 9110 section 15.5.22: a 426 says what to upgrade to. RFC 6455 section 4.2.2: a refused
// version is answered with the list of those that would do.
refusal upgrade_required(std::string because) {
    return {426, std::move(because), {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}}};
}

// RFC 9110 section 5.3: the lines of a list field mean the same as one line with commas.
std::string joined(request_head const& head, field name) {
    std::string value;
    auto const [first, last] = head.equal_range(name);
    for (auto line = first; line != last; ++line) {
        if (line != first) value += ", ";
        value += std::string_view{line->value()};
    }
    return value;
}

std::string_view only(request_head const& head, field name) { return head[name]; }

bool is_digits(std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// RFC 9112 section 3.2: uri-host [ ":" port ]
bool is_authority(std::string_view text) {
    if (text.starts_with('[')) {
        auto const end = text.find(']');
        if (end == std::string_view::npos || end == 1) return false;
        if (text.substr(1, end - 1).find_first_not_of("0123456789abcdefABCDEFv:.") !=
            std::string_view::npos)
            return false;
        auto const rest = text.substr(end + 1);
        return rest.empty() || (rest.front() == ':' && is_digits(rest.substr(1)));
    }
    auto const host = text.substr(0, text.find(':'));
    auto const allowed = std::string{alphanumeric} + "-._~%!$&'()*+,;=";
    if (host.empty() || host.find_first_not_of(allowed) != std::string_view::npos) return false;
    return host.size() == text.size() || is_digits(text.substr(host.size() + 1));
}

// RFC 9112 sections 3.2 and 6: one valid Host, and nothing behind the head that would have to be
// read before the first frame.
verdict check_message(request_head const& head) {
    auto const hosts = head.count(field::host);
    bool const may_lack_host = head.version() < 11;
    if (hosts > 1 || (hosts == 0 && !may_lack_host))
        return bad_request("A request has exactly one Host field.");
    if (hosts == 1 && !is_authority(only(head, field::host)))
        return bad_request("The Host field is not a host and port.");
    bool const has_length = head.count(field::content_length) > 0;
    if (head.count(field::transfer_encoding) > 0 ||
        (has_length && joined(head, field::content_length) != "0"))
        return bad_request("A request for an upgrade has no body.");
    return std::nullopt;
}

// The path of an origin-form or absolute-form target; nothing when it is neither.
std::optional<std::string_view> path_of(std::string_view target) {
    bool const printable =
        std::ranges::all_of(target, [](char c) { return c > ' ' && c < '\x7f'; });
    if (!printable || target.find('#') != std::string_view::npos) return std::nullopt;
    if (auto const scheme = target.find("://"); !target.starts_with('/')) {
        if (scheme == std::string_view::npos) return std::nullopt;
        std::array<std::string_view, 4> const known{"http", "https", "ws", "wss"};
        auto const name = target.substr(0, scheme);
        if (std::ranges::none_of(known, [&](auto k) { return equal_ignoring_case(k, name); }))
            return std::nullopt;
        target.remove_prefix(scheme + 3);
        auto const end = std::min(target.find_first_of("/?"), target.size());
        if (!is_authority(target.substr(0, end))) return std::nullopt;
        target.remove_prefix(end);
    }
    auto const path = target.substr(0, target.find('?'));
    return path.empty() ? "/" : path;
}

std::optional<endpoint> find_endpoint(std::string_view path) {
    if (path == "/" || path == "/echo") return endpoint::echo;
    if (path == "/chat") return endpoint::chat;
    if (path == "/upload") return endpoint::upload;
    return std::nullopt;
}

verdict check_method(request_head const& head) {
    if (head.method() == http::verb::get) return std::nullopt;
    if (head.method() == http::verb::unknown) return refusal{501, "Unknown method.", {}};
    return refusal{405, "Only GET opens a WebSocket.", {{"Allow", "GET"}}};
}

// RFC 6455 section 4.2.1, items 1, 3 and 4. In HTTP/1.0 Upgrade means nothing (RFC 9110, 7.8).
verdict check_upgrade_fields(request_head const& head) {
    auto const upgrade_value = joined(head, field::upgrade);
    auto const protocols = split_elements(upgrade_value);
    auto const is_protocol = [](std::string_view text) {
        auto const slash = text.find('/');
        return is_token(text.substr(0, slash)) &&
               (slash == std::string_view::npos || is_token(text.substr(slash + 1)));
    };
    if (!protocols || !std::ranges::all_of(*protocols, is_protocol))
        return bad_request("The Upgrade field is not a list of protocols.");
    auto const connection_value = joined(head, field::connection);
    auto const options = split_elements(connection_value);
    if (!options || !std::ranges::all_of(*options, is_token))
        return bad_request("The Connection field is not a list of tokens.");
    auto const is = [](std::string_view wanted) {
        return [=](std::string_view text) { return equal_ignoring_case(text, wanted); };
    };
    if (head.version() < 11 || std::ranges::none_of(*protocols, is("websocket")) ||
        std::ranges::none_of(*options, is("upgrade")))
        return upgrade_required("This resource speaks WebSocket only.");
    return std::nullopt;
}

// RFC 6455 section 4.2.1, item 5: base64 of 16 octets is 22 characters and two signs of padding.
bool is_key(std::string_view text) {
    auto const alphabet = std::string{alphanumeric} + "+/";
    return text.size() == 24 && text.ends_with("==") &&
           text.substr(0, 22).find_first_not_of(alphabet) == std::string_view::npos;
}

verdict check_key_and_version(request_head const& head) {
    auto const versions = head.count(field::sec_websocket_version);
    if (versions > 1) {
        auto twice = bad_request("Sec-WebSocket-Version stands there more than once.");
        twice.fields.emplace_back("Sec-WebSocket-Version", "13");
        return twice;
    }
    if (versions == 0 || only(head, field::sec_websocket_version) != "13")
        return upgrade_required("Sec-WebSocket-Version has to be 13.");
    if (head.count(field::sec_websocket_key) != 1 || !is_key(only(head, field::sec_websocket_key)))
        return bad_request("Sec-WebSocket-Key has to stand there once, base64 of 16 octets.");
    return std::nullopt;
}

// RFC 6455 section 4.2.2, item 3. Clients that are no browsers have no origin.
verdict check_origin(request_head const& head, echo_options const& options) {
    auto const origins = head.count(field::origin);
    if (origins == 0) return std::nullopt;
    auto const origin = only(head, field::origin);
    bool const printable =
        std::ranges::all_of(origin, [](char c) { return c >= ' ' && c < '\x7f'; });
    if (origins > 1 || !printable) return bad_request("The Origin field is malformed.");
    if (options.allowed_origins.empty()) return std::nullopt;
    bool const allowed = std::ranges::any_of(
        options.allowed_origins, [&](auto const& a) { return equal_ignoring_case(a, origin); });
    return allowed ? verdict{} : refusal{403, "This origin is not welcome.", {}};
}

verdict choose_subprotocol(request_head const& head, echo_options const& options, upgrade& taken) {
    if (head.count(field::sec_websocket_protocol) == 0) return std::nullopt;
    auto const value = joined(head, field::sec_websocket_protocol);
    auto const offered = split_elements(value);
    if (!offered || offered->empty() || !std::ranges::all_of(*offered, is_token))
        return bad_request("Sec-WebSocket-Protocol is not a list of tokens.");
    for (auto const& name : options.subprotocols) {
        if (std::ranges::find(*offered, name) == offered->end()) continue;
        taken.subprotocol = name;
        break;
    }
    return std::nullopt;
}

verdict choose_extension(request_head const& head, echo_options const& options, upgrade& taken) {
    if (head.count(field::sec_websocket_extensions) == 0) return std::nullopt;
    auto choice = choose_extensions(joined(head, field::sec_websocket_extensions));
    // RFC 6455 section 9.1: a malformed value fails the connection at once
    if (!choice.well_formed) return bad_request("Sec-WebSocket-Extensions is malformed.");
    if (options.deflate) taken.deflate = std::move(choice.deflate);
    return std::nullopt;
}

verdict check_expect(request_head const& head, upgrade& taken) {
    if (head.count(field::expect) == 0) return std::nullopt;
    taken.expects_continue = equal_ignoring_case(joined(head, field::expect), "100-continue");
    if (taken.expects_continue) return std::nullopt;
    return refusal{417, "The only expectation known is 100-continue.", {}};
}

std::string date() {
    std::time_t const now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 40> text{};
    auto const n = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text.data(), n};
}

}  // namespace

std::variant<upgrade, refusal> check_upgrade(request_head const& head,
                                             echo_options const& options) {
    if (auto no = check_message(head)) return *no;
    auto const path = path_of(head.target());
    if (!path) return bad_request("The request target is no path of this server.");
    auto const target = find_endpoint(*path);
    if (!target) return refusal{404, "Nothing here: try /echo, /chat or /upload.", {}};
    if (auto no = check_method(head)) return *no;
    if (auto no = check_upgrade_fields(head)) return *no;
    if (auto no = check_key_and_version(head)) return *no;
    if (auto no = check_origin(head, options)) return *no;

    upgrade taken;
    taken.target = *target;
    taken.key = only(head, field::sec_websocket_key);
    if (auto no = choose_subprotocol(head, options, taken)) return *no;
    if (auto no = choose_extension(head, options, taken)) return *no;
    if (auto no = check_expect(head, taken)) return *no;
    return taken;
}

std::string write_refusal(refusal const& r, bool with_body) {
    auto const body = r.because + "\n";
    auto const reason = http::obsolete_reason(http::int_to_status(r.status));
    bool const offers_upgrade =
        std::ranges::any_of(r.fields, [](auto const& f) { return f.first == "Upgrade"; });
    std::string text = "HTTP/1.1 " + std::to_string(r.status) + " " + std::string{reason} +
                       "\r\nDate: " + date() +
                       "\r\nServer: wsproof-echo\r\nContent-Type: text/plain; charset=utf-8" +
                       "\r\nContent-Length: " + std::to_string(body.size()) +
                       "\r\nConnection: " + (offers_upgrade ? "Upgrade, close" : "close") + "\r\n";
    for (auto const& [name, value] : r.fields) text += name + ": " + value + "\r\n";
    text += "\r\n";
    return with_body ? text + body : text;
}

}  // namespace wsproof::reference
