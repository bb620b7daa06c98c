#pragma once

#include <concepts>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/system/system_error.hpp>

#include "runtime/outcome.hpp"
#include "runtime/task.hpp"

namespace linli::runtime {

// Runs blocking work (libpqxx, fsync) off the loop on a fixed number of threads; the coroutine goes
// on where it was, on its own executor. Each waiting coroutine has one job here, so the queue is as
// long as its callers are many, and bounding those is theirs to do.
// A coroutine's loop must live until the coroutine has gone on. All members may be called from any
// thread, but stop() not from a job.
class blocking_pool {
public:
    explicit blocking_pool(std::size_t threads);
    blocking_pool(blocking_pool const&) = delete;
    blocking_pool& operator=(blocking_pool const&) = delete;
    ~blocking_pool(); // stops

    // The job's value, or its exception. A job can't be cancelled: a cancelled coroutine hears of
    // it after the job has ended, so the job needs its own limit (statement_timeout). After stop()
    // the job doesn't run and operation_aborted is thrown.
    //
    // GCC 12: name the callable and move it in. A lambda with captures written inside the awaited
    // expression is destroyed twice.
    //     auto job = [statement = std::move(statement)] { return execute(statement); };
    //     auto rows = co_await pool.run(std::move(job));
    template <std::invocable F>
    task<std::invoke_result_t<F&>> run(F job);

    // Takes no more jobs and waits until those taken have ended.
    void stop();

private:
    struct initiation;

    std::mutex mutex_; // of stopped_, and of posting: a job posted after join() would never run
    bool stopped_ = false;
    boost::asio::thread_pool threads_;
};

struct blocking_pool::initiation {
    blocking_pool* pool;

    template <class Completion, class F>
    void operator()(Completion&& completion, F job) const {
        using value = std::invoke_result_t<F&>;
        auto executor = boost::asio::get_associated_executor(completion);
        // The guard keeps the loop running while its coroutine waits here. It goes back to the loop
        // with the ending: a coroutine that has gone on may be the loop's last, and a thread of
        // ours that let go of the guard afterwards would touch a loop that is there no longer.
        auto resume = [executor, guard = boost::asio::make_work_guard(executor),
                       completion =
                           std::forward<Completion>(completion)](outcome<value> ending) mutable {
            auto complete = [guard = std::move(guard), completion = std::move(completion),
                             ending = std::move(ending)]() mutable {
                std::move(completion)(std::move(ending));
            };
            boost::asio::post(executor, std::move(complete));
        };
        std::unique_lock lock(pool->mutex_);
        if (pool->stopped_) {
            lock.unlock();
            boost::system::system_error const refused(boost::asio::error::operation_aborted);
            resume(outcome<value>(std::make_exception_ptr(refused)));
            return;
        }
        auto on_pool = [resume = std::move(resume),
                        job = std::optional<F>(std::move(job))]() mutable {
            auto ending = outcome_of(*job);
            job.reset(); // what it holds is given back before anybody hears of the ending
            resume(std::move(ending));
        };
        boost::asio::post(pool->threads_, std::move(on_pool));
    }
};

template <std::invocable F>
task<std::invoke_result_t<F&>> blocking_pool::run(F job) {
    using value = std::invoke_result_t<F&>;
    using token = decltype(use_task);
    using signature = void(outcome<value>);
    initiation start{this};
    auto ending =
        co_await boost::asio::async_initiate<token, signature>(start, use_task, std::move(job));
    co_return ending.take();
}

} // namespace linli::runtime
