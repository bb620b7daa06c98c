#pragma once

// The parts that the rules of an alert are made of; only alert*.cpp include it.
#include <string>
#include <utility>

#include "domain/alert.hpp"

namespace linli::domain::alert_rules {

inline actor by_device(device_id const& device) {
    return {actor_kind::device, device.value, {}};
}
inline actor by_operator(operator_id const& who) {
    return {actor_kind::operator_, who.value, {}};
}
inline actor by_house() {
    return {actor_kind::house, {}, {}};
}

// The turn of one alert: each rule reads `was`, writes `out` and leaves `due_at` to the end.
struct turn {
    turn(alert const& current, plan const& by, duty const& who, instant at)
        : was(current), with(by), on_duty(who), now(at) {
        out.next = current;
    }

    alert const& was;
    plan with; // a worse kind that joins brings its own
    duty const& on_duty;
    instant now;
    alert_outcome out;

    alert& next() { return out.next; }
    void write(log_kind what, actor by, std::string why = {}, std::string personal = {}) {
        out.log.push_back({now, what, std::move(by), std::move(why), std::move(personal)});
    }
};

// Who answers. Rings rung `from` or the next manned one above it and starts that rung's clock.
void ring_from(turn& t, std::size_t from);
// A console must have shown this ring by the end of its clock, else it goes up.
bool waits_to_be_shown(turn const& t);
// It was shown: its rung has its whole time.
void give_whole_wait(turn& t);

// Who goes, when the workers can't: the next rung for this trouble.
void climb(turn& t, go_trouble trouble);

// The plan's steps, from the first one and from now.
void begin_steps(turn& t);
// An operator had it, and has it no longer.
void need_skipped_steps_again(turn& t);
void run_steps(turn& t);

// The wearer's devices are asked where he is, as often as that plan says. Which of them is due, the
// commands' own rows say (app/command_record).
void begin_locating(turn& t, plan const& by);

// Everybody who was told of this alert; nobody if nobody was.
void tell_all(turn& t, notice_reason why);

// The clock of the state, or a step's before it.
std::optional<instant> next_due(turn const& t);

} // namespace linli::domain::alert_rules
