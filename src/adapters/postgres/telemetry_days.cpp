#include "adapters/postgres/telemetry_days.hpp"

#include <vector>

#include <fmt/core.h>

#include "runtime/log.hpp"

namespace linli::postgres {

namespace log = runtime::log;

namespace {

// Names of the same length, so that their order is the days'.
constexpr auto partitions_before_sql = R"(
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'telemetry'::regclass and c.relname ~ '^telemetry_[0-9]{8}$'
      and c.relname < $1::text
    order by c.relname)";

std::string partition_of(day which) {
    std::chrono::year_month_day const d(which);
    return fmt::format("telemetry_{:04}{:02}{:02}", static_cast<int>(d.year()),
                       static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

} // namespace

std::string date_text(day of) {
    std::chrono::year_month_day const d(of);
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()),
                       static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

// Attached, not made as a partition: so nobody who reads or writes another day has to wait.
void telemetry_days::provide(pqxx::connection& on, day which) {
    if (known_.contains(which)) return;
    auto const name = partition_of(which);
    pqxx::work in(on);
    // Two programs may come upon the same new day; the second finds it made.
    in.exec("lock table telemetry in share update exclusive mode");
    auto const there = in.exec_params1("select to_regclass($1)", name);
    if (there[0].is_null()) {
        in.exec("create table " + name + " (like telemetry including all)");
        in.exec("alter table telemetry attach partition " + name + " for values from (" +
                in.quote(date_text(which)) + ") to (" +
                in.quote(date_text(which + std::chrono::days(1))) + ")");
    }
    in.commit();
    known_.insert(which);
}

std::size_t telemetry_days::drop_before(pqxx::connection& on, day first) {
    forget();
    std::vector<std::string> names;
    {
        pqxx::nontransaction in(on);
        for (auto const& row : in.exec_params(partitions_before_sql, partition_of(first)))
            names.emplace_back(row[0].c_str());
    }
    for (auto const& name : names) {
        pqxx::work in(on); // each by itself: the lock on the whole table is held for a moment
        in.exec("drop table " + name);
        in.commit();
        log::info("telemetry_day_dropped", {{"partition", name}});
    }
    return names.size();
}

} // namespace linli::postgres
