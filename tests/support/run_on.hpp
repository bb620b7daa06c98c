#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "runtime/task.hpp"

namespace linli::tests {

// Runs one task, and whatever it waits for, to its end; answers its value or throws what it threw.
template <class T>
T run_on(boost::asio::io_context& loop, runtime::task<T> work) {
    using held = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
    std::optional<held> value;
    std::exception_ptr failure;
    bool ended = false;
    if constexpr (std::is_void_v<T>)
        boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr e) {
            failure = e;
            ended = true;
        });
    else
        boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr e, T result) {
            failure = e;
            if (!e) value.emplace(std::move(result));
            ended = true;
        });
    loop.restart();
    while (!ended && loop.run_one() > 0) {
    }
    if (!ended) throw std::logic_error("the task waits for something that nobody will do");
    if (failure) std::rethrow_exception(failure);
    if constexpr (!std::is_void_v<T>) return std::move(*value);
}

} // namespace linli::tests
