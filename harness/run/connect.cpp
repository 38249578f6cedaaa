#include "run/connect.hpp"

namespace wsproof {

asio::awaitable<played> play_on(dialer const& from, test_case const& what, play_settings settings) {
    auto dialled = co_await from.dial();
    played out;
    if (!dialled.connection) {
        out.problem = std::move(dialled.problem);
        out.refused = dialled.refused;
        co_return out;
    }
    out.happened = co_await pump(dialled.connection, what, std::move(settings));
    // TLS 1.3: a client certificate is refused only behind the handshake
    auto const problem = dialled.connection->problem();
    if (!problem.empty() && out.happened.octets_received() == 0)
        out.problem = "TLS failed behind its handshake: " + problem + " (see --cert and --key)";
    co_return out;
}

}  // namespace wsproof
