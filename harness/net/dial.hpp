// Connects to a target: resolve, TCP or unix socket, TLS.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "net/stream.hpp"

namespace wsproof {

struct tls_settings {
    bool use = false;
    std::string server_name;   ///< for SNI and the check of the certificate
    std::string ca_file;       ///< PEM; empty: the system's trust store
    bool insecure = false;     ///< any certificate
    std::string certificate, private_key;  ///< PEM files of the client; empty: none
};

struct dial_settings {
    std::string host;          ///< name or address to connect to
    std::string port;
    std::string unix_path;     ///< when set, instead of host and port
    tls_settings tls;
    std::chrono::milliseconds limit{5000};  ///< for all of it
};

struct dial_result {
    std::shared_ptr<stream> connection;  ///< empty on failure
    std::string problem;                 ///< then why, in one sentence
    bool refused = false;                ///< nothing listens there
    bool hopeless = false;  ///< time does not mend it: the certificate is not trusted
};

/// Loads the certificates once; throws std::runtime_error with the file and the reason.
class dialer {
public:
    explicit dialer(dial_settings settings);
    ~dialer();
    dialer(dialer&&) noexcept;
    dialer& operator=(dialer&&) noexcept;

    dial_settings const& settings() const noexcept;
    /// The dialer must outlive the operation.
    asio::awaitable<dial_result> dial() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace wsproof
