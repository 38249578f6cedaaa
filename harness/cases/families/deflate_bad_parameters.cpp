#include "cases/families/deflate_bad_parameters.hpp"

namespace wsproof::deflate_cases {

namespace {

// The few that stand in corpus/cases/ as offers are not repeated here.
constexpr bad_parameters table[] = {
    {"unknown-parameter-with-value", "wsproof=10", flaw::unknown},
    {"unknown-parameter-behind-known-ones",
     "client_max_window_bits; server_no_context_takeover; wsproof", flaw::unknown},
    {"parameter-with-a-letter-missing", "server_max_window_bit=10", flaw::unknown},
    {"parameter-with-hyphens", "server-max-window-bits=10", flaw::unknown},
    {"parameter-of-no-side", "max_window_bits=10", flaw::unknown},
    {"takeover-of-no-side", "no_context_takeover", flaw::unknown},
    {"extension-as-parameter", "permessage-deflate", flaw::unknown},

    {"server-window-of-0", "server_max_window_bits=0"},
    {"server-window-of-1", "server_max_window_bits=1"},
    {"server-window-of-16", "server_max_window_bits=16"},
    {"server-window-of-17", "server_max_window_bits=17"},
    {"server-window-of-99", "server_max_window_bits=99"},
    {"server-window-of-256", "server_max_window_bits=256"},
    {"server-window-of-265", "server_max_window_bits=265"},  // 9 in eight bits
    {"server-window-of-32768", "server_max_window_bits=32768"},
    {"server-window-minus-9", "server_max_window_bits=-9"},
    {"server-window-plus-9", "server_max_window_bits=+9"},
    {"server-window-fraction", "server_max_window_bits=9.5"},
    {"server-window-point-zero", "server_max_window_bits=9.0"},
    {"server-window-exponent", "server_max_window_bits=1e1"},
    {"server-window-hexadecimal", "server_max_window_bits=0xa"},
    {"server-window-in-letters", "server_max_window_bits=ten"},
    {"server-window-digits-and-letters", "server_max_window_bits=10k"},
    {"server-window-quoted-16", "server_max_window_bits=\"16\""},
    {"server-window-08", "server_max_window_bits=08", flaw::value, true},
    {"server-window-0015", "server_max_window_bits=0015", flaw::value, true},

    {"client-window-of-0", "client_max_window_bits=0"},
    {"client-window-of-7", "client_max_window_bits=7"},
    {"client-window-of-17", "client_max_window_bits=17"},
    {"client-window-of-99", "client_max_window_bits=99"},
    {"client-window-of-265", "client_max_window_bits=265"},
    {"client-window-of-10-digits", "client_max_window_bits=4294967305"},
    {"client-window-minus-9", "client_max_window_bits=-9"},
    {"client-window-plus-9", "client_max_window_bits=+9"},
    {"client-window-fraction", "client_max_window_bits=9.5"},
    {"client-window-exponent", "client_max_window_bits=1e1"},
    {"client-window-in-letters", "client_max_window_bits=true"},
    {"client-window-quoted-16", "client_max_window_bits=\"16\""},
    {"client-window-08", "client_max_window_bits=08", flaw::value, true},

    {"server-takeover-true", "server_no_context_takeover=true"},
    {"server-takeover-0", "server_no_context_takeover=0"},
    {"server-takeover-10", "server_no_context_takeover=10"},
    {"client-takeover-1", "client_no_context_takeover=1"},
    {"client-takeover-false", "client_no_context_takeover=false"},
    {"client-takeover-quoted", "client_no_context_takeover=\"1\""},

    {"server-window-twice", "server_max_window_bits=10; server_max_window_bits=10", flaw::repeated},
    {"server-takeover-thrice",
     "server_no_context_takeover; server_no_context_takeover; server_no_context_takeover",
     flaw::repeated},
    {"client-takeover-twice", "client_no_context_takeover; client_no_context_takeover",
     flaw::repeated},
    {"client-window-twice", "client_max_window_bits=10; client_max_window_bits=10", flaw::repeated},
    {"client-window-of-two-sizes", "client_max_window_bits=10; client_max_window_bits=12",
     flaw::repeated},
    {"client-takeover-twice-apart",
     "client_no_context_takeover; server_max_window_bits=10; client_no_context_takeover",
     flaw::repeated}};

}  // namespace

std::span<bad_parameters const> all_bad_parameters() { return table; }

}  // namespace wsproof::deflate_cases
