#include "simulation/house.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "app/due_loop.hpp"
#include "app/intake.hpp"
#include "app/outbox.hpp"
#include "simulation/empty_overview.hpp"
#include "simulation/plans.hpp"
#include "simulation/unsteady_record.hpp"

namespace linli::simulation {

namespace {

constexpr domain::seconds outbox_lease{10};
constexpr domain::seconds look_at_registry_every{2};
constexpr std::chrono::milliseconds retry_after{200};
constexpr domain::minutes china{480};

class post_office final : public app::messenger {
public:
    using carrier = std::function<void(app::outbox_row const&, std::function<void(bool)>)>;
    explicit post_office(carrier by) : by_(std::move(by)) {}
    void send(app::outbox_row const& row, std::function<void(bool)> done) override {
        by_(row, std::move(done));
    }

private:
    carrier by_;
};

} // namespace

// Built as server::parts is, and put to work as server::parts::begin does.
struct house::life {
    life(house& of, int plan_edition);

    runtime::task<void> begin();
    runtime::task<void> take_over();
    runtime::task<void> watch_registry();
    void spawn(char const* name, runtime::task<void> work);

    scene& here;
    bool dying = false;
    std::optional<domain::instant> in_charge_since;
    unsteady_record record;
    twin_inbox inbox;
    app::plan_book plans;
    app::id_source ids;
    app::dispatch dispatch;
    post_office post;
    app::outbox outbox;
    app::due_loop due;
    app::intake intake;
    empty_overview overview;
    app::desk desk;
    std::shared_ptr<int> alive = std::make_shared<int>();
    boost::asio::io_context loop{1}; // goes first, and with it every coroutine where it stands
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        loop.get_executor()};
};

house::life::life(house& of, int plan_edition)
    : here(of.with_.here), record({.inner = of.with_.here.record,
                                   .luck = of.with_.luck,
                                   .clock = of.with_.here.clock,
                                   .crash = [this] { dying = true; },
                                   .committed = of.with_.committed}),
      inbox(of.with_.journal), plans(plans_of(plan_edition)), ids(here.chance.seed()),
      dispatch({.keeper = record,
                .clock = here.clock,
                .plans = plans,
                .ids = ids,
                .encode = [this](app::outgoing const& what) { return here.wire.seal(what); },
                .after_commit =
                    [this](app::changes const& what) {
                        outbox.enqueue(what.outbox);
                        due.heard(what);
                    },
                .outbox_lease = outbox_lease},
               domain::area_id{tests::city_area}, china),
      post([&of](app::outbox_row const& row, std::function<void(bool)> done) {
          of.send(row, std::move(done));
      }),
      outbox(record, post, here.clock), due(record, dispatch, here.clock),
      intake(inbox, dispatch, here.clock), desk(dispatch, overview, here.clock, china) {}

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
    spawn("registry", watch_registry());
}

runtime::task<void> house::life::take_over() {
    for (;;) {
        auto kept = co_await plans.keep(record);
        auto known = co_await dispatch.refresh_registry(true);
        if (kept && known) co_return;
        auto const again = here.clock.now() + retry_after;
        co_await here.clock.wait_until(again);
    }
}

runtime::task<void> house::life::watch_registry() {
    for (;;) {
        auto const next = here.clock.now() + look_at_registry_every;
        co_await here.clock.wait_until(next);
        auto fresh = co_await dispatch.refresh_registry(false);
        static_cast<void>(fresh);
    }
}

house::house(surroundings with) : with_(std::move(with)) {}
house::~house() = default;

void house::boot(int plan_edition) {
    ++lives_;
    with_.here.note("house boots, life " + std::to_string(lives_));
    life_ = std::make_unique<life>(*this, plan_edition);
    life_->spawn("begin", life_->begin());
}

std::optional<domain::instant> house::in_charge_since() const {
    return life_ ? life_->in_charge_since : std::nullopt;
}

bool house::has_set_aside() const {
    return life_ && life_->intake.set_aside() > 0;
}

bool house::arrived(std::vector<app::input> what) {
    if (!life_ || life_->dying) return false;
    auto const met = with_.luck.next(place::journal);
    if (met == fate::crash_before) {
        life_->dying = true;
        return false;
    }
    auto const at = with_.journal.append(std::move(what));
    life_->inbox.ring();
    if (met == fate::crash_after) {
        life_->dying = true;
        return false;
    }
    with_.journal.sync_through(at);
    return true;
}

void house::command(desk_deed what, desk_answered answered) {
    if (!life_ || !life_->in_charge_since || life_->dying) return;
    auto done = [this, answered = std::move(answered)](std::exception_ptr error,
                                                       app::desk::answer const& said) {
        if (error) return with_.here.broken("a desk command has failed");
        answered(said);
    };
    boost::asio::co_spawn(life_->loop, what(life_->desk), std::move(done));
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

bool house::settle() {
    bool did = false;
    while (life_ && !life_->dying && life_->loop.poll_one() > 0)
        did = true;
    if (life_ && life_->dying) crash();
    return did;
}

void house::crash() {
    with_.here.note("house dies");
    life_.reset();
    with_.journal.crash(with_.here.chance);
}

} // namespace linli::simulation
