#include "adapters/anchors/anchor_audit.hpp"

#include <algorithm>

namespace linli::anchors {

using app::tampering;

bool anchored::is_lost(std::uint64_t anchor) const {
    return std::ranges::any_of(
        restored, [&](auto const& each) { return each.first <= anchor && anchor < each.second; });
}

anchored anchor_audit::run(anchor_texts const& outside, anchor_texts inside,
                           std::map<std::uint64_t, std::string> known) {
    inside_ = std::move(inside);
    next_inside_ = inside_();
    known_ = std::move(known);
    while (auto const text = outside())
        take_outside(*text);
    seen_.last_outside = seen_.last;
    if (first_lost_inside_ > 0)
        tell_({tampering::other_anchor,
               {},
               0,
               first_lost_inside_,
               "the database has lost it, or was put back to before it"});
    take_what_is_newer();
    for (auto const& [number, digest] : known_)
        tell_({tampering::missing_anchor, {}, 0, number, "somebody outside knows of it"});
    return seen_;
}

std::optional<signed_anchor> anchor_audit::read(std::string const& text) const {
    auto found = read_anchor(text);
    if (found && !keys_.has_signed(found->key_id, found->body, found->signature)) found.reset();
    return found;
}

void anchor_audit::take_outside(std::string const& text) {
    auto const each = read(text);
    auto const expected = seen_.last + 1;
    if (!each) {
        tell_({tampering::changed_anchor, {}, 0, expected, "no known key has signed this"});
        if (take_inside(expected)) return;
        seen_.last = expected; // its place is taken
        seen_.digest.clear();
        return;
    }
    auto const number = each->what.number;
    if (number == seen_.last && each->digest == seen_.digest) return; // written once more
    if (number < expected) {
        tell_({tampering::changed_anchor, {}, 0, number, "it stands here a second time"});
        return;
    }
    if (number > expected) fill_gap_before(number);
    hold_to_database(number, text);
    accept(*each);
}

void anchor_audit::fill_gap_before(std::uint64_t number) {
    tell_({tampering::missing_anchor,
           {},
           0,
           seen_.last + 1,
           "the copy goes on with " + std::to_string(number)});
    while (seen_.last + 1 < number && take_inside(seen_.last + 1)) {
    }
}

// The database's anchor of this number, if it has a true one.
bool anchor_audit::take_inside(std::uint64_t number) {
    while (next_inside_) {
        auto const each = read(*next_inside_);
        if (each && each->what.number > number) return false;
        next_inside_ = inside_();
        if (!each || each->what.number < number) continue;
        accept(*each);
        return true;
    }
    return false;
}

void anchor_audit::hold_to_database(std::uint64_t number, std::string const& text) {
    while (next_inside_ && *next_inside_ != text) {
        auto const each = read_anchor(*next_inside_);
        if (each && each->what.number > number) break;
        next_inside_ = inside_();
        if (each && each->what.number < number) continue;
        tell_({tampering::other_anchor, {}, 0, number, "the database has another one"});
        return;
    }
    if (next_inside_ && *next_inside_ == text)
        next_inside_ = inside_();
    else if (first_lost_inside_ == 0)
        first_lost_inside_ = number;
}

void anchor_audit::take_what_is_newer() {
    for (; next_inside_; next_inside_ = inside_()) {
        auto const each = read(*next_inside_);
        if (each && each->what.number <= seen_.last) continue;
        if (!each || each->what.number != seen_.last + 1) {
            tell_({tampering::changed_anchor,
                   {},
                   0,
                   seen_.last + 1,
                   "in the database: no known key has signed it, or one is missing before it"});
            return;
        }
        accept(*each);
    }
}

void anchor_audit::accept(signed_anchor const& each) {
    auto const number = each.what.number;
    if (number == seen_.last + 1 && !seen_.digest.empty() && each.what.previous != seen_.digest)
        tell_({tampering::changed_anchor, {}, 0, number, "it doesn't follow the one before it"});
    if (auto const told = known_.find(number); told != known_.end()) {
        if (told->second != each.digest)
            tell_({tampering::changed_anchor, {}, 0, number, "another one was told outside"});
        known_.erase(told);
    }
    if (each.what.restored_to) seen_.restored.emplace_back(*each.what.restored_to + 1, number);
    for (auto const& mark : each.what.marks)
        into_.add(mark, number);
    ++seen_.anchors;
    seen_.last = number;
    seen_.at = each.what.at;
    seen_.covers = each.what.covers;
    seen_.digest = each.digest;
}

} // namespace linli::anchors
