#include "domain/hotline.hpp"

namespace linli::domain {

caller_rank rank_of(caller_facts const& who) {
    if (who.has_emergency) return caller_rank::emergency;
    if (who.is_frail) return caller_rank::frail;
    return who.was_silent ? caller_rank::silent_again : caller_rank::other;
}

ring_back after_abandoning(bool is_bound, bool is_again) {
    if (!is_bound) return {priority::p3, minutes(30)};
    return {is_again ? priority::p1 : priority::p2, seconds(60)};
}

// Whoever holds the hotline makes a silent one away; who is none of that was silent because nobody
// could hear her.
hotline_seat heard(hotline_seat known, seat_word said, std::set<std::string> languages,
                   instant now) {
    bool const is_busy = known.is == seat_state::ringing || known.is == seat_state::talking;
    bool const was_gone = !is_busy && !is_believed(known, now);
    auto const become = [&](seat_state next) {
        if (is_busy || known.is == next) return;
        known.is = next;
        known.since = now;
    };
    if (was_gone) become(seat_state::away);
    if (said == seat_word::away) become(seat_state::away);
    if (said == seat_word::ready) {
        become(seat_state::ready);
        known.said_ready = now;
        known.languages = std::move(languages);
    }
    known.until = said == seat_word::away ? instant() : now + seat_lease;
    return known;
}

bool is_believed(hotline_seat const& seat, instant now) {
    return now < seat.until + longest_deafness;
}

// A talk lasts as long as the telephones say, whatever becomes of her page.
seat_state state_at(hotline_seat const& seat, instant now) {
    return seat.until <= now && seat.is != seat_state::talking ? seat_state::away : seat.is;
}

std::vector<seat_stretch> stretches_of(hotline_seat const& was, hotline_seat const& is) {
    std::vector<seat_stretch> all;
    if (was.is == is.is && was.since == is.since) return all;
    bool const could_fall_silent = was.is != seat_state::away && was.is != seat_state::talking;
    if (could_fall_silent && was.since < was.until && was.until < is.since)
        all.push_back({seat_state::away, was.until});
    all.push_back({is.is, is.since});
    return all;
}

} // namespace linli::domain
