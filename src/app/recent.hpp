#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <utility>

namespace linli::app {

// What is remembered of strangers: at most so many, and who was touched longest ago goes first.
template <class Key, class Value>
class recent {
public:
    explicit recent(std::size_t most) : most_(most) {}

    // Doesn't touch. Good until the next change.
    Value* find(Key const& key) {
        auto const at = places_.find(key);
        return at == places_.end() ? nullptr : &at->second->second;
    }

    Value& touch(Key const& key) {
        auto const at = places_.find(key);
        if (at != places_.end()) {
            all_.splice(all_.begin(), all_, at->second);
            return all_.front().second;
        }
        if (all_.size() >= most_) erase(Key(all_.back().first));
        all_.emplace_front(key, Value{});
        places_.emplace(key, all_.begin());
        return all_.front().second;
    }

    void erase(Key const& key) {
        auto const at = places_.find(key);
        if (at == places_.end()) return;
        all_.erase(at->second);
        places_.erase(at);
    }

    std::size_t size() const { return all_.size(); }

private:
    using entries = std::list<std::pair<Key, Value>>;

    std::size_t const most_;
    entries all_; // touched last first
    std::map<Key, typename entries::iterator> places_;
};

} // namespace linli::app
