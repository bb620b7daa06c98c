#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "adapters/mqtt/peer.hpp"

namespace linli::simulate {

// Hangs up on a thread of its own: Paho takes its time over it.
class farewell {
public:
    farewell();
    farewell(farewell const&) = delete;
    farewell& operator=(farewell const&) = delete;
    ~farewell(); // hangs up those that are left

    // `gone` is called on that thread.
    void to(std::unique_ptr<mqtt::peer> peer, std::function<void()> gone);

private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::pair<std::unique_ptr<mqtt::peer>, std::function<void()>>> leaving_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace linli::simulate
