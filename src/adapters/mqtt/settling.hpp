#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace linli::mqtt {

// Makes what has arrived safe, in order, on a thread of its own: the disk may take milliseconds,
// and what arrives meanwhile is handed on and shares the next turn.
class settling {
public:
    // True: safe, may be acknowledged. False: can't be now, is asked again. Empty: safe already.
    using step = std::function<bool()>;
    // Packet ids that may be acknowledged now, in the order of add(), none twice. Called on the
    // thread of this object.
    using settled = std::function<void(std::vector<std::uint16_t> ids)>;

    explicit settling(settled tell);
    settling(settling const&) = delete;
    settling& operator=(settling const&) = delete;
    ~settling(); // gives up what is not settled

    void add(std::uint16_t id, step make_safe);
    // The connection is lost: what was added may not be acknowledged any more.
    void forget();

private:
    struct item {
        std::uint16_t id;
        step make_safe;
    };

    void run();
    bool settle(item const& one);

    settled const tell_;
    std::mutex mutex_; // of the following
    std::condition_variable changed_;
    std::deque<item> waiting_;
    std::uint64_t generation_ = 0; // counts forget()
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace linli::mqtt
