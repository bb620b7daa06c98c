#include "domain/hotline_queue.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace linli::domain {

// ------------------------------------------------------------------ callers

void hotline_queue::came(hotline_caller who) {
    auto const id = who.id;
    if (talks_.contains(id)) return;
    callers_.try_emplace(id, line{std::move(who), false, {}, false, {}, {}});
}

void hotline_queue::ranked(call_id call, caller_rank rank) {
    if (auto const found = callers_.find(call); found != callers_.end())
        found->second.who.rank = std::min(found->second.who.rank, rank);
    if (auto const talk = talks_.find(call); talk != talks_.end())
        talk->second.rank = std::min(talk->second.rank, rank);
}

void hotline_queue::left(call_id call) {
    talk_ended(call);
    auto const found = callers_.find(call);
    if (found == callers_.end()) return;
    end_ring(found->second, doing::ready);
    if (found->second.at_duty_list) acts_.push_back(stop_duty_list{call});
    callers_.erase(found);
}

// ------------------------------------------------------------------ seats

// Said again by whoever rings or talks, it changes nothing but her languages.
void hotline_queue::is_ready(operator_id who, std::set<std::string> languages, instant now) {
    auto& hers = seats_.try_emplace(std::move(who), seat{doing::away, {}, now, {}}).first->second;
    hers.languages = std::move(languages);
    if (hers.is == doing::away || hers.is == doing::wrapping_up) {
        hers.is = doing::ready;
        hers.since = now;
    }
}

void hotline_queue::went(operator_id who) {
    auto const found = seats_.find(who);
    if (found == seats_.end()) return;
    auto const was = found->second;
    if (was.is == doing::ringing) end_ring(callers_.at(*was.call), doing::away);
    if (was.is == doing::talking) operator_lost(*was.call);
    seats_.erase(who);
}

void hotline_queue::ring_ended(call_id call, operator_id const& who, ring_end how, instant now) {
    auto const found = callers_.find(call);
    if (found == callers_.end()) return;
    auto& waits = found->second;
    if (!waits.rings || waits.rings->who != who) return;
    waits.asks_again[who] = now + rules_.asks_again_after;
    waits.rings.reset();
    auto& hers = seats_.at(who);
    hers.is = how == ring_end::refused ? doing::ready : doing::away;
    hers.call.reset();
}

// Also what came too late for our patience: she talks with him, whoever rings by now.
void hotline_queue::answered(call_id call, operator_id const& who) {
    auto const found = callers_.find(call);
    auto const hers = seats_.find(who);
    if (found == callers_.end() || hers == seats_.end()) return;
    auto& waits = found->second;
    if (waits.rings && waits.rings->who == who) {
        waits.rings.reset();
    } else {
        if (hers->second.is != doing::away) return; // she rings or talks for another
        end_ring(waits, doing::ready);
    }
    hers->second.is = doing::talking;
    hers->second.call = call;
    if (waits.at_duty_list) acts_.push_back(stop_duty_list{call});
    talks_[call] = waits.who;
    callers_.erase(found);
}

void hotline_queue::duty_list_answered(call_id call) {
    auto const found = callers_.find(call);
    if (found == callers_.end() || !found->second.at_duty_list) return;
    end_ring(found->second, doing::ready);
    talks_[call] = found->second.who;
    callers_.erase(found);
}

void hotline_queue::duty_list_ended(call_id call) {
    if (auto const found = callers_.find(call); found != callers_.end())
        found->second.at_duty_list = false;
}

void hotline_queue::talk_ended(call_id call) {
    if (talks_.erase(call) == 0) return;
    for (auto& [who, hers] : seats_)
        if (hers.is == doing::talking && hers.call == call) {
            hers.is = doing::wrapping_up;
            hers.call.reset();
        }
}

// She is away until her browser is back and says that she is ready.
void hotline_queue::operator_lost(call_id call) {
    auto const talk = talks_.find(call);
    if (talk == talks_.end()) return;
    for (auto& [who, hers] : seats_)
        if (hers.is == doing::talking && hers.call == call) {
            hers.is = doing::away;
            hers.call.reset();
        }
    callers_.try_emplace(call, line{std::move(talk->second), true, {}, false, {}, {}});
    talks_.erase(talk);
}

// ------------------------------------------------------------------ what to do

std::vector<hotline_act> hotline_queue::next(instant now) {
    end_late_rings(now);
    ring_seats(now);
    say_places(now);
    return std::exchange(acts_, {});
}

std::vector<hotline_queue::line*> hotline_queue::in_order() {
    std::vector<line*> all;
    for (auto& [id, each] : callers_)
        all.push_back(&each);
    std::sort(all.begin(), all.end(), [](line const* a, line const* b) {
        auto const key = [](line const& l) {
            return std::tuple(!l.was_lost, l.who.rank, l.who.since, l.who.id);
        };
        return key(*a) < key(*b);
    });
    return all;
}

void hotline_queue::ring_seats(instant now) {
    for (auto* const waits : in_order()) {
        if (waits->rings) continue;
        auto const who = seat_for(*waits, now);
        if (!who) {
            if (!is_anybody_there()) ring_duty(*waits);
            continue;
        }
        ring_seat const ring{waits->who.id, *who, now + rules_.rings_for};
        waits->rings = ring;
        auto& hers = seats_.at(*who);
        hers.is = doing::ringing;
        hers.call = ring.call;
        acts_.emplace_back(ring);
    }
}

void hotline_queue::ring_duty(line& waits) {
    if (std::exchange(waits.at_duty_list, true)) return;
    acts_.push_back(ring_duty_list{waits.who.id});
}

// Of those whom he may be put through to, whoever has been idle longest.
std::optional<operator_id> hotline_queue::seat_for(line const& waits, instant now) const {
    if (waits_for_language(waits, now)) return std::nullopt;
    auto const speaks = [&](seat const& hers) {
        return hers.languages.contains(waits.who.language);
    };
    std::pair<operator_id const, seat> const* best = nullptr;
    for (auto const& each : seats_) {
        auto const& [who, hers] = each;
        if (hers.is != doing::ready) continue;
        auto const refused = waits.asks_again.find(who);
        if (refused != waits.asks_again.end() && refused->second > now) continue;
        auto const key = [&](seat const& s) { return std::pair(!speaks(s), s.since); };
        if (!best || key(hers) < key(best->second)) best = &each;
    }
    return best ? std::optional(best->first) : std::nullopt;
}

bool hotline_queue::waits_for_language(line const& waits, instant now) const {
    if (waits.who.language.empty() || waits.was_lost) return false;
    if (waits.who.rank == caller_rank::emergency) return false;
    if (now >= waits.who.since + rules_.waits_for_language) return false;
    bool is_spoken = false;
    for (auto const& [who, hers] : seats_) {
        if (hers.is == doing::away || !hers.languages.contains(waits.who.language)) continue;
        if (hers.is == doing::ready && !waits.asks_again.contains(who)) return false;
        is_spoken = true;
    }
    return is_spoken;
}

bool hotline_queue::is_anybody_there() const {
    return std::any_of(seats_.begin(), seats_.end(),
                       [](auto const& each) { return each.second.is != doing::away; });
}

void hotline_queue::end_ring(line& waits, doing seat_is) {
    if (!waits.rings) return;
    auto const [call, who, until] = *waits.rings;
    acts_.push_back(stop_ringing{call, who});
    waits.rings.reset();
    auto& hers = seats_.at(who);
    hers.is = seat_is;
    hers.call.reset();
}

// Whatever holds the lines should have told it.
void hotline_queue::end_late_rings(instant now) {
    for (auto& [id, waits] : callers_) {
        if (!waits.rings || now < waits.rings->until + rules_.engine_is_late) continue;
        waits.asks_again[waits.rings->who] = now + rules_.asks_again_after;
        end_ring(waits, doing::away);
    }
}

// Nobody hears of his place while a telephone rings for him.
void hotline_queue::say_places(instant now) {
    int place = 0;
    for (auto* const waits : in_order()) {
        ++place;
        if (waits->rings || now < tells_place_at(*waits)) continue;
        waits->told_at = now;
        acts_.push_back(say_place{waits->who.id, place});
    }
}

instant hotline_queue::tells_place_at(line const& waits) const {
    return waits.told_at ? *waits.told_at + rules_.next_place_after
                         : waits.who.since + rules_.first_place_after;
}

std::optional<instant> hotline_queue::due(instant now) const {
    std::optional<instant> first;
    auto const at = [&](instant then) {
        if (then > now && (!first || then < *first)) first = then;
    };
    for (auto const& [id, waits] : callers_) {
        if (waits.rings) {
            at(waits.rings->until + rules_.engine_is_late);
            continue;
        }
        at(tells_place_at(waits));
        if (!waits.who.language.empty()) at(waits.who.since + rules_.waits_for_language);
        for (auto const& [who, again] : waits.asks_again)
            at(again);
    }
    return first;
}

ring_back after_abandoning(bool is_bound, bool is_again) {
    if (!is_bound) return {priority::p3, minutes(30)};
    return {is_again ? priority::p1 : priority::p2, seconds(60)};
}

} // namespace linli::domain
