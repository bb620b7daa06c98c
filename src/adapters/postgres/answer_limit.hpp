#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

namespace linli::postgres {

// A database that hangs (its machine is frozen, its disk answers no more, the line was cut without
// a word) makes libpq wait for ever, and its own statement_timeout is of no use then. Whoever waits
// for longer than the limit has his socket shut down, and finds a broken connection. Noticed up to
// once more the limit later, so that watching costs a use no system call.
class answer_limit {
    using watched = std::list<std::pair<int, std::chrono::steady_clock::time_point>>;

public:
    explicit answer_limit(std::chrono::milliseconds most);
    answer_limit(answer_limit const&) = delete;
    answer_limit& operator=(answer_limit const&) = delete;
    ~answer_limit();

    // Watches the socket as long as it lives. Any thread.
    class watch {
    public:
        watch(answer_limit& by, int socket);
        watch(watch const&) = delete;
        watch& operator=(watch const&) = delete;
        ~watch();

    private:
        answer_limit& by_;
        watched::iterator mine_;
    };

private:
    void run();
    void cut_those_late();

    std::chrono::milliseconds const most_;
    std::mutex mutex_; // of the following
    std::condition_variable stops_;
    bool stopped_ = false;
    watched watched_; // the oldest first
    std::thread thread_;
};

} // namespace linli::postgres
