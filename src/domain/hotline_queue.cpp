#include "domain/hotline_queue.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace linli::domain {

// ------------------------------------------------------------------ callers

void hotline_queue::came(hotline_caller who) {
    auto const id = who.id;
    if (talks_.contains(id)) return;
    auto const since = who.since;
    callers_.try_emplace(id, waiting_line{std::move(who), since, back::no, {}, false, {}, {}});
}

void hotline_queue::ranked(call_id call, caller_rank rank, std::string language) {
    auto const learn = [&](hotline_caller& who) {
        who.rank = std::min(who.rank, rank);
        if (!language.empty()) who.language = std::move(language);
    };
    if (auto const found = callers_.find(call); found != callers_.end()) learn(found->second.who);
    if (auto const talk = talks_.find(call); talk != talks_.end()) learn(talk->second);
}

void hotline_queue::left(call_id call, instant now) {
    talk_ended(call, now);
    auto const found = callers_.find(call);
    if (found == callers_.end()) return;
    end_ring(found->second, seat_state::ready);
    if (found->second.at_duty_list) acts_.push_back(stop_duty_list{call});
    callers_.erase(found);
}

// ------------------------------------------------------------------ seats

// Said again by whoever rings or talks, it changes nothing but her languages.
void hotline_queue::is_ready(operator_id who, std::set<std::string> languages, instant now) {
    auto& hers =
        seats_.try_emplace(std::move(who), seat{seat_state::away, {}, now, {}}).first->second;
    hers.languages = std::move(languages);
    if (hers.is == seat_state::away || hers.is == seat_state::wrapping_up) {
        hers.is = seat_state::ready;
        hers.since = now;
    }
}

void hotline_queue::went(operator_id who, instant now) {
    auto const found = seats_.find(who);
    if (found == seats_.end()) return;
    auto const was = found->second;
    stop_her_ring(was);
    if (was.is == seat_state::talking) {
        third_went(*was.call, who, now);
        if (found->second.is == seat_state::talking) operator_lost(*was.call, now);
    }
    seats_.erase(who);
}

// Her word is a row of the record. Were it waited for while the record is away, each would answer
// one call and nobody after it.
void hotline_queue::none_can_say_ready(instant now) {
    end_wrap_ups(now, rules_.wraps_up_for);
}

// Not while a call of her own has her telephone: after it she wraps up anew.
void hotline_queue::end_wrap_ups(instant now, seconds longest) {
    for (auto& [who, hers] : seats_) {
        if (hers.is != seat_state::wrapping_up || dialling_.contains(who)) continue;
        if (now < hers.since + longest) continue;
        hers.is = seat_state::ready;
        hers.since = now;
    }
}

void hotline_queue::ring_ended(call_id call, operator_id const& who, ring_end how, instant now) {
    auto const hers_is = how == ring_end::refused ? seat_state::ready : seat_state::away;
    if (auto const handing = hand_overs_.find(call);
        handing != hand_overs_.end() && handing->second.who == who) {
        hand_overs_.erase(handing);
        auto& hers = seats_.at(who);
        hers.is = hers_is;
        hers.call.reset();
        return;
    }
    auto const found = callers_.find(call);
    if (found == callers_.end()) return;
    auto& waits = found->second;
    if (!waits.rings || waits.rings->who != who) return;
    waits.asks_again[who] = now + rules_.asks_again_after;
    waits.rings.reset();
    auto& hers = seats_.at(who);
    hers.is = hers_is;
    hers.call.reset();
}

// Also what came too late for our patience, and of a seat that has gone meanwhile: whatever rings
// by now, she talks with him.
void hotline_queue::answered(call_id call, operator_id const& who) {
    auto const found = callers_.find(call);
    if (found == callers_.end()) return;
    auto& waits = found->second;
    auto& hers =
        seats_.try_emplace(who, seat{seat_state::away, {}, waits.who.since, {}}).first->second;
    if (waits.rings && waits.rings->who == who) {
        waits.rings.reset();
    } else {
        if (hers.is == seat_state::talking) return;
        end_ring(waits, seat_state::ready);
        stop_her_ring(hers);
    }
    hers.is = seat_state::talking;
    hers.call = call;
    if (waits.at_duty_list) acts_.push_back(stop_duty_list{call});
    talks_[call] = waits.who;
    callers_.erase(found);
}

void hotline_queue::duty_list_answered(call_id call) {
    auto const found = callers_.find(call);
    if (found == callers_.end()) return;
    end_ring(found->second, seat_state::ready);
    talks_[call] = found->second.who;
    callers_.erase(found);
}

void hotline_queue::talk_ended(call_id call, instant now) {
    end_hand_over(call, seat_state::ready);
    if (auto const third = thirds_.find(call); third != thirds_.end())
        third_went(call, operator_id(third->second), now);
    if (talks_.erase(call) > 0) leave_talk(call, seat_state::wrapping_up, now);
}

// She is away until her browser is back and says that she is ready.
void hotline_queue::operator_lost(call_id call, instant now) {
    if (!talks_.contains(call)) return;
    leave_talk(call, seat_state::away, now);
    back_in_line(call, back::lost, now);
}

void hotline_queue::parked(call_id call, instant now) {
    if (!talks_.contains(call)) return;
    leave_talk(call, seat_state::wrapping_up, now);
    back_in_line(call, back::parked, now);
}

// Whoever had him; the third has yet to go.
void hotline_queue::leave_talk(call_id call, seat_state hers_is, instant now) {
    auto const third = thirds_.find(call);
    for (auto& [who, hers] : seats_) {
        bool const is_third = third != thirds_.end() && third->second == who;
        if (hers.is != seat_state::talking || hers.call != call || is_third) continue;
        hers.is = hers_is;
        hers.since = now;
        hers.call.reset();
    }
}

// Whoever rings to take the talk over takes him all the same.
void hotline_queue::back_in_line(call_id call, back is, instant now) {
    auto const talk = talks_.find(call);
    auto& waits =
        callers_
            .try_emplace(call, waiting_line{std::move(talk->second), now, is, {}, false, {}, {}})
            .first->second;
    talks_.erase(talk);
    if (auto const handing = hand_overs_.extract(call)) waits.rings = handing.mapped();
}

// ------------------------------------------------------------------ her own calls

void hotline_queue::dials(operator_id who) {
    dialling_.insert(std::move(who));
}

void hotline_queue::has_dialled(operator_id const& who, bool has_talked, instant now) {
    if (dialling_.erase(who) == 0) return;
    auto const found = seats_.find(who);
    if (found == seats_.end()) return;
    auto& hers = found->second;
    if (hers.is == seat_state::ready && has_talked) hers.is = seat_state::wrapping_up;
    if (hers.is == seat_state::ready || hers.is == seat_state::wrapping_up) hers.since = now;
}

bool hotline_queue::is_free(operator_id const& who, seat const& hers) const {
    return hers.is == seat_state::ready && !dialling_.contains(who);
}

// ------------------------------------------------------------------ from one to another

std::optional<ring_seat> hotline_queue::hands_over(call_id call, operator_id const& to,
                                                   instant now) {
    auto const hers = seats_.find(to);
    if (hers == seats_.end() || !is_free(to, hers->second)) return std::nullopt;
    if (!talks_.contains(call) || hand_overs_.contains(call)) return std::nullopt;
    ring_seat const ring{call, to, now + rules_.rings_for};
    hand_overs_[call] = ring;
    hers->second.is = seat_state::ringing;
    hers->second.call = call;
    return ring;
}

void hotline_queue::handed_over(call_id call, std::optional<operator_id> to, instant now) {
    if (!talks_.contains(call)) return;
    auto const handing = hand_overs_.find(call);
    if (to && handing != hand_overs_.end() && handing->second.who == *to)
        hand_overs_.erase(handing);
    end_hand_over(call, seat_state::ready);
    leave_talk(call, seat_state::wrapping_up, now);
    if (!to) return;
    if (auto const third = thirds_.find(call); third != thirds_.end() && third->second == *to)
        thirds_.erase(third); // the talk is hers
    auto& hers = seats_[*to];
    hers.is = seat_state::talking;
    hers.call = call;
}

void hotline_queue::end_hand_over(call_id call, seat_state hers_is) {
    auto const handing = hand_overs_.extract(call);
    if (!handing) return;
    auto const& who = handing.mapped().who;
    acts_.push_back(stop_ringing{call, who});
    auto& hers = seats_.at(who);
    hers.is = hers_is;
    hers.call.reset();
}

void hotline_queue::third_came(call_id call, operator_id const& who, instant now) {
    if (!talks_.contains(call)) return;
    auto& hers = seats_.try_emplace(who, seat{seat_state::away, {}, now, {}}).first->second;
    if (hers.is == seat_state::talking) return;
    auto const handing = hand_overs_.find(call);
    if (handing != hand_overs_.end() && handing->second.who == who)
        hand_overs_.erase(handing);
    else
        stop_her_ring(hers);
    thirds_[call] = who;
    hers.is = seat_state::talking;
    hers.call = call;
    hers.since = now;
}

void hotline_queue::third_went(call_id call, operator_id const& who, instant now) {
    auto const found = thirds_.find(call);
    if (found == thirds_.end() || found->second != who) return;
    thirds_.erase(found);
    auto const hers = seats_.find(who);
    if (hers == seats_.end()) return;
    hers->second.is = seat_state::wrapping_up;
    hers->second.since = now;
    hers->second.call.reset();
}

// ------------------------------------------------------------------ what is found

// What she was doing with a call is found with the call.
void hotline_queue::found_seat(operator_id who, seat_state is, std::set<std::string> languages,
                               instant since) {
    if (is == seat_state::ringing) is = seat_state::ready;
    if (is == seat_state::talking) is = seat_state::wrapping_up;
    seats_[std::move(who)] = {is, {}, since, std::move(languages)};
}

void hotline_queue::found_ringing(ring_seat const& what) {
    auto const waits = callers_.find(what.call);
    if (waits == callers_.end() && !talks_.contains(what.call)) return;
    auto& hers =
        seats_.try_emplace(what.who, seat{seat_state::away, {}, what.until, {}}).first->second;
    bool const is_busy = hers.is == seat_state::ringing || hers.is == seat_state::talking;
    if (is_busy || (waits != callers_.end() && waits->second.rings)) {
        acts_.push_back(stop_ringing{what.call, what.who});
        return;
    }
    if (waits != callers_.end())
        waits->second.rings = what;
    else
        hand_overs_[what.call] = what;
    hers.is = seat_state::ringing;
    hers.call = what.call;
}

void hotline_queue::found_talking(hotline_caller who, std::optional<operator_id> with) {
    auto const id = who.id;
    came(std::move(who));
    if (with) answered(id, *with);
    duty_list_answered(id); // whoever it is
}

// ------------------------------------------------------------------ what to do

std::vector<hotline_act> hotline_queue::next(instant now) {
    end_late_rings(now);
    end_wrap_ups(now, rules_.wraps_up_at_most);
    ring_seats(now);
    say_places(now);
    return std::exchange(acts_, {});
}

std::vector<hotline_queue::waiting_line*> hotline_queue::in_order() {
    std::vector<waiting_line*> all;
    for (auto& [id, each] : callers_)
        all.push_back(&each);
    std::sort(all.begin(), all.end(), [](waiting_line const* a, waiting_line const* b) {
        auto const key = [](waiting_line const& l) {
            return std::tuple(l.is != back::lost, l.who.rank, l.is != back::parked, l.who.since,
                              l.who.id);
        };
        return key(*a) < key(*b);
    });
    return all;
}

void hotline_queue::ring_seats(instant now) {
    for (auto* const waits : in_order()) {
        // A page may stand open with nobody before it, and another one, and another.
        if (now >= waits->waits_since + rules_.duty_list_after) ring_duty(*waits);
        if (waits->rings) continue;
        auto const who = seat_for(*waits, now);
        if (!who) {
            if (!is_anybody_there()) ring_duty(*waits);
            continue;
        }
        ring_seat const ring{waits->who.id, *who, now + rules_.rings_for};
        waits->rings = ring;
        auto& hers = seats_.at(*who);
        hers.is = seat_state::ringing;
        hers.call = ring.call;
        acts_.emplace_back(ring);
    }
}

void hotline_queue::ring_duty(waiting_line& waits) {
    if (std::exchange(waits.at_duty_list, true)) return;
    acts_.push_back(ring_duty_list{waits.who.id});
}

// Of those whom he may be put through to, whoever has been idle longest.
std::optional<operator_id> hotline_queue::seat_for(waiting_line const& waits, instant now) const {
    if (waits_for_language(waits, now)) return std::nullopt;
    auto const speaks = [&](seat const& hers) {
        return hers.languages.contains(waits.who.language);
    };
    std::pair<operator_id const, seat> const* best = nullptr;
    for (auto const& each : seats_) {
        auto const& [who, hers] = each;
        if (!is_free(who, hers)) continue;
        auto const refused = waits.asks_again.find(who);
        if (refused != waits.asks_again.end() && refused->second > now) continue;
        auto const key = [&](seat const& s) { return std::pair(!speaks(s), s.since); };
        if (!best || key(hers) < key(best->second)) best = &each;
    }
    return best ? std::optional(best->first) : std::nullopt;
}

bool hotline_queue::waits_for_language(waiting_line const& waits, instant now) const {
    if (waits.who.language.empty() || waits.is != back::no) return false;
    if (waits.who.rank == caller_rank::emergency) return false;
    if (now >= waits.who.since + rules_.waits_for_language) return false;
    bool is_spoken = false;
    for (auto const& [who, hers] : seats_) {
        if (hers.is == seat_state::away || !hers.languages.contains(waits.who.language)) continue;
        if (is_free(who, hers) && !waits.asks_again.contains(who)) return false;
        is_spoken = true;
    }
    return is_spoken;
}

bool hotline_queue::is_anybody_there() const {
    return std::any_of(seats_.begin(), seats_.end(),
                       [](auto const& each) { return each.second.is != seat_state::away; });
}

void hotline_queue::end_ring(waiting_line& waits, seat_state seat_is) {
    if (!waits.rings) return;
    auto const [call, who, until] = *waits.rings;
    acts_.push_back(stop_ringing{call, who});
    waits.rings.reset();
    auto& hers = seats_.at(who);
    hers.is = seat_is;
    hers.call.reset();
}

void hotline_queue::stop_her_ring(seat const& hers) {
    if (hers.is != seat_state::ringing) return;
    auto const call = *hers.call;
    auto const waits = callers_.find(call);
    if (waits != callers_.end())
        end_ring(waits->second, seat_state::away);
    else
        end_hand_over(call, seat_state::away);
}

// Whatever holds the lines should have told it.
void hotline_queue::end_late_rings(instant now) {
    for (auto& [id, waits] : callers_) {
        if (!waits.rings || now < waits.rings->until + rules_.engine_is_late) continue;
        waits.asks_again[waits.rings->who] = now + rules_.asks_again_after;
        end_ring(waits, seat_state::away);
    }
    std::vector<call_id> late;
    for (auto const& [id, rings] : hand_overs_)
        if (now >= rings.until + rules_.engine_is_late) late.push_back(id);
    for (auto const& id : late)
        end_hand_over(id, seat_state::away);
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

instant hotline_queue::tells_place_at(waiting_line const& waits) const {
    return waits.told_at ? *waits.told_at + rules_.next_place_after
                         : waits.who.since + rules_.first_place_after;
}

std::vector<waiting_caller> hotline_queue::line() {
    std::vector<waiting_caller> all;
    for (auto const* const each : in_order())
        all.push_back({each->who.id, each->who.rank, static_cast<int>(all.size()) + 1,
                       each->rings ? each->rings->who : operator_id()});
    return all;
}

std::map<operator_id, seat_doing> hotline_queue::seats() const {
    std::map<operator_id, seat_doing> all;
    for (auto const& [who, hers] : seats_)
        all[who] = {hers.is, hers.call};
    for (auto const& who : dialling_) {
        auto& hers = all.try_emplace(who, seat_doing{seat_state::away, {}}).first->second;
        if (!hers.call) hers.is = seat_state::talking;
    }
    return all;
}

std::map<call_id, operator_id> hotline_queue::handing_over() const {
    std::map<call_id, operator_id> all;
    for (auto const& [call, rings] : hand_overs_)
        all[call] = rings.who;
    return all;
}

std::optional<instant> hotline_queue::due(instant now) const {
    std::optional<instant> first;
    auto const at = [&](instant then) {
        if (then > now && (!first || then < *first)) first = then;
    };
    for (auto const& [id, rings] : hand_overs_)
        at(rings.until + rules_.engine_is_late);
    for (auto const& [who, hers] : seats_)
        if (hers.is == seat_state::wrapping_up) at(hers.since + rules_.wraps_up_at_most);
    for (auto const& [id, waits] : callers_) {
        if (!waits.at_duty_list) at(waits.waits_since + rules_.duty_list_after);
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

} // namespace linli::domain
