// DEFLATE written by hand, RFC 1951: blocks and references that no ordinary compressor would write.
#pragma once

#include <cstdint>
#include <string_view>

#include "wire/bytes.hpp"

namespace wsproof::deflate_cases {

/// Write blocks in any order, then take the payload of a message with finish().
class block_writer {
public:
    /// At most 65535 octets. A final block is followed by padding, as every stored one is.
    void stored(octets_view data, bool final = false);
    void stored(std::string_view data, bool final = false);

    /// A block with fixed codes: begin, literals and matches, end.
    void begin_fixed(bool final = false);
    void literals(std::string_view data);
    /// `length` 3 to 258, `distance` 1 to 32768, whether or not there is anything so far back.
    void match(unsigned length, unsigned distance);
    void end_fixed();

    /// So many bits, the lowest first: what no method above writes.
    void bits(std::uint32_t value, unsigned count);
    /// Padding, RFC 7692 7.2.1: bits of 0 up to the border of an octet.
    void pad();

    /// An empty stored block without its last four octets, and all octets so far (7.2.1).
    octets finish();
    /// The octets so far, padded.
    octets take();

private:
    void code(std::uint32_t value, unsigned count);  // a Huffman code: its highest bit first
    void symbol(unsigned value);                     // of the fixed code for literals and lengths

    octets out_;
    unsigned used_ = 8;  // bits used of the last octet
    bool final_ = false;
};

}  // namespace wsproof::deflate_cases
