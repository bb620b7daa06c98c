#include "adapters/mqtt/settling.hpp"

#include <iterator>
#include <utility>

#include "runtime/growing_pause.hpp"

namespace linli::mqtt {

namespace {

bool is_safe(settling::step const& make_safe) noexcept {
    try {
        return !make_safe || make_safe();
    } catch (...) {
        return false;
    }
}

} // namespace

settling::settling(settled tell) : tell_(std::move(tell)), thread_([this] { run(); }) {}

settling::~settling() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    thread_.join();
}

void settling::add(std::uint16_t id, step make_safe) {
    std::lock_guard const lock(mutex_);
    waiting_.push_back({id, std::move(make_safe)});
    if (waiting_.size() == 1) changed_.notify_all();
}

void settling::forget() {
    std::lock_guard const lock(mutex_);
    waiting_.clear();
    ++generation_;
    changed_.notify_all();
}

void settling::run() {
    std::unique_lock lock(mutex_);
    runtime::growing_pause pause;
    for (;;) {
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        if (stopping_) return;
        auto const generation = generation_;
        auto batch = std::exchange(waiting_, {});
        lock.unlock();
        std::vector<std::uint16_t> safe;
        while (!batch.empty() && is_safe(batch.front().make_safe)) {
            safe.push_back(batch.front().id);
            batch.pop_front();
        }
        if (!safe.empty()) pause.reset();
        lock.lock();
        if (generation != generation_) continue;
        bool const stuck = !batch.empty();
        waiting_.insert(waiting_.begin(), std::make_move_iterator(batch.begin()),
                        std::make_move_iterator(batch.end()));
        if (!safe.empty()) tell_(std::move(safe));
        if (stuck)
            changed_.wait_for(lock, pause.next(),
                              [&] { return stopping_ || generation != generation_; });
    }
}

} // namespace linli::mqtt
