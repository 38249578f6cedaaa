#pragma once
// For the tests of the reference server: a client on a blocking socket that sends any octets and
// shows what comes back. Every wait ends after ten seconds.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference-server/echo_server.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace wsproof::reference {

/// How the server's side of a connection ended.
enum class ending { fin, reset, still_open };

struct received_frame {
    unsigned first = 0;  ///< the first octet of the header
    std::string payload;

    unsigned opcode() const { return first & 0x0fU; }
    bool fin() const { return (first & 0x80U) != 0; }
    bool compressed() const { return (first & 0x40U) != 0; }
};

class raw_client {
public:
    static raw_client tcp(std::uint16_t port, bool small_buffers = false);
    /// `between` is called when the socket is there and not yet connected.
    static raw_client tcp(std::uint16_t port, std::function<void()> const& between);
    static raw_client tcp6(std::uint16_t port);
    static raw_client at(std::string const& unix_path);

    raw_client(raw_client&& other) noexcept;
    raw_client& operator=(raw_client&&) = delete;
    ~raw_client();

    bool start_tls(ssl_ctx_st* context);  ///< false when the handshake fails
    bool send(std::string_view octets);   ///< false when the connection is gone
    void shut_down_sending();

    std::string read_head();  ///< up to the empty line, or to the end
    std::string read_rest();  ///< to the end
    std::optional<received_frame> read_frame();
    std::optional<received_frame> read_message();  ///< fragments joined
    ending read_end();                             ///< drops octets until the connection ends

    /// 101 or what came instead; `fields` are whole lines without their ends.
    std::string shake_hands(std::string const& path = "/",
                            std::vector<std::string> const& fields = {});

private:
    explicit raw_client(int descriptor);
    bool fill();  ///< more octets into buffered_

    int descriptor_;
    ssl_st* tls_ = nullptr;
    std::string buffered_;
    ending end_ = ending::still_open;
};

std::string upgrade_request(std::string const& path = "/",
                            std::vector<std::string> const& fields = {});

/// A masked frame as a client sends it.
std::string frame(unsigned opcode, std::string_view payload = {}, bool fin = true,
                  unsigned reserved = 0);
/// The header of a masked frame that announces `length` octets.
std::string frame_header(unsigned opcode, std::uint64_t length, unsigned reserved = 0);
std::string close_frame(unsigned code, std::string_view reason = {});

/// The code of the Close frame that comes next, 0 for one without; nothing for anything else.
std::optional<unsigned> close_code_of(std::optional<received_frame> const& f);

/// True as soon as `condition` is; false after ten seconds.
bool eventually(std::function<bool()> const& condition);

/// A directory that is removed at the end.
class temporary_directory {
public:
    temporary_directory();
    ~temporary_directory();
    temporary_directory(temporary_directory const&) = delete;
    temporary_directory& operator=(temporary_directory const&) = delete;
    std::string file(std::string const& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

echo_options free_port();  ///< the defaults, with port 0 and a close timeout fit for tests

}  // namespace wsproof::reference
