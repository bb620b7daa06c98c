#include "app/dispatch.hpp"

#include <exception>
#include <set>
#include <stdexcept>

#include "runtime/cancellation.hpp"
#include "runtime/log.hpp"

namespace linli::app {

namespace log = runtime::log;

void throw_exception_from_error(record_errc const&, boost::source_location const&) {
    throw std::logic_error("a failure of the record was taken for a value");
}

namespace {

// A lost race is rare and the next attempt wins, since in this process nobody new begins meanwhile;
// what loses this often in a row loses no race.
constexpr int most_attempts = 12;

void want(wanted& all, domain::signal const& s) {
    all.signals.emplace_back(s.event, s.device);
}
void want(wanted& all, domain::reply const& r) {
    all.offers.push_back(r.offer);
    all.accepts.push_back(r.offer);
    if (!r.worker.empty()) all.workers.push_back(r.worker);
}
void want(wanted&, unreadable_reply const&) {}
void want(wanted& all, alert_command const& c) {
    all.alerts.push_back(c.id);
    auto const* closing = std::get_if<domain::close>(&c.event);
    if (closing && closing->outcome == domain::disposition::false_alarm)
        all.false_alarms_of.push_back(c.id);
}
void want(wanted& all, order_command const& c) {
    all.orders.push_back(c.id);
    if (auto const* chosen = std::get_if<domain::offer_to>(&c.event))
        all.workers.push_back(chosen->worker);
}
void want(wanted& all, close_request const& c) {
    all.requests.push_back(c.id);
}
void want(wanted& all, alert_due const& d) {
    all.alerts.push_back(d.id);
}
void want(wanted& all, order_due const& d) {
    all.orders.push_back(d.id);
}
void want(wanted& all, request_due const& d) {
    all.requests.push_back(d.id);
}

void want(wanted& all, start_drill const& d) {
    all.drills.push_back(d.device);
}

void want(wanted& all, start_installation const& i) {
    all.installations.push_back(i.device);
}

void want(wanted& all, delivery_ended const& d) {
    all.alerts.push_back(d.what.about.alert);
}

void want(wanted& all, call_case const& c) {
    all.callers.emplace_back(c.event, c.about);
}

void want(wanted& all, call_heard const& c) {
    all.alerts.push_back(c.id);
}

void want(wanted& all, book_service const& b) {
    domain::subject about{domain::subject_kind::resident, b.resident.value};
    all.callers.emplace_back(b.event, std::move(about));
    if (b.request) all.requests.push_back(*b.request);
}

void want(wanted& all, move_booking const& m) {
    all.orders.push_back(m.id);
}

void want(wanted& all, visit_proven const& p) {
    all.orders.push_back(p.order);
}

void want(wanted& all, worker_sos const& w) {
    domain::subject const himself{domain::subject_kind::worker, w.worker.value};
    all.callers.emplace_back(w.event, himself);
}

// Who was not heard of for so long may have left the desk (field-rules 24 asks every 30 minutes).
constexpr domain::minutes heard_of_within{30};

wanted wants_of(std::vector<input> const& batch, domain::area_id const& city, domain::instant now) {
    wanted all;
    all.false_alarms_until = now;
    std::set<domain::subject> doors;
    for (auto const& each : batch) {
        std::visit([&](auto const& i) { want(all, i); }, each);
        if (auto const* s = std::get_if<domain::signal>(&each))
            doors.insert(unknown_devices(city, s->device, s->door));
        if (std::holds_alternative<alert_due>(each)) all.operators_since = now - heard_of_within;
    }
    all.subjects.assign(doors.begin(), doors.end());
    return all;
}

bool is_empty(changes const& c) {
    return c.signals.empty() && c.alerts.empty() && c.requests.empty() && c.orders.empty() &&
           c.offers.empty() && c.outbox.empty() && c.maintenance.empty();
}

// Other processes' commits change loads that this roster doesn't hear of.
constexpr domain::seconds loads_are_true_for{30};

// What is left of a signal when the database refuses it as it is: that it came, and its bytes.
domain::signal bare(domain::signal s) {
    s.happened_at.reset();
    s.fix.reset();
    s.battery_percent.reset();
    s.text.clear();
    return s;
}

} // namespace

dispatch::dispatch(ports with, domain::area_id city, domain::minutes utc_offset)
    : with_(std::move(with)), city_(std::move(city)), utc_offset_(utc_offset),
      numbers_(utc_offset) {}

runtime::task<record_result<std::vector<verdict>>> dispatch::run(std::vector<input> batch) {
    co_await let_losers_go_first();
    auto done = co_await attempts(batch);
    if (done) co_return done;
    auto const error = done.error();
    if (error == record_errc::away) co_return error;
    log::warning("batch_refused",
                 {{"inputs", batch.size()},
                  {"why", error == record_errc::conflict ? "conflict" : "bad_data"}});
    if (batch.size() == 1) {
        auto rest = co_await last_resort(std::move(batch.front()));
        co_return rest;
    }
    auto halves = co_await halve(std::move(batch));
    co_return halves;
}

// Tried again as long as nothing but a race was lost.
runtime::task<record_result<std::vector<verdict>>>
dispatch::attempts(std::vector<input> const& batch) {
    auto done = co_await attempt(batch);
    if (done || done.error() != record_errc::conflict) co_return done;
    ++losers_;
    auto const tried = std::unique_ptr<dispatch, void (*)(dispatch*)>(this, [](dispatch* d) {
        if (--d->losers_ > 0) return;
        for (auto* const each : d->behind_losers_)
            each->cancel();
    });
    for (int n = 1; n < most_attempts && !done && done.error() == record_errc::conflict; ++n)
        done = co_await attempt(batch);
    co_return done;
}

// Two streams of batches on the same rows could else step on one of them for ever.
runtime::task<void> dispatch::let_losers_go_first() {
    if (losers_ == 0) co_return;
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer turn(executor, boost::asio::steady_timer::time_point::max());
    behind_losers_.push_back(&turn);
    auto const ended = co_await turn.async_wait(runtime::use_task_tuple);
    static_cast<void>(ended);
    std::erase(behind_losers_, &turn);
}

// What is thrown is a fault of ours, or comes of a row that a newer version has written. The
// program would meet it again at each start, with all that came beside it: so whatever brings it is
// found as what the database refuses is, and the others go on.
runtime::task<record_result<std::vector<verdict>>>
dispatch::attempt(std::vector<input> const& batch) {
    record_result<std::vector<verdict>> done = record_errc::bad_data;
    std::exception_ptr fault;
    try {
        done = co_await attempt_or_throw(batch);
    } catch (std::exception const&) {
        fault = std::current_exception();
    }
    if (!fault) co_return done;
    if (runtime::is_cancellation(fault)) std::rethrow_exception(fault);
    log::error("batch_throws", {{"inputs", batch.size()}, {"why", fault}});
    loads_in_doubt_ = true;
    co_return done;
}

runtime::task<record_result<std::vector<verdict>>>
dispatch::attempt_or_throw(std::vector<input> const& batch) {
    with_.steps.begun(batch);
    auto picture = co_await look(batch);
    if (!picture) co_return picture.error();
    auto learned = co_await with_.plans.learn(with_.keeper, picture->seen);
    if (!learned) co_return learned.error();
    // At most one order for each input, and one more for an alert that wants another.
    auto const most_orders = static_cast<int>(2 * batch.size());
    auto provided = co_await numbers_.provide(with_.keeper, most_orders, with_.clock.now());
    if (!provided) co_return provided.error();
    with_.steps.read(batch);

    auto const where = where_;
    turn t({*where, with_.plans, with_.ids, numbers_, with_.encode, with_.outbox_lease},
           std::move(picture->seen), with_.clock.now());
    std::vector<verdict> verdicts;
    verdicts.reserve(batch.size());
    for (auto const& each : batch) {
        auto const taken = t.take(each);
        verdicts.push_back({taken ? std::nullopt : std::optional(taken.error()), false});
    }
    auto const all = t.finish();
    with_.steps.decided(batch);
    if (is_empty(all)) co_return verdicts;
    auto committed = co_await commit(all, picture->presumed);
    if (!committed) {
        t.undo();
        // In doubt it may have been done all the same: then the undo was wrong.
        if (committed.error() == record_errc::away) loads_in_doubt_ = true;
        if (!picture->presumed.empty()) foresight_.was_wrong(with_.clock.now());
        co_return committed.error();
    }
    foresight_.saw_committed(all);
    with_.steps.committed(batch, all); // before anything of it is sent
    if (with_.after_commit) with_.after_commit(all);
    co_return verdicts;
}

runtime::task<record_result<foresight::picture>> dispatch::look(std::vector<input> const& batch) {
    auto foreseen = with_.presuming ? foresight_.of(batch, with_.clock.now()) : std::nullopt;
    if (foreseen) co_return std::move(*foreseen);
    auto const wanted = wants_of(batch, city_, with_.clock.now());
    auto seen = co_await with_.keeper.read(wanted);
    if (!seen) co_return seen.error();
    foresight_.saw(*seen);
    foresight::picture asked;
    asked.seen = std::move(*seen);
    co_return asked;
}

runtime::task<record_result<void>> dispatch::commit(changes const& all,
                                                    std::vector<presumed_device> const& presumed) {
    if (presumed.empty()) {
        auto asked = co_await with_.keeper.commit(all);
        co_return asked;
    }
    auto foreseen = co_await with_.presuming->commit_if(all, presumed);
    co_return foreseen;
}

runtime::task<record_result<std::vector<verdict>>> dispatch::halve(std::vector<input> batch) {
    auto const middle = batch.begin() + static_cast<std::ptrdiff_t>(batch.size() / 2);
    std::vector<input> second(std::make_move_iterator(middle),
                              std::make_move_iterator(batch.end()));
    batch.erase(middle, batch.end());
    auto first_done = co_await run(std::move(batch));
    if (!first_done) co_return first_done.error();
    auto second_done = co_await run(std::move(second));
    if (!second_done) co_return second_done.error();
    first_done->insert(first_done->end(), second_done->begin(), second_done->end());
    co_return first_done;
}

runtime::task<record_result<std::vector<verdict>>> dispatch::last_resort(input bad) {
    if (auto const* s = std::get_if<domain::signal>(&bad)) {
        std::vector<input> stripped{bare(*s)};
        auto done = co_await attempts(stripped); // a lost race is no reason to set it aside
        if (done) co_return done;
        if (done.error() == record_errc::away) co_return done.error();
        log::error("signal_set_aside", {{"event", s->event}, {"device", s->device}});
    } else {
        log::error("input_set_aside", {{"kind", bad.index()}});
    }
    std::vector<verdict> aside{verdict{std::nullopt, true}};
    co_return aside;
}

runtime::task<record_result<std::vector<domain::candidate>>>
dispatch::people_for(domain::provider_id const& company, domain::offer_id made) {
    wanted asked;
    asked.offers.push_back(made);
    auto seen = co_await with_.keeper.read(asked);
    if (!seen) co_return seen.error();
    auto learned = co_await with_.plans.learn(with_.keeper, *seen);
    if (!learned) co_return learned.error();
    auto const where = where_;
    turn const t({*where, with_.plans, with_.ids, numbers_, with_.encode, with_.outbox_lease},
                 std::move(*seen), with_.clock.now());
    co_return t.people_for(company, made);
}

runtime::task<record_result<void>> dispatch::refresh_registry(bool even_if_same) {
    bool const old = with_.clock.now() - loaded_at_ > loads_are_true_for;
    if (where_ && !even_if_same && !old && !loads_in_doubt_) {
        auto version = co_await with_.keeper.registry_version();
        if (!version) co_return version.error();
        if (*version == where_->version()) co_return record_result<void>();
    }
    loaded_at_ = with_.clock.now();
    loads_in_doubt_ = false;
    auto loaded = co_await with_.keeper.load_registry();
    if (!loaded) {
        loads_in_doubt_ = true;
        co_return loaded.error();
    }
    log::debug("registry_loaded", {{"version", loaded->version},
                                   {"sites", loaded->sites.size()},
                                   {"workers", loaded->workers.size()}});
    auto fresh = std::make_shared<directory>(std::move(*loaded), city_, utc_offset_);
    if (where_) fresh->roster().remember(where_->roster());
    where_ = std::move(fresh);
    co_return record_result<void>();
}

} // namespace linli::app
