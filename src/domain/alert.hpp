#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "domain/errc.hpp"
#include "domain/ids.hpp"
#include "domain/log_line.hpp"
#include "domain/named.hpp"
#include "domain/notice.hpp"
#include "domain/plan.hpp"
#include "domain/progress.hpp"
#include "domain/purpose.hpp"
#include "domain/signal.hpp"
#include "domain/subject.hpp"
#include "domain/time.hpp"

namespace linli::domain {

enum class alert_state : std::uint8_t { pending, raised, claimed, handled, closed };

template <>
struct names<alert_state> {
    static constexpr std::array<std::pair<alert_state, std::string_view>, 5> table{{
        {alert_state::pending, "pending"},
        {alert_state::raised, "raised"},
        {alert_state::claimed, "claimed"},
        {alert_state::handled, "handled"},
        {alert_state::closed, "closed"},
    }};
};

// field-rules 8. A referral to 120/110/119 is no end: it closes only with a known outcome.
enum class disposition : std::uint8_t {
    helped,
    sent_to_hospital,
    death,
    refused_help,
    handed_to_family,
    hazard_removed,
    false_alarm,
    test,
    device_fault,
    wrong_person,
    safeguarding,
    duplicate,
    no_contact_visited,
    cancelled_by_wearer, // of a countdown only, by the device: nobody at the desk can say it
};

template <>
struct names<disposition> {
    static constexpr std::array<std::pair<disposition, std::string_view>, 14> table{{
        {disposition::helped, "helped"},
        {disposition::sent_to_hospital, "sent_to_hospital"},
        {disposition::death, "death"},
        {disposition::refused_help, "refused_help"},
        {disposition::handed_to_family, "handed_to_family"},
        {disposition::hazard_removed, "hazard_removed"},
        {disposition::false_alarm, "false_alarm"},
        {disposition::test, "test"},
        {disposition::device_fault, "device_fault"},
        {disposition::wrong_person, "wrong_person"},
        {disposition::safeguarding, "safeguarding"},
        {disposition::duplicate, "duplicate"},
        {disposition::no_contact_visited, "no_contact_visited"},
        {disposition::cancelled_by_wearer, "cancelled_by_wearer"},
    }};
};

// What an operator may close an alert with.
inline bool is_for_operators(disposition d) {
    return d != disposition::cancelled_by_wearer;
}

// An open concern about one subject. `ladder_at` is in `pending` the end of the countdown, in
// `raised` the next rung, in `claimed` the end of the lease or of the ring, in `handled` the
// review. `due_at` is when the house acts by itself: then, or before it for a step of the plan.
// Nobody is rung and nobody goes while it is pending.
struct alert {
    alert_id id;
    subject about;
    purpose what_for = purpose::real;
    alert_kind kind = alert_kind::sos;
    priority level = priority::p1;
    alert_state state = alert_state::raised;
    area_id area;
    home_id home;         // empty when there is none
    resident_id resident; // empty when nobody is identified (a couple's home, unknown device)
    event_id first_event; // the signal that caused it
    event_id last_event;
    instant opened_at;
    instant raised_at; // the current clock started here; pending: when the countdown did
    instant rang_at;   // when somebody was last rung; pending: nobody yet
    std::uint32_t signals = 1;
    std::string plan; // digest of the snapshot
    std::uint32_t rung = 0;
    bool is_shown = false; // a console has shown this ring
    site_id desk;          // whose seats ring now
    operator_id holder;    // empty unless claimed or handled
    operator_id handed_to; // whom its holder has asked to go on with it; empty: nobody
    std::optional<instant> claimed_until;
    std::optional<instant> acknowledge_by;
    std::optional<instant> shelved_until; // laid aside by its holder, whom it rings then
    std::optional<instant> ladder_at;     // never empty while open
    std::optional<instant> due_at;        // never empty while open
    instant steps_from;                   // the plan's steps count from here
    domain::progress progress;
    seconds locate_every{0}; // asked of the wearer's devices while raised or claimed; 0: never
    std::optional<disposition> outcome;
    std::optional<instant> closed_at;
    std::uint32_t version = 0; // of the stored row; 0 = not stored yet
    bool operator==(alert const&) const = default;
};

// "If in doubt, go out": who closes a person's alert as if nobody had to go says why, in words
// (field-rules 9, 14).
bool needs_words(alert const& a, disposition outcome);

inline bool is_open(alert const& a) {
    return a.state != alert_state::closed;
}

// Who could answer now; gathered by the app for the subject's area.
struct duty {
    // By site_level: the site whose seats would ring, or nothing when nobody is on duty there. The
    // city's desk is never empty.
    std::array<std::optional<site_id>, 3> desks;
    int minute_of_day = 0; // of the local day, for steps with hours
    // Whoever of the operators was heard of lately holds a P1. Nothing: that was not asked, since
    // only the clock asks.
    std::optional<bool> nobody_free = false;

    std::optional<site_id>& operator[](std::size_t level) { return desks[level]; }
    std::optional<site_id> const& operator[](std::size_t level) const { return desks[level]; }
};

// What may happen to an open alert.
struct signal_joined {
    event_id event;
    device_id device;
    alert_kind kind = alert_kind::sos;
    plan plan_of_kind; // its own plan runs if the kind is worse
    bool confirmed = false;
    bool at_once = false; // somebody is sent without waiting: so says its plan, or a high risk
    home_id home = {};    // where it was told from; empty: unknown
    area_id area = {};
};
struct cancelled_by_device {
    event_id event;
};
struct cleared_by_device {
    event_id event;
};
struct claim {
    operator_id who;
};
// Of an alert that somebody else holds, and why. Who may do so is asked at the door.
struct take_over {
    operator_id who;
    std::string why;
};
struct release {
    operator_id who;
};
// At the end of a shift. The holder keeps it until `to` claims it; if nobody does, its lease or its
// review rings everybody, the shift leader too (field-rules 25).
struct hand_over {
    operator_id who;
    operator_id to;
    std::string next; // what is to be done next, and when
};
// Laid aside for a while by its holder: nothing that is an emergency. Then, and at a new P1 press
// or a worse kind, it rings her; who doesn't answer loses it. Her claim takes it back at once.
struct shelve {
    operator_id who;
    seconds how_long{0};
    std::string why;
};
constexpr seconds longest_shelving{30 * 60};
struct note {
    operator_id who;
    std::string text;
};
struct handle {
    operator_id who;
};
struct close {
    operator_id who;
    disposition outcome = disposition::helped;
    std::string text;
};
// What the house asked of the operators and somebody has done.
struct done_as_asked {
    operator_id who;
    ask what = ask::ring_back;
    std::string text; // what came of it
};
struct nobody_to_go {
    order_id order;
    std::string why;
    go_trouble trouble = go_trouble::nobody;
};
struct help_comes {};
struct help_arrived {};
// A console has painted it in front of whoever is on duty there.
struct shown {
    operator_id by;
};
struct time_passed {};

using alert_event =
    std::variant<signal_joined, cancelled_by_device, cleared_by_device, claim, take_over, release,
                 hand_over, shelve, note, handle, close, done_as_asked, nobody_to_go, help_comes,
                 help_arrived, shown, time_passed>;

struct alert_outcome {
    alert next;
    std::vector<log_line> log;
    bool needs_order = false;               // one that has not yet arrived serves as well
    std::optional<std::string> ends_orders; // why those not yet arrived are cancelled
    bool order_at_once = false;             // its offers wait for no operator
    bool offers_now = false;                // nor do those of an order that is waiting
    // In the order of their versions; the last one's is next.progress.notices.
    std::vector<notice> notices;
};

// Opens an alert for what a device has detected: pending if the plan has a countdown, else raised.
alert_outcome detect(alert first, device_id const& device, plan const& with, duty const& on_duty,
                     instant now);

// Opens an alert with the identity in `first` (id, subject, area, home, resident, event): rings the
// first rung at which somebody is on duty.
alert_outcome raise(alert first, device_id const& device, plan const& with, duty const& on_duty,
                    instant now);

// Refused: `closed` for an alert that has ended; `held` for a claim on somebody else's (take_over
// is not, but `needs_reason`), unless she was asked to go on with it; `not_yours` for release,
// hand_over, shelve, handle and close by anybody but the holder; `out_of_turn` for a duty that
// nobody has asked for, and for an emergency that is to be shelved.
result<alert_outcome> decide(alert const& current, alert_event const& event, plan const& with,
                             duty const& on_duty, instant now);

} // namespace linli::domain
