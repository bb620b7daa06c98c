#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "app/overview.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// What an operator can do, with or without pages. Each command is one transaction; a refusal says
// why, and nothing has changed then.
class desk {
public:
    desk(dispatch& to, overview_port& from, clock& time, domain::minutes utc_offset)
        : to_(to), from_(from), time_(time), utc_offset_(utc_offset) {}

    using answer = record_result<verdict>;

    runtime::task<record_result<overview>> look(int limit);
    runtime::task<record_result<std::vector<offer_line>>> offers_of(domain::order_id id);

    // Also acknowledges a new press on an alert that one holds already.
    runtime::task<answer> claim(domain::alert_id id, domain::operator_id who);
    runtime::task<answer> release(domain::alert_id id, domain::operator_id who);
    // Asks `to` to go on with it; `next` says what is to be done next, and when. Hers until then.
    runtime::task<answer> hand_over(domain::alert_id id, domain::operator_id who,
                                    domain::operator_id to, std::string next);
    // Lays it aside, which is nothing for an emergency; it rings her when the time is over.
    runtime::task<answer> shelve(domain::alert_id id, domain::operator_id who,
                                 domain::seconds how_long, std::string why);
    // A console has painted it in front of `by`, who is on duty.
    runtime::task<answer> shown(domain::alert_id id, domain::operator_id by);
    runtime::task<answer> note(domain::alert_id id, domain::operator_id who, std::string text);
    // Also of an alert that somebody else holds. Whether she may is asked at the door.
    runtime::task<answer> take_over(domain::alert_id id, domain::operator_id who, std::string why);
    // The steps are done, the outcome is not known yet. `if_signals`: the presses that she has
    // seen; `stale` if there is another.
    runtime::task<answer> handle(domain::alert_id id, domain::operator_id who,
                                 std::optional<std::uint32_t> if_signals = {});
    runtime::task<answer> close(domain::alert_id id, domain::operator_id who,
                                domain::disposition outcome, std::string text,
                                std::optional<std::uint32_t> if_signals = {});

    // What the plan asked of the operators is done; `text` says what came of it.
    runtime::task<answer> done_as_asked(domain::alert_id id, domain::operator_id who,
                                        domain::ask what, std::string text);

    // An alert as if the device had reported that, marked as a drill. One a subject at a time.
    runtime::task<answer> drill(domain::device_id device, domain::alert_kind kind,
                                domain::operator_id who);

    // Opens the order that puts it into the home of whoever it is registered for. Refused:
    // `unknown`, `held` (it is open already), `out_of_turn` (registered for nobody's home).
    runtime::task<answer> install(domain::device_id device, domain::operator_id who);

    // `if_state`: as she has seen it; `stale` if it has moved on.
    runtime::task<answer> cancel(domain::order_id id, domain::operator_id who, std::string why,
                                 std::optional<domain::order_state> if_state = {});
    // Asks that worker now, beside whoever is asked. Refused: `unknown`, `busy` at another home,
    // `taken`.
    runtime::task<answer> offer_to(domain::order_id id, domain::operator_id who,
                                   domain::worker_id worker,
                                   std::optional<domain::order_state> if_state = {});
    // What a worker said on the telephone; `who` writes it down.
    runtime::task<answer> reply_for(domain::offer_id id, domain::provider_id provider,
                                    domain::worker_id worker, domain::operator_id who,
                                    domain::reply_kind kind, std::string reason);
    runtime::task<answer> follow_up(domain::order_id id, domain::operator_id who,
                                    std::optional<int> rating, std::string text);
    runtime::task<answer> ring_back(domain::request_id id, domain::operator_id who,
                                    std::string text);

    // Refused: `unknown` resident or request, `out_of_turn` window.
    runtime::task<answer> book(book_service what);
    // What is booked, to another time. Refused: `unknown`, `stale`, `out_of_turn`, `needs_reason`.
    runtime::task<answer> move(move_booking what);

private:
    runtime::task<answer> one(input what);

    dispatch& to_;
    overview_port& from_;
    clock& time_;
    domain::minutes utc_offset_;
};

} // namespace linli::app
