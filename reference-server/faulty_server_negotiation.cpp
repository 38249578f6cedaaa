#include <algorithm>

#include "reference-server/faulty_server_handshake.hpp"

namespace wsproof::faulty {

namespace {

constexpr std::string_view deflate_name = "permessage-deflate";

bool is_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_window(extension_parameter const& parameter) {
    return parameter.name.ends_with("_max_window_bits");
}

/// Window bits outside 8 to 15 become the nearest legal value.
void clamp_window(extension_parameter& parameter) {
    if (!is_window(parameter) || !parameter.value || parameter.value->empty() ||
        !is_digits(*parameter.value) || parameter.value->starts_with('0')) {
        return;
    }
    bool const small = parameter.value->size() == 1 && parameter.value->front() < '8';
    bool const large =
        parameter.value->size() > 2 || (parameter.value->size() == 2 && *parameter.value > "15");
    if (small) parameter.value = "8";
    if (large) parameter.value = "15";
}

void drop_repeated(std::vector<extension_parameter>& parameters) {
    std::vector<extension_parameter> kept;
    for (auto const& parameter : parameters) {
        bool const there =
            std::ranges::find(kept, parameter.name, &extension_parameter::name) != kept.end();
        if (!there) kept.push_back(parameter);
    }
    parameters = std::move(kept);
}

bool is_known(extension_parameter const& parameter) {
    return is_window(parameter) || parameter.name.ends_with("_no_context_takeover");
}

/// The element with what a server with this fault does not mind put right.
extension as_read(fault kind, extension element) {
    auto& parameters = element.parameters;
    if (kind == fault::accepts_repeated_parameter) drop_repeated(parameters);
    if (kind == fault::accepts_unknown_parameter) {
        std::erase_if(parameters, [](auto const& parameter) { return !is_known(parameter); });
    }
    for (auto& parameter : parameters) {
        bool const window = is_window(parameter);
        if (kind == fault::accepts_bad_window_bits) clamp_window(parameter);
        if (kind == fault::accepts_leading_zero && window && parameter.value) {
            parameter.value->erase(0, parameter.value->find_first_not_of('0'));
        }
        if (kind == fault::accepts_missing_value && parameter.name == "server_max_window_bits" &&
            !parameter.value) {
            parameter.value = "15";
        }
        if (kind == fault::accepts_value_on_flag && !window) parameter.value.reset();
    }
    return element;
}

bool has_quoted(extension const& element) {
    return std::ranges::any_of(element.parameters, &extension_parameter::quoted);
}

bool is_huge(extension_parameter const& parameter) {
    return parameter.value && parameter.value->size() >= 10 && is_digits(*parameter.value);
}

/// What the response says about an offer (7.1). Without hint, nothing is asked of the client.
deflate_parameters response_to(fault kind, deflate_parameters const& offer) {
    auto shown = offer;
    if (shown.client_max_window_bits == 0) shown.client_max_window_bits.reset();
    switch (kind) {
        case fault::answers_9_to_8:
            if (offer.server_max_window_bits == 8) shown.server_max_window_bits = 9;
            break;
        case fault::answers_larger_window:
            if (offer.server_max_window_bits) shown.server_max_window_bits = 15;
            break;
        case fault::drops_server_takeover_request:
            shown.server_no_context_takeover = false;
            break;
        case fault::drops_server_window_request:
            shown.server_max_window_bits.reset();
            break;
        case fault::unasked_client_window:
            if (!offer.client_max_window_bits) shown.client_max_window_bits = 15;
            break;
        case fault::hint_taken_for_agreement:
            shown.client_no_context_takeover = false;
            break;
        case fault::client_window_without_value:
            if (offer.client_max_window_bits) shown.client_max_window_bits = 15;
            break;
        case fault::server_takeover_unasked:
            shown.server_no_context_takeover = true;
            break;
        case fault::client_takeover_unasked:
            shown.client_no_context_takeover = true;
            break;
        case fault::server_window_unasked:
            shown.server_max_window_bits = std::min(offer.server_max_window_bits.value_or(15), 9);
            break;
        case fault::ignores_client_hints:
            shown.client_no_context_takeover = false;
            shown.client_max_window_bits.reset();
            break;
        default:
            break;
    }
    return shown;
}

/// What the server then does, which with some faults is not what it said.
deflate_parameters used_with(fault kind, deflate_parameters const& offer,
                             deflate_parameters const& shown) {
    auto used = shown;
    switch (kind) {
        case fault::swaps_sides:
            std::swap(used.server_no_context_takeover, used.client_no_context_takeover);
            std::swap(used.server_max_window_bits, used.client_max_window_bits);
            break;
        case fault::compresses_with_context:
            used.server_no_context_takeover = false;
            break;
        case fault::window_larger_than_agreed:
            used.server_max_window_bits.reset();
            break;
        case fault::loses_window:
            used.client_no_context_takeover = true;
            break;
        case fault::hint_taken_for_agreement:
            used.client_no_context_takeover = offer.client_no_context_takeover;
            break;
        case fault::never_keeps_its_window:
            used.server_no_context_takeover = true;
            break;
        default:
            break;
    }
    return used;
}

std::string written(fault kind, deflate_parameters const& shown) {
    auto element = write_deflate(shown);
    for (auto& parameter : element.parameters) {
        if (kind == fault::client_window_without_value &&
            parameter.name == "client_max_window_bits") {
            parameter.value.reset();
        }
        if (kind == fault::value_on_flag_in_response &&
            parameter.name == "server_no_context_takeover") {
            parameter.value = "true";
        }
    }
    return write_extensions({element});
}

extension_answer accept_offer(fault kind, deflate_parameters const& offer) {
    auto const shown = response_to(kind, offer);
    return {{}, used_with(kind, offer, shown), written(kind, shown)};
}

extension_answer instead(reaction what, unsigned status = 400) {
    return {objection{what, status}, {}, {}};
}

/// The element accepted, or nothing: it is declined.
std::optional<extension_answer> consider(fault kind, extension const& element) {
    if (kind == fault::dies_on_huge_parameter && std::ranges::any_of(element.parameters, is_huge)) {
        return instead(reaction::die);
    }
    bool const quoted = has_quoted(element);
    if (quoted && kind == fault::refuses_quoted_value) return instead(reaction::refuse);
    if (quoted && kind == fault::declines_quoted_values) return std::nullopt;
    auto const parsed = parse_deflate(as_read(kind, element), negotiation_side::offer);
    auto const* const offer = std::get_if<deflate_parameters>(&parsed);
    if (offer == nullptr) {
        // 7: declining leaves the element out of the response
        if (kind == fault::error_on_declined_offer) return instead(reaction::refuse, 500);
        if (kind == fault::refuses_bad_offers) return instead(reaction::refuse);
        return std::nullopt;
    }
    bool const smallest = offer->server_max_window_bits == 8;
    if (smallest && kind == fault::error_on_window_bits_8) return instead(reaction::refuse, 500);
    if (smallest && kind == fault::declines_window_bits_8) return std::nullopt;
    return accept_offer(kind, *offer);
}

extension_answer answer_malformed(fault kind, std::string_view value) {
    bool const named = value.find(deflate_name) != std::string_view::npos;
    if (kind == fault::malformed_extension_accepted && named) return accept_offer(kind, {});
    if (kind == fault::ignores_malformed_extensions) return {};
    if (kind == fault::hangs_on_unclosed_quote && std::ranges::count(value, '"') % 2 != 0) {
        return instead(reaction::hang);
    }
    return instead(reaction::refuse);  // 9.1
}

}  // namespace

extension_answer answer_extensions(fault kind, http_head const& request) {
    extension_answer nothing;
    if (!request.has(field::extensions)) {
        if (kind == fault::unasked_extension) nothing.field = deflate_name;
        return nothing;
    }
    auto const joined = joined_values(request, field::extensions);
    if (kind == fault::echoes_extensions_header) return {{}, {}, joined};
    auto const parsed = parse_extensions(joined);
    auto const* const offers = std::get_if<std::vector<extension>>(&parsed);
    if (offers == nullptr) return answer_malformed(kind, joined);
    if (kind == fault::declines_deflate) return nothing;
    for (auto const& element : *offers) {
        // the first one that will do: offers stand in the client's order (RFC 7692 5)
        if (element.name != deflate_name) {
            if (kind == fault::refuses_unknown_extension) return instead(reaction::refuse);
        } else if (auto const answer = consider(kind, element)) {
            return *answer;
        }
    }
    if (kind == fault::unasked_extension && joined.find(deflate_name) == std::string::npos) {
        nothing.field = deflate_name;
    }
    return nothing;
}

}  // namespace wsproof::faulty
