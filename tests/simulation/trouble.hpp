#pragma once

#include <functional>
#include <utility>

#include "app/clock.hpp"
#include "app/record.hpp"
#include "simulation/fortune.hpp"
#include "simulation/scene.hpp"

namespace linli::simulation {

// What one process meets at each call of the database: slowness, silence, an answer in doubt, and
// its own death. A caller that dies hears nothing more, not even that it was cancelled: its
// coroutine stays where it is until its loop is destroyed.
class trouble {
public:
    struct ports {
        scene& here;
        fortune& luck;
        app::clock& clock;
        std::function<void()> crash;
    };
    explicit trouble(ports with) : with_(std::move(with)) {}

    // `call` has been made and not begun.
    template <class T>
    runtime::task<app::record_result<T>> pass(place where,
                                              runtime::task<app::record_result<T>> call) {
        auto const met = co_await enter(where);
        if (met == fate::away) co_return app::record_errc::away;
        if (met == fate::conflict) co_return app::record_errc::conflict;
        auto done = co_await std::move(call);
        co_await leave(met);
        if (met == fate::in_doubt || met == fate::hang_done) co_return app::record_errc::away;
        co_return done;
    }

    // Outside of the database only a death can stop it half-way.
    runtime::task<fate> begin_outside(place where);
    runtime::task<void> end_outside(fate met);

private:
    // Never answers `hang`: by then it is `away`.
    runtime::task<fate> enter(place where);
    runtime::task<void> leave(fate met);
    runtime::task<fate> while_it_hangs(fate met);
    runtime::task<void> wait(domain::duration how_long);
    runtime::task<void> die();

    ports with_;
};

} // namespace linli::simulation
