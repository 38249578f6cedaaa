#include "play/script.hpp"

#include <algorithm>
#include <iterator>

#include "wire/close.hpp"

namespace wsproof {
namespace {

struct request_line_text {
    std::string name;  // empty for raw lines
    octets text;
};

// Every letter in the other case: a different name, RFC 7936 2.
std::string other_case(std::string text) {
    for (auto& c : text) {
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
        else if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

octets filled(payload const& value, request_settings const& settings, std::string const& key) {
    auto const raw = value.expand();
    std::string text(as_text(raw));
    auto const fill = [&text](std::string_view mark, std::string const& by) {
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size()))
            text.replace(at, mark.size(), by);
    };
    fill("{host}", settings.host);
    fill("{target}", settings.target);
    fill("{key}", key);
    fill("{subprotocol}", settings.subprotocol);
    fill("{SUBPROTOCOL}", other_case(settings.subprotocol));
    return to_octets(text);
}

octets field_line(std::string const& name, octets_view value) {
    octets line = to_octets(name + ": ");
    append(line, value);
    return line;
}

std::vector<request_line_text> correct_lines(request_settings const& settings, std::string const& key,
                                             std::string const& offer) {
    std::vector<request_line_text> lines;
    auto const add = [&lines](std::string const& name, std::string const& value) {
        lines.push_back({name, field_line(name, view_of(value))});
    };
    add("Host", settings.host);
    add("Upgrade", "websocket");
    add("Connection", "Upgrade");
    add("Sec-WebSocket-Key", key);
    add("Sec-WebSocket-Version", "13");
    for (auto const& field : settings.fields) add(field.name, field.value);
    if (!offer.empty()) add("Sec-WebSocket-Extensions", offer);
    return lines;
}

void erase_field(std::vector<request_line_text>& lines, std::string_view name) {
    std::erase_if(lines, [&](auto const& line) { return same_name(line.name, name); });
}

void set_field(std::vector<request_line_text>& lines, std::string const& name,
               std::vector<octets> const& values) {
    auto const at = std::ranges::find_if(lines, [&](auto const& line) { return same_name(line.name, name); });
    auto index = static_cast<std::size_t>(at - lines.begin());
    erase_field(lines, name);
    index = std::min(index, lines.size());
    for (auto const& value : values)
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(index++), {name, field_line(name, value)});
}

void reorder(std::vector<request_line_text>& lines, std::vector<std::string> const& order) {
    std::vector<request_line_text> first;
    for (auto const& name : order)
        std::ranges::copy_if(lines, std::back_inserter(first),
                             [&](auto const& line) { return same_name(line.name, name); });
    for (auto const& name : order) erase_field(lines, name);
    lines.insert(lines.begin(), first.begin(), first.end());
}

frame_header header_of(send_frame const& step, role sender, std::uint64_t size, std::mt19937_64& random) {
    frame_header header{step.fin, step.rsv, step.op, {}, {}, step.declared_length.value_or(size)};
    header.form = step.form.value_or(shortest_form(header.length));
    if (step.masked.value_or(sender == role::client)) {
        auto const drawn = random();
        header.mask = step.key.value_or(masking_key{
            static_cast<std::uint8_t>(drawn), static_cast<std::uint8_t>(drawn >> 8U),
            static_cast<std::uint8_t>(drawn >> 16U), static_cast<std::uint8_t>(drawn >> 24U)});
    }
    return header;
}

bool is_whole(send_frame const& step) noexcept { return !step.cut && !step.declared_length; }

}  // namespace

octets write_request(request_edit const& edit, request_settings const& settings, std::string const& key,
                     std::string const& offer) {
    if (edit.raw) return filled(*edit.raw, settings, key);
    auto lines = correct_lines(settings, key, offer);
    for (auto const& [name, values] : edit.set) {
        std::vector<octets> texts;
        for (auto const& value : values) texts.push_back(filled(value, settings, key));
        set_field(lines, name, texts);
    }
    for (auto const& name : edit.remove) erase_field(lines, name);
    reorder(lines, edit.order);

    octets out = filled(edit.before, settings, key);
    auto const line = [&](octets_view text) {
        append(out, text);
        append(out, edit.line_end);
    };
    line(filled(edit.start_line.value_or(payload::of("GET {target} HTTP/1.1")), settings, key));
    for (auto const& raw : edit.first_lines) line(filled(raw, settings, key));
    for (auto const& field : lines) line(field.text);
    for (auto const& raw : edit.lines) line(filled(raw, settings, key));
    if (!edit.unfinished) line({});
    append(out, filled(edit.body, settings, key));
    return out;
}

request_facts asked_in(octets_view request) {
    // RFC 9112 2.2: empty lines before the request line count for nothing
    while (!request.empty() && (request.front() == '\r' || request.front() == '\n')) request = request.subspan(1);
    auto const head = parse_head(request, request.size() + 1);
    auto const* parsed = std::get_if<http_head>(&head);
    return parsed == nullptr ? request_facts{} : facts_of(*parsed);
}

octets encode(send_frame const& wanted, role sender, std::mt19937_64& random, deflater* pack) {
    octets data = wanted.data.expand();
    send_frame actual = wanted;
    if (wanted.compress && pack != nullptr) {
        data = pack->compress(data);
        actual.rsv = static_cast<std::uint8_t>(actual.rsv | rsv1);
    }
    octets out;
    write_frame(header_of(actual, sender, data.size(), random), data, out);
    if (wanted.cut && *wanted.cut < out.size()) out.resize(static_cast<std::size_t>(*wanted.cut));
    return out;
}

bool is_proper_close(send_frame const& wanted, role sender) {
    if (wanted.op != opcode::close || !wanted.fin || wanted.rsv != 0 || !is_whole(wanted)) return false;
    auto const size = wanted.data.size();
    if (size > 125 || wanted.masked.value_or(sender == role::client) != (sender == role::client)) return false;
    if (wanted.form && *wanted.form != length_form::seven_bits) return false;
    auto const body = parse_close(wanted.data.expand());
    return !body.malformed && (!body.code || may_be_sent(*body.code));
}

bool ends_with_proper_close(test_case const& value, role sender) {
    bool last = false;
    for (auto const& each : value.steps) {
        if (auto const* frame = std::get_if<send_frame>(&each))
            last = is_proper_close(*frame, sender);
        else if (std::holds_alternative<send_octets>(each) || std::holds_alternative<fence_step>(each))
            last = false;
    }
    return last;
}

std::vector<sent_message> messages_of(test_case const& value) {
    std::vector<sent_message> out;
    std::optional<sent_message> open;
    for (auto const& each : value.steps) {
        auto const* sent = std::get_if<send_frame>(&each);
        if (sent == nullptr || is_control(sent->op) || is_reserved(sent->op) || !is_whole(*sent)) continue;
        if (sent->op != opcode::continuation) open = sent_message{sent->op, {}};
        if (!open) continue;
        append(open->data, sent->data.expand());
        if (!sent->fin) continue;
        out.push_back(std::move(*open));
        open.reset();
    }
    return out;
}

std::vector<octets> pings_of(test_case const& value) {
    std::vector<octets> out;
    for (auto const& each : value.steps) {
        auto const* sent = std::get_if<send_frame>(&each);
        if (sent != nullptr && sent->op == opcode::ping && is_whole(*sent)) out.push_back(sent->data.expand());
    }
    return out;
}

std::optional<std::uint16_t> close_code_of(test_case const& value) {
    for (auto const& each : value.steps) {
        auto const* sent = std::get_if<send_frame>(&each);
        if (sent != nullptr && sent->op == opcode::close) return parse_close(sent->data.expand()).code;
    }
    return std::nullopt;
}

bool has_open_step(test_case const& value) noexcept {
    return std::ranges::any_of(value.steps, [](step const& each) { return std::holds_alternative<open_step>(each); });
}

bool speaks_early(test_case const& value) noexcept {
    return std::ranges::any_of(value.steps, [](step const& each) {
        auto const* open = std::get_if<open_step>(&each);
        return open != nullptr && open->request.go_on && !open->request.unfinished;
    });
}

std::uint64_t octets_sent_by(test_case const& value) {
    std::uint64_t total = 0;
    auto const add = [&total](std::vector<payload> const& parts) {
        for (auto const& part : parts) total += part.size();
    };
    for (auto const& each : value.steps) {
        if (auto const* frame = std::get_if<send_frame>(&each)) total += frame->data.size();
        if (auto const* raw = std::get_if<send_octets>(&each)) total += raw->data.size();
        if (auto const* open = std::get_if<open_step>(&each)) {
            auto const& request = open->request;
            for (auto const& [name, values] : request.set) add(values);
            add(request.first_lines);
            add(request.lines);
            add({request.before, request.body, request.raw.value_or(payload{}), request.start_line.value_or(payload{})});
        }
    }
    return total;
}

std::uint64_t largest_message(test_case const& value) {
    std::uint64_t largest = 0;
    for (auto const& message : messages_of(value)) largest = std::max<std::uint64_t>(largest, message.data.size());
    return largest;
}

}  // namespace wsproof
