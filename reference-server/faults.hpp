// What a faulty_peer can do wrong, one narrow deviation each, and the legal but unusual things it
// can do. The conformance cases are measured with them: every fault must make some case fail, no
// variant may.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "reference-server/fault.hpp"
#include "rules/level.hpp"

namespace wsproof {

/// Who can do it.
enum class fault_roles : std::uint8_t { server, client, both };

struct fault_info {
    fault id = fault::none;
    std::string_view name;  ///< as it is asked for: lower case, hyphens
    fault_roles roles = fault_roles::both;
    bool variant = false;   ///< legal, though unusual
    std::string_view text;  ///< what the peer does, one sentence
    std::string_view
        clause;  ///< of corpus/requirements: the one broken, or the one that a variant leans on
    std::string_view source;  ///< a published bug of this kind; may be empty

    constexpr bool concerns(role who) const noexcept {
        return roles == fault_roles::both ||
               (roles == fault_roles::server) == (who == role::server);
    }
};

/// Faults and variants in the order of the enumeration, without fault::none.
std::span<fault_info const> all_faults();

/// Nothing when no fault has this name.
fault_info const* find_fault(std::string_view name);

/// Precondition: not fault::none.
fault_info const& info_of(fault id);

// The parts of all_faults, in this order.
std::span<fault_info const> handshake_faults();
std::span<fault_info const> frame_faults();
std::span<fault_info const> closing_faults();
std::span<fault_info const> deflate_faults();
std::span<fault_info const> client_faults();
std::span<fault_info const> legal_variants();
std::span<fault_info const> client_variants();

}  // namespace wsproof
