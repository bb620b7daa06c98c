#pragma once

#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "simulation/dice.hpp"

namespace linli::simulation {

// The journal's twin: what has been synced survives every crash; the rest, and the newest marks of
// what is done, may not.
template <class What>
class twin_journal {
public:
    using position = std::uint64_t;

    position append(What what) {
        forget_old_marks();
        entries_[next_].what = std::move(what);
        return next_++;
    }

    void sync_through(position at) {
        for (auto each = entries_.rbegin(); each != entries_.rend(); ++each) {
            if (each->first > at) continue;
            if (each->second.synced) return;
            each->second.synced = true;
        }
    }

    void mark_done(position at) { entries_.at(at).done = true; }

    struct loss {
        std::size_t entries = 0;
        std::size_t marks = 0;
    };
    loss crash(dice& chance) {
        loss all;
        for (auto at = entries_.begin(); at != entries_.end();) {
            auto& each = at->second;
            bool const lost = !each.synced && chance.percent(unsynced_lost_percent);
            bool const forgotten = each.done && chance.percent(mark_lost_percent);
            if (forgotten) each.done = false;
            each.synced = true;
            all.entries += lost ? 1U : 0U;
            all.marks += forgotten ? 1U : 0U;
            at = lost ? entries_.erase(at) : std::next(at);
        }
        return all;
    }

    // The first entry from `from` on that is not done.
    std::optional<position> next(position from) const {
        for (auto at = entries_.lower_bound(from); at != entries_.end(); ++at)
            if (!at->second.done) return at->first;
        return std::nullopt;
    }

    What const& at(position which) const { return entries_.at(which).what; }
    bool waits(position at) const {
        auto const found = entries_.find(at);
        return found != entries_.end() && !found->second.done;
    }
    bool is_empty() const { return !next(0); }

private:
    static constexpr std::size_t marks_kept_in_memory = 32;
    static constexpr int mark_lost_percent = 40;
    static constexpr int unsynced_lost_percent = 60;

    struct entry {
        What what;
        bool synced = false;
        bool done = false;
    };

    void forget_old_marks() {
        while (entries_.size() > marks_kept_in_memory && entries_.begin()->second.done)
            entries_.erase(entries_.begin());
    }

    std::map<position, entry> entries_;
    position next_ = 1;
};

} // namespace linli::simulation
