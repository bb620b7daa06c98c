#include "system/load/settling.hpp"

#include <utility>

#include <fmt/core.h>
#include <poll.h>
#include <pqxx/pqxx>

namespace linli::tests::load {

namespace {

using namespace std::chrono_literals;

constexpr auto quiet_for = 1s; // nothing new in this time: it has settled

} // namespace

std::string what_waits(premises const& where, ledger const& outside,
                       std::vector<server_process const*> const& servers) {
    for (auto const* server : servers)
        server->expect_alive();
    pqxx::connection c(where.database_url());
    pqxx::nontransaction in(c);
    auto const r = in.exec1("select (select count(*) from alert where state <> 'closed'), "
                            "(select count(*) from outbox)");
    if (r[0].as<long>() > 0) return "alerts are open";
    if (r[1].as<long>() > 0) return "the outbox is not empty";
    if (!outside.is_settled()) return "receipts or answers are missing";
    for (auto const* server : servers)
        if (server->says().find("\"0 waiting\"") == std::string::npos)
            return "a journal is not empty";
    return {};
}

std::string settle(std::function<std::string()> const& what, std::chrono::seconds limit) {
    auto const end = steady::now() + limit;
    auto quiet_since = steady::now();
    std::string waits;
    while (steady::now() < end && steady::now() - quiet_since < quiet_for) {
        auto const before = std::exchange(waits, what());
        if (!waits.empty()) quiet_since = steady::now();
        if (waits != before && !waits.empty()) fmt::print(stderr, "waiting: {}\n", waits);
        ::poll(nullptr, 0, 100);
    }
    return waits;
}

} // namespace linli::tests::load
