#include "adapters/journal/progress.hpp"

#include <algorithm>

namespace linli::journal {

position progress::begin() const {
    return last_.open.empty() ? last_.cursor : std::min(last_.cursor, last_.open.front());
}

std::uint64_t progress::records_before_begin() const {
    return last_.records_before - std::min<std::uint64_t>(last_.records_before, last_.open.size());
}

bool progress::was_committed(position at) const {
    return at < last_.cursor && !std::binary_search(last_.open.begin(), last_.open.end(), at);
}

std::uint64_t progress::commit(std::span<position const> done) {
    std::uint64_t known = 0;
    for (auto const& at : done)
        known += outstanding_.erase(at);
    return known;
}

position progress::oldest_open(position cursor) const {
    return outstanding_.empty() ? cursor : std::min(*outstanding_.begin(), cursor);
}

checkpoint progress::now(position cursor, std::uint64_t records_before) const {
    checkpoint now{cursor, records_before, {outstanding_.begin(), outstanding_.end()}};
    if (cursor < last_.cursor) { // still reading again what the last run left open
        auto const unread = std::lower_bound(last_.open.begin(), last_.open.end(), cursor);
        now.open.insert(now.open.end(), unread, last_.open.end());
        now.cursor = last_.cursor;
        now.records_before = last_.records_before;
    }
    constexpr auto most = checkpoint_file::most_listed; // the rest comes again
    if (now.open.size() > most) {
        now.cursor = now.open[most];
        now.records_before -= std::min<std::uint64_t>(now.records_before, now.open.size() - most);
        now.open.resize(most);
    }
    return now;
}

} // namespace linli::journal
