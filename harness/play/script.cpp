#include "play/script.hpp"

#include <algorithm>
#include <iterator>

#include "wire/close.hpp"

namespace wsproof {
namespace {

struct line_text {
    std::string name;  // empty for raw lines
    octets text;
};

// What stands for a mark such as {key} in the texts of a case.
using marks = std::vector<std::pair<std::string_view, std::string>>;

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

octets filled(payload const& value, marks const& with) {
    auto const raw = value.expand();
    std::string text(as_text(raw));
    for (auto const& [mark, by] : with)
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size()))
            text.replace(at, mark.size(), by);
    return to_octets(text);
}

octets field_line(std::string const& name, octets_view value) {
    octets line = to_octets(name + ": ");
    append(line, value);
    return line;
}

std::vector<line_text> lines_of(std::vector<header_field> const& fields) {
    std::vector<line_text> lines;
    for (auto const& field : fields) lines.push_back({field.name, field_line(field.name, view_of(field.value))});
    return lines;
}

void erase_field(std::vector<line_text>& lines, std::string_view name) {
    std::erase_if(lines, [&](auto const& line) { return same_name(line.name, name); });
}

void set_field(std::vector<line_text>& lines, std::string const& name,
               std::vector<octets> const& values) {
    auto const at = std::ranges::find_if(lines, [&](auto const& line) { return same_name(line.name, name); });
    auto index = static_cast<std::size_t>(at - lines.begin());
    erase_field(lines, name);
    index = std::min(index, lines.size());
    for (auto const& value : values)
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(index++), {name, field_line(name, value)});
}

void reorder(std::vector<line_text>& lines, std::vector<std::string> const& order) {
    std::vector<line_text> first;
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

// Is the answer of a case one that this offer lets a server give?
bool allows(deflate_parameters const& offer, std::string const& answer) {
    auto const parsed = parse_extensions(answer);
    auto const* list = std::get_if<std::vector<extension>>(&parsed);
    if (list == nullptr || list->size() != 1 || !same_name(list->front().name, "permessage-deflate")) return true;
    auto const response = parse_deflate(list->front(), negotiation_side::response);
    auto const* parameters = std::get_if<deflate_parameters>(&response);
    return parameters == nullptr || !check_deflate_response(offer, *parameters);
}

octets write_edited(head_edit const& edit, std::string_view start_line, std::vector<header_field> const& fields,
                    marks const& with) {
    if (edit.raw) return filled(*edit.raw, with);
    auto lines = lines_of(fields);
    for (auto const& [name, values] : edit.set) {
        std::vector<octets> texts;
        for (auto const& value : values) texts.push_back(filled(value, with));
        set_field(lines, name, texts);
    }
    for (auto const& name : edit.remove) erase_field(lines, name);
    reorder(lines, edit.order);

    octets out = filled(edit.before, with);
    auto const line = [&](octets_view text) {
        append(out, text);
        append(out, edit.line_end);
    };
    line(filled(edit.start_line.value_or(payload::of(start_line)), with));
    for (auto const& raw : edit.first_lines) line(filled(raw, with));
    for (auto const& field : lines) line(field.text);
    for (auto const& raw : edit.lines) line(filled(raw, with));
    if (!edit.unfinished) line({});
    append(out, filled(edit.body, with));
    return out;
}

bool is_whole(send_frame const& step) noexcept { return !step.cut && !step.declared_length; }

}  // namespace

octets write_request(head_edit const& edit, request_settings const& settings, std::string const& key,
                     std::string const& offer) {
    std::vector<header_field> fields{{"Host", settings.host},
                                     {"Upgrade", "websocket"},
                                     {"Connection", "Upgrade"},
                                     {"Sec-WebSocket-Key", key},
                                     {"Sec-WebSocket-Version", "13"}};
    fields.insert(fields.end(), settings.fields.begin(), settings.fields.end());
    if (!offer.empty()) fields.push_back({"Sec-WebSocket-Extensions", offer});
    return write_edited(edit, "GET {target} HTTP/1.1", fields,
                        {{"{host}", settings.host},
                         {"{target}", settings.target},
                         {"{key}", key},
                         {"{subprotocol}", settings.subprotocol},
                         {"{SUBPROTOCOL}", other_case(settings.subprotocol)}});
}

octets write_response(head_edit const& edit, request_facts const& asked, std::string const& extensions) {
    auto const accept = accept_key(asked.key);
    auto const offered = asked.protocols.empty() ? std::string() : asked.protocols.front();
    std::vector<header_field> fields{
        {"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", accept}};
    if (!offered.empty()) fields.push_back({"Sec-WebSocket-Protocol", offered});
    if (!extensions.empty()) fields.push_back({"Sec-WebSocket-Extensions", extensions});
    return write_edited(edit, "HTTP/1.1 101 Switching Protocols", fields,
                        {{"{accept}", accept},
                         {"{ACCEPT}", other_case(accept)},
                         {"{key}", asked.key},
                         {"{subprotocol}", offered},
                         {"{SUBPROTOCOL}", other_case(offered)}});
}

std::string answer_of(test_case const& value, request_facts const& asked) {
    if (!value.has_need("deflate")) return value.answer;
    if (missing_in(asked, value)) return "";
    if (!value.answer.empty()) return value.answer;
    deflate_parameters answer;  // what the client asks of a server is granted
    answer.server_no_context_takeover = asked.deflate->server_no_context_takeover;
    answer.server_max_window_bits = asked.deflate->server_max_window_bits;
    return write_extensions({write_deflate(answer)});
}

std::optional<std::string> missing_in(request_facts const& asked, test_case const& wanted) {
    if (wanted.has_need("deflate") && !asked.deflate) return "the client does not offer permessage-deflate";
    if (wanted.has_need("client-max-window-bits") && !(asked.deflate && asked.deflate->client_max_window_bits))
        return "the client does not offer client_max_window_bits";
    if (asked.deflate && !wanted.has_tag("hostile") && !allows(*asked.deflate, wanted.answer))
        return "the client's offer does not allow the answer " + wanted.answer;
    if (wanted.has_need("subprotocol") && asked.protocols.empty()) return "the client offers no subprotocol";
    if (wanted.has_need("no-subprotocol") && !asked.protocols.empty())
        return "the client offers a subprotocol, and may rely on it";
    return std::nullopt;
}

request_facts asked_in(octets_view request) {
    // RFC 9112 2.2: empty lines before the request line count for nothing
    while (!request.empty() && (request.front() == '\r' || request.front() == '\n')) request = request.subspan(1);
    auto const head = parse_head(request, request.size() + 1);
    auto const* parsed = std::get_if<http_head>(&head);
    return parsed == nullptr ? request_facts{} : facts_of(*parsed);
}

message_window window_of(deflate_parameters const& agreed, role sender) noexcept {
    if (sender == role::client)
        return {agreed.client_max_window_bits.value_or(15), !agreed.client_no_context_takeover};
    return {agreed.server_max_window_bits.value_or(15), !agreed.server_no_context_takeover};
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
        auto data = sent->data.expand();
        if (open->data.empty())
            open->data = std::move(data);  // large messages come in one frame
        else
            append(open->data, data);
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
    return std::ranges::any_of(value.steps, [](step const& each) { return head_of(each) != nullptr; });
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
        if (auto const* head = head_of(each)) {
            for (auto const& [name, values] : head->set) add(values);
            add(head->first_lines);
            add(head->lines);
            add({head->before, head->body, head->raw.value_or(payload{}), head->start_line.value_or(payload{})});
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
