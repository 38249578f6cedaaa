// Many messages in flight at once: all come back, whole and in order.
#include "cases/families/family_tools.hpp"

namespace wsproof {

namespace {

std::string numbered(std::size_t number) { return "message " + std::to_string(number); }

test_case flight(std::string const& name, std::string title) {
    auto result = new_case("limits/flights/" + name, std::move(title),
                           {"6455-6.2-2", "6455-6.2-6", "6455-6.2-5"});
    result.needs = {"echo"};
    return result;
}

void expect_all(test_case& into, std::size_t count) {
    into.steps.emplace_back(await(await_step::what::echo));
    into.outcomes = {{grade::pass, std::vector<expectation>(count, {see_echo{}, false}), {}, {}}};
}

test_case texts(std::string const& name, std::string title, std::size_t count, segmentation how) {
    auto result = flight(name, std::move(title));
    for (std::size_t i = 1; i <= count; ++i)
        result.steps.emplace_back(whole_frame(opcode::text, payload::of(numbered(i))));
    result.segmentation = how;
    expect_all(result, count);
    return result;
}

/// Sizes 1 to 200 pass the border of the first length form.
test_case growing() {
    constexpr std::size_t count = 200;
    auto result = flight("growing-200",
                         "200 messages of 1 to 200 octets, text and binary, come back in order");
    for (std::size_t i = 1; i <= count; ++i) {
        bool const text = i % 2 == 0;
        result.steps.emplace_back(whole_frame(text ? opcode::text : opcode::binary,
                                              payload::repeat(text ? "*" : "\xFE", i)));
    }
    expect_all(result, count);
    return result;
}

/// A short one behind each long one must not overtake it.
test_case large_and_small() {
    constexpr std::size_t pairs = 8;
    auto result = flight("large-and-small",
                         "8 messages of 64 KiB and a short one behind each come back in order");
    for (std::size_t i = 1; i <= pairs; ++i) {
        result.steps.emplace_back(
            whole_frame(opcode::binary, payload::repeat(std::to_string(i), 65536)));
        result.steps.emplace_back(whole_frame(opcode::text, payload::of(numbered(i))));
    }
    result.tags = {"alone"};
    expect_all(result, 2 * pairs);
    return result;
}

test_case fragmented() {
    constexpr std::size_t count = 100;
    auto result =
        flight("fragmented-100", "100 texts of three fragments each come back joined and in order");
    for (std::size_t i = 1; i <= count; ++i) {
        result.steps.emplace_back(first_fragment(opcode::text, payload::of("message ")));
        result.steps.emplace_back(continuation(payload::of(std::to_string(i)), false));
        result.steps.emplace_back(continuation(payload::of("."), true));
    }
    expect_all(result, count);
    return result;
}

/// Empty messages are legal; no clause demands that an application passes them on.
test_case empty() {
    constexpr std::size_t count = 200;
    auto result = flight("empty-200", "200 empty messages come back");
    result.clauses = {"6455-5.2-26", "6455-6.2-2"};
    result.level = level::should;
    for (std::size_t i = 0; i < count; ++i)
        result.steps.emplace_back(whole_frame(i % 2 == 0 ? opcode::text : opcode::binary, {}));
    expect_all(result, count);
    return result;
}

}  // namespace

std::vector<test_case> flight_family(outcome_lists const&) {
    using kind = segmentation::kind;
    return {
        texts("texts-500", "500 short texts in one write come back in order", 500, {}),
        texts("texts-200-apart", "200 short texts in writes of their own come back in order", 200,
              {kind::frames, 0}),
        texts("texts-200-in-octets", "200 short texts that come octet by octet come back in order",
              200, {kind::every, 1}),
        texts("texts-200-in-pieces-of-3",
              "200 short texts cut every 3 octets, across frame borders, come back in order", 200,
              {kind::every, 3}),
        texts("texts-200-cut-at-random", "200 short texts cut at random come back in order", 200,
              {kind::random, 0}),
        growing(),
        large_and_small(),
        fragmented(),
        empty()};
}

}  // namespace wsproof
