#include "play/trace.hpp"

#include <algorithm>

namespace wsproof {
namespace {

std::uint64_t sum(trace const& of, trace_entry::kind kind) noexcept {
    std::uint64_t total = 0;
    for (auto const& entry : of.entries)
        if (entry.what == kind) total += entry.data.size();
    return total;
}

}  // namespace

std::string_view name_of(end_reason value) noexcept {
    switch (value) {
        case end_reason::fin: return "fin";
        case end_reason::reset: return "reset";
        case end_reason::flooded: return "flooded";
    }
    return "unknown";
}

std::uint64_t trace::octets_received() const noexcept { return sum(*this, trace_entry::kind::received); }
std::uint64_t trace::octets_sent() const noexcept { return sum(*this, trace_entry::kind::sent); }

void trace::shorten(std::uint64_t limit) {
    for (auto& entry : entries) {
        auto const kept = std::min<std::uint64_t>(entry.data.size(), limit);
        omitted += entry.data.size() - kept;
        entry.data.resize(static_cast<std::size_t>(kept));
        entry.data.shrink_to_fit();
        limit -= kept;
    }
}

}  // namespace wsproof
