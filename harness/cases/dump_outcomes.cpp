#include "cases/dump_parts.hpp"

namespace wsproof {

namespace {

bool is_101(see_response const& value) {
    return value.status == std::vector<number_range>{{101, 101}} && value.fields.empty() &&
           !value.flawless;
}

json dump_field(field_condition const& value) {
    switch (value.what) {
        case field_condition::test::present:
            return "present";
        case field_condition::test::absent:
            return "absent";
        case field_condition::test::is:
            return single("is", value.value);
        case field_condition::test::lists:
            return single("lists", value.value);
        case field_condition::test::matches_offer:
            break;
    }
    return "matches offer";
}

json dump_fields(std::vector<field_condition> const& conditions) {
    auto fields = json::object();
    for (auto const& each : conditions) fields[each.name] = dump_field(each);
    return fields;
}

json dump_request(see_request const& value) {
    auto conditions = json::object();
    if (value.valid) conditions["valid"] = *value.valid;
    if (value.flawless) conditions["flawless"] = true;
    if (!value.keeps.empty()) conditions["keeps"] = value.keeps;
    if (!value.fields.empty()) conditions["fields"] = dump_fields(value.fields);
    return single("request", std::move(conditions));
}

json dump_response(see_response const& value) {
    if (is_101(value) && value.valid) return *value.valid ? "opened" : "invalid response";
    if (!value.valid && !value.flawless && value.fields.empty() && !value.status.empty())
        return single("response", dump_ranges(value.status));
    auto conditions = json::object();
    if (!value.status.empty()) conditions["status"] = dump_ranges(value.status);
    if (value.valid) conditions["valid"] = *value.valid;
    if (value.flawless) conditions["flawless"] = true;
    if (!value.fields.empty()) conditions["fields"] = dump_fields(value.fields);
    return single("response", std::move(conditions));
}

json dump_close(see_close const& value) {
    auto codes = dump_ranges(value.codes);
    if (value.empty) codes.push_back("empty");
    if (value.same) codes.push_back("same");
    return codes.empty() ? json("close") : single("close", std::move(codes));
}

json dump_message(see_message const& value) {
    char const* const name = !value.op                     ? "message"
                             : *value.op == opcode::binary ? "binary"
                                                           : "text";
    return value.data ? single(name, dump_payload(*value.data)) : json(name);
}

json dump_end(see_end const& value) {
    if (value.way == see_end::how::any) return "end";
    return single("end", value.way == see_end::how::fin ? "fin" : "reset");
}

struct event_dumper {
    json operator()(see_message const& value) const { return dump_message(value); }
    json operator()(see_echo const&) const { return "echo"; }
    json operator()(see_pong const& value) const {
        return value.data ? single("pong", dump_payload(*value.data)) : json("pong");
    }
    json operator()(see_fence const&) const { return "fence"; }
    json operator()(see_close const& value) const { return dump_close(value); }
    json operator()(see_end const& value) const { return dump_end(value); }
    json operator()(see_silence const&) const { return "silence"; }
    json operator()(see_response const& value) const { return dump_response(value); }
    json operator()(see_request const& value) const { return dump_request(value); }
};

}  // namespace

json dump_ranges(std::vector<number_range> const& ranges) {
    auto result = json::array();
    for (auto const& each : ranges) {
        if (each.first == each.last)
            result.push_back(each.first);
        else
            result.push_back(std::to_string(each.first) + "-" + std::to_string(each.last));
    }
    return result;
}

json dump_outcome(outcome const& value) {
    auto result = json::object();
    result["grade"] = name_of(value.grade);
    result["see"] = json::array();
    for (auto const& each : value.see) {
        auto event = std::visit(event_dumper{}, each.what);
        result["see"].push_back(each.optional ? single("maybe", std::move(event))
                                              : std::move(event));
    }
    if (value.by) result["by"] = *value.by;
    if (!value.because.empty()) result["because"] = value.because;
    return result;
}

}  // namespace wsproof
