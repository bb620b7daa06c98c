#include "runtime/blocking_pool.hpp"

namespace linli::runtime {

blocking_pool::blocking_pool(std::size_t threads) : threads_(threads) {}

blocking_pool::~blocking_pool() {
    stop();
}

void blocking_pool::stop() {
    {
        std::lock_guard const lock(mutex_);
        stopped_ = true;
    }
    threads_.join();
}

} // namespace linli::runtime
