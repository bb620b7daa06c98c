#pragma once

#include <pqxx/pqxx>

#include "domain/alert.hpp"
#include "domain/offer.hpp"
#include "domain/order.hpp"
#include "domain/request.hpp"

// What each reading function needs; macros, because literals are joined at compile time only.
#define LINLI_ALERT_COLUMNS                                                                        \
    "a.id, a.subject, a.kind, a.level, a.state, a.area, a.home, a.resident, a.first_event, "       \
    "a.last_event, microseconds_of(a.opened_at) as opened_at, "                                    \
    "microseconds_of(a.raised_at) as raised_at, microseconds_of(a.rang_at) as rang_at, "           \
    "a.signals, a.plan, a.rung, a.desk, a.holder, a.handed_to, "                                   \
    "microseconds_of(a.claimed_until) as claimed_until, "                                          \
    "microseconds_of(a.acknowledge_by) as acknowledge_by, "                                        \
    "microseconds_of(a.shelved_until) as shelved_until, "                                          \
    "microseconds_of(a.due_at) as due_at, "                                                        \
    "microseconds_of(coalesce(a.ladder_at, a.due_at)) as ladder_at, "                              \
    "microseconds_of(coalesce(a.steps_from, a.raised_at)) as steps_from, a.progress, a.shown, "    \
    "a.locate_every_s, a.outcome, microseconds_of(a.closed_at) as closed_at, "                     \
    "a.version, a.log_seq, a.log_hash, a.purpose"
#define LINLI_REQUEST_COLUMNS                                                                      \
    "q.id, q.subject, q.area, q.home, q.first_event, q.last_event, q.level, q.state, q.signals, "  \
    "microseconds_of(q.opened_at) as opened_at, microseconds_of(q.due_at) as due_at, "             \
    "microseconds_of(q.closed_at) as closed_at, q.version, q.log_seq, q.log_hash"
#define LINLI_ORDER_COLUMNS                                                                        \
    "o.id, o.number, o.service, o.level, o.alert, o.request, o.subject, o.area, o.home, o.place, " \
    "o.event, o.state, microseconds_of(o.opened_at) as opened_at, o.held_by, o.worker, "           \
    "o.provider, o.round, o.reason, o.plan, "                                                      \
    "microseconds_of(o.due_at) as due_at, o.rating, o.version, o.log_seq, o.log_hash, "            \
    "o.purpose, microseconds_of(o.wished_from) as wished_from, "                                   \
    "microseconds_of(o.wished_until) as wished_until, o.certificate"

namespace linli::postgres {

domain::alert alert_of(pqxx::row const& r);
domain::request request_of(pqxx::row const& r);
domain::order order_of(pqxx::row const& r);
domain::offer offer_of(pqxx::row const& r);

} // namespace linli::postgres
