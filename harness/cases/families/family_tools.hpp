// What the families write their cases with.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cases/families/families.hpp"

namespace wsproof {

inline send_frame whole_frame(opcode op, payload data) {
    send_frame result;
    result.op = op;
    result.data = std::move(data);
    return result;
}

inline send_frame first_fragment(opcode op, payload data) {
    auto result = whole_frame(op, std::move(data));
    result.fin = false;
    return result;
}

inline send_frame continuation(payload data, bool fin) {
    auto result = whole_frame(opcode::continuation, std::move(data));
    result.fin = fin;
    return result;
}

inline await_step await(await_step::what event) { return {event}; }

inline expectation maybe(decltype(expectation::what) what) { return {std::move(what), true}; }

/// A case for both roles at level must; the rest is for the family to fill in.
inline test_case new_case(std::string id, std::string title, std::vector<std::string> clauses) {
    test_case result;
    result.id = std::move(id);
    result.title = std::move(title);
    result.clauses = std::move(clauses);
    result.roles = {role::server, role::client};
    return result;
}

/// Without such a list the case stays without outcomes, which lint reports.
inline void use_list(test_case& into, outcome_lists const& lists, std::string const& name) {
    into.outcome_list = name;
    if (auto const found = lists.find(name); found != lists.end()) into.outcomes = found->second;
}

}  // namespace wsproof
