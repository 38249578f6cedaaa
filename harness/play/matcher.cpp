#include "play/matcher.hpp"

#include <algorithm>
#include <compare>
#include <set>

#include "play/decoder.hpp"
#include "play/script.hpp"

namespace wsproof {
namespace {

bool in(std::vector<number_range> const& ranges, std::uint32_t number) {
    return std::ranges::any_of(ranges, [&](auto const& r) { return r.first <= number && number <= r.last; });
}

template <class Kind>
Kind const* as(event const& seen) {
    return std::get_if<Kind>(&seen.what);
}

// What an outcome speaks of decides which events may be passed over.
struct mentioned {
    bool fence = false, message = false, opening = false;

    explicit mentioned(outcome const& wanted) {
        for (auto const& element : wanted.see) {
            fence |= std::holds_alternative<see_fence>(element.what);
            message |= std::holds_alternative<see_message>(element.what) ||
                       std::holds_alternative<see_echo>(element.what);
            opening |= std::holds_alternative<see_response>(element.what) ||
                       std::holds_alternative<see_request>(element.what);
        }
    }
};

bool passed_over(event const& seen, mentioned const& words, bool echoes) {
    if (belongs_to_closing(seen)) return true;
    if (as<ping_event>(seen) || as<violation_event>(seen)) return true;  // breaches are judged apart
    if (auto const* pong = as<pong_event>(seen)) return pong->fence && !words.fence;
    if (as<message_event>(seen)) return !echoes && !words.message;
    if (auto const* response = as<response_event>(seen)) return response->valid && !words.opening;
    if (as<request_event>(seen)) return !words.opening;
    return false;
}

class matching {
public:
    matching(outcome const& wanted, test_case const& played, std::vector<event const*> seen)
        : wanted_(wanted.see), seen_(std::move(seen)), sent_(messages_of(played)),
          pings_(pings_of(played)), close_code_(close_code_of(played)) {
        mark_surplus_pongs();
    }

    // Every way through is tried, and each place once: a flood of Pongs must cost neither the stack nor
    // for ever.
    bool run() const {
        std::vector<place> open{{0, 0, 0, 0}};
        std::set<place> tried;
        while (!open.empty()) {
            auto const here = open.back();
            open.pop_back();
            if (here.element == wanted_.size() && here.at == seen_.size()) return true;
            if (tried.insert(here).second) add_ways_on(here, open);
        }
        return false;
    }

private:
    // How many elements and events are behind, and how many messages and Pings of the case were matched.
    struct place {
        std::size_t element, at, echo, ping;
        friend auto operator<=>(place const&, place const&) = default;
    };

    void add_ways_on(place const& here, std::vector<place>& open) const {
        bool const more = here.at < seen_.size();
        if (more && surplus_[here.at]) open.push_back({here.element, here.at + 1, here.echo, here.ping});
        if (here.element == wanted_.size()) return;
        auto const& next = wanted_[here.element];
        auto const echo = here.echo + (std::holds_alternative<see_echo>(next.what) ? 1 : 0);
        if (next.optional) open.push_back({here.element + 1, here.at, echo, here.ping});
        if (!more || !fits(next, *seen_[here.at], here.echo, here.ping)) return;
        bool const is_pong = std::holds_alternative<see_pong>(next.what);
        open.push_back({here.element + 1, here.at + 1, echo,
                        is_pong ? ping_behind(*seen_[here.at], here.ping) : here.ping});
    }

    // 5.5.3: a Pong may come unasked; it answers no Ping of the case, or one that was answered before
    void mark_surplus_pongs() {
        std::set<octets> earlier;
        for (auto const* each : seen_) {
            auto const* pong = as<pong_event>(*each);
            bool const unasked =
                pong != nullptr && !pong->fence && std::ranges::find(pings_, pong->data) == pings_.end();
            surplus_.push_back(pong != nullptr && (!earlier.insert(pong->data).second || unasked));
        }
    }

    std::size_t ping_behind(event const& seen, std::size_t ping) const {
        auto const& data = as<pong_event>(seen)->data;
        auto const at = std::find(pings_.begin() + static_cast<std::ptrdiff_t>(ping), pings_.end(), data);
        return at == pings_.end() ? ping : static_cast<std::size_t>(at - pings_.begin()) + 1;
    }

    bool fits(expectation const& wanted, event const& seen, std::size_t echo, std::size_t ping) const {
        return std::visit([&](auto const& what) { return fits(what, seen, echo, ping); }, wanted.what);
    }
    bool fits(see_message const& wanted, event const& seen, std::size_t, std::size_t) const {
        auto const* message = as<message_event>(seen);
        return message != nullptr && (!wanted.op || *wanted.op == message->op) &&
               (!wanted.data || wanted.data->expand() == message->data);
    }
    bool fits(see_echo const&, event const& seen, std::size_t echo, std::size_t) const {
        auto const* message = as<message_event>(seen);
        return message != nullptr && echo < sent_.size() && message->op == sent_[echo].op &&
               message->data == sent_[echo].data;
    }
    bool fits(see_pong const& wanted, event const& seen, std::size_t, std::size_t ping) const {
        auto const* pong = as<pong_event>(seen);
        if (pong == nullptr || pong->fence) return false;
        if (wanted.data) return wanted.data->expand() == pong->data;
        return ping < pings_.size() && pings_[ping] == pong->data;
    }
    bool fits(see_fence const&, event const& seen, std::size_t, std::size_t) const {
        auto const* pong = as<pong_event>(seen);
        return pong != nullptr && pong->fence;
    }
    bool fits(see_close const& wanted, event const& seen, std::size_t, std::size_t) const {
        auto const* close = as<close_event>(seen);
        if (close == nullptr || close->body.malformed) return false;
        if (wanted.codes.empty() && !wanted.empty && !wanted.same) return true;
        auto const& code = close->body.code;
        if (!code) return wanted.empty || (wanted.same && !close_code_);
        return in(wanted.codes, *code) || (wanted.same && close_code_ == code);
    }
    bool fits(see_end const& wanted, event const& seen, std::size_t, std::size_t) const {
        auto const* end = as<end_event>(seen);
        if (end == nullptr || end->how == end_reason::flooded) return false;
        return wanted.way == see_end::how::any ||
               (wanted.way == see_end::how::fin) == (end->how == end_reason::fin);
    }
    bool fits(see_silence const&, event const& seen, std::size_t, std::size_t) const {
        return as<silence_event>(seen) != nullptr;
    }
    bool fits(see_response const& wanted, event const& seen, std::size_t, std::size_t) const {
        auto const* response = as<response_event>(seen);
        if (response == nullptr) return false;
        if (!wanted.status.empty() && !in(wanted.status, response->status->status)) return false;
        if (wanted.valid && *wanted.valid != response->valid) return false;
        if (wanted.flawless && (!response->valid || !response->violations.empty())) return false;
        return holds(wanted.fields, response->head, response->violations);
    }
    bool fits(see_request const& wanted, event const& seen, std::size_t, std::size_t) const {
        auto const* request = as<request_event>(seen);
        if (request == nullptr) return false;
        if (wanted.valid && *wanted.valid != request->valid) return false;
        if (wanted.flawless && !request->violations.empty()) return false;
        for (auto const& breach : request->violations)
            if (std::ranges::find(wanted.keeps, info_of(breach.what).name) != wanted.keeps.end()) return false;
        return holds(wanted.fields, request->head, request->violations);
    }
    static bool holds(std::vector<field_condition> const& conditions, http_head const& head,
                      std::vector<violation> const& breaches) {
        return std::ranges::all_of(conditions, [&](auto const& each) { return holds(each, head, breaches); });
    }
    static bool holds(field_condition const& condition, http_head const& head,
                      std::vector<violation> const& breaches) {
        switch (condition.what) {
            case field_condition::test::present: return head.has(condition.name);
            case field_condition::test::absent: return !head.has(condition.name);
            case field_condition::test::is: return head.value(condition.name) == condition.value;
            case field_condition::test::lists: return head.lists(condition.name, condition.value);
            case field_condition::test::matches_offer:
                return std::ranges::none_of(breaches, [](violation const& breach) {
                    return breach.what == rule::response_protocol_unrequested ||
                           breach.what == rule::response_protocol_not_token ||
                           breach.what == rule::response_protocol_repeated;
                });
        }
        return false;
    }

    std::vector<expectation> const& wanted_;
    std::vector<event const*> seen_;
    std::vector<sent_message> sent_;
    std::vector<octets> pings_;
    std::optional<std::uint16_t> close_code_;
    std::vector<bool> surplus_;  // of the events: a Pong that may be passed over
};

std::string describe_codes(see_close const& wanted) {
    std::string text;
    auto const add = [&text](std::string const& part) { text += (text.empty() ? "" : " or ") + part; };
    for (auto const& range : wanted.codes)
        add(range.first == range.last ? std::to_string(range.first)
                                      : std::to_string(range.first) + "-" + std::to_string(range.last));
    if (wanted.same) add("with the code sent");
    if (wanted.empty) add("without a code");
    return text.empty() ? "close" : "close " + text;
}

std::string describe_fields(std::vector<field_condition> const& fields) {
    constexpr std::string_view words[] = {" present", " absent", ": ", " listing ", " among those offered"};
    std::string text;
    for (auto const& condition : fields)
        text += ", " + condition.name + std::string(words[static_cast<std::size_t>(condition.what)]) +
                condition.value;
    return text;
}

std::string describe_response(see_response const& wanted) {
    std::string text = "response";
    for (auto const& range : wanted.status)
        text += " " + std::to_string(range.first) +
                (range.first == range.last ? "" : "-" + std::to_string(range.last));
    if (wanted.valid) text += *wanted.valid ? " that opens the connection" : " that no client may accept";
    if (wanted.flawless) text += " without any flaw";
    return text + describe_fields(wanted.fields);
}

std::string describe_request(see_request const& wanted) {
    std::string text = "opening request";
    if (wanted.valid) text += *wanted.valid ? " that a server accepts" : " that no server accepts";
    if (wanted.flawless) text += " without any flaw";
    for (auto const& rule : wanted.keeps) text += ", keeping " + rule;
    return text + describe_fields(wanted.fields);
}

struct describer {
    std::string operator()(see_message const& w) const {
        auto text = w.op ? std::string(name_of(*w.op)) : "a message";
        return w.data ? text + " " + describe_octets(w.data->expand()) : text;
    }
    std::string operator()(see_echo const&) const { return "the echo"; }
    std::string operator()(see_pong const& w) const {
        return w.data ? "pong " + describe_octets(w.data->expand()) : "pong with the data of the ping";
    }
    std::string operator()(see_fence const&) const { return "pong of the fence"; }
    std::string operator()(see_close const& w) const { return describe_codes(w); }
    std::string operator()(see_end const& w) const {
        return w.way == see_end::how::any ? "the end of TCP" : w.way == see_end::how::fin ? "FIN" : "RST";
    }
    std::string operator()(see_silence const&) const { return "nothing until the time limit"; }
    std::string operator()(see_response const& w) const { return describe_response(w); }
    std::string operator()(see_request const& w) const { return describe_request(w); }
};

// What the harness asked for comes before the response.
octets request_in(trace const& happened) {
    octets request;
    for (auto const& entry : happened.entries) {
        if (entry.what == trace_entry::kind::received) break;
        if (entry.what == trace_entry::kind::sent) append(request, entry.data);
    }
    return request;
}

}  // namespace

std::vector<event> events_of(trace const& happened) {
    std::uint64_t const limit = happened.octets_received() + 16 * 1024 * 1024;
    decoder reader(happened.peer, limit);
    if (happened.peer == role::server) reader.expect(asked_in(request_in(happened)));
    constexpr std::size_t longest_head = 2U << 20U;
    octets response;  // of the harness, in as many pieces as it was sent
    bool responded = happened.peer == role::server;

    std::vector<event> out;
    std::vector<octets> nonces;
    bool closing = false, closed = false;
    for (auto const& entry : happened.entries) {
        auto const first = out.size();
        switch (entry.what) {
            case trace_entry::kind::at_step:
                if (!entry.data.empty()) nonces.push_back(entry.data);
                break;
            case trace_entry::kind::received: reader.feed(entry.data, out); break;
            case trace_entry::kind::sent:
                if (responded) break;
                append(response, entry.data);
                responded = reader.answer_with(response) || response.size() > longest_head;
                break;
            case trace_entry::kind::gave_up: out.push_back(event{.what = silence_event{}}); break;
            case trace_entry::kind::closing: closing = true; break;
            case trace_entry::kind::ended:
                if (entry.end == end_reason::fin) reader.finish(out);  // a reset may cut anything
                out.push_back(event{.what = end_event{entry.end}});
                break;
            default: break;
        }
        for (auto at = first; at < out.size(); ++at) {
            auto& each = out[at];
            each.at = entry.at;
            each.step = entry.step;
            closed |= std::holds_alternative<close_event>(each.what);
            // waiting in vain for TCP to end behind a Close is a matter of the close grade
            each.after_closing = closing || (closed && std::holds_alternative<silence_event>(each.what));
            if (auto* pong = std::get_if<pong_event>(&each.what))
                pong->fence = std::ranges::find(nonces, pong->data) != nonces.end();
        }
    }
    return out;
}

bool belongs_to_closing(event const& seen) noexcept {
    return seen.after_closing && (as<close_event>(seen) || as<end_event>(seen) || as<silence_event>(seen));
}

bool matches(outcome const& wanted, test_case const& played, std::vector<event> const& events, bool echoes) {
    mentioned const words(wanted);
    std::vector<event const*> relevant;
    for (auto const& each : events)
        if (!passed_over(each, words, echoes) && (!wanted.by || each.step <= *wanted.by))
            relevant.push_back(&each);
    return matching(wanted, played, std::move(relevant)).run();
}

std::string describe(expectation const& wanted) {
    auto const text = std::visit(describer{}, wanted.what);
    return wanted.optional ? "maybe " + text : text;
}

std::string describe(outcome const& wanted) {
    std::string text;
    for (auto const& element : wanted.see) text += (text.empty() ? "" : ", then ") + describe(element);
    return text.empty() ? "nothing" : text;
}

}  // namespace wsproof
