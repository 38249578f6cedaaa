#include "reports/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <ranges>

#include "play/event.hpp"
#include "reports/escape.hpp"
#include "reports/words.hpp"
#include "wire/close.hpp"
#include "wire/frame_reader.hpp"

namespace wsproof {
namespace {

constexpr std::size_t head_limit = 1024 * 1024;
constexpr std::size_t shown_octets = 60;

/// One direction: all its octets, and which entry brought which of them.
class stream {
public:
    stream(trace const& from, trace_entry::kind kind) {
        for (std::size_t i = 0; i < from.entries.size(); ++i) {
            auto const& entry = from.entries[i];
            if (entry.what != kind || entry.data.empty()) continue;
            append(data_, entry.data);
            ends_.push_back({data_.size(), i});
        }
    }

    octets_view rest() const noexcept { return octets_view(data_).subspan(taken_); }
    std::size_t offset() const noexcept { return taken_; }

    /// Takes `size` octets; the entry that holds the last of them.
    std::size_t take(std::size_t size) {
        taken_ += size;
        auto const end = std::ranges::lower_bound(ends_, taken_, {}, &piece_end::offset);
        return end == ends_.end() ? 0 : end->entry;
    }

private:
    struct piece_end {
        std::size_t offset, entry;
    };
    octets data_;
    std::vector<piece_end> ends_;
    std::size_t taken_ = 0;
};

// RFC 9112 6.2: so many octets behind a request are its body, and no frames.
std::size_t body_size(http_head const& head) {
    auto const text = head.value("Content-Length").value_or("");
    std::size_t size = 0;
    auto const* const end = text.data() + text.size();
    auto const result = std::from_chars(text.data(), end, size);
    return result.ec == std::errc{} && result.ptr == end ? size : 0;
}

class direction {
public:
    direction(trace const& from, bool from_peer, std::size_t most_frames)
        : most_frames_(most_frames), stream_(from, from_peer ? trace_entry::kind::received : trace_entry::kind::sent),
          from_peer_(from_peer),
          requests_((from.peer == role::client) == from_peer) {}

    void decode(std::vector<exchange_item>& out) {
        if (read_heads(out)) read_frames(out);
        take_plain(stream_.rest().size(), out);
    }

private:
    using content = decltype(exchange_item::what);

    void emit(std::size_t size, content what, std::vector<exchange_item>& out) {
        exchange_item item{0, from_peer_, stream_.offset(), std::move(what)};
        item.entry = stream_.take(size);
        out.push_back(std::move(item));
    }

    void take_plain(std::size_t size, std::vector<exchange_item>& out) {
        if (size == 0) return;
        auto const data = stream_.rest().first(size);
        emit(size, plain_octets{{data.begin(), data.end()}}, out);
    }

    /// True when frames follow.
    bool read_heads(std::vector<exchange_item>& out) {
        skip_empty_lines(out);
        while (true) {
            auto parsed = parse_head(stream_.rest(), head_limit);
            auto* const head = std::get_if<http_head>(&parsed);
            if (head == nullptr) return false;
            auto const status = parse_status_line(head->start_line);
            if (!requests_ && !status) return false;
            auto const size = head->raw.size();
            auto const body = body_size(*head);
            emit(size, std::move(*head), out);
            if (requests_) {
                take_plain(std::min(body, stream_.rest().size()), out);
                return true;
            }
            if (status->status == 101) return true;
            // RFC 9110 15.2: the final response follows an interim one
            if (status->status < 100 || status->status > 199) return false;
        }
    }

    // RFC 9112 2.2: a server passes over empty lines before the request line
    void skip_empty_lines(std::vector<exchange_item>& out) {
        if (!requests_) return;
        auto const all = stream_.rest();
        auto const first =
            std::ranges::find_if(all, [](auto octet) { return octet != '\r' && octet != '\n'; });
        take_plain(static_cast<std::size_t>(first - all.begin()), out);
    }

    void read_frames(std::vector<exchange_item>& out) {
        auto const all = stream_.rest();
        frame_reader reader(all.size());
        reader.feed(all);
        std::size_t number = 0;
        for (std::uint64_t before = 0; auto read = reader.next(); before = reader.offset()) {
            if (++number > most_frames_) return emit(stream_.rest().size(), further_octets{stream_.rest().size()}, out);
            emit(static_cast<std::size_t>(reader.offset() - before), std::move(*read), out);
        }
        auto const rest = stream_.rest();
        if (rest.empty()) return;
        unfinished_frame last{reader.partial(), {rest.begin(), rest.end()}};
        emit(rest.size(), std::move(last), out);
    }

    std::size_t most_frames_;
    stream stream_;
    bool from_peer_;
    bool requests_;  // a request comes first in this direction
};

std::string payload_in_words(frame const& f) {
    if (f.payload.empty()) return {};
    if (f.header.op == opcode::close) {
        auto const body = parse_close(f.payload);
        if (!body.malformed && body.code) {
            auto text = fmt::format(": {}", *body.code);
            if (auto const meaning = meaning_of(*body.code); !meaning.empty())
                text += fmt::format(" ({})", meaning);
            if (!body.reason.empty()) text += " " + describe_octets(body.reason, shown_octets);
            return text;
        }
    }
    return ": " + describe_octets(f.payload, shown_octets);
}

std::string header_in_words(frame_header const& header) {
    auto out = is_reserved(header.op)
                   ? fmt::format("opcode {} (reserved)", static_cast<unsigned>(header.op))
                   : std::string(name_of(header.op));
    out += header.fin ? ", FIN" : ", no FIN";
    if ((header.rsv & rsv1) != 0) out += ", RSV1";
    if ((header.rsv & rsv2) != 0) out += ", RSV2";
    if ((header.rsv & rsv3) != 0) out += ", RSV3";
    out += header.mask ? ", masked " + to_hex(*header.mask) : ", not masked";
    static constexpr int bits[] = {7, 16, 64};
    out += fmt::format(", length {} in {} bits", header.length,
                       bits[static_cast<std::size_t>(header.form)]);
    return out;
}

struct describer {
    std::string operator()(http_head const& head) const {
        return describe_octets(view_of(head.start_line), 200) + ", " +
               counted(head.fields.size(), "field");
    }
    std::string operator()(frame const& f) const {
        return header_in_words(f.header) + payload_in_words(f);
    }
    std::string operator()(unfinished_frame const& part) const {
        if (!part.header) return "start of a frame header: " + to_hex(part.seen);
        octets header;
        write_header(*part.header, header);
        return fmt::format("{}; only {} of the payload", header_in_words(*part.header),
                           counted(part.seen.size() - header.size(), "octet"));
    }
    std::string operator()(plain_octets const& plain) const {
        return counted(plain.data.size(), "octet") +
               " outside of any frame: " + describe_octets(plain.data, shown_octets);
    }
    std::string operator()(further_octets const& rest) const {
        return counted(static_cast<std::size_t>(rest.size), "octet") + " of further frames";
    }
};

}  // namespace

std::vector<exchange_item> decode_exchange(trace const& happened, std::size_t most_frames) {
    std::vector<exchange_item> sent, received, out;
    direction(happened, false, most_frames).decode(sent);
    direction(happened, true, most_frames).decode(received);
    out.reserve(sent.size() + received.size());
    // no entry holds octets of both directions, so this is the order of the trace
    auto const as_moved = [](std::vector<exchange_item>& list) {
        return std::ranges::subrange(std::move_iterator(list.begin()),
                                     std::move_iterator(list.end()));
    };
    std::ranges::merge(as_moved(sent), as_moved(received), std::back_inserter(out), {},
                       &exchange_item::entry, &exchange_item::entry);
    return out;
}

std::string in_words(exchange_item const& item) {
    return escape_terminal(std::visit(describer{}, item.what));
}

}  // namespace wsproof
