#include "simulate/farewell.hpp"

namespace linli::simulate {

farewell::farewell() : thread_([this] { run(); }) {}

farewell::~farewell() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
    }
    thread_.join();
}

void farewell::to(std::unique_ptr<mqtt::peer> peer, std::function<void()> gone) {
    std::lock_guard const lock(mutex_);
    leaving_.emplace_back(std::move(peer), std::move(gone));
    changed_.notify_all();
}

void farewell::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !leaving_.empty(); });
        if (leaving_.empty()) return;
        auto [peer, gone] = std::move(leaving_.front());
        leaving_.pop_front();
        lock.unlock();
        peer.reset();
        gone();
        lock.lock();
    }
}

} // namespace linli::simulate
