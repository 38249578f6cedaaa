#include "cli/output.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "reports/escape.hpp"

namespace wsproof {

void say(std::string_view text) {
    std::cerr << text << '\n';
    std::cerr.flush();
}

bool write_text(std::string const& file, std::string_view text) {
    bool written = false;
    if (file == "-") {
        std::cout << text;
        written = static_cast<bool>(std::cout.flush());
    } else {
        std::ofstream out(file, std::ios::binary | std::ios::trunc);
        out << text;
        out.close();
        written = !out.fail();
    }
    if (!written) say("wsproof: cannot write " + escape_terminal(file) + ": " + std::strerror(errno));
    return written;
}

bool read_text(std::string const& file, std::string& text) {
    std::ifstream opened;
    if (file != "-") opened.open(file, std::ios::binary);
    std::istream& in = file == "-" ? std::cin : opened;
    if (in) text.assign(std::istreambuf_iterator<char>(in), {});
    if (in && !in.bad()) return true;
    say("wsproof: cannot read " + escape_terminal(file) + ": " + std::strerror(errno));
    return false;
}

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

bool wants_color(int descriptor) {
    auto const* no = std::getenv("NO_COLOR");
    auto const* term = std::getenv("TERM");
    if (no != nullptr && *no != '\0') return false;
    return is_terminal(descriptor) && term != nullptr && std::strcmp(term, "dumb") != 0;
}

std::size_t terminal_width(int descriptor) {
    winsize size{};
    if (is_terminal(descriptor) && ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col;
    return 100;
}

}  // namespace wsproof
