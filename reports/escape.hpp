// The peer's octets on their way into text. They reach a terminal, JSON, XML, HTML and file names
// only through these functions; each takes any octets and gives valid UTF-8.
//
// Visible forms: \x1b for a control character below U+0080 and for an octet that is not part of
// valid UTF-8, \u{202e} for any other character that hides, moves or turns what stands around it.
// A backslash stays as it is, so escaping twice gives what escaping once gives.
#pragma once

#include <string>
#include <string_view>

namespace wsproof {

/// One line for a terminal: line ends and tabs are escaped too, so the caller splits lines first.
std::string escape_terminal(std::string_view text);

/// Text that XML 1.0 may carry (section 2.2, Char). Line feeds and tabs stay; markup is left to the
/// XML writer.
std::string escape_xml(std::string_view text);

/// Valid UTF-8 with everything kept that JSON can express: only invalid octets change.
std::string escape_json(std::string_view text);

/// For HTML text and for attribute values in either kind of quotes. Line feeds and tabs stay.
std::string escape_html(std::string_view text);

/// A name for one file, without a folder, on any system: letters, digits, '.', '-' and '_', at most
/// 100 characters, no leading dot or hyphen, no device name. Where the text had to change in any
/// other way than '/' to '_', a hash of it is added, so that different texts do not share a file.
std::string file_name(std::string_view text);

}  // namespace wsproof
