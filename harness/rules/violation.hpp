// The rules that a peer can break on the wire, in one table: name, clause, level, text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "rules/level.hpp"

namespace wsproof {

enum class rule : std::uint8_t {
    // frames, RFC 6455 section 5
    masked_by_server,
    unmasked_by_client,
    mask_key_reused,
    mask_key_predictable,
    undefined_rsv,
    reserved_opcode,
    length_not_shortest,
    length_top_bit,
    control_too_long,
    control_fragmented,
    stray_continuation,
    new_message_inside,
    invalid_utf8,
    frame_after_close,
    // the Close frame, 5.5.1 and 7.4
    close_one_octet,
    close_code_not_sendable,
    close_reason_utf8,
    server_sends_1010,
    // permessage-deflate, RFC 7692
    rsv1_on_control,
    rsv1_on_continuation,
    deflate_corrupt,
    deflate_unfinished,
    // the response to the opening request, RFC 6455 4.2.2
    response_grammar,
    response_status_line,
    response_no_upgrade,
    response_no_connection,
    response_accept_missing,
    response_accept_wrong,
    response_accept_repeated,
    response_protocol_unrequested,
    response_protocol_repeated,
    response_protocol_not_token,
    response_extension_grammar,
    response_extension_unrequested,
    response_deflate_parameters,
    response_has_length,
    response_has_transfer_encoding,
    // the opening request, RFC 6455 4.1
    request_grammar,
    request_line,
    request_host,
    request_host_repeated,
    request_upgrade,
    request_connection,
    request_key_missing,
    request_key_repeated,
    request_key_size,
    request_version_missing,
    request_version_wrong,
    request_version_repeated,
    request_protocol_not_token,
    request_protocol_repeated,
    request_extension_grammar,
    request_deflate_offer,
    request_body
};

struct rule_info {
    rule id;
    std::string_view name;    ///< short, for reports
    std::string_view clause;  ///< id in corpus/requirements
    wsproof::level level;
    bool fatal;  ///< a correct peer fails the connection over it
    std::string_view text;
};

rule_info const& info_of(rule id) noexcept;
std::span<rule_info const> all_rules() noexcept;

struct violation {
    rule what;
    std::string detail;  ///< the values seen; may hold any octets of the peer
};

}  // namespace wsproof
