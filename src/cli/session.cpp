#include "cli/session.hpp"

#include <exception>
#include <random>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>

#include "adapters/wire/encoding.hpp"
#include "server/house_clock.hpp"
#include "server/plans.hpp"

namespace linli::cli {

namespace {

runtime::task<int> prepare(app::dispatch& dispatch, postgres::database_record& record,
                           app::plan_book& plans, app::clock& clock) {
    auto const times = co_await record.clock_times();
    if (!times)
        throw std::runtime_error("the database can't be reached, or has no schema yet: see "
                                 "\"linli check\", then \"linli migrate\"");
    if (auto* own = dynamic_cast<server::house_clock*>(&clock))
        own->adopt(times->wall, times->latest);
    auto const kept = co_await plans.keep(record);
    auto const known = co_await dispatch.refresh_registry(true);
    if (!kept || !known) throw std::runtime_error("the database went away");
    co_return 0;
}

} // namespace

session::session(runtime::config const& with, clock_maker const& make_clock)
    : clock_(make_clock ? make_clock(loop_.get_executor())
                        : std::make_unique<server::house_clock>(loop_.get_executor())),
      record_(postgres::open_record({with.database.url, 1},
                                    postgres::key_ring::load(with.database.key_file))),
      health_(postgres::open_health(with.database.url,
                                    postgres::key_ring::load(with.database.key_file))),
      commands_(postgres::open_commands(with.database.url,
                                        postgres::key_ring::load(with.database.key_file))),
      plans_(server::load_plan_book({with.files.plans})), ids_(std::random_device{}()) {
    app::dispatch::ports ports{.keeper = *record_,
                               .clock = *clock_,
                               .plans = *plans_,
                               .ids = ids_,
                               .encode = wire::encode,
                               .after_commit = {},
                               .outbox_lease = domain::duration{0}};
    dispatch_ = std::make_unique<app::dispatch>(
        std::move(ports), domain::area_id{with.installation.area}, with.installation.utc_offset);
    desk_ =
        std::make_unique<app::desk>(*dispatch_, *record_, *clock_, with.installation.utc_offset);
    run([this] { return prepare(*dispatch_, *record_, *plans_, *clock_); });
}

session::~session() {
    record_->stop();
    health_->stop();
    commands_->stop();
}

int session::run(std::function<runtime::task<int>()> work) {
    int value = 1;
    std::exception_ptr failed;
    boost::asio::co_spawn(loop_, work(), [&](std::exception_ptr error, int ended) {
        failed = error;
        value = ended;
    });
    loop_.restart();
    loop_.run();
    if (failed) std::rethrow_exception(failed);
    return value;
}

} // namespace linli::cli
