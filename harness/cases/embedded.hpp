// The corpus as it is built into the program, so that nothing has to be installed beside it.
// Generated from the JSON files of corpus/cases, requirements and vectors by ci/cmake/embed.cmake.
#pragma once

#include <span>
#include <string_view>

namespace wsproof {

struct embedded_file {
    std::string_view name;  ///< below corpus/, e.g. cases/rfc6455/5.4-fragmentation.json
    std::string_view text;
};

/// By name.
std::span<embedded_file const> embedded_files();

}  // namespace wsproof
