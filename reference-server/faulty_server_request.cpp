#include <algorithm>
#include <utility>

#include "reference-server/faulty_server_handshake.hpp"

namespace wsproof::faulty {

namespace {

struct request {
    fault kind;
    http_head const& head;

    bool is(fault other) const noexcept { return kind == other; }
};

using finding = std::optional<objection>;

constexpr objection bad_request{};
constexpr objection upgrade_required{reaction::refuse, 426};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// RFC 9112 2.3: HTTP/ and two digits, case-sensitive.
bool is_version(std::string_view text) {
    return text.size() == 8 && text.starts_with("HTTP/") && is_digit(text[5]) && text[6] == '.' &&
           is_digit(text[7]);
}

bool is_absolute(std::string_view target) {
    return same_name(target.substr(0, 7), "http://") || same_name(target.substr(0, 8), "https://");
}

bool is_target(request const& r, std::string_view target) {
    bool const spaces = r.is(fault::accepts_space_in_target);
    bool const visible = std::ranges::all_of(target, [spaces](char c) {
        return (c > ' ' && c < 0x7F && c != '#') || (c == ' ' && spaces);
    });
    if (!visible) return false;
    // 4.2.1: origin form or an absolute http or https URI
    return target.starts_with('/') ||
           (is_absolute(target) && !r.is(fault::refuses_absolute_target));
}

finding check_line(request const& r) {
    if (r.is(fault::ignores_request_line)) return std::nullopt;
    std::string_view const line = r.head.start_line;
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == last) return bad_request;  // one space, or none
    auto const method = line.substr(0, first);
    auto const version = line.substr(last + 1);
    if (!is_token(method) || !is_version(version)) return bad_request;
    if (!is_target(r, line.substr(first + 1, last - first - 1))) return bad_request;
    // 4.2.1: HTTP/1.1 or higher; another major version has another format
    bool const upgradable = version[5] == '1' && version[7] != '0';
    if (!upgradable && !(version == "HTTP/1.0" && r.is(fault::accepts_http_1_0))) {
        return objection{reaction::refuse, 505};
    }
    bool const get = method == "GET" || r.is(fault::accepts_post) ||
                     (method == "get" && r.is(fault::accepts_lower_case_get));
    if (!get) return objection{reaction::refuse, 405};
    return std::nullopt;
}

/// RFC 9112: what does not match the grammar is refused, a folded line and a bare LF too.
finding check_grammar(request const& r) {
    if (r.is(fault::dies_on_fold) && has_fold(r.head)) return objection{reaction::die};
    if (!r.head.flaws.empty()) return bad_request;
    return dies_of_fields(r.kind, r.head) ? finding(objection{reaction::die}) : std::nullopt;
}

finding check_fields(request const& r) {
    if (is_disturbed_by_unknown(r.kind, r.head)) return bad_request;
    constexpr std::array usual{field::host, field::upgrade, field::connection, field::key,
                               field::version};
    bool const ordered = !r.is(fault::needs_field_order) || stand_in_order(r.head, usual);
    return ordered ? std::nullopt : finding(bad_request);
}

/// RFC 9110 4.2.1: uri-host and perhaps a port, the host not empty; no user information.
bool is_host(std::string_view text) {
    auto const bracket = text.starts_with('[') ? text.find(']') : 0;
    if (bracket == std::string_view::npos) return false;
    auto const colon = text.find(':', bracket);
    auto const host = text.substr(0, colon);
    auto const port = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    auto const allowed = [&host](char c) {
        bool const literal = host.starts_with('[') && (c == ':' || c == '[' || c == ']');
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
        return letter || literal ||
               std::string_view("-._~%!$&'()*+,;=").find(c) != std::string::npos;
    };
    return !host.empty() && host.starts_with('[') == host.ends_with(']') &&
           std::ranges::all_of(host, allowed) && std::ranges::all_of(port, is_digit);
}

finding check_host(request const& r) {
    auto const hosts = r.head.values(field::host);
    if (hosts.empty()) {
        return r.is(fault::accepts_missing_host) ? std::nullopt : finding(bad_request);
    }
    if (hosts.size() > 1) {  // RFC 9112 3.2
        return objection{r.is(fault::dies_on_two_hosts) ? reaction::die : reaction::refuse};
    }
    if (is_host(hosts.front()) || r.is(fault::accepts_bad_host)) return std::nullopt;
    return objection{r.is(fault::dies_on_bad_host) ? reaction::die : reaction::refuse};
}

finding check_lists(request const& r) {
    bool const refused = r.is(fault::refuses_empty_list_elements) && has_empty_element(r.head);
    return refused ? finding(bad_request) : std::nullopt;
}

/// A request without what asks for an upgrade is a plain GET; there is nothing else to get here.
finding plain_get(request const& r) {
    if (r.is(fault::page_for_plain_get)) return objection{reaction::refuse, 200};
    return upgrade_required;
}

finding check_upgrade(request const& r) {
    if (!r.head.has(field::upgrade)) {
        return r.is(fault::accepts_missing_upgrade) ? std::nullopt : plain_get(r);
    }
    auto const elements = r.head.list(field::upgrade);
    if (r.is(fault::refuses_upgrade_list) && elements.size() != 1) return bad_request;
    bool const found = std::ranges::any_of(
        elements, [&r](std::string const& element) { return is_websocket(r.kind, element); });
    return found ? std::nullopt : finding(upgrade_required);
}

finding check_connection(request const& r) {
    if (!r.head.has(field::connection)) {
        return r.is(fault::accepts_missing_connection) ? std::nullopt : plain_get(r);
    }
    return lists_upgrade(r.kind, r.head) ? std::nullopt : finding(upgrade_required);
}

bool is_key(request const& r, std::string_view key) {
    if (key.empty()) return r.is(fault::accepts_empty_key);
    if (r.is(fault::checks_key_length_only)) {
        return key.size() == 24 && key.find('=') == 22 && key.ends_with("==");
    }
    auto const decoded = parse_base64(key);
    if (!decoded) return false;
    // 4.2.1: 16 octets; the pad bits may be anything, since the text is hashed as it came
    if (decoded->size() < 16) return r.is(fault::accepts_short_key);
    if (decoded->size() > 16) return r.is(fault::accepts_long_key);
    return base64(*decoded) == key || !r.is(fault::refuses_noncanonical_key);
}

finding check_key(request const& r) {
    auto const keys = r.head.values(field::key);
    if (keys.empty()) {
        return r.is(fault::accepts_missing_key) ? std::nullopt : finding(bad_request);
    }
    if (keys.size() > 1 || !is_key(r, keys.front())) return bad_request;
    return std::nullopt;
}

/// 4.2.1: the version is 13, the field there once.
finding check_version(request const& r) {
    auto const versions = r.head.values(field::version);
    if (versions.empty()) {
        return r.is(fault::accepts_missing_version) ? std::nullopt : finding(upgrade_required);
    }
    if (r.is(fault::accepts_version_list) && r.head.lists(field::version, "13")) {
        return std::nullopt;
    }
    if (versions.size() > 1) return upgrade_required;
    bool const known = versions.front() == "13" || r.is(fault::accepts_any_version) ||
                       (versions.front() == "8" && r.is(fault::accepts_version_8));
    return known ? std::nullopt : finding(upgrade_required);
}

/// 4.3: 1#token. A name twice is the client's fault, but not against the grammar.
finding check_protocols(request const& r) {
    bool const echoed = r.is(fault::echoes_subprotocol_header);
    if (!r.head.has(field::protocol) || echoed) return std::nullopt;
    auto const offered = r.head.list(field::protocol);
    if (offered.empty() || !std::ranges::all_of(offered, is_token)) return bad_request;
    bool const known = std::ranges::find(offered, known_subprotocol) != offered.end();
    if (!known && r.is(fault::refuses_unknown_subprotocols)) return bad_request;
    return std::nullopt;
}

/// RFC 9112 6: a body would stand where the first frame has to.
finding check_body(request const& r) {
    if (r.is(fault::body_taken_for_frames)) return std::nullopt;
    auto const lengths = r.head.values(field::content_length);
    bool const none = std::ranges::all_of(lengths, [](auto length) { return length == "0"; });
    if (!none || r.head.has(field::transfer_encoding)) return bad_request;
    return std::nullopt;
}

finding check_expect(request const& r) {
    auto const expected = r.head.value(field::expect);
    if (!expected) return std::nullopt;
    bool const known = same_name(*expected, "100-continue") && !r.is(fault::refuses_expect);
    return known ? std::nullopt : finding(objection{reaction::refuse, 417});
}

}  // namespace

std::optional<objection> check_request(fault kind, http_head const& head) {
    request const r{kind, head};
    for (auto const check :
         {check_grammar, check_line, check_fields, check_host, check_lists, check_upgrade,
          check_connection, check_version, check_key, check_protocols, check_body, check_expect}) {
        if (auto const found = check(r)) return found;
    }
    return std::nullopt;
}

}  // namespace wsproof::faulty
