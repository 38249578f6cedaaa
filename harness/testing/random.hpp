// Random numbers for tests: the seed is printed, and WSPROOF_SEED brings a run back.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "wire/bytes.hpp"

namespace wsproof::testing {

class random_source {
public:
    random_source() : seed_(choose_seed()), engine_(seed_) {
        std::cout << "WSPROOF_SEED=" << seed_ << '\n';
    }

    std::uint64_t seed() const noexcept { return seed_; }

    /// Both bounds included.
    std::size_t between(std::size_t low, std::size_t high) {
        return std::uniform_int_distribution<std::size_t>(low, high)(engine_);
    }
    bool coin() { return between(0, 1) == 1; }
    std::uint8_t octet() { return static_cast<std::uint8_t>(between(0, 255)); }

    octets any(std::size_t size) {
        octets out(size);
        for (auto& value : out) value = octet();
        return out;
    }
    /// Octets that stand in `alphabet` only.
    octets of(octets_view alphabet, std::size_t size) {
        octets out(size);
        for (auto& value : out) value = alphabet[between(0, alphabet.size() - 1)];
        return out;
    }

private:
    static std::uint64_t choose_seed() {
        if (auto const* const given = std::getenv("WSPROOF_SEED")) return std::stoull(given);
        return std::random_device{}();
    }

    std::uint64_t seed_;
    std::mt19937_64 engine_;
};

}  // namespace wsproof::testing
