#include "play/event.hpp"

#include <algorithm>

#include "wire/utf8.hpp"

namespace wsproof {
namespace {

std::string quoted(octets_view data, std::size_t limit) {
    std::string out = "\"";
    for (auto const octet : data.first(std::min(limit, data.size()))) {
        auto const c = static_cast<char>(octet);
        if (octet < 0x20 || octet == 0x7F || c == '"' || c == '\\') {
            out += "\\x" + to_hex({&octet, 1});
        } else {
            out += c;
        }
    }
    return out + (data.size() > limit ? "\"…" : "\"");
}

// A cut must not leave half a character behind.
std::size_t whole_characters(octets_view data, std::size_t limit) {
    if (data.size() <= limit) return data.size();
    while (limit > 0 && (data[limit] & 0xC0U) == 0x80U) --limit;
    return limit;
}

std::string length(octets_view data) { return " (" + std::to_string(data.size()) + " octets)"; }

std::string describe_close(close_body const& body) {
    if (body.malformed) return "close with a body of one octet";
    if (!body.code) return "close without a code";
    auto text = "close " + std::to_string(*body.code);
    if (!body.reason.empty()) text += " " + describe_octets(body.reason);
    return text;
}

std::string describe_breaches(std::vector<violation> const& breaches) {
    std::string text;
    for (auto const& breach : breaches) {
        text += ", breaking " + std::string(info_of(breach.what).name);
        if (!breach.detail.empty()) text += " (" + describe_octets(view_of(breach.detail), 80) + ")";
    }
    return text;
}

struct describer {
    std::string operator()(response_event const& e) const {
        return "response " + std::to_string(e.status ? e.status->status : 0) + describe_breaches(e.violations);
    }
    std::string operator()(request_event const& e) const {
        return "opening request" + describe_breaches(e.violations);
    }
    std::string operator()(message_event const& e) const {
        return std::string(name_of(e.op)) + " " + describe_octets(e.data) + length(e.data);
    }
    std::string operator()(ping_event const& e) const { return "ping " + describe_octets(e.data); }
    std::string operator()(pong_event const& e) const {
        return e.fence ? "pong of the fence" : "pong " + describe_octets(e.data);
    }
    std::string operator()(close_event const& e) const { return describe_close(e.body); }
    std::string operator()(end_event const& e) const {
        return e.how == end_reason::fin ? "TCP closed" : e.how == end_reason::reset ? "TCP reset"
                                                                                   : "flood of octets";
    }
    std::string operator()(violation_event const& e) const {
        return "breach of " + std::string(info_of(e.what.what).name) + " (" + e.what.detail + ")";
    }
    std::string operator()(silence_event const&) const { return "nothing until the time limit"; }
    std::string operator()(garbage_event const& e) const { return e.text; }
};

}  // namespace

std::string describe_octets(octets_view data, std::size_t limit) {
    auto const shown = data.first(whole_characters(data, limit));
    if (is_utf8(shown)) return quoted(data, shown.size());
    return "hex " + to_hex(data.first(std::min(data.size(), limit / 2))) +
           (data.size() > limit / 2 ? "…" : "");
}

std::string describe(event const& value) { return std::visit(describer{}, value.what); }

}  // namespace wsproof
