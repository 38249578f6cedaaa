#include <algorithm>
#include <utility>

#include "reference-server/faulty_client_handshake.hpp"

namespace wsproof::faulty {

namespace {

using namespace std::string_view_literals;
using field_list = std::vector<header_field>;

struct line_edit {
    fault kind;
    std::string_view line;
};

constexpr std::string_view usual_line = "GET /echo HTTP/1.1";

constexpr line_edit line_edits[] = {
    {fault::request_post, "POST /echo HTTP/1.1"},
    {fault::request_lower_case_get, "get /echo HTTP/1.1"},
    {fault::request_http_1_0, "GET /echo HTTP/1.0"},
    {fault::request_lower_case_version, "GET /echo http/1.1"},
    {fault::request_ws_target, "GET ws://localhost/echo HTTP/1.1"},
    {fault::request_fragment_in_target, "GET /echo#top HTTP/1.1"},
    {fault::request_space_in_target, "GET /ec ho HTTP/1.1"},
    {fault::request_without_slash, "GET echo HTTP/1.1"},
    {fault::absolute_target, "GET http://localhost/echo HTTP/1.1"},
};

/// Values are parted by line feeds, one line for each; the field goes to the end if it is not
/// there.
struct field_edit {
    fault kind;
    std::string_view name, values;
};

constexpr field_edit field_edits[] = {
    {fault::request_with_folded_line, field::protocol, "wsproof.chat,\r\v wsproof.more"},
    {fault::request_with_control_character, "X-Control", "a\x01z"},
    {fault::request_empty_host, field::host, ""},
    {fault::request_uri_in_host, field::host, "ws://localhost/echo"},
    {fault::request_user_in_host, field::host, "user@localhost"},
    {fault::request_two_hosts, field::host, "localhost\nlocalhost"},
    {fault::request_other_upgrade, field::upgrade, "web-socket"},
    {fault::request_connection_keep_alive, field::connection, "keep-alive"},
    {fault::request_version_8, field::version, "8"},
    {fault::request_version_list, field::version, "13, 8"},
    {fault::request_leading_zero_in_version, field::version, "013"},
    {fault::request_two_versions, field::version, "13\n13"},
    {fault::request_bad_protocol_token, field::protocol, "wsproof chat"},
    {fault::request_empty_protocol, field::protocol, ""},
    {fault::request_duplicate_protocol, field::protocol, "wsproof.chat, wsproof.chat"},
    {fault::request_bad_extension_grammar, field::extensions, "permessage-deflate;"},
    {fault::request_empty_extensions, field::extensions, ""},
    {fault::request_window_bits_16, field::extensions,
     "permessage-deflate; client_max_window_bits; server_max_window_bits=16"},
    {fault::request_window_bits_7, field::extensions,
     "permessage-deflate; client_max_window_bits=7"},
    {fault::request_leading_zero_in_offer, field::extensions,
     "permessage-deflate; client_max_window_bits=09"},
    {fault::request_window_without_value, field::extensions,
     "permessage-deflate; client_max_window_bits; server_max_window_bits"},
    {fault::request_unknown_parameter, field::extensions,
     "permessage-deflate; client_max_window_bits; level=9"},
    {fault::request_repeated_parameter, field::extensions,
     "permessage-deflate; client_max_window_bits; client_max_window_bits"},
    {fault::request_value_on_flag, field::extensions,
     "permessage-deflate; client_max_window_bits; client_no_context_takeover=1"},
    {fault::accepts_unasked_client_window, field::extensions, "permessage-deflate"},
    {fault::request_with_body, field::content_length, "5"},
    {fault::request_chunked, field::transfer_encoding, "chunked"},
    {fault::extra_request_fields, "Origin", "http://localhost"},
    {fault::extra_request_fields, "User-Agent", "faulty/1.0 (variant; \"quoted\")"},
    {fault::extra_request_fields, "Cookie", "a=b; c=d"},
    {fault::extra_request_fields, "Accept-Language", "de, en;q=0.5"},
    {fault::extra_request_fields, "X-Empty", ""},
    {fault::connection_list_in_request, field::connection, "keep-alive, Upgrade"},
    {fault::default_port_in_host, field::host, "localhost:80"},
    {fault::protocols_in_two_fields, field::protocol, "wsproof.chat\nwsproof.more"},
    {fault::offers_in_two_fields, field::extensions,
     "permessage-deflate; client_max_window_bits\nx-wsproof-none"},
    {fault::many_offers, field::extensions,
     "permessage-deflate; server_max_window_bits=10; client_max_window_bits, "
     "permessage-deflate; client_max_window_bits, x-wsproof-none; a=\"b\""},
    {fault::empty_body_announced, field::content_length, "0"},
};

struct omission {
    fault kind;
    std::string_view name;
};

constexpr omission omissions[] = {
    {fault::request_without_host, field::host},
    {fault::request_without_upgrade, field::upgrade},
    {fault::request_without_connection, field::connection},
    {fault::request_without_key, field::key},
    {fault::request_without_version, field::version},
    {fault::omits_deflate_offer, field::extensions},
    {fault::omits_subprotocols, field::protocol},
    {fault::offers_no_subprotocol_and_takes_any, field::protocol},
};

/// 4.1: the base64 form of 16 random octets.
std::string key_text(fault kind, octets nonce) {
    switch (kind) {
        case fault::request_empty_key:
            return {};
        case fault::request_short_key:
            nonce.resize(8);
            return base64(nonce);
        case fault::request_long_key:
            nonce.resize(20, 0xA5);
            return base64(nonce);
        case fault::request_key_no_base64:
            return to_hex(nonce);
        case fault::request_url_safe_key:
            nonce[0] = 0xFB;
            nonce[1] = 0xFF;
            return "-_" + base64(nonce).substr(2);
        case fault::request_fixed_key:
            return "dGhlIHNhbXBsZSBub25jZQ==";
        case fault::request_unpadded_key:
            return base64(nonce).substr(0, 22);
        case fault::request_pad_bits_in_key: {
            // the last character but the padding holds two bits of the key and four that are zero
            auto text = base64(nonce);
            ++text[21];
            return text;
        }
        default:
            return base64(nonce);
    }
}

octets draw(std::mt19937_64& random) {
    octets nonce(16);
    for (auto& octet : nonce) octet = static_cast<std::uint8_t>(random() >> 56U);
    return nonce;
}

void set_field(field_list& fields, std::string_view name, std::string_view values) {
    auto const named = [name](header_field const& each) { return each.name == name; };
    auto at = std::ranges::find_if(fields, named) - fields.begin();
    std::erase_if(fields, named);
    for (std::size_t start = 0; start <= values.size();) {
        auto const end = std::min(values.find('\n', start), values.size());
        std::string value(values.substr(start, end - start));
        std::ranges::replace(value, '\v', '\n');
        fields.insert(fields.begin() + at++, {std::string(name), value});
        start = end + 1;
    }
}

field_list fields_of(fault kind, std::string const& key) {
    field_list fields{
        {"Host", "localhost"},
        {"Upgrade", "websocket"},
        {"Connection", "Upgrade"},
        {std::string(field::key), key},
        {std::string(field::version), "13"},
        {std::string(field::protocol), "wsproof.chat, wsproof.more"},
        {std::string(field::extensions), "permessage-deflate; client_max_window_bits"}};
    for (auto const& edit : field_edits) {
        if (edit.kind == kind) set_field(fields, edit.name, edit.values);
    }
    for (auto const& gone : omissions) {
        if (gone.kind == kind) {
            std::erase_if(fields, [&gone](auto const& each) { return each.name == gone.name; });
        }
    }
    return fields;
}

void respell(field_list& fields) {
    std::ranges::reverse(fields);
    for (auto& each : fields) {
        if (each.name == field::upgrade) each.value = "WebSocket";
        if (each.name == field::connection) each.value = "uPGRADE";
        for (char& c : each.name) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        }
    }
}

octets write(fault kind, field_list const& fields) {
    auto const* const line = std::ranges::find(line_edits, kind, &line_edit::kind);
    octets text;
    if (kind == fault::request_with_leading_crlf) append(text, "\r\n");
    append(text, write_head(line != std::end(line_edits) ? line->line : usual_line, fields));
    if (kind == fault::request_with_bare_line_feeds) std::erase(text, '\r');
    if (kind == fault::request_with_body) append(text, "Hello");
    if (kind == fault::request_chunked) append(text, "0\r\n\r\n");
    return text;
}

}  // namespace

client_request make_request(fault kind, std::mt19937_64& random) {
    auto fields = fields_of(kind, key_text(kind, draw(random)));
    if (kind == fault::request_two_keys) {
        fields.push_back({std::string(field::key), base64(draw(random))});
    }
    if (kind == fault::request_with_space_before_colon) {
        for (auto& each : fields) each.name += ' ';
    }
    if (kind == fault::other_request_spelling) respell(fields);

    client_request out;
    out.text = write(kind, fields);
    auto const parsed = parse_head(out.text, max_head);
    auto const& head = std::get<http_head>(parsed);
    out.key = std::string(head.value(field::key).value_or(""));
    out.protocols = head.list(field::protocol);
    out.offer = joined_values(head, field::extensions);
    return out;
}

}  // namespace wsproof::faulty
