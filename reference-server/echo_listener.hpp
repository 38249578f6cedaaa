#pragma once
// What a server needs before it can serve: a listening socket and, for TLS, its certificates.
// Whatever fails is a std::runtime_error with a sentence for the user.

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <optional>

#include "reference-server/echo_server.hpp"

namespace wsproof::reference {

using echo_acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

/// A unix socket that nobody listens on any more is replaced.
echo_acceptor listen_at(boost::asio::io_context& io, echo_options const& options);

std::uint16_t port_of(echo_acceptor const& acceptor);  ///< 0 for a unix socket

std::optional<boost::asio::ssl::context> load_tls(echo_options const& options);

}  // namespace wsproof::reference
