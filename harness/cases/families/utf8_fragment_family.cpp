// Text in fragments as Autobahn sends it: chapters 6.1 to 6.4.
#include "cases/families/family_tools.hpp"
#include "cases/families/utf8_texts.hpp"

namespace wsproof {

namespace {

constexpr std::string_view latin = "48656c6c6f2dc2b540c39fc3b6c3a4c3bcc3a0c3a12d5554462d382121";
constexpr std::string_view greek = "cebae1bdb9cf83cebcceb5";
/// Greek, a surrogate, "edited".
constexpr std::string_view broken = "cebae1bdb9cf83cebcceb5eda080656469746564";

octets from_hex(std::string_view hex) { return parse_hex(hex).value_or(octets{}); }

payload part(std::string_view hex) { return payload::of(octets_view(from_hex(hex))); }

test_case valid_text(std::string const& name, std::string title, std::string number,
                     outcome_lists const& lists) {
    auto result = new_case("rfc6455/8.1/valid-" + name, std::move(title),
                           {"6455-5.6-4", "6455-5.4-5", "6455-6.2-5"});
    result.autobahn = {std::move(number)};
    result.needs = {"echo"};
    use_list(result, lists, "echoed");
    return result;
}

/// One octet in each fragment, and an empty one at the end, which is what Autobahn's fragmenter
/// makes.
std::vector<step> octets_and_an_empty_end(std::string_view hex) {
    std::vector<step> result;
    for (std::size_t i = 0; i < hex.size(); i += 2)
        result.emplace_back(i == 0 ? first_fragment(opcode::text, part(hex.substr(i, 2)))
                                   : continuation(part(hex.substr(i, 2)), false));
    result.emplace_back(continuation({}, true));
    return result;
}

std::vector<step> then_echo(std::vector<step> steps) {
    steps.emplace_back(await(await_step::what::echo));
    return steps;
}

void add_valid(outcome_lists const& lists, std::vector<test_case>& into) {
    auto all_empty =
        valid_text("in-empty-fragments",
                   "Text in three empty fragments comes back as an empty text", "6.1.2", lists);
    // empty messages are legal; no clause demands that an application passes them on
    all_empty.level = level::should;
    all_empty.clauses = {"6455-5.2-26", "6455-5.4-13"};
    all_empty.steps = then_echo(
        {first_fragment(opcode::text, {}), continuation({}, false), continuation({}, true)});
    auto middle = valid_text("between-empty-fragments",
                             "Text between an empty first and an empty last fragment comes back",
                             "6.1.3", lists);
    middle.steps = then_echo({first_fragment(opcode::text, {}),
                              continuation(payload::of("middle frame payload"), false),
                              continuation({}, true)});
    auto between = valid_text("cut-between-characters",
                              "Text cut between two characters of two octets comes back joined",
                              "6.2.2", lists);
    auto const cut = latin.find("c3bc");
    between.steps = then_echo({first_fragment(opcode::text, part(latin.substr(0, cut))),
                               continuation(part(latin.substr(cut)), true)});
    auto latin_octets = valid_text(
        "latin-in-octets-and-an-empty-end",
        "Latin text in fragments of one octet and an empty one comes back", "6.2.3", lists);
    latin_octets.steps = then_echo(octets_and_an_empty_end(latin));
    auto greek_octets = valid_text(
        "greek-in-octets-and-an-empty-end",
        "Greek text in fragments of one octet and an empty one comes back", "6.2.4", lists);
    greek_octets.steps = then_echo(octets_and_an_empty_end(greek));
    for (auto* each : {&all_empty, &middle, &between, &latin_octets, &greek_octets})
        into.push_back(std::move(*each));
}

test_case broken_in_octets(outcome_lists const& lists) {
    auto result = new_case("rfc6455/8.1/invalid-in-octets-and-an-empty-end",
                           "A surrogate in text in fragments of one octet fails the connection",
                           {"6455-8.1-2", "6455-5.6-3", "3629-3-2"});
    result.tags = {"hostile"};
    result.autobahn = {"6.3.2"};
    result.note = autobahn_takes_bare_end;
    result.steps = octets_and_an_empty_end(broken);
    result.steps.emplace_back(await(await_step::what::close));
    use_list(result, lists, "failed with 1007");
    return result;
}

// ---- how early: 6.4 ----------------------------------------------------------------------------

/// Text whose first part is good so far, whose second part breaks it, and a rest.
struct three_parts {
    std::string_view name, first, second, rest;
    std::string_view in_frames, in_one_frame;  // Autobahn's numbers
};

constexpr std::array<three_parts, 2> broken_later{{
    {"bad-sequence", "cebae1bdb9cf83cebcceb5", "f4908080", "656469746564", "6.4.1", "6.4.3"},
    {"bad-second-octet", "cebae1bdb9cf83cebcceb5f4", "90", "8080656469746564", "6.4.2", "6.4.4"},
}};

constexpr std::string_view how_early =
    "Autobahn calls a failure behind the bad octets strict and one at the end of the message not; "
    "8.1 leaves open when, so that both pass.";

expectation seen(decltype(expectation::what) what) { return {std::move(what), false}; }

void add_failures(std::vector<expectation> const& before, outcome_lists const& lists,
                  std::vector<outcome>& into) {
    auto const found = lists.find("failed with 1007");
    if (found == lists.end()) return;
    for (auto each : found->second) {
        each.see.insert(each.see.begin(), before.begin(), before.end());
        into.push_back(std::move(each));
    }
}

test_case early_case(three_parts const& text, std::string const& suffix, std::string title) {
    auto result =
        new_case("rfc6455/8.1/invalid-" + std::string(text.name) + suffix, std::move(title),
                 {"6455-8.1-2", "6455-8.1-5", "6455-5.6-3", "3629-4-4"});
    result.tags = {"hostile"};
    result.note = how_early;
    return result;
}

/// Between the fragments a fence shows whether the peer goes on: behind the first it has to.
test_case early_in_frames(three_parts const& text, outcome_lists const& lists) {
    auto result = early_case(text, "-later-in-fragments",
                             "Text that a later fragment breaks fails the connection, not before");
    result.autobahn = {std::string(text.in_frames)};
    result.steps = {first_fragment(opcode::text, part(text.first)),
                    fence_step{},
                    continuation(part(text.second), false),
                    fence_step{},
                    continuation(part(text.rest), true),
                    await(await_step::what::close)};
    add_failures({seen(see_fence{})}, lists, result.outcomes);
    add_failures({seen(see_fence{}), seen(see_fence{})}, lists, result.outcomes);
    return result;
}

/// Nothing can be put inside a frame, so that time has to show whether the peer goes on. With a key
/// of zeros the rest of the frame is the same octets in both roles.
test_case early_in_one_frame(three_parts const& text, outcome_lists const& lists) {
    auto result =
        early_case(text, "-later-in-one-frame",
                   "Text broken in a later part of one frame fails the connection, not before");
    result.autobahn = {std::string(text.in_one_frame)};
    auto head = first_fragment(opcode::text, part(text.first));
    head.key = masking_key{};
    head.declared_length = (text.first.size() + text.second.size() + text.rest.size()) / 2;
    result.steps = {std::move(head),
                    watch_step{},
                    send_octets{part(text.second)},
                    watch_step{},
                    send_octets{part(text.rest)},
                    continuation({}, true),
                    await(await_step::what::close)};
    for (bool const with_close : {true, false}) {
        outcome early{grade::fail, {}, 2, "failed before the bad octet came"};
        if (with_close) early.see = {seen(see_close{}), maybe(see_end{})};
        if (!with_close) early.see = {seen(see_end{})};
        result.outcomes.push_back(std::move(early));
    }
    add_failures({}, lists, result.outcomes);
    return result;
}

}  // namespace

std::vector<test_case> utf8_fragment_family(outcome_lists const& lists) {
    std::vector<test_case> result;
    add_valid(lists, result);
    result.push_back(broken_in_octets(lists));
    for (auto const& each : broken_later) result.push_back(early_in_frames(each, lists));
    for (auto const& each : broken_later) result.push_back(early_in_one_frame(each, lists));
    return result;
}

}  // namespace wsproof
