#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/system/result.hpp>

#include "app/outgoing.hpp"
#include "domain/alert.hpp"
#include "domain/booking.hpp"
#include "domain/offer.hpp"
#include "domain/order.hpp"
#include "domain/request.hpp"
#include "domain/roster.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Why the record could not be read or written.
enum class record_errc : std::uint8_t {
    conflict = 1, // somebody else changed a row that this batch relied on: read again, decide again
    away,         // no connection, in doubt, or too slow: the same batch may be tried again
    bad_data,     // the database refuses this very data: halve the batch
};
[[noreturn]] void throw_exception_from_error(record_errc const& e,
                                             boost::source_location const& at);

template <class T>
using record_result = boost::system::result<T, record_errc>;

// ------------------------------------------------------------------ what a batch asks for

struct wanted {
    std::vector<std::pair<domain::event_id, domain::device_id>> signals;
    std::vector<domain::alert_id> alerts;     // with their orders and offers
    std::vector<domain::request_id> requests; // with their orders
    std::vector<domain::order_id> orders;     // with their offers and their alert or request
    std::vector<domain::offer_id> offers;     // with their order and all around it
    std::vector<domain::offer_id> accepts;    // among `offers`: the visit card will be needed
    std::vector<domain::worker_id> workers;   // whose visit is wanted: a reply names them
    std::vector<domain::subject> subjects;    // whose open alert is wanted whatever the device is
    std::vector<domain::device_id> drills;    // with the open drill of each one's subject
    std::vector<domain::device_id> installations; // with the open one of each
    // Of calls to the hotline: the events, and whom each is about.
    std::vector<std::pair<domain::event_id, domain::subject>> callers;
    // Is an operator free who was heard of since then? Asked by the due loop only: it costs a
    // look-up.
    std::optional<domain::instant> operators_since;
    // Of these alerts' subjects, the false alarms of the seven days before `false_alarms_until`.
    std::vector<domain::alert_id> false_alarms_of;
    domain::instant false_alarms_until;
};

// ------------------------------------------------------------------ what it gets

// What the registry says about the device of a signal.
struct device_facts {
    bool registered = false;
    domain::subject about;
    domain::area_id area;
    domain::home_id home;
    domain::resident_id resident;
    bool high_risk = false;
    // Of what it reports: synthetic if it is worn by a synthetic resident.
    domain::purpose what_for = domain::purpose::real;
    std::optional<domain::alert_id> open_alert;     // of the subject, for the same purpose
    std::optional<domain::request_id> open_request; // of the subject
};

struct home_facts {
    domain::area_id area;
    std::string rough_place;
    std::optional<domain::position> place;
    bool needs_two = false; // nobody goes there alone
};

// Head of a hash chain; only the record's keeper understands it.
struct chain_head {
    std::uint32_t seq = 0;
    std::string hash;
};

// Operators sign in at no desk, so what they do is what is known of them.
struct operators_seen {
    bool were_asked_for = false;
    bool any_busy = false; // holds a P1
    bool any_free = false; // was heard of lately, and holds none
};

struct false_alarm_counts {
    int day = 0;  // in 24 hours
    int week = 0; // in 7 days
};

struct view {
    std::unordered_map<domain::device_id, device_facts> devices;
    std::map<domain::subject, device_facts> callers;                // those whom the registry knows
    std::unordered_map<std::string, domain::event_id> known_events; // already in the record
    std::map<domain::alert_id, domain::alert> alerts;
    std::map<domain::request_id, domain::request> requests;
    std::map<domain::order_id, domain::order> orders;
    std::map<domain::offer_id, domain::offer> offers;
    std::unordered_map<domain::home_id, home_facts> homes;
    std::unordered_map<domain::worker_id, domain::home_id> visiting; // of holders and repliers
    std::map<domain::order_id, visit> visits;                        // for `accepts`
    // Of these, the installations whose device a desk has claimed a call of since somebody arrived.
    std::set<domain::order_id> live_presses;
    std::map<domain::uuid, chain_head> heads; // by alert, request, order
    operators_seen operators;
    std::map<domain::alert_id, false_alarm_counts> false_alarms; // for `false_alarms_of`
};

// ------------------------------------------------------------------ what it writes

struct stored_signal {
    domain::signal what;
    domain::subject about;
    std::optional<domain::alert_id> alert;
    std::optional<domain::request_id> request;
};

struct search_record {
    domain::order_id order;
    domain::instant at;
    std::uint32_t round = 1;
    std::vector<domain::candidate> ranked;
};

enum class chain_of : std::uint8_t { alert, request, order, complaint };

struct chained_line {
    chain_of of = chain_of::alert;
    domain::uuid chain;
    domain::log_line line;
    domain::resident_id about; // whose key encrypts line.personal; empty = the house's own
};

struct maintenance_note {
    domain::device_id device;
    domain::signal_kind kind = domain::signal_kind::battery;
    domain::event_id event;
    domain::instant at;
};

// One transaction. Rows carry the version at which they were read (0 = new); a row that has moved
// on since makes the whole a conflict.
struct changes {
    domain::instant at; // commit time by the house clock
    std::vector<stored_signal> signals;
    std::vector<domain::alert> alerts;
    std::vector<domain::request> requests;
    std::vector<domain::order> orders;
    std::vector<domain::offer> offers;
    std::vector<search_record> searches;
    std::vector<chained_line> log;
    std::vector<maintenance_note> maintenance;
    std::vector<outbox_row> outbox;
    std::map<domain::uuid, chain_head> heads;    // of the chains that `log` continues
    std::vector<domain::booking_terms> bookings; // of new orders
};

// ------------------------------------------------------------------ due work, registry, outbox

struct due_items {
    std::vector<domain::alert_id> alerts;
    std::vector<domain::request_id> requests;
    std::vector<domain::order_id> orders;
    std::optional<domain::instant> oldest; // due time of the one that has waited longest
    std::optional<domain::instant> next;   // the earliest that is not due yet
};

struct site {
    domain::site_id id;
    domain::site_level level = domain::site_level::station;
    domain::site_id parent;
    domain::area_id area;
    std::optional<domain::position> place;
    int opens = 0; // minute of the local day
    int closes = 1440;
};

struct area {
    domain::area_id code;
    domain::area_id parent;
    domain::site_id served_by; // empty: as its parent
};

struct registry {
    std::int64_t version = 0;
    std::vector<area> areas;
    std::vector<site> sites;
    std::vector<domain::worker> workers; // with load and visit as they are now
};

// The record of what happened, and the registry of whom it happens to. PostgreSQL in an
// installation, a twin in memory in tests. All calls may suspend; none throws for an outage.
class record {
public:
    virtual ~record() = default;

    virtual runtime::task<record_result<view>> read(wanted const& what) = 0;
    virtual runtime::task<record_result<void>> commit(changes const& what) = 0;

    // Open work with due_at ≤ now, P1 first, then the longest overdue; at most `limit` of each.
    virtual runtime::task<record_result<due_items>> due(domain::instant now, int limit) = 0;

    // The first of `count` consecutive order numbers of that local day that nobody else gets.
    virtual runtime::task<record_result<int>> reserve_numbers(int day, int count) = 0;

    virtual runtime::task<record_result<std::int64_t>> registry_version() = 0;
    virtual runtime::task<record_result<registry>> load_registry() = 0;

    // Rows to be sent again by now; taken for `lease`, so that another server leaves them alone,
    // and each time for longer.
    virtual runtime::task<record_result<std::vector<outbox_row>>>
    take_outbox(domain::instant now, domain::duration lease, int limit) = 0;
    virtual runtime::task<record_result<void>>
    outbox_sent(std::vector<domain::uuid> const& ids) = 0;
    // What would have waited until after `later`, since it was tried in vain so often, is due now.
    virtual runtime::task<record_result<void>> outbox_forward(domain::instant now,
                                                              domain::instant later) = 0;

    virtual runtime::task<record_result<void>>
    keep_plans(std::vector<std::pair<std::string, std::string>> const& digest_and_body) = 0;
    virtual runtime::task<record_result<std::string>> plan_body(std::string const& digest) = 0;
};

} // namespace linli::app
