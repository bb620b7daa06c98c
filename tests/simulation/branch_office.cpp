#include "simulation/branch_office.hpp"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

namespace linli::simulation {

struct branch_office::session {
    explicit session(branch_office& of);

    runtime::task<void> serve(deed what, on_answer said);

    bool gone = false;
    process core;
    boost::asio::io_context loop{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        loop.get_executor()};
};

// Who sends nothing itself leaves its rows to the servers.
branch_office::session::session(branch_office& of)
    : core(of.with_, 1, domain::duration{0}, [this] { gone = true; }, {}) {}

runtime::task<void> branch_office::session::serve(deed what, on_answer said) {
    auto adopted = co_await core.adopt_time();
    auto kept = co_await core.plans.keep(core.record);
    auto known = co_await core.dispatch.refresh_registry(true);
    if (adopted && kept && known) {
        auto call = what(core.offered);
        auto heard = co_await std::move(call);
        if (heard) core.here.saw(rare::branch_office_decides);
        said(heard);
    }
    gone = true;
}

branch_office::branch_office(process::surroundings with) : with_(std::move(with)) {}
branch_office::~branch_office() = default;

void branch_office::ask(deed what, on_answer said) {
    auto& fresh = *open_.emplace_back(std::make_unique<session>(*this));
    auto ended = [this](std::exception_ptr error) {
        if (error) with_.here.broken("a desk command has failed");
    };
    boost::asio::co_spawn(fresh.loop, fresh.serve(std::move(what), std::move(said)),
                          std::move(ended));
}

bool branch_office::settle() {
    bool did = false;
    for (auto& each : open_)
        while (!each->gone && each->loop.poll_one() > 0) {
            did = true;
            if (with_.luck.dies_at_await()) each->gone = true;
        }
    std::erase_if(open_, [](auto const& each) { return each->gone; });
    return did;
}

void branch_office::fast_forward(domain::duration by) {
    for (auto& each : open_)
        each->core.clock.fast_forward(by);
}

std::optional<domain::instant> branch_office::next_waited_for() const {
    std::optional<domain::instant> earliest;
    for (auto const& each : open_)
        if (auto const when = each->core.clock.next_waited_for())
            earliest = std::min(earliest.value_or(*when), *when);
    return earliest;
}

} // namespace linli::simulation
