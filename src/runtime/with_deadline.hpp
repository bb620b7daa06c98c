#pragma once

#include <chrono>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "runtime/cancellation.hpp"
#include "runtime/outcome.hpp"
#include "runtime/task.hpp"

namespace linli::runtime {

// nullopt (false for work without a value) says that the deadline passed.
template <class T>
using in_time = std::conditional_t<std::is_void_v<T>, bool, std::optional<T>>;

// Gives the work `limit` to end; then cancels it, waits until it has ended, and says so. Work that
// can't be cancelled (blocking_pool::run) is therefore waited for; a value that arrives in spite of
// the cancellation is handed out, not lost: it may stand for a commit. Exceptions of the work go
// through.
//     auto op = store.load(id);
//     auto loaded = co_await with_deadline(std::move(op), 5s);
//     if (!loaded) …
template <class T>
task<in_time<T>> with_deadline(task<T> work, std::chrono::steady_clock::duration limit) {
    using namespace boost::asio::experimental::awaitable_operators;
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer timer(executor, limit);
    // The bare `work || timer` would sit out the whole limit when the work throws: Asio's `||`
    // waits for the first success. run_into ends with success, whatever the ending was.
    outcome<T> ending;
    auto running = run_into<T>(ending, std::move(work));
    auto expiring = timer.async_wait(use_task_tuple);
    auto first = co_await (std::move(running) || std::move(expiring));
    // An outside cancellation ends the timer too, with an error: that is no expiry.
    bool const expired = first.index() == 1 && !std::get<0>(std::get<1>(first));
    if (expired && is_cancellation(ending.error())) co_return in_time<T>{};
    if constexpr (std::is_void_v<T>) {
        ending.take();
        co_return true;
    } else {
        co_return in_time<T>(ending.take());
    }
}

} // namespace linli::runtime
