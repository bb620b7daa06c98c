#include "system/faults/witness.hpp"

#include <algorithm>
#include <memory>

#include <pqxx/pqxx>

namespace linli::tests::faults {

namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 100ms;

// The machine's time, which the house's follows: no clock of the house is asked.
constexpr auto sight_sql = R"(
    with clock as (
        select due_at from alert where state <> 'closed'
        union all select due_at from request where state <> 'closed'
        union all select due_at from service_order
            where state not in ('followed_up', 'cancelled', 'failed', 'stood_down')
        union all select due_at from offer where state = 'open')
    select (select greatest(0, coalesce(extract(epoch from
               pg_catalog.clock_timestamp() - min(due_at)), 0)) from clock) as overdue_s,
           (select count(*) from clock where due_at is null) +
           (select count(*) from alert
            where state = 'raised' and coalesce(desk, '') = '') as nobodys)";

} // namespace

witness::witness(std::string database_url)
    : url_(std::move(database_url)), thread_([this] { look_again_and_again(); }) {}

witness::~witness() {
    {
        std::lock_guard const lock(mutex_);
        ended_ = true;
        ends_.notify_all();
    }
    thread_.join();
}

witness::sight witness::seen() const {
    std::lock_guard const lock(mutex_);
    return seen_;
}

void witness::look_again_and_again() {
    std::unique_lock lock(mutex_);
    while (!ends_.wait_for(lock, look_every, [this] { return ended_; })) {
        lock.unlock();
        try {
            look();
        } catch (pqxx::failure const&) { // the database is away
        }
        lock.lock();
    }
}

// As long as it can, by one connection.
void witness::look() {
    pqxx::connection c(url_ + " connect_timeout=2");
    pqxx::nontransaction in(c);
    std::unique_lock lock(mutex_);
    while (!ended_) {
        lock.unlock();
        auto const began = load::steady::now();
        auto const r = in.exec1(sight_sql);
        lock.lock();
        seen_.at = began;
        seen_.overdue_s = r["overdue_s"].as<double>();
        seen_.longest_s = std::max(seen_.longest_s, seen_.overdue_s);
        seen_.without_owner_or_clock =
            std::max(seen_.without_owner_or_clock, r["nobodys"].as<long>());
        ends_.wait_for(lock, look_every, [this] { return ended_; });
    }
}

} // namespace linli::tests::faults
