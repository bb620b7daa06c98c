#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "domain/time.hpp"

namespace linli::app {

// When each of many numbered things is to be looked at, each once at most: 16 bytes a thing, and
// none is left behind when its time is moved. A heap of the numbers that knows where each lies.
class due_places {
public:
    using place = std::uint32_t;

    void put(place p, domain::instant when); // in place of when it was due before
    std::optional<domain::instant> when(place p) const;
    std::optional<place> take_due(domain::instant now); // the earliest, if it is due
    void remove(place p);
    void clear();
    std::size_t size() const { return heap_.size(); }

private:
    static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

    bool is_queued(place p) const { return p < lies_at_.size() && lies_at_[p] != nowhere; }
    void set(std::uint32_t at, place p);
    void settle(std::uint32_t at); // up or down, to where it belongs
    void rise(std::uint32_t at);
    void sink(std::uint32_t at);

    std::vector<place> heap_;
    std::vector<std::uint32_t> lies_at_;  // in heap_, by place
    std::vector<domain::instant> due_at_; // by place
};

} // namespace linli::app
