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
    out.happened = co_await pump(std::move(dialled.connection), what, std::move(settings));
    co_return out;
}

}  // namespace wsproof
