#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "domain/audience.hpp"
#include "domain/ids.hpp"
#include "domain/named.hpp"
#include "domain/plan.hpp"
#include "domain/priority.hpp"
#include "domain/signal.hpp"
#include "domain/time.hpp"

namespace linli::domain {

enum class notice_reason : std::uint8_t {
    raised,       // somebody pressed or fell: the start
    unanswered,   // the ladder has come to this person
    second_alert, // another P1 rings while the only operator is busy
    nobody_to_go,
    help_comes, // a worker has accepted
    help_arrived,
    ended,    // who was told of the start is told of the end (field-rules 23)
    degraded, // it waits on disk, the database is away: there is no alert yet
};

template <>
struct names<notice_reason> {
    static constexpr std::array<std::pair<notice_reason, std::string_view>, 8> table{{
        {notice_reason::raised, "raised"},
        {notice_reason::unanswered, "unanswered"},
        {notice_reason::second_alert, "second_alert"},
        {notice_reason::nobody_to_go, "nobody_to_go"},
        {notice_reason::help_comes, "help_comes"},
        {notice_reason::help_arrived, "help_arrived"},
        {notice_reason::ended, "ended"},
        {notice_reason::degraded, "degraded"},
    }};
};

// A word to people about an alert, written in the transaction that decided it. It names nobody.
struct notice {
    alert_id alert;
    event_id event;
    notice_reason why = notice_reason::raised;
    audience to = audience::contacts;
    alert_kind kind = alert_kind::sos;
    priority level = priority::p1;
    resident_id resident; // empty when nobody is identified
    home_id home;
    area_id area;
    site_id site; // of the shift leader or duty telephone
    instant at;

    bool operator==(notice const&) const = default;
};

} // namespace linli::domain
