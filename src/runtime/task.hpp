#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace linli::runtime {

// A coroutine on the loop. One `co_await` per statement, into a named variable, with named or moved
// arguments: GCC 12.2 miscompiles most other forms (double free), and tests/tidy refuses them.
template <class T = void>
using task = boost::asio::awaitable<T>;

// For Asio's operations: the first throws boost::system::system_error, the second answers with a
// tuple that starts with the error_code, for failures that are a normal answer.
inline constexpr boost::asio::use_awaitable_t<> use_task{};
inline constexpr auto use_task_tuple = boost::asio::as_tuple(boost::asio::use_awaitable);

} // namespace linli::runtime
