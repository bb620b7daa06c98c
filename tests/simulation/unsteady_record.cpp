#include "simulation/unsteady_record.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace linli::simulation {

using app::record_errc;
using app::record_result;
using runtime::task;

task<void> unsteady_record::die() {
    with_.crash();
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer never(executor, boost::asio::steady_timer::time_point::max());
    auto ended = co_await never.async_wait(runtime::use_task_tuple);
    static_cast<void>(ended);
}

task<void> unsteady_record::pause() {
    auto const until = with_.clock.now() + with_.luck.pause();
    while (with_.clock.now() < until)
        co_await with_.clock.wait_until(until);
}

task<fate> unsteady_record::enter(place where) {
    auto const met = with_.luck.next(where);
    co_await pause();
    if (met == fate::crash_before) co_await die();
    co_return met;
}

template <class T>
task<record_result<T>> unsteady_record::pass(place where, task<record_result<T>> call) {
    auto const met = co_await enter(where);
    if (met == fate::away) co_return record_errc::away;
    auto done = co_await std::move(call);
    co_await pause();
    if (met == fate::crash_after) co_await die();
    if (met == fate::in_doubt) co_return record_errc::away;
    co_return done;
}

task<record_result<void>> unsteady_record::commit(app::changes const& what) {
    auto const met = co_await enter(place::commit);
    if (met == fate::away) co_return record_errc::away;
    if (met == fate::conflict) co_return record_errc::conflict;
    auto done = co_await with_.inner.commit(what);
    if (done) with_.committed(what);
    co_await pause();
    if (met == fate::crash_after) co_await die();
    if (met == fate::in_doubt) co_return record_errc::away;
    co_return done;
}

task<record_result<app::view>> unsteady_record::read(app::wanted const& what) {
    return pass(place::read, with_.inner.read(what));
}

task<record_result<app::due_items>> unsteady_record::due(domain::instant now, int limit) {
    return pass(place::due, with_.inner.due(now, limit));
}

task<record_result<int>> unsteady_record::reserve_numbers(int day, int count) {
    return pass(place::order_numbers, with_.inner.reserve_numbers(day, count));
}

task<record_result<std::int64_t>> unsteady_record::registry_version() {
    return pass(place::registry, with_.inner.registry_version());
}

task<record_result<app::registry>> unsteady_record::load_registry() {
    return pass(place::registry, with_.inner.load_registry());
}

task<record_result<std::vector<app::outbox_row>>>
unsteady_record::take_outbox(domain::instant now, domain::duration lease, int limit) {
    return pass(place::take_outbox, with_.inner.take_outbox(now, lease, limit));
}

task<record_result<void>> unsteady_record::outbox_sent(std::vector<domain::uuid> const& ids) {
    return pass(place::outbox_sent, with_.inner.outbox_sent(ids));
}

task<record_result<void>>
unsteady_record::keep_plans(std::vector<std::pair<std::string, std::string>> const& pages) {
    return pass(place::plans, with_.inner.keep_plans(pages));
}

task<record_result<std::string>> unsteady_record::plan_body(std::string const& digest) {
    return pass(place::plans, with_.inner.plan_body(digest));
}

} // namespace linli::simulation
