#include "simulation/house.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "app/commanding.hpp"
#include "app/due_loop.hpp"
#include "app/house_voice.hpp"
#include "app/intake.hpp"
#include "app/observer.hpp"
#include "app/outbox.hpp"
#include "app/recordings.hpp"
#include "app/telling.hpp"
#include "app/unclaimed_emergencies.hpp"
#include "simulation/house_hotline.hpp"
#include "simulation/process.hpp"
#include "simulation/ways_out.hpp"
#include "support/let_others_run.hpp"
#include "support/memory_picture.hpp"

namespace linli::simulation {

namespace {

constexpr domain::seconds outbox_lease{10};
constexpr domain::seconds look_at_registry_every{2};
constexpr domain::seconds keep_time_every{1};
constexpr domain::seconds most_between_clocks{2};
constexpr std::chrono::milliseconds retry_after{200};
constexpr domain::seconds lease_is_longer{15};
constexpr domain::seconds usual_lease{90};

// What the database's reading is beyond all that our clock said while it was asked.
domain::duration beyond(domain::instant before, domain::instant wall, domain::instant after) {
    if (wall > after) return wall - after;
    return wall < before ? wall - before : domain::duration{0};
}

domain::thresholds agreed() {
    domain::thresholds all;
    all.vitals = {{domain::vital_sign::heart_rate, 40, 120, 5, domain::seconds(60)}};
    return all;
}

} // namespace

// Built as server::parts is, and put to work as server::parts::begin does.
struct house::life {
    life(house& of, int plan_edition);

    runtime::task<void> begin();
    runtime::task<void> take_over();
    void foresee();
    runtime::task<void> watch_registry();
    runtime::task<void> watch_time();
    void compare(domain::instant before, domain::instant wall);
    void committed(app::changes const& what);
    void spawn(char const* name, runtime::task<void> work);

    scene& here;
    bool dying = false;
    std::optional<domain::instant> in_charge_since;
    std::int64_t foreseen_as_of = 0; // the registry's version
    std::function<void()> copy_registry;
    process core;
    domain::instant began_at = core.clock.now(); // by its own clock
    twin_inbox inbox;
    twin_telemetry_inbox telemetry_inbox;
    gateways to_people;
    app::house_voice spoken;
    ways_to_people to_all;
    app::telling telling;
    dark_shelf shelf;
    app::unclaimed_emergencies unclaimed;
    app::degraded_telling degraded;
    post_office post;
    app::outbox outbox;
    app::due_loop due;
    app::intake intake;
    app::observer observer;
    app::telemetry_intake telemetry;
    app::commanding commanding;
    unsteady_tapes recorded;
    app::recordings recordings;
    std::optional<domain::duration> ahead; // the database of us, when last seen
    std::vector<app::input> jumps;         // of its clock, that are to be raised
    std::shared_ptr<int> alive = std::make_shared<int>();
    boost::asio::io_context loop{1}; // goes first, and with it every coroutine where it stands
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        loop.get_executor()};
    // Before it those who own tasks, and then wait for none.
    std::unique_ptr<house_hotline> hotline; // null: another server has it
    std::vector<std::unique_ptr<house_hotline>> laid_down;
};

house::life::life(house& of, int plan_edition)
    : here(of.with_.here), copy_registry([&of] {
          auto const& by = of.with_.here;
          of.copy_ = copy_of(by.record.town(), by.deliveries.sites);
      }),
      core(
          {of.with_.here, of.with_.luck, of.with_.committed}, plan_edition, outbox_lease,
          [this] { dying = true; }, [this](app::changes const& what) { committed(what); }),
      inbox(of.journal_), telemetry_inbox(of.telemetry_),
      to_people([&of](app::letter what, std::function<void(app::carried)> done) {
          of.carry(std::move(what), std::move(done));
      }),
      spoken({core.placed_kept, core.clock, core.ids, [this] { core.asked(); }}),
      to_all(here, to_people, spoken, of.with_.to_speak),
      telling({.keeper = core.deliveries,
               .log_to = core.dispatch,
               .time = core.clock,
               .to = to_all,
               .ids = core.ids,
               .texts = some_words(),
               .read = [this](std::string_view payload) -> domain::result<domain::notice> {
                   return std::get<domain::notice>(here.wire.open(std::string(payload)));
               }},
              {.callback = "12349",
               .duty_phone = "8888",
               .utc_offset = china,
               .lease = here.speaks ? app::house_voice::longest + lease_is_longer : usual_lease}),
      shelf(of.journal_),
      degraded({.time = core.clock,
                .to = to_people,
                .plans = core.plans,
                .texts = some_words(),
                .from = shelf,
                .book = of.book_,
                .keeper = core.deliveries,
                .copy = [&of] { return of.last_copy(); },
                .undecided_since =
                    [this] { return in_charge_since ? intake.waiting_since() : began_at; },
                .digest = digest_of,
                .silent_since = [this] { return due.silent_since(); },
                .unclaimed = &unclaimed,
                .set_aside = [this] { return intake.take_set_aside(); }},
               {.duty_phone = "8888", .city = {tests::city_area}, .utc_offset = china}),
      post([&of](app::outbox_row const& row,
                 std::function<void(bool)> done) { of.send(row, std::move(done)); },
           telling),
      outbox(core.record, post, core.clock), due(core.record, core.dispatch, core.clock),
      intake(inbox, core.dispatch, core.clock),
      observer(core.observation, core.dispatch, core.clock, agreed(), china),
      telemetry(telemetry_inbox, core.telemetry, core.clock, std::chrono::days(90), &observer),
      commanding(
          core.commands, core.clock, core.ids,
          [&of](domain::device_command const& what, app::commanding::gone gone) {
              of.reach(what, std::move(gone));
          },
          [](domain::device_id const&) { return true; }),
      recorded(of.with_.recorded, here, core.met),
      recordings(
          {core.recordings_kept, recorded, core.clock, [this] { return hotline != nullptr; }}) {
    core.asked = [this] {
        if (hotline) hotline->look();
    };
}

// As server::parts::committed does.
void house::life::committed(app::changes const& what) {
    std::vector<app::outbox_row> for_broker;
    for (auto const& row : what.outbox)
        if (!row.destination.starts_with(people_prefix)) for_broker.push_back(row);
    outbox.enqueue(for_broker);
    telling.enqueue(what.outbox);
    due.heard(what);
    unclaimed.committed(what);
    core.own.committed(what);
}

void house::life::spawn(char const* name, runtime::task<void> what) {
    boost::asio::co_spawn(loop, std::move(what), [this, name](std::exception_ptr error) {
        if (error) here.broken(std::string("a task has failed: ") + name);
    });
}

runtime::task<void> house::life::begin() {
    co_await take_over();
    in_charge_since = here.clock.now();
    spawn("intake", intake.run());
    spawn("due_loop", due.run());
    spawn("outbox", outbox.run());
    spawn("telling", telling.run());
    spawn("telling's log", telling.keep_log());
    if (here.speaks) spawn("house voice", spoken.run());
    if (here.speaks) spawn("recordings", recordings.run());
    spawn("telemetry", telemetry.run());
    spawn("observer", observer.run());
    spawn("commanding", commanding.run());
    spawn("registry", watch_registry());
    spawn("time", watch_time());
}

runtime::task<void> house::life::take_over() {
    for (;;) {
        auto adopted = co_await core.adopt_time();
        auto kept = co_await core.plans.keep(core.record);
        auto known = co_await core.dispatch.refresh_registry(true);
        if (adopted && kept && known) break;
        auto const again = core.clock.now() + retry_after;
        co_await core.clock.wait_until(again);
    }
    foresee();
}

// As the server's copy of the registry, it is some time behind.
void house::life::foresee() {
    auto const& town = here.record.town();
    if (foreseen_as_of == town.version) return;
    foreseen_as_of = town.version;
    core.dispatch.knows(foreseen_by(town));
    copy_registry();
}

runtime::task<void> house::life::watch_registry() {
    for (;;) {
        auto const next = core.clock.now() + look_at_registry_every;
        co_await core.clock.wait_until(next);
        auto fresh = co_await core.dispatch.refresh_registry(false);
        static_cast<void>(fresh);
        foresee();
    }
}

// As server::clock_watch does: it stores what it has handed out, and raises a jump.
runtime::task<void> house::life::watch_time() {
    for (;;) {
        auto const before = core.clock.now();
        auto const wall = co_await core.times.keep(before);
        if (wall) compare(before, *wall);
        if (!jumps.empty()) {
            auto batch = jumps;
            auto const done = co_await core.dispatch.run(std::move(batch));
            if (done) jumps.clear();
        }
        auto const next = before + keep_time_every;
        while (core.clock.now() < next)
            co_await core.clock.wait_until(next);
    }
}

void house::life::compare(domain::instant before, domain::instant wall) {
    auto const now = core.clock.now();
    auto const is_ahead = beyond(before, wall, now);
    auto const jumped = is_ahead - ahead.value_or(is_ahead);
    ahead = is_ahead;
    if (std::chrono::abs(jumped) <= most_between_clocks) return;
    domain::signal jump;
    jump.device = {"clock"};
    jump.event = {"clock:x:" + std::to_string(now.time_since_epoch().count())};
    jump.kind = domain::signal_kind::clock_jump;
    jump.door = "clock";
    jump.received_at = now;
    jumps.emplace_back(std::move(jump));
}

house::house(std::string name, surroundings with)
    : name_(std::move(name)), with_(std::move(with)), book_(with_.booked) {}
house::~house() = default;

void house::boot(int plan_edition) {
    ++lives_;
    with_.here.note(name_ + " boots, life " + std::to_string(lives_));
    life_ = std::make_unique<life>(*this, plan_edition);
    life_->spawn("degraded telling", life_->degraded.run());
    life_->spawn("degraded telling's record", life_->degraded.keep_record());
    life_->spawn("begin", life_->begin());
}

std::optional<domain::instant> house::in_charge_since() const {
    return life_ ? life_->in_charge_since : std::nullopt;
}

std::optional<domain::instant> house::now() const {
    if (!life_) return std::nullopt;
    return life_->core.clock.now();
}

std::vector<domain::signal> house::waiting() const {
    std::vector<domain::signal> all;
    for (auto at = journal_.next(0); at; at = journal_.next(*at + 1))
        for (auto const& each : journal_.at(*at))
            if (auto const* s = std::get_if<domain::signal>(&each)) all.push_back(*s);
    return all;
}

// None before the first server has read the registry.
runtime::task<std::optional<app::registry_copy>> house::last_copy() {
    co_await tests::let_others_run();
    if (!copy_) with_.here.saw(rare::no_copy_of_the_registry);
    co_return copy_;
}

bool house::has_set_aside() const {
    return life_ && life_->intake.set_aside() > 0;
}

template <class What>
bool house::write_down(twin_journal<What>& into, What what, std::function<void()> const& ring) {
    auto const met = with_.luck.next(place::journal);
    if (met == fate::crash_before) {
        life_->dying = true;
        return false;
    }
    auto const at = into.append(std::move(what));
    ring();
    if (met == fate::crash_after) {
        life_->dying = true;
        return false;
    }
    into.sync_through(at);
    return true;
}

bool house::arrived(std::vector<app::input> what) {
    if (!life_ || life_->dying) return false;
    for (auto& each : what)
        if (auto* s = std::get_if<domain::signal>(&each)) s->received_at = life_->core.clock.now();
    return write_down(journal_, std::move(what), [this] { life_->inbox.ring(); });
}

bool house::arrived(domain::telemetry what) {
    if (!life_ || life_->dying) return false;
    what.received_at = life_->core.clock.now();
    return write_down(telemetry_, std::move(what), [this] { life_->telemetry_inbox.ring(); });
}

void house::ask(deed what, on_answer said) {
    if (!life_ || !life_->in_charge_since || life_->dying) return;
    auto done = [this, said = std::move(said)](std::exception_ptr error, answer const& heard) {
        if (error) return with_.here.broken("a desk command has failed");
        said(heard);
    };
    boost::asio::co_spawn(life_->loop, what(life_->core.offered), std::move(done));
}

void house::send(app::outbox_row const& row, std::function<void(bool)> done) {
    auto& here = with_.here;
    if (life_->dying) return;
    auto const met = with_.luck.next(place::send);
    if (met == fate::crash_before) {
        life_->dying = true;
        return;
    }
    bool const ok = !here.chance.percent(here.now.not_sent_percent);
    if (ok) with_.deliver(row);
    if (met == fate::crash_after) {
        life_->dying = true;
        return;
    }
    auto const pause = here.chance.between(domain::duration{0}, here.now.slowest);
    std::weak_ptr<int> const of_this_life = life_->alive;
    here.after(pause, [this, of_this_life, ok, done = std::move(done)] {
        if (of_this_life.expired()) return;
        boost::asio::post(life_->loop, [done, ok] { done(ok); });
    });
}

void house::carry(app::letter what, std::function<void(app::carried)> done) {
    auto& here = with_.here;
    if (life_->dying) return;
    auto const met = with_.luck.next(place::carry);
    if (met == fate::crash_before) {
        life_->dying = true;
        return;
    }
    auto const how = sending_of(here.chance, here.now.not_told_percent);
    bool const comes = how.how == domain::sending::accepted ||
                       how.how == domain::sending::confirmed ||
                       (how.how == domain::sending::silent && here.chance.percent(50));
    if (comes) with_.carried(what);
    bool const has_said_yes =
        how.how == domain::sending::accepted || how.how == domain::sending::confirmed;
    if (what.about.why == domain::notice_reason::degraded)
        with_.rung_in_the_dark(lives_, what, has_said_yes);
    if (met == fate::crash_after) {
        life_->dying = true;
        return;
    }
    auto const pause = here.chance.between(domain::duration{1'000}, here.now.slowest);
    std::weak_ptr<int> const of_this_life = life_->alive;
    here.after(pause, [this, of_this_life, how, done = std::move(done)] {
        if (of_this_life.expired()) return;
        boost::asio::post(life_->loop, [done, how] { done(how); });
    });
}

// Some devices are there and answer, some are there by the broker and don't, some are not there;
// of these, some stay away for as long as the command is useful.
void house::reach(domain::device_command const& what,
                  std::function<void(std::optional<domain::command_state>)> gone) {
    auto& here = with_.here;
    if (life_->dying) return;
    std::optional<domain::command_state> how;
    bool const stays_away = what.id.value.bytes.back() % 4 == 0;
    auto const drawn = stays_away ? 50 : here.chance.below(100);
    if (drawn < 50) how = domain::command_state::sent;
    if (drawn >= 80) how = domain::command_state::published;
    std::weak_ptr<int> const of_this_life = life_->alive;
    auto const on_its_loop = [this, of_this_life](std::function<void()> step) {
        if (!of_this_life.expired()) boost::asio::post(life_->loop, std::move(step));
    };
    auto const soon = here.chance.between(domain::duration{1'000}, here.now.slowest);
    here.after(soon, [on_its_loop, gone = std::move(gone), how] {
        on_its_loop([gone, how] { gone(how); });
    });
    if (how != domain::command_state::sent || here.chance.percent(20)) return;
    here.after(soon + here.chance.between(domain::duration{1'000}, domain::seconds(20)),
               [this, on_its_loop, device = what.device, kind = what.kind] {
                   on_its_loop([this, device, kind] { life_->commanding.answered(device, kind); });
               });
}

void house::take_hotline(switchboard& board) {
    auto& mine = *life_;
    std::weak_ptr<int> const of_this_life = mine.alive;
    auto ears = [this, of_this_life](std::function<void(app::hotline_listener&)> what) {
        if (of_this_life.expired()) return;
        boost::asio::post(life_->loop, [this, what = std::move(what)] {
            if (life_->hotline) what(life_->hotline->listener());
        });
    };
    ++times_held_;
    with_.here.note(name_ + " holds the hotline");
    mine.hotline = std::make_unique<house_hotline>(house_hotline::surroundings{
        mine.core, board, sounds_, mine.loop.get_executor(), std::move(ears), some_words()});
}

void house::lay_down_hotline(std::uint64_t time) {
    if (time != times_held_ || !holds_hotline()) return;
    with_.here.note(name_ + " lays the hotline down");
    auto& mine = *life_;
    mine.laid_down.push_back(std::move(mine.hotline));
    mine.spawn("hotline is laid down", mine.laid_down.back()->lay_down());
}

bool house::holds_hotline() const {
    return life_ && life_->hotline;
}

bool house::holds_a_seat() const {
    return holds_hotline() && life_->hotline->holds_a_seat();
}

// One step of one task after the other, so that it can die before any of them.
bool house::settle() {
    bool did = false;
    while (life_ && !life_->dying && life_->loop.poll_one() > 0) {
        did = true;
        if (!with_.luck.dies_at_await()) continue;
        with_.here.saw(rare::crash_at_an_await);
        life_->dying = true;
    }
    if (life_ && life_->dying) crash();
    return did;
}

void house::crash() {
    with_.here.note(name_ + " dies");
    if (life_->hotline) life_->hotline->dies();
    life_.reset();
    auto const lost = journal_.crash(with_.here.chance);
    telemetry_.crash(with_.here.chance);
    if (lost.entries > 0) with_.here.saw(rare::unsynced_journal_lost);
    if (lost.marks > 0) with_.here.saw(rare::mark_in_the_journal_lost);
}

void house::fast_forward(domain::duration by) {
    if (life_) life_->core.clock.fast_forward(by);
}

std::optional<domain::instant> house::next_waited_for() const {
    return life_ ? life_->core.clock.next_waited_for() : std::nullopt;
}

} // namespace linli::simulation
