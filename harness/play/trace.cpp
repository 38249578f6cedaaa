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

void trace::blot_out(std::string_view secret) {
    if (secret.empty()) return;
    std::vector<std::uint8_t*> places;  // of all octets sent, in order, whatever writes they were in
    std::string sent;
    for (auto& entry : entries)
        if (entry.what == trace_entry::kind::sent)
            for (auto& octet : entry.data) {
                places.push_back(&octet);
                sent += static_cast<char>(octet);
            }
    for (auto at = sent.find(secret); at != std::string::npos; at = sent.find(secret, at + secret.size()))
        for (std::size_t i = 0; i < secret.size(); ++i) *places[at + i] = '*';
}

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
