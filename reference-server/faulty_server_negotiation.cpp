#include <algorithm>

#include "reference-server/faulty_server_handshake.hpp"

namespace wsproof::faulty {

namespace {

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

/// What the server then acts on, which with one fault is not what it said.
deflate_parameters used_with(fault kind, deflate_parameters const& offer,
                             deflate_parameters const& shown) {
    auto used = shown;
    if (kind == fault::hint_taken_for_agreement) {
        used.client_no_context_takeover = offer.client_no_context_takeover;
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

/// Names that every object of some languages has.
bool names_property(extension const& element) {
    auto const special = [](std::string_view name) {
        return name == "constructor" || name == "__proto__";
    };
    return special(element.name) ||
           std::ranges::any_of(element.parameters, special, &extension_parameter::name);
}

/// The element accepted, or nothing: it is declined.
std::optional<extension_answer> consider(fault kind, extension const& element) {
    if (kind == fault::dies_on_huge_parameter && has_huge_parameter(element)) {
        return instead(reaction::die);
    }
    bool const quoted = has_quoted_value(element);
    if (quoted && kind == fault::refuses_quoted_value) return instead(reaction::refuse);
    if (quoted && kind == fault::declines_quoted_values) return std::nullopt;
    auto const parsed = parse_deflate(extension_as_read(kind, element), negotiation_side::offer);
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
    if (kind == fault::dies_on_property_name && std::ranges::any_of(*offers, names_property)) {
        return instead(reaction::die);
    }
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
