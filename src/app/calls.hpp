#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/call_record.hpp"
#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "app/id_source.hpp"
#include "domain/hotline.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// What a telephone system tells of the hotline, and what an operator makes of it. Each step may be
// asked again after an outage or a crash: what a call opens is done first, under an event that is
// the call's own, and only then written on the call. So nothing doubles, and nothing is missing.
class calls {
public:
    // The area of a line; the city's when nobody has said.
    using areas = std::function<domain::area_id(std::string const& called)>;

    calls(call_record& keeper, dispatch& to, clock& time, id_source& ids, areas of_lines)
        : keeper_(keeper), to_(to), time_(time), ids_(ids), of_lines_(std::move(of_lines)) {}

    // Joins the alert of the same home; of a missed call opens the request to be rung back.
    runtime::task<record_result<known_call>> report(domain::call_report told);
    // The same of a call that whoever tells has named himself; and how soon it is rung back if
    // nobody has answered it (nothing: as the plan for requests says).
    runtime::task<record_result<known_call>> report(domain::call_report told, domain::call_id fresh,
                                                    std::optional<domain::ring_back> back);

    using answer = record_result<verdict>;

    // `resident`: whom she has identified among those whose number it is; empty: nobody.
    runtime::task<answer> open_alert(domain::call_id id, domain::operator_id who,
                                     domain::resident_id resident);
    runtime::task<answer> open_request(domain::call_id id, domain::operator_id who,
                                       domain::resident_id resident);
    runtime::task<answer> join(domain::call_id id, domain::operator_id who, domain::alert_id alert);
    // Refused: `needs_reason`, when words are missing without which nobody may stay at home.
    runtime::task<answer> no_case(domain::call_id id, domain::operator_id who,
                                  domain::no_case_reason why, std::string words);

private:
    runtime::task<record_result<void>> find_alert(known_call& c);
    runtime::task<record_result<void>> tell_alert(known_call& c);
    runtime::task<record_result<void>> open_missed(known_call& c,
                                                   std::optional<domain::ring_back> back);
    runtime::task<answer> open(domain::call_id id, domain::operator_id who,
                               domain::resident_id resident, domain::signal_kind kind,
                               domain::call_outcome outcome);
    runtime::task<answer> decided(call_decision what);
    runtime::task<answer> one(input what);

    call_record& keeper_;
    dispatch& to_;
    clock& time_;
    id_source& ids_;
    areas const of_lines_;
};

} // namespace linli::app
