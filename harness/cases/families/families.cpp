#include "cases/families/families.hpp"

#include <iterator>

namespace wsproof {

std::vector<test_case> families(outcome_lists const& lists) {
    std::vector<test_case> result;
    for (auto* const family :
         {size_family, utf8_family, utf8_fragment_family, utf8_vector_family, close_code_family,
          deflate_family, volume_family, flight_family, flood_family}) {
        auto cases = family(lists);
        result.insert(result.end(), std::make_move_iterator(cases.begin()),
                      std::make_move_iterator(cases.end()));
    }
    return result;
}

}  // namespace wsproof
