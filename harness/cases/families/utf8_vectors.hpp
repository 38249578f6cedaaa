// The vectors of corpus/vectors/utf8.json, and what UTF-8 families say about them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wire/bytes.hpp"

namespace wsproof {

struct utf8_vector {
    std::string group, name;
    octets data;
    bool valid = false;
    std::optional<std::size_t> first_bad;  ///< nothing: valid, or ends inside a sequence
    std::vector<std::string> autobahn;     ///< cases that send it whole
};

/// In the order of the file. They are built in: a mistake in them is a bug of ours.
std::vector<utf8_vector> const& utf8_vectors();

/// The numbers of the Autobahn cases that send these octets whole.
std::vector<std::string> autobahn_of_utf8(octets_view data);

/// "position-7-ascii-octets-then-ff": unique, and never changes.
std::string slug_of(utf8_vector const& each);

/// Where the sequence begins that is bad or not finished; the size of a valid text.
std::size_t start_of_trouble(utf8_vector const& each);

/// The clauses of RFC 3629 that make it valid or not, the closest one first.
std::vector<std::string> utf8_clauses(utf8_vector const& each);

}  // namespace wsproof
