#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include "runtime/task.hpp"

namespace linli::tests {

// What is ready on the loop runs before the caller goes on, as with a call that really waits.
inline runtime::task<void> let_others_run() {
    auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, runtime::use_task);
}

} // namespace linli::tests
