#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "domain/alert.hpp"
#include "domain/booking.hpp"
#include "domain/call.hpp"
#include "domain/delivery.hpp"
#include "domain/hotline.hpp"
#include "domain/order.hpp"
#include "domain/request.hpp"
#include "domain/signal.hpp"

namespace linli::app {

// Everything that can change the record, from any door; one batch may hold any mix of them.
struct unreadable_reply {
    domain::provider_id provider;
    std::string reply_id; // as far as it could be read
    std::string offer;
};
// `if_signals`: how many presses she had seen who decided. If another has joined since, the command
// is `stale` and nothing changes, so that a close can't pass over it. Not the row's version: that
// moves with every step and notice too, and a close must not be refused for what changes nothing
// for the person.
struct alert_command {
    domain::alert_id id;
    domain::alert_event event;
    std::optional<std::uint32_t> if_signals = {};
};
// `if_state`: how far she had seen it, so that nobody cancels as unanswered what has just been
// accepted. Not the version, which moves with every offer that runs out, just when somebody wants
// to act.
struct order_command {
    domain::order_id id;
    domain::order_event event;
    std::optional<domain::order_state> if_state = {};
};
struct close_request {
    domain::request_id id;
    domain::operator_id who;
    std::string text;
};
struct alert_due {
    domain::alert_id id;
};
struct order_due {
    domain::order_id id;
};
struct request_due {
    domain::request_id id;
};

// An exercise with a device, begun by an operator: an alert as if it had reported that.
struct start_drill {
    domain::device_id device;
    domain::alert_kind kind = domain::alert_kind::sos;
    domain::operator_id who;
};

// A worker shall put that device into the home of whoever it is registered for.
struct start_installation {
    domain::device_id device;
    domain::operator_id who;
};

// Somebody has been told of an alert, or could not be.
struct delivery_ended {
    domain::delivery what;
};

// What a call to the hotline opens or joins, as if a device had told it: an emergency (sos) or a
// request to be rung back (help_request). Once for each event, however often it is asked.
struct call_case {
    domain::event_id event;
    domain::signal_kind kind = domain::signal_kind::sos;
    domain::subject about;
    domain::area_id area;                  // where nobody is known
    domain::operator_id who;               // empty: the house, of a call that nobody answered
    std::string call;                      // for the log
    std::optional<domain::ring_back> back; // of a request: sooner than others
};

// A call that belongs to an alert, on that alert's log.
struct call_heard {
    domain::alert_id id;
    domain::log_kind what = domain::log_kind::called;
    domain::actor by;
    std::string why;
};

// A life service for a resident, at a time. Once for each event, however often it is asked.
struct book_service {
    domain::event_id event;
    domain::resident_id resident;
    std::optional<domain::request_id> request; // that it answers, if it is open
    domain::service what;                      // as the catalogue has it now
    domain::instant from;
    domain::instant until;
    std::string words;
    domain::operator_id who;
};

// What is booked, to another time.
struct move_booking {
    domain::order_id id;
    domain::operator_id who;
    domain::instant from;
    domain::instant until;
    std::string why;
    std::optional<domain::order_state> if_state = {};
};

// A proof of his visit that a worker has left, on that order's log.
struct visit_proven {
    domain::order_id order;
    domain::log_kind what = domain::log_kind::proof_given;
    domain::actor by;
    std::string why;
};

// A worker calls for help by his page.
struct worker_sos {
    domain::event_id event; // domain::make_own_sos_event
    domain::worker_id worker;
    std::optional<domain::instant> happened_at;
    std::optional<domain::position> fix;
};

using input = std::variant<domain::signal, domain::reply, unreadable_reply, alert_command,
                           order_command, close_request, alert_due, order_due, request_due,
                           start_drill, start_installation, delivery_ended, call_case, call_heard,
                           book_service, move_booking, visit_proven, worker_sos>;

} // namespace linli::app
