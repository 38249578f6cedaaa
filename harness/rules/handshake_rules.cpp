#include "rules/handshake_rules.hpp"

#include <algorithm>

#include "wire/extension.hpp"

namespace wsproof {
namespace {

std::string joined(http_head const& head, std::string_view name) {
    std::string out;
    for (auto const value : head.values(name)) {
        if (!out.empty()) out += ", ";
        out += value;
    }
    return out;
}

void check_status_line(http_head const& response, std::vector<violation>& out) {
    auto const line = parse_status_line(response.start_line);
    // RFC 9112 4: the space behind the code stays even without a reason phrase
    if (!line || line->version != "HTTP/1.1" || response.start_line.size() < 13)
        out.push_back({rule::response_status_line, response.start_line});
    if (!response.flaws.empty())
        out.push_back({rule::response_grammar,
                       "flaw at octet " + std::to_string(response.flaws.front().offset)});
}

void check_upgrade(http_head const& response, std::vector<violation>& out) {
    if (!response.lists("Upgrade", "websocket"))
        out.push_back({rule::response_no_upgrade, joined(response, "Upgrade")});
    if (!response.lists("Connection", "Upgrade"))
        out.push_back({rule::response_no_connection, joined(response, "Connection")});
}

void check_accept(request_facts const& asked, http_head const& response, std::vector<violation>& out) {
    auto const values = response.values("Sec-WebSocket-Accept");
    if (values.empty()) {
        out.push_back({rule::response_accept_missing, ""});
        return;
    }
    auto const wanted = accept_key(asked.key);
    if (std::ranges::any_of(values, [&](std::string_view value) { return value != wanted; }))
        out.push_back({rule::response_accept_wrong,
                       std::string(values.front()) + " instead of " + wanted});
    if (values.size() > 1) out.push_back({rule::response_accept_repeated, ""});
}

void check_protocol(request_facts const& asked, http_head const& response, std::vector<violation>& out) {
    auto const values = response.values("Sec-WebSocket-Protocol");
    if (values.empty()) return;
    if (values.size() > 1) out.push_back({rule::response_protocol_repeated, ""});
    for (auto const value : values) {
        if (!is_token(value)) {
            out.push_back({rule::response_protocol_not_token, std::string(value)});
        } else if (std::ranges::find(asked.protocols, value) == asked.protocols.end()) {
            out.push_back({rule::response_protocol_unrequested, std::string(value)});
        }
    }
}

// RFC 7692 7.1: a response that fits at least one of the offers of the request
void check_deflate(std::vector<extension> const& offers, extension const& answer,
                   std::vector<violation>& out) {
    auto const response = parse_deflate(answer, negotiation_side::response);
    if (auto const* wrong = std::get_if<std::string>(&response)) {
        out.push_back({rule::response_deflate_parameters, *wrong});
        return;
    }
    std::string breach = "no offer of the request is valid";
    for (auto const& offer : offers) {
        if (!same_name(offer.name, answer.name)) continue;
        auto const asked = parse_deflate(offer, negotiation_side::offer);
        if (std::holds_alternative<std::string>(asked)) continue;
        auto const wrong = check_deflate_response(std::get<deflate_parameters>(asked),
                                                  std::get<deflate_parameters>(response));
        if (!wrong) return;
        breach = *wrong;
    }
    out.push_back({rule::response_deflate_parameters, breach});
}

void check_extensions(request_facts const& asked, http_head const& response, std::vector<violation>& out) {
    if (!response.has("Sec-WebSocket-Extensions")) return;
    auto const parsed = parse_extensions(joined(response, "Sec-WebSocket-Extensions"));
    if (auto const* error = std::get_if<extension_error>(&parsed)) {
        out.push_back({rule::response_extension_grammar, error->text});
        return;
    }
    std::vector<extension> offered;
    auto const offers = parse_extensions(asked.extensions);
    if (auto const* list = std::get_if<std::vector<extension>>(&offers)) offered = *list;
    bool deflate_taken = false;
    for (auto const& answer : std::get<std::vector<extension>>(parsed)) {
        auto const same = [&](extension const& offer) { return same_name(offer.name, answer.name); };
        if (std::ranges::none_of(offered, same)) {
            out.push_back({rule::response_extension_unrequested, answer.name});
        } else if (same_name(answer.name, "permessage-deflate")) {
            if (deflate_taken)
                out.push_back({rule::response_deflate_parameters, "permessage-deflate accepted twice"});
            deflate_taken = true;
            check_deflate(offered, answer, out);
        }
    }
}

}  // namespace

request_facts facts_of(http_head const& request) {
    request_facts facts;
    if (auto const key = request.value("Sec-WebSocket-Key")) facts.key = std::string(*key);
    facts.protocols = request.list("Sec-WebSocket-Protocol");
    facts.extensions = joined(request, "Sec-WebSocket-Extensions");
    auto const offers = parse_extensions(facts.extensions);
    if (auto const* list = std::get_if<std::vector<extension>>(&offers))
        for (auto const& offer : *list) {
            if (facts.deflate || !same_name(offer.name, "permessage-deflate")) continue;
            auto const parameters = parse_deflate(offer, negotiation_side::offer);
            if (auto const* valid = std::get_if<deflate_parameters>(&parameters)) facts.deflate = *valid;
        }
    return facts;
}

std::vector<violation> check_response(request_facts const& asked, http_head const& response) {
    std::vector<violation> out;
    auto const line = parse_status_line(response.start_line);
    if (!line || line->status != 101) return out;
    check_status_line(response, out);
    check_upgrade(response, out);
    check_accept(asked, response, out);
    check_protocol(asked, response, out);
    check_extensions(asked, response, out);
    if (response.has("Content-Length")) out.push_back({rule::response_has_length, ""});
    if (response.has("Transfer-Encoding")) out.push_back({rule::response_has_transfer_encoding, ""});
    return out;
}

std::optional<deflate_parameters> agreed_deflate(http_head const& response) {
    auto const parsed = parse_extensions(joined(response, "Sec-WebSocket-Extensions"));
    auto const* list = std::get_if<std::vector<extension>>(&parsed);
    if (list == nullptr) return std::nullopt;
    for (auto const& element : *list) {
        if (!same_name(element.name, "permessage-deflate")) continue;
        auto const parameters = parse_deflate(element, negotiation_side::response);
        if (auto const* agreed = std::get_if<deflate_parameters>(&parameters)) return *agreed;
    }
    return std::nullopt;
}

}  // namespace wsproof
