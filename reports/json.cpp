#include "reports/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "reports/escape.hpp"
#include "reports/exchange.hpp"
#include "reports/report_form.hpp"
#include "reports/summary.hpp"
#include "reports/time_text.hpp"

namespace wsproof {
namespace {

using json = nlohmann::ordered_json;
using report_form::enumerators;
using report_form::name_of;
using report_form::named;
using std::chrono::microseconds;
using wsproof::name_of;
using time_point = std::chrono::system_clock::time_point;

constexpr std::size_t octets_in_piece = 64;
constexpr std::size_t most_mistakes = 100;

json counts(tally const& of) {
    json out = json::object();
    for (auto const each : all_grades) out[std::string(name_of(each))] = of.of(each);
    return out;
}

json summary_of(run_result const& run) {
    auto const all = summarize(run);
    json out{{"cases", run.results.size()},    {"unexpected", all.unexpected},
             {"overall", counts(all.overall)}, {"behaviour", counts(all.behaviour)},
             {"close", counts(all.close)},     {"sections", json::array()}};
    for (auto const& each : all.sections)
        out["sections"].push_back({{"section", escape_json(each.section)},
                                   {"cases", each.results.size()},
                                   {"unexpected", each.unexpected},
                                   {"overall", counts(each.overall)}});
    return out;
}

std::string_view kind_of(exchange_item const& item) {
    static constexpr std::string_view kinds[] = {"head", "frame", "unfinished", "octets", "further"};
    return kinds[item.what.index()];
}

void add_header(json& out, frame_header const& header) {
    static constexpr int bits[] = {7, 16, 64};
    out["opcode"] = static_cast<unsigned>(header.op);
    out["fin"] = header.fin;
    out["rsv"] = header.rsv;
    out["key"] = header.mask ? json(to_hex(*header.mask)) : json(nullptr);
    out["form"] = bits[static_cast<std::size_t>(header.form)];
    out["length"] = header.length;
}

json overall_of(case_result const& of) { return name_of(overall(of.verdict)); }

json exchange_of(trace const& happened) {
    json out = json::array();
    for (auto const& item : decode_exchange(happened, most_decoded_frames)) {
        json each{{"entry", item.entry},
                  {"from", item.from_peer ? "peer" : "wsproof"},
                  {"offset", item.offset},
                  {"kind", kind_of(item)},
                  {"text", in_words(item)}};
        if (auto const* whole = std::get_if<frame>(&item.what)) add_header(each, whole->header);
        if (auto const* part = std::get_if<unfinished_frame>(&item.what); part && part->header)
            add_header(each, *part->header);
        out.push_back(std::move(each));
    }
    return out;
}

class writer {
public:
    template <class T>
    using ref = T const&;

    template <class T>
    void operator()(char const* key, T const& value) {
        out_[key] = write(value);
    }
    // As text: many readers of JSON keep only 53 bits of a number.
    void number(char const* key, std::uint64_t value) { out_[key] = std::to_string(value); }
    void constant(char const* key, json value) { out_[key] = std::move(value); }
    void overall(case_result const& of) { out_["overall"] = overall_of(of); }
    void summary(run_result const& of) { out_["summary"] = summary_of(of); }
    void exchange(trace const& of) { out_["exchange"] = exchange_of(of); }
    template <class T, class Present>
    void optional(char const* key, T const& value, Present present) {
        if (present(value)) out_[key] = write(value);
    }

    template <class T>
    static json write_record(T const& value) {
        writer inner;
        report_form::fields(inner, value);
        return std::move(inner.out_);
    }

private:
    template <class T>
    static json write(T const& value) {
        if constexpr (named<T>) {
            return name_of(value);
        } else if constexpr (std::integral<T>) {
            return value;
        } else {
            return write_record(value);
        }
    }
    static json write(std::string const& value) { return escape_json(value); }
    static json write(microseconds value) { return value.count(); }
    static json write(time_point value) { return iso_time(value); }
    static json write(octets const& value) {
        json out = json::array();
        for (octets_view left = value; !left.empty();) {
            auto const piece = left.first(std::min(left.size(), octets_in_piece));
            out.push_back(to_hex(piece));
            left = left.subspan(piece.size());
        }
        return out;
    }
    template <class T>
    static json write(std::vector<T> const& value) {
        json out = json::array();
        for (auto const& each : value) out.push_back(write(each));
        return out;
    }
    template <class T>
    static json write(std::optional<T> const& value) {
        return value ? write(*value) : json(nullptr);
    }
    static json write(std::map<std::string, std::string> const& value) {
        json out = json::object();
        for (auto const& [key, each] : value) out[escape_json(key)] = escape_json(each);
        return out;
    }

    json out_ = json::object();
};

class mistake_list {
public:
    explicit mistake_list(std::vector<diagnostic>& out)
        : out_(out), end_(out.size() + most_mistakes) {}
    void add(std::string path, std::string text) {
        if (out_.size() < end_) out_.push_back({"", std::move(path), std::move(text)});
    }

private:
    std::vector<diagnostic>& out_;
    std::size_t end_;
};

class reader {
public:
    template <class T>
    using ref = T&;

    reader(json const& object, std::string path, mistake_list& mistakes)
        : object_(object), path_(std::move(path)), mistakes_(mistakes) {}

    template <class T>
    void operator()(char const* key, T& value) {
        if (auto const* found = find(key, true)) read(*found, path_of(key), value);
    }
    void number(char const* key, std::uint64_t& value) {
        auto const* found = find(key, true);
        if (found == nullptr) return;
        auto const text = found->is_string() ? found->get<std::string>() : std::string();
        auto const* const end = text.data() + text.size();
        auto const result = std::from_chars(text.data(), end, value);
        if (text.empty() || result.ec != std::errc{} || result.ptr != end)
            mistakes_.add(path_of(key), "needs a number of up to 64 bits, as a string");
    }
    void constant(char const* key, json const& value) {
        auto const* found = find(key, true);
        if (found != nullptr && *found != value)
            mistakes_.add(path_of(key), "needs " + value.dump());
    }
    void overall(case_result const& of) { check("overall", of, overall_of); }
    void summary(run_result const& of) { check("summary", of, summary_of); }
    void exchange(trace const&) { find("exchange", true); }  // words change with the program
    template <class T, class Present>
    void optional(char const* key, T& value, Present) {
        if (auto const* found = find(key, false)) read(*found, path_of(key), value);
    }

    /// Behind all fields: what depends on several of them, and keys that are none.
    void finish() {
        for (auto const& check : checks_) check();
        for (auto const& [key, value] : object_.items())
            if (std::ranges::find(known_, key) == known_.end())
                mistakes_.add(path_, "has the unknown key \"" + escape_terminal(key) + "\"");
    }

    template <class T>
    static void read_record(json const& from, std::string const& path, mistake_list& mistakes,
                            T& value) {
        if (!from.is_object()) {
            mistakes.add(path, "needs an object");
            return;
        }
        reader inner(from, path, mistakes);
        report_form::fields(inner, value);
        inner.finish();
    }

private:
    json const* find(char const* key, bool required) {
        known_.emplace_back(key);
        auto const found = object_.find(key);
        if (found != object_.end()) return &*found;
        if (required) mistakes_.add(path_, fmt::format("lacks the key \"{}\"", key));
        return nullptr;
    }
    template <class T>
    void check(char const* key, T const& of, json (*make)(T const&)) {
        auto const* const found = find(key, true);
        if (found == nullptr) return;
        checks_.push_back([this, key, found, make, &of] {
            if (*found != make(of))
                mistakes_.add(path_of(key), "contradicts the rest of the report");
        });
    }
    std::string path_of(char const* key) const { return path_ + "." + key; }

    template <class T>
    void read(json const& from, std::string const& path, T& value) {
        if constexpr (named<T>) {
            read_name(from, path, value);
        } else if constexpr (std::same_as<T, bool>) {
            if (!from.is_boolean()) return mistakes_.add(path, "needs true or false");
            value = from.get<bool>();
        } else if constexpr (std::integral<T>) {
            read_integer(from, path, value);
        } else {
            read_record(from, path, mistakes_, value);
        }
    }
    template <class T>
    void read_name(json const& from, std::string const& path, T& value) {
        std::string list;
        for (std::size_t i = 0; i < enumerators<T>; ++i) {
            auto const each = static_cast<T>(i);
            if (from == name_of(each)) {
                value = each;
                return;
            }
            list += (i == 0 ? "" : ", ") + std::string(name_of(each));
        }
        mistakes_.add(path, "needs one of " + list);
    }
    template <class T>
    void read_integer(json const& from, std::string const& path, T& value) {
        if (from.is_number_unsigned() && std::in_range<T>(from.get<std::uint64_t>())) {
            value = static_cast<T>(from.get<std::uint64_t>());
        } else if (from.is_number_integer() && !from.is_number_unsigned() &&
                   std::in_range<T>(from.get<std::int64_t>())) {
            value = static_cast<T>(from.get<std::int64_t>());
        } else {
            mistakes_.add(path, "needs a whole number that fits");
        }
    }
    void read(json const& from, std::string const& path, std::string& value) {
        if (!from.is_string()) return mistakes_.add(path, "needs a string");
        value = from.get<std::string>();
    }
    void read(json const& from, std::string const& path, microseconds& value) {
        std::int64_t count = 0;
        read_integer(from, path, count);
        value = microseconds(count);
    }
    void read(json const& from, std::string const& path, time_point& value) {
        auto const time = from.is_string() ? parse_iso_time(from.get<std::string>()) : std::nullopt;
        if (!time) return mistakes_.add(path, "needs a time such as 2026-01-31T12:00:00.123Z");
        value = *time;
    }
    void read(json const& from, std::string const& path, octets& value) {
        std::vector<std::string> pieces;
        read(from, path, pieces);
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            auto const piece = parse_hex(pieces[i]);
            if (!piece)
                return mistakes_.add(fmt::format("{}[{}]", path, i), "needs hexadecimal digits");
            append(value, *piece);
        }
    }
    template <class T>
    void read(json const& from, std::string const& path, std::vector<T>& value) {
        if (!from.is_array()) return mistakes_.add(path, "needs a list");
        value.resize(from.size());
        for (std::size_t i = 0; i < from.size(); ++i)
            read(from[i], fmt::format("{}[{}]", path, i), value[i]);
    }
    template <class T>
    void read(json const& from, std::string const& path, std::optional<T>& value) {
        if (!from.is_null()) read(from, path, value.emplace());
    }
    void read(json const& from, std::string const& path,
              std::map<std::string, std::string>& value) {
        if (!from.is_object()) return mistakes_.add(path, "needs an object");
        for (auto const& [key, each] : from.items()) read(each, path + "." + key, value[key]);
    }

    json const& object_;
    std::string path_;
    mistake_list& mistakes_;
    std::vector<std::string> known_;
    std::vector<std::function<void()>> checks_;
};

// Where octet `at` stands, as line:column from 1.
std::string place_of(std::string_view text, std::size_t at) {
    auto const before = text.substr(0, at == 0 ? 0 : at - 1);
    auto const line = std::ranges::count(before, '\n') + 1;
    auto const start = before.rfind('\n');
    auto const column = start == std::string_view::npos ? before.size() + 1 : before.size() - start;
    return fmt::format("{}:{}", line, column);
}

// A report of another format or version is not read key by key.
bool is_report(json const& root, mistake_list& mistakes) {
    if (root.is_object() && root.value("format", json()) == "wsproof-report" &&
        root.value("version", json()) == 1)
        return true;
    mistakes.add("$", "is no report of wsproof in version 1 of its format");
    return false;
}

}  // namespace

std::string to_json(run_result const& run) {
    return writer::write_record(run).dump(2, ' ', true) + "\n";
}

run_result from_json(std::string_view text, std::vector<diagnostic>& mistakes) {
    run_result run;
    mistake_list list(mistakes);
    try {
        auto const root = json::parse(text);
        if (is_report(root, list)) reader::read_record(root, "$", list, run);
    } catch (json::parse_error const& error) {
        list.add(place_of(text, error.byte), "is no valid JSON from here on");
    } catch (json::exception const& error) {
        list.add("$", error.what());
    }
    return run;
}

}  // namespace wsproof
