#include "play/verdict.hpp"

#include <algorithm>

#include "play/matcher.hpp"
#include "play/script.hpp"

namespace wsproof {
namespace {

using namespace std::chrono_literals;

// How late the end of TCP may come behind the Close frames and still be called immediate.
constexpr duration prompt = 1s;

bool is_good_opening(event const& seen) {
    if (auto const* response = std::get_if<response_event>(&seen.what)) return response->valid;
    auto const* request = std::get_if<request_event>(&seen.what);
    return request != nullptr && request->valid;
}

std::string observed(std::vector<event> const& events, bool about_the_handshake) {
    constexpr std::size_t shown = 8;
    std::string text;
    std::size_t number = 0;
    for (auto const& each : events) {
        if (belongs_to_closing(each) || std::holds_alternative<violation_event>(each.what)) continue;
        if (is_good_opening(each) && !about_the_handshake) continue;
        if (++number > shown) continue;
        text += (text.empty() ? "" : ", ") + describe(each);
    }
    if (number > shown) text += " and " + std::to_string(number - shown) + " more";
    return text.empty() ? "nothing" : text;
}

// Breaches of a frame fail every case, whatever it is about.
violation const* grave_breach(std::vector<event> const& events) {
    for (auto const& each : events) {
        auto const* breach = std::get_if<violation_event>(&each.what);
        if (breach == nullptr) continue;
        auto const& info = info_of(breach->what.what);
        if (info.fatal || info.level == level::must) return &breach->what;
    }
    return nullptr;
}

std::string sentence(violation const& breach) {
    auto text = std::string(info_of(breach.what).text);
    if (!breach.detail.empty()) text += ": " + describe_octets(view_of(breach.detail), 80);
    return text;
}

response_event const* response_in(std::vector<event> const& events) {
    for (auto const& each : events)
        if (auto const* response = std::get_if<response_event>(&each.what)) return response;
    return nullptr;
}

template <class Kind>
event const* first_of(std::vector<event> const& events) {
    auto const at = std::ranges::find_if(
        events, [](event const& each) { return std::holds_alternative<Kind>(each.what); });
    return at == events.end() ? nullptr : &*at;
}

bool is_about_the_request(test_case const& played) {
    return std::ranges::any_of(played.outcomes, [](outcome const& each) {
        return std::ranges::any_of(each.see, [](expectation const& element) {
            return std::holds_alternative<see_request>(element.what);
        });
    });
}

void blame_opening(std::vector<violation> const& breaches, verdict& out) {
    auto const at = std::ranges::find_if(breaches, [](violation const& breach) { return info_of(breach.what).fatal; });
    out.grade = grade::fail;
    out.clause = std::string(info_of(at->what).clause);
    out.reason = "the opening handshake is not valid: " + sentence(*at);
}

void could_not_be_played(verdict& out) {
    out.grade = grade::error;
    out.reason = "could not be played, the opening handshake did not succeed: " + out.observed;
}

// A case that is not about the handshake cannot be judged when the server does not open.
bool not_opened_by_server(test_case const& played, std::vector<event> const& events, verdict& out) {
    auto const* response = response_in(events);
    if (has_open_step(played) || (response != nullptr && response->valid)) return false;
    if (response != nullptr && response->status->status == 101)
        blame_opening(response->violations, out);
    else
        could_not_be_played(out);
    return true;
}

// A client that lacks what the case needs is not judged; a bad request fails every case.
bool not_opened_by_client(test_case const& played, std::vector<event> const& events, verdict& out) {
    auto const* seen = first_of<request_event>(events);
    if (seen == nullptr) {
        could_not_be_played(out);
        return true;
    }
    auto const& request = std::get<request_event>(seen->what);
    if (!request.valid && !is_about_the_request(played)) {
        blame_opening(request.violations, out);
        return true;
    }
    auto const missing = missing_in(facts_of(request.head), played);
    if (!missing) return false;
    out.grade = grade::unsupported;
    out.reason = *missing;
    return true;
}

bool could_not_open(test_case const& played, trace const& happened, std::vector<event> const& events, verdict& out) {
    return happened.peer == role::server ? not_opened_by_server(played, events, out)
                                         : not_opened_by_client(played, events, out);
}

void judge_outcomes(test_case const& played, trace const& happened, std::vector<event> const& events,
                    verdict& out) {
    for (auto const& each : played.outcomes) {
        if (!matches(each, played, events, happened.echoes)) continue;
        out.grade = each.grade;
        out.reason = each.because;
        out.expected = describe(each);
        return;
    }
    out.grade = grade::fail;
    out.reason = "expected " + out.expected + "; observed " + out.observed;
}

// ---- how the connection closed ------------------------------------------------------------------

void close_is(verdict& out, grade value, std::string reason) {
    out.close_grade = value;
    out.close_reason = std::move(reason);
}

// Both Close frames have passed: now the server has to close TCP (5.5.1).
void judge_tcp_end(event const& close, event const* end, bool ours, verdict& out) {
    if (end == nullptr) {
        close_is(out, grade::fail, "TCP was not closed after both Close frames (5.5.1)");
        return;
    }
    auto const how = std::get<end_event>(end->what).how;
    if (how == end_reason::reset && !ours) {
        close_is(out, grade::pass, "");
    } else if (how == end_reason::reset) {
        close_is(out, grade::non_strict, "TCP was reset instead of closed in order (7.1.1)");
    } else if (how == end_reason::flooded) {
        close_is(out, grade::fail, "octets without end behind the Close frame");
    } else if (end->at - close.at > prompt) {
        auto const late = std::chrono::duration_cast<std::chrono::milliseconds>(end->at - close.at);
        close_is(out, grade::non_strict,
                 "TCP was closed " + std::to_string(late.count()) + " ms after the Close frames");
    } else {
        close_is(out, grade::pass, "");
    }
}

void judge_answer_to_ours(event const& close, event const* end, verdict& out) {
    judge_tcp_end(close, end, true, out);
    auto const& body = std::get<close_event>(close.what).body;
    if (out.close_grade != grade::pass || body.code == 1000) return;
    close_is(out, grade::non_strict,
             "the answer to Close 1000 is " + describe(close) + ", 5.5.1 expects the same code");
}

bool has_entry(trace const& happened, trace_entry::kind what) {
    return std::ranges::any_of(happened.entries, [what](trace_entry const& entry) { return entry.what == what; });
}

// TCP ended and the peer never sent a Close frame.
void judge_bare_end(test_case const& played, bool ours, verdict& out) {
    bool const legal = std::ranges::any_of(played.outcomes, [](outcome const& each) {
        return each.grade < grade::fail && std::ranges::any_of(each.see, [](expectation const& element) {
                   return std::holds_alternative<see_end>(element.what) && !element.optional;
               });
    });
    if (legal || played.has_tag("hostile"))
        close_is(out, grade::non_strict, "TCP was closed without a Close frame, which 7.1.7 makes a SHOULD");
    else if (ours)
        close_is(out, grade::fail, "TCP was closed without an answer to the Close frame (5.5.1)");
    else
        close_is(out, grade::fail, "TCP was closed without a closing handshake (7.3)");
}

bool is_frame(event const& seen) {
    return std::holds_alternative<message_event>(seen.what) || std::holds_alternative<ping_event>(seen.what) ||
           std::holds_alternative<pong_event>(seen.what) || std::holds_alternative<close_event>(seen.what);
}

// A client shows only by its frames that it took an edited response.
bool was_opened(test_case const& played, trace const& happened, std::vector<event> const& events) {
    if (happened.peer == role::server) {
        auto const* response = response_in(events);
        return response != nullptr && response->valid;
    }
    if (has_open_step(played)) return std::ranges::any_of(events, is_frame);
    auto const* request = first_of<request_event>(events);
    return request != nullptr && std::get<request_event>(request->what).head.has("Sec-WebSocket-Key");
}

void judge_close(test_case const& played, trace const& happened, std::vector<event> const& events,
                 verdict& out) {
    if (!was_opened(played, happened, events)) {
        close_is(out, grade::info, "no connection was opened");
        return;
    }
    if (speaks_early(played)) {
        close_is(out, grade::info, "frames came before the response, which 4.1 forbids; the rest may be out of step");
        return;
    }
    auto const* close = first_of<close_event>(events);
    auto const* end = first_of<end_event>(events);
    bool const ours = has_entry(happened, trace_entry::kind::closing);
    if (close != nullptr && ours && close->after_closing) {
        judge_answer_to_ours(*close, end, out);
    } else if (close != nullptr) {
        // what of ours a failing peer leaves unread makes its close a reset
        auto const self = happened.peer == role::server ? role::client : role::server;
        judge_tcp_end(*close, end, ends_with_proper_close(played, self), out);
    } else if (has_entry(happened, trace_entry::kind::shutdown)) {
        close_is(out, grade::info, "the case itself ends TCP without a Close frame");
    } else if (end != nullptr) {
        judge_bare_end(played, ours, out);
    } else if (ours || close_code_of(played)) {
        close_is(out, grade::fail, "the Close frame was never answered (5.5.1)");
    } else {
        close_is(out, grade::info, "the case drops the connection itself");
    }
}

}  // namespace

verdict judge(test_case const& played, trace const& happened) {
    verdict out;
    auto const events = events_of(happened);
    out.clause = played.clauses.empty() ? "" : played.clauses.front();
    out.observed = observed(events, has_open_step(played) || is_about_the_request(played));
    out.expected = played.outcomes.empty() ? "" : describe(played.outcomes.front());
    judge_close(played, happened, events, out);
    if (could_not_open(played, happened, events, out)) return out;
    judge_outcomes(played, happened, events, out);
    if (auto const* breach = grave_breach(events); breach != nullptr && out.grade != grade::error) {
        out.grade = grade::fail;
        out.clause = std::string(info_of(breach->what).clause);
        out.reason = "the peer broke a rule: " + sentence(*breach);
    }
    return out;
}

grade overall(verdict const& value) noexcept {
    return value.close_grade == grade::info ? value.grade : std::max(value.grade, value.close_grade);
}

}  // namespace wsproof
