#include "cases/case_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace wsproof {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_file = std::uintmax_t{64} << 20U;

std::optional<std::string> read_text(fs::path const& path) {
    std::error_code error;
    auto const size = fs::file_size(path, error);
    if (error || size > largest_file) return std::nullopt;
    std::string text(static_cast<std::size_t>(size), '\0');
    std::ifstream in(path, std::ios::binary);
    if (!in.read(text.data(), static_cast<std::streamsize>(size))) return std::nullopt;
    return text;
}

bool is_case_file(fs::path const& path) {
    auto const name = path.filename().string();
    return name.ends_with(".json") && name.find(".golden.") == std::string::npos;
}

}  // namespace

std::vector<source_file> read_json_files(std::string const& folder,
                                         std::vector<diagnostic>& mistakes) {
    std::vector<source_file> result;
    std::error_code error;
    fs::recursive_directory_iterator each(folder, error);
    for (; !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
        std::error_code ignored;  // of a dangling link: it is no regular file then
        if (!each->is_regular_file(ignored) || !is_case_file(each->path())) continue;
        auto const name = each->path().lexically_relative(folder).generic_string();
        if (auto text = read_text(each->path()))
            result.push_back({name, std::move(*text)});
        else
            mistakes.push_back({name, {}, "this file cannot be read"});
    }
    if (error) mistakes.push_back({folder, {}, "this folder cannot be read: " + error.message()});
    std::sort(result.begin(), result.end(),
              [](auto const& a, auto const& b) { return a.name < b.name; });
    return result;
}

case_folder read_case_folder(std::string const& folder, std::vector<diagnostic>& mistakes) {
    case_folder result;
    if (std::error_code ignored; fs::is_regular_file(folder, ignored)) {
        auto text = read_text(folder);
        if (!text) mistakes.push_back({folder, {}, "this file cannot be read"});
        if (text) result.files.push_back({fs::path(folder).filename().string(), std::move(*text)});
        return result;
    }
    result.files = read_json_files(folder, mistakes);
    auto const lists = std::find_if(result.files.begin(), result.files.end(),
                                    [](auto const& each) { return each.name == "outcomes.json"; });
    if (lists != result.files.end()) {
        result.lists = std::move(*lists);
        result.files.erase(lists);
    }
    return result;
}

}  // namespace wsproof
