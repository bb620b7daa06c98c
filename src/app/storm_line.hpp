#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

#include "domain/time.hpp"

namespace linli::app {

// One telephone in a storm. It rings for five within ten seconds, for each alone. Who comes beyond
// them is held, and goes with others in one message, ten seconds after the first of them was held;
// whom that message can't name goes in the next, ten seconds later. As long as anybody is held,
// whoever comes is held behind him. Pure.
template <class Held>
class storm_line {
public:
    static constexpr domain::seconds window{10};
    static constexpr std::size_t rings_within_it = 5;

    // It rings now, for this one alone. False: hold() it.
    bool rings_alone(domain::instant now) {
        while (!rang_.empty() && now - rang_.front() >= window)
            rang_.pop_front();
        if (!held_.empty() || rang_.size() >= rings_within_it) return false;
        rang_.push_back(now);
        return true;
    }

    void hold(Held what, domain::instant now) {
        if (held_.empty()) due_at_ = now + window;
        held_.push_back(std::move(what));
    }

    // Whom the next message is about, oldest first; nobody as long as it isn't time.
    std::vector<Held> take_due(domain::instant now, std::size_t most) {
        std::vector<Held> some;
        if (held_.empty() || now < due_at_) return some;
        for (; !held_.empty() && some.size() < most; held_.pop_front())
            some.push_back(std::move(held_.front()));
        due_at_ = now + window;
        rang_.push_back(now);
        return some;
    }

    template <class Which>
    void drop_if(Which const& which) {
        std::erase_if(held_, which);
    }
    template <class Which>
    bool holds_any(Which const& which) const {
        return std::any_of(held_.begin(), held_.end(), which);
    }
    // Nobody is held, and it may ring for anybody.
    bool is_quiet(domain::instant now) const {
        return held_.empty() && (rang_.empty() || now - rang_.back() >= window);
    }

private:
    std::deque<domain::instant> rang_; // those that count
    std::deque<Held> held_;
    domain::instant due_at_;
};

} // namespace linli::app
