#include "run/result.hpp"

#include <algorithm>

namespace wsproof {

std::size_t count(run_result const& run, grade wanted) noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        run.results, [wanted](case_result const& each) { return overall(each.verdict) == wanted; }));
}

}  // namespace wsproof
