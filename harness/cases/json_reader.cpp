#include "cases/json_reader.hpp"

#include <algorithm>

#include "cases/near_match.hpp"

namespace wsproof {

namespace {

constexpr std::size_t deepest_nesting = 64;

/// Builds the value and notes duplicate keys, of which nlohmann's own builder silently keeps the
/// last one.
class value_builder : public nlohmann::json_sax<json> {
public:
    value_builder(source_file const& file, std::vector<diagnostic>& mistakes)
        : file_(file), mistakes_(mistakes) {}

    json take() { return std::move(root_); }

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, string_t const&) override { return put(value); }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override { return open(json::object()); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        auto& top = open_.back();
        auto const path = member_path(top.path, name);
        if (top.value.contains(name))
            mistakes_.push_back({file_.name, path, "this key stands twice in its object"});
        top.key = std::move(name);
        return true;
    }

    bool parse_error(std::size_t position, std::string const&,
                     nlohmann::json::exception const& error) override {
        mistakes_.push_back({file_.name, line_and_column(position), plain(error.what())});
        return false;
    }

private:
    struct container {
        json value;
        std::string key;  // of the member that comes next
        std::string path;
    };

    std::string next_path() const {
        if (open_.empty()) return "$";
        auto const& top = open_.back();
        return top.value.is_array() ? element_path(top.path, top.value.size())
                                    : member_path(top.path, top.key);
    }

    bool put(json value) {
        if (open_.empty())
            root_ = std::move(value);
        else if (auto& top = open_.back(); top.value.is_array())
            top.value.push_back(std::move(value));
        else
            top.value[top.key] = std::move(value);
        return true;
    }

    bool open(json empty) {
        auto path = next_path();
        if (open_.size() == deepest_nesting) {
            mistakes_.push_back({file_.name, std::move(path), "nested too deep"});
            return false;
        }
        open_.push_back({std::move(empty), {}, std::move(path)});
        return true;
    }

    bool close() {
        auto value = std::move(open_.back().value);
        open_.pop_back();
        return put(std::move(value));
    }

    /// Of the last octet that was read, from 1.
    std::string line_and_column(std::size_t position) const {
        auto const read = std::string_view(file_.text).substr(0, position > 0 ? position - 1 : 0);
        auto const line = std::count(read.begin(), read.end(), '\n') + 1;
        auto const last = read.rfind('\n');
        auto const column = last == std::string_view::npos ? read.size() + 1 : read.size() - last;
        return std::to_string(line) + ":" + std::to_string(column);
    }

    /// nlohmann's words without its error number and its own position.
    static std::string plain(std::string_view text) {
        if (auto const at = text.find(": "); at != std::string_view::npos)
            text.remove_prefix(at + 2);
        return "this is no JSON: " + std::string(text);
    }

    source_file const& file_;
    std::vector<diagnostic>& mistakes_;
    json root_;
    std::vector<container> open_;
};

bool plain_name(std::string_view key) {
    return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

std::string list_of(std::vector<std::string_view> const& words) {
    std::string result;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) result += i + 1 == words.size() ? " or " : ", ";
        result += '"' + std::string(words[i]) + '"';
    }
    return result;
}

}  // namespace

std::optional<json> parse_json(source_file const& file, std::vector<diagnostic>& mistakes) {
    value_builder builder(file, mistakes);
    if (!json::sax_parse(file.text, &builder, json::input_format_t::json, true, true))
        return std::nullopt;
    return builder.take();
}

std::string member_path(std::string_view path, std::string_view key) {
    if (plain_name(key)) return std::string(path) + "." + std::string(key);
    return std::string(path) + "[\"" + std::string(key) + "\"]";
}

std::string element_path(std::string_view path, std::size_t index) {
    return std::string(path) + "[" + std::to_string(index) + "]";
}

void json_cursor::mistake(std::string text) const {
    mistakes_->push_back({std::string(file_), path_, std::move(text)});
}

std::string json_cursor::text() const {
    if (is_string()) return value_->get<std::string>();
    mistake("a string is needed here");
    return {};
}

bool json_cursor::flag() const {
    if (value_->is_boolean()) return value_->get<bool>();
    mistake("true or false is needed here");
    return false;
}

std::uint64_t json_cursor::number(std::uint64_t largest) const {
    if (value_->is_number_unsigned())
        if (auto const found = value_->get<std::uint64_t>(); found <= largest) return found;
    mistake("a whole number from 0 to " + std::to_string(largest) + " is needed here");
    return 0;
}

std::vector<json_cursor> json_cursor::list() const {
    std::vector<json_cursor> result;
    if (!is_list()) {
        mistake("a list is needed here");
        return result;
    }
    for (auto const& each : *value_)
        result.emplace_back(each, element_path(path_, result.size()), file_, *mistakes_);
    return result;
}

std::vector<std::string> json_cursor::texts() const {
    std::vector<std::string> result;
    for (auto const& each : list()) result.push_back(each.text());
    return result;
}

std::vector<std::pair<std::string, json_cursor>> json_cursor::members() const {
    std::vector<std::pair<std::string, json_cursor>> result;
    if (!is_object()) {
        mistake("an object is needed here");
        return result;
    }
    for (auto const& [key, member] : value_->items())
        result.emplace_back(key, json_cursor(member, member_path(path_, key), file_, *mistakes_));
    return result;
}

std::size_t json_cursor::word(std::initializer_list<std::string_view> words) const {
    auto const found = is_string() ? value_->get<std::string>() : std::string();
    auto const match = std::find(words.begin(), words.end(), found);
    if (is_string() && match != words.end()) return static_cast<std::size_t>(match - words.begin());
    mistake(list_of(words) + " is needed here" + did_you_mean(found, words));
    return 0;
}

json_object::json_object(json_cursor const& at) : at_(at) {
    if (!at.is_object()) at.mistake("an object is needed here");
}

std::optional<json_cursor> json_object::take(std::string_view key) {
    known_.emplace(key);
    if (!at_.is_object()) return std::nullopt;
    for (auto& [name, member] : at_.members())
        if (name == key) return member;
    return std::nullopt;
}

std::optional<json_cursor> json_object::require(std::string_view key) {
    auto found = take(key);
    if (!found && at_.is_object()) at_.mistake('"' + std::string(key) + "\" is missing");
    return found;
}

void json_object::finish() const {
    if (!at_.is_object()) return;
    std::vector<std::string_view> missing;
    for (auto const& name : known_)
        if (!has(name)) missing.push_back(name);
    for (auto const& [name, member] : at_.members())
        if (!known_.contains(name))
            member.mistake("this key is not known here" + did_you_mean(name, missing));
}

}  // namespace wsproof
