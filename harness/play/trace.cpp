#include "play/trace.hpp"

#include <algorithm>

#include "wire/frame_reader.hpp"
#include "wire/handshake.hpp"

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

std::size_t trace::frames_received() const {
    octets all;
    for (auto const& entry : entries)
        if (entry.what == trace_entry::kind::received) append(all, entry.data);
    auto const parsed = parse_head(all, all.size());
    auto const* const head = std::get_if<http_head>(&parsed);
    if (head == nullptr) return 0;
    frame_reader reader(all.size());
    reader.feed(octets_view(all).subspan(head->raw.size()));
    std::size_t number = 0;
    while (reader.next()) ++number;
    return number;
}

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
    constexpr std::uint64_t own_size = 128;  // of an entry, whatever it holds
    std::erase_if(entries, [&](trace_entry& entry) {
        if (entry.what != trace_entry::kind::sent && entry.what != trace_entry::kind::received) return false;
        limit -= std::min(limit, own_size);
        auto const kept = std::min<std::uint64_t>(entry.data.size(), limit);
        omitted += entry.data.size() - kept;
        entry.data.resize(static_cast<std::size_t>(kept));
        entry.data.shrink_to_fit();
        limit -= kept;
        return kept == 0;
    });
    entries.shrink_to_fit();
}

}  // namespace wsproof
