#include "wire/handshake.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <utility>

namespace wsproof {

namespace {

constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

/// CTL of RFC 5234 without HTAB, which RFC 9110 5.5 allows in values.
constexpr bool is_control_character(char c) noexcept {
    auto const value = static_cast<unsigned char>(c);
    return (value < 0x20 && c != '\t') || value == 0x7F;
}

constexpr std::string_view other_tchars = "!#$%&'*+-.^_`|~";

constexpr std::array<bool, 256> make_tchar_table() noexcept {
    std::array<bool, 256> table{};
    for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
    for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = table[c + 32U] = true;
    for (auto const c : other_tchars) table[static_cast<unsigned char>(c)] = true;
    return table;
}

constexpr auto tchar_table = make_tchar_table();

constexpr bool is_tchar(char c) noexcept { return tchar_table[static_cast<unsigned char>(c)]; }

constexpr char fold(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The octets of an empty line that starts at `at`; 0 if there is none.
std::size_t empty_line_at(std::string_view text, std::size_t at) noexcept {
    auto const rest = text.substr(at);
    if (rest.starts_with('\n')) return 1;
    return rest.starts_with("\r\n") ? 2 : 0;
}

/// RFC 9112 2.2: empty lines before the start line are to be ignored.
std::size_t skip_empty_lines(std::string_view text) noexcept {
    std::size_t at = 0;
    while (auto const size = empty_line_at(text, at)) at += size;
    return at;
}

/// The octets of the head up to and with its empty line, if that is there. Goes from line end to
/// line end with memchr, because callers ask again after each read.
std::optional<std::size_t> find_end(std::string_view text) noexcept {
    auto at = text.find('\n', skip_empty_lines(text));
    while (at != std::string_view::npos) {
        ++at;
        if (auto const size = empty_line_at(text, at)) return at + size;
        at = text.find('\n', at);
    }
    return std::nullopt;
}

/// Reads a head whose end is known, line by line, and notes every flaw with its place.
class head_reader {
public:
    explicit head_reader(octets_view raw) : text_(as_text(raw)) {
        head_.raw.assign(raw.begin(), raw.end());
    }

    http_head read() && {
        while (empty_line_at(text_, at_) != 0) next_line();
        auto const start = at_;
        head_.start_line = next_line();
        check_octets(head_.start_line, start, true);
        while (at_ < text_.size()) {
            auto const offset = at_;
            auto const line = next_line();
            if (!line.empty()) read_line(line, offset);
        }
        // the flaws of one line are found in no order
        std::ranges::sort(head_.flaws, {}, [](head_flaw const& flaw) {
            return std::pair(flaw.offset, flaw.defect);
        });
        return std::move(head_);
    }

private:
    std::string_view next_line() {
        auto const end = text_.find('\n', at_);
        auto line = text_.substr(at_, end - at_);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        } else {
            note(head_defect::bare_line_feed, end);  // RFC 9112 2.2
        }
        at_ = end + 1;
        return line;
    }

    void read_line(std::string_view line, std::size_t offset) {
        if (is_blank(line.front())) return read_fold(line, offset);
        auto const colon = line.find(':');
        field_open_ = colon != std::string_view::npos;
        if (!field_open_) {
            note(head_defect::missing_colon, offset);
            return check_octets(line, offset, true);
        }
        auto const name = read_name(line.substr(0, colon), offset);
        auto const value = line.substr(colon + 1);
        check_octets(value, offset + colon + 1, true);
        head_.fields.push_back({std::string(name), std::string(trim(value))});
    }

    /// RFC 9112 5.2: a line that starts with a blank goes on with the value before it.
    void read_fold(std::string_view line, std::size_t offset) {
        check_octets(line, offset, true);
        if (head_.fields.empty()) {
            // RFC 9112 2.2: not to be taken for a part of the head
            return note(head_defect::space_before_first_field, offset);
        }
        note(head_defect::folded_line, offset);
        auto const more = trim(line);
        if (!field_open_ || more.empty()) return;
        auto& value = head_.fields.back().value;
        if (!value.empty()) value.push_back(' ');
        value += more;
    }

    std::string_view read_name(std::string_view before_colon, std::size_t offset) {
        check_octets(before_colon, offset, false);
        auto const last = before_colon.find_last_not_of(" \t");
        auto const name = before_colon.substr(0, last + 1);  // npos + 1 is 0
        if (name.size() != before_colon.size()) {
            note(head_defect::space_before_colon, offset + name.size());  // RFC 9112 5.1
        }
        if (name.empty()) note(head_defect::empty_name, offset);
        auto const bad = std::ranges::find_if(
            name, [](char c) { return !is_tchar(c) && c != '\0' && c != '\r'; });
        if (bad != name.end()) {
            note(head_defect::bad_name_character,
                 offset + static_cast<std::size_t>(bad - name.begin()));
        }
        return name;
    }

    /// RFC 9110 5.5 forbids CR, LF and NUL everywhere and the other controls in values.
    void check_octets(std::string_view part, std::size_t offset, bool controls_too) {
        for (std::size_t i = 0; i < part.size(); ++i) {
            if (part[i] == '\0') {
                note(head_defect::nul_octet, offset + i);
            } else if (part[i] == '\r') {
                note(head_defect::bare_carriage_return, offset + i);
            } else if (controls_too && is_control_character(part[i])) {
                note(head_defect::control_in_value, offset + i);
            }
        }
    }

    void note(head_defect defect, std::size_t offset) { head_.flaws.push_back({defect, offset}); }

    std::string_view text_;
    std::size_t at_ = 0;
    bool field_open_ = false;  // the last line was a field, so a fold has something to go on with
    http_head head_;
};

void append_element(std::string_view element, std::vector<std::string>& out) {
    auto const trimmed = trim(element);
    if (!trimmed.empty()) out.emplace_back(trimmed);
}

void append_elements(std::string_view value, std::vector<std::string>& out) {
    std::size_t start = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '"') {
            quoted = !quoted;
        } else if (quoted && value[i] == '\\') {
            ++i;  // RFC 9110 5.6.4: the next octet stands for itself
        } else if (!quoted && value[i] == ',') {
            append_element(value.substr(start, i - start), out);
            start = i + 1;
        }
    }
    append_element(value.substr(start), out);
}

}  // namespace

std::vector<std::string_view> http_head::values(std::string_view name) const {
    std::vector<std::string_view> found;
    for (auto const& field : fields) {
        if (same_name(field.name, name)) found.emplace_back(field.value);
    }
    return found;
}

std::optional<std::string_view> http_head::value(std::string_view name) const {
    auto const found = std::ranges::find_if(
        fields, [name](header_field const& field) { return same_name(field.name, name); });
    return found != fields.end() ? std::optional<std::string_view>(found->value) : std::nullopt;
}

std::vector<std::string> http_head::list(std::string_view name) const {
    std::vector<std::string> elements;
    for (auto const value : values(name)) append_elements(value, elements);
    return elements;
}

bool http_head::lists(std::string_view name, std::string_view token) const {
    return std::ranges::any_of(
        list(name), [token](std::string const& element) { return same_name(element, token); });
}

std::variant<head_incomplete, head_too_large, http_head> parse_head(octets_view in,
                                                                    std::size_t limit) {
    auto const within = in.first(std::min(in.size(), limit));
    if (auto const end = find_end(as_text(within))) return head_reader(within.first(*end)).read();
    if (in.size() >= limit) return head_too_large{};
    return head_incomplete{};
}

std::optional<request_line> parse_request_line(std::string_view line) {
    // RFC 9112 3: method SP request-target SP HTTP-version
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return std::nullopt;
    request_line out{std::string(line.substr(0, first)),
                     std::string(line.substr(first + 1, last - first - 1)),
                     std::string(line.substr(last + 1))};
    bool const whole = !out.method.empty() && !out.target.empty() &&
                       out.target.find(' ') == std::string::npos &&
                       out.version.starts_with("HTTP/");
    return whole ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<status_line> parse_status_line(std::string_view line) {
    // RFC 9112 4: HTTP-version SP 3DIGIT SP [ reason-phrase ]
    auto const space = line.find(' ');
    if (space == std::string_view::npos || !line.starts_with("HTTP/")) return std::nullopt;
    auto const digits = line.substr(space + 1, 3);
    auto const rest = line.substr(space + 1 + digits.size());
    bool const numeric = std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (digits.size() != 3 || !numeric || (!rest.empty() && rest.front() != ' ')) {
        return std::nullopt;
    }
    status_line out{std::string(line.substr(0, space)), 0,
                    std::string(rest.empty() ? rest : rest.substr(1))};
    for (auto const c : digits) out.status = out.status * 10U + static_cast<unsigned>(c - '0');
    return out;
}

octets write_head(std::string_view start_line, std::vector<header_field> const& fields) {
    octets out;
    append(out, start_line);
    append(out, "\r\n");
    for (auto const& field : fields) {
        append(out, field.name);
        append(out, ": ");
        append(out, field.value);
        append(out, "\r\n");
    }
    append(out, "\r\n");
    return out;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, fold, fold);
}

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, is_tchar);
}

std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

namespace {

constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint8_t no_digit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_base64_table() noexcept {
    std::array<std::uint8_t, 256> table{};
    table.fill(no_digit);
    for (std::size_t i = 0; i < base64_alphabet.size(); ++i) {
        table[static_cast<unsigned char>(base64_alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return table;
}

constexpr auto base64_table = make_base64_table();

}  // namespace

std::string base64(octets_view data) {
    std::string out;
    out.reserve((data.size() + 2) / 3 * 4);
    while (!data.empty()) {
        auto const group = data.first(std::min<std::size_t>(3, data.size()));
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) bits = bits << 8U | (i < group.size() ? group[i] : 0U);
        for (std::size_t i = 0; i < 4; ++i) {
            auto const digit = bits >> (18U - 6U * i) & 63U;
            out.push_back(i <= group.size() ? base64_alphabet[digit] : '=');
        }
        data = data.subspan(group.size());
    }
    return out;
}

std::optional<octets> parse_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && text.ends_with('=')) {
        text.remove_suffix(1);
        ++padding;
    }
    octets out;
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (auto const c : text) {
        auto const digit = base64_table[static_cast<unsigned char>(c)];
        if (digit == no_digit) return std::nullopt;
        bits = (bits << 6U | digit) & 0xFFFFU;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out.push_back(static_cast<std::uint8_t>(bits >> count));
    }
    return out;
}

std::string accept_key(std::string_view key) {
    // 4.2.2, step 5, item 4
    std::string joined(trim(key));
    joined += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<std::uint8_t, SHA_DIGEST_LENGTH> digest{};
    auto const input = view_of(joined);
    SHA1(input.data(), input.size(), digest.data());
    return base64(digest);
}

}  // namespace wsproof
