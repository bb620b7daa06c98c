#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace linli::tests {

// Nothing here takes long; a test that waits for this has failed.
inline constexpr std::chrono::seconds patience{20};

// What somebody has received, in order. Filled by one thread, read by the test.
template <class T>
class inbox_of {
public:
    void put(T what) {
        std::lock_guard const lock(mutex_);
        all_.push_back(std::move(what));
        changed_.notify_all();
    }

    // The first that fits, taken out; those before it stay. Throws when none comes.
    template <class Fits>
    T wait_for(std::string const& what, Fits const& fits) {
        std::unique_lock lock(mutex_);
        std::optional<T> found;
        auto const look = [&] {
            for (auto each = all_.begin(); each != all_.end(); ++each) {
                if (!fits(*each)) continue;
                found = std::move(*each);
                all_.erase(each);
                return true;
            }
            return false;
        };
        if (!changed_.wait_for(lock, patience, look))
            throw std::runtime_error("did not come: " + what);
        return std::move(*found);
    }

    std::vector<T> all() const {
        std::lock_guard const lock(mutex_);
        return {all_.begin(), all_.end()};
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<T> all_;
};

} // namespace linli::tests
