// A server with one named fault, as a process of its own: what can crash, and what can be started
// behind `wsproof test --`. Usage: faulty_peer PORT FAULT
#include <sys/prctl.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <thread>

#include "reference-server/faulty_peer.hpp"

namespace {

using namespace wsproof;
using boost::asio::ip::tcp;

[[noreturn]] void crash() {
    ::prctl(PR_SET_DUMPABLE, 0);  // without a core file
    std::cerr << "faulty_peer: these are my last words" << std::endl;
    std::abort();
}

void serve(tcp::socket socket, fault kind) {
    faulty_peer peer(role::server, kind);
    boost::system::error_code error;
    std::array<std::uint8_t, 16384> into{};
    while (!error) {
        auto const size = socket.read_some(boost::asio::buffer(into), error);
        if (size > 0) peer.on_octets(octets_view(into.data(), size));
        if (error) peer.on_end();
        boost::system::error_code written;
        boost::asio::write(socket, boost::asio::buffer(peer.take_output()), written);
        if (peer.dead()) crash();
        if (peer.wants_reset()) socket.set_option(boost::asio::socket_base::linger(true, 0));
        if (peer.wants_close() || peer.wants_reset()) return;
    }
}

}  // namespace

int main(int count, char** words) {
    std::uint16_t port = 0;
    auto const* const kind = count == 3 ? find_fault(words[2]) : nullptr;
    if (kind == nullptr || !kind->concerns(role::server) ||
        std::from_chars(words[1], words[1] + std::strlen(words[1]), port).ec != std::errc{}) {
        std::cerr << "usage: faulty_peer PORT FAULT\n";
        return 2;
    }
    boost::asio::io_context context;
    tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), port});
    std::cout << "faulty_peer: " << kind->text << std::endl;
    while (true) std::thread(serve, acceptor.accept(), kind->id).detach();
}
