#include "run/probe.hpp"

#include <algorithm>

#include "play/matcher.hpp"
#include "play/script.hpp"
#include "run/connect.hpp"

namespace wsproof {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t polite_size = 64 * 1024;
constexpr std::uint64_t largest_tried = 16 * polite_size;

send_frame message(opcode op, payload data) {
    send_frame frame;
    frame.op = op;
    frame.data = std::move(data);
    return frame;
}

test_case echo_case(opcode op, payload data) {
    test_case out;
    out.id = "probe/echo";
    out.steps = {message(op, std::move(data)), await_step{await_step::what::echo}};
    out.outcomes = {{grade::pass, {{see_echo{}, false}}, {}, ""}};
    return out;
}

test_case offer_case(std::string offer) {
    test_case out;
    out.id = "probe/offer";
    out.offer = std::move(offer);
    out.ending = ending::close;
    return out;
}

response_event const* response_in(std::vector<event> const& events) {
    for (auto const& each : events)
        if (auto const* response = std::get_if<response_event>(&each.what)) return response;
    return nullptr;
}

std::string first_words(std::vector<event> const& events) {
    for (auto const& each : events)
        if (!std::holds_alternative<violation_event>(each.what)) return describe(each);
    return "nothing";
}

// Why no case can be played: no valid HTTP answer, or one that is no upgrade.
std::string why_not_opened(std::vector<event> const& events) {
    auto const* response = response_in(events);
    if (response == nullptr) {
        if (!events.empty() && std::holds_alternative<silence_event>(events.front().what))
            return "the target accepts the connection but does not answer the opening handshake";
        return "the target does not answer the opening handshake in HTTP: " + first_words(events);
    }
    auto const status = response->status->status;
    if (status == 101) return {};  // a faulty 101 is for the cases to judge
    auto text = "the target answers the opening handshake with status " + std::to_string(status) +
                " instead of 101; check the path of the URL";
    if (status == 401 || status == 403) text += ", and --header, --origin or credentials";
    if (status >= 300 && status < 400)
        if (auto const to = response->head.value("Location")) text += "; it redirects to " + describe_octets(view_of(*to), 120);
    return text;
}

// Times between a fence and its Pong, the median of them.
std::chrono::microseconds round_trip(trace const& happened, std::vector<event> const& events) {
    std::vector<duration> sent, times;
    for (auto const& entry : happened.entries)
        if (entry.what == trace_entry::kind::at_step && !entry.data.empty()) sent.push_back(entry.at);
    for (auto const& each : events)
        if (auto const* pong = std::get_if<pong_event>(&each.what); pong != nullptr && pong->fence && times.size() < sent.size())
            times.push_back(each.at - sent[times.size()]);
    if (times.empty()) return {};
    std::ranges::sort(times);
    return times[times.size() / 2];
}

void read_opening(trace const& happened, probe_facts& facts) {
    auto const events = events_of(happened);
    facts.problem = why_not_opened(events);
    auto const* response = response_in(events);
    if (response == nullptr) return;
    facts.status = response->status->status;
    facts.opened = response->valid;
    if (auto const server = response->head.value("Server")) facts.server = std::string(*server);
    if (auto const chosen = response->head.value("Sec-WebSocket-Protocol")) facts.subprotocol = std::string(*chosen);
    for (auto const& breach : response->violations)
        facts.response_violations.emplace_back(info_of(breach.what).name);
    facts.answers_pings = std::ranges::any_of(events, [](event const& each) {
        auto const* pong = std::get_if<pong_event>(&each.what);
        return pong != nullptr && pong->fence;
    });
    facts.round_trip = round_trip(happened, events);
}

class prober {
public:
    prober(dialer const& from, play_settings settings, bool polite)
        : from_(from), settings_(std::move(settings)), polite_(polite) {}

    asio::awaitable<probe_facts> run() {
        co_await open();
        if (!facts_.problem.empty() || !facts_.opened) co_return facts_;
        // what did not come within many round trips is not waited for any longer
        settings_.reply_limit = std::clamp<duration>(100 * facts_.round_trip, std::min<duration>(2s, settings_.reply_limit),
                                                     settings_.reply_limit);
        facts_.echoes_text = co_await echoes(opcode::text, payload::of("wsproof asks: do you echo?"));
        facts_.echoes_binary = co_await echoes(opcode::binary, payload::of(std::string_view("\x00\xff\xfe\x80", 4)));
        if (facts_.echoes_text || facts_.echoes_binary) co_await measure_limit();
        co_await ask_deflate();
        co_return facts_;
    }

private:
    asio::awaitable<void> open() {
        test_case first;
        first.id = "probe/open";
        first.steps = {fence_step{}, fence_step{}, fence_step{}};
        auto result = co_await play_on(from_, first, settings_);
        facts_.problem = result.problem;
        if (result.problem.empty()) read_opening(result.happened, facts_);
    }

    asio::awaitable<bool> echoes(opcode op, payload data) {
        auto const wanted = echo_case(op, std::move(data));
        auto const result = co_await play_on(from_, wanted, settings_);
        co_return result.problem.empty() && matches(wanted.outcomes.front(), wanted, events_of(result.happened), true);
    }

    asio::awaitable<void> measure_limit() {
        facts_.message_limit = 125;
        auto const op = facts_.echoes_binary ? opcode::binary : opcode::text;
        for (std::uint64_t const size : {polite_size, 4 * polite_size, largest_tried}) {
            if (polite_ && size > polite_size) break;
            if (!co_await echoes(op, payload::repeat("x", size))) break;
            facts_.message_limit = size;
        }
    }

    asio::awaitable<void> ask_deflate() {
        for (auto const* offer :
             {"permessage-deflate", "permessage-deflate; client_max_window_bits",
              "permessage-deflate; server_no_context_takeover", "permessage-deflate; client_no_context_takeover",
              "permessage-deflate; server_max_window_bits=10"}) {
            auto const wanted = offer_case(offer);
            auto const result = co_await play_on(from_, wanted, settings_);
            auto const events = events_of(result.happened);
            auto const* response = response_in(events);
            std::string answer;
            if (response != nullptr && response->valid)
                if (auto const value = response->head.value("Sec-WebSocket-Extensions")) answer = std::string(*value);
            if (!answer.empty()) facts_.deflate = true;
            if (facts_.deflate_offers.empty()) facts_.deflate_response = answer;
            facts_.deflate_offers[offer] = answer;
            if (answer.empty() && facts_.deflate_offers.size() > 1 && !facts_.deflate) break;  // it has none
        }
    }

    dialer const& from_;
    play_settings settings_;
    bool polite_;
    probe_facts facts_;
};

bool sends(test_case const& wanted, opcode op) {
    return std::ranges::any_of(messages_of(wanted), [op](sent_message const& each) { return each.op == op; });
}

}  // namespace

asio::awaitable<probe_facts> probe(dialer const& from, play_settings settings, bool polite) {
    prober one(from, std::move(settings), polite);
    co_return co_await one.run();
}

test_case sanity_case(probe_facts const& facts) {
    test_case out;
    out.id = "sanity";
    out.title = "A legal dialogue";
    out.roles = {role::server};
    outcome wanted;
    if (facts.echoes_text) {
        out.steps = {message(opcode::text, payload::of("wsproof: still there?")), await_step{await_step::what::echo}};
        wanted.see.push_back({see_echo{}, false});
    } else if (facts.answers_pings) {
        out.steps = {fence_step{}};
        wanted.see.push_back({see_fence{}, false});
    }
    out.outcomes = {wanted};
    return out;
}

std::optional<std::string> missing_need(test_case const& wanted, probe_facts const& facts) {
    if (wanted.has_need("echo")) {
        if (sends(wanted, opcode::text) && !facts.echoes_text) return "the target does not echo text messages";
        if (sends(wanted, opcode::binary) && !facts.echoes_binary) return "the target does not echo binary messages";
        if (!facts.echoes_text && !facts.echoes_binary) return "the target does not echo messages";
        // what lies above all that was tried, the target may still take
        bool const limited = facts.message_limit < largest_tried;
        if (limited && largest_message(wanted) > std::max<std::uint64_t>(facts.message_limit, 125) + 1024)
            return "the target does not echo messages of " + std::to_string(largest_message(wanted)) + " octets";
    }
    if (wanted.has_need("deflate") && !facts.deflate) return "the target does not accept permessage-deflate";
    if (wanted.has_need("subprotocol") && facts.subprotocol.empty())
        return "the target selects none of the subprotocols offered; name one with --subprotocol";
    if (wanted.has_need("no-subprotocol") && !facts.subprotocol.empty())
        return "the run offers a subprotocol in every handshake";
    return std::nullopt;
}

duration watch_time(probe_facts const& facts) noexcept {
    return std::clamp<duration>(20 * facts.round_trip, 400ms, 2s);
}

}  // namespace wsproof
