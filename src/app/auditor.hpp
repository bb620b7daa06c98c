#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/clock.hpp"
#include "app/record.hpp"
#include "domain/named.hpp"

namespace linli::app {

// Nobody is forgotten (design, 4.3): looks all the time for what is open and has no owner, no
// clock, or a clock that nobody answered. It changes nothing; a finding means that a part of the
// house doesn't do its duty.

enum class finding_kind : std::uint8_t {
    no_clock,    // open, and nothing will ever remind of it
    no_owner,    // raised, and rings at no desk
    overdue,     // its time is over, and neither due loop nor observer has come
    claim_over,  // somebody holds it whose lease has ended
    untold,      // decided, and still in the outbox
    unanswered,  // a signal that must bring an alert has none
    uncommitted, // in the journal, and not in the record
};

struct finding {
    finding_kind kind = finding_kind::no_clock;
    std::string what; // "alert 0190…", "outbox 0190…", "journal 3:4711"

    auto operator<=>(finding const&) const = default;
};

// What is allowed before it counts.
struct audit_limits {
    domain::seconds lateness{10}; // of due work, and of a lease
    domain::seconds untold{60};
    domain::seconds unanswered{10};
    // Of what lasts: the observer lets what waits be judged first, for ten minutes at most.
    domain::seconds unobserved{610};
    domain::seconds uncommitted{60};
};

// The record's side of it: one statement on indexes, at most some tens of findings of a kind.
class audit_port {
public:
    virtual ~audit_port() = default;
    virtual runtime::task<record_result<std::vector<finding>>>
    audit(domain::instant now, audit_limits const& allowed) = 0;
};

// What has been found and is believed. Pure.
class audit_book {
public:
    struct news {
        std::vector<finding> found;                              // believed from now on
        std::vector<std::pair<finding, domain::duration>> ended; // and how long they were known
    };

    // Of one reading. What is seen twice, `confirm_after` apart, is believed.
    news take(std::vector<finding> const& seen, domain::instant now);
    // Nothing could be read: suspicions begin anew, later; what is believed stays so.
    void interrupted(domain::instant now);

    std::map<finding_kind, int> counts() const; // of those believed; every kind
    std::size_t size() const { return believed_.size(); }
    bool is_settling(domain::instant now) const { return now < settled_at_; }

private:
    std::map<finding, domain::instant> suspected_;
    std::map<finding, domain::instant> believed_; // since when it is known
    domain::instant settled_at_;
};

// Reads every few seconds, tells each finding once, and its end.
class auditor {
public:
    // `own`: what the record can't know, of this process.
    using own_findings = std::function<std::vector<finding>(domain::instant received_before)>;

    auditor(audit_port& record, clock& time, own_findings own, audit_limits allowed = {})
        : record_(record), time_(time), own_(std::move(own)), allowed_(allowed) {}

    // Runs until cancelled.
    runtime::task<void> run();

    std::map<finding_kind, int> counts() const { return book_.counts(); }
    std::uint64_t readings() const { return readings_; }
    domain::instant changed_at() const { return changed_at_; }
    std::string in_words() const;

private:
    void tell(audit_book::news const& of, domain::instant now);

    audit_port& record_;
    clock& time_;
    own_findings own_;
    audit_limits allowed_;
    audit_book book_;
    std::uint64_t readings_ = 0;
    bool reads_ = false;
    domain::instant changed_at_;
};

} // namespace linli::app

template <>
struct linli::domain::names<linli::app::finding_kind> {
    static constexpr std::array<std::pair<app::finding_kind, std::string_view>, 7> table{{
        {app::finding_kind::no_clock, "no_clock"},
        {app::finding_kind::no_owner, "no_owner"},
        {app::finding_kind::overdue, "overdue"},
        {app::finding_kind::claim_over, "claim_over"},
        {app::finding_kind::untold, "untold"},
        {app::finding_kind::unanswered, "unanswered"},
        {app::finding_kind::uncommitted, "uncommitted"},
    }};
};
