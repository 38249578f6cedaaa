// Data for measuring compression, of the kinds that Autobahn's files are of, made from a seed.
#pragma once

#include <cstdint>
#include <string_view>

#include "cases/case.hpp"

namespace wsproof::deflate_cases {

enum class sample : std::uint8_t { json, bitmap, prose, html, packed };

std::string_view name_of(sample kind) noexcept;
/// JSON and HTML are sent as text, the others as binary.
opcode opcode_of(sample kind) noexcept;

/// A message of exactly this size. Its first octets differ with the number; behind them stand
/// records that are the same in all messages of a kind, each repeated, in an order that differs
/// too.
payload sample_message(sample kind, std::uint64_t size, unsigned number);

/// Message payload in one block with fixed codes. The records of sample_message are short enough
/// that its references keep to every window that may be agreed.
payload in_fixed_block(payload const& data);

/// Message payload in stored blocks, as zlib writes what does not shrink (RFC 7692 7.2.3.3).
payload in_stored_blocks(payload const& data);

}  // namespace wsproof::deflate_cases
