// An echo server on Debian's websocketpp, with permessage-deflate.
#include <cstdlib>
#include <websocketpp/config/asio_no_tls.hpp>
#include <websocketpp/extensions/permessage_deflate/enabled.hpp>
#include <websocketpp/server.hpp>

struct with_deflate : websocketpp::config::asio {
    using type = with_deflate;
    using base = websocketpp::config::asio;
    struct transport_config : base::transport_config {};
    using transport_type = websocketpp::transport::asio::endpoint<transport_config>;

    static std::size_t const max_message_size = 64u << 20;

    struct permessage_deflate_config {};
    using permessage_deflate_type =
        websocketpp::extensions::permessage_deflate::enabled<permessage_deflate_config>;
};

using server = websocketpp::server<with_deflate>;

int main(int, char** argv) {
    server echo;
    echo.clear_access_channels(websocketpp::log::alevel::all);
    echo.clear_error_channels(websocketpp::log::elevel::all);
    echo.init_asio();
    echo.set_reuse_addr(true);
    // below the 5 s that wsproof waits, so that the two do not race
    echo.set_open_handshake_timeout(2000);
    echo.set_close_handshake_timeout(2000);
    echo.set_message_handler(
        [&echo](websocketpp::connection_hdl peer, server::message_ptr message) {
            websocketpp::lib::error_code ignored;  // the peer may be gone
            echo.send(peer, message->get_payload(), message->get_opcode(), ignored);
        });
    auto const port = static_cast<unsigned short>(std::atoi(argv[1]));
    echo.listen(boost::asio::ip::tcp::endpoint(boost::asio::ip::address_v4::loopback(), port));
    echo.start_accept();
    echo.run();
}
