// The ways a stream can be cut: what reads octets has to come to the same result in all of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "wire/bytes.hpp"

namespace wsproof::testing {

using pieces = std::vector<octets_view>;

/// In pieces of `size` octets; the last one may be shorter.
inline pieces cut_every(octets_view data, std::size_t size) {
    pieces out;
    for (; !data.empty(); data = data.subspan(out.back().size())) {
        out.push_back(data.first(std::min(size, data.size())));
    }
    return out;
}

/// Calls check(pieces) with the octets whole, one at a time, and in two at every place, with an
/// empty piece at either end included.
template <typename Check>
void in_every_cut(octets_view data, Check const& check) {
    check(pieces{data});
    check(cut_every(data, 1));
    for (std::size_t cut = 0; cut <= data.size(); ++cut) {
        check(pieces{data.first(cut), data.subspan(cut)});
    }
}

}  // namespace wsproof::testing
