// What the families for permessage-deflate share: cases, messages and outcomes of this extension.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cases/families/family_tools.hpp"

namespace wsproof::deflate_cases {

/// What most clients offer.
inline constexpr std::string_view usual_offer = "permessage-deflate; client_max_window_bits";
/// It forbids nothing to the harness: raw data may use the whole window.
inline constexpr std::string_view plain_offer = "permessage-deflate";
/// "Hello" as 7.2.3.1 compresses it.
inline constexpr std::string_view hello = "f248cdc9c90700";

/// `rfc7692/` is put before the id. Needs deflate and echo, for both roles.
test_case deflate_case(std::string const& id, std::string title, std::vector<std::string> clauses);

/// The peer has to refuse something, which needs no echo; waits for the Close behind the steps.
test_case hostile_case(std::string const& id, std::string title, std::vector<std::string> clauses,
                       std::vector<step> steps);

payload hex(std::string_view digits);

/// A whole message, deflated as was agreed.
send_frame compressed(payload data, opcode op = opcode::text);

/// RSV1 set, the octets as they stand: they are compressed already, or pretend to be.
send_frame raw(payload data, bool fin = true, opcode op = opcode::text);
send_frame raw(std::string_view digits, bool fin = true, opcode op = opcode::text);

/// Octets already compressed, cut into frames of this size; RSV1 on the first.
std::vector<step> in_frames(payload const& compressed, std::uint64_t size,
                            opcode op = opcode::text);

/// Some octets of a payload, described as shortly as it is.
payload slice(payload const& of, std::uint64_t begin, std::uint64_t length);

void append_steps(std::vector<step>& to, std::vector<step> const& more);
void append_parts(payload& to, payload const& more);

/// A sentence that repeats itself, so that it shrinks.
payload prose();

/// Letters in which nothing repeats, the same ones for the same seed.
std::string letters(std::size_t count, std::uint32_t seed = 1);

outcome pass_with(std::vector<expectation> see);
outcome lesser(grade value, std::vector<expectation> see, std::string because);
expectation text(std::string_view what);
expectation message(opcode op, payload what);
/// That many times the echo of the next message.
std::vector<expectation> echoes(std::size_t count);
/// Any code that may be sent, or none.
see_close any_close();

/// A Close with one of these codes, then maybe the end of TCP.
outcome closed_with(grade value, see_close codes, std::string because = {});

/// Broken DEFLATE data fits what 7.4.1 says of 1002 and of 1007.
std::vector<outcome> broken_data_refused();

}  // namespace wsproof::deflate_cases
