#include "reference-server/faulty_peer_heads.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace wsproof::faulty {

namespace {

/// Takes the indentation away from the first field line, or from all lines behind it.
octets without_indentation(octets_view raw, bool of_first_field) {
    octets out;
    std::size_t line = 0;
    bool at_start = false;
    for (auto const octet : raw) {
        bool const blank = octet == ' ' || octet == '\t';
        if (at_start && blank && (line == 1) == of_first_field) continue;
        at_start = octet == '\n';
        if (at_start) ++line;
        out.push_back(octet);
    }
    return out;
}

octets with_line_ends_for_nul(octets_view raw) {
    octets out;
    for (auto const octet : raw) {
        if (octet == 0) {
            append(out, "\r\n");
        } else {
            out.push_back(octet);
        }
    }
    return out;
}

http_head read_again(octets_view raw, http_head const& otherwise) {
    auto parsed = parse_head(raw, max_head);
    auto* const head = std::get_if<http_head>(&parsed);
    return head != nullptr ? std::move(*head) : otherwise;
}

void tolerate(http_head& head, head_defect defect) {
    std::erase_if(head.flaws, [defect](head_flaw const& flaw) { return flaw.defect == defect; });
}

void cut_at_nul(http_head& head) {
    for (auto& [name, value] : head.fields) value.resize(std::min(value.size(), value.find('\0')));
}

bool in_usual_spelling(header_field const& field) {
    return std::ranges::none_of(field::all, [&field](std::string_view name) {
        return same_name(name, field.name) && name != field.name;
    });
}

void keep_first(http_head& head, std::string_view name) {
    bool seen = false;
    std::erase_if(head.fields, [&seen, name](header_field const& field) {
        return same_name(field.name, name) && std::exchange(seen, true);
    });
}

}  // namespace

octets with_whole_line_ends(octets_view raw) {
    octets out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        out.push_back(raw[i]);
        if (raw[i] != '\r') continue;
        // at the end, LF may still come; behind another CR it ends an empty line all the same
        bool const ends = i + 1 < raw.size() ? raw[i + 1] != '\n' : i > 0 && raw[i - 1] == '\r';
        if (ends) out.push_back('\n');
    }
    return out;
}

http_head head_as_read(fault kind, http_head const& given) {
    auto head = given;
    switch (kind) {
        case fault::accepts_space_before_colon:
            tolerate(head, head_defect::space_before_colon);
            break;
        case fault::nul_ends_value:
            tolerate(head, head_defect::nul_octet);
            cut_at_nul(head);
            break;
        case fault::nul_ends_line:
            return read_again(with_line_ends_for_nul(given.raw), given);
        case fault::bare_cr_ends_line:
            return read_again(with_whole_line_ends(given.raw), given);
        case fault::accepts_bare_line_feed:
            tolerate(head, head_defect::bare_line_feed);
            break;
        case fault::joins_folded_lines:
            tolerate(head, head_defect::folded_line);
            break;
        case fault::echoes_subprotocol_header:
        case fault::echoes_extensions_header:
            // what is sent back unread is not looked at for control characters either
            tolerate(head, head_defect::control_in_value);
            break;
        case fault::fold_as_new_field:
            return read_again(without_indentation(given.raw, false), given);
        case fault::space_line_as_first_field:
            return read_again(without_indentation(given.raw, true), given);
        case fault::field_name_case_sensitive:
            std::erase_if(head.fields, [](header_field const& f) { return !in_usual_spelling(f); });
            break;
        case fault::only_first_connection_line:
            keep_first(head, field::connection);
            break;
        case fault::accepts_two_hosts:
            keep_first(head, field::host);
            break;
        case fault::accepts_two_keys:
            keep_first(head, field::key);
            break;
        default:
            break;
    }
    return head;
}

}  // namespace wsproof::faulty
