#include "reports/words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "play/event.hpp"
#include "reports/escape.hpp"
#include "wire/close.hpp"

namespace wsproof {
namespace {

constexpr std::size_t shown_octets = 48;  // of one payload
constexpr std::size_t shown_parts = 6;    // of one payload
constexpr std::size_t shown_steps = 8;    // of one case in one line

std::string shown(octets_view data) { return escape_terminal(describe_octets(data, shown_octets)); }

std::string in_words(payload::part const& part) {
    if (part.length == part.pattern.size()) return shown(part.pattern);
    return counted(part.length, "octet") + " of " + shown(part.pattern);
}

std::string name_of_opcode(opcode op) {
    if (!is_reserved(op)) return std::string(name_of(op));
    return fmt::format("opcode {} (reserved)", static_cast<unsigned>(op));
}

std::string close_in_words(payload const& body) {
    // enough of any Close body that is no larger than a frame may carry
    auto const data = body.size() <= 125 ? body.expand() : octets{};
    auto const read = parse_close(data);
    if (data.empty() || read.malformed || !read.code)
        return body.size() == 0 ? "" : " " + in_words(body);
    auto text = fmt::format(" {}", *read.code);
    if (!read.reason.empty()) text += " " + shown(read.reason);
    return text;
}

void describe_header(std::string& out, send_frame const& frame) {
    if (!frame.fin) out += ", no FIN";
    for (auto const bit : {rsv1, rsv2, rsv3})
        if ((frame.rsv & bit) != 0)
            out += fmt::format(", RSV{}", bit == rsv1 ? 1 : bit == rsv2 ? 2 : 3);
    if (frame.masked) out += *frame.masked ? ", masked" : ", not masked";
    if (frame.key) out += ", masking key " + to_hex(*frame.key);
    if (frame.form) {
        static constexpr int bits[] = {7, 16, 64};
        out += fmt::format(", length in {} bits", bits[static_cast<std::size_t>(*frame.form)]);
    }
    if (frame.declared_length) out += ", declaring " + counted(*frame.declared_length, "octet");
    if (frame.compress) out += ", compressed";
    if (frame.cut) out += fmt::format(", cut to {} of the frame", counted(*frame.cut, "octet"));
}

std::string fields_in_words(head_edit const& edit) {
    std::string out;
    for (auto const& [name, values] : edit.set) {
        out += fmt::format("; {}:", escape_terminal(name));
        for (auto const& value : values) out += fmt::format(" {}", in_words(value));
    }
    for (auto const& name : edit.remove) out += fmt::format("; without {}", escape_terminal(name));
    for (auto const& line : edit.first_lines)
        out += fmt::format("; first the line {}", in_words(line));
    for (auto const& line : edit.lines) out += fmt::format("; the line {}", in_words(line));
    if (!edit.order.empty()) {
        out += "; in the order";
        for (auto const& name : edit.order) out += " " + escape_terminal(name);
    }
    return out;
}

// What is edited of a correct head, or nothing.
std::string edits_in_words(head_edit const& edit, std::string_view line) {
    std::string out;
    if (edit.raw) {
        out = fmt::format("; the octets {}", in_words(*edit.raw));
    } else {
        if (edit.before.size() != 0) out += fmt::format("; {} before it", in_words(edit.before));
        if (edit.start_line) out += fmt::format("; {} {}", line, in_words(*edit.start_line));
        out += fields_in_words(edit);
        if (edit.line_end != "\r\n")
            out += fmt::format("; lines end with {}", shown(view_of(edit.line_end)));
        if (edit.unfinished) out += "; without the empty line";
        if (edit.body.size() != 0) out += fmt::format("; {} right behind it", in_words(edit.body));
    }
    return out;
}

std::string request_in_words(head_edit const& edit) {
    auto out = edits_in_words(edit, "request line");
    if (edit.go_on) out += "; without waiting for the response";
    return out.empty() ? "open the connection"
                       : "open the connection with a request edited" + out.replace(0, 1, ":");
}

std::string response_in_words(head_edit const& edit) {
    auto out = edits_in_words(edit, "status line");
    if (edit.go_on) out += "; with what follows in the same flight";
    return out.empty() ? "accept the connection"
                       : "answer with a response edited" + out.replace(0, 1, ":");
}

struct step_describer {
    std::string operator()(send_frame const& frame) const {
        auto out = "send " + name_of_opcode(frame.op);
        if (frame.op == opcode::close) {
            out += close_in_words(frame.data);
        } else if (frame.data.size() != 0) {
            out += " " + in_words(frame.data);
        } else {
            out += " without payload";
        }
        describe_header(out, frame);
        return out;
    }
    std::string operator()(send_octets const& raw) const {
        return "send the octets " + in_words(raw.data);
    }
    std::string operator()(open_step const& open) const { return request_in_words(open.request); }
    std::string operator()(respond_step const& answer) const {
        return response_in_words(answer.response);
    }
    std::string operator()(fence_step const&) const {
        return "fence: send a Ping, wait for its Pong";
    }
    std::string operator()(watch_step const&) const { return "watch for a while"; }
    std::string operator()(await_step const& await) const {
        switch (await.for_what) {
            case await_step::what::echo:
                return "wait until every message came back";
            case await_step::what::pong:
                return "wait until every Ping is answered";
            case await_step::what::close:
                return "wait for a Close";
            case await_step::what::end:
                return "wait for the end of TCP";
        }
        return "wait";
    }
    std::string operator()(shutdown_step const&) const { return "half-close TCP (FIN)"; }
    std::string operator()(reset_step const&) const { return "drop TCP (RST)"; }
};

}  // namespace

std::string in_words(payload const& value) {
    if (value.size() == 0) return "nothing";
    std::string out;
    auto const count = std::min(value.parts.size(), shown_parts);
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) out += " + ";
        out += in_words(value.parts[i]);
    }
    if (count < value.parts.size())
        out += fmt::format(" + {}, {} in all", counted(value.parts.size() - count, "more part"),
                           counted(value.size(), "octet"));
    return out;
}

std::string in_words(step const& value) { return std::visit(step_describer{}, value); }

std::string counted(std::uint64_t number, std::string_view one) {
    return fmt::format("{} {}{}", number, one, number == 1 ? "" : "s");
}

std::optional<std::string> frame_octets(send_frame const& value, role sender) {
    constexpr std::uint64_t longest = 64;
    auto const size = value.data.size();
    auto const length = value.declared_length.value_or(size);
    auto const form = value.form.value_or(shortest_form(length));
    bool const fits = form >= shortest_form(length);
    bool const legal = value.rsv < 8 && static_cast<unsigned>(value.op) < 16;
    if (value.compress || size > longest || !fits || !legal) return std::nullopt;

    bool const masked = value.masked.value_or(sender == role::client);
    auto const data = value.data.expand();
    frame_header header{value.fin, value.rsv, value.op, std::nullopt, form, length};
    octets out;
    if (!masked || value.key) {
        if (masked) header.mask = value.key;
        write_frame(header, data, out);
        if (value.cut && *value.cut < out.size()) out.resize(static_cast<std::size_t>(*value.cut));
        return to_hex(out);
    }
    header.mask = masking_key{};
    write_header(header, out);
    auto const key = out.size() - 4;
    if (value.cut && *value.cut < out.size() + data.size()) return std::nullopt;
    return to_hex(octets_view(out).first(key)) + "[key]" + to_hex(data);
}

std::string steps_in_words(test_case const& value) {
    std::string out;
    auto const count = std::min(value.steps.size(), shown_steps);
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) out += "; ";
        out += in_words(value.steps[i]);
    }
    if (count < value.steps.size())
        out += "; and " + counted(value.steps.size() - count, "more step");
    return out;
}

}  // namespace wsproof
