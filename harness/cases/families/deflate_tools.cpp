#include "cases/families/deflate_tools.hpp"

#include <algorithm>

namespace wsproof::deflate_cases {

namespace {

payload::part cut_part(payload::part const& whole, std::uint64_t begin, std::uint64_t length) {
    auto pattern = whole.pattern;
    auto const turn = static_cast<std::ptrdiff_t>(begin % pattern.size());
    std::rotate(pattern.begin(), pattern.begin() + turn, pattern.end());
    if (length < pattern.size()) pattern.resize(static_cast<std::size_t>(length));
    return {std::move(pattern), length};
}

}  // namespace

test_case deflate_case(std::string const& id, std::string title, std::vector<std::string> clauses) {
    auto result = new_case("rfc7692/" + id, std::move(title), std::move(clauses));
    result.needs = {"deflate", "echo"};
    result.offer = usual_offer;
    return result;
}

test_case hostile_case(std::string const& id, std::string title, std::vector<std::string> clauses,
                       std::vector<step> steps) {
    auto result = deflate_case(id, std::move(title), std::move(clauses));
    result.needs = {"deflate"};
    result.tags = {"hostile"};
    result.steps = std::move(steps);
    result.steps.emplace_back(await(await_step::what::close));
    return result;
}

payload hex(std::string_view digits) {
    return payload::of(octets_view(parse_hex(digits).value_or(octets{})));
}

send_frame compressed(payload data, opcode op) {
    auto result = whole_frame(op, std::move(data));
    result.compress = true;
    return result;
}

send_frame raw(payload data, bool fin, opcode op) {
    auto result = whole_frame(op, std::move(data));
    result.fin = fin;
    result.rsv = rsv1;
    return result;
}

send_frame raw(std::string_view digits, bool fin, opcode op) { return raw(hex(digits), fin, op); }

std::vector<step> in_frames(payload const& compressed, std::uint64_t size, opcode op) {
    auto const total = compressed.size();
    std::vector<step> result;
    for (std::uint64_t at = 0; at < total; at += size) {
        auto piece = slice(compressed, at, std::min(size, total - at));
        bool const fin = at + size >= total;
        result.emplace_back(at == 0 ? raw(std::move(piece), fin, op)
                                    : continuation(std::move(piece), fin));
    }
    return result;
}

payload slice(payload const& of, std::uint64_t begin, std::uint64_t length) {
    payload result;
    std::uint64_t at = 0;  // of the part in the whole
    for (auto const& each : of.parts) {
        auto const from = std::max(at, begin);
        auto const to = std::min(at + each.length, begin + length);
        if (from < to) result.parts.push_back(cut_part(each, from - at, to - from));
        at += each.length;
    }
    return result;
}

void append_steps(std::vector<step>& to, std::vector<step> const& more) {
    to.insert(to.end(), more.begin(), more.end());
}

void append_parts(payload& to, payload const& more) {
    to.parts.insert(to.parts.end(), more.parts.begin(), more.parts.end());
}

payload prose() {
    return payload::of(
        "The window slides, the window slides on, and what it has seen the window finds again.");
}

std::string letters(std::size_t count, std::uint32_t seed) {
    std::string result;
    std::uint32_t state = seed;
    while (result.size() < count) {
        state = state * 1103515245U + 12345U;
        result += static_cast<char>('a' + (state >> 16U) % 26U);
    }
    return result;
}

outcome pass_with(std::vector<expectation> see) { return {grade::pass, std::move(see), {}, {}}; }

outcome lesser(grade value, std::vector<expectation> see, std::string because) {
    return {value, std::move(see), {}, std::move(because)};
}

expectation message(opcode op, payload what) { return {see_message{op, std::move(what)}, false}; }

expectation text(std::string_view what) { return message(opcode::text, payload::of(what)); }

std::vector<expectation> echoes(std::size_t count) {
    return std::vector<expectation>(count, expectation{see_echo{}, false});
}

see_close any_close() { return {{{1000, 1003}, {1007, 1014}, {3000, 4999}}, true, false}; }

outcome closed_with(grade value, see_close codes, std::string because) {
    return {value, {{std::move(codes), false}, maybe(see_end{})}, {}, std::move(because)};
}

std::vector<outcome> broken_data_refused() {
    return {closed_with(grade::pass, {{{1002, 1002}, {1007, 1007}}, false, false}),
            closed_with(grade::non_strict, {{{1003, 1003}, {1011, 1011}}, false, false},
                        "the connection is failed, but 1007 or 1002 name broken data better"),
            closed_with(grade::non_strict, any_close(),
                        "the connection is failed, but the Close frame says nothing of the cause"),
            lesser(grade::non_strict, {{see_end{}, false}},
                   "the connection is failed without a Close frame, which 7.1.7 makes a SHOULD")};
}

}  // namespace wsproof::deflate_cases
