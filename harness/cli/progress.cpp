#include "cli/progress.hpp"

#include <unistd.h>

#include <fmt/format.h>
#include <iostream>

#include "cli/output.hpp"
#include "reports/escape.hpp"
#include "reports/text.hpp"

namespace wsproof {

progress::progress(bool quiet, bool every)
    : quiet_(quiet), every_(every), live_(can_redraw(STDERR_FILENO)), color_(wants_color(STDERR_FILENO)) {}

progress::~progress() {
    if (drawn_) std::cerr << "\r\x1b[K" << std::flush;
}

void progress::on_probed(target_info const& target, std::size_t cases, std::uint64_t seed) {
    auto const& facts = target.probe;
    std::string text = escape_terminal(target.agent) + ": ";
    if (!facts.problem.empty()) return;
    text += facts.echoes_text || facts.echoes_binary ? "echoes" : "does not echo";
    text += facts.deflate ? ", permessage-deflate" : ", no permessage-deflate";
    text += fmt::format(", round trip {} µs; {} cases, seed {}", facts.round_trip.count(), cases, seed);
    line(text);
}

void progress::on_result(case_result const& result, std::size_t done, std::size_t all) {
    bool const bad = overall(result.verdict) >= grade::fail;
    if (bad) ++failed_;
    if (bad || every_) line(describe_result(result));
    auto const state = fmt::format("[{:>{}}/{}] {} failed", done, fmt::formatted_size("{}", all), all, failed_);
    if (live_) return live(state + "  " + escape_terminal(result.played.id));
    if (all > 0 && done * 10 / all > tenth_) {
        tenth_ = done * 10 / all;
        line(state);
    }
}

void progress::on_notice(std::string const& text) { line(escape_terminal(text)); }

void progress::line(std::string const& text) {
    if (quiet_) return;
    if (drawn_) std::cerr << "\r\x1b[K";
    drawn_ = false;
    say(text);
}

void progress::live(std::string const& text) {
    if (quiet_) return;
    // by characters of the id's alphabet; the state before it is ASCII
    std::cerr << "\r\x1b[K" << (color_ && failed_ > 0 ? "\x1b[31m" : "")
              << text.substr(0, terminal_width(STDERR_FILENO) - 1) << (color_ && failed_ > 0 ? "\x1b[0m" : "")
              << std::flush;
    drawn_ = true;
}

}  // namespace wsproof
