#include "reference-server/faulty_server_handshake.hpp"

#include <algorithm>

#include "wire/frame.hpp"

namespace wsproof::faulty {

namespace {

std::string_view reason_of(unsigned status) {
    switch (status) {
        case 200:
            return "OK";
        case 405:
            return "Method Not Allowed";
        case 417:
            return "Expectation Failed";
        case 426:
            return "Upgrade Required";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Bad Request";
    }
}

/// accept_key() trims, so the text is put in brackets to keep its whitespace: the hash is as wrong
/// as that of the bare text.
std::string untrimmed_accept(http_head const& head) {
    auto const key = untrimmed_value(head, field::key);
    return trim(key) == key ? accept_key(key) : accept_key("(" + key + ")");
}

std::string accept_value(fault kind, http_head const& head) {
    auto const key = head.value(field::key).value_or("");
    auto const decoded = parse_base64(key).value_or(octets{});
    switch (kind) {
        case fault::key_untrimmed:
            return untrimmed_accept(head);
        case fault::accept_of_reencoded_key:
            return accept_key(base64(decoded));
        case fault::accept_of_decoded_key:
            return accept_key(as_text(decoded));
        case fault::fixed_accept:
            return "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
        case fault::accept_unpadded:
            return accept_key(key).substr(0, 27);
        default:
            return accept_key(key);  // 4.2.2: of the text as it came
    }
}

std::string status_line_of(fault kind) {
    switch (kind) {
        case fault::status_200:
            return "HTTP/1.1 200 OK";
        case fault::no_reason_phrase:
            return "HTTP/1.1 101 ";
        case fault::odd_reason_phrase:
            return "HTTP/1.1 101 Web Socket Protocol Handshake \xE2\x80\x93 welcome";
        default:
            return "HTTP/1.1 101 Switching Protocols";
    }
}

using field_list = std::vector<header_field>;

void add_upgrade(fault kind, field_list& out) {
    if (kind != fault::response_without_upgrade) {
        bool const wrong = kind == fault::response_upgrade_wrong;
        out.push_back({"Upgrade", wrong ? "web-socket" : "websocket"});
    }
    if (kind == fault::response_without_connection) return;
    out.push_back({"Connection", "Upgrade"});
    if (kind == fault::response_connection_keep_alive) out.back().value = "keep-alive";
    if (kind == fault::connection_list_in_response) out.back().value = "keep-alive, Upgrade";
}

void add_accept(fault kind, http_head const& request, field_list& out) {
    if (kind == fault::accept_missing) return;
    out.push_back({"Sec-WebSocket-Accept", accept_value(kind, request)});
    if (kind == fault::accept_twice) out.push_back(out.back());
}

/// 4.2.2: the chosen one of those offered, or no field.
std::optional<std::string> choose_protocol(fault kind, http_head const& request) {
    if (kind == fault::echoes_subprotocol_header && request.has(field::protocol)) {
        return joined_values(request, field::protocol);
    }
    auto const offered = request.list(field::protocol);
    bool const known = std::ranges::any_of(offered, [kind](std::string const& name) {
        return name == known_subprotocol ||
               (kind == fault::subprotocol_case_insensitive && same_name(name, known_subprotocol));
    });
    if (offered.empty()) {
        if (kind != fault::unasked_subprotocol) return std::nullopt;
        return std::string(known_subprotocol);
    }
    if (kind == fault::takes_any_subprotocol) return offered.front();
    if (kind == fault::whole_subprotocol_list) {
        auto all = offered.front();
        for (std::size_t i = 1; i < offered.size(); ++i) all += ", " + offered[i];
        return all;
    }
    if (known) return std::string(known_subprotocol);
    return kind == fault::empty_subprotocol ? std::optional<std::string>("") : std::nullopt;
}

void add_extras(fault kind, field_list& out) {
    if (kind == fault::content_length_in_101) out.push_back({"Content-Length", "0"});
    if (kind == fault::transfer_encoding_in_101) out.push_back({"Transfer-Encoding", "chunked"});
    if (kind != fault::extra_response_fields) return;
    out.insert(out.begin(), {"Server", "faulty/1.0 (variant; \"quoted\")"});
    out.push_back({"Date", "Thu, 01 Jan 1970 00:00:00 GMT"});
    out.push_back({"Set-Cookie", "a=b; Path=/"});
    out.push_back({"Set-Cookie", "c=d"});
    out.push_back({"X-Empty", ""});
}

void respell(field_list& out) {
    std::ranges::reverse(out);
    for (auto& field : out) {
        if (field.name == "Upgrade") field.value = "WebSocket";
        if (field.name == "Connection") field.value = "UPGRADE";
        for (char& c : field.name) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        }
    }
}

octets acceptance(fault kind, http_head const& request, std::string const& extensions) {
    field_list fields;
    add_upgrade(kind, fields);
    add_accept(kind, request, fields);
    if (auto const protocol = choose_protocol(kind, request)) {
        fields.push_back({std::string(field::protocol), *protocol});
        if (kind == fault::subprotocol_twice) fields.push_back(fields.back());
    }
    if (!extensions.empty()) fields.push_back({std::string(field::extensions), extensions});
    add_extras(kind, fields);
    if (kind == fault::other_response_spelling) respell(fields);

    octets out;
    if (kind == fault::frame_before_response) out = make_frame(opcode::text, view_of("early"), {});
    // RFC 9110 7.8: 100 comes before 101
    if (request.has(field::expect) && kind != fault::omits_100_continue) {
        append(out, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    append(out, write_head(status_line_of(kind), fields));
    if (kind == fault::stray_crlf_behind_response) append(out, "\r\n");
    return out;
}

}  // namespace

handshake_answer refuse_handshake(fault kind, unsigned status) {
    if (kind == fault::drops_bad_requests) return {};
    bool const version = status == 426;
    if (kind == fault::refuses_with_400 && status != 200) status = 400;
    field_list fields;
    if (version) {
        // RFC 9110 15.5.22, and 4.2.2: the versions that would do
        fields.push_back({"Upgrade", "websocket"});
        if (kind != fault::version_refusal_without_list) {
            fields.push_back({std::string(field::version), "13"});
        }
    }
    if (status == 405) fields.push_back({"Allow", "GET"});
    fields.push_back({"Connection", version ? "Upgrade, close" : "close"});
    fields.push_back({"Content-Length", "0"});
    auto const line = "HTTP/1.1 " + std::to_string(status) + " " + std::string(reason_of(status));
    return {reaction::refuse, write_head(line, fields), {}};
}

handshake_answer answer_anything(fault kind, octets_view arrived) {
    octets guess(arrived.begin(), arrived.end());
    append(guess, "\r\n\r\n");
    auto const parsed = parse_head(guess, guess.size());
    auto const* const head = std::get_if<http_head>(&parsed);
    return {reaction::open, acceptance(kind, head != nullptr ? *head : http_head{}, {}), {}};
}

handshake_answer answer_handshake(fault kind, http_head const& request) {
    auto const head = head_as_read(kind, request);
    if (kind == fault::opens_for_any_head) return {reaction::open, acceptance(kind, head, {}), {}};
    auto const instead = [kind, &head](objection const& found) {
        if (found.what == reaction::refuse && kind == fault::opens_then_drops) {
            return handshake_answer{reaction::refuse, acceptance(kind, head, {}), {}};
        }
        if (found.what == reaction::refuse) return refuse_handshake(kind, found.status);
        return handshake_answer{found.what, {}, {}};
    };
    if (auto const found = check_request(kind, head)) return instead(*found);
    auto const extensions = answer_extensions(kind, head);
    if (extensions.instead) return instead(*extensions.instead);
    return {reaction::open, acceptance(kind, head, extensions.field), extensions.used};
}

}  // namespace wsproof::faulty
