#include "system/load/operators.hpp"

#include <random>
#include <utility>

#include <boost/asio/co_spawn.hpp>

#include "adapters/wire/encoding.hpp"
#include "server/plans.hpp"

namespace linli::tests::load {

namespace {

using namespace std::chrono_literals;

constexpr auto round_every = 100ms;
constexpr auto shortest_talk = 500ms; // before an alert is closed
constexpr auto longest_talk = 2500ms;
constexpr std::size_t alerts_a_round = 50;

steady::duration talk_of(domain::alert_id const& id) {
    return shortest_talk + (longest_talk - shortest_talk) * id.value.bytes.back() / 256;
}

} // namespace

operators::operators(premises const& where, closed tell)
    : tell_(std::move(tell)), url_(where.database_url()), clock_(loop_.get_executor()),
      record_(postgres::open_record({url_, 1},
                                    postgres::key_ring::load(where.folder() / "record.keys"))),
      plans_(server::load_plan_book({where.folder() / "plans"})), ids_(std::random_device{}()) {
    app::dispatch::ports ports{.keeper = *record_,
                               .clock = clock_,
                               .plans = *plans_,
                               .ids = ids_,
                               .encode = wire::encode,
                               .after_commit = {},
                               .outbox_lease = domain::duration{0}};
    dispatch_ = std::make_unique<app::dispatch>(std::move(ports), domain::area_id{city_area},
                                                domain::minutes(480));
    thread_ = std::thread([this] {
        boost::asio::co_spawn(loop_, work(), [](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
        });
        loop_.run();
    });
}

operators::~operators() {
    stop();
    record_->stop();
}

void operators::stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

runtime::task<void> operators::work() {
    while (!stopping_) {
        co_await round();
        auto const next = clock_.now() + std::chrono::duration_cast<domain::duration>(round_every);
        co_await clock_.wait_until(next);
    }
}

runtime::task<void> operators::round() {
    auto const is_ready = co_await get_ready();
    if (!is_ready || !look()) co_return;
    auto batch = commands();
    if (batch.empty()) co_return;
    auto const done = co_await dispatch_->run(std::move(batch));
    static_cast<void>(done); // what did not go well is open at the next look
}

// The desk's time is the database's and the server's.
runtime::task<bool> operators::get_ready() {
    auto const times = co_await record_->clock_times();
    if (!times) co_return false;
    clock_.adopt(times->wall, times->latest);
    if (dispatch_->knows_registry()) co_return true;
    auto const known = co_await dispatch_->refresh_registry(true);
    co_return known.has_value();
}

// Whatever is not open any more has been closed, also when nobody was told so.
bool operators::look() {
    try {
        if (!looking_) looking_ = std::make_unique<pqxx::connection>(url_);
        pqxx::nontransaction in(*looking_);
        std::map<domain::alert_id, open_alert> now;
        for (auto const& r : in.exec("select id, first_event from alert where state <> 'closed'")) {
            domain::alert_id const id{domain::parse_uuid(r["id"].c_str()).value()};
            auto const known = open_.find(id);
            now[id] = known != open_.end() ? known->second
                                           : open_alert{{r["first_event"].c_str()}, steady::now()};
        }
        open_.swap(now);
        for (auto const& [id, a] : now)
            if (!open_.contains(id)) tell_(a.first_event);
        return true;
    } catch (pqxx::failure const&) {
        looking_.reset();
        return false;
    }
}

std::vector<app::input> operators::commands() const {
    std::vector<app::input> batch;
    domain::operator_id const who{"op1"};
    for (auto const& [id, a] : open_) {
        if (steady::now() - a.seen_at < talk_of(id)) continue;
        batch.emplace_back(app::alert_command{id, domain::claim{who}});
        batch.emplace_back(
            app::alert_command{id, domain::close{who, domain::disposition::helped, {}}});
        if (batch.size() >= 2 * alerts_a_round) break;
    }
    return batch;
}

} // namespace linli::tests::load
