// permessage-deflate, RFC 7692 section 7: its parameters and its transformation of payloads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "wire/bytes.hpp"
#include "wire/extension.hpp"

namespace wsproof {

struct deflate_parameters {
    bool server_no_context_takeover = false;
    bool client_no_context_takeover = false;
    std::optional<int> server_max_window_bits;  ///< 8 to 15
    /// Outer: the parameter is there. In an offer it may stand without a value (0 here).
    std::optional<int> client_max_window_bits;

    friend bool operator==(deflate_parameters const&, deflate_parameters const&) = default;
};

enum class negotiation_side : std::uint8_t { offer, response };

/// The parameters of one permessage-deflate element, or what is wrong with it: unknown or repeated
/// parameter, value missing, superfluous or not 8 to 15 in plain digits (7.1).
std::variant<deflate_parameters, std::string> parse_deflate(extension const& element,
                                                            negotiation_side side);
extension write_deflate(deflate_parameters const& parameters);

/// Does the response keep to what the offer asked (7.1.1.1, 7.1.2.1, 7.1.2.2)? Nothing, or the
/// breach.
std::optional<std::string> check_deflate_response(deflate_parameters const& offer,
                                                  deflate_parameters const& response);

/// Compresses messages; raw DEFLATE, the tail 00 00 FF FF removed (7.2.1).
class deflater {
public:
    /// window_bits 8 to 15. zlib cannot compress with 8: then no back references are used at all.
    deflater(int window_bits, bool context_takeover);
    ~deflater();
    deflater(deflater&&) noexcept;
    deflater& operator=(deflater&&) noexcept;

    octets compress(octets_view message);

private:
    struct state;
    std::unique_ptr<state> state_;
};

enum class inflate_outcome : std::uint8_t {
    ok,
    corrupt,     ///< not DEFLATE, or a reference beyond the window
    unfinished,  ///< the tail does not complete the payload (7.2.1): octets are missing, or all are
    too_large    ///< more than the limit
};

struct inflated {
    inflate_outcome outcome = inflate_outcome::ok;
    octets data;         ///< what came out before the trouble, never more than the limit
    std::string detail;  ///< zlib's word for it
};

/// Inflates messages; appends the tail itself (7.2.2). A block with BFINAL=1 ends the stream and a
/// new one may follow in the same message (7.2.3.4), the window kept.
class inflater {
public:
    inflater(int window_bits, bool context_takeover);
    ~inflater();
    inflater(inflater&&) noexcept;
    inflater& operator=(inflater&&) noexcept;

    /// The joined payload of one message. `limit` bounds the output; memory follows the output,
    /// not the promise. After anything but ok the inflater is not to be used again.
    inflated inflate(octets_view message, std::uint64_t limit);

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace wsproof
