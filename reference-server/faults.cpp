#include "reference-server/faults.hpp"

#include <algorithm>
#include <vector>

namespace wsproof {

namespace {

std::vector<fault_info> join() {
    std::vector<fault_info> all;
    for (auto const part : {handshake_faults(), frame_faults(), closing_faults(), deflate_faults(),
                            client_faults(), legal_variants(), client_variants()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

}  // namespace

std::span<fault_info const> all_faults() {
    static std::vector<fault_info> const all = join();
    return all;
}

fault_info const* find_fault(std::string_view name) {
    auto const all = all_faults();
    auto const found = std::ranges::find(all, name, &fault_info::name);
    return found != all.end() ? &*found : nullptr;
}

fault_info const& info_of(fault id) { return all_faults()[static_cast<std::size_t>(id) - 1]; }

}  // namespace wsproof
