#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "bench/connections.hpp"
#include "bench/load.hpp"
#include "bench/stage.hpp"

namespace linli::bench {

// In a whole city: the watch of another resident each time, as long as there are any; neighbours in
// time live apart.
void press_nth(speaker& presser, std::size_t press, std::size_t residents);

// That a press is stored, with the moment at which its device had it.
class receipts {
public:
    receipts(broker_user const& is, std::size_t presses);

    std::size_t heard() const { return heard_; }
    steady::time_point at(std::size_t press) const; // {} = never

private:
    void hear(std::string_view payload);

    std::vector<std::atomic<std::int64_t>> at_ns_;
    std::atomic<std::size_t> heard_ = 0;
    listener listener_; // last: it uses the others
};

// Open loop, as press_at_rate, in a whole city: until the press is stored.
latencies press_until_stored(stage const& on, std::size_t residents, load const& what);

} // namespace linli::bench
