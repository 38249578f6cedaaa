// "Did you mean …": the known word that a misspelt one comes nearest to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wsproof {

/// The nearest of the known words, or empty when none is near. Equal distances: the first one.
std::string nearest(std::string_view word, std::vector<std::string_view> const& known);

/// " (did you mean …?)", or empty when no known word is near.
std::string did_you_mean(std::string_view word, std::vector<std::string_view> const& known);

}  // namespace wsproof
