// Reads corpus/vectors/. Needs the compile definition WSPROOF_SOURCE_DIR, which wsproof_test sets.
#pragma once

#include <cstddef>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "wire/bytes.hpp"

namespace wsproof::testing {

/// One section of a file of vectors, which is named without its extension; throws when it is
/// missing, empty or no JSON. A copy: loops may go over the result of the call.
inline nlohmann::json load_vectors(std::string_view name, char const* section) {
    auto const path = std::string(WSPROOF_SOURCE_DIR "/corpus/vectors/").append(name) + ".json";
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    auto vectors = nlohmann::json::parse(file).at(section);
    if (vectors.empty()) throw std::runtime_error(path + " has no " + section);
    return vectors;
}

/// A flag that may be left out.
inline bool flag_of(nlohmann::json const& vector, char const* name, bool otherwise = false) {
    return vector.contains(name) ? vector.at(name).get<bool>() : otherwise;
}

inline octets octets_of_hex(std::string const& hex) {
    auto parsed = parse_hex(hex);
    if (!parsed) throw std::invalid_argument("not hexadecimal: " + hex);
    return *std::move(parsed);
}

/// Octets in the notation of the corpus: "text", {"text": …}, {"hex": …},
/// {"repeat": …, "length": n} or {"join": […]}.
inline octets octets_of(nlohmann::json const& value) {
    if (value.is_string()) return to_octets(value.get_ref<std::string const&>());
    if (value.contains("text")) return to_octets(value.at("text").get<std::string>());
    if (value.contains("hex")) return octets_of_hex(value.at("hex").get<std::string>());
    octets out;
    if (value.contains("join")) {
        for (auto const& part : value.at("join")) append(out, octets_of(part));
        return out;
    }
    auto const unit = octets_of(value.at("repeat"));
    auto const length = value.at("length").get<std::size_t>();
    if (unit.empty()) throw std::invalid_argument("nothing to repeat");
    out.reserve(length);
    while (out.size() < length) out.push_back(unit[out.size() % unit.size()]);
    return out;
}

inline std::string text_of(nlohmann::json const& value) {
    return std::string(as_text(octets_of(value)));
}

}  // namespace wsproof::testing
