#include "reference-server/echo_listener.hpp"

#include <openssl/ssl.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/system/system_error.hpp>
#include <cstring>
#include <stdexcept>
#include <string>

namespace wsproof::reference {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using endpoint = asio::generic::stream_protocol::endpoint;
using unix_protocol = asio::local::stream_protocol;

[[noreturn]] void cannot(std::string const& what, boost::system::error_code const& why) {
    throw std::runtime_error("cannot " + what + ": " + why.message());
}

endpoint tcp_endpoint(asio::io_context& io, echo_options const& options) {
    boost::system::error_code failed;
    tcp::resolver resolver{io};
    auto const found = resolver.resolve(options.address, std::to_string(options.port),
                                        tcp::resolver::passive, failed);
    if (failed) cannot("find the address " + options.address, failed);
    return found.begin()->endpoint();
}

// A socket file outlives its server. One that still answers is in use; anything else that is a
// socket is left over.
void remove_stale_socket(asio::io_context& io, std::string const& path) {
    boost::system::error_code failed;
    unix_protocol::socket probe{io};
    probe.connect(unix_protocol::endpoint{path}, failed);
    if (failed == asio::error::connection_refused) ::unlink(path.c_str());
}

endpoint unix_endpoint(asio::io_context& io, echo_options const& options) {
    if (options.unix_path.size() >= sizeof(sockaddr_un::sun_path))
        throw std::runtime_error("the unix socket path is too long: " + options.unix_path);
    remove_stale_socket(io, options.unix_path);
    return unix_protocol::endpoint{options.unix_path};
}

std::string place(echo_options const& options) {
    if (!options.unix_path.empty()) return options.unix_path;
    return options.address + " port " + std::to_string(options.port);
}

template <class Load>
void load(Load&& step, std::string const& what) {
    boost::system::error_code failed;
    step(failed);
    if (failed) cannot(what, failed);
}

}  // namespace

echo_acceptor listen_at(asio::io_context& io, echo_options const& options) {
    bool const is_unix = !options.unix_path.empty();
    auto const where = is_unix ? unix_endpoint(io, options) : tcp_endpoint(io, options);
    echo_acceptor acceptor{io};
    boost::system::error_code failed;
    acceptor.open(where.protocol(), failed);
    if (!failed && !is_unix) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
    if (!failed) acceptor.bind(where, failed);
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) cannot("listen at " + place(options), failed);
    return acceptor;
}

std::uint16_t port_of(echo_acceptor const& acceptor) {
    auto const bound = acceptor.local_endpoint();
    if (bound.protocol().family() == AF_UNIX) return 0;
    tcp::endpoint as_tcp;
    std::memcpy(as_tcp.data(), bound.data(), bound.size());
    as_tcp.resize(bound.size());
    return as_tcp.port();
}

std::optional<asio::ssl::context> load_tls(echo_options const& options) {
    if (options.certificate.empty() != options.private_key.empty())
        throw std::runtime_error("TLS takes both a certificate and its private key");
    if (options.certificate.empty()) {
        if (options.client_ca.empty()) return std::nullopt;
        throw std::runtime_error("client certificates take a server certificate as well");
    }
    asio::ssl::context tls{asio::ssl::context::tls_server};
    using error_code = boost::system::error_code;
    SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_options(tls.native_handle(), SSL_OP_NO_RENEGOTIATION);
    // No resumption: a ticket sent to a client that is gone already would come back as RST.
    SSL_CTX_set_num_tickets(tls.native_handle(), 0);
    SSL_CTX_set_session_cache_mode(tls.native_handle(), SSL_SESS_CACHE_OFF);
    load([&](error_code& ec) { tls.use_certificate_chain_file(options.certificate, ec); },
         "read the certificate " + options.certificate);
    load(
        [&](error_code& ec) {
            tls.use_private_key_file(options.private_key, asio::ssl::context::pem, ec);
        },
        "use the private key " + options.private_key);
    if (!options.client_ca.empty()) {
        load([&](error_code& ec) { tls.load_verify_file(options.client_ca, ec); },
             "read the client CA " + options.client_ca);
        tls.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    }
    return tls;
}

}  // namespace wsproof::reference
