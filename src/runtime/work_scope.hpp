#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "runtime/task.hpp"

namespace linli::runtime {

enum class care : std::uint8_t {
    ordinary, // may end when it has done its work
    vital,    // runs until stop(): the server can't do its duty without it
};

// Owns the tasks that somebody spawned: whoever spawns, stops and waits. A task that ends by an
// exception is logged with its name. A vital one that ends before stop(), by an exception or by
// returning, is reported to on_vital_end as well, so that the server ends instead of running half
// dead.
// All members are called on the executor, which runs one thing at a time (a loop of one thread, or
// a strand).
class work_scope {
public:
    using vital_end = std::function<void(std::string_view task, std::string_view reason)>;

    explicit work_scope(boost::asio::any_io_executor executor, vital_end on_vital_end = {});
    work_scope(work_scope const&) = delete;
    work_scope& operator=(work_scope const&) = delete;
    ~work_scope(); // cancels what is left, but can't wait for it: call stop() first

    // May run the task up to its first wait before it returns. After stop() the task is dropped.
    void spawn(std::string name, task<> work, care how = care::ordinary);

    // Cancels all tasks and waits until each has ended. Not called by a task of this scope.
    task<> stop();

    std::size_t size() const;

    // Of the tasks that have not ended; says who is to blame when stop() takes too long.
    std::vector<std::string> names() const;

private:
    struct state;
    std::shared_ptr<state> state_; // shared with the tasks: an early destroyed scope is no crash
};

} // namespace linli::runtime
