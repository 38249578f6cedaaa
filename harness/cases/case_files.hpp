// The case files of a folder on disk.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/loader.hpp"

namespace wsproof {

struct case_folder {
    std::optional<source_file> lists;  ///< outcomes.json, when there is one
    std::vector<source_file>
        files;  ///< all other *.json, by name; names are relative to the folder
};

/// Golden files (*.golden.*) are left out. What cannot be read is a mistake. A single file may be
/// named instead of a folder.
case_folder read_case_folder(std::string const& folder, std::vector<diagnostic>& mistakes);

/// Every *.json of a folder and what is below it, by name.
std::vector<source_file> read_json_files(std::string const& folder,
                                         std::vector<diagnostic>& mistakes);

}  // namespace wsproof
