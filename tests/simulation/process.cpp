#include "simulation/process.hpp"

namespace linli::simulation {

process::process(surroundings const& with, int plan_edition, domain::duration outbox_lease,
                 std::function<void()> crash, std::function<void(app::changes const&)> after_commit)
    : here(with.here), clock(with.here.clock.now(), with.here.machines_are_ahead),
      met({.here = here, .luck = with.luck, .clock = clock, .crash = std::move(crash)}),
      record(here.record, met, with.committed), deliveries(here.deliveries, met),
      calls_kept(here.calls, met), pages(here.record, met), telemetry(here.telemetry, met),
      observation(here.observation, met), complaints_kept(here.complaints, met),
      proofs_kept(here.proofs, met), commands(here.commands, met), placed_kept(here.placed, met),
      offers_kept(here.offer_calls, met), recordings_kept(here.recordings, met), times(here, met),
      plans(plans_of(plan_edition)), ids(here.chance.seed()),
      dispatch({.keeper = record,
                .clock = clock,
                .plans = plans,
                .ids = ids,
                .encode = [this](app::outgoing const& what) { return here.wire.seal(what); },
                .after_commit = std::move(after_commit),
                .outbox_lease = outbox_lease,
                .presuming = &record},
               domain::area_id{tests::city_area}, china),
      desk(dispatch, overview, clock, china),
      calls(calls_kept, dispatch, clock, ids,
            [](std::string const&) { return domain::area_id{tests::city_area}; }),
      own(pages, dispatch, clock), complaints(complaints_kept, clock, ids, {}),
      proofs(proofs_kept, pages, dispatch), dialler({placed_kept, clock, ids, [this] {
                                                         if (asked) asked();
                                                     }}) {}

runtime::task<bool> process::adopt_time() {
    auto const told = co_await times.read();
    if (!told) co_return false;
    auto const before = clock.now();
    clock.adopt(told->wall, told->latest);
    if (told->wall < before && clock.now() > told->wall &&
        clock.now() - told->wall <= domain::seconds(2))
        here.saw(rare::house_clock_stands_still);
    co_return true;
}

} // namespace linli::simulation
