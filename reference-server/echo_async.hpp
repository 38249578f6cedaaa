#pragma once
// How the reference server uses coroutines: one completion token, one way to spawn.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <string>

namespace wsproof::reference {

namespace asio = boost::asio;
using boost::system::error_code;

template <class T>
using task = asio::awaitable<T>;

/// What a socket does is a value to look at, never an exception.
inline constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

/// Starts a coroutine that nobody waits for. What it throws is written to standard error under
/// the name `what`; parameters of the coroutine must own what they refer to.
void spawn(asio::any_io_executor const& executor, task<void> coroutine, std::string what);

}  // namespace wsproof::reference
