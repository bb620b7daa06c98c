#include "adapters/postgres/desk_reading.hpp"

#include <utility>

#include "adapters/postgres/database_threads.hpp"
#include "adapters/postgres/desk_calls.hpp"
#include "adapters/postgres/desk_card.hpp"
#include "adapters/postgres/desk_lines.hpp"
#include "adapters/postgres/desk_signals.hpp"

namespace linli::postgres {

namespace {

using picture = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;

using marks = std::unordered_map<std::string, app::line_mark>;
using lines_read = std::vector<app::work_line>;
using ids_read = std::vector<domain::uuid>;
using signals_read = std::vector<app::signal_seen>;
using maybe_card = std::optional<app::alert_card>;

void prepare_all(pqxx::connection& on) {
    prepare_desk_lines(on);
    prepare_desk_calls(on);
    prepare_desk_card(on);
    prepare_desk_signals(on);
}

class desk_on_postgres final : public desk_database {
public:
    desk_on_postgres(std::string url, key_ring keys, app::clock& time)
        : keys_(std::move(keys)), time_(time), database_(std::move(url), 2, prepare_all) {}

    runtime::task<app::record_result<marks>> open_marks() override {
        auto work = [now = time_.now()](pqxx::connection& c) { return read_open_marks(c, now); };
        auto done = co_await database_.ask<marks>("open_marks", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<lines_read>>
    lines(std::vector<domain::uuid> const& ids) override {
        auto work = [this, &ids, now = time_.now()](pqxx::connection& c) {
            picture in(c);
            auto all = read_lines(in, keys_, ids, now);
            add_calls(in, keys_, ids, now, all);
            return all;
        };
        auto done = co_await database_.ask<lines_read>("lines", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<maybe_card>> card(domain::alert_id const& id) override {
        auto done = co_await card_of(id.value);
        co_return done;
    }
    runtime::task<app::record_result<maybe_card>> card(domain::request_id const& id) override {
        auto done = co_await card_of(id.value);
        co_return done;
    }

    runtime::task<app::record_result<ids_read>> held_by(domain::operator_id const& who) override {
        auto work = [&who](pqxx::connection& c) { return read_held(c, who); };
        auto done = co_await database_.ask<ids_read>("held_by", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::follow_ups>> to_follow_up(domain::area_id const& within,
                                                                    int limit) override {
        auto work = [&within, limit](pqxx::connection& c) {
            return read_follow_ups(c, within, limit);
        };
        auto done = co_await database_.ask<app::follow_ups>("follow_ups", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<app::unfinished>> unfinished_in(domain::area_id const& within,
                                                                     int limit) override {
        auto work = [&within, limit](pqxx::connection& c) {
            return read_unfinished(c, within, limit);
        };
        auto done = co_await database_.ask<app::unfinished>("unfinished", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<signals_read>> signals_of(domain::uuid const& id) override {
        auto work = [&id](pqxx::connection& c) { return read_signals(c, id); };
        auto done = co_await database_.ask<signals_read>("signals_of", std::move(work));
        co_return done;
    }

    runtime::task<app::record_result<std::optional<domain::uuid>>>
    owner_of(domain::order_id const& id) override {
        auto work = [&id](pqxx::connection& c) { return read_owner(c, id); };
        auto done =
            co_await database_.ask<std::optional<domain::uuid>>("owner_of", std::move(work));
        co_return done;
    }

    void stop() override { database_.stop(); }

private:
    runtime::task<app::record_result<maybe_card>> card_of(domain::uuid id) {
        auto work = [this, id, now = time_.now()](pqxx::connection& c) -> maybe_card {
            picture in(c);
            return read_card(in, keys_, id, now);
        };
        auto done = co_await database_.ask<maybe_card>("card", std::move(work));
        co_return done;
    }

    key_ring keys_;
    app::clock& time_;
    database_threads database_;
};

} // namespace

std::unique_ptr<desk_database> open_desk_reading(std::string url, key_ring keys, app::clock& time) {
    return std::make_unique<desk_on_postgres>(std::move(url), std::move(keys), time);
}

} // namespace linli::postgres
