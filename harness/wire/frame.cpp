#include "wire/frame.hpp"

#include "wire/mask.hpp"

namespace wsproof {

namespace {

constexpr std::uint8_t fin_bit = 0x80;
constexpr std::uint8_t mask_bit = 0x80;

constexpr std::size_t extended_size(length_form form) noexcept {
    switch (form) {
        case length_form::sixteen_bits:
            return 2;
        case length_form::sixty_four_bits:
            return 8;
        case length_form::seven_bits:
            break;
    }
    return 0;
}

/// 5.2: 126 and 127 in the seven bits announce the longer forms.
constexpr length_form form_of(std::uint8_t seven_bits) noexcept {
    if (seven_bits == 126) return length_form::sixteen_bits;
    return seven_bits == 127 ? length_form::sixty_four_bits : length_form::seven_bits;
}

std::uint64_t read_big_endian(octets_view in) noexcept {
    std::uint64_t value = 0;
    for (auto const octet : in) value = value << 8U | octet;
    return value;
}

void write_big_endian(std::uint64_t value, std::size_t size, octets& out) {
    for (auto left = size; left-- > 0;) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * left)));
    }
}

}  // namespace

std::string_view name_of(opcode op) noexcept {
    switch (op) {
        case opcode::continuation:
            return "continuation";
        case opcode::text:
            return "text";
        case opcode::binary:
            return "binary";
        case opcode::close:
            return "close";
        case opcode::ping:
            return "ping";
        case opcode::pong:
            return "pong";
    }
    return "reserved";
}

std::variant<need_more, parsed_header> parse_header(octets_view in) noexcept {
    if (in.size() < 2) return need_more{2};
    auto const seven_bits = static_cast<std::uint8_t>(in[1] & 0x7FU);
    bool const masked = (in[1] & mask_bit) != 0;

    frame_header header;
    header.fin = (in[0] & fin_bit) != 0;
    header.rsv = static_cast<std::uint8_t>(in[0] >> 4U & 7U);
    header.op = static_cast<opcode>(in[0] & 15U);
    header.form = form_of(seven_bits);

    auto const extended = extended_size(header.form);
    auto const size = 2 + extended + (masked ? 4U : 0U);
    if (in.size() < size) return need_more{size};

    header.length = extended == 0 ? seven_bits : read_big_endian(in.subspan(2, extended));
    if (masked) {
        auto const key = in.subspan(2 + extended, 4);
        header.mask = masking_key{key[0], key[1], key[2], key[3]};
    }
    return parsed_header{header, size};
}

void write_header(frame_header const& header, octets& out) {
    out.push_back(static_cast<std::uint8_t>((header.fin ? fin_bit : 0U) |
                                            unsigned{header.rsv} << 4U |
                                            static_cast<unsigned>(header.op)));
    auto const marker = [&]() -> std::uint64_t {
        switch (header.form) {
            case length_form::sixteen_bits:
                return 126;
            case length_form::sixty_four_bits:
                return 127;
            case length_form::seven_bits:
                break;
        }
        return header.length;
    }();
    out.push_back(static_cast<std::uint8_t>((header.mask ? mask_bit : 0U) | marker));
    write_big_endian(header.length, extended_size(header.form), out);
    if (header.mask) append(out, *header.mask);
}

void write_frame(frame_header const& header, octets_view payload, octets& out) {
    write_header(header, out);
    auto const start = out.size();
    append(out, payload);
    if (header.mask) apply_mask(std::span(out).subspan(start), *header.mask);
}

octets make_frame(opcode op, octets_view payload, std::optional<masking_key> mask, bool fin,
                  std::uint8_t rsv) {
    frame_header const header{.fin = fin,
                              .rsv = rsv,
                              .op = op,
                              .mask = mask,
                              .form = shortest_form(payload.size()),
                              .length = payload.size()};
    octets out;
    out.reserve(max_header_size + payload.size());
    write_frame(header, payload, out);
    return out;
}

}  // namespace wsproof
