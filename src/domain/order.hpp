#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "domain/booking.hpp"
#include "domain/errc.hpp"
#include "domain/ids.hpp"
#include "domain/log_line.hpp"
#include "domain/matching.hpp"
#include "domain/named.hpp"
#include "domain/offer.hpp"
#include "domain/plan.hpp"
#include "domain/purpose.hpp"
#include "domain/signal.hpp"
#include "domain/subject.hpp"
#include "domain/time.hpp"

namespace linli::domain {

enum class order_state : std::uint8_t {
    requested,
    offered,
    accepted,
    en_route,
    arrived,
    in_service,
    completed,
    followed_up,
    no_access,
    unfilled,
    stood_down,
    cancelled,
    failed,
};

template <>
struct names<order_state> {
    static constexpr std::array<std::pair<order_state, std::string_view>, 13> table{{
        {order_state::requested, "requested"},
        {order_state::offered, "offered"},
        {order_state::accepted, "accepted"},
        {order_state::en_route, "en_route"},
        {order_state::arrived, "arrived"},
        {order_state::in_service, "in_service"},
        {order_state::completed, "completed"},
        {order_state::followed_up, "followed_up"},
        {order_state::no_access, "no_access"},
        {order_state::unfilled, "unfilled"},
        {order_state::stood_down, "stood_down"},
        {order_state::cancelled, "cancelled"},
        {order_state::failed, "failed"},
    }};
};

// Where it is done: at the home, or from the operator's seat (a ring-back).
enum class order_place : std::uint8_t { home, seat };

template <>
struct names<order_place> {
    static constexpr std::array<std::pair<order_place, std::string_view>, 2> table{{
        {order_place::home, "home"},
        {order_place::seat, "seat"},
    }};
};

struct order {
    order_id id;
    std::string number; // what people read out: area code, date, sequence
    service_id service;
    purpose what_for = purpose::real;
    priority level = priority::p1;
    std::optional<alert_id> alert;
    std::optional<request_id> request;
    subject about;
    area_id area;
    home_id home;
    order_place place = order_place::home;
    event_id event;
    order_state state = order_state::requested;
    instant opened_at;
    std::optional<offer_id> held_by; // the offer whose worker holds it
    worker_id worker;                // empty while a company that has accepted names nobody
    provider_id provider;
    std::uint32_t round = 1; // of the search for a worker
    std::string reason; // why unfilled, cancelled, stood down or failed; or for what it has raised
    std::string plan;   // digest of the snapshot that its clocks come from
    std::optional<instant> due_at; // never empty while open
    std::optional<int> rating;     // 1 … 5, from the follow-up
    std::optional<booking> booked; // nothing: as soon as it can be
    std::uint32_t version = 0;

    bool operator==(order const&) const = default;
};

// Something is still to be done about it; a `stood_down` order ends when its worker has confirmed
// (then it has no due_at).
bool is_open(order const& o);
// Help has not reached the door: a repeated press joins this order rather than make another.
bool is_before_arrival(order_state s);
// On the way: at most one for a (subject, service, alert or request). Before a locked door somebody
// is there already; who pressed again after his arrival has another on the way.
bool is_coming(order_state s);
// A worker holds it and is bound to its home.
bool is_on_visit(order_state s);
// The same of an order: whoever has accepted what was booked for later goes elsewhere meanwhile.
bool is_on_visit(order const& o);

enum class reply_kind : std::uint8_t {
    accept,
    decline,
    en_route,
    arrived,
    no_access,
    started,
    completed,
    failed,
    stood_down,
    assign, // the company names who goes
};

template <>
struct names<reply_kind> {
    static constexpr std::array<std::pair<reply_kind, std::string_view>, 10> table{{
        {reply_kind::accept, "accept"},
        {reply_kind::decline, "decline"},
        {reply_kind::en_route, "en_route"},
        {reply_kind::arrived, "arrived"},
        {reply_kind::no_access, "no_access"},
        {reply_kind::started, "started"},
        {reply_kind::completed, "completed"},
        {reply_kind::failed, "failed"},
        {reply_kind::stood_down, "stood_down"},
        {reply_kind::assign, "assign"},
    }};
};

// The visit that the replying worker is on: the home of the orders that he holds, empty if none.
// Rule 4: all of them belong to one home.
struct visit_facts {
    home_id visiting;
    bool another_comes = false; // another order for the same need is on its way
    bool is_of_provider = true; // the worker whom the reply names
    bool live_press = false;    // a desk has claimed a call of the device since he arrived
    bool is_heard = true;       // as in order_time_passed
};

// What may happen to an open order.
struct reply {
    std::string reply_id; // the provider's, the same in every resend
    offer_id offer;
    provider_id provider; // by the credential, not by what the message says
    reply_kind kind = reply_kind::accept;
    std::string reason;
    bool needs_120 = false; // with failed: whoever waits there needs an ambulance
    worker_id worker;       // with assign, or a company's accept: who goes
    std::optional<instant> happened_at;
    std::optional<position> fix;
    actor by; // the worker, or an operator on his behalf
    visit_facts facts;
};
struct search_result {
    std::vector<candidate> ranked;   // as rank() gives them
    std::vector<offer_id> fresh_ids; // one for each chosen candidate
};
// The operator chooses who is asked.
struct offer_to {
    operator_id who;
    worker_id worker;
    // Gathered by the app.
    std::optional<candidate> him = {}; // nothing: nobody knows such a worker
    home_id visiting = {};             // where he is bound to; empty: nowhere
    offer_id fresh_id = {};
};
struct cancel {
    actor by;
    std::string why;        // a code, which whoever was asked is told as well
    std::string words = {}; // an operator's, for the record alone
};
struct follow_up {
    operator_id who;
    std::optional<int> rating;
    std::string text;
};
// Of a booking, to another time: whoever had accepted it may have no time then, so it is offered
// anew, at `offer_at`.
struct change_window {
    operator_id who;
    instant from;
    instant until;
    instant offer_at;
    std::string why;
};
struct rung_back {
    operator_id who;
    std::string text;
};
// Nobody is there who could cancel it: what waits for that is offered.
struct offer_now {};
struct order_time_passed {
    bool is_heard = true; // an open alert hears what goes wrong with it
};

using order_event = std::variant<reply, search_result, offer_to, cancel, change_window, follow_up,
                                 rung_back, offer_now, order_time_passed>;

enum class receipt_stage : std::uint8_t { stored, accepted, arrived };

template <>
struct names<receipt_stage> {
    static constexpr std::array<std::pair<receipt_stage, std::string_view>, 3> table{{
        {receipt_stage::stored, "stored"},
        {receipt_stage::accepted, "accepted"},
        {receipt_stage::arrived, "arrived"},
    }};
};

// What an alert is raised for by the visit itself, when no open one hears it (field-rules 16, 18).
struct concern {
    alert_kind kind = alert_kind::check_in_missed;
    subject about;
    std::string said = {}; // in whose words

    bool operator==(concern const&) const = default;
};

// About whom it may raise one as it stands: its worker, or whoever doesn't open.
std::optional<concern> concern_of(order const& o);
// What it raises if it fails. That somebody needs an ambulance is told whoever else hears of it: an
// open alert may be of a lesser kind.
std::optional<concern> failure_of(order const& o, bool needs_120);

struct order_outcome {
    order next;
    std::vector<offer> offers; // new or changed
    std::vector<log_line> log;
    bool search = false;                  // rank candidates and come back with search_result
    std::optional<std::string> goes_up;   // why: the alert's ladder and holder must hear it
    std::optional<receipt_stage> receipt; // what the device may be told now
    std::optional<concern> raises;
};

// Opens the order with the identity in `first`; due when it shall be offered. Of a booking `first`
// says when that is, by its due_at.
order_outcome open_order(order first, order_plan const& with, instant now);

// `offers` are all offers of this order. Replies are idempotent: the same step again changes
// nothing. Refused: `unknown` offer or worker, `not_yours`, `taken`, `closed`, `out_of_turn`,
// `busy`, `untested`.
result<order_outcome> decide(order const& current, std::vector<offer> const& offers,
                             order_event const& event, order_plan const& with, instant now);

} // namespace linli::domain
