#include "cases/dump.hpp"

#include "cases/dump_parts.hpp"

namespace wsproof {

namespace {

/// Escapes everything beyond ASCII, so that a line looks the same everywhere, and replaces what is
/// no UTF-8 instead of throwing.
std::string compact(json const& value) {
    return value.dump(-1, ' ', true, json::error_handler_t::replace);
}

json dump_segmentation(segmentation const& value) {
    bool const pieces = value.how == segmentation::kind::every && value.size != 1;
    return pieces ? single("every", value.size) : json(name_of(value));
}

void put_list(json& into, char const* key, std::vector<std::string> const& list) {
    if (!list.empty()) into[key] = list;
}

void put_text(json& into, char const* key, std::string const& text) {
    if (!text.empty()) into[key] = text;
}

json dump_roles(std::vector<role> const& roles) {
    auto result = json::array();
    for (auto const each : roles) result.push_back(name_of(each));
    return result;
}

json dump_case(test_case const& value) {
    auto result = json::object();
    result["id"] = value.id;
    result["title"] = value.title;
    result["clauses"] = value.clauses;
    result["level"] = name_of(value.level);
    result["roles"] = dump_roles(value.roles);
    put_list(result, "needs", value.needs);
    put_list(result, "tags", value.tags);
    put_list(result, "autobahn", value.autobahn);
    put_text(result, "note", value.note);
    put_text(result, "offer", value.offer);
    put_text(result, "answer", value.answer);
    if (value.segmentation.how != segmentation::kind::whole)
        result["segmentation"] = dump_segmentation(value.segmentation);
    if (value.ending == ending::drop) result["ending"] = "drop";
    result["steps"] = json::array();
    for (auto const& each : value.steps) result["steps"].push_back(dump_step(each));
    put_text(result, "outcome_list", value.outcome_list);
    result["outcomes"] = json::array();
    for (auto const& each : value.outcomes) result["outcomes"].push_back(dump_outcome(each));
    return result;
}

/// On one line, with spaces as a person would set them.
void write_spaced(json const& value, std::string& out) {
    if (value.empty() || !value.is_structured()) {
        out += compact(value);
        return;
    }
    out += value.is_object() ? "{ " : "[";
    bool first = true;
    for (auto const& [key, member] : value.items()) {
        if (!first) out += ", ";
        first = false;
        if (value.is_object()) out += compact(json(key)) + ": ";
        write_spaced(member, out);
    }
    out += value.is_object() ? " }" : "]";
}

/// One line for each key; for the steps and outcomes, one line for each of them.
void write_pretty(json const& value, std::string const& indent, std::string& out) {
    out += indent + "{";
    char const* separator = "\n";
    for (auto const& [key, member] : value.items()) {
        out += separator + indent + "  " + compact(json(key)) + ": ";
        separator = ",\n";
        if (key != "steps" && key != "outcomes") {
            write_spaced(member, out);
            continue;
        }
        out += "[";
        char const* inner = "\n";
        for (auto const& each : member) {
            out += inner + indent + "    ";
            inner = ",\n";
            write_spaced(each, out);
        }
        out += "\n" + indent + "  ]";
    }
    out += "\n" + indent + "}";
}

}  // namespace

std::string dump(test_case const& value) { return compact(dump_case(value)); }

std::string dump_pretty(test_case const& value) {
    std::string out;
    write_pretty(dump_case(value), "", out);
    return out + "\n";
}

std::string dump_file(std::vector<test_case> const& cases) {
    std::string out = "{ \"section\": \"generated\",\n  \"cases\": [\n";
    for (std::size_t i = 0; i < cases.size(); ++i) {
        write_pretty(dump_case(cases[i]), "    ", out);
        out += i + 1 < cases.size() ? ",\n" : "\n";
    }
    return out + "  ] }\n";
}

}  // namespace wsproof
