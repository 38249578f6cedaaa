#pragma once
// The reference server: echo, chat and upload over WebSocket, built on Boost.Beast and OpenSSL and
// on nothing of the harness, so that what both agree about has two witnesses.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace wsproof {

struct echo_options {
    std::string address = "127.0.0.1";  ///< numeric or a name; the first address found is taken
    std::uint16_t port = 8080;          ///< 0: any free port, told by echo_server::port()
    std::string unix_path;              ///< when set: listen on this unix socket instead
    bool deflate = true;                ///< permessage-deflate is accepted when offered

    std::string certificate;  ///< PEM file with the chain; with private_key: serve TLS
    std::string private_key;  ///< PEM file
    std::string client_ca;    ///< PEM file; when set, a client certificate from it is demanded

    std::uint64_t message_limit = 64U << 20U;  ///< of a reassembled, inflated message: else 1009
    std::size_t connection_limit = 1024;       ///< further clients get 503
    std::size_t header_limit = 16U << 10U;     ///< of a request's head: else 414 or 431

    std::chrono::milliseconds handshake_timeout{10'000};  ///< TLS, request and response together
    std::chrono::milliseconds idle_timeout{0};            ///< no octet either way: 1001; 0: never
    std::chrono::milliseconds close_timeout{5'000};       ///< for the peer's Close and its FIN

    std::vector<std::string> subprotocols;     ///< in the server's preference
    std::vector<std::string> allowed_origins;  ///< empty: any; a request without Origin passes
};

/// Serves on one thread: `/` and `/echo` send each message back, `/chat` sends it to every chat
/// client, `/upload` digests files (README.md has the details).
class echo_server {
public:
    /// Binds and listens, so that connections are queued from here on. Throws std::runtime_error
    /// with a sentence for the user when the address, a certificate or an option is no good.
    explicit echo_server(echo_options options);
    ~echo_server();  ///< stop()
    echo_server(echo_server const&) = delete;
    echo_server& operator=(echo_server const&) = delete;

    std::uint16_t port() const;  ///< 0 for a unix socket
    void start();                ///< serves on a thread of its own
    /// Instead of start(): serves here until stop(), SIGINT or SIGTERM; `ready` is called when
    /// those signals are caught.
    void run(std::function<void()> const& ready = {});

    /// Sends Close 1001 to all, waits for them a little (at most one second and close_timeout),
    /// closes what is left, and returns when nothing runs any more. From any thread; idempotent.
    void stop();

    std::size_t connections() const;  ///< open now, those still in their handshake included

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace wsproof
