#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/record.hpp"

namespace linli::app {

// What a desk or a person on duty looks at: everything that is open, the most urgent first. No
// personal data: ids, codes and the rough place.
struct order_line {
    domain::order_id id;
    std::string number;
    domain::service_id service;
    domain::purpose what_for = domain::purpose::real;
    domain::order_state state = domain::order_state::requested;
    domain::priority level = domain::priority::p1;
    std::optional<domain::alert_id> alert;
    std::optional<domain::request_id> request;
    domain::event_id event;
    domain::subject about;
    domain::worker_id worker;
    std::string reason;
    domain::instant opened_at;
    std::optional<domain::instant> due_at;
};

struct alert_line {
    domain::alert what;
    std::string rough_place;
    std::vector<order_line> orders; // those of this alert, oldest first
};

struct log_line_seen {
    domain::instant at;
    domain::uuid chain;
    std::string of;   // "alert", "request", "order"
    std::string name; // order number or subject
    domain::log_kind what = domain::log_kind::noted;
    domain::actor by;
    std::string why;
};

struct overview {
    std::vector<alert_line> alerts;        // open; what is real before what isn't
    std::vector<domain::request> requests; // open
    std::vector<order_line> orders;        // open without an open alert: to be followed up
    std::vector<log_line_seen> latest;     // newest first
    // What is real only.
    std::int64_t alerts_open = 0;
    std::int64_t orders_open = 0;
    std::int64_t signals_today = 0;
    std::int64_t alerts_today = 0;
    std::int64_t alerts_closed_today = 0;
    std::int64_t alerts_cancelled_today = 0; // of those, by their wearers while counted down
    std::int64_t orders_followed_up_today = 0;
    std::int64_t outbox_waiting = 0;
    std::int64_t overdue = 0; // open work whose time is over by more than a second
};

// An offer that somebody may still say something to.
struct offer_line {
    domain::offer_id id;
    domain::provider_id provider;
    domain::worker_id worker; // empty: made to the company
    domain::offer_state state = domain::offer_state::open;
};

class overview_port {
public:
    virtual ~overview_port() = default;

    // At most `limit` of each list. `day_began`: the local midnight.
    virtual runtime::task<record_result<overview>> look(domain::instant now,
                                                        domain::instant day_began, int limit) = 0;
    // Of that order, without those declined: the accepted one first, then the newest.
    virtual runtime::task<record_result<std::vector<offer_line>>>
    offers_of(domain::order_id const& id) = 0;
};

} // namespace linli::app
