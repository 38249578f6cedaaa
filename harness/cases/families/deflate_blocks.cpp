#include "cases/families/deflate_blocks.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace wsproof::deflate_cases {

namespace {

struct range_code {
    unsigned first, extra;  // the lowest value, and how many more bits choose among those above it
};

// RFC 1951 3.2.5
constexpr std::array<range_code, 29> length_codes{
    {{3, 0},  {4, 0},  {5, 0},  {6, 0},   {7, 0},   {8, 0},   {9, 0},   {10, 0},  {11, 1}, {13, 1},
     {15, 1}, {17, 1}, {19, 2}, {23, 2},  {27, 2},  {31, 2},  {35, 3},  {43, 3},  {51, 3}, {59, 3},
     {67, 4}, {83, 4}, {99, 4}, {115, 4}, {131, 5}, {163, 5}, {195, 5}, {227, 5}, {258, 0}}};
constexpr std::array<range_code, 30> distance_codes{
    {{1, 0},     {2, 0},     {3, 0},     {4, 0},      {5, 1},      {7, 1},
     {9, 2},     {13, 2},    {17, 3},    {25, 3},     {33, 4},     {49, 4},
     {65, 5},    {97, 5},    {129, 6},   {193, 6},    {257, 7},    {385, 7},
     {513, 8},   {769, 8},   {1025, 9},  {1537, 9},   {2049, 10},  {3073, 10},
     {4097, 11}, {6145, 11}, {8193, 12}, {12289, 12}, {16385, 13}, {24577, 13}}};

/// The last code whose range starts at or below the value.
template <std::size_t Count>
unsigned index_of(std::array<range_code, Count> const& codes, unsigned value) {
    unsigned found = 0;
    for (unsigned i = 0; i < Count; ++i)
        if (codes[i].first <= value) found = i;
    return found;
}

constexpr unsigned end_of_block = 256;

}  // namespace

void block_writer::bits(std::uint32_t value, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
        if (used_ == 8) {
            out_.push_back(0);
            used_ = 0;
        }
        auto const bit = (value >> i) & 1U;
        out_.back() = static_cast<std::uint8_t>(out_.back() | (bit << used_++));
    }
}

void block_writer::code(std::uint32_t value, unsigned count) {
    while (count > 0) bits(value >> --count, 1);
}

void block_writer::pad() { used_ = 8; }

// RFC 1951 3.2.6
void block_writer::symbol(unsigned value) {
    if (value < 144) return code(0x30U + value, 8);
    if (value < 256) return code(0x190U + value - 144, 9);
    if (value < 280) return code(value - 256, 7);
    code(0xC0U + value - 280, 8);
}

void block_writer::stored(octets_view data, bool final) {
    bits(final ? 1 : 0, 3);
    pad();
    auto const size = static_cast<std::uint32_t>(data.size());
    bits(size, 16);
    bits(~size & 0xFFFFU, 16);
    append(out_, data);
    used_ = 8;
}

void block_writer::stored(std::string_view data, bool final) { stored(view_of(data), final); }

void block_writer::begin_fixed(bool final) {
    bits(final ? 3 : 2, 3);
    final_ = final;
}

void block_writer::literals(std::string_view data) {
    for (auto const each : data) symbol(static_cast<std::uint8_t>(each));
}

void block_writer::match(unsigned length, unsigned distance) {
    auto const l = index_of(length_codes, length);
    symbol(257 + l);
    bits(length - length_codes[l].first, length_codes[l].extra);
    auto const d = index_of(distance_codes, distance);
    code(d, 5);
    bits(distance - distance_codes[d].first, distance_codes[d].extra);
}

void block_writer::end_fixed() {
    symbol(end_of_block);
    if (std::exchange(final_, false)) pad();
}

octets block_writer::finish() {
    bits(0, 3);
    return take();
}

octets block_writer::take() {
    pad();
    return std::exchange(out_, {});
}

}  // namespace wsproof::deflate_cases
