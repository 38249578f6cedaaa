// What is played: a case as a plain value, whether it came from a JSON file or from a family.
// The format of the files, with the same names, is described in corpus/README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "rules/level.hpp"
#include "wire/frame.hpp"

namespace wsproof {

/// From best to worst.
enum class grade : std::uint8_t { pass, info, non_strict, unsupported, fail, error };

std::string_view name_of(role value) noexcept;
std::string_view name_of(level value) noexcept;
std::string_view name_of(grade value) noexcept;
std::optional<grade> parse_grade(std::string_view name) noexcept;

/// Octets described shortly: parts, each a pattern repeated and cut to a length.
struct payload {
    struct part {
        octets pattern;
        std::uint64_t length = 0;  ///< equals pattern.size() for octets that stand for themselves
        friend bool operator==(part const&, part const&) = default;
    };
    std::vector<part> parts;

    std::uint64_t size() const noexcept;
    octets expand() const;
    static payload of(octets_view data);
    static payload of(std::string_view text);
    static payload repeat(std::string_view pattern, std::uint64_t length);
    friend bool operator==(payload const&, payload const&) = default;
};

// ---- steps -------------------------------------------------------------------------------------

/// Send one frame. Everything left out is what a correct endpoint in the harness's role would send.
struct send_frame {
    opcode op = opcode::text;
    bool fin = true;
    std::uint8_t rsv = 0;
    payload data;
    std::optional<bool> masked;
    std::optional<masking_key> key;
    std::optional<length_form> form;
    std::optional<std::uint64_t> declared_length;  ///< written instead of the payload's size
    std::optional<std::uint64_t> cut;              ///< only so many octets of the encoded frame
    bool compress = false;  ///< a whole message, deflated as negotiated; sets RSV1
    friend bool operator==(send_frame const&, send_frame const&) = default;
};

/// Send octets as they are.
struct send_octets {
    payload data;
    friend bool operator==(send_octets const&, send_octets const&) = default;
};

/// The head of the opening request or of its response: a correct one, edited. Fields named here are
/// compared without case. In every text marks such as {key} stand for what the run uses.
struct head_edit {
    std::optional<payload> raw;         ///< the whole head, instead of everything below
    payload before;                     ///< octets before the start line
    std::optional<payload> start_line;  ///< default: GET {target} HTTP/1.1, or the status line of 101
    std::vector<std::pair<std::string, std::vector<payload>>> set;  ///< values; one line for each
    std::vector<std::string> remove;
    std::vector<payload> first_lines;  ///< raw lines before the first field
    std::vector<payload> lines;        ///< raw lines behind the last field
    std::vector<std::string> order;    ///< these fields first, in this order
    std::string line_end = "\r\n";
    bool unfinished = false;  ///< the empty line is left out
    payload body;             ///< octets right behind the empty line
    bool go_on = false;       ///< do not wait for a response: next steps in the same flight
    friend bool operator==(head_edit const&, head_edit const&) = default;
};

/// Open the connection. A case without this step opens it with a correct request first.
struct open_step {
    head_edit request;
    friend bool operator==(open_step const&, open_step const&) = default;
};

/// Answer the opening request of a client. A case without this step answers it correctly first.
struct respond_step {
    head_edit response;
    friend bool operator==(respond_step const&, respond_step const&) = default;
};

/// A Ping with a nonce, and wait for its Pong: what was not answered before it never will be.
struct fence_step {
    friend bool operator==(fence_step const&, fence_step const&) = default;
};

/// Wait a time that comes from the measured round trip; ends early when the connection ends.
struct watch_step {
    friend bool operator==(watch_step const&, watch_step const&) = default;
};

/// Wait until it has come, the connection is closing or ended, or the time limit passed.
struct await_step {
    enum class what : std::uint8_t { echo, pong, close, end } for_what = what::echo;
    friend bool operator==(await_step const&, await_step const&) = default;
};

/// Half-close: FIN.
struct shutdown_step {
    friend bool operator==(shutdown_step const&, shutdown_step const&) = default;
};
/// Drop the connection with RST.
struct reset_step {
    friend bool operator==(reset_step const&, reset_step const&) = default;
};

using step = std::variant<send_frame, send_octets, open_step, respond_step, fence_step, watch_step, await_step,
                          shutdown_step, reset_step>;

/// What such a step opens the connection with; nothing for other steps.
head_edit const* head_of(step const& value) noexcept;

// ---- outcomes ----------------------------------------------------------------------------------

/// A data message. Without op and data: any.
struct see_message {
    std::optional<opcode> op;
    std::optional<payload> data;
    friend bool operator==(see_message const&, see_message const&) = default;
};
/// The echo of the next message that the case sent and that was not matched yet.
struct see_echo {
    friend bool operator==(see_echo const&, see_echo const&) = default;
};
/// A Pong: with this payload, or answering the next Ping of the case.
struct see_pong {
    std::optional<payload> data;
    friend bool operator==(see_pong const&, see_pong const&) = default;
};
/// The Pong of a fence. Fences are passed over unless an outcome mentions one.
struct see_fence {
    friend bool operator==(see_fence const&, see_fence const&) = default;
};
struct number_range {
    std::uint32_t first = 0, last = 0;
    friend bool operator==(number_range const&, number_range const&) = default;
};
/// A Close frame. Without any condition: every Close.
struct see_close {
    std::vector<number_range> codes;
    bool empty = false;  ///< one without a body matches too
    bool same = false;   ///< the code of the Close that the case sent matches too
    friend bool operator==(see_close const&, see_close const&) = default;
};
/// The end of the TCP stream.
struct see_end {
    enum class how : std::uint8_t { any, fin, reset } way = how::any;
    friend bool operator==(see_end const&, see_end const&) = default;
};
/// The time limit of an awaiting step passed.
struct see_silence {
    friend bool operator==(see_silence const&, see_silence const&) = default;
};
struct field_condition {
    std::string name;
    enum class test : std::uint8_t {
        present,
        absent,
        is,
        lists,
        matches_offer
    } what = test::present;
    std::string value;  ///< for is and lists
    friend bool operator==(field_condition const&, field_condition const&) = default;
};
/// The response to the opening request.
struct see_response {
    std::vector<number_range> status;  ///< none: any
    std::vector<field_condition> fields;
    /// true: a client must open, false: a client must fail the connection
    std::optional<bool> valid;
    bool flawless = false;  ///< and no rule for responses is broken at all
    friend bool operator==(see_response const&, see_response const&) = default;
};

/// The opening request of a client.
struct see_request {
    std::vector<field_condition> fields;
    std::optional<bool> valid;       ///< a correct server opens the connection, or has to refuse
    bool flawless = false;           ///< no rule for requests is broken at all
    std::vector<std::string> keeps;  ///< and none of these, by the names of rules/violation.hpp
    friend bool operator==(see_request const&, see_request const&) = default;
};

struct expectation {
    std::variant<see_message, see_echo, see_pong, see_fence, see_close, see_end, see_silence,
                 see_response, see_request>
        what;
    bool optional = false;  ///< may be missing
    friend bool operator==(expectation const&, expectation const&) = default;
};

/// Matches when the events are exactly these, in this order.
struct outcome {
    wsproof::grade grade = wsproof::grade::pass;
    std::vector<expectation> see;
    std::optional<unsigned> by;  ///< only events up to the end of this step (from 1) are looked at
    std::string because;         ///< required for every grade but pass
    friend bool operator==(outcome const&, outcome const&) = default;
};

// ---- the case ----------------------------------------------------------------------------------

/// How the octets of one flight are cut into writes.
struct segmentation {
    enum class kind : std::uint8_t { whole, frames, every, random, cut } how = kind::whole;
    /// For every: the size of a piece, 1 is octet by octet. For cut: the one cut of the connection
    /// comes behind so many octets; 0, of a run only: each case is played with every cut.
    std::uint32_t size = 0;
    friend bool operator==(segmentation const&, segmentation const&) = default;
};

/// As on the command line: whole, frames, octets, 997, random, cuts, cut:12.
std::string name_of(segmentation const& value);
std::optional<segmentation> parse_segmentation(std::string_view name);

/// What the player does behind the last step, if the connection still stands.
enum class ending : std::uint8_t {
    close,  ///< the closing handshake
    drop    ///< close TCP: the framing is out of step, or there is no WebSocket
};

struct test_case {
    std::string id;
    std::string title;
    std::vector<std::string> clauses;  ///< the first one is what a fail is held against
    wsproof::level level = wsproof::level::must;
    std::vector<role> roles;         ///< of the endpoint under test
    std::vector<std::string> needs;  ///< echo, deflate, subprotocol, … see corpus/README.md
    std::vector<std::string> tags;   ///< hostile, alone, harmful, …
    std::vector<std::string> autobahn;
    std::string note;   ///< where the verdict departs from Autobahn's, and why; may be empty
    std::string offer;   ///< value of Sec-WebSocket-Extensions in the request of the harness
    std::string answer;  ///< and in its response; empty: bare permessage-deflate where that is needed
    std::vector<step> steps;
    std::vector<outcome> outcomes;
    std::string outcome_list;  ///< the name of the list, where one was used
    wsproof::segmentation segmentation;
    wsproof::ending ending = wsproof::ending::close;

    bool has_tag(std::string_view tag) const noexcept;
    bool has_need(std::string_view need) const noexcept;

    friend bool operator==(test_case const&, test_case const&) = default;
};

}  // namespace wsproof
