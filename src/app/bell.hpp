#pragma once

#include <functional>
#include <list>
#include <memory>

namespace linli::app {

// Ends a task's wait early (clock::wait_until): whoever has news for the task rings. Each task that
// can be woken has a bell of its own, so that news for one wakes nobody else. The loop's thread.
class bell {
    using waits = std::list<std::function<void()>>;

public:
    // Whoever waits by it goes on. Nobody waits: nothing happens, and nothing is remembered.
    void ring() {
        for (auto const& end : *waits_)
            end();
    }

    // For a clock: at each ring `end` is called, for as long as this lives; the bell may be gone
    // before, where a loop dies with its tasks.
    class listening {
    public:
        listening(bell const& to, std::function<void()> end)
            : waits_(to.waits_), place_(waits_->insert(waits_->end(), std::move(end))) {}
        ~listening() { waits_->erase(place_); }
        listening(listening const&) = delete;
        listening& operator=(listening const&) = delete;

    private:
        std::shared_ptr<waits> waits_;
        waits::iterator place_;
    };

private:
    std::shared_ptr<waits> waits_ = std::make_shared<waits>();
};

} // namespace linli::app
