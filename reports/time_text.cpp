#include "reports/time_text.hpp"

#include <fmt/format.h>

#include <charconv>

namespace wsproof {
namespace {

using namespace std::chrono;

std::optional<int> number(std::string_view text, std::size_t at, std::size_t size) {
    int value = 0;
    auto const* const end = text.data() + at + size;
    auto const result = std::from_chars(text.data() + at, end, value);
    if (result.ec != std::errc{} || result.ptr != end || value < 0) return std::nullopt;
    return value;
}

std::string fixed(microseconds value, std::int64_t unit, int digits) {
    auto const count = value.count();
    auto const size =
        count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
    auto const divisor = static_cast<std::uint64_t>(unit);
    return fmt::format("{}{}.{:0{}}", count < 0 ? "-" : "", size / divisor, size % divisor, digits);
}

}  // namespace

std::string iso_time(system_clock::time_point value) {
    auto const exact = floor<milliseconds>(value);
    auto const day = floor<days>(exact);
    year_month_day const date(day);
    hh_mm_ss const clock(exact - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

std::optional<system_clock::time_point> parse_iso_time(std::string_view text) {
    constexpr std::string_view form = "dddd-dd-ddTdd:dd:dd.dddZ";
    if (text.size() != form.size()) return std::nullopt;
    for (std::size_t i = 0; i < form.size(); ++i)
        if (form[i] != 'd' && text[i] != form[i]) return std::nullopt;
    auto const y = number(text, 0, 4), mon = number(text, 5, 2), d = number(text, 8, 2);
    auto const h = number(text, 11, 2), min = number(text, 14, 2), s = number(text, 17, 2);
    auto const ms = number(text, 20, 3);
    if (!y || !mon || !d || !h || !min || !s || !ms) return std::nullopt;
    auto const date =
        year(*y) / month(static_cast<unsigned>(*mon)) / day(static_cast<unsigned>(*d));
    // the clock counts nanoseconds in 64 bits: 1677 to 2262
    if (!date.ok() || *y < 1678 || *y > 2261 || *h > 23 || *min > 59 || *s > 59)
        return std::nullopt;
    return sys_days(date) + hours(*h) + minutes(*min) + seconds(*s) + milliseconds(*ms);
}

std::string in_seconds(microseconds value) { return fixed(value, 1000000, 6); }

std::string in_milliseconds(microseconds value) { return fixed(value, 1000, 3); }

}  // namespace wsproof
