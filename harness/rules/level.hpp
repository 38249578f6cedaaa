// Who a rule binds, and how strongly.
#pragma once

#include <cstdint>

namespace wsproof {

/// An end of a connection.
enum class role : std::uint8_t { client, server };

/// What a `fail` weighs: must counts, should counts under --strict, may never counts.
enum class level : std::uint8_t { must, should, may };

}  // namespace wsproof
