// Times and durations as reports write them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace wsproof {

/// UTC with milliseconds, ISO 8601: 2026-01-31T12:00:00.123Z
std::string iso_time(std::chrono::system_clock::time_point value);
/// Reads exactly that form.
std::optional<std::chrono::system_clock::time_point> parse_iso_time(std::string_view text);

/// "0.001301"
std::string in_seconds(std::chrono::microseconds value);
/// "1.301"
std::string in_milliseconds(std::chrono::microseconds value);

}  // namespace wsproof
