#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "domain/ids.hpp"

namespace linli::app {

// The last so many events that were decided, by their hashes. A device that comes back says its
// last call again until it has its receipt, and that call waits for nobody any more. Two events
// with one hash are taken for one: so nothing but an order of work may hang on it.
class recent_events {
public:
    void add(domain::event_id const& event) {
        auto const hash = hash_of(event);
        if (!all_.insert(hash).second) return;
        if (ring_.size() < most) {
            ring_.push_back(hash);
            return;
        }
        all_.erase(std::exchange(ring_[oldest_], hash));
        oldest_ = (oldest_ + 1) % most;
    }
    bool has(domain::event_id const& event) const { return all_.contains(hash_of(event)); }

private:
    static std::size_t hash_of(domain::event_id const& event) {
        return std::hash<std::string>{}(event.value);
    }

    static constexpr std::size_t most = 65'536;

    std::vector<std::size_t> ring_;
    std::size_t oldest_ = 0;
    std::unordered_set<std::size_t> all_;
};

} // namespace linli::app
