#include "cli/output.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>

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
    // a folder opens like a file; it is read(), unlike the iterators, that makes its error a state
    std::array<char, 65536> piece{};
    text.clear();
    while (in.read(piece.data(), piece.size()) || in.gcount() > 0)
        text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    if (in.eof() && !in.bad()) return true;
    say("wsproof: cannot read " + escape_terminal(file) + ": " + std::strerror(errno));
    return false;
}

bool can_redraw(int descriptor) {
    auto const* term = std::getenv("TERM");
    return ::isatty(descriptor) == 1 && term != nullptr && std::strcmp(term, "dumb") != 0;
}

bool wants_color(int descriptor) {
    auto const* no = std::getenv("NO_COLOR");
    return can_redraw(descriptor) && (no == nullptr || *no == '\0');
}

std::size_t terminal_width(int descriptor) {
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col;
    return 100;
}

}  // namespace wsproof
