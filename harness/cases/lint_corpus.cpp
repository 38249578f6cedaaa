// wsproof_lint_corpus FOLDER: every mistake in the case files of a folder, one line each.
// The clause catalogue is the folder "requirements" beside it.
#include <cstdio>
#include <exception>
#include <filesystem>

#include "cases/case_files.hpp"
#include "cases/clauses.hpp"
#include "cases/families/families.hpp"
#include "cases/lint.hpp"

namespace wsproof {

namespace {

std::set<std::string, std::less<>> clauses_beside(std::string const& folder,
                                                  std::vector<diagnostic>& mistakes) {
    auto const catalogue = std::filesystem::absolute(folder).lexically_normal();
    auto const parent =
        catalogue.has_filename() ? catalogue.parent_path() : catalogue.parent_path().parent_path();
    auto const files = read_json_files((parent / "requirements").string(), mistakes);
    std::set<std::string, std::less<>> ids;
    for (auto const& each : load_catalogue(files, mistakes)) ids.insert(each.id);
    return ids;
}

int lint_folder(std::string const& folder) {
    std::vector<diagnostic> mistakes;
    auto const clauses = clauses_beside(folder, mistakes);
    auto const found = read_case_folder(folder, mistakes);
    auto const lists = found.lists.value_or(source_file{"outcomes.json", "{}"});
    auto loaded = load_cases(lists, found.files);
    mistakes.insert(mistakes.end(), loaded.mistakes.begin(), loaded.mistakes.end());
    std::vector<diagnostic> known;  // of the lists, noted above
    for (auto& each : families(load_outcome_lists(lists, known)))
        loaded.cases.push_back(std::move(each));
    for (auto& each : lint(loaded.cases, clauses)) mistakes.push_back(std::move(each));
    for (auto const& each : mistakes) std::printf("%s\n", describe(each).c_str());
    std::printf("%zu cases (families included), %zu mistakes\n", loaded.cases.size(),
                mistakes.size());
    return mistakes.empty() ? 0 : 1;
}

}  // namespace

}  // namespace wsproof

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: wsproof_lint_corpus FOLDER\n", stderr);
        return 2;
    }
    try {
        return wsproof::lint_folder(argv[1]);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 3;
    }
}
