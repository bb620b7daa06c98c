#pragma once

#include <cstdint>
#include <random>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace linli::app {

// Makes UUIDv7 (RFC 9562 §5.7): 48 bits of milliseconds, then a 12-bit counter that keeps ids of
// one millisecond in order, then 62 random bits. One per process; not thread-safe.
class id_source {
public:
    explicit id_source(std::uint64_t seed) : random_(seed) {}

    domain::uuid next(domain::instant now);

    template <class Id>
    Id make(domain::instant now) {
        return Id{next(now)};
    }

private:
    std::mt19937_64 random_;
    std::uint64_t last_ms_ = 0;
    std::uint32_t counter_ = 0;
};

} // namespace linli::app
