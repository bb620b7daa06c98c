#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace linli::tests {

// At most one row has a key at a time. A row without the key (an alert that has been closed) has
// none.
template <class Key, class Id>
class unique_index {
public:
    struct change {
        Id id;
        std::optional<Key> before;
        std::optional<Key> after;
    };

    // Whether a transaction may make these changes all together.
    bool allows(std::vector<change> const& all) const {
        std::set<Key> freed;
        for (auto const& c : all)
            if (c.before) freed.insert(*c.before);
        std::set<Key> taken;
        for (auto const& c : all) {
            if (!c.after) continue;
            if (!taken.insert(*c.after).second) return false;
            if (holders_.contains(*c.after) && !freed.contains(*c.after)) return false;
        }
        return true;
    }

    void make(std::vector<change> const& all) {
        for (auto const& c : all)
            if (c.before) holders_.erase(*c.before);
        for (auto const& c : all)
            if (c.after) holders_.emplace(*c.after, c.id);
    }

    std::optional<Id> find(Key const& key) const {
        auto const at = holders_.find(key);
        if (at == holders_.end()) return std::nullopt;
        return at->second;
    }

private:
    std::map<Key, Id> holders_;
};

} // namespace linli::tests
