// Texts with ids of their own; the vectors of corpus/vectors/utf8.json join them.
#pragma once

#include <array>
#include <string_view>

namespace wsproof {

/// The note of cases with invalid text that stand for Autobahn's.
inline constexpr std::string_view autobahn_takes_bare_end =
    "Autobahn is as content with TCP that ends without a Close frame, which 7.1.7 makes a SHOULD.";

struct utf8_text {
    std::string_view name;
    std::string_view what;  // for the title
    std::string_view hex;
    std::string_view clause;
};

inline constexpr std::array<utf8_text, 12> valid_texts{{
    {"ascii", "ASCII", "68656c6c6f24776f726c64", "3629-3-1"},
    {"nul", "U+0000", "00", "3629-3-1"},
    {"last-of-one-octet", "U+007F", "7f", "3629-3-1"},
    {"first-of-two-octets", "U+0080", "c280", "3629-4-2"},
    {"last-of-two-octets", "U+07FF", "dfbf", "3629-4-2"},
    {"first-of-three-octets", "U+0800", "e0a080", "3629-4-3"},
    {"below-surrogates", "U+D7FF", "ed9fbf", "3629-3-3"},
    {"above-surrogates", "U+E000", "ee8080", "3629-3-3"},
    {"replacement-character", "U+FFFD", "efbfbd", "3629-4-3"},
    {"noncharacter", "U+FFFE and U+1FFFF", "efbfbef09fbfbf", "3629-3-5"},
    {"first-of-four-octets", "U+10000", "f0908080", "3629-4-4"},
    {"last-of-all", "U+10FFFF", "f48fbfbf", "3629-4-4"},
}};

inline constexpr std::array<utf8_text, 17> invalid_texts{{
    {"lone-continuation", "a continuation octet alone", "80", "3629-4-5"},
    {"continuation-behind-ascii", "a continuation octet behind a letter", "61bf62", "3629-4-5"},
    {"start-without-end", "a start octet followed by a space", "c220", "3629-4-6"},
    {"two-octets-cut", "a sequence of two octets cut short", "c3", "3629-4-6"},
    {"three-octets-cut", "a sequence of three octets cut short", "e282", "3629-4-6"},
    {"four-octets-cut", "a sequence of four octets cut short", "f09f98", "3629-4-6"},
    {"overlong-slash", "an overlong form of U+002F", "c0af", "3629-4-1"},
    {"overlong-three-octets", "an overlong form of U+07FF", "e09fbf", "3629-4-3"},
    {"overlong-four-octets", "an overlong form of U+FFFF", "f08fbfbf", "3629-4-4"},
    {"overlong-nul", "an overlong form of U+0000", "c080", "3629-4-1"},
    {"surrogate", "a lone surrogate", "eda080", "3629-3-2"},
    {"surrogate-pair", "a pair of surrogates", "eda080edb080", "3629-3-2"},
    {"beyond-last", "U+110000", "f4908080", "3629-4-4"},
    {"octet-f5", "octet F5", "f5808080", "3629-4-1"},
    {"octet-fe", "octet FE", "fe", "3629-4-1"},
    {"octet-ff", "octet FF", "ff", "3629-4-1"},
    {"five-octets", "a sequence of five octets", "f888808080", "3629-4-7"},
}};

}  // namespace wsproof
