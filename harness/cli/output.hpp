// Where text goes: files, standard output, the terminal.
#pragma once

#include <string>
#include <string_view>

namespace wsproof {

/// One line to standard error.
void say(std::string_view text);

/// Writes the text to the file, or to standard output for "-". False, with a message, when it fails.
bool write_text(std::string const& file, std::string_view text);

/// The whole file, or standard input for "-"; false, with a message, when it cannot be read.
bool read_text(std::string const& file, std::string& text);

/// Is this descriptor (1, 2) a terminal on which a line can be drawn again (not with TERM=dumb), and
/// are colours welcome on it (NO_COLOR)?
bool can_redraw(int descriptor);
bool wants_color(int descriptor);
/// Columns of the terminal; 100 where there is none.
std::size_t terminal_width(int descriptor);

}  // namespace wsproof
