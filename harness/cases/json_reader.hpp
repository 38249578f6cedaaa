// Reading JSON that people wrote: every mistake is noted with its path, reading goes on.
// Only the loader's own sources include this.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cases/loader.hpp"

namespace wsproof {

/// Keeps the order of keys: the fields of a request are sent in the order in which they are
/// written.
using json = nlohmann::ordered_json;

/// Parses with comments allowed. Empty when the text is no JSON: the mistake then has line:column
/// as its path. Duplicate keys are mistakes, but do not make the result empty.
std::optional<json> parse_json(source_file const& file, std::vector<diagnostic>& mistakes);

/// The path with one more member or element.
std::string member_path(std::string_view path, std::string_view key);
std::string element_path(std::string_view path, std::size_t index);

/// A value in a file, with its path. What has the wrong type is noted as a mistake and read as an
/// empty value, so that callers need not stop; `mistakes` tells in the end.
class json_cursor {
public:
    json_cursor(json const& value, std::string path, std::string_view file,
                std::vector<diagnostic>& mistakes)
        : value_(&value), path_(std::move(path)), file_(file), mistakes_(&mistakes) {}

    json const& value() const noexcept { return *value_; }
    std::string const& path() const noexcept { return path_; }
    bool is_string() const noexcept { return value_->is_string(); }
    bool is_list() const noexcept { return value_->is_array(); }
    bool is_object() const noexcept { return value_->is_object(); }

    void mistake(std::string text) const;
    std::size_t mistake_count() const noexcept { return mistakes_->size(); }

    std::string text() const;
    bool flag() const;
    std::uint64_t number(std::uint64_t largest) const;
    /// Elements of a list.
    std::vector<json_cursor> list() const;
    std::vector<std::string> texts() const;
    /// Members of an object whose keys are free.
    std::vector<std::pair<std::string, json_cursor>> members() const;
    /// The index of the word in `words`; 0 after a mistake.
    std::size_t word(std::initializer_list<std::string_view> words) const;

private:
    json const* value_;
    std::string path_;
    std::string_view file_;  // outlived by the caller's source_file
    std::vector<diagnostic>* mistakes_;
};

/// An object with fixed keys: members are taken by name, what is never taken is a mistake.
class json_object {
public:
    explicit json_object(json_cursor const& at);

    json_cursor const& at() const noexcept { return at_; }
    bool has(std::string_view key) const { return at_.is_object() && at_.value().contains(key); }
    std::optional<json_cursor> take(std::string_view key);
    /// The same; a mistake when it is missing.
    std::optional<json_cursor> require(std::string_view key);
    /// Notes the members that nobody took. Call it last.
    void finish() const;

private:
    json_cursor at_;
    std::set<std::string, std::less<>> known_;
};

}  // namespace wsproof
