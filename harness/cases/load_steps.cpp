#include <array>
#include <charconv>
#include <limits>

#include "cases/load_parts.hpp"
#include "cases/near_match.hpp"
#include "wire/close.hpp"

namespace wsproof {

namespace {

constexpr std::array<opcode, 6> named_opcodes{opcode::text,  opcode::binary, opcode::continuation,
                                              opcode::close, opcode::ping,   opcode::pong};

opcode load_opcode(json_cursor const& at) {
    if (!at.is_string()) return static_cast<opcode>(at.number(15));
    return named_opcodes[at.word({"text", "binary", "continuation", "close", "ping", "pong"})];
}

/// A number, or hex digits as a string, because JSON readers differ on numbers above 2^53.
std::uint64_t load_length(json_cursor const& at) {
    if (!at.is_string()) return at.number(std::numeric_limits<std::uint64_t>::max());
    auto const written = at.text();
    std::uint64_t result = 0;
    auto const* const begin = written.data() + 2;
    auto const* const end = written.data() + written.size();
    if (written.starts_with("0x") && written.size() > 2) {
        auto const [stop, error] = std::from_chars(begin, end, result, 16);
        if (error == std::errc() && stop == end) return result;
    }
    at.mistake(R"(a length is a whole number or hex digits of at most 64 bits, as in "0x7fff")");
    return 0;
}

masking_key load_key(json_cursor const& at) {
    masking_key result{};
    auto const found = parse_hex(at.text());
    if (!found || found->size() != result.size()) {
        at.mistake("8 hex digits are needed here");
        return result;
    }
    std::copy(found->begin(), found->end(), result.begin());
    return result;
}

length_form load_form(json_cursor const& at) {
    switch (at.number(64)) {
        case 7:
            return length_form::seven_bits;
        case 16:
            return length_form::sixteen_bits;
        case 64:
            return length_form::sixty_four_bits;
        default:
            at.mistake("the length form is 7, 16 or 64");
            return length_form::seven_bits;
    }
}

/// "code" and "reason" of a Close frame, instead of its payload.
std::optional<payload> load_close_body(json_object& object) {
    auto const code = object.take("code");
    auto const reason = object.take("reason");
    if (!code) {
        if (reason) reason->mistake(R"(a reason needs a "code")");
        return std::nullopt;
    }
    auto body = write_close(static_cast<std::uint16_t>(code->number(0xFFFF)));
    if (reason) append(body, octets_view(load_payload(*reason).expand()));
    return payload::of(octets_view(body));
}

void load_send_data(json_object& object, send_frame& into) {
    auto const data = object.take("payload");
    if (data) into.data = load_payload(*data);
    if (into.op != opcode::close) return;
    if (auto body = load_close_body(object)) {
        if (data) data->mistake(R"(a Close has either "code" and "reason" or "payload")");
        into.data = std::move(*body);
    }
}

send_frame load_send(json_cursor const& op, json_object& object) {
    send_frame result;
    result.op = load_opcode(op);
    load_send_data(object, result);
    if (auto const at = object.take("fin")) result.fin = at->flag();
    if (auto const at = object.take("rsv")) result.rsv = static_cast<std::uint8_t>(at->number(7));
    if (auto const at = object.take("masked")) result.masked = at->flag();
    if (auto const at = object.take("key")) result.key = load_key(*at);
    if (auto const at = object.take("form")) result.form = load_form(*at);
    if (auto const at = object.take("length")) result.declared_length = load_length(*at);
    if (auto const at = object.take("cut")) result.cut = at->number(largest_payload);
    if (auto const at = object.take("compress")) result.compress = at->flag();
    return result;
}

await_step load_await(json_cursor const& at) {
    using what = await_step::what;
    constexpr std::array all{what::echo, what::pong, what::close, what::end};
    return {all[at.word({"echo", "pong", "close", "end"})]};
}

/// Steps without any detail are written {"fence": true}.
void must_be_true(json_cursor const& at) {
    if (!at.flag() && at.value().is_boolean()) at.mistake("only true makes sense here");
}

template <class Step>
std::optional<step> load_plain(json_object& object, std::string_view key) {
    auto const at = object.take(key);
    if (!at) return std::nullopt;
    must_be_true(*at);
    return Step{};
}

/// The step that the object's keys name, or nothing.
std::optional<step> load_kind(json_object& object) {
    if (auto const at = object.take("send")) return load_send(*at, object);
    if (auto const at = object.take("octets")) return send_octets{load_payload(*at)};
    if (auto const at = object.take("open")) return open_step{load_head(*at)};
    if (auto const at = object.take("respond")) return respond_step{load_head(*at)};
    if (auto const at = object.take("await")) return load_await(*at);
    if (auto plain = load_plain<fence_step>(object, "fence")) return plain;
    if (auto plain = load_plain<watch_step>(object, "watch")) return plain;
    if (auto plain = load_plain<shutdown_step>(object, "shutdown")) return plain;
    return load_plain<reset_step>(object, "reset");
}

}  // namespace

step load_step(json_cursor const& at) {
    json_object object(at);
    if (!at.is_object()) return fence_step{};
    if (auto found = load_kind(object)) {
        object.finish();
        return std::move(*found);
    }
    std::string suggestion;
    for (auto const& member : at.members())
        if (suggestion.empty())
            suggestion = did_you_mean(member.first, {"send", "octets", "open", "respond", "fence", "await",
                                                     "watch", "shutdown", "reset"});
    at.mistake(
        "a step has one of the keys send, octets, open, respond, fence, await, watch, shutdown, reset" +
        suggestion);
    return fence_step{};
}

}  // namespace wsproof
