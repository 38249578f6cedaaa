#include "reference-server/deflate_offer.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "reference-server/header_list.hpp"

namespace wsproof::reference {

namespace {

struct parameter {
    std::string name;
    std::optional<std::string> value;
};

struct element {
    std::string name;
    std::vector<parameter> parameters;
};

// RFC 6455 section 9.1: a value is a token, and a quoted one has to be a token once unquoted.
std::optional<parameter> parse_parameter(std::string_view text) {
    auto const equals = text.find('=');
    parameter p{std::string{trim(text.substr(0, equals))}, std::nullopt};
    if (!is_token(p.name)) return std::nullopt;
    if (equals == std::string_view::npos) return p;
    auto const raw = trim(text.substr(equals + 1));
    p.value = raw.starts_with('"') ? unquote(raw) : std::string{raw};
    if (!p.value || !is_token(*p.value)) return std::nullopt;
    return p;
}

std::optional<element> parse_element(std::string_view text) {
    auto const parts = split_list(text, ';');
    if (!parts || !is_token(parts->front())) return std::nullopt;
    element e{std::string{parts->front()}, {}};
    for (auto part = parts->begin() + 1; part != parts->end(); ++part) {
        auto p = parse_parameter(*part);
        if (!p) return std::nullopt;
        e.parameters.push_back(std::move(*p));
    }
    return e;
}

// RFC 7692 section 7.1.2: decimal, no leading zero. A window of 8 bits is more than zlib, and
// Beast after it, can compress for; inflating for it is no trouble.
bool is_window(std::string_view digits, int least) {
    if (digits.empty() || digits.size() > 2 || digits.front() == '0') return false;
    if (!std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) return false;
    int bits = 0;
    for (char const c : digits) bits = bits * 10 + (c - '0');
    return bits >= least && bits <= 15;
}

bool can_keep(parameter const& p) {
    if (p.name == "server_no_context_takeover" || p.name == "client_no_context_takeover")
        return !p.value;
    if (p.name == "server_max_window_bits") return p.value && is_window(*p.value, 9);
    if (p.name == "client_max_window_bits") return !p.value || is_window(*p.value, 8);
    return false;
}

// RFC 7692 section 7: what must be declined is declined by looking at the next offer.
bool can_keep(element const& offer) {
    if (offer.name != "permessage-deflate") return false;
    std::vector<std::string> names;
    for (auto const& p : offer.parameters) {
        if (!can_keep(p) || std::ranges::find(names, p.name) != names.end()) return false;
        names.push_back(p.name);
    }
    return true;
}

std::string write_element(element const& offer) {
    std::string text = offer.name;
    for (auto const& p : offer.parameters) {
        text += "; " + p.name;
        if (p.value) text += "=" + *p.value;
    }
    return text;
}

}  // namespace

extension_choice choose_extensions(std::string_view value) {
    auto const elements = split_elements(value);
    if (!elements || elements->empty()) return {false, std::nullopt};
    extension_choice choice;
    for (auto const text : *elements) {
        auto const offer = parse_element(text);
        if (!offer) return {false, std::nullopt};
        if (!choice.deflate && can_keep(*offer)) choice.deflate = write_element(*offer);
    }
    return choice;
}

}  // namespace wsproof::reference
