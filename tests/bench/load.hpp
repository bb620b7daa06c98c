#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/connections.hpp"

namespace linli::bench {

// Every offer, with the moment at which its provider had it.
class ear {
public:
    ear(broker_user const& is, std::string_view root, std::size_t presses);

    std::size_t heard() const { return heard_; }
    steady::time_point at(std::size_t press) const; // {} = never
    double mean_bytes() const;

private:
    void hear(std::string_view payload);

    std::vector<std::atomic<std::int64_t>> at_ns_;
    std::atomic<std::size_t> heard_ = 0;
    std::atomic<std::size_t> bytes_ = 0;
    listener listener_; // last: it uses the others
};

struct load {
    int rate = 0; // presses a second
    std::size_t warm_up = 0;
    std::size_t measured = 0;
    std::uint64_t seed = 0;
};

// The presses' moments since the start: at random (Poisson).
std::vector<steady::duration> schedule_of(load const& what);

struct latencies {
    std::vector<double> ms; // sorted
    std::size_t missing = 0;
    double offer_bytes = 0;
};

// Where the watch lives that is pressed as the so-manieth.
int home_of_press(std::size_t press);

// Open loop: presses come at random (Poisson), whether the ones before were answered or not, and
// count from the moment at which they were to come. Every press is another home's.
latencies press_at_rate(load const& what, broker_user const& presser, broker_user const& provider,
                        std::string_view root);

// Closed loop: so many presses are always under way. Offers a second, without the first tenth.
double flood(std::size_t presses, std::size_t under_way, broker_user const& presser,
             broker_user const& provider, std::string_view root);

} // namespace linli::bench
