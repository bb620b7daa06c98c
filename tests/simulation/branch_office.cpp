#include "simulation/branch_office.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "simulation/empty_overview.hpp"
#include "simulation/plans.hpp"
#include "simulation/unsteady_record.hpp"

namespace linli::simulation {

namespace {
constexpr domain::minutes china{480};
}

struct branch_office::session {
    explicit session(branch_office& of);

    runtime::task<void> serve(desk_deed what, desk_answered answered);

    unsteady_record record;
    app::plan_book plans = plans_of(1);
    app::id_source ids;
    app::dispatch dispatch;
    empty_overview overview;
    app::desk desk;
    bool gone = false;
    boost::asio::io_context loop{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        loop.get_executor()};
};

branch_office::session::session(branch_office& of)
    : record({.inner = of.here_.record,
              .luck = of.luck_,
              .clock = of.here_.clock,
              .crash = [this] { gone = true; },
              .committed = of.committed_}),
      ids(of.here_.chance.seed()),
      dispatch({.keeper = record,
                .clock = of.here_.clock,
                .plans = plans,
                .ids = ids,
                .encode = [&of](app::outgoing const& what) { return of.here_.wire.seal(what); },
                .after_commit = {}},
               domain::area_id{tests::city_area}, china),
      desk(dispatch, overview, of.here_.clock, china) {}

runtime::task<void> branch_office::session::serve(desk_deed what, desk_answered answered) {
    auto kept = co_await plans.keep(record);
    auto known = co_await dispatch.refresh_registry(true);
    if (kept && known) {
        auto call = what(desk);
        auto said = co_await std::move(call);
        answered(said);
    }
    gone = true;
}

branch_office::branch_office(scene& here, fortune& luck,
                             std::function<void(app::changes const&)> committed)
    : here_(here), luck_(luck), committed_(std::move(committed)) {}
branch_office::~branch_office() = default;

void branch_office::command(desk_deed what, desk_answered answered) {
    auto& fresh = *open_.emplace_back(std::make_unique<session>(*this));
    auto ended = [this](std::exception_ptr error) {
        if (error) here_.broken("a desk command has failed");
    };
    boost::asio::co_spawn(fresh.loop, fresh.serve(std::move(what), std::move(answered)),
                          std::move(ended));
}

bool branch_office::settle() {
    bool did = false;
    for (auto& each : open_)
        while (!each->gone && each->loop.poll_one() > 0)
            did = true;
    std::erase_if(open_, [](auto const& each) { return each->gone; });
    return did;
}

} // namespace linli::simulation
