// What was agreed is kept. The harness inflates with the agreed window and takeover, so that who
// uses more than that sends what cannot be read (RFC 7692 7.2.1).
#include "cases/families/deflate_families.hpp"
#include "cases/families/deflate_tools.hpp"

namespace wsproof::deflate_cases {

namespace {

auto const echo = await(await_step::what::echo);

constexpr std::size_t words = 200;

/// A sixteenth more than the window, because the harness, too, inflates with some room to spare;
/// less than the next window would hold.
payload filling(int bits) {
    auto const window = std::uint64_t{1} << static_cast<unsigned>(bits);
    return payload::repeat(".", window + window / 16);
}

/// Letters, then something else longer than the window, then the letters again: whose window
/// reaches back so far refers to the first ones, which the agreed window does not hold any more.
payload letters_beyond(int bits) {
    auto result = payload::of(letters(words));
    append_parts(result, filling(bits));
    append_parts(result, payload::of(letters(words)));
    return result;
}

/// The same, message by message.
std::vector<step> one_after_the_other(int bits) {
    auto const said = payload::of(letters(words));
    return {whole_frame(opcode::text, said), echo, whole_frame(opcode::text, filling(bits)), echo,
            whole_frame(opcode::text, said), echo};
}

void for_server(test_case& into, std::string const& parameters) {
    into.roles = {role::server};
    into.offer = "permessage-deflate; " + parameters;
    into.note = "Declining the offer, or sending messages uncompressed, is right too.";
    into.steps.insert(into.steps.begin(), open_step{});
    into.outcomes.push_back(lesser(
        grade::non_strict, {{see_response{{{400, 499}}, {}, {}, false}, false}, maybe(see_end{})},
        "the offer is legal; a server that cannot keep to it declines it, which opens without "
        "compression"));
}

void for_client(test_case& into, std::string const& parameters) {
    into.roles = {role::client};
    into.offer.clear();
    into.answer = "permessage-deflate; " + parameters;
}

/// The parameter is that of the side that is tested.
void for_side(test_case& into, bool server, std::string const& parameter) {
    if (server)
        for_server(into, "server" + parameter);
    else
        for_client(into, "client" + parameter);
}

test_case server_window(int bits) {
    auto const number = std::to_string(bits);
    auto result = deflate_case(
        "7.2.1/server-window-of-" + number + "-bits",
        "With server_max_window_bits=" + number + " agreed no echo refers back beyond that window",
        {"7692-7.2.1-18", "7692-7.1.2.1-5"});
    result.steps = {whole_frame(opcode::text, letters_beyond(bits)), echo};
    result.outcomes = {pass_with(echoes(1))};
    for_server(result, "server_max_window_bits=" + number);
    return result;
}

test_case client_window(int bits) {
    auto const number = std::to_string(bits);
    auto result = deflate_case(
        "7.2.1/client-window-of-" + number + "-bits",
        "With client_max_window_bits=" + number + " agreed no echo refers back beyond that window",
        {"7692-7.2.1-16", "7692-7.2.2-12"});
    result.needs = {"deflate", "client-max-window-bits", "echo"};
    result.steps = {whole_frame(opcode::text, letters_beyond(bits)), echo};
    result.outcomes = {pass_with(echoes(1))};
    for_client(result, "client_max_window_bits=" + number);
    if (bits == 8) {  // zlib cannot compress with it, and 7 lets such a client fail
        result.outcomes.push_back(closed_with(grade::pass, {{{1010, 1010}}, false, false}));
        result.outcomes.push_back(pass_with({{see_end{}, false}}));
    }
    return result;
}

test_case across_messages(bool server) {
    std::string const side = server ? "server" : "client";
    auto result = deflate_case("7.2.1/" + side + "-window-of-9-bits-across-messages",
                               "A window of 9 bits is kept by messages that use takeover, too",
                               {server ? "7692-7.2.1-18" : "7692-7.2.1-16", "7692-5-18"});
    result.steps = one_after_the_other(9);
    result.outcomes = {pass_with(echoes(3))};
    for_side(result, server, "_max_window_bits=9");
    if (!server) result.needs = {"deflate", "client-max-window-bits", "echo"};
    return result;
}

test_case without_takeover(bool server) {
    std::string const side = server ? "server" : "client";
    auto result = deflate_case(
        "7.2.1/" + side + "-without-takeover",
        "With " + side + "_no_context_takeover agreed no echo refers to an earlier one",
        {server ? "7692-7.2.1-14" : "7692-7.2.1-11", "7692-5-18"});
    for (int i = 0; i < 3; ++i)
        append_steps(result.steps, {whole_frame(opcode::text, prose()), echo});
    result.outcomes = {pass_with(echoes(3))};
    for_side(result, server, "_no_context_takeover");
    return result;
}

/// The other side's takeover is not touched: the compressed messages refer to each other.
test_case other_side_takes_over(bool server) {
    std::string const side = server ? "server" : "client";
    auto result =
        deflate_case("7.2.2/takeover-beside-" + side + "-no-context-takeover",
                     side + "_no_context_takeover limits what that side sends, not what it reads",
                     {server ? "7692-7.2.2-6" : "7692-7.2.2-4", "7692-7-2"});
    for (int i = 0; i < 3; ++i) append_steps(result.steps, {compressed(prose()), echo});
    result.outcomes = {pass_with(echoes(3))};
    for_side(result, server, "_no_context_takeover");
    return result;
}

}  // namespace

std::vector<test_case> windows() {
    std::vector<test_case> result;
    for (int bits = 8; bits <= 14; ++bits) {  // a reference reaches no farther than 15 bits
        result.push_back(server_window(bits));
        result.push_back(client_window(bits));
    }
    for (bool const server : {true, false}) {
        result.push_back(across_messages(server));
        result.push_back(without_takeover(server));
        result.push_back(other_side_takes_over(server));
    }
    return result;
}

}  // namespace wsproof::deflate_cases
