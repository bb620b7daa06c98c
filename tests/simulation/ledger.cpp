#include "simulation/ledger.hpp"

#include <fmt/core.h>

namespace linli::simulation {

void ledger::pressed(domain::signal const& what, bool resends) {
    events_[what.event.value].resends = resends;
}

void ledger::written_down(domain::event_id const& which) {
    events_.at(which.value).written_down = true;
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
    auto& seen = offers_[told.id];
    auto const [same, fresh] = seen.versions.emplace(told.version, told.state);
    if (same->second != told.state)
        here_.broken(fmt::format("offer {} version {} was told as {} and as {}", to_string(told.id),
                                 told.version, to_text(same->second), to_text(told.state)));
    if (told.version <= seen.version) return; // as proto/linli/v1/offer.proto tells him to
    seen.version = told.version;
    seen.state = told.state;
}

void ledger::answered(std::string const& reply_id, std::optional<domain::refusal> refused) {
    auto const [at, fresh] = answers_.emplace(reply_id, refused);
    if (!fresh && !at->second && refused)
        here_.odd("a resend of a taken reply is refused: " + std::string(to_text(*refused)));
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

void ledger::check_all_arrived() {
    auto const& stored = here_.record.holds().signals;
    for (auto const& [id, known] : events_) {
        if ((known.written_down || known.resends) && !stored.contains(id))
            here_.broken("rule 1: " + id + " is lost");
        if (known.resends && !known.heard_stored)
            here_.broken("the device of " + id + " never heard that it is stored");
    }
    for (auto const& [id, each] : stored)
        if (!events_.contains(id)) here_.broken("the record has " + id + ", which nobody made");
    check_offers();
}

} // namespace linli::simulation
