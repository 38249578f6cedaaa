#include "reports/text_case.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cases/registry.hpp"
#include "play/matcher.hpp"
#include "reports/escape.hpp"
#include "reports/summary.hpp"
#include "reports/text_layout.hpp"
#include "reports/words.hpp"

namespace wsproof {
namespace {

constexpr std::size_t width = 100;

std::string joined(std::vector<std::string> const& list) {
    std::string out;
    for (auto const& each : list) out += (out.empty() ? "" : ", ") + each;
    return out;
}

std::string roles_in_words(test_case const& value) {
    std::string out;
    for (auto const each : value.roles)
        out += (out.empty() ? "" : " and ") + std::string(name_of(each)) + "s";
    return out;
}

std::string segmentation_in_words(segmentation const& value) {
    switch (value.how) {
        case segmentation::kind::whole:
            return {};
        case segmentation::kind::frames:
            return "one for each frame";
        case segmentation::kind::every:
            return value.size == 1 ? "octet by octet" : fmt::format("of {} octets", value.size);
        case segmentation::kind::random:
            return "cut at random";
        case segmentation::kind::cut:
            break;  // of runs only
    }
    return {};
}

std::vector<std::string> bugs_of(test_case const& value) {
    std::vector<std::string> out;
    for (auto const& bug : all_known_bugs())
        if (std::ranges::find(bug.cases, value.id) != bug.cases.end())
            out.push_back(fmt::format("{} ({})", bug.library, bug.id));
    return out;
}

std::string facts(test_case const& value) {
    std::string out;
    auto const line = [&out](std::string_view label, std::string const& text) {
        if (!text.empty()) out += labelled(label, text, width);
    };
    line("level", std::string(name_of(value.level)));
    line("tests", roles_in_words(value));
    line("needs", joined(value.needs));
    line("tags", joined(value.tags));
    line("autobahn", joined(value.autobahn));
    line("offers", value.offer);
    line("answers", value.answer);
    line("writes", segmentation_in_words(value.segmentation));
    line("note", value.note);
    line("bugs", joined(bugs_of(value)));
    return out;
}

std::string clauses(test_case const& value) {
    std::string out = "\nClauses\n";
    for (auto const& id : value.clauses)
        out += "  " + wrap(escape_terminal(clause_in_words(id)), width, 4, 2) + "\n";
    return out;
}

// The harness plays the other end; where a case serves both, it is shown against a server.
role sender_of(test_case const& value) {
    bool const servers = value.roles.empty() || std::ranges::count(value.roles, role::server) > 0;
    return servers ? role::client : role::server;
}

std::string steps(test_case const& value) {
    std::string out = "\nSteps\n";
    for (std::size_t i = 0; i < value.steps.size(); ++i) {
        auto const number = fmt::format("{:>3}. ", i + 1);
        out += number + wrap(in_words(value.steps[i]), width, 5, 5) + "\n";
        auto const* const frame = std::get_if<send_frame>(&value.steps[i]);
        if (frame == nullptr) continue;
        if (auto const data = frame_octets(*frame, sender_of(value))) out += "     " + *data + "\n";
    }
    out += value.ending == ending::close
               ? "  then, if the connection stands, the closing handshake\n"
               : "  then TCP is closed\n";
    return out;
}

std::string outcomes(test_case const& value) {
    auto out = std::string("\nVerdict");
    if (!value.outcome_list.empty()) out += " (" + escape_terminal(value.outcome_list) + ")";
    out += "\n";
    for (auto const& each : value.outcomes) {
        auto text = describe(each);
        if (each.by) text += fmt::format(", up to the end of step {}", *each.by);
        if (!each.because.empty()) text += "; " + each.because;
        out += fmt::format("  {:<12}{}\n", name_of(each.grade),
                           wrap(escape_terminal(text), width, 14, 14));
    }
    return out + "  fail        anything else\n";
}

}  // namespace

std::string text_case(test_case const& value) {
    return escape_terminal(value.id) + "\n" + escape_terminal(value.title) + "\n\n" + facts(value) +
           clauses(value) + steps(value) + outcomes(value);
}

}  // namespace wsproof
