#include "simulation/world.hpp"

#include <algorithm>

#include "simulation/placed_rules.hpp"
#include "simulation/quiet_rules.hpp"
#include "simulation/visit_rules.hpp"
#include "simulation/world_rules.hpp"

namespace linli::simulation {

namespace {

constexpr domain::seconds look_every{1};
constexpr domain::seconds foul_calls_end_within{10}; // that have begun to hang before
constexpr int seats = 3;
constexpr int most_turns_at_one_instant = 100'000;
constexpr std::uint64_t whole_world_every = 10'000; // steps
constexpr std::uint64_t seed_of_the_exchange = 0xD1B54A32D192ED03U;

} // namespace

world::world(plan how)
    : here_(how.seed, how.of.registry, how.tell), rules_(here_, how.servers == 1),
      board_(
          here_, how.seed ^ seed_of_the_exchange,
          {.heard = [this](std::string const& wish) { heard_by_voice(wish); }, .recorded = tapes_}),
      branch_({here_, luck_, [this](app::changes const& what) { committed(what); }}),
      by_(here_, {.signals = [this](std::vector<app::input> what) { return receive(what); },
                  .telemetry =
                      [this](domain::telemetry const& what) {
                          return houses_[receiver_]->arrived(what);
                      }}),
      hotline_(here_, tapes_, [this](deed what, on_answer said) { ask_any(what, said); }) {
    if (how.listens) here_.told.listen();
    here_.speaks = how.of.speaks;
    here_.offer_calls.workers = how.of.telephones;
    here_.offer_calls.companies = how.of.switchboards;
    here_.told.clock_says(here_.clock.now());
    here_.house_now = [this] { return house_now(); };
    here_.deliveries.contacts = how.of.contacts;
    here_.deliveries.sites = how.of.sites;
    agree_on_care(here_);
    fair_since_ = looked_at_ = last_house_now_ = here_.clock.now();
    for (auto const& [number, who] : how.of.numbers)
        hotline_.knows(number, who);
    for (auto const& d : how.of.devices)
        devices_[d.id] = std::make_unique<device>(domain::device_id{d.id}, d.kinds,
                                                  device::links{here_, by_, book_});
    auto const page = [this](deed what, on_answer said) { ask_any(what, said); };
    for (auto const& id : how.of.providers)
        providers_[id] = std::make_unique<provider>(
            domain::provider_id{id},
            provider::links{here_, by_, book_, page,
                            [this](domain::order_id const& of) { try_device(of); }});
    auto const elsewhere = [this](deed what, on_answer said) { branch_.ask(what, said); };
    for (int i = 1; i <= seats; ++i)
        seats_.push_back(std::make_unique<seat>(domain::operator_id{"o" + std::to_string(i)},
                                                seat::links{here_, page, elsewhere}));
    for (int i = 0; i < how.servers; ++i)
        houses_.push_back(a_house("server " + std::to_string(i + 1)));
    for (auto const& each : houses_)
        each->boot(plan_edition_);
    for (auto const& each : seats_)
        each->begin();
}

std::unique_ptr<house> world::a_house(std::string const& name) {
    house::surroundings with{
        .here = here_,
        .luck = luck_,
        .committed = [this](app::changes const& what) { committed(what); },
        .deliver = [this](app::outbox_row const& row) { deliver(row); },
        .carried = [this](app::letter const& what) { book_.heard(what); },
        .to_speak = [this](app::letter const& what) { book_.to_speak(what); },
        .rung_in_the_dark = [this, name](std::uint64_t life, app::letter const& what,
                                         bool took) { dark_.asked(name, life, what, took); },
        .booked = [this, name](auto const& told) { dark_.booked(name, told); },
        .recorded = tapes_};
    return std::make_unique<house>(name, std::move(with));
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

// ---------------------------------------------------------------- between the house and the others

void world::committed(app::changes const& what) {
    book_.kept(what);
    rules_.committed(what);
}

void world::deliver(app::outbox_row const& row) {
    auto const what = here_.wire.open(row.payload);
    if (auto const* r = std::get_if<app::receipt>(&what)) {
        if (r->to.value == "clock") return; // the house's own
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

bool world::receive(std::vector<app::input> what) {
    for (auto const& each : what)
        if (auto const* s = std::get_if<domain::signal>(&each);
            s && here_.record.holds().signals.contains(s->event.value))
            here_.saw(rare::same_event_again);
    return houses_[receiver_]->arrived(std::move(what));
}

// A page or a telephone system reaches one of the servers; a balancer stands before them.
void world::ask_any(deed what, on_answer said) {
    auto& which = *houses_[here_.chance.below(houses_.size())];
    which.ask(std::move(what), std::move(said));
}

void world::try_device(domain::order_id const& of) {
    auto const& o = here_.record.holds().orders.at(of);
    auto const id = domain::installed_device(o.about);
    auto const which = devices_.find(id.value);
    if (which != devices_.end()) which->second->press(domain::signal_kind::sos);
}

// ---------------------------------------------------------------- servers

void world::boot_soon(house& which) {
    if (which.is_up() || boot_is_planned_[&which]) return;
    boot_is_planned_[&which] = true;
    auto const others = [&](auto const& each) { return each.get() != &which && each->is_up(); };
    if (std::any_of(houses_.begin(), houses_.end(), others))
        here_.saw(rare::crash_while_another_house_lives);
    here_.after(here_.chance.between(domain::duration{1'000}, here_.now.longest_down),
                [this, &which] {
                    boot_is_planned_[&which] = false;
                    which.boot(plan_edition_);
                });
}

void world::heard_by_voice(std::string const& wish) {
    auto const id = domain::parse_uuid(wish);
    book_.heard_by_voice(here_.placed.all().at(id.value()).what.reference);
}

// As the lock of the database says; without it nothing changes.
void world::find_hotline_holder() {
    if (!here_.speaks || outages_ > 0) return;
    for (auto const& each : houses_)
        if (each->holds_hotline()) return;
    for (auto const& each : houses_)
        if (each->in_charge_since()) return each->take_hotline(board_);
}

// For a moment both believe that they hold it.
void world::hotline_changes_hands() {
    auto const holds = [](auto const& each) { return each->holds_hotline(); };
    auto const from = std::find_if(houses_.begin(), houses_.end(), holds);
    auto const to = std::find_if(houses_.begin(), houses_.end(), [](auto const& each) {
        return each->in_charge_since() && !each->holds_hotline();
    });
    if (from == houses_.end() || to == houses_.end()) return;
    here_.saw(rare::hotline_changes_hands);
    (*to)->take_hotline(board_);
    here_.after(domain::seconds(1), [former = from->get(), time = (*from)->times_held()] {
        former->lay_down_hotline(time);
    });
}

void world::hotline_has_trouble() {
    switch (here_.chance.below(3)) {
    case 0:
        return board_.restarts();
    case 1:
        return board_.line_breaks();
    default:
        return hotline_changes_hands();
    }
}

// Whatever was struck has had its time, and nobody's clock is another's.
void world::look_at_the_hotline() {
    find_hotline_holder();
    auto const now = here_.clock.now();
    auto const stands = board_.stands_since();
    bool const may_be_late = !here_.now.helpful || outages_ > 0 || here_.clocks_differ ||
                             here_.database.hangs_until > now;
    if (!stands || may_be_late) return;
    auto const steady = std::max({*stands, fair_since_, here_.hang_given_up_at});
    if (steady > now) return;
    check_offers_are_rung(here_, here_.house_now() - (now - steady));
}

// Without the database nobody takes over; the last one keeps its session, also over a restart.
void world::find_receiver() {
    if (outages_ > 0 || houses_[receiver_]->in_charge_since()) return;
    receiver_changes();
}

void world::receiver_changes() {
    for (std::size_t i = 0; i < houses_.size(); ++i) {
        if (i == receiver_ || !houses_[i]->in_charge_since()) continue;
        here_.saw(rare::receiver_changes);
        here_.note(houses_[i]->name() + " receives");
        receiver_ = i;
        return;
    }
}

void world::any_server_crashes() {
    auto& which = *houses_[here_.chance.below(houses_.size())];
    if (which.is_up()) which.crash();
}

void world::restart_after_a_jump() {
    if (!here_.clocks_differ) return;
    for (auto const& each : houses_)
        if (each->is_up()) each->crash();
    here_.clocks_differ = false;
}

void world::restart_those_with_something_set_aside() {
    for (auto const& each : houses_) {
        if (!each->has_set_aside()) continue;
        here_.saw(rare::set_aside);
        each->crash();
    }
}

void world::plans_change() {
    here_.saw(rare::plans_change);
    ++plan_edition_;
}

// ---------------------------------------------------------------- time

// By the clock of whoever receives; while all are down, the latest that was known.
domain::instant world::house_now() {
    auto now = houses_[receiver_]->now();
    for (auto const& each : houses_)
        if (!now) now = each->now();
    last_house_now_ = std::max(last_house_now_, now.value_or(last_house_now_));
    return now.value_or(last_house_now_);
}

std::optional<domain::instant> world::in_charge_since() const {
    std::optional<domain::instant> first;
    for (auto const& each : houses_)
        if (auto const since = each->in_charge_since())
            first = std::min(first.value_or(*since), *since);
    return first;
}

void world::count_step() {
    if (++steps_ - steps_at_last_look_ < whole_world_every) return;
    steps_at_last_look_ = steps_;
    ++whole_looks_;
    check_whole_world(here_);
}

void world::settle() {
    int turns = 0;
    bool did = true;
    while (did && !is_broken()) {
        did = branch_.settle();
        for (auto const& each : houses_)
            did = each->settle() || did;
        if (did) count_step();
        if (++turns > most_turns_at_one_instant) here_.broken("the house never rests");
    }
    for (auto const& each : houses_)
        boot_soon(*each);
}

// Rule 3, once a second.
void world::look_at_clock() {
    auto const now = here_.clock.now();
    here_.told.clock_says(now);
    if (now < looked_at_ + look_every) return;
    looked_at_ = now;
    look_into_the_dark();
    find_receiver();
    look_at_the_hotline();
    auto const since = in_charge_since();
    if (!since || outages_ > 0 || here_.database.hangs_until > now) return;
    if (here_.clocks_differ && houses_.size() > 1) return; // by whose clock?
    auto const allowed = here_.now.allowed_lateness;
    // Foul weather's lateness has room for calls that hang.
    auto const struck = here_.now.hang_per_mille == 0 ? here_.hang_given_up_at : fair_since_;
    if (now - std::max({*since, fair_since_, struck}) <= allowed) return;
    check_nothing_overdue(here_, allowed);
    auto const works = [&](auto const& each) {
        auto const began = each->in_charge_since();
        return began && now - *began > allowed;
    };
    if (std::all_of(houses_.begin(), houses_.end(), works)) book_.check_none_waits(allowed);
}

// Each server by itself: of what lies on its disk no other can tell.
void world::look_into_the_dark() {
    if (outages_ == 0) return dark_.lights_are_on();
    for (auto const& each : houses_)
        if (each->is_up()) dark_.look(each->name(), each->lives(), each->waiting());
}

domain::instant world::next_moment(domain::instant end) const {
    auto next = std::min(end, here_.todo.next().value_or(end));
    next = std::min(next, branch_.next_waited_for().value_or(end));
    for (auto const& each : houses_)
        next = std::min(next, each->next_waited_for().value_or(end));
    return next;
}

void world::let_pass(domain::duration time) {
    here_.clock.fast_forward(time);
    branch_.fast_forward(time);
    for (auto const& each : houses_)
        each->fast_forward(time);
}

void world::run_for(domain::duration time) {
    auto const end = here_.clock.now() + time;
    while (!is_broken()) {
        settle();
        if (here_.todo.do_one(here_.clock.now())) {
            count_step();
            continue;
        }
        auto const next = next_moment(end);
        if (next >= end && here_.clock.now() >= end) return;
        let_pass(std::max(next - here_.clock.now(), domain::duration{0}));
        look_at_clock();
    }
}

void world::weather_is(weather const& now) {
    here_.now = now;
    fair_since_ = here_.clock.now() + foul_calls_end_within;
}

void world::database_goes_for(domain::duration time) {
    here_.note("the database goes away");
    here_.saw(rare::database_goes);
    here_.database_is_away(true);
    ++outages_;
    here_.after(time, [this] {
        here_.note("the database comes back");
        if (--outages_ > 0) return; // another has begun meanwhile
        here_.database_is_away(false);
        fair_since_ = std::max(fair_since_, here_.clock.now());
    });
}

void world::database_hangs_for(domain::duration time) {
    here_.note("the database hangs");
    here_.saw(rare::database_hangs);
    auto& until = here_.database.hangs_until;
    until = std::max(until, here_.clock.now() + time);
    here_.after(time, [this] { fair_since_ = std::max(fair_since_, here_.clock.now()); });
}

// Whoever starts the house next takes its time from the database; a server that runs does not
// follow.
void world::clocks_jump() {
    auto& chance = here_.chance;
    auto const far = chance.percent(30) ? domain::duration(domain::hours(2)) : domain::seconds(90);
    auto const by = chance.between(domain::duration{500'000}, far);
    bool const back = chance.percent(50);
    here_.clocks_differ = here_.clocks_have_differed = true;
    if (chance.percent(30)) {
        here_.saw(rare::machine_clock_is_wrong);
        here_.machines_are_ahead = back ? -by : by;
        return;
    }
    here_.saw(back ? rare::database_clock_jumps_back : rare::database_clock_jumps_ahead);
    here_.database.ahead += back ? -by : by;
}

// ---------------------------------------------------------------- the end

void world::people_come_to_senses() {
    for (auto const& [id, each] : providers_)
        each->come_to_senses();
}

bool world::is_quiet() const {
    auto const& t = here_.record.holds();
    auto const waits = [](auto const& each) { return each.second->waits(); };
    auto const works = [](auto const& each) {
        return each->is_up() && each->has_read_everything() && each->has_told_whom_it_rang();
    };
    auto const untold = [](auto const& each) {
        return each.second.state == domain::delivery_state::queued;
    };
    auto const undecided = [](auto const& each) { return !each.second.what.outcome; };
    auto const asked = [](auto const& each) { return is_open(each.second.state); };
    auto const& letters = here_.deliveries.holds();
    auto const& commands = here_.commands.all();
    auto const& complaints = here_.complaints.all();
    auto const complained = [](auto const& each) {
        return each.second.state != domain::complaint_state::accepted;
    };
    auto const& calls = here_.calls.all();
    auto const& placed = here_.placed;
    auto const dials = [](auto const& each) { return each->holds_a_seat(); };
    return board_.is_idle() && tapes_.is_done() && placed.open_ones().empty() &&
           placed.unsettled().empty() && !here_.deliveries.has_unlogged() &&
           std::none_of(houses_.begin(), houses_.end(), dials) && t.outbox.empty() &&
           t.due_alerts.empty() && t.due_orders.empty() && t.due_requests.empty() &&
           !hotline_.waits() && std::all_of(houses_.begin(), houses_.end(), works) &&
           std::none_of(devices_.begin(), devices_.end(), waits) &&
           std::none_of(providers_.begin(), providers_.end(), waits) &&
           std::none_of(calls.begin(), calls.end(), undecided) &&
           std::none_of(commands.begin(), commands.end(), asked) &&
           std::none_of(complaints.begin(), complaints.end(), complained) &&
           std::none_of(letters.begin(), letters.end(), untold);
}

void world::check_quiet() {
    check_whole_world(here_);
    check_all_ended(here_);
    book_.check_all_arrived();
    dark_.check_all_kept();
    check_placed_calls(here_);
    tapes_.check_all_kept();
    check_visits_are_heard(here_, book_.need_120());
    for (auto const& each : houses_) {
        if (!each->has_read_everything()) here_.broken("something is still in a journal");
        if (each->holds_a_seat()) here_.broken("a seat dials for ever");
        if (each->holds_hotline() && each->sounds() > 0)
            here_.broken("what was spoken about somebody outlives his call");
    }
    for (auto const& [id, each] : providers_)
        if (each->waits()) here_.broken(id + " still waits for an answer");
    if (hotline_.waits()) here_.broken("the telephone system still waits for an answer");
}

outcome world::tell_outcome() {
    std::uint64_t lives = 0;
    for (auto const& each : houses_)
        lives += each->lives();
    return {.fault = here_.fault,
            .lately = here_.told.lines(),
            .oddities = here_.oddities,
            .seen = here_.seen.table(luck_),
            .signals = book_.presses(),
            .commits = rules_.commits(),
            .steps = steps_,
            .whole_looks = whole_looks_,
            .lives = lives,
            .points = luck_.points(),
            .awaits = luck_.awaits(),
            .fresh_awaits = luck_.fresh_awaits(),
            .lasted = here_.clock.now() - tests::evening};
}

} // namespace linli::simulation
