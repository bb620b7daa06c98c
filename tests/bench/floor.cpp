// The floor: what a press costs at least on these parts. Receive, one statement for all that has
// arrived meanwhile (event, order, the nearest worker by an index on points), which is its own
// transaction, publish. No check, no plan, no log, no outbox, no receipt; nothing is told twice.
#include <condition_variable>
#include <csignal>
#include <iostream>
#include <mutex>
#include <optional>
#include <thread>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include "adapters/postgres/array_literal.hpp"
#include "bench/city.hpp"
#include "bench/connections.hpp"
#include "linli/v1/offer.pb.h"
#include "linli/v1/signal.pb.h"

namespace linli::bench {

namespace {

constexpr auto floor_sql = R"(
    with pressed as (
        insert into event (id, device, pressed_at, place, raw)
        select r.id, r.device, r.pressed_at, point(r.longitude, r.latitude), r.raw
        from unnest($1::text[], $2::text[], $3::bigint[], $4::float8[], $5::float8[], $6::bytea[])
            as r (id, device, pressed_at, longitude, latitude, raw)
        on conflict (id) do nothing
        returning id, pressed_at, place
    )
    insert into service_order (id, event, worker, provider, distance, opened_at)
    select gen_random_uuid(), e.id, w.id, w.provider, w.distance, e.pressed_at
    from pressed e cross join lateral (
        select worker.id, worker.provider, worker.place <-> e.place as distance
        from worker order by worker.place <-> e.place limit 1) w
    returning id, number, event, worker, provider, distance, opened_at)";

struct press {
    std::string device;
    std::string payload;
};

// What has arrived and is not yet in a batch.
class arrivals {
public:
    void add(press one) {
        std::lock_guard const lock(mutex_);
        waiting_.push_back(std::move(one));
        some_.notify_one();
    }

    // Whatever has arrived; empty after a while without any.
    std::vector<press> take() {
        std::unique_lock lock(mutex_);
        some_.wait_for(lock, std::chrono::milliseconds(100), [this] { return !waiting_.empty(); });
        return std::exchange(waiting_, {});
    }

private:
    std::mutex mutex_;
    std::condition_variable some_;
    std::vector<press> waiting_;
};

// linli/v1/d/d-w00017/signal
std::string device_in(std::string_view topic) {
    topic.remove_prefix(topic.find("/d-") + 3);
    return std::string(topic.substr(0, topic.find('/')));
}

std::int64_t microseconds_now() {
    auto const now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

void set(google::protobuf::Timestamp& to, std::int64_t microseconds) {
    to.set_seconds(microseconds / 1'000'000);
    to.set_nanos(static_cast<int>(microseconds % 1'000'000) * 1000);
}

// As many bytes as an offer of Linli's has.
std::string offer_of(pqxx::row const& r) {
    constexpr double metres_a_degree = 111'195;
    auto const opened_at = r["opened_at"].as<std::int64_t>();
    v1::Offer message;
    message.set_offer_id(r["id"].c_str());
    message.set_version(1);
    message.set_state(v1::OFFER_STATE_OPEN);
    message.set_event_id(r["event"].c_str());
    message.set_order_id(r["id"].c_str());
    message.set_order_number(fmt::format("620102-{:016}", r["number"].as<std::int64_t>()));
    message.set_service("emergency_attendance");
    message.set_priority(1);
    message.set_worker(r["worker"].c_str());
    set(*message.mutable_opened_at(), opened_at);
    set(*message.mutable_expires_at(), opened_at + 900'000'000);
    message.set_rough_place("和平社区17号楼");
    message.set_distance_m(
        static_cast<std::uint32_t>(r["distance"].as<double>() * metres_a_degree));
    return message.SerializeAsString();
}

class floor {
public:
    floor(std::string const& database, std::string const& journal) : database_(database) {
        pqxx::nontransaction setting(database_);
        setting.exec("set plan_cache_mode = force_generic_plan");
        database_.prepare("floor", floor_sql);
        if (!journal.empty())
            journal_ = ::open(journal.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    }

    pqxx::result commit(std::vector<press> const& batch) {
        if (journal_ >= 0) keep(batch);
        std::vector<std::string> ids, devices, raw;
        std::vector<std::int64_t> times;
        std::vector<double> longitudes, latitudes;
        for (auto const& each : batch) {
            v1::Signal message;
            message.ParseFromString(each.payload);
            ids.push_back(fmt::format("{}:{}:{}", each.device, message.event().boot(),
                                      message.event().sequence()));
            devices.push_back(each.device);
            times.push_back(microseconds_now());
            longitudes.push_back(message.position().longitude());
            latitudes.push_back(message.position().latitude());
            raw.push_back(postgres::bytea_text(each.payload));
        }
        using postgres::array_literal;
        pqxx::nontransaction in(database_);
        return in.exec_prepared("floor", array_literal(ids), array_literal(devices),
                                array_literal(times), array_literal(longitudes),
                                array_literal(latitudes), array_literal(raw));
    }

private:
    void keep(std::vector<press> const& batch) {
        std::string bytes;
        for (auto const& each : batch)
            bytes += fmt::format("{} {}\n", each.device, each.payload.size()) + each.payload;
        auto const written = ::write(journal_, bytes.data(), bytes.size());
        if (written != static_cast<ssize_t>(bytes.size()) || ::fdatasync(journal_) != 0)
            throw std::runtime_error("the floor's journal can't be written");
    }

    pqxx::connection database_;
    int journal_ = -1;
};

struct choices {
    broker_user hears;
    std::string database;
    std::string journal;
    std::string root;
};

std::sig_atomic_t volatile stopping = 0;

int serve(choices const& c) {
    arrivals waiting;
    floor house(c.database, c.journal);
    speaker to_providers(c.hears);
    listener from_devices(c.hears, c.root + "/v1/d/+/signal",
                          [&](std::string_view topic, std::string_view payload) {
                              waiting.add({device_in(topic), std::string(payload)});
                          });
    std::signal(SIGTERM, [](int) { stopping = 1; });
    std::cout << "ready" << std::endl;
    while (!stopping) {
        auto const batch = waiting.take();
        if (!batch.empty())
            for (auto const& each : house.commit(batch))
                to_providers.says(offers_topic(c.root, each["provider"].c_str()), offer_of(each));
        to_providers.hears_what_is_there();
    }
    return 0;
}

} // namespace

} // namespace linli::bench

int main(int argc, char** argv) {
    linli::bench::choices c;
    CLI::App app{"The floor under the latency of a press"};
    app.add_option("--port", c.hears.port)->required();
    app.add_option("--user", c.hears.name)->required();
    app.add_option("--password", c.hears.password)->required();
    app.add_option("--database", c.database)->required();
    app.add_option("--root", c.root, "First level of the topics")->required();
    app.add_option("--journal", c.journal, "Written and synced before each batch");
    CLI11_PARSE(app, argc, argv);
    try {
        return linli::bench::serve(c);
    } catch (std::exception const& e) {
        std::cerr << "bench_floor: " << e.what() << '\n';
        return 1;
    }
}
