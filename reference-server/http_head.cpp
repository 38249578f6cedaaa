#include "reference-server/http_head.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>

namespace wsproof::reference {

namespace {

namespace http = boost::beast::http;
using parser = http::request_parser<http::empty_body>;

refusal why_not(error_code failed, bool in_first_line) {
    if (failed == http::error::header_limit) {
        if (in_first_line) return {414, "The request target is too long.", {}};
        return {431, "The head of the request is too long.", {}};
    }
    if (failed == http::error::bad_version) return {505, "This server speaks HTTP/1.1.", {}};
    return {400, "Not an HTTP request: " + failed.message() + ".", {}};
}

// RFC 9112 section 2.2: empty lines before the request line are to be ignored; Beast refuses them.
void drop_empty_lines(std::string& octets) {
    while (octets.starts_with("\r\n")) octets.erase(0, 2);
}

// Gives the parser what there is. True when it needs more; whatever it took is gone from `octets`.
bool needs_more(parser& p, std::string& octets, error_code& failed) {
    failed = {};
    if (octets.empty() || octets == "\r") return true;
    octets.erase(0, p.put(boost::asio::buffer(octets), failed));
    if (failed != http::error::need_more) return false;
    failed = {};
    return true;
}

}  // namespace

task<head_result> read_head(peer_stream peer, std::size_t limit) {
    head_result result;
    parser p;
    p.header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(limit, 1U << 30U)));
    std::string octets;
    std::array<char, 4096> chunk;
    error_code failed;
    while (needs_more(p, octets, failed)) {
        auto [ended, n] = co_await peer.async_read_some(asio::buffer(chunk), no_throw);
        if (ended) {
            if (peer.timed_out() && (p.got_some() || !octets.empty()))
                result.refused = refusal{408, "The request did not come in time.", {}};
            co_return result;
        }
        octets.append(chunk.data(), n);
        if (!p.got_some()) drop_empty_lines(octets);
    }
    if (failed) {
        result.refused = why_not(failed, p.get().target().empty());
    } else {
        result.head = p.release().base();
        result.rest = std::move(octets);
    }
    co_return result;
}

task<void> refuse(peer_stream peer, refusal r, bool with_body) {
    auto const text = write_refusal(r, with_body);
    co_await asio::async_write(peer, asio::buffer(text), no_throw);
}

}  // namespace wsproof::reference
