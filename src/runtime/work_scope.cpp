#include "runtime/work_scope.hpp"

#include <exception>
#include <list>
#include <utility>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include "runtime/cancellation.hpp"
#include "runtime/log.hpp"

namespace linli::runtime {

namespace {

struct running_task {
    std::string name;
    care how;
    boost::asio::cancellation_signal cancel;
};

} // namespace

struct work_scope::state {
    state(boost::asio::any_io_executor on, vital_end callback)
        : executor(std::move(on)), on_vital_end(std::move(callback)), task_ended(executor) {
        task_ended.expires_at(boost::asio::steady_timer::time_point::max());
    }

    void cancel_all() {
        stopping = true;
        // A copy: an operation may end at once and take its task off the list.
        auto const running = tasks;
        for (auto const& each : running)
            each->cancel.emit(boost::asio::cancellation_type::terminal);
    }

    void ended(std::shared_ptr<running_task> const& which, std::exception_ptr const& error) {
        tasks.remove(which);
        task_ended.cancel();
        if (stopping && (!error || is_cancellation(error))) return;
        auto const reason = error ? log::describe(error) : std::string("returned");
        if (error && !is_cancellation(error))
            log::error("task_failed", {{"task", which->name}, {"error", reason}});
        if (stopping || which->how != care::vital) return;
        log::error("vital_task_ended", {{"task", which->name}, {"reason", reason}});
        if (on_vital_end) on_vital_end(which->name, reason);
    }

    boost::asio::any_io_executor executor;
    vital_end on_vital_end;
    boost::asio::steady_timer task_ended; // never expires; cancelled to wake stop()
    std::list<std::shared_ptr<running_task>> tasks;
    bool stopping = false;
};

work_scope::work_scope(boost::asio::any_io_executor executor, vital_end on_vital_end)
    : state_(std::make_shared<state>(std::move(executor), std::move(on_vital_end))) {}

work_scope::~work_scope() {
    for (auto const& each : state_->tasks)
        log::error("task_left_running", {{"task", each->name}});
    state_->on_vital_end = nullptr;
    state_->cancel_all();
}

void work_scope::spawn(std::string name, task<> work, care how) {
    if (state_->stopping) return;
    auto started = std::make_shared<running_task>();
    started->name = std::move(name);
    started->how = how;
    state_->tasks.push_back(started);
    auto on_end = [scope = state_, started](std::exception_ptr const& error) {
        scope->ended(started, error);
    };
    boost::asio::co_spawn(
        state_->executor, std::move(work),
        boost::asio::bind_cancellation_slot(started->cancel.slot(), std::move(on_end)));
}

task<> work_scope::stop() {
    auto scope = state_;
    scope->cancel_all();
    while (!scope->tasks.empty())
        co_await scope->task_ended.async_wait(use_task_tuple);
}

std::size_t work_scope::size() const {
    return state_->tasks.size();
}

std::vector<std::string> work_scope::names() const {
    std::vector<std::string> found;
    for (auto const& each : state_->tasks)
        found.push_back(each->name);
    return found;
}

} // namespace linli::runtime
