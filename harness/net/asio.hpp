// The one place that says how Asio is used: names, and the token of every asynchronous operation.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

namespace wsproof {

namespace asio = boost::asio;
using boost::system::error_code;

/// What a socket does wrong is a value: co_await gives a tuple that starts with the error_code.
inline constexpr auto use_tuple = asio::as_tuple(asio::use_awaitable);

}  // namespace wsproof
