#pragma once

#include <optional>

#include "app/clock.hpp"
#include "app/house_time.hpp"
#include "support/manual_clock.hpp"

namespace linli::simulation {

// The clock of one process: the house's own rules (app::house_time) on the run's true time, which
// serves as its steady clock. It begins with what its machine says.
class life_clock final : public app::clock {
public:
    life_clock(domain::instant truly, domain::duration machine_is_ahead)
        : true_time_(truly), time_(truly + machine_is_ahead, truly.time_since_epoch()) {}

    domain::instant now() override { return time_.now(steady()); }
    using clock::wait_until;
    runtime::task<void> wait_until(domain::instant when, app::bell& or_rung) override {
        if (when <= now()) co_return;
        auto const truly = domain::instant(time_.steady_at(when));
        co_await true_time_.wait_until(truly, or_rung);
    }

    domain::duration adopt(domain::instant wall, domain::instant latest) {
        return time_.adopt(wall, latest, steady());
    }

    // ---- the run's
    void fast_forward(domain::duration by) { true_time_.fast_forward(by); }
    std::optional<domain::instant> next_waited_for() const { return true_time_.next_waited_for(); }

private:
    domain::duration steady() { return true_time_.now().time_since_epoch(); }

    tests::manual_clock true_time_;
    app::house_time time_;
};

} // namespace linli::simulation
