#include "simulation/ledger.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "domain/call.hpp"
#include "domain/dwell.hpp"

namespace linli::simulation {

namespace {

// Not made by a device: the house's own, and what people do at a desk, a page or the telephone.
bool is_of_the_house(domain::signal const& s) {
    return s.door == "clock" || s.door == "desk" || s.door == "page" ||
           domain::is_of_call(s.event) || domain::is_observed(s.event);
}

} // namespace

void ledger::pressed(domain::signal const& what, bool resends) {
    auto& known = events_[what.event.value];
    known.resends = resends;
    known.happened_at = what.happened_at;
    here_.seen.signals.add(what.kind);
}

void ledger::measured(domain::event_id const& which) {
    auto& known = events_[which.value];
    known.is_bulk = true;
    known.resends = false;
    ++measurements_;
}

void ledger::written_down(domain::event_id const& which) {
    auto& known = events_.at(which.value);
    if (!known.written_down && !known.is_bulk) written_.push_back({here_.clock.now(), which.value});
    known.written_down = true;
}

void ledger::check_none_waits(domain::duration allowed) {
    auto const& stored = here_.record.holds().signals;
    while (!written_.empty() && stored.contains(written_.front().event))
        written_.pop_front();
    if (written_.empty() || here_.clock.now() - written_.front().since <= allowed) return;
    here_.broken("rule 8: " + written_.front().event + " waits, though it was acknowledged");
}

void ledger::promised(domain::event_id const& which) {
    if (!here_.record.holds().signals.contains(which.value))
        here_.broken("rule 1: " + which.value + " was promised, and the record has it not");
}

void ledger::kept(app::changes const& what) {
    for (auto const& s : what.signals) {
        if (s.what.received_at > what.at)
            here_.odd("a signal is received by a clock that was ahead of the commit's");
        auto const at = events_.find(s.what.event.value);
        if (at == events_.end()) {
            here_.seen.signals.add(s.what.kind);
            continue;
        }
        bool const is_bare = !s.what.happened_at && s.what.text.empty() && !s.what.fix;
        if (s.what.happened_at != at->second.happened_at && !is_bare)
            here_.broken("rule 10: the time that its device gave is not kept: " +
                         s.what.event.value);
        if (s.what.received_at == domain::instant{})
            here_.broken("rule 10: no time of receipt: " + s.what.event.value);
    }
}

void ledger::heard(app::receipt const& what) {
    auto const at = events_.find(what.event.value);
    if (at == events_.end()) return here_.broken("a receipt for an event that nobody made");
    if (!here_.record.holds().signals.contains(what.event.value))
        here_.broken("rule 1: receipt for " + what.event.value + ", which the record has not");
    at->second.heard_stored = true; // a later stage says so as well
}

void ledger::heard(app::offer_news const& what) {
    auto const& told = what.offer;
    auto const stored = here_.record.holds().offers.find(told.id);
    if (stored == here_.record.holds().offers.end() || told.version > stored->second.version)
        return here_.broken("a provider was told of an offer that was not committed");
    if (what.visit && (told.state != domain::offer_state::accepted || told.worker.empty()))
        here_.broken("somebody is shown the door before he has accepted");
    auto& seen = offers_[told.id];
    auto const [same, fresh] = seen.versions.emplace(told.version, told.state);
    if (same->second != told.state)
        here_.broken(fmt::format("offer {} version {} was told as {} and as {}", to_string(told.id),
                                 told.version, to_text(same->second), to_text(told.state)));
    if (told.version <= seen.version) return; // as proto/linli/v1/offer.proto tells him to
    seen.version = told.version;
    seen.state = told.state;
}

void ledger::heard(app::letter const& what) {
    bool const is_degraded = what.about.why == domain::notice_reason::degraded;
    if (!is_degraded && !here_.record.holds().alerts.contains(what.about.alert))
        return here_.broken("rule 5: somebody is told of an alert that was not committed");
    reached(what.key, about(what));
}

void ledger::heard_by_voice(std::string const& key) {
    auto const at = spoken_.find(key);
    if (at == spoken_.end())
        return here_.broken("rule 5: somebody is rung for what nobody was to tell him");
    reached(key, at->second);
}

void ledger::reached(std::string const& key, together const& what) {
    here_.seen.letters.add(what.why);
    if (!letters_.insert(key).second) here_.saw(rare::person_told_twice);
    auto const id = domain::parse_uuid(key);
    bool const is_for_one = id && here_.deliveries.holds().contains(domain::delivery_id{*id});
    if (id && !is_for_one) together_.push_back(what);
}

void ledger::answered(std::string const& reply_id, std::optional<domain::refusal> refused) {
    if (refused) here_.seen.refusals.add(*refused);
    auto const [at, fresh] = answers_.emplace(reply_id, refused);
    if (!fresh && !at->second && refused)
        here_.odd("a resend of a taken reply is refused: " + std::string(to_text(*refused)));
}

// Of a visit that had failed it was said before, or nobody stands there any more.
void ledger::says_120(domain::order_id const& order, std::optional<domain::refusal> refused) {
    auto const& o = here_.record.holds().orders.at(order);
    bool const has_failed = o.state == domain::order_state::failed;
    if (refused && has_failed) return;
    if (refused) here_.saw(rare::says_120_of_a_visit_that_is_over);
    need_120_.insert(order);
}

void ledger::check_offers() {
    for (auto const& [id, stored] : here_.record.holds().offers) {
        auto const told = offers_.find(id);
        if (told == offers_.end())
            here_.broken("rule 5: a provider never heard of offer " + to_string(id));
        else if (told->second.version != stored.version || told->second.state != stored.state)
            here_.broken(fmt::format("rule 5: offer {} is {} {}, its provider heard {} {}",
                                     to_string(id), to_text(stored.state), stored.version,
                                     to_text(told->second.state), told->second.version));
    }
}

// By a letter of his own, or by one that is about several.
bool ledger::was_told(domain::delivery const& of) const {
    if (letters_.contains(to_string(of.id))) return true;
    return std::any_of(together_.begin(), together_.end(), [&](together const& each) {
        return each.to == of.about.to && each.by == of.by && each.why == of.about.why &&
               each.at >= of.since;
    });
}

// Whoever is written down as told has been told.
void ledger::check_letters() {
    for (auto const& [id, d] : here_.deliveries.holds()) {
        bool const told =
            d.state == domain::delivery_state::sent || d.state == domain::delivery_state::delivered;
        here_.seen.deliveries.add(d.state);
        bool const is_degraded = d.about.why == domain::notice_reason::degraded; // another key
        if (told && !is_degraded && !was_told(d))
            here_.broken("rule 5: " + d.who + " is written down as told and never was");
    }
}

void ledger::check_all_arrived() {
    auto const& stored = here_.record.holds().signals;
    auto const bulk = here_.telemetry.kept();
    for (auto const& [id, known] : events_) {
        if (known.is_bulk) {
            if (known.written_down && !bulk.contains(id))
                here_.broken("rule 1: what was measured as " + id + " is lost");
            continue;
        }
        if ((known.written_down || known.resends) && !stored.contains(id))
            here_.broken("rule 1: " + id + " is lost");
        if (known.resends && !known.heard_stored)
            here_.broken("the device of " + id + " never heard that it is stored");
    }
    for (auto const& [id, each] : stored)
        if (!events_.contains(id) && !is_of_the_house(each.what.what))
            here_.broken("the record has " + id + ", which nobody made");
    check_offers();
    check_letters();
}

} // namespace linli::simulation
