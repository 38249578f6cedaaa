#include "cases/lint.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <regex>

#include "cases/near_match.hpp"
#include "rules/violation.hpp"

namespace wsproof {

namespace {

constexpr std::size_t longest_title = 100;
constexpr std::uint64_t largest_total = std::uint64_t{16} << 20U;
constexpr std::uint32_t largest_piece = 1U << 20U;
constexpr std::array<std::string_view, 5> known_needs{
    "echo", "deflate", "client-max-window-bits", "subprotocol", "no-subprotocol"};

using clause_set = std::set<std::string, std::less<>>;

/// Everything that is said about one case goes through here.
class linter {
public:
    linter(test_case const& value, std::vector<diagnostic>& mistakes)
        : value_(value), mistakes_(mistakes) {}

    void check_names() const;
    void check_clauses(clause_set const& known) const;
    void check_words() const;
    void check_sizes() const;
    void check_steps() const;
    void check_outcomes() const;

private:
    void mistake(std::string path, std::string text) const {
        mistakes_.push_back({value_.id, std::move(path), std::move(text)});
    }
    void check_send(std::string const& path, send_frame const& sent) const;
    void check_opening(std::size_t index, bool first) const;
    void check_seen(std::string const& path, expectation const& seen) const;
    void check_outcome(std::string const& path, outcome const& one) const;
    void check_unreachable(std::size_t index) const;
    bool waits_before(unsigned step) const;

    test_case const& value_;
    std::vector<diagnostic>& mistakes_;
};

std::string at(std::string_view list, std::size_t index) {
    return "$." + std::string(list) + "[" + std::to_string(index) + "]";
}

/// Of UTF-8: continuation octets do not count.
std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

bool is_word(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

void linter::check_names() const {
    static std::regex const id_form("[a-z0-9]+/[a-z0-9.]+/[a-z0-9.-]+");
    static std::regex const number_form("[0-9]+\\.[0-9]+(\\.[0-9]+)?");
    if (!std::regex_match(value_.id, id_form))
        mistake("$.id",
                "an id is folder/section/name in lower case letters, digits, dots and hyphens");
    auto const length = characters(value_.title);
    if (length == 0 || length > longest_title)
        mistake("$.title",
                "a title has 1 to 100 characters; this one has " + std::to_string(length));
    for (std::size_t i = 0; i < value_.autobahn.size(); ++i)
        if (!std::regex_match(value_.autobahn[i], number_form))
            mistake(at("autobahn", i), "an Autobahn number is written as in 1.1.8 or 2.10");
    if (value_.roles.empty()) mistake("$.roles", "no role is named");
    if (std::set<role>(value_.roles.begin(), value_.roles.end()).size() != value_.roles.size())
        mistake("$.roles", "a role stands twice");
}

void linter::check_clauses(clause_set const& known) const {
    if (value_.clauses.empty()) mistake("$.clauses", "no clause is named");
    std::vector<std::string_view> const words(known.begin(), known.end());
    for (std::size_t i = 0; i < value_.clauses.size(); ++i) {
        auto const& clause = value_.clauses[i];
        if (!known.empty() && !known.contains(clause))
            mistake(at("clauses", i),
                    "requirements/ has no clause " + clause + did_you_mean(clause, words));
        if (std::count(value_.clauses.begin(), value_.clauses.end(), clause) > 1)
            mistake(at("clauses", i), clause + " stands twice");
    }
}

void linter::check_words() const {
    std::vector<std::string_view> const needs(known_needs.begin(), known_needs.end());
    for (std::size_t i = 0; i < value_.needs.size(); ++i)
        if (std::find(needs.begin(), needs.end(), value_.needs[i]) == needs.end())
            mistake(at("needs", i), "needs are echo, deflate, client-max-window-bits, subprotocol and "
                                    "no-subprotocol" +
                                        did_you_mean(value_.needs[i], needs));
    for (std::size_t i = 0; i < value_.tags.size(); ++i)
        if (!is_word(value_.tags[i]))
            mistake(at("tags", i), "a tag is one word of lower case letters, digits and hyphens");
}

std::uint64_t size_of(step const& value) {
    if (auto const* sent = std::get_if<send_frame>(&value)) return sent->data.size();
    if (auto const* sent = std::get_if<send_octets>(&value)) return sent->data.size();
    auto const* const head = head_of(value);
    if (head == nullptr) return 0;
    auto total = head->body.size() + head->before.size();
    if (head->raw) total += head->raw->size();
    if (head->start_line) total += head->start_line->size();
    for (auto const* const lines : {&head->first_lines, &head->lines})
        for (auto const& line : *lines) total += line.size();
    for (auto const& [name, values] : head->set)
        for (auto const& each : values) total += name.size() + each.size();
    return total;
}

std::uint64_t size_of(expectation const& value) {
    std::optional<payload> const* data = nullptr;
    if (auto const* message = std::get_if<see_message>(&value.what)) data = &message->data;
    if (auto const* pong = std::get_if<see_pong>(&value.what)) data = &pong->data;
    return data != nullptr && *data ? (*data)->size() : 0;
}

void linter::check_sizes() const {
    std::uint64_t sent = 0;
    for (auto const& each : value_.steps) sent += size_of(each);
    if (sent > largest_total) mistake("$.steps", "more than 16 MiB are sent in all");
    for (std::size_t i = 0; i < value_.outcomes.size(); ++i) {
        std::uint64_t expected = 0;
        for (auto const& each : value_.outcomes[i].see) expected += size_of(each);
        if (expected > largest_total)
            mistake(at("outcomes", i), "more than 16 MiB are expected in all");
    }
    auto const every = value_.segmentation.how == segmentation::kind::every;
    if (every && (value_.segmentation.size == 0 || value_.segmentation.size > largest_piece))
        mistake("$.segmentation", "a piece has 1 to 1048576 octets");
    // more writes than this only cost time: the peer cannot tell them apart any more
    if (every && value_.segmentation.size > 0 && sent / value_.segmentation.size > largest_piece)
        mistake("$.segmentation", "more than 1048576 writes");
}

bool fits(std::uint64_t length, length_form form) {
    return static_cast<std::uint8_t>(shortest_form(length)) <= static_cast<std::uint8_t>(form);
}

void linter::check_send(std::string const& path, send_frame const& sent) const {
    auto const length = sent.declared_length.value_or(sent.data.size());
    if (sent.form && !fits(length, *sent.form))
        mistake(path + ".form", "this length form cannot hold " + std::to_string(length));
    if (sent.key && sent.masked == false)
        mistake(path + ".key", "a frame that is not masked has no key");
    if (sent.compress && (sent.op != opcode::text && sent.op != opcode::binary))
        mistake(path + ".compress", "only whole data messages are compressed");
    if (sent.compress && !sent.fin)
        mistake(path + ".compress", "only whole messages are compressed");
    if (sent.compress && !value_.has_need("deflate"))
        mistake(path + ".compress", R"(the case needs "deflate")");
    if (sent.cut == std::uint64_t{0}) mistake(path + ".cut", "nothing would be sent");
}

/// Who opens is the endpoint that is not under test, so such a case concerns one role.
void linter::check_opening(std::size_t index, bool first) const {
    auto const path = at("steps", index);
    bool const opens = std::holds_alternative<open_step>(value_.steps[index]);
    auto const& head = *head_of(value_.steps[index]);
    if (index > 0 && first) mistake(path, "opens behind a step that already needs the connection");
    if (!first) mistake(path, "a case opens one connection");
    auto const wanted = opens ? role::server : role::client;
    if (value_.roles != std::vector<role>{wanted})
        mistake(path, opens ? "only a case for servers alone can edit the request"
                            : "only a case for clients alone can edit the response");
    if (!opens && head.go_on == false && head.unfinished && index + 1 == value_.steps.size())
        mistake(path, "nothing follows a head that is not finished");
    if (head.line_end != "\r\n" && head.line_end != "\n" && head.line_end != "\r")
        mistake(path + (opens ? ".open" : ".respond") + ".eol", "the end of a line is crlf, lf or cr");
    auto const& extensions = opens ? value_.offer : value_.answer;
    if (head.raw && !extensions.empty()) mistake(opens ? "$.offer" : "$.answer", R"(has no effect beside "raw")");
}

void linter::check_steps() const {
    if (value_.steps.empty()) mistake("$.steps", "there is no step");
    bool first = true;
    for (std::size_t i = 0; i < value_.steps.size(); ++i) {
        if (auto const* sent = std::get_if<send_frame>(&value_.steps[i]))
            check_send(at("steps", i), *sent);
        if (head_of(value_.steps[i]) != nullptr) check_opening(i, std::exchange(first, false));
    }
    for (auto const& [key, text] : {std::pair{"$.offer", value_.offer}, {"$.answer", value_.answer}})
        if (text.find_first_of("\r\n") != std::string::npos) mistake(key, "a field value has one line");
}

/// Does `left` match whatever `right` matches?
bool covers(see_close const& left, see_close const& right) {
    auto const any = left.codes.empty() && !left.empty && !left.same;
    if (any) return true;
    if (right.codes.empty() && !right.empty && !right.same) return false;
    if ((right.empty && !left.empty) || (right.same && !left.same)) return false;
    return std::all_of(right.codes.begin(), right.codes.end(), [&](number_range const& wanted) {
        return std::any_of(left.codes.begin(), left.codes.end(), [&](number_range const& each) {
            return each.first <= wanted.first && wanted.last <= each.last;
        });
    });
}

bool covers(expectation const& left, expectation const& right) {
    if (right.optional && !left.optional) return false;
    auto const* const wide = std::get_if<see_close>(&left.what);
    auto const* const narrow = std::get_if<see_close>(&right.what);
    if (wide != nullptr && narrow != nullptr) return covers(*wide, *narrow);
    return left.what == right.what;
}

bool covers(outcome const& left, outcome const& right) {
    return left.by == right.by &&
           std::equal(left.see.begin(), left.see.end(), right.see.begin(), right.see.end(),
                      [](auto const& a, auto const& b) { return covers(a, b); });
}

void linter::check_unreachable(std::size_t index) const {
    for (std::size_t i = 0; i < index; ++i)
        if (covers(value_.outcomes[i], value_.outcomes[index]))
            return mistake(at("outcomes", index), "never reached: " + at("outcomes", i) +
                                                      " matches the same events before it");
}

bool linter::waits_before(unsigned last) const {
    for (std::size_t i = 0; i < value_.steps.size() && i < last; ++i) {
        auto const& each = value_.steps[i];
        if (std::holds_alternative<fence_step>(each) || std::holds_alternative<watch_step>(each) ||
            std::holds_alternative<await_step>(each))
            return true;
    }
    return false;
}

void linter::check_outcome(std::string const& path, outcome const& one) const {
    if (one.grade == grade::error)
        mistake(path + ".grade", "error is what the harness says of itself");
    if (one.grade != grade::pass && one.because.empty())
        mistake(path + ".because", "every grade but pass needs a reason");
    if (one.by && (*one.by == 0 || *one.by > value_.steps.size()))
        mistake(path + ".by",
                "the steps are numbered from 1 to " + std::to_string(value_.steps.size()));
    auto const demands = std::any_of(one.see.begin(), one.see.end(),
                                     [](expectation const& each) { return !each.optional; });
    if (!demands && !waits_before(one.by.value_or(~0U)))
        mistake(path + ".see",
                "asks for nothing, and no step waits: this matches whatever the peer does");
    for (std::size_t i = 0; i < one.see.size(); ++i)
        check_seen(path + ".see[" + std::to_string(i) + "]", one.see[i]);
}

void linter::check_seen(std::string const& path, expectation const& seen) const {
    if (auto const* message = std::get_if<see_message>(&seen.what))
        if (message->op && *message->op != opcode::text && *message->op != opcode::binary)
            mistake(path, "a message is text or binary");
    bool const response = std::holds_alternative<see_response>(seen.what);
    if (response && value_.roles != std::vector<role>{role::server})
        mistake(path, "only a server sends a response");
    auto const* request = std::get_if<see_request>(&seen.what);
    if (request == nullptr) return;
    if (value_.roles != std::vector<role>{role::client}) mistake(path, "only a client sends a request");
    for (auto const& name : request->keeps)
        if (std::ranges::none_of(all_rules(), [&](rule_info const& rule) { return rule.name == name; }))
            mistake(path, "there is no rule " + name);
}

void linter::check_outcomes() const {
    if (value_.outcomes.empty()) return mistake("$.outcomes", "there is no outcome");
    for (std::size_t i = 0; i < value_.outcomes.size(); ++i) {
        check_outcome(at("outcomes", i), value_.outcomes[i]);
        check_unreachable(i);
    }
    auto const good = std::any_of(
        value_.outcomes.begin(), value_.outcomes.end(),
        [](auto const& one) { return one.grade == grade::pass || one.grade == grade::info; });
    if (!good) mistake("$.outcomes", "no outcome is a pass or an info");
}

/// Ids and Autobahn numbers stand for one case each.
class uniqueness {
public:
    void check(std::string const& key, test_case const& value, std::string path,
               std::vector<diagnostic>& mistakes) {
        auto const [known, added] = owners_.emplace(key, value.id);
        if (!added)
            mistakes.push_back({value.id, std::move(path), key + " is taken by " + known->second});
    }

private:
    std::map<std::string, std::string> owners_;
};

}  // namespace

std::vector<diagnostic> lint(std::vector<test_case> const& cases, clause_set const& known_clauses) {
    std::vector<diagnostic> mistakes;
    uniqueness ids;
    uniqueness numbers;
    for (auto const& each : cases) {
        linter const one(each, mistakes);
        one.check_names();
        one.check_clauses(known_clauses);
        one.check_words();
        one.check_sizes();
        one.check_steps();
        one.check_outcomes();
        ids.check(each.id, each, "$.id", mistakes);
        for (std::size_t i = 0; i < each.autobahn.size(); ++i)
            numbers.check(each.autobahn[i], each, at("autobahn", i), mistakes);
    }
    return mistakes;
}

}  // namespace wsproof
