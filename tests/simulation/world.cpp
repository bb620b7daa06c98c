#include "simulation/world.hpp"

#include <algorithm>

#include "simulation/quiet_rules.hpp"

namespace linli::simulation {

namespace {

constexpr domain::seconds look_every{1};
constexpr int seats = 3;
constexpr int most_turns_at_one_instant = 100'000;

} // namespace

world::world(std::uint64_t seed, town of, std::ostream* tell)
    : here_(seed, of.registry, tell),
      house_({.here = here_,
              .luck = luck_,
              .journal = journal_,
              .committed = [this](app::changes const& what) { rules_.committed(what); },
              .deliver = [this](app::outbox_row const& row) { deliver(row); }}),
      branch_(here_, luck_, [this](app::changes const& what) { rules_.committed(what); }) {
    here_.told.clock_says(here_.clock.now());
    fair_since_ = looked_at_ = here_.clock.now();
    for (auto const& d : of.devices)
        devices_[d.id] = std::make_unique<device>(domain::device_id{d.id}, d.kinds,
                                                  device::links{here_, by_, book_});
    for (auto const& id : of.providers)
        providers_[id] =
            std::make_unique<provider>(domain::provider_id{id}, provider::links{here_, by_, book_});
    for (int i = 1; i <= seats; ++i)
        seats_.push_back(std::make_unique<seat>(domain::operator_id{"o" + std::to_string(i)},
                                                seat::links{here_, house_, branch_}));
    house_.boot(plan_edition_);
    for (auto const& each : seats_)
        each->begin();
}

device& world::any_device() {
    auto at = devices_.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(here_.chance.below(devices_.size())));
    return *at->second;
}

provider& world::any_provider() {
    auto at = providers_.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(here_.chance.below(providers_.size())));
    return *at->second;
}

void world::deliver(app::outbox_row const& row) {
    auto const what = here_.wire.open(row.payload);
    if (auto const* r = std::get_if<app::receipt>(&what)) {
        auto const to = devices_.find(r->to.value);
        if (to == devices_.end()) return here_.broken("a receipt for nobody: " + r->to.value);
        by_.deliver([to, heard = *r] { to->second->hear(heard); }, roads::care::may_be_lost);
    } else if (auto const* n = std::get_if<app::offer_news>(&what)) {
        auto& to = *providers_.at(n->offer.provider.value);
        by_.deliver([&to, heard = *n] { to.hear(heard); }, roads::care::kept);
    } else if (auto const* f = std::get_if<app::reply_refused>(&what)) {
        auto& to = *providers_.at(f->to.value);
        by_.deliver([&to, heard = *f] { to.hear(heard); }, roads::care::kept);
    }
}

void world::settle() {
    int turns = 0;
    bool did = true;
    while (did && !is_broken()) {
        bool const in_house = house_.settle();
        bool const in_branch = branch_.settle();
        did = in_house || in_branch;
        if (++turns > most_turns_at_one_instant) here_.broken("the house never rests");
    }
    if (house_.is_up() || boot_is_planned_) return;
    boot_is_planned_ = true;
    here_.after(here_.chance.between(domain::duration{1'000}, here_.now.longest_down), [this] {
        boot_is_planned_ = false;
        house_.boot(plan_edition_);
    });
}

// Rule 3, once a second.
void world::look_at_clock() {
    auto const now = here_.clock.now();
    here_.told.clock_says(now);
    if (now < looked_at_ + look_every) return;
    looked_at_ = now;
    auto const since = house_.in_charge_since();
    if (!since || outages_ > 0) return;
    auto const allowed = here_.now.allowed_lateness;
    if (now - std::max(*since, fair_since_) > allowed) check_nothing_overdue(here_, allowed);
}

void world::run_for(domain::duration time) {
    auto const end = here_.clock.now() + time;
    while (!is_broken()) {
        settle();
        if (here_.todo.do_one(here_.clock.now())) continue;
        auto const deed = here_.todo.next().value_or(end);
        auto const waiter = here_.clock.next_waited_for().value_or(end);
        auto const next = std::min({deed, waiter, end});
        if (next >= end && here_.clock.now() >= end) return;
        here_.clock.fast_forward(std::max(next - here_.clock.now(), domain::duration{0}));
        look_at_clock();
    }
}

void world::weather_is(weather const& now) {
    here_.now = now;
    fair_since_ = here_.clock.now();
}

void world::database_goes_for(domain::duration time) {
    here_.note("the database goes away");
    here_.record.away(true);
    ++outages_;
    here_.after(time, [this] {
        here_.note("the database comes back");
        if (--outages_ > 0) return; // another has begun meanwhile
        here_.record.away(false);
        fair_since_ = here_.clock.now();
    });
}

void world::people_come_to_senses() {
    for (auto const& [id, each] : providers_)
        each->come_to_senses();
}

bool world::is_quiet() const {
    auto const& t = here_.record.holds();
    auto const open = [](auto const& each) { return each.second.due_at.has_value(); };
    auto const waits = [](auto const& each) { return each.second->waits(); };
    return house_.is_up() && journal_.is_empty() && t.outbox.empty() &&
           std::none_of(t.alerts.begin(), t.alerts.end(), open) &&
           std::none_of(t.orders.begin(), t.orders.end(), open) &&
           std::none_of(t.requests.begin(), t.requests.end(), open) &&
           std::none_of(devices_.begin(), devices_.end(), waits) &&
           std::none_of(providers_.begin(), providers_.end(), waits);
}

void world::check_quiet() {
    check_all_ended(here_);
    book_.check_all_arrived();
    if (!journal_.is_empty()) here_.broken("something is still in the journal");
    for (auto const& [id, each] : providers_)
        if (each->waits()) here_.broken(id + " still waits for an answer");
}

outcome world::tell_outcome() {
    return {.fault = here_.fault,
            .lately = here_.told.lines(),
            .oddities = here_.oddities,
            .signals = book_.presses(),
            .commits = rules_.commits(),
            .lives = house_.lives(),
            .points = luck_.points(),
            .lasted = here_.clock.now() - tests::evening};
}

} // namespace linli::simulation
