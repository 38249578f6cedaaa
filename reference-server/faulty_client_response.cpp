#include <algorithm>

#include "reference-server/faulty_client_handshake.hpp"

namespace wsproof::faulty {

namespace {

/// Behind this many octets of a head's body nobody waits.
constexpr std::uint64_t endless = std::uint64_t{1} << 62U;

struct response {
    fault kind;
    client_request const& sent;
    http_head const& head;

    bool is(fault other) const noexcept { return kind == other; }
};

/// RFC 9112 4: version, space, three digits, space, and what one likes.
bool is_status_line(response const& r) {
    auto const line = parse_status_line(r.head.start_line);
    if (!line) return false;
    bool const short_line = line->reason.empty() && !r.head.start_line.ends_with(' ');
    if (short_line && !r.is(fault::accepts_short_status_line)) return false;
    auto const& version = line->version;
    bool const known = version.size() == 8 && version.starts_with("HTTP/1.") && version[7] >= '1' &&
                       version[7] <= '9';
    return known || (version == "HTTP/1.0" && r.is(fault::accepts_http_1_0_response));
}

bool is_well_formed(response const& r) {
    if (!r.head.flaws.empty() || !is_status_line(r)) return false;
    if (is_disturbed_by_unknown(r.kind, r.head)) return false;
    return !r.is(fault::refuses_empty_list_elements) || !has_empty_element(r.head);
}

/// 4.1: any other status is no success.
bool is_switch(response const& r, unsigned status) {
    if (status == 101 || r.is(fault::accepts_any_status)) return true;
    return (status == 200 && r.is(fault::accepts_status_200)) ||
           (status < 200 && r.is(fault::opens_with_interim));
}

bool is_interim(response const& r, unsigned status) {
    if (status < 100 || status >= 200 || status == 101) return false;
    return !r.is(fault::takes_interim_for_final) && !is_switch(r, status);
}

bool has_good_order(response const& r) {
    constexpr std::array usual{field::upgrade, field::connection, field::accept};
    return !r.is(fault::needs_field_order) || stand_in_order(r.head, usual);
}

bool has_good_reason(response const& r) {
    auto const reason = parse_status_line(r.head.start_line)->reason;
    return !r.is(fault::needs_reason_phrase) || reason == "Switching Protocols";
}

/// 4.1: the value is websocket, which a list of several protocols is not.
bool has_good_upgrade(response const& r) {
    if (!r.head.has(field::upgrade)) return r.is(fault::accepts_missing_upgrade);
    if (r.is(fault::accepts_upgrade_list)) return r.head.lists(field::upgrade, "websocket");
    return is_websocket(r.kind, joined_values(r.head, field::upgrade));
}

bool has_good_connection(response const& r) {
    if (!r.head.has(field::connection)) return r.is(fault::accepts_missing_connection);
    return lists_upgrade(r.kind, r.head);
}

/// The one value of a field that must not be repeated.
std::optional<std::string_view> only_value(response const& r, std::string_view name) {
    auto const values = r.head.values(name);
    bool const equal = std::ranges::all_of(
        values, [&values](std::string_view value) { return value == values.front(); });
    bool const tolerated = equal && r.is(fault::accepts_equal_repeats);
    if (values.size() != 1 && !tolerated) return std::nullopt;
    return values.front();
}

bool has_good_accept(response const& r) {
    if (!r.head.has(field::accept)) return r.is(fault::accepts_missing_accept);
    auto const value = only_value(r, field::accept);
    if (!value) return false;
    auto const right = accept_key(r.sent.key);
    switch (r.kind) {
        case fault::accepts_wrong_accept:
            return true;
        case fault::accepts_unhashed_accept:
            return *value == right || *value == r.sent.key;
        case fault::accept_case_insensitive:
            return same_name(*value, right);
        case fault::accept_prefix_compared:
            return value->substr(0, 20) == right.substr(0, 20);
        case fault::accept_untrimmed:
            return untrimmed_value(r.head, field::accept) == right;
        default:
            return *value == right;
    }
}

/// 4.1: one of those offered, or no field.
bool has_good_protocol(response const& r) {
    if (!r.head.has(field::protocol)) {
        return r.sent.protocols.empty() || !r.is(fault::insists_on_subprotocol);
    }
    auto const value = only_value(r, field::protocol);
    if (!value) return false;
    auto const offered = [&r](std::string_view name) {
        return std::ranges::any_of(r.sent.protocols, [&](std::string const& each) {
            return each == name ||
                   (r.is(fault::offered_protocol_case_insensitive) && same_name(each, name));
        });
    };
    if (offered(*value)) return true;
    if (r.is(fault::accepts_empty_protocol)) return value->empty();
    if (r.is(fault::accepts_protocol_list)) {
        return !value->empty() && std::ranges::all_of(r.head.list(field::protocol), offered);
    }
    bool const blind =
        r.is(fault::accepts_unoffered_protocol) || r.is(fault::offers_no_subprotocol_and_takes_any);
    return blind && is_token(*value);
}

/// RFC 9112 6.3: a 1xx response has no body, whatever its fields say.
bool has_good_length(response const& r) {
    bool const announced =
        r.head.has(field::content_length) || r.head.has(field::transfer_encoding);
    return !announced || !r.is(fault::refuses_length_in_101);
}

std::uint64_t body_of(response const& r) {
    auto const length = r.head.value(field::content_length);
    if (!length || !r.is(fault::waits_for_body_of_101)) return 0;
    std::uint64_t size = 0;
    for (char const c : *length) {
        if (c < '0' || c > '9') return 0;
        size = std::min(endless, size * 10 + static_cast<std::uint64_t>(c - '0'));
    }
    return size;
}

response_answer with_extensions(response const& r) {
    auto const found = judge_extensions(r.kind, r.sent, r.head);
    response_answer answer{found.what, found.deflate, {}, found.doomed, body_of(r)};
    if (found.what == judgement::fail && r.is(fault::closes_bad_negotiation_with_1010)) {
        answer.what = judgement::open;
        answer.close = 1010;
    }
    return answer;
}

}  // namespace

std::variant<head_incomplete, head_too_large, http_head> read_response_head(fault kind,
                                                                            octets_view arrived) {
    auto const text = as_text(arrived);
    auto const line_end = text.find('\r');
    if (kind == fault::opens_at_the_status_line && text.starts_with("HTTP/1.1 101 ") &&
        line_end + 1 < text.size()) {
        http_head head;
        head.start_line = text.substr(0, line_end);
        head.raw = to_octets(text.substr(0, line_end + (text[line_end + 1] == '\n' ? 2 : 1)));
        return head;
    }
    auto parsed = parse_head(arrived, max_head);
    if (kind == fault::bare_cr_ends_line && std::holds_alternative<head_incomplete>(parsed)) {
        parsed = parse_head(with_whole_line_ends(arrived), max_head);
    }
    return parsed;
}

response_answer judge_response(fault kind, client_request const& sent, http_head const& given) {
    bool const blind =
        kind == fault::opens_for_any_response || kind == fault::opens_at_the_status_line;
    if (blind) return {.what = judgement::open};
    auto const head = head_as_read(kind, given);
    response const r{kind, sent, head};
    bool const fold = r.is(fault::dies_on_fold) && has_fold(head);
    if (fold || dies_of_fields(kind, head)) return {.what = judgement::die};
    if (!is_well_formed(r)) return {};
    auto const status = parse_status_line(head.start_line)->status;
    if (is_interim(r, status)) return {.what = judgement::interim};
    if (r.is(fault::dies_on_refusal) && status >= 400) return {.what = judgement::die};
    if (!is_switch(r, status)) return {};
    for (auto const check : {has_good_order, has_good_reason, has_good_upgrade, has_good_connection,
                             has_good_accept, has_good_protocol, has_good_length}) {
        if (!check(r)) return {};
    }
    return with_extensions(r);
}

}  // namespace wsproof::faulty
