#include "system/load/ledger.hpp"

#include <algorithm>

namespace linli::tests::load {

press* ledger::find(domain::event_id const& event) {
    auto const at = by_event_.find(event.value);
    return at == by_event_.end() ? nullptr : &presses_[at->second];
}

void ledger::pressed(domain::event_id const& event, temper sender) {
    std::lock_guard const lock(mutex_);
    by_event_[event.value] = presses_.size();
    press first;
    first.event = event;
    first.sender = sender;
    first.pressed_at = steady::now();
    presses_.push_back(std::move(first));
    if (resends(sender)) ++unreceipted_;
}

void ledger::sent(domain::event_id const& event) {
    std::lock_guard const lock(mutex_);
    if (auto* p = find(event)) ++p->sendings;
}

void ledger::taken(domain::event_id const& event, int broker_said) {
    std::lock_guard const lock(mutex_);
    auto* p = find(event);
    if (!p || p->taken_at) return;
    p->taken_at = steady::now();
    p->broker_said = broker_said;
}

void ledger::receipted(domain::event_id const& event) {
    std::lock_guard const lock(mutex_);
    auto* p = find(event);
    if (!p) return;
    ++p->receipts;
    if (p->stored_at) return;
    p->stored_at = steady::now();
    if (resends(p->sender)) --unreceipted_;
}

void ledger::replied() {
    std::lock_guard const lock(mutex_);
    ++replies_.sent;
}

void ledger::replied_again() {
    std::lock_guard const lock(mutex_);
    ++replies_.resent;
}

void ledger::answered(bool refused) {
    std::lock_guard const lock(mutex_);
    ++replies_.answered;
    if (refused) ++replies_.refused;
}

void ledger::died(victim who, aim how) {
    std::lock_guard const lock(mutex_);
    deaths_.push_back({who, how, steady::now()});
}

void ledger::got_ready(steady::duration after_return) {
    std::lock_guard const lock(mutex_);
    returns_.push_back(after_return);
}

void ledger::told_late(std::size_t committed_and_not_told) {
    std::lock_guard const lock(mutex_);
    if (committed_and_not_told == 0) return;
    ++kills_before_telling_;
    events_told_late_ += static_cast<long>(committed_and_not_told);
}

std::vector<domain::event_id> ledger::without_receipt() const {
    std::lock_guard const lock(mutex_);
    std::vector<domain::event_id> found;
    for (auto const& p : presses_)
        if (!p.stored_at) found.push_back(p.event);
    return found;
}

bool ledger::has_receipts_until(moment when) const {
    std::lock_guard const lock(mutex_);
    return std::all_of(presses_.begin(), presses_.end(), [&](press const& p) {
        return p.stored_at || !resends(p.sender) || p.pressed_at > when;
    });
}

bool ledger::is_settled() const {
    std::lock_guard const lock(mutex_);
    return unreceipted_ == 0 && replies_.answered == replies_.sent;
}

std::vector<press> ledger::presses() const {
    std::lock_guard const lock(mutex_);
    return presses_;
}

std::vector<death> ledger::deaths() const {
    std::lock_guard const lock(mutex_);
    return deaths_;
}

std::vector<steady::duration> ledger::returns() const {
    std::lock_guard const lock(mutex_);
    return returns_;
}

reply_counts ledger::replies() const {
    std::lock_guard const lock(mutex_);
    return replies_;
}

long ledger::kills_before_telling() const {
    std::lock_guard const lock(mutex_);
    return kills_before_telling_;
}

long ledger::events_told_late() const {
    std::lock_guard const lock(mutex_);
    return events_told_late_;
}

} // namespace linli::tests::load
