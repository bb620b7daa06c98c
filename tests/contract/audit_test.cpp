// Each thing that must never be there, planted behind the record's back, is found, and its end too.
#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>
#include <unistd.h>

#include "adapters/postgres/record.hpp"
#include "adapters/postgres/schema.hpp"
#include "app/id_source.hpp"
#include "contract/keeper.hpp"
#include "contract/registry_by_sql.hpp"
#include "contract/rows.hpp"
#include "domain/triage.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using app::finding_kind;
using testing::ElementsAre;
using testing::IsEmpty;

domain::instant const now = evening + 1h;

class an_audited_record : public testing::Test {
protected:
    void SetUp() override {
        if (!std::getenv("LINLI_TEST_DATABASE")) GTEST_SKIP();
        name_ = "linli_audit_" + std::to_string(::getpid());
        pqxx::connection connection(std::getenv("LINLI_TEST_DATABASE"));
        pqxx::nontransaction(connection).exec("create database " + name_);
        postgres::migrate(url(), evening);
        auto const file = std::filesystem::temp_directory_path() / (name_ + ".keys");
        auto const keys = postgres::key_ring::create_if_missing(file);
        std::filesystem::remove(file);
        pqxx::connection own(url());
        write_registry(own, keys, the_town());
        pqxx::nontransaction(own).exec("insert into plan_snapshot values ('sos-plan', '')");
        record_ = postgres::open_record({url(), 1}, keys);
        store_usual_work();
    }
    void TearDown() override {
        if (name_.empty()) return;
        record_->stop();
        record_.reset();
        pqxx::connection connection(std::getenv("LINLI_TEST_DATABASE"));
        pqxx::nontransaction(connection).exec("drop database " + name_ + " with (force)");
    }

    std::string url() const {
        return std::string(std::getenv("LINLI_TEST_DATABASE")) + " dbname=" + name_;
    }
    void sql(std::string const& statement) const {
        pqxx::connection connection(url());
        pqxx::nontransaction(connection).exec(statement);
    }
    static std::string at(domain::instant when) {
        return "instant_of(" + std::to_string(when.time_since_epoch().count()) + ")";
    }
    // "overdue alert", one for each finding.
    std::vector<std::string> found() {
        auto const seen = run_on(loop_, record_->audit(now, {}));
        if (!seen) throw std::runtime_error("away");
        std::vector<std::string> all;
        for (auto const& each : *seen)
            all.push_back(std::string(domain::to_text(each.kind)) + ' ' +
                          each.what.substr(0, each.what.find(' ')));
        return all;
    }

private:
    // An alert with its order and offer, a request with its, all with time to go.
    void store_usual_work() {
        auto a = open_alert(1);
        auto o = order_for(a, 1);
        auto f = offer_of(o, 1);
        auto q = open_request(2, "r3");
        app::changes what;
        what.at = evening;
        a.due_at = o.due_at = f.due_at = q.due_at = now + 1min;
        a.desk = {"s1"};
        what.alerts = {a};
        what.orders = {o};
        what.offers = {f};
        what.requests = {q};
        auto signal = signal_of("w1:1:1", "w1");
        signal.alert = a.id;
        what.signals = {signal};
        auto const done = run_on(loop_, record_->commit(what));
        if (!done) throw std::runtime_error("not stored: " + in_words(done.error()));
    }

    std::string name_;
    boost::asio::io_context loop_;
    std::unique_ptr<postgres::database_record> record_;
};

TEST_F(an_audited_record, with_usual_work_has_nothing_to_find) {
    EXPECT_THAT(found(), IsEmpty());
}

TEST_F(an_audited_record, finds_a_silence_that_nobody_looks_at) {
    sql("insert into dwell (subject, rule, device, told, since, last_at, value, due_at, version) "
        "values ('home:h1', 'silence', 'box1', false, " +
        at(now - 5h) + ", " + at(now - 5h) + ", 0, " + at(now - 611s) + ", 1)");
    EXPECT_THAT(found(), ElementsAre("overdue dwell"));
    sql("insert into outage values (gen_random_uuid(), 'broker', 'a1', " + at(now - 1h) +
        ", null, 9)");
    EXPECT_THAT(found(), IsEmpty()) << "nothing can be heard, and its alert is open";
    sql("update outage set ended = " + at(now));
    EXPECT_THAT(found(), ElementsAre("overdue dwell"));
    sql("update dwell set due_at = " + at(now - 609s)); // what waits is judged first
    EXPECT_THAT(found(), IsEmpty());
}

TEST_F(an_audited_record, finds_what_is_overdue_and_sees_it_done) {
    for (std::string const table : {"alert", "service_order", "request", "offer"}) {
        sql("update " + table + " set due_at = " + at(now - 11s));
        EXPECT_EQ(found().size(), 1U) << table;
        sql("update " + table + " set due_at = " + at(now - 9s)); // the loop is allowed that
        EXPECT_THAT(found(), IsEmpty()) << table;
    }
}

// The schema refuses three of them; a dropped constraint is what the auditor is for.
TEST_F(an_audited_record, finds_what_has_no_clock) {
    sql("alter table alert drop constraint alert_check");
    sql("alter table request drop constraint request_check");
    sql("alter table offer drop constraint offer_check");
    sql("alter table service_order drop constraint service_order_check1");
    sql("update alert set due_at = null");
    EXPECT_THAT(found(), ElementsAre("no_clock alert"));
    sql("update request set due_at = null");
    EXPECT_THAT(found(), ElementsAre("no_clock alert", "no_clock request"));
    sql("update service_order set due_at = null");
    sql("update offer set due_at = null");
    EXPECT_THAT(found(), ElementsAre("no_clock alert", "no_clock request", "no_clock order",
                                     "no_clock offer"));
    sql("update alert set due_at = " + at(now));
    sql("update request set due_at = " + at(now));
    sql("update service_order set due_at = " + at(now));
    sql("update offer set due_at = " + at(now));
    EXPECT_THAT(found(), IsEmpty());
}

TEST_F(an_audited_record, finds_who_has_no_owner) {
    sql("update alert set desk = null");
    EXPECT_THAT(found(), ElementsAre("no_owner alert"));
    sql("update alert set desk = 'city'");
    EXPECT_THAT(found(), IsEmpty());
}

TEST_F(an_audited_record, finds_a_claim_whose_lease_is_over) {
    sql("update alert set state = 'claimed', holder = 'op1', claimed_until = " + at(now - 11s));
    EXPECT_THAT(found(), ElementsAre("claim_over alert"));
    sql("update alert set claimed_until = " + at(now + 1s));
    EXPECT_THAT(found(), IsEmpty());
}

TEST_F(an_audited_record, finds_what_was_never_told) {
    auto const put = [&](domain::instant when) {
        app::id_source ids(static_cast<std::uint64_t>(when.time_since_epoch().count()));
        sql("insert into outbox (id, destination, key, version, payload, due_at) values ('" +
            domain::to_string(ids.next(when)) + "', 'device:w1', 'k', 1, '', " + at(now) + ")");
    };
    put(now - 59s);
    EXPECT_THAT(found(), IsEmpty());
    put(now - 61s);
    EXPECT_THAT(found(), ElementsAre("untold outbox"));
    sql("delete from outbox");
    EXPECT_THAT(found(), IsEmpty());
}

// Of every kind that triage says must be answered, and of no other.
TEST_F(an_audited_record, finds_a_signal_that_nobody_answers) {
    for (auto const& [kind, name] : domain::names<domain::signal_kind>::table) {
        auto const what = domain::triage(kind, true).what;
        bool const must = what == domain::meaning::alert || what == domain::meaning::request;
        sql("insert into signal (event, device, kind, door, subject, received_at, committed_at) "
            "values ('lonely', 'w1', '" +
            std::string(name) + "', 'mqtt', 'resident:r1', " + at(now - 11s) + ", " + at(now) +
            ")");
        EXPECT_EQ(found().size(), must ? 1U : 0U) << name;
        sql("delete from signal where event = 'lonely'");
    }
    EXPECT_THAT(found(), IsEmpty());
}

} // namespace
} // namespace linli::tests
