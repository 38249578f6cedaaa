#include "run/resources.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace wsproof {
namespace {

constexpr std::uint64_t mebi = 1024 * 1024;
constexpr std::uint64_t spare_memory = 64 * mebi;  // buffers, threads, a collector that is late
constexpr std::uint64_t copies = 16;               // of each octet that went either way
constexpr std::uint64_t inflated_copies = 6;       // a collector frees the last message late
constexpr std::chrono::seconds spare_time{10};
constexpr std::uint64_t octets_a_second = mebi;    // what the slowest target works off

std::string text_of(int pid, char const* file) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/" + file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// The fields of /proc/PID/stat behind the name, which may hold blanks and brackets.
std::vector<std::string> stat_of(int pid) {
    auto const text = text_of(pid, "stat");
    auto const name_end = text.rfind(')');
    if (name_end == std::string::npos) return {};
    std::istringstream in(text.substr(name_end + 1));
    std::vector<std::string> fields;
    for (std::string field; in >> field;) fields.push_back(field);
    return fields;
}

std::uint64_t number_in(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

// Octets of a line such as "VmHWM:     1234 kB".
std::uint64_t status_value(int pid, std::string_view name) {
    std::istringstream in(text_of(pid, "status"));
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with(name)) continue;
        auto const digits = line.find_first_of("0123456789");
        return digits == std::string::npos ? 0 : number_in(std::string_view(line).substr(digits)) * 1024;
    }
    return 0;
}

constexpr std::size_t group_field = 2, user_time_field = 11, system_time_field = 12;

}  // namespace

resource_watch::resource_watch(int pid) : pid_(pid) { begin(); }

std::vector<int> resource_watch::processes() const {
    if (::getpgid(pid_) != pid_) return {pid_};
    std::vector<int> out;
    std::error_code error;
    for (auto const& entry : std::filesystem::directory_iterator("/proc", error)) {
        auto const name = entry.path().filename().string();
        auto const pid = static_cast<int>(number_in(name));
        auto const fields = pid > 0 ? stat_of(pid) : std::vector<std::string>{};
        if (fields.size() > group_field && fields[group_field] == std::to_string(pid_)) out.push_back(pid);
    }
    return out;
}

std::optional<resource_watch::sample> resource_watch::take() const {
    sample sum;
    bool found = false;
    auto const tick = std::chrono::microseconds(1'000'000 / ::sysconf(_SC_CLK_TCK));
    for (int const pid : processes()) {
        auto const fields = stat_of(pid);
        if (fields.size() <= system_time_field) continue;
        found = true;
        sum.peak += status_value(pid, "VmHWM:");
        sum.cpu += tick * static_cast<long>(number_in(fields[user_time_field]) + number_in(fields[system_time_field]));
    }
    return found ? std::optional(sum) : std::nullopt;
}

void resource_watch::begin() {
    for (int const pid : processes()) std::ofstream("/proc/" + std::to_string(pid) + "/clear_refs") << '5';
    before_ = take();
}

std::optional<resource_use> resource_watch::since_begin() const {
    auto const now = take();
    if (!now || !before_) return std::nullopt;
    return resource_use{now->peak - std::min(now->peak, before_->peak), now->cpu - std::min(now->cpu, before_->cpu)};
}

std::optional<std::string> excess_of(resource_use const& used, std::uint64_t moved, std::uint64_t messages) {
    auto const meanwhile = std::to_string(moved) + " octets went to and fro (10.4)";
    if (used.memory > spare_memory + copies * moved + inflated_copies * messages)
        return "the target's memory grew by " + std::to_string(used.memory / mebi) + " MiB while " + meanwhile;
    auto const time = spare_time + std::chrono::seconds(moved / octets_a_second);
    if (used.cpu > time)
        return "the target used " + std::to_string(used.cpu.count() / 1'000'000) + " s of processor time while " +
               meanwhile;
    return std::nullopt;
}

}  // namespace wsproof
