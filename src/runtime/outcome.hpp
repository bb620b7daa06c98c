#pragma once

#include <exception>
#include <type_traits>
#include <utility>
#include <variant>

#include "runtime/task.hpp"

namespace linli::runtime {

// How a piece of work ended: not yet, with a value, or with an exception. It carries an ending from
// one thread or coroutine to another.
template <class T>
class outcome {
public:
    using stored = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

    outcome() = default;
    explicit outcome(stored value) : ending_(std::in_place_index<1>, std::move(value)) {}
    explicit outcome(std::exception_ptr error) : ending_(std::in_place_index<2>, error) {}

    bool has_value() const noexcept { return ending_.index() == 1; }
    std::exception_ptr error() const noexcept {
        auto const* error = std::get_if<2>(&ending_);
        return error ? *error : nullptr;
    }

    // The value, or the exception again. Only for work that has ended.
    T take() {
        if (auto failed = error()) std::rethrow_exception(failed);
        if constexpr (!std::is_void_v<T>) return std::get<1>(std::move(ending_));
    }

private:
    std::variant<std::monostate, stored, std::exception_ptr> ending_;
};

template <class F>
outcome<std::invoke_result_t<F&>> outcome_of(F& job) {
    using value = std::invoke_result_t<F&>;
    try {
        if constexpr (std::is_void_v<value>) {
            job();
            return outcome<value>(std::monostate{});
        } else {
            return outcome<value>(job());
        }
    } catch (...) {
        return outcome<value>(std::current_exception());
    }
}

// Runs the work and never throws. The ending goes into the caller's variable, because Asio's
// combined awaits ask for results that can be default constructed.
template <class T>
task<> run_into(outcome<T>& ending, task<T> work) {
    try {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(work);
            ending = outcome<T>(std::monostate{});
        } else {
            auto value = co_await std::move(work);
            ending = outcome<T>(std::move(value));
        }
    } catch (...) {
        ending = outcome<T>(std::current_exception());
    }
}

} // namespace linli::runtime
