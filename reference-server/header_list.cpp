#include "reference-server/header_list.hpp"

#include <algorithm>
#include <cstddef>

namespace wsproof::reference {

namespace {

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_token_character(char c) {
    return is_alphanumeric(c) ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

std::string_view trim(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, fold, fold);
}

std::optional<std::vector<std::string_view>> split_list(std::string_view value, char separator) {
    std::vector<std::string_view> elements;
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (quoted && value[i] == '\\') {
            ++i;  // the next character loses its meaning
        } else if (value[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && value[i] == separator) {
            elements.push_back(trim(value.substr(begin, i - begin)));
            begin = i + 1;
        }
    }
    if (quoted) return std::nullopt;
    elements.push_back(trim(value.substr(begin)));
    return elements;
}

std::optional<std::vector<std::string_view>> split_elements(std::string_view value) {
    auto elements = split_list(value, ',');
    if (elements) std::erase(*elements, std::string_view{});
    return elements;
}

std::optional<std::string> unquote(std::string_view text) {
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
    text = text.substr(1, text.size() - 2);
    std::string value;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') return std::nullopt;
        if (text[i] == '\\' && ++i == text.size()) return std::nullopt;
        value += text[i];
    }
    return value;
}

}  // namespace wsproof::reference
