#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "app/record.hpp"
#include "domain/delivery.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Somebody whom a notice means, by reference: no name, no number.
struct person {
    std::string who;
    std::vector<domain::channel> ways; // for which there is an address, in order
    std::optional<domain::quiet_hours> quiet;
    bool told_before = false; // of this alert, or about to be
    std::string number = {};  // a digest of a contact's, by which his delivery finds him again

    bool operator==(person const&) const = default;
};

// What one sending needs to know; looked up for it and forgotten after it.
struct address_card {
    bool may_be_told = false; // still registered, and nobody has said "do not tell" since
    bool alert_is_closed = false;
    bool end_was_told = false;    // to him
    bool somebody_has_it = false; // of the operators: claimed, or handled
    std::string phone;
    std::string email;
    std::string resident_name;
    std::string language; // "zh"; of the receiver

    bool operator==(address_card const&) const = default;
};

// Notices that are due and have not gone.
struct unsent {
    std::size_t count = 0;
    std::optional<domain::instant> oldest; // since when the oldest should have gone

    bool operator==(unsent const&) const = default;
};

// Who is told of what by which channel, and what became of it. PostgreSQL in an installation, a
// twin in memory in tests. All calls may suspend; none throws for an outage.
class delivery_record {
public:
    virtual ~delivery_record() = default;

    // In the order in which they are to be told. The resident's contacts without those who must
    // not be told; of the site, or of the next one above it that has one, the shift leader or the
    // duty telephone; of an end, those who were told of the alert, whosever shift it is now and
    // whoever lives there. Nobody for alarm_hook: that is no person.
    virtual runtime::task<record_result<std::vector<person>>>
    people(domain::notice const& about) = 0;

    // A contact is found by the number that was his, wherever he stands in the list by now; by his
    // place if that number is nobody's any more, or was not kept.
    virtual runtime::task<record_result<address_card>> card(domain::delivery const& of) = 0;

    // Stores them and takes the notice's row out of the outbox, in one transaction. One that is
    // there already (the same notice, person and channel) stays as it is.
    virtual runtime::task<record_result<void>>
    expand(domain::uuid const& notice, std::vector<domain::delivery> const& fresh) = 0;

    // Due ones of this priority alone, or of all others; the most urgent first, then the longest
    // due. They are due again after `lease`, and count one attempt more.
    enum class lane : std::uint8_t { emergency, ordinary };
    virtual runtime::task<record_result<std::vector<domain::delivery>>>
    take(lane which, domain::instant now, domain::duration lease, int limit) = 0;

    // Stores what came of sendings, and the deliveries that take over, in one transaction. What is
    // no longer queued stays as it is.
    virtual runtime::task<record_result<void>>
    settle(std::vector<domain::delivery> const& changed,
           std::vector<domain::delivery> const& fresh) = 0;

    // Ended, and not yet on their alert's log.
    virtual runtime::task<record_result<std::vector<domain::delivery>>> unlogged(int limit) = 0;
    virtual runtime::task<record_result<void>>
    logged(std::vector<domain::delivery_id> const& ids) = 0;

    // Told while the record was away: each becomes a delivery of the alert that its event belongs
    // to, with that alert's kind, level and resident, to be logged like any. One that is there
    // already stays as it is. Answers the events that the record has; what it has without an alert
    // is only named.
    virtual runtime::task<record_result<std::vector<domain::event_id>>>
    keep_degraded(std::vector<domain::delivery> const& told) = 0;

    // Takes away at most `limit` of those from before then that stand on the log of an alert that
    // is closed; says how many.
    virtual runtime::task<record_result<std::size_t>> forget(domain::instant before, int limit) = 0;

    virtual runtime::task<record_result<unsent>> waiting(domain::instant now) = 0;
};

} // namespace linli::app
