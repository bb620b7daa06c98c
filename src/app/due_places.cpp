#include "app/due_places.hpp"

namespace linli::app {

void due_places::put(place p, domain::instant when) {
    if (p >= lies_at_.size()) {
        lies_at_.resize(p + 1, nowhere);
        due_at_.resize(p + 1);
    }
    due_at_[p] = when;
    if (!is_queued(p)) {
        heap_.push_back(p);
        set(static_cast<std::uint32_t>(heap_.size() - 1), p);
    }
    settle(lies_at_[p]);
}

std::optional<domain::instant> due_places::when(place p) const {
    if (!is_queued(p)) return std::nullopt;
    return due_at_[p];
}

std::optional<due_places::place> due_places::take_due(domain::instant now) {
    if (heap_.empty() || due_at_[heap_.front()] > now) return std::nullopt;
    auto const p = heap_.front();
    remove(p);
    return p;
}

void due_places::remove(place p) {
    if (!is_queued(p)) return;
    auto const at = lies_at_[p];
    auto const last = heap_.back();
    heap_.pop_back();
    lies_at_[p] = nowhere;
    if (last == p) return;
    set(at, last);
    settle(at);
}

void due_places::clear() {
    heap_ = {};
    lies_at_ = {};
    due_at_ = {};
}

void due_places::set(std::uint32_t at, place p) {
    heap_[at] = p;
    lies_at_[p] = at;
}

void due_places::settle(std::uint32_t at) {
    auto const p = heap_[at];
    rise(at);
    sink(lies_at_[p]);
}

void due_places::rise(std::uint32_t at) {
    auto const p = heap_[at];
    while (at > 0) {
        auto const above = (at - 1) / 2;
        if (due_at_[heap_[above]] <= due_at_[p]) break;
        set(at, heap_[above]);
        at = above;
    }
    set(at, p);
}

void due_places::sink(std::uint32_t at) {
    auto const p = heap_[at];
    auto const size = static_cast<std::uint32_t>(heap_.size());
    for (;;) {
        auto below = 2 * at + 1;
        if (below >= size) break;
        if (below + 1 < size && due_at_[heap_[below + 1]] < due_at_[heap_[below]]) ++below;
        if (due_at_[p] <= due_at_[heap_[below]]) break;
        set(at, heap_[below]);
        at = below;
    }
    set(at, p);
}

} // namespace linli::app
