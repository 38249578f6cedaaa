// permessage-deflate, RFC 7692: all of its parts.
#include <iterator>

#include "cases/families/deflate_families.hpp"

namespace wsproof {

std::vector<test_case> deflate_family(outcome_lists const& lists) {
    constexpr unsigned usual_volume = 4;
    std::vector<test_case> result;
    auto const add = [&result](std::vector<test_case> cases) {
        result.insert(result.end(), std::make_move_iterator(cases.begin()),
                      std::make_move_iterator(cases.end()));
    };
    add(deflate_cases::offers(lists));
    add(deflate_cases::answers(lists));
    add(deflate_cases::windows());
    add(deflate_cases::messages(lists));
    add(deflate_cases::blocks());
    add(deflate_cases::fragments(lists));
    add(deflate_cases::refusals(lists));
    add(deflate_volume_cases(lists, usual_volume));
    return result;
}

}  // namespace wsproof
