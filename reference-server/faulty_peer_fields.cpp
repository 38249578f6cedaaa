#include <algorithm>
#include <span>
#include <utility>

#include "reference-server/faulty_peer_heads.hpp"

namespace wsproof::faulty {

namespace {

bool holds(std::string_view text, std::string_view part) {
    return std::ranges::search(text, part, [](char a, char b) {
               return same_name({&a, 1}, {&b, 1});
           }).begin() != text.end();
}

std::string fold_beyond_ascii(std::string text) {
    for (auto const& [from, to] : {std::pair("\xC5\xBF", 's'), std::pair("\xE2\x84\xAA", 'k')}) {
        std::string_view const letter = from;
        for (auto at = text.find(letter); at != std::string::npos; at = text.find(letter)) {
            text.replace(at, letter.size(), 1, to);
        }
    }
    return text;
}

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

constexpr std::array<std::string_view, 14> other_known_fields{
    "Server",          "Date",    "Origin",  "User-Agent", "Cookie", "Authorization",
    "Cache-Control",   "Referer", "Sec-GPC", "Pragma",     "Accept", "Accept-Encoding",
    "Accept-Language", "DNT"};

bool is_known(header_field const& given) {
    auto const same = [&given](std::string_view name) { return same_name(name, given.name); };
    return std::ranges::any_of(field::all, same) || std::ranges::any_of(other_known_fields, same);
}

bool has_empty(std::string_view value) {
    for (std::size_t start = 0;;) {
        auto const comma = value.find(',', start);
        if (trim(value.substr(start, comma - start)).empty()) return true;
        if (comma == std::string_view::npos) return false;
        start = comma + 1;
    }
}

}  // namespace

// 9.1 and 11.3.4: several fields are one list
std::string joined_values(http_head const& head, std::string_view name) {
    std::string joined;
    for (auto const value : head.values(name)) {
        if (!joined.empty()) joined += ", ";
        joined += value;
    }
    return joined;
}

std::string untrimmed_value(http_head const& head, std::string_view name) {
    auto const text = as_text(head.raw);
    for (std::size_t at = 0; at < text.size();) {
        auto const end = std::min(text.find('\n', at), text.size());
        auto line = text.substr(at, end - at);
        at = end + 1;
        auto const colon = line.find(':');
        if (colon == std::string_view::npos || !same_name(line.substr(0, colon), name)) {
            continue;
        }
        line.remove_prefix(colon + 1);
        if (line.starts_with(' ')) line.remove_prefix(1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        return std::string(line);
    }
    return {};
}

bool has_fold(http_head const& head) {
    return std::ranges::any_of(
        head.flaws, [](auto const& flaw) { return flaw.defect == head_defect::folded_line; });
}

bool dies_of_fields(fault kind, http_head const& head) {
    auto const& fields = head.fields;
    switch (kind) {
        case fault::dies_on_many_fields:
            return fields.size() > 100;
        case fault::dies_on_empty_value:
            return std::ranges::any_of(fields, &std::string::empty, &header_field::value);
        case fault::dies_on_long_field:
            return std::ranges::any_of(
                fields, [](header_field const& given) { return given.value.size() >= 4096; });
        default:
            return false;
    }
}

bool is_disturbed_by_unknown(fault kind, http_head const& head) {
    return kind == fault::refuses_unknown_field &&
           !std::ranges::all_of(head.fields, [](header_field const& f) { return is_known(f); });
}

bool stand_in_order(http_head const& head, std::span<std::string_view const> names) {
    auto at = head.fields.begin();
    for (auto const name : names) {
        at = std::find_if(at, head.fields.end(),
                          [name](auto const& f) { return same_name(f.name, name); });
        if (at == head.fields.end()) return false;
    }
    return true;
}

bool has_empty_element(http_head const& head) {
    constexpr std::array lists{field::upgrade, field::connection, field::protocol,
                               field::extensions};
    return std::ranges::any_of(lists, [&head](std::string_view name) {
        return std::ranges::any_of(head.values(name), has_empty);
    });
}

bool is_websocket(fault kind, std::string_view element) {
    switch (kind) {
        case fault::accepts_other_upgrade:
            return true;
        case fault::upgrade_case_sensitive:
            return element == "websocket";
        case fault::accepts_upgrade_substring:
            return holds(element, "websocket");
        case fault::upgrade_unicode_folding:
            return same_name(fold_beyond_ascii(std::string(element)), "websocket");
        default:
            return same_name(element, "websocket");
    }
}

bool lists_upgrade(fault kind, http_head const& head) {
    if (kind == fault::ignores_connection_value) return true;
    if (kind == fault::connection_no_list) {
        return same_name(*head.value(field::connection), "upgrade");
    }
    return std::ranges::any_of(head.list(field::connection), [kind](std::string const& element) {
        if (kind == fault::connection_case_sensitive) return element == "Upgrade";
        if (kind == fault::connection_substring) return holds(element, "upgrade");
        return same_name(element, "upgrade");
    });
}

extension extension_as_read(fault kind, extension element) {
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

bool has_quoted_value(extension const& element) {
    return std::ranges::any_of(element.parameters, &extension_parameter::quoted);
}

bool has_huge_parameter(extension const& element) {
    return std::ranges::any_of(element.parameters, [](extension_parameter const& parameter) {
        return parameter.value && parameter.value->size() >= 10 && is_digits(*parameter.value);
    });
}

}  // namespace wsproof::faulty
