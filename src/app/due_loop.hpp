#pragma once

#include <optional>

#include "app/clock.hpp"
#include "app/dispatch.hpp"
#include "app/record.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// One loop asks what is due and does it, P1 first. It keeps nothing: after a restart everything
// overdue is found at once.
class due_loop {
public:
    due_loop(record& keeper, dispatch& to, clock& time) : keeper_(keeper), to_(to), time_(time) {}

    // A commit has written these due times: wakes the loop if it would sleep past one.
    void heard(changes const& committed);

    // Runs until cancelled.
    runtime::task<void> run();

    // How late the latest batch's most overdue item was.
    domain::duration lateness() const { return lateness_; }
    // Since when the record is silent, which this loop asks each second: nothing while it answers.
    std::optional<domain::instant> silent_since() const { return silent_since_; }

private:
    runtime::task<record_result<bool>> do_due();
    void sleep_no_later_than(std::optional<domain::instant> due);
    void learn_of_silence(record_result<bool> const& answer, domain::instant asked_at);

    record& keeper_;
    dispatch& to_;
    clock& time_;
    bell bell_; // ends run()'s wait
    domain::instant wakes_at_ = domain::instant::max();
    domain::instant next_round_{}; // not before
    domain::duration lateness_{0};
    std::optional<domain::instant> silent_since_;
};

} // namespace linli::app
