#include <map>

#include <fmt/core.h>

#include "adapters/postgres/erasure_record.hpp"
#include "adapters/postgres/keeping_record.hpp"
#include "contract/fresh_database.hpp"
#include "contract/keeper.hpp"
#include "contract/person_keeper.hpp"
#include "contract/registry_by_sql.hpp"
#include "support/evening.hpp"

namespace linli::tests {

namespace {

using domain::kept;

std::string at_text(domain::instant at) {
    return fmt::format("instant_of({}::bigint)", at.time_since_epoch().count());
}

class real_one final : public person_keeper {
public:
    real_one() {
        pqxx::connection connection(of_.url());
        write_registry(connection, of_.keys(), the_town());
        of_.sql("insert into plan_snapshot values ('p', '')");
        erasures_ = postgres::open_erasures(of_.url());
        keeping_ = postgres::open_keeping(of_.url());
    }
    real_one(real_one const&) = delete;
    real_one& operator=(real_one const&) = delete;
    ~real_one() override {
        erasures_->stop();
        keeping_->stop();
    }

    app::erasure_record& erasures() override { return *erasures_; }
    app::keeping_record& keeping() override { return *keeping_; }

    void is_taken_off(std::string const& device) override {
        of_.sql(
            fmt::format("update device set resident = null, home = null where id = '{}'", device));
    }
    void has_open_alert(std::string const& resident) override {
        add_alert("resident:" + resident, evening, true);
    }
    void was_somewhere(std::string const& resident, int times) override {
        auto const alert = add_alert("resident:" + resident, evening, false);
        for (int n = 0; n < times; ++n)
            add_signal(alert, evening);
    }
    int places_of(std::string const& resident) override {
        return number(fmt::format("select count(*) from signal s join alert a on a.id = s.alert "
                                  "where a.subject = 'resident:{}' and s.latitude is not null",
                                  resident));
    }
    bool has_key(std::string const& resident) override {
        return !of_.value(fmt::format("select data_key from resident where id = '{}'", resident))
                    .empty();
    }
    bool home_has_key(std::string const& home) override {
        return !of_.value(fmt::format("select data_key from home where id = '{}'", home)).empty();
    }

    void keeps(kept what, domain::instant at, bool is_open) override;
    void all_alerts_close() override {
        of_.sql("update alert set state = 'closed', outcome = 'helped', closed_at = opened_at, "
                "due_at = null where state <> 'closed'");
    }
    void all_are_complained_of(bool by_order) override {
        of_.sql(fmt::format(
            "insert into complaint (id, kind, state, {0}, area, written_by, at, due_at, personal, "
            "version, log_seq, log_hash) select gen_random_uuid(), 'service', 'open', t.id, "
            "'310000', 'li', t.opened_at, t.opened_at, 'sealed', 1, 0, '' from {1} t",
            by_order ? "order_id" : "alert", by_order ? "service_order" : "alert"));
    }
    void all_complaints_are_settled() override {
        of_.sql("update complaint set state = 'accepted', due_at = null, answered_by = 'wang', "
                "answered_at = at, accepted_at = at");
    }
    int kept_of(kept what) override {
        static std::map<kept, std::string> const counted{
            {kept::places, "signal where latitude is not null"},
            {kept::words, "log where personal is not null"},
            {kept::pictures, "visit_proof where length(picture) > 0"},
            {kept::calls, "call"},
            {kept::recordings, "recording where sealed_key is not null"},
            {kept::wishes, "booking where words is not null"},
            {kept::commands, "device_command"},
            {kept::searches, "search"},
            {kept::maintenance, "maintenance"},
            {kept::imports, "registry_import"},
            {kept::edits, "registry_edit"},
            {kept::looks, "access_log"},
        };
        return number("select count(*) from " + counted.at(what));
    }

private:
    int number(std::string const& statement) const { return std::stoi(of_.value(statement)); }
    void add_call(std::string const& id, domain::instant at, bool is_open);
    std::string fresh_id() const { return of_.value("select gen_random_uuid()"); }
    // Begins with its time, as the house makes ids.
    std::string id_made(domain::instant at) const {
        auto const ms = std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch();
        return of_.value(fmt::format("select (lpad(to_hex({}), 12, '0') || right(replace("
                                     "gen_random_uuid()::text, '-', ''), 20))::uuid",
                                     ms.count()));
    }

    std::string add_alert(std::string const& subject, domain::instant at, bool is_open) const {
        auto const id = fresh_id();
        auto const t = at_text(at);
        of_.sql(fmt::format(
            "insert into alert (id, subject, kind, level, state, area, first_event, last_event, "
            "opened_at, raised_at, rang_at, signals, plan, rung, due_at, outcome, closed_at, "
            "version, log_seq, log_hash) values ('{}', '{}', 'sos', 1, '{}', '310000', 'e', 'e', "
            "{}, {}, {}, 1, 'p', 0, {}, {}, {}, 1, 0, '')",
            id, subject, is_open ? "raised" : "closed", t, t, t, is_open ? t : "null",
            is_open ? "null" : "'helped'", is_open ? "null" : t));
        return id;
    }
    std::string add_alert(domain::instant at, bool is_open) const {
        return add_alert("device:" + fresh_id(), at, is_open);
    }
    void add_signal(std::string const& alert, domain::instant at) const {
        auto const t = at_text(at);
        of_.sql(fmt::format("insert into signal (event, device, kind, door, subject, received_at, "
                            "committed_at, latitude, longitude, alert) values ('{}', 'spare', "
                            "'sos', 'mqtt', 'device:spare', {}, {}, 31.2, 121.5, '{}')",
                            fresh_id(), t, t, alert));
    }
    std::string add_order(domain::instant at, bool is_open) const {
        auto const id = id_made(at);
        auto const alert = add_alert(at, is_open);
        of_.sql(fmt::format("insert into service_order (id, number, service, level, alert, "
                            "subject, area, place, event, state, opened_at, round, plan, due_at, "
                            "version, log_seq, log_hash) values ('{0}', '{0}', 's', 1, '{1}', "
                            "'device:{0}', '310000', 'home', 'e', '{2}', {3}, 1, 'p', {4}, 1, 0, "
                            "'')",
                            id, alert, is_open ? "offered" : "followed_up", at_text(at),
                            is_open ? at_text(at) : "null"));
        return id;
    }

    fresh_database of_;
    std::unique_ptr<postgres::erasure_database> erasures_;
    std::unique_ptr<postgres::keeping_database> keeping_;
};

void real_one::add_call(std::string const& id, domain::instant at, bool is_open) {
    of_.sql(fmt::format("insert into call (id, source, name, personal, area, first_heard, "
                        "outcome, alert, version) values ('{0}', 'pbx', '{0}', 'sealed', "
                        "'310000', {1}, 'alert', '{2}', 1)",
                        id, at_text(at), add_alert(at, is_open)));
}

void real_one::keeps(kept what, domain::instant at, bool is_open) {
    auto const t = at_text(at);
    auto const id = fresh_id();
    switch (what) {
    case kept::places:
        return add_signal(add_alert(at, is_open), at);
    case kept::words:
        of_.sql(fmt::format("insert into log (chain, seq, of, at, what, by_kind, by_who, "
                            "by_behalf, why, personal, hash) values ('{}', 1, 'alert', {}, "
                            "'noted', 'operator', 'li', '', '', 'sealed', '')",
                            add_alert(at, is_open), t));
        return;
    case kept::pictures:
        of_.sql(fmt::format("insert into visit_proof (id, order_id, offer, worker, what, came_at, "
                            "note, holds, type, digest, whose, picture, logged) values ('{0}', "
                            "'{1}', '{0}', 'k1', 'photo', {2}, '', true, 'image/png', 'd', "
                            "'resident:r1', 'sealed', true)",
                            id, add_order(at, is_open), t));
        return;
    case kept::calls:
        return add_call(id, at, is_open);
    case kept::recordings:
        add_call(id, at, is_open);
        of_.sql(fmt::format("insert into recording (call, state, begun_at, file, sealed_key) "
                            "values ('{}', 'sealed', {}, 'f', 'sealed')",
                            id, t));
        return;
    case kept::wishes:
        of_.sql(fmt::format("insert into booking (order_id, resident, unit, minutes, words) "
                            "values ('{}', 'r1', 'visit', 30, 'sealed')",
                            add_order(at, is_open)));
        return;
    case kept::commands:
        of_.sql(fmt::format("insert into device_command (id, device, kind, personal, asked_by, "
                            "asked_at, expires_at, state, ended_at) values ('{}', 'spare', "
                            "'ring', 'sealed', 'li', {}, {}, '{}', {})",
                            id, t, t, is_open ? "waiting" : "expired", is_open ? "null" : t));
        return;
    case kept::searches:
        of_.sql(fmt::format("insert into search (order_id, at, round, candidates) values ('{}', "
                            "{}, 1, '[]')",
                            add_order(at, is_open), t));
        return;
    case kept::maintenance:
        of_.sql(fmt::format("insert into maintenance (device, kind, event, since, last_at, times, "
                            "ended_at) values ('{}', 'battery', 'e', {}, {}, 1, {})",
                            id, t, t, is_open ? "null" : t));
        return;
    case kept::imports:
        of_.sql(
            fmt::format("insert into registry_import values ('{}', {}, 'li', '310000')", id, t));
        return;
    case kept::edits:
        of_.sql(fmt::format("insert into registry_edit (at, by_who, how, sheet) values ({}, 'li', "
                            "'import', 'homes')",
                            t));
        return;
    case kept::looks:
        of_.sql(fmt::format("insert into access_log (at, who, what, subject, why) values ({}, "
                            "'li', 'card', 'resident:r1', '')",
                            t));
        return;
    }
}

} // namespace

std::unique_ptr<person_keeper> persons_on_postgres() {
    if (!has_test_server()) return nullptr;
    return std::make_unique<real_one>();
}

} // namespace linli::tests
