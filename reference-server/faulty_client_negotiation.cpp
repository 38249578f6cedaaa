#include <algorithm>

#include "reference-server/faulty_client_handshake.hpp"

namespace wsproof::faulty {

namespace {

constexpr std::string_view client_window = "client_max_window_bits";

/// What a careless reader makes of digits.
unsigned parse_number(std::string_view text) {
    unsigned number = 0;
    for (char const c : text) {
        if (c < '0' || c > '9') return 0;
        number = std::min(100000U, number * 10 + static_cast<unsigned>(c - '0'));
    }
    return number;
}

bool is_offered(client_request const& sent, std::string_view name) {
    auto const parsed = parse_extensions(sent.offer);
    auto const* const offers = std::get_if<std::vector<extension>>(&parsed);
    // an offer that breaks the grammar is one all the same to who sent it
    if (offers == nullptr) return sent.offer.find(name) != std::string::npos;
    return std::ranges::find(*offers, name, &extension::name) != offers->end();
}

extension with_value(fault kind, extension element) {
    for (auto& parameter : element.parameters) {
        bool const bare = parameter.name == client_window && !parameter.value;
        if (bare && kind == fault::accepts_client_window_without_value) parameter.value = "15";
    }
    return extension_as_read(kind, std::move(element));
}

/// Takes window bits above 15 away. True if there were any.
bool lose_huge_window(extension& element) {
    bool found = false;
    for (auto& parameter : element.parameters) {
        bool const window = parameter.name.ends_with("_max_window_bits") && parameter.value;
        if (!window || parse_number(*parameter.value) <= 15) continue;
        parameter.value = "15";
        found = true;
    }
    return found;
}

/// RFC 7692 7: what a client cannot go on with fails the connection.
bool is_usable(fault kind, client_request const& sent, deflate_parameters const& agreed) {
    // 7.1.2.2: only a client that named the parameter understands it
    bool const asked = sent.offer.find(client_window) != std::string::npos;
    bool const unasked = agreed.client_max_window_bits.has_value() && !asked;
    if (unasked && kind != fault::accepts_unasked_client_window) return false;
    switch (kind) {
        case fault::refuses_client_takeover:
            return !agreed.client_no_context_takeover;
        case fault::refuses_smallest_window:
            return agreed.client_max_window_bits != 8;
        case fault::refuses_server_parameters:
            return !agreed.server_no_context_takeover && !agreed.server_max_window_bits;
        default:
            return true;
    }
}

extension_judgement accept_deflate(fault kind, client_request const& sent,
                                   extension const& element) {
    if (kind == fault::dies_on_huge_parameter && has_huge_parameter(element)) {
        return {.what = judgement::die};
    }
    if (kind == fault::refuses_quoted_value && has_quoted_value(element)) {
        return {.what = judgement::fail};
    }
    auto read = with_value(kind, element);
    bool const doomed = kind == fault::dies_on_huge_window_in_response && lose_huge_window(read);
    auto const parsed = parse_deflate(read, negotiation_side::response);
    auto const* const agreed = std::get_if<deflate_parameters>(&parsed);
    if (agreed == nullptr || !is_usable(kind, sent, *agreed)) return {.what = judgement::fail};
    return {judgement::open, *agreed, doomed};
}

/// 9.1: what breaks the grammar fails the connection.
extension_judgement judge_malformed(fault kind, std::string_view value) {
    bool const named = value.find(deflate_name) != std::string_view::npos;
    if (kind == fault::malformed_extension_accepted && named) {
        return {.deflate = deflate_parameters{}};
    }
    if (kind == fault::ignores_malformed_extensions) return {};
    bool const unclosed = std::ranges::count(value, '"') % 2 != 0;
    bool const hangs = kind == fault::hangs_on_unclosed_quote && unclosed;
    return {.what = hangs ? judgement::hang : judgement::fail};
}

}  // namespace

extension_judgement judge_extensions(fault kind, client_request const& sent,
                                     http_head const& response) {
    auto const values = response.values(field::extensions);
    if (values.empty()) return {};
    if (values.size() > 1 && kind == fault::refuses_two_extension_fields) {
        return {.what = judgement::fail};
    }
    auto const joined = joined_values(response, field::extensions);
    auto const parsed = parse_extensions(joined);
    auto const* const elements = std::get_if<std::vector<extension>>(&parsed);
    if (elements == nullptr) return judge_malformed(kind, joined);
    extension_judgement found;
    for (auto const& element : *elements) {
        if (element.name != deflate_name || !is_offered(sent, deflate_name)) {
            // 4.1 and 9.1: what was not offered, or is not known, is never used
            if (kind != fault::accepts_unoffered_extension) return {.what = judgement::fail};
        } else if (!found.deflate) {
            found = accept_deflate(kind, sent, element);
            if (found.what != judgement::open) return found;
        } else if (kind != fault::accepts_deflate_twice) {
            return {.what = judgement::fail};  // RFC 7692 5
        }
    }
    return found;
}

}  // namespace wsproof::faulty
