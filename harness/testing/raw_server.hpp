// A TCP server on a free port of 127.0.0.1 that treats each connection as a function says: for
// peers that speak no HTTP, stay silent, flood, or die.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "wire/handshake.hpp"

namespace wsproof::testing {

using raw_socket = boost::asio::ip::tcp::socket;

class raw_server {
public:
    /// Called with the number of the connection, from 0, on a thread of its own.
    using behaviour = std::function<void(raw_socket&, int)>;

    explicit raw_server(behaviour act)
        : acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}), act_(std::move(act)) {
        port_ = acceptor_.local_endpoint().port();
        thread_ = std::thread([this] { serve(); });
    }
    ~raw_server() {
        stopping_ = true;
        boost::system::error_code ignored;
        raw_socket waker(context_);  // ends the accept() that waits
        waker.connect({boost::asio::ip::address_v4::loopback(), port_}, ignored);
        thread_.join();
        for (auto& worker : workers_) worker.join();
    }

    std::string url(std::string const& path = "/") const { return "ws://127.0.0.1:" + std::to_string(port_) + path; }
    /// No further connection is accepted: the process "died".
    void die() { dead_ = true; }

private:
    void serve() {
        for (int number = 0; !stopping_ && !dead_; ++number) {
            auto socket = std::make_shared<raw_socket>(context_);
            boost::system::error_code error;
            acceptor_.accept(*socket, error);
            if (error || stopping_) break;
            workers_.emplace_back([this, socket, number] {
                act_(*socket, number);
                boost::system::error_code ignored;
                socket->close(ignored);
            });
        }
        boost::system::error_code ignored;
        acceptor_.close(ignored);
    }

    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    behaviour act_;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopping_ = false, dead_ = false;
    std::thread thread_;
    std::vector<std::thread> workers_;
};

/// Reads a request and answers it correctly; false when the peer went away.
inline bool open_websocket(raw_socket& socket) {
    boost::system::error_code error;
    boost::asio::streambuf buffer(64 * 1024);
    auto const size = boost::asio::read_until(socket, buffer, "\r\n\r\n", error);
    if (error) return false;
    octets request(boost::asio::buffers_begin(buffer.data()),
                   boost::asio::buffers_begin(buffer.data()) + static_cast<std::ptrdiff_t>(size));
    auto const parsed = parse_head(request, request.size() + 1);
    auto const* head = std::get_if<http_head>(&parsed);
    if (head == nullptr) return false;
    auto const key = head->value("Sec-WebSocket-Key").value_or("");
    auto const response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: " + accept_key(key) + "\r\n\r\n";
    boost::asio::write(socket, boost::asio::buffer(response), error);
    return !error;
}

/// Reads until the peer goes away.
inline void read_all(raw_socket& socket) {
    boost::system::error_code error;
    std::array<char, 4096> into{};
    while (!error) socket.read_some(boost::asio::buffer(into), error);
}

}  // namespace wsproof::testing
