#include "reference-server/kill_matrix.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "cases/registry.hpp"
#include "play/matcher.hpp"
#include "play/script.hpp"
#include "play/verdict.hpp"
#include "reference-server/faulty_peer.hpp"
#include "run/probe.hpp"
#include "testing/virtual_link.hpp"

namespace wsproof::kill_matrix {

namespace {

// What a probe would have found out about this server. A run offers it a subprotocol or does not.
probe_facts facts_of_server(test_case const& wanted, fault kind) {
    probe_facts facts;
    facts.opened = facts.answers_pings = facts.echoes_text = facts.echoes_binary = true;
    facts.message_limit = 16U << 20U;
    facts.deflate = kind != fault::declines_deflate;
    if (wanted.has_need("subprotocol")) facts.subprotocol = "wsproof.chat";
    return facts;
}

struct played_case {
    trace happened;
    bool died = false;
};

played_case play_with(test_case const& wanted, play_settings settings, role of, fault kind) {
    settings.peer = of;
    faulty_peer peer(of, kind, 1);
    auto happened = testing::play_against(wanted, settings, peer);
    return {std::move(happened), peer.dead()};
}

/// Nothing when the server does not offer what the case needs; what a client offers is seen in its
/// request.
std::optional<played_case> play(test_case const& wanted, role of, fault kind) {
    if (of == role::client) return play_with(wanted, {}, of, kind);
    auto const facts = facts_of_server(wanted, kind);
    if (missing_need(wanted, facts)) return std::nullopt;
    play_settings settings;
    settings.request.target = "/echo";
    settings.request.subprotocol = facts.subprotocol;
    if (!facts.subprotocol.empty())
        settings.request.fields = {{"Sec-WebSocket-Protocol", facts.subprotocol}};
    return play_with(wanted, std::move(settings), of, kind);
}

struct finding {
    grade value = grade::unsupported;
    std::string reason;
};

finding play_and_judge(test_case const& wanted, role of, fault kind) {
    auto const played = play(wanted, of, kind);
    if (!played) return {};
    if (played->died) return {grade::fail, "the peer died"};
    auto const got = judge(wanted, played->happened);
    return {overall(got), got.reason + " / " + got.close_reason};
}

bool fails(test_case const& wanted, role of, fault kind) {
    return play_and_judge(wanted, of, kind).value == grade::fail;
}

template <class Kind>
Kind const* first_of(std::vector<event> const& events) {
    for (auto const& each : events)
        if (auto const* found = std::get_if<Kind>(&each.what)) return found;
    return nullptr;
}

bool looks_at_request(test_case const& wanted) {
    return std::ranges::any_of(wanted.outcomes, [](outcome const& each) {
        return std::ranges::any_of(each.see, [](expectation const& element) {
            return std::holds_alternative<see_request>(element.what);
        });
    });
}

/// Did the case get as far as to look at something of its own?
bool was_played(test_case const& wanted, role of, std::vector<event> const& events) {
    if (of == role::server) {
        auto const* const response = first_of<response_event>(events);
        return has_open_step(wanted) || (response != nullptr && response->valid);
    }
    auto const* const request = first_of<request_event>(events);
    if (request == nullptr || missing_in(facts_of(request->head), wanted)) return false;
    return request->valid || looks_at_request(wanted);
}

/// Is a rule that looks at every frame what the case is about?
bool breaks_its_rule(test_case const& wanted, std::vector<event> const& events) {
    return std::ranges::any_of(events, [&](event const& each) {
        auto const* const breach = std::get_if<violation_event>(&each.what);
        return breach != nullptr && info_of(breach->what.what).clause == wanted.clauses.front();
    });
}

/// Does the case itself object? The rules that stand over all cases, for the opening handshake, the
/// frames of the peer and the end of the connection, would fail a case that looks at nothing.
bool objects(test_case const& wanted, role of, fault kind) {
    auto const played = play(wanted, of, kind);
    if (!played) return false;
    if (played->died) return true;
    auto const events = events_of(played->happened);
    if (!was_played(wanted, of, events)) return false;
    if (breaks_its_rule(wanted, events)) return true;
    return std::ranges::none_of(wanted.outcomes, [&](outcome const& each) {
        return each.grade < grade::fail && matches(each, wanted, events, true);
    });
}

std::vector<test_case> const& cases_for(role of) {
    static auto const all = built_in_cases();
    static auto const only = [](role wanted) {
        auto cases = all.all();
        std::erase_if(cases, [wanted](test_case const& each) {
            return std::ranges::find(each.roles, wanted) == each.roles.end();
        });
        return cases;
    };
    static auto const servers = only(role::server);
    static auto const clients = only(role::client);
    return of == role::server ? servers : clients;
}

bool concerns(test_case const& each, fault_info const& kind) {
    return std::ranges::find(each.clauses, kind.clause) != each.clauses.end();
}

}  // namespace

std::vector<fault_info> kinds(role of, bool variants) {
    std::vector<fault_info> found;
    std::ranges::copy_if(all_faults(), std::back_inserter(found), [&](fault_info const& kind) {
        return kind.variant == variants && kind.concerns(of);
    });
    return found;
}

std::vector<std::string> failed_by_correct_peer(role of) {
    std::vector<std::string> wrong;
    for (auto const& each : cases_for(of)) {
        auto const got = play_and_judge(each, of, fault::none);
        if (got.value > grade::unsupported) wrong.push_back(each.id + ": " + got.reason);
    }
    return wrong;
}

std::vector<std::string> false_alarms(role of, share mine) {
    auto const variants = kinds(of, true);
    std::vector<std::string> wrong;
    for (std::size_t i = 0; i < variants.size(); ++i) {
        if (!mine.has(i)) continue;
        for (auto const& each : cases_for(of)) {
            auto const got = play_and_judge(each, of, variants[i].id);
            if (got.value < grade::fail) continue;
            wrong.push_back(std::string(variants[i].name) + " / " + each.id + ": " + got.reason);
        }
    }
    return wrong;
}

// One case is enough; those of the clause that is broken are tried first.
std::vector<std::string> survivors(role of, share mine) {
    auto const& cases = cases_for(of);
    auto const faults = kinds(of, false);
    std::vector<std::string> alive;
    for (std::size_t i = 0; i < faults.size(); ++i) {
        if (!mine.has(i)) continue;
        auto const& kind = faults[i];
        auto const caught = [&](bool of_its_clause) {
            return std::ranges::any_of(cases, [&](test_case const& each) {
                return concerns(each, kind) == of_its_clause && fails(each, of, kind.id);
            });
        };
        if (!caught(true) && !caught(false))
            alive.push_back(std::string(kind.name) + ": " + std::string(kind.text));
    }
    return alive;
}

// One fault is enough. What made one case fail is tried first with the next, which is like it.
std::vector<std::string> toothless_cases(role of, share mine) {
    auto const& cases = cases_for(of);
    auto faults = kinds(of, false);
    std::vector<std::string> toothless;
    for (std::size_t i = 0; i < cases.size(); ++i) {
        if (!mine.has(i) || cases[i].level != level::must) continue;
        auto const found = std::ranges::find_if(
            faults, [&](fault_info const& kind) { return objects(cases[i], of, kind.id); });
        if (found == faults.end())
            toothless.push_back(cases[i].id);
        else
            std::rotate(faults.begin(), found, std::next(found));
    }
    return toothless;
}

std::string lines_of(std::vector<std::string> const& lines) {
    std::string text;
    for (auto const& line : lines) text += "\n  " + line;
    return text;
}

}  // namespace wsproof::kill_matrix
