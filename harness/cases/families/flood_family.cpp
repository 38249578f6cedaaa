// Floods of what is legal: fragments, Pings, Pongs. A frame is repeated as raw octets, masked for
// servers and not for clients, so that each flood has a case for either role.
#include "cases/families/family_tools.hpp"

namespace wsproof {

namespace {

constexpr masking_key flood_key{0xA1, 0xB2, 0xC3, 0xD4};

/// A frame, repeated.
struct repeated {
    opcode op;
    bool fin;
    std::string_view data;
    std::uint64_t count;
};

send_octets octets_of(repeated const& frame, role under_test) {
    auto const data = view_of(frame.data);
    frame_header header{frame.fin, 0, frame.op, {}, shortest_form(data.size()), data.size()};
    if (under_test == role::server) header.mask = flood_key;
    octets one;
    write_frame(header, data, one);
    return {payload::repeat(as_text(one), one.size() * frame.count)};
}

struct flood {
    std::string_view name, title;
    std::vector<std::string> clauses;
    std::optional<send_frame> before;
    repeated frame;
    std::optional<send_frame> behind;
    payload whole;  ///< the message that comes back; none: a fence ends the flood
};

/// 10.4: any limit is right, so that a refusal is only noted.
void allow_refusal(test_case& into) {
    auto const add = [&into](grade result, see_close codes, std::string because) {
        into.outcomes.push_back(
            {result, {{std::move(codes), false}, maybe(see_end{})}, {}, std::move(because)});
    };
    add(grade::info, {{{1008, 1009}}, false, false}, "refused: there is a limit, and any is right");
    add(grade::non_strict, {{{1001, 1003}, {1007, 1014}, {3000, 4999}}, true, false},
        "refused, but 1008 or 1009 would say that it was too much");
    into.outcomes.push_back({grade::non_strict,
                             {{see_end{}, false}},
                             {},
                             "TCP was closed without a Close frame, which 7.1.7 makes a SHOULD"});
}

test_case flood_case(flood const& wanted, role under_test) {
    auto const role_name = std::string(name_of(under_test));
    auto result = new_case("limits/floods/" + std::string(wanted.name) + "-to-" + role_name,
                           std::string(wanted.title), wanted.clauses);
    result.clauses.emplace_back("6455-10.4-1");
    result.roles = {under_test};
    result.tags = {"hostile", "harmful", "alone"};
    if (wanted.before) result.steps.emplace_back(*wanted.before);
    result.steps.emplace_back(octets_of(wanted.frame, under_test));
    if (wanted.behind) result.steps.emplace_back(*wanted.behind);
    if (wanted.whole.parts.empty()) {
        result.steps.emplace_back(fence_step{});
        result.outcomes = {{grade::pass, {{see_fence{}, false}}, {}, {}}};
        // a message that never ends leaves nothing to go on with
        if (wanted.before) result.ending = ending::drop;
    } else {
        result.needs = {"echo"};
        result.steps.emplace_back(await(await_step::what::echo));
        result.outcomes = {
            {grade::pass, {{see_message{wanted.before->op, wanted.whole}, false}}, {}, {}}};
    }
    allow_refusal(result);
    return result;
}

payload joined(std::string_view before, payload middle, std::string_view behind) {
    auto result = payload::of(before);
    for (auto& each : middle.parts) result.parts.push_back(std::move(each));
    for (auto& each : payload::of(behind).parts) result.parts.push_back(std::move(each));
    return result;
}

constexpr std::string_view sixteen = "0123456789abcdef";

std::vector<flood> floods_of_fragments() {
    auto const open = [](opcode op, std::string_view data) {
        return first_fragment(op, payload::of(data));
    };
    auto const end = [](std::string_view data) { return continuation(payload::of(data), true); };
    static std::string const sixty_four =
        std::string(sixteen) + std::string(sixteen) + std::string(sixteen) + std::string(sixteen);
    return {{"empty-fragments",
             "4000 empty fragments inside a text are read or refused by a limit",
             {"6455-5.4-13", "6455-5.4-5"},
             open(opcode::text, "before"),
             {opcode::continuation, false, "", 4000},
             end(" and after"),
             payload::of("before and after")},
            {"fragments-of-1-octet",
             "4000 fragments of one octet come back joined or are refused by a limit",
             {"6455-5.4-5", "6455-5.4-13"},
             open(opcode::text, "<"),
             {opcode::continuation, false, "*", 4000},
             end(">"),
             joined("<", payload::repeat("*", 4000), ">")},
            {"fragments-of-64-octets",
             "4096 fragments of 64 octets come back as one message or are refused by a limit",
             {"6455-5.4-5", "6455-6.2-5"},
             open(opcode::binary, "<"),
             {opcode::continuation, false, sixty_four, 4096},
             end(">"),
             joined("<", payload::repeat(sixteen, std::uint64_t{4096} * 64), ">")},
            {"unfinished-message",
             "A Ping behind 4000 fragments of a message that never ends is answered",
             {"6455-5.4-20", "6455-5.4-12"},
             open(opcode::binary, "<"),
             {opcode::continuation, false, "*", 4000},
             {},
             {}}};
}

/// Older Pings need no Pong of their own (5.5.3), but the last one does: it is the fence.
std::vector<flood> floods_of_control_frames() {
    static std::string const largest(125, '?');
    return {{"pings",
             "The Ping behind a flood of 2000 is answered",
             {"6455-5.5.2-3", "6455-5.5.3-3"},
             {},
             {opcode::ping, true, "ping", 2000},
             {},
             {}},
            {"pings-of-125-octets",
             "The Ping behind a flood of 1000 that are as long as they may be is answered",
             {"6455-5.5.2-3", "6455-5.5.3-3"},
             {},
             {opcode::ping, true, largest, 1000},
             {},
             {}},
            {"pings-inside-a-message",
             "A text comes back that 1000 Pings stand inside of",
             {"6455-5.4-12", "6455-5.4-7"},
             first_fragment(opcode::text, payload::of("before")),
             {opcode::ping, true, "ping", 1000},
             continuation(payload::of(" and after"), true),
             payload::of("before and after")},
            {"pongs",
             "4000 Pongs that answer nothing do no harm",
             {"6455-5.5.3-5", "6455-5.5.3-4"},
             {},
             {opcode::pong, true, "", 4000},
             {},
             {}}};
}

}  // namespace

std::vector<test_case> flood_family(outcome_lists const&) {
    std::vector<test_case> result;
    for (auto const& list : {floods_of_fragments(), floods_of_control_frames()})
        for (auto const& each : list)
            for (auto const under_test : {role::server, role::client})
                result.push_back(flood_case(each, under_test));
    return result;
}

}  // namespace wsproof
