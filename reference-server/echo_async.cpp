#include "reference-server/echo_async.hpp"

#include <boost/asio/co_spawn.hpp>
#include <cstdio>
#include <exception>
#include <utility>

namespace wsproof::reference {

namespace {

struct record_exception {
    std::string what;

    void operator()(std::exception_ptr const& thrown) const {
        if (!thrown) return;
        try {
            std::rethrow_exception(thrown);
        } catch (std::exception const& e) {
            std::fprintf(stderr, "reference server: %s: %s\n", what.c_str(), e.what());
        } catch (...) {
            std::fprintf(stderr, "reference server: %s: unknown exception\n", what.c_str());
        }
    }
};

}  // namespace

void spawn(asio::any_io_executor const& executor, task<void> coroutine, std::string what) {
    asio::co_spawn(executor, std::move(coroutine), record_exception{std::move(what)});
}

}  // namespace wsproof::reference
