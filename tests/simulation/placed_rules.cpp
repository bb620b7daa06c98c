#include "simulation/placed_rules.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace linli::simulation {

namespace {

using domain::log_kind;
using domain::placed_end;
using domain::seconds;

constexpr seconds begins_within{5 + 6}; // as domain::offer_call_times has it, and looks take time
constexpr seconds again_within{10 + 6};
constexpr seconds is_too_late{5 + 2};        // to begin one: the offer runs out
constexpr std::size_t lines_for_offers = 10; // more of them wait for one

std::string number_for(scene const& here, domain::offer const& f) {
    auto const& by = here.offer_calls;
    auto const find = [](auto const& all, auto const& whose) {
        auto const at = all.find(whose);
        return at == all.end() ? std::string() : at->second;
    };
    return f.worker.empty() ? find(by.companies, f.provider) : find(by.workers, f.worker);
}

bool is_rung(domain::order const& o) {
    return o.alert && o.level == domain::priority::p1 && o.what_for != domain::purpose::synthetic;
}

bool needs_no_other(placed_end how) {
    return how == placed_end::pressed || how == placed_end::no_such_number;
}

// Since when it should ring; nothing: it does, or need not.
std::optional<domain::instant> should_ring_since(scene const& here, domain::offer const& f,
                                                 domain::instant steady_since) {
    auto const& calls = here.placed.about(f.id);
    if (calls.empty()) return std::max(f.opened_at, steady_since) + begins_within;
    domain::instant last = steady_since;
    for (auto const& id : calls) {
        auto const& one = here.placed.all().at(id);
        if (!one.how || needs_no_other(*one.how)) return std::nullopt;
        last = std::max(last, one.ended_at);
    }
    return last + again_within;
}

// The ids at the end of all lines that say who was told, and how he was rung.
std::set<std::string> told_on_logs(scene const& here) {
    std::set<std::string> all;
    for (auto const& [chain, lines] : here.record.holds().log)
        for (auto const& each : lines) {
            auto const& line = each.what.line;
            if (line.what != log_kind::told && line.what != log_kind::not_told) continue;
            all.insert(line.why.substr(line.why.rfind(' ') + 1));
        }
    return all;
}

// Whatever came of his key: his accept, or why it was refused.
bool was_heard(scene const& here, domain::order_id const& order) {
    auto const& lines = here.record.holds().log.at(order.value);
    return std::any_of(lines.begin(), lines.end(), [](auto const& each) {
        auto const what = each.what.line.what;
        return each.what.line.by.kind == domain::actor_kind::worker &&
               (what == log_kind::accepted || what == log_kind::declined ||
                what == log_kind::reply_refused);
    });
}

void check_offer_call(scene& here, tests::memory_placed_calls::row const& one) {
    auto const& f = here.record.holds().offers.at(one.what.offer);
    if (one.key == "1" && !was_heard(here, f.order))
        here.broken("a key was pressed for an offer, and nobody has heard it");
    bool const took = one.key == "1" && f.state == domain::offer_state::accepted;
    if (took) here.saw(rare::accepted_by_a_key);
}

} // namespace

void check_offers_are_rung(scene& here, domain::instant steady_since) {
    if (here.placed.open_ones().size() >= lines_for_offers) return;
    auto const& t = here.record.holds();
    auto const now = here.house_now();
    for (auto const& [when, id] : t.due_offers) {
        auto const& f = t.offers.at(id);
        bool const may_ring = is_rung(t.orders.at(f.order)) && !number_for(here, f).empty() &&
                              now < f.expires_at - is_too_late;
        auto const since = may_ring ? should_ring_since(here, f, steady_since) : std::nullopt;
        if (since && now > *since)
            here.broken(fmt::format("rule 3: {} is asked about {}, and nobody rings him",
                                    f.worker.value, t.orders.at(f.order).number));
    }
}

void check_placed_calls(scene& here) {
    auto const told = told_on_logs(here);
    for (auto const& [id, one] : here.placed.all()) {
        if (!one.how) {
            here.broken("rule 3: a call of the house never ends: " + to_string(id));
            continue;
        }
        here.seen.placed.add(*one.how);
        if (one.what.offer == domain::offer_id()) continue;
        check_offer_call(here, one);
        if (!told.contains(to_string(id)))
            here.broken("rule 9: no line says what came of the call " + to_string(id));
    }
    for (auto const& [id, d] : here.deliveries.holds())
        if (d.state != domain::delivery_state::queued && !told.contains(to_string(id)))
            here.broken("rule 9: no line says that " + d.who + " was told, or was not");
}

} // namespace linli::simulation
