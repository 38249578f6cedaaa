// A connected byte stream, whatever lies beneath: TCP, a unix socket, TLS over either.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "net/asio.hpp"
#include "wire/bytes.hpp"

namespace wsproof {

struct read_result {
    error_code error;
    std::size_t size = 0;
};

class stream {
public:
    virtual ~stream() = default;
    /// One read at a time, one write at a time; both may be under way together.
    virtual asio::awaitable<read_result> read_some(std::span<std::uint8_t> into) = 0;
    virtual asio::awaitable<error_code> write(octets_view data) = 0;
    /// FIN; reading goes on.
    virtual void shutdown_send() = 0;
    /// The next close() sends RST.
    virtual void reset_on_close() = 0;
    /// Why TLS broke the stream, as far as it says so; empty if it did not.
    virtual std::string problem() const { return ""; }
    /// Ends all operations at once.
    virtual void close() = 0;
};

/// Did the peer end the stream in order, by this error of a read?
bool is_orderly_end(error_code const& error) noexcept;

}  // namespace wsproof
