#include "adapters/postgres/delivery_record.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/delivery_rows.hpp"
#include "adapters/postgres/people_reading.hpp"

namespace linli::postgres {

namespace {

void prepare_all(pqxx::connection& on) {
    prepare_deliveries(on);
    prepare_people(on);
}

class deliveries_on_postgres final : public delivery_database {
public:
    deliveries_on_postgres(std::string url, key_ring keys)
        : keys_(std::move(keys)), database_(std::move(url), threads, prepare_all) {}

    runtime::task<app::record_result<std::vector<app::person>>>
    people(domain::notice const& about) override {
        auto work = [this, &about](pqxx::connection& c) { return read_people(c, keys_, about); };
        auto done = co_await database_.ask<std::vector<app::person>>("people", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::address_card>> card(domain::delivery const& of) override {
        auto work = [this, &of](pqxx::connection& c) { return read_card(c, keys_, of); };
        auto done = co_await database_.ask<app::address_card>("address_card", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>>
    expand(domain::uuid const& notice, std::vector<domain::delivery> const& fresh) override {
        auto work = [&notice, &fresh](pqxx::connection& c) { expand_notice(c, notice, fresh); };
        auto done = co_await database_.tell("expand_notice", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<domain::delivery>>>
    take(lane which, domain::instant now, domain::duration lease, int limit) override {
        auto work = [=, this](pqxx::connection& c) {
            return take_deliveries(c, odd_, which, now, lease, limit);
        };
        auto done = co_await database_.ask<std::vector<domain::delivery>>("take_deliveries",
                                                                          std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>>
    settle(std::vector<domain::delivery> const& changed,
           std::vector<domain::delivery> const& fresh) override {
        auto work = [&changed, &fresh](pqxx::connection& c) {
            settle_deliveries(c, changed, fresh);
        };
        auto done = co_await database_.tell("settle_deliveries", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<domain::delivery>>> unlogged(int limit) override {
        auto work = [this, limit](pqxx::connection& c) {
            return unlogged_deliveries(c, odd_, limit);
        };
        auto done =
            co_await database_.ask<std::vector<domain::delivery>>("unlogged", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>>
    logged(std::vector<domain::delivery_id> const& ids) override {
        auto work = [&ids](pqxx::connection& c) { mark_logged(c, ids); };
        auto done = co_await database_.tell("mark_logged", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<domain::event_id>>>
    keep_degraded(std::vector<domain::delivery> const& told) override {
        auto work = [&told](pqxx::connection& c) { return keep_degraded_deliveries(c, told); };
        auto done =
            co_await database_.ask<std::vector<domain::event_id>>("keep_degraded", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::size_t>> forget(domain::instant before,
                                                          int limit) override {
        auto work = [=](pqxx::connection& c) { return forget_deliveries(c, before, limit); };
        auto done = co_await database_.ask<std::size_t>("forget_deliveries", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::unsent>> waiting(domain::instant now) override {
        auto work = [now](pqxx::connection& c) { return unsent_deliveries(c, now); };
        auto done = co_await database_.ask<app::unsent>("unsent", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::vector<contact_address>>>
    contacts_of(domain::resident_id const& resident) override {
        auto work = [this, &resident](pqxx::connection& c) {
            return read_contacts(c, keys_, resident);
        };
        auto done =
            co_await database_.ask<std::vector<contact_address>>("contacts", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<void>> keep_trial(trial const& what) override {
        auto work = [&what](pqxx::connection& c) { keep_contact_trial(c, what); };
        auto done = co_await database_.tell("keep_trial", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    static constexpr std::size_t threads = 2; // the log is kept beside the sending

    key_ring keys_;
    unreadable_deliveries odd_;
    database_threads database_;
};

} // namespace

std::unique_ptr<delivery_database> open_deliveries(std::string url, key_ring keys) {
    return std::make_unique<deliveries_on_postgres>(std::move(url), std::move(keys));
}

} // namespace linli::postgres
