#include "simulation/world_rules.hpp"

#include <map>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "simulation/commit_rules.hpp"
#include "support/memory_commit.hpp"
#include "support/schema_checks.hpp"

namespace linli::simulation {

namespace {

using domain::alert_state;
using domain::log_kind;
using domain::order_state;
using tests::kept_line;

using chain = std::vector<kept_line>;

bool says(chain const& all, log_kind what) {
    for (auto const& each : all)
        if (each.what.line.what == what) return true;
    return false;
}

// Rule 9: whole from its first line on, and in order.
void check_chain(scene& here, chain const& all, std::vector<std::string> const& links) {
    std::string before;
    domain::instant at{};
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto const& each = all[i];
        if (each.seq != i + 1) return here.broken("rule 9: a gap in a chain");
        if (links.at(i) != tests::hash_of(before, each))
            return here.broken("rule 9: a link of a chain does not hold");
        if (each.what.line.at + processes_agree_within < at) here.goes_back_in_time();
        before = links[i];
        at = each.what.line.at;
    }
}

void check_chains(scene& here) {
    auto const& t = here.record.holds();
    for (auto const& [id, all] : t.log) {
        auto const& links = t.links.at(id);
        check_chain(here, all, links);
        if (t.heads.at(id).hash != links.back() || t.heads.at(id).seq != all.size())
            here.broken("rule 9: a chain's head is not its last line");
    }
}

// What an order's log must say for it to be where it is.
bool tells_of(chain const& all, order_state state) {
    switch (state) {
    case order_state::requested:
        return says(all, log_kind::order_opened);
    case order_state::offered:
        return says(all, log_kind::offered) || says(all, log_kind::expired) ||
               says(all, log_kind::declined) || says(all, log_kind::no_show) ||
               says(all, log_kind::moved);
    case order_state::accepted:
        return says(all, log_kind::accepted) || says(all, log_kind::assigned);
    case order_state::en_route:
        return says(all, log_kind::en_route);
    case order_state::arrived:
        return says(all, log_kind::arrived);
    case order_state::in_service:
        return says(all, log_kind::started);
    case order_state::completed:
        return says(all, log_kind::completed);
    case order_state::followed_up:
        return says(all, log_kind::followed_up) || says(all, log_kind::rung_back);
    case order_state::no_access:
        return says(all, log_kind::no_access);
    case order_state::unfilled:
        return says(all, log_kind::unfilled);
    case order_state::stood_down:
        return says(all, log_kind::stood_down);
    case order_state::cancelled:
        return says(all, log_kind::cancelled);
    case order_state::failed:
        return says(all, log_kind::failed);
    }
    return false;
}

void check_alerts(scene& here) {
    auto const& t = here.record.holds();
    std::set<std::pair<domain::subject, domain::purpose>> open;
    for (auto const& [id, a] : t.alerts) {
        auto const name = to_string(a.about);
        if (!tests::passes_checks(a)) here.broken("rule 3: the alert of " + name + " is not whole");
        if (is_open(a) && !open.emplace(a.about, a.what_for).second)
            here.broken("rule 2: two open alerts of " + name);
        auto const& all = t.log.at(id.value);
        if (says(all, log_kind::closed) == is_open(a))
            here.broken("rule 9: the log of the alert of " + name + " and its state differ");
    }
}

void check_orders(scene& here) {
    auto const& t = here.record.holds();
    std::map<domain::worker_id, domain::home_id> bound;
    std::map<std::string, domain::order_id> numbers;
    for (auto const& [id, o] : t.orders) {
        if (!tests::passes_checks(o)) here.broken("rule 3: order " + o.number + " is not whole");
        if (!numbers.emplace(o.number, id).second)
            here.broken("two orders have the number " + o.number);
        if (!tells_of(t.log.at(id.value), o.state))
            here.broken(fmt::format("rule 9: no line says how order {} came to be {}", o.number,
                                    to_text(o.state)));
        if (!is_on_visit(o) || !is_real(o.what_for) || o.worker.empty()) continue;
        auto const [at, fresh] = bound.emplace(o.worker, o.home);
        if (!fresh && at->second != o.home)
            here.broken("rule 4: " + o.worker.value + " is bound to two homes at once");
    }
}

void check_offers(scene& here) {
    auto const& t = here.record.holds();
    std::set<domain::order_id> accepted;
    for (auto const& [id, o] : t.offers) {
        if (!tests::passes_checks(o)) here.broken("rule 3: an offer is not whole");
        if (o.state == domain::offer_state::accepted && !accepted.insert(o.order).second)
            here.broken("rule 4: two have accepted " + t.orders.at(o.order).number);
    }
}

// Rules 6 and 10: each signal has what it means, and all its times.
void check_signals(scene& here) {
    auto const& t = here.record.holds();
    for (auto const& [id, kept] : t.signals) {
        auto const& s = kept.what;
        if (s.alert && !t.alerts.contains(*s.alert))
            here.broken("rule 6: the alert of " + id + " is gone");
        if (s.what.received_at == domain::instant{} || kept.committed_at == domain::instant{})
            here.broken("rule 10: a time of " + id + " is missing");
    }
}

} // namespace

void check_whole_world(scene& here) {
    check_chains(here);
    check_alerts(here);
    check_orders(here);
    check_offers(here);
    check_signals(here);
    auto const& t = here.record.holds();
    for (auto const& [id, r] : t.requests)
        if (!tests::passes_checks(r))
            here.broken("rule 3: the request of " + to_string(r.about) + " is not whole");
}

} // namespace linli::simulation
