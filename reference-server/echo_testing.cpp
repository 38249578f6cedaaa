#include "reference-server/echo_testing.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <utility>

namespace wsproof::reference {

namespace {

constexpr std::array<unsigned char, 4> mask{0x11, 0x5a, 0xc3, 0x7e};

int new_socket(int family) {
    int const descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) throw std::runtime_error("socket: " + std::string{std::strerror(errno)});
    timeval const limit{10, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    return descriptor;
}

void connect_to(int descriptor, void const* address, std::size_t size) {
    auto const* where = static_cast<sockaddr const*>(address);
    if (::connect(descriptor, where, static_cast<socklen_t>(size)) != 0)
        throw std::runtime_error("connect: " + std::string{std::strerror(errno)});
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void append_number(std::string& out, std::uint64_t value, unsigned octets) {
    for (unsigned shift = octets * 8; shift > 0; shift -= 8)
        out += static_cast<char>(value >> (shift - 8) & 0xffU);
}

}  // namespace

raw_client::raw_client(int descriptor) : descriptor_(descriptor) {}

raw_client::raw_client(raw_client&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      tls_(std::exchange(other.tls_, nullptr)),
      buffered_(std::move(other.buffered_)),
      end_(other.end_) {}

raw_client::~raw_client() {
    if (tls_ != nullptr) SSL_free(tls_);
    if (descriptor_ >= 0) ::close(descriptor_);
}

raw_client raw_client::tcp(std::uint16_t port, bool small_buffers) {
    raw_client client{new_socket(AF_INET)};
    int const small = 4096;
    if (small_buffers)
        ::setsockopt(client.descriptor_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    auto const address = loopback(port);
    connect_to(client.descriptor_, &address, sizeof address);
    return client;
}

raw_client raw_client::tcp(std::uint16_t port, std::function<void()> const& between) {
    raw_client client{new_socket(AF_INET)};
    between();
    auto const address = loopback(port);
    connect_to(client.descriptor_, &address, sizeof address);
    return client;
}

raw_client raw_client::tcp6(std::uint16_t port) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    address.sin6_addr = in6addr_loopback;
    raw_client client{new_socket(AF_INET6)};
    connect_to(client.descriptor_, &address, sizeof address);
    return client;
}

raw_client raw_client::at(std::string const& unix_path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    unix_path.copy(address.sun_path, sizeof address.sun_path - 1);
    raw_client client{new_socket(AF_UNIX)};
    connect_to(client.descriptor_, &address, sizeof address);
    return client;
}

bool raw_client::start_tls(ssl_ctx_st* context) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes with write()
    tls_ = SSL_new(context);
    SSL_set_fd(tls_, descriptor_);
    return SSL_connect(tls_) == 1;
}

bool raw_client::send(std::string_view octets) {
    if (tls_ != nullptr) return SSL_write(tls_, octets.data(), static_cast<int>(octets.size())) > 0;
    while (!octets.empty()) {
        auto const n = ::send(descriptor_, octets.data(), octets.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        octets.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

void raw_client::shut_down_sending() { ::shutdown(descriptor_, SHUT_WR); }

bool raw_client::fill() {
    std::array<char, 16384> chunk;
    auto const n = tls_ != nullptr
                       ? ssize_t{SSL_read(tls_, chunk.data(), static_cast<int>(chunk.size()))}
                       : ::recv(descriptor_, chunk.data(), chunk.size(), 0);
    if (n > 0) {
        buffered_.append(chunk.data(), static_cast<std::size_t>(n));
        return true;
    }
    bool const clean = tls_ != nullptr
                           ? SSL_get_error(tls_, static_cast<int>(n)) == SSL_ERROR_ZERO_RETURN
                           : n == 0;
    if (clean) end_ = ending::fin;
    if (!clean && errno == ECONNRESET) end_ = ending::reset;
    return false;
}

std::string raw_client::read_head() {
    std::size_t end = buffered_.find("\r\n\r\n");
    while (end == std::string::npos && fill()) end = buffered_.find("\r\n\r\n");
    auto const size = end == std::string::npos ? buffered_.size() : end + 4;
    auto head = buffered_.substr(0, size);
    buffered_.erase(0, size);
    return head;
}

std::string raw_client::read_rest() {
    while (fill()) {
    }
    return std::exchange(buffered_, {});
}

std::optional<received_frame> raw_client::read_frame() {
    auto const have = [&](std::size_t n) {
        while (buffered_.size() < n)
            if (!fill()) return false;
        return true;
    };
    auto const octet = [&](std::size_t i) { return static_cast<unsigned char>(buffered_[i]); };
    if (!have(2)) return std::nullopt;
    std::uint64_t length = octet(1);
    std::size_t header = 2;
    if (length >= 126) {
        header += length == 126 ? 2 : 8;
        if (!have(header)) return std::nullopt;
        length = 0;
        for (std::size_t i = 2; i < header; ++i) length = length << 8U | octet(i);
    }
    if (!have(header + length)) return std::nullopt;
    received_frame f{octet(0), buffered_.substr(header, length)};
    buffered_.erase(0, header + length);
    return f;
}

std::optional<received_frame> raw_client::read_message() {
    auto whole = read_frame();
    while (whole && !whole->fin()) {
        auto const next = read_frame();
        if (!next) return std::nullopt;
        whole->payload += next->payload;
        whole->first |= next->first & 0x80U;
    }
    return whole;
}

ending raw_client::read_end() {
    read_rest();
    int error = 0;  // RST behind FIN shows here only
    socklen_t size = sizeof error;
    ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
    return error != 0 ? ending::reset : end_;
}

std::string raw_client::shake_hands(std::string const& path,
                                    std::vector<std::string> const& fields) {
    send(upgrade_request(path, fields));
    return read_head();
}

std::string upgrade_request(std::string const& path, std::vector<std::string> const& fields) {
    std::string text = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" +
                       "Upgrade: websocket\r\nConnection: Upgrade\r\n" +
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                       "Sec-WebSocket-Version: 13\r\n";
    for (auto const& field : fields) text += field + "\r\n";
    return text + "\r\n";
}

std::string frame_header(unsigned opcode, std::uint64_t length, unsigned reserved) {
    std::string header{static_cast<char>(0x80U | reserved << 4U | opcode)};
    if (length < 126) {
        header += static_cast<char>(0x80U | length);
    } else {
        bool const two = length < 65536;
        header += static_cast<char>(0x80U | (two ? 126U : 127U));
        append_number(header, length, two ? 2 : 8);
    }
    header.append(reinterpret_cast<char const*>(mask.data()), mask.size());
    return header;
}

std::string frame(unsigned opcode, std::string_view payload, bool fin, unsigned reserved) {
    auto octets = frame_header(opcode, payload.size(), reserved);
    if (!fin) octets[0] = static_cast<char>(static_cast<unsigned char>(octets[0]) & 0x7fU);
    for (std::size_t i = 0; i < payload.size(); ++i)
        octets += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask[i % 4]);
    return octets;
}

std::string close_frame(unsigned code, std::string_view reason) {
    std::string body;
    append_number(body, code, 2);
    return frame(8, body.append(reason));
}

std::optional<unsigned> close_code_of(std::optional<received_frame> const& f) {
    if (!f || f->first != 0x88) return std::nullopt;
    if (f->payload.size() < 2) return 0;
    return static_cast<unsigned>(static_cast<unsigned char>(f->payload[0])) << 8U |
           static_cast<unsigned char>(f->payload[1]);
}

bool eventually(std::function<bool()> const& condition) {
    auto const limit = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!condition()) {
        if (std::chrono::steady_clock::now() > limit) return false;
        std::this_thread::yield();
    }
    return true;
}

temporary_directory::temporary_directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "wsproof-").string();
    pattern.append(6, 'X');
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = pattern;
}

temporary_directory::~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

echo_options free_port() {
    echo_options options;
    options.port = 0;
    options.close_timeout = std::chrono::milliseconds{300};
    return options;
}

}  // namespace wsproof::reference
