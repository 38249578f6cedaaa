// Where a run goes to: from the URL and the options to what dial and player need.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "cases/loader.hpp"
#include "net/dial.hpp"
#include "play/script.hpp"

namespace wsproof {

struct target_options {
    std::string url;          ///< ws://, wss://, with path and query; user:password become Basic credentials
    std::string unix_socket;  ///< connect to this path, whatever the URL says
    std::string connect_to;   ///< HOST:PORT to connect to instead
    std::string host;         ///< value of Host instead of the URL's authority
    std::string origin;
    std::string subprotocol;  ///< value of Sec-WebSocket-Protocol
    std::vector<std::string> headers;  ///< "Name: value"
    std::string ca_file, certificate, private_key, server_name;
    bool insecure = false;
    std::chrono::milliseconds limit{5000};
};

struct target {
    dial_settings dial;
    request_settings request;
    std::string shown;  ///< the URL without credentials
    std::vector<std::string> secrets;  ///< values of fields that must not stand in a report
};

/// Mistakes name the option they are in as `file`.
target make_target(target_options const& options, std::vector<diagnostic>& mistakes);

/// The URL, or what was meant to be one, with *** instead of user and password.
std::string without_credentials(std::string url);

/// A TCP port of 127.0.0.1 that nobody listens on right now.
std::uint16_t free_port();

}  // namespace wsproof
