#include "reports/text_trace.hpp"

#include <fmt/format.h>

#include <utility>

#include "play/event.hpp"
#include "play/matcher.hpp"
#include "reports/escape.hpp"
#include "reports/exchange.hpp"
#include "reports/text_layout.hpp"
#include "reports/time_text.hpp"
#include "reports/words.hpp"

namespace wsproof {
namespace {

constexpr std::size_t item_indent = 16;

std::string at(duration time) { return fmt::format("{:>10} ms  ", in_milliseconds(time)); }

std::string step_line(test_case const& played, trace_entry const& entry) {
    std::string what = "the opening handshake";
    if (entry.step > 0) {
        what = entry.step <= played.steps.size() ? in_words(played.steps[entry.step - 1]) : "";
        what = fmt::format("step {}{}{}", entry.step, what.empty() ? "" : ": ", what);
    }
    if (!entry.data.empty())
        what += fmt::format(" ({})", escape_terminal(describe_octets(entry.data)));
    return what;
}

std::string_view end_in_words(end_reason end) noexcept {
    switch (end) {
        case end_reason::fin:
            return "← the peer closed TCP (FIN)";
        case end_reason::reset:
            return "← the peer reset TCP (RST)";
        case end_reason::flooded:
            return "← more octets than any case asks for: wsproof stopped reading";
    }
    return "← the end";
}

std::string head_lines(http_head const& head) {
    std::string out;
    for (auto const& field : head.fields)
        out += fmt::format("{:{}}{}: {}\n", "", item_indent + 2, escape_terminal(field.name),
                           escape_terminal(field.value));
    return out;
}

class trace_text {
public:
    trace_text(test_case const& played, trace const& happened)
        : played_(played), happened_(happened), items_(decode_exchange(happened)) {}

    std::string write() {
        auto out = escape_terminal(played_.id) + "\n";
        if (!played_.title.empty()) out += escape_terminal(played_.title) + "\n";
        out += "\n";
        for (std::size_t i = 0; i < happened_.entries.size(); ++i) {
            auto const& entry = happened_.entries[i];
            out += at(entry.at) + describe_entry(entry) + items_of(i);
            if (entry.what == trace_entry::kind::sent) out += dump(entry, sent_);
            if (entry.what == trace_entry::kind::received) out += dump(entry, received_);
        }
        if (happened_.omitted != 0)
            out +=
                fmt::format("\nLeft out of this trace: {}.\n", counted(happened_.omitted, "octet"));
        return out + events();
    }

private:
    std::string describe_entry(trace_entry const& entry) const {
        switch (entry.what) {
            case trace_entry::kind::at_step:
                return step_line(played_, entry) + "\n";
            case trace_entry::kind::sent:
                return "→ " + size_of(entry);
            case trace_entry::kind::received:
                return "← " + size_of(entry);
            case trace_entry::kind::shutdown:
                return "→ FIN: wsproof half-closes TCP\n";
            case trace_entry::kind::reset:
                return "→ RST: wsproof drops TCP\n";
            case trace_entry::kind::dropped:
                return "→ wsproof closes TCP\n";
            case trace_entry::kind::ended:
                return std::string(end_in_words(entry.end)) + "\n";
            case trace_entry::kind::gave_up:
                return "the time limit passed\n";
            case trace_entry::kind::closing:
                return "the closing handshake of wsproof\n";
        }
        return "\n";
    }

    static std::string size_of(trace_entry const& entry) {
        return counted(entry.data.size(), "octet") +
               (entry.data.empty() ? ", left out of this trace\n" : "\n");
    }

    /// `offset` is that of the piece in its direction, and goes on behind it.
    static std::string dump(trace_entry const& entry, std::uint64_t& offset) {
        auto const start = std::exchange(offset, offset + entry.data.size());
        return hex_dump(entry.data, start, item_indent);
    }

    /// The heads and frames that the entry completes.
    std::string items_of(std::size_t index) {
        std::string out;
        for (; next_ < items_.size() && items_[next_].entry == index; ++next_) {
            auto const& item = items_[next_];
            out += fmt::format("{:{}}{}\n", "", item_indent, in_words(item));
            if (auto const* head = std::get_if<http_head>(&item.what)) out += head_lines(*head);
        }
        return out;
    }

    std::string events() const {
        std::string out;
        for (auto const& each : events_of(happened_))
            out += at(each.at) + escape_terminal(describe(each)) + "\n";
        return out.empty() ? out : "\nWhat the peer did:\n" + out;
    }

    test_case const& played_;
    trace const& happened_;
    std::vector<exchange_item> items_;
    std::size_t next_ = 0;
    std::uint64_t sent_ = 0, received_ = 0;  // octets so far
};

}  // namespace

std::string text_trace(test_case const& played, trace const& happened) {
    return trace_text(played, happened).write();
}

}  // namespace wsproof
