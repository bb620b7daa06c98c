#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/record.hpp"
#include "app/registry_rows.hpp"
#include "domain/alert.hpp"
#include "domain/call.hpp"
#include "domain/device_health.hpp"
#include "domain/hotline.hpp"
#include "domain/matching.hpp"
#include "domain/offer.hpp"
#include "domain/order.hpp"
#include "domain/request.hpp"
#include "domain/signal.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Where a line stands: it is news when this is another.
struct line_mark {
    std::uint64_t version = 0; // moves on with each commit
    bool holder_is_away = false;

    bool operator==(line_mark const&) const = default;
};

struct caller_seen {
    domain::caller who;
    std::string name; // masked
    std::string relation;
    std::string rough_place; // of the resident's home
};

// A call to the hotline, with all whose number it is.
struct call_seen {
    domain::call what; // its number in clear: masking is the encoder's
    std::vector<caller_seen> who;
    bool is_on_desks = true;
    std::uint32_t request_version = 0;                // of the request that a missed call waits in
    std::optional<domain::call_standing> on_our_line; // while it lasts; nothing: a foreign one's
    std::optional<domain::refused_wish> refused;      // while it lasts
};

// One row of the queue: an open alert or request, or one that has just been closed; or a call that
// rings, or about which nobody has decided.
struct work_line {
    std::optional<domain::alert> alert; // one of the three
    std::optional<domain::request> request;
    std::optional<call_seen> call;
    std::string name; // masked, as domain/masked makes it; several joined by "、"; may be empty
    std::string rough_place;
    std::string area_name;
    std::string holder_name;
    std::string handed_to_name;
    std::vector<domain::area_id> areas; // the area and all that it lies in: whose work it is
    std::vector<domain::order> orders;  // oldest first
    bool high_risk = false;
    bool holder_is_away = false; // she has an account, and no page of it is open and on duty

    domain::uuid id() const;
    bool is_open() const;
    domain::priority level() const;
    domain::instant opened_at() const;
    // Of the alert or request and its orders together: it moves whenever any of them does.
    std::uint64_t version() const;
    line_mark mark() const { return {version(), holder_is_away}; }
};

struct contact_seen {
    contact_row what;    // in clear: masking is the encoder's
    std::string reached; // when it was tried: "ok" by one channel, "failed" by all, or empty
};

struct reading_seen {
    std::string kind; // heart_rate, spo2 …: the words of domain/vitals
    double value = 0;
    domain::instant at;
};

struct resident_seen {
    resident_row what;
    std::vector<contact_seen> contacts;
    std::vector<reading_seen> readings; // the latest of each kind, of at most a day
};

struct device_seen {
    device_row what;
    std::optional<int> battery; // percent
    std::optional<domain::instant> heard_at;
    std::vector<std::string> troubles;     // words of domain::trouble
    std::optional<domain::position> place; // of its last signal in the record
};

struct offer_seen {
    domain::offer what;
    std::string provider_name;
    std::string worker_name;
};

struct candidate_seen {
    domain::candidate what;
    std::string worker_name;
    std::string provider_name;
    std::string phone;
    std::optional<domain::position> place;
};

// Whom an alert about a worker is about.
struct worker_seen {
    domain::worker_id id;
    std::string name;
    std::string phone;
    domain::provider_id provider;
    std::string provider_name;
};

struct order_seen {
    domain::order what;
    std::vector<offer_seen> offers;         // newest first
    std::vector<candidate_seen> candidates; // of the last search, as ranked
};

struct log_entry {
    chain_of of = chain_of::alert;
    std::string name;      // subject or order number
    domain::log_line line; // `personal` in clear, empty when its key is gone
    std::string by_name;
    std::uint32_t sequence = 0;
    std::string hash; // bytes
};

struct past_alert {
    domain::alert what;
    std::string closed_by;
};

// Everything about one alert that whoever answers it must know.
struct alert_card {
    work_line line;
    std::vector<resident_seen> residents;
    std::optional<worker_seen> worker;
    std::optional<home_row> home;
    std::string site; // that serves the home
    std::string site_name;
    std::optional<device_seen> device; // of the last signal
    std::vector<order_seen> orders;
    std::vector<log_entry> log; // of the alert and its orders, oldest first
    std::vector<work_line> linked;
    std::vector<past_alert> history; // newest first, at most 20
};

// What a device said, as it was kept.
struct signal_seen {
    domain::signal what; // `raw` only of one that couldn't be read whole
    domain::instant committed_at;
};

// Work that waits for the call after the visit: alerts and requests, of which some may be closed.
struct follow_ups {
    std::vector<domain::uuid> next; // whose time is nearest or most overdue first
    std::size_t count = 0;          // of all
};

// A visit that somebody is still to say the end of, though its alert is closed: it rings nowhere.
struct unfinished_visit {
    domain::uuid alert;
    domain::order_id order;
    domain::instant since; // when the last step of it was told
};
struct unfinished {
    std::vector<unfinished_visit> next; // longest without a word first
    std::size_t count = 0;              // of all
};
// What the house reminds of is no step.
constexpr bool is_step(domain::log_kind what) {
    using enum domain::log_kind;
    return what != check_in_missed && what != access_overdue && what != stand_down_overdue &&
           what != unfilled && what != reply_refused && what != proof_given && what != proof_wrong;
}

// What the pages read. It takes its own database connections, none of those that signals need. All
// calls may suspend; none throws for an outage.
class desk_reading {
public:
    virtual ~desk_reading() = default;

    // id → mark of all that is open. Small, so it may be asked every few seconds: what another
    // server has changed is found by it, and who has gone off duty.
    virtual runtime::task<record_result<std::unordered_map<std::string, line_mark>>>
    open_marks() = 0;

    // Those that there are, open or closed, of both kinds, in no order.
    virtual runtime::task<record_result<std::vector<work_line>>>
    lines(std::vector<domain::uuid> const& ids) = 0;

    virtual runtime::task<record_result<std::optional<alert_card>>>
    card(domain::alert_id const& id) = 0;
    // Of a request: its subject's residents, home, orders and log stand in the same form.
    virtual runtime::task<record_result<std::optional<alert_card>>>
    card(domain::request_id const& id) = 0;
    // Open alerts that she holds, oldest first.
    virtual runtime::task<record_result<std::vector<domain::uuid>>>
    held_by(domain::operator_id const& who) = 0;
    // Of the area and all that lies in it, real work only.
    virtual runtime::task<record_result<follow_ups>> to_follow_up(domain::area_id const& within,
                                                                  int limit) = 0;
    // Of the area and all that lies in it, real work only.
    virtual runtime::task<record_result<unfinished>> unfinished_in(domain::area_id const& within,
                                                                   int limit) = 0;
    // Of an alert or request, oldest first, at most 1000.
    virtual runtime::task<record_result<std::vector<signal_seen>>>
    signals_of(domain::uuid const& id) = 0;
    // The alert or request that an order belongs to.
    virtual runtime::task<record_result<std::optional<domain::uuid>>>
    owner_of(domain::order_id const& id) = 0;
};

} // namespace linli::app
