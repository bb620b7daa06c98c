#pragma once

#include <chrono>
#include <cstdint>
#include <random>
#include <string_view>

namespace linli::simulate {

// All chance comes from one seed. `of` keeps the parts of the city apart, so that one worker more
// doesn't change who presses.
class dice {
public:
    dice(std::uint64_t seed, std::string_view of) {
        std::seed_seq mixed(of.begin(), of.end());
        std::uint32_t own[2];
        mixed.generate(own, own + 2);
        random_.seed(seed ^ (std::uint64_t{own[0]} << 32 | own[1]));
    }

    std::uint64_t below(std::uint64_t end) { return random_() % end; }
    bool happens(unsigned percent) { return below(100) < percent; }
    std::chrono::milliseconds between(std::chrono::milliseconds low,
                                      std::chrono::milliseconds high) {
        auto const span = static_cast<std::uint64_t>((high - low).count()) + 1;
        return low + std::chrono::milliseconds(below(span));
    }
    // The time to the next of things that happen independently of each other.
    std::chrono::milliseconds next_after(double per_minute) {
        std::exponential_distribution<double> gap(per_minute / 60'000.0);
        return std::chrono::milliseconds(static_cast<std::int64_t>(gap(random_)) + 1);
    }
    std::mt19937_64& engine() { return random_; }

private:
    std::mt19937_64 random_;
};

} // namespace linli::simulate
