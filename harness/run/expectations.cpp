#include "run/expectations.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cases/registry.hpp"
#include "wire/utf8.hpp"

namespace wsproof {
namespace {

using nlohmann::json;

class reader {
public:
    reader(source_file const& file, std::vector<diagnostic>& mistakes) : file_(file), mistakes_(mistakes) {}

    std::vector<expectation_entry> read() {
        json const root = parse();
        if (root.is_discarded()) return {};
        if (!root.is_object() || !root.contains("expected") || !root["expected"].is_array()) {
            complain("$", "must be an object with the list \"expected\"");
            return {};
        }
        for (auto const& [key, value] : root.items())
            if (key != "expected" && key != "comment") complain("$." + key, "unknown key");
        std::vector<expectation_entry> out;
        auto const& list = root["expected"];
        for (std::size_t i = 0; i < list.size(); ++i) entry(list[i], "$.expected[" + std::to_string(i) + "]", out);
        return out;
    }

private:
    json parse() {
        try {
            return json::parse(file_.text, nullptr, true, true);
        } catch (json::parse_error const& error) {
            complain("octet " + std::to_string(error.byte), "this is not JSON: " + std::string(error.what()));
            return json(json::value_t::discarded);
        }
    }

    std::string text(json const& from, char const* key, std::string const& path) {
        if (!from.contains(key) || !from[key].is_string() || from[key].get<std::string>().empty()) {
            complain(path + "." + key, "must be there, a text that is not empty");
            return {};
        }
        return from[key].get<std::string>();
    }

    void entry(json const& from, std::string const& path, std::vector<expectation_entry>& out) {
        if (!from.is_object()) return complain(path, "must be an object");
        for (auto const& [key, value] : from.items())
            if (key != "case" && key != "grade" && key != "reason") complain(path + "." + key, "unknown key");
        expectation_entry made{text(from, "case", path), grade::fail, text(from, "reason", path)};
        auto const name = text(from, "grade", path);
        if (auto const value = parse_grade(name))
            made.grade = *value;
        else if (!name.empty())
            complain(path + ".grade", "\"" + name + "\" is no grade: pass, info, non_strict, unsupported, fail, error");
        if (!seen_.insert(made.pattern).second) complain(path + ".case", "\"" + made.pattern + "\" stands here twice");
        out.push_back(std::move(made));
    }

    void complain(std::string path, std::string what) {
        mistakes_.push_back({file_.name, std::move(path), std::move(what)});
    }

    source_file const& file_;
    std::vector<diagnostic>& mistakes_;
    std::set<std::string> seen_;
};

// Exactly one entry for each case, or a problem.
std::map<std::string, expectation_entry const*> assign(std::vector<expectation_entry> const& entries,
                                                       std::vector<std::string> const& all,
                                                       std::vector<std::string>& problems) {
    std::map<std::string, expectation_entry const*> out;
    for (auto const& entry : entries) {
        bool used = false;
        for (auto const& id : all) {
            if (!id_matches(entry.pattern, id)) continue;
            used = true;
            auto const [at, fresh] = out.emplace(id, &entry);
            if (!fresh)
                problems.push_back("expected results: " + id + " is matched by both \"" +
                                   at->second->pattern + "\" and \"" + entry.pattern + "\"");
        }
        if (!used) problems.push_back("expected results: \"" + entry.pattern + "\" matches no case");
    }
    return out;
}

void compare(case_result& result, expectation_entry const& entry) {
    auto const got = overall(result.verdict);
    auto const wanted = std::string(name_of(entry.grade));
    if (got == entry.grade) {
        result.expectation = "expected " + wanted + ": " + entry.reason;
    } else {
        result.unexpected = true;
        result.expectation = std::string(got < entry.grade ? "better" : "worse") + " than expected (" + wanted +
                             ": " + entry.reason + ")" +
                             (got < entry.grade ? "; take it out of the expected results" : "");
    }
}

std::string utf8_or_hex(std::string const& text) {
    return is_utf8(view_of(text)) ? text : "hex " + to_hex(view_of(text));
}

}  // namespace

std::vector<expectation_entry> read_expectations(source_file const& file, std::vector<diagnostic>& mistakes) {
    return reader(file, mistakes).read();
}

bool counts(case_result const& result, bool strict) noexcept {
    auto const value = overall(result.verdict);
    if (value == grade::error) return true;
    if (result.played.level == level::may) return false;
    if (value == grade::non_strict) return strict;
    if (value != grade::fail) return false;
    // how TCP is closed is a MUST of its own (5.5.1), whatever the case is about
    return strict || result.played.level == level::must || result.verdict.close_grade == grade::fail;
}

void apply_expectations(std::vector<expectation_entry> const& entries, std::vector<std::string> const& all,
                        run_result& run) {
    auto const assigned = assign(entries, all, run.problems);
    for (auto& result : run.results) {
        auto const at = assigned.find(result.played.id);
        if (at != assigned.end())
            compare(result, *at->second);
        else
            result.unexpected = counts(result, run.strict);
    }
}

std::string write_expectations(run_result const& run) {
    auto list = nlohmann::ordered_json::array();
    for (auto const& result : run.results) {
        if (!counts(result, run.strict)) continue;
        auto const& verdict = result.verdict;
        bool const by_close = verdict.close_grade != grade::info && verdict.close_grade > verdict.grade;
        list.push_back({{"case", result.played.id},
                        {"grade", name_of(overall(verdict))},
                        {"reason", utf8_or_hex(by_close ? verdict.close_reason : verdict.reason)}});
    }
    nlohmann::ordered_json root{{"expected", std::move(list)}};
    return root.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace wsproof
