#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "domain/ids.hpp"
#include "runtime/config.hpp"
#include "simulate/own_press.hpp"

namespace linli::cli {

struct synthetic_plan {
    std::filesystem::path secrets; // of "linli devices credentials"
    domain::device_id device;      // worn by a synthetic resident
    domain::provider_id provider;  // of a synthetic worker
    std::chrono::seconds every{600};
    std::chrono::seconds within{300}; // from the press to the follow-up
    double time_scale = 0.05;         // a visit takes a second
};

// Presses the house's own button by the real broker, sees to it at the real desk and at the
// provider, and tells a person when it doesn't come through. Shares nothing with the server but
// what any device, desk and provider does, so it is heard when the server is not.
class synthetic_watch {
public:
    // Throws std::runtime_error with the remedy when a password is missing.
    synthetic_watch(runtime::config config, synthetic_plan plan);

    // One press; where it got stuck, or nothing. Nothing is concluded from one that stop() ended.
    std::optional<std::string> press();
    // For ever, telling whoever must hear; until stop(). Throws when there is nobody to tell.
    void run();
    void stop(); // any thread

private:
    bool press_once(simulate::own_press& press);
    void tell(std::optional<std::string> const& stuck_at);
    bool carry(std::string const& text) const;
    bool is_stopping();
    void wait_for_the_next();

    runtime::config const config_;
    synthetic_plan const plan_;
    simulate::break_bell bell_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
};

} // namespace linli::cli
