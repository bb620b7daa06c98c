#pragma once

#include <map>
#include <set>

#include <pqxx/pqxx>

#include "adapters/postgres/key_ring.hpp"
#include "adapters/postgres/rows.hpp"
#include "app/outgoing.hpp"

namespace linli::postgres {

void prepare_visits(pqxx::connection& on);

// What whoever goes must know of the homes of these orders: the one whom the alert is about, or
// everybody who lives there. Personal text: only for who holds the order.
std::map<domain::order_id, app::visit> read_visits(pqxx::transaction_base& in, key_ring const& keys,
                                                   column const& orders);

// Of these, the installations whose device a desk has claimed a call of since somebody arrived.
std::set<domain::order_id> read_live_presses(pqxx::transaction_base& in, column const& orders);

} // namespace linli::postgres
