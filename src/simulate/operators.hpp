#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "simulate/desk_person.hpp"
#include "simulate/dice.hpp"
#include "simulate/happening.hpp"

namespace linli::simulate {

// The desk's people at work, one after another: each looks, answers what rings, claims the most
// urgent alert, notes that she has spoken to the resident, closes what has been seen to, rings
// back and follows up. On a thread of its own, because the desk's calls block.
class operators {
public:
    struct options {
        std::uint64_t seed = 1;
        double time_scale = 1.0;
        std::chrono::seconds wait{0}; // leaves what rings to others for so long
        std::size_t most_held = 6;    // alerts at one seat
        bool synthetic = false;       // theirs are the house's own presses, and nothing else
    };
    // Both come on the operators' thread. `open` are the events of all that is not finished.
    using report = std::function<void(happening)>;
    using looked = std::function<void(std::set<std::string> open)>;

    operators(std::vector<std::unique_ptr<desk_person>> people, options with, report tell,
              looked seen);
    operators(operators const&) = delete;
    operators& operator=(operators const&) = delete;
    ~operators(); // stops

    void start();
    void stop();

private:
    void run();
    void work(desk_person& who);
    bool is_left_alone(domain::instant since) const;
    void claim_one(desk_person& who, app::overview const& seen);
    void see_to(desk_person& who, app::alert_line const& line);
    void ring_back(desk_person& who, app::overview const& seen);
    void follow_up(desk_person& who, std::vector<app::order_line> const& orders);
    void say(happening_kind what, desk_person const& who, std::string about, std::string note = "");
    bool pause(std::chrono::milliseconds length);

    std::vector<std::unique_ptr<desk_person>> const people_;
    options const with_;
    report const tell_;
    looked const seen_;
    dice dice_;
    std::set<std::string> noted_; // alerts
    std::mutex mutex_;            // of stopping_
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace linli::simulate
