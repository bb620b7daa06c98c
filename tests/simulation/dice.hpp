#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "domain/time.hpp"

namespace linli::simulation {

// All chance of a run comes from here, so that its seed replays it. Whole numbers only: the same on
// every machine.
class dice {
public:
    explicit dice(std::uint64_t seed) : random_(seed) {}

    std::uint64_t seed() { return random_(); }
    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    bool percent(int chance) { return static_cast<int>(below(100)) < chance; }
    bool per_mille(int chance) { return static_cast<int>(below(1000)) < chance; }

    domain::duration between(domain::duration least, domain::duration most) {
        auto const width = static_cast<std::uint64_t>((most - least).count()) + 1;
        return least + domain::duration(static_cast<std::int64_t>(below(width)));
    }

    template <class T>
    T const& pick(std::vector<T> const& from) {
        return from[static_cast<std::size_t>(below(from.size()))];
    }

private:
    std::mt19937_64 random_;
};

} // namespace linli::simulation
