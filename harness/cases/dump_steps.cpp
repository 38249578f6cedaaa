#include <algorithm>
#include <array>
#include <cstdio>

#include "cases/dump_parts.hpp"
#include "wire/close.hpp"
#include "wire/utf8.hpp"

namespace wsproof {

namespace {

/// Numbers above this are written as hex strings: many JSON readers round them.
constexpr std::uint64_t largest_safe_number = std::uint64_t{1} << 53U;

bool reads_as_text(octets_view data) {
    auto const printable = [](std::uint8_t c) {
        return c >= 0x20 ? c != 0x7F : c == '\t' || c == '\n' || c == '\r';
    };
    return is_utf8(data) && std::all_of(data.begin(), data.end(), printable);
}

json dump_octets(octets_view data) {
    if (reads_as_text(data)) return std::string(as_text(data));
    return single("hex", to_hex(data));
}

json dump_part(payload::part const& value) {
    if (value.length == value.pattern.size()) return dump_octets(value.pattern);
    auto result = json::object();
    result["repeat"] = dump_octets(value.pattern);
    result["length"] = value.length;
    return result;
}

json dump_length(std::uint64_t length) {
    if (length <= largest_safe_number) return length;
    std::array<char, 20> digits{};
    std::snprintf(digits.data(), digits.size(), "0x%016llx",
                  static_cast<unsigned long long>(length));
    return std::string(digits.data());
}

unsigned bits_of(length_form form) {
    if (form == length_form::seven_bits) return 7;
    return form == length_form::sixteen_bits ? 16 : 64;
}

/// A Close body that a person would write as code and reason is written so.
bool put_close(payload const& data, json& into) {
    if (data.parts.size() != 1 || data.parts[0].length != data.parts[0].pattern.size())
        return false;
    auto const body = parse_close(data.parts[0].pattern);
    if (!body.code || !reads_as_text(body.reason)) return false;
    into["code"] = *body.code;
    if (!body.reason.empty()) into["reason"] = std::string(as_text(body.reason));
    return true;
}

json dump_send(send_frame const& value) {
    auto result = json::object();
    auto const name = name_of(value.op);
    result["send"] = is_reserved(value.op) ? json(static_cast<unsigned>(value.op)) : json(name);
    auto const written = value.op == opcode::close && put_close(value.data, result);
    if (!written && !value.data.parts.empty()) result["payload"] = dump_payload(value.data);
    if (!value.fin) result["fin"] = false;
    if (value.rsv != 0) result["rsv"] = value.rsv;
    if (value.masked) result["masked"] = *value.masked;
    if (value.key) result["key"] = to_hex(*value.key);
    if (value.form) result["form"] = bits_of(*value.form);
    if (value.declared_length) result["length"] = dump_length(*value.declared_length);
    if (value.cut) result["cut"] = *value.cut;
    if (value.compress) result["compress"] = true;
    return result;
}

json dump_payloads(std::vector<payload> const& list) {
    auto result = json::array();
    for (auto const& each : list) result.push_back(dump_payload(each));
    return result;
}

void put_lines(head_edit const& value, json& into) {
    auto fields = json::object();
    for (auto const& [name, values] : value.set)
        fields[name] = values.size() == 1 ? dump_payload(values[0]) : dump_payloads(values);
    if (!fields.empty()) into["set"] = std::move(fields);
    if (!value.remove.empty()) into["remove"] = value.remove;
    if (!value.first_lines.empty()) into["first"] = dump_payloads(value.first_lines);
    if (!value.lines.empty()) into["lines"] = dump_payloads(value.lines);
    if (!value.order.empty()) into["order"] = value.order;
}

json dump_head(head_edit const& value) {
    auto result = json::object();
    if (value.raw) result["raw"] = dump_payload(*value.raw);
    if (!value.before.parts.empty()) result["before"] = dump_payload(value.before);
    if (value.start_line) result["line"] = dump_payload(*value.start_line);
    put_lines(value, result);
    if (value.line_end != "\r\n") result["eol"] = value.line_end == "\n" ? "lf" : "cr";
    if (value.unfinished) result["unfinished"] = true;
    if (!value.body.parts.empty()) result["body"] = dump_payload(value.body);
    if (value.go_on) result["go_on"] = true;
    return result;
}

char const* word_for(await_step::what value) {
    switch (value) {
        case await_step::what::echo:
            return "echo";
        case await_step::what::pong:
            return "pong";
        case await_step::what::close:
            return "close";
        case await_step::what::end:
            break;
    }
    return "end";
}

struct step_dumper {
    json operator()(send_frame const& value) const { return dump_send(value); }
    json operator()(send_octets const& value) const {
        return single("octets", dump_payload(value.data));
    }
    json operator()(open_step const& value) const {
        return single("open", dump_head(value.request));
    }
    json operator()(respond_step const& value) const {
        return single("respond", dump_head(value.response));
    }
    json operator()(fence_step const&) const { return single("fence", true); }
    json operator()(watch_step const&) const { return single("watch", true); }
    json operator()(await_step const& value) const {
        return single("await", word_for(value.for_what));
    }
    json operator()(shutdown_step const&) const { return single("shutdown", true); }
    json operator()(reset_step const&) const { return single("reset", true); }
};

}  // namespace

json dump_payload(payload const& value) {
    if (value.parts.empty()) return "";
    if (value.parts.size() == 1) return dump_part(value.parts[0]);
    auto list = json::array();
    for (auto const& each : value.parts) list.push_back(dump_part(each));
    return single("join", std::move(list));
}

json dump_step(step const& value) { return std::visit(step_dumper{}, value); }

}  // namespace wsproof
