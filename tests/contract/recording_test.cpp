// What everybody who keeps the recordings of calls must do, on the twin and on PostgreSQL: one a
// call, for whoever the call is about, and unreadable with his key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "adapters/postgres/call_record.hpp"
#include "adapters/postgres/personal.hpp"
#include "adapters/postgres/recording_record.hpp"
#include "contract/contract_of.hpp"
#include "contract/fresh_database.hpp"
#include "contract/recording_keeper.hpp"
#include "contract/registry_by_sql.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using namespace domain;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class recording_contract : public contract_of<recording_keeper> {
protected:
    void SetUp() override {
        contract_of::SetUp();
        if (IsSkipped()) return;
        must(keeper_->record().keep_plans({{"sos-plan", "kind = \"sos\""}}));
        keeper_->has_telephones();
    }

    using its_one = std::pair<call_id, app::kept_recording>;

    app::recording_record& kept() { return keeper_->recordings(); }

    static call_id call_number(int number) {
        call_id id;
        id.value.bytes[0] = 9;
        id.value.bytes[15] = static_cast<std::uint8_t>(number);
        return id;
    }
    void told(int number, call_event what, instant at, std::string from = "13800000001") {
        call_report report{std::string(own_hotline),
                           "h1-" + std::to_string(number),
                           what,
                           at,
                           std::move(from),
                           "12349",
                           {},
                           {}};
        must(keeper_->calls().take(report, call_number(number), {"310000s1"}));
    }
    void is_over(int number, std::string const& from = "13800000001") {
        told(number, call_event::ringing, evening, from);
        told(number, call_event::ended, evening + 60s, from);
    }
    static app::sealed_recording recording(int number) {
        return {.file = "file-" + std::to_string(number),
                .key = std::string(32, static_cast<char>('a' + number)),
                .begun_at = evening + 5s,
                .length = 50'250ms,
                .bytes = 804'058,
                .pieces = 2};
    }
    bool is_sealed(int number) {
        must(kept().begun(call_number(number), evening));
        auto const what = recording(number);
        return must(kept().seal(call_number(number), what));
    }
    std::optional<app::kept_recording> seen(int number) {
        auto const its = must(kept().kept_of(call_number(number).value));
        auto const at = std::ranges::find(its, call_number(number), &its_one::first);
        return at == its.end() ? std::nullopt : std::optional(at->second);
    }
    recording_state state(int number) { return seen(number)->state; }
    // An operator has rung somebody about that, and spoken with him.
    void has_rung(int number, uuid about) {
        app::placed_call wish;
        wish.id = call_number(number).value;
        wish.key = "li." + std::to_string(number);
        wish.seat = {"li"};
        wish.number = "13899999999";
        wish.reference = to_string(about);
        wish.asked_at = evening;
        wish.begin_by = evening + 20s;
        must(keeper_->placed().ask(wish));
    }
    void has_talked(int number) {
        must(keeper_->placed().ended(
            call_number(number).value,
            {placed_end::talked, evening + 60s, "", "h1-" + std::to_string(number)}));
    }
    alert_id has_alert_of(std::string who) {
        auto const one = open_alert(1, std::move(who));
        auto const all = changes_of(one);
        must(keeper_->record().commit(all));
        return one.id;
    }
    void joins(int number, alert_id alert) {
        app::call_decision decision;
        decision.id = call_number(number);
        decision.outcome = call_outcome::joined;
        decision.alert = alert;
        ASSERT_TRUE(must(keeper_->calls().decide(decision)));
    }
    void is_decided(int number, call_outcome what) {
        app::call_decision decision;
        decision.id = call_number(number);
        decision.outcome = what;
        decision.who = {"li"};
        ASSERT_TRUE(must(keeper_->calls().decide(decision)));
    }
};

} // namespace

TEST_P(recording_contract, a_call_is_found_by_the_engines_name_and_whether_it_is_over) {
    EXPECT_EQ(must(kept().find("h1-1")), std::nullopt);
    told(1, call_event::ringing, evening);
    EXPECT_EQ(must(kept().find("h1-1")), (app::recorded_call{call_number(1), false, {}}));
    told(1, call_event::ended, evening + 60s);
    must(kept().begun(call_number(1), evening));
    EXPECT_EQ(must(kept().find("h1-1")),
              (app::recorded_call{call_number(1), true, recording_state::recording}));
}

TEST_P(recording_contract, what_was_sealed_is_kept_with_its_key_and_once) {
    is_over(1);
    EXPECT_EQ(seen(1), std::nullopt);
    EXPECT_TRUE(is_sealed(1));
    EXPECT_EQ(seen(1), (app::kept_recording{recording_state::sealed, recording(1), "resident:r1"}));
    auto const other = recording(2);
    EXPECT_FALSE(must(kept().seal(call_number(1), other))) << "it is sealed already";
    must(kept().begun(call_number(1), evening + 1h));
    EXPECT_EQ(seen(1)->what, recording(1));
    EXPECT_TRUE(keeper_->hides(recording(1).key)) << "whoever copies the record opens nothing";
}

TEST_P(recording_contract, one_in_which_nothing_was_heard_has_failed) {
    is_over(1);
    must(kept().begun(call_number(1), evening));
    must(kept().failed(call_number(1), 1));
    EXPECT_EQ(state(1), recording_state::failed);
    auto const what = recording(1);
    EXPECT_FALSE(must(kept().seal(call_number(1), what)));
}

TEST_P(recording_contract, goes_with_the_key_of_the_only_one_whose_number_it_is) {
    is_over(1, "13800000001");
    is_over(2, "13800000009"); // of two residents' contacts, and a worker's
    is_over(3, "13899999999"); // nobody's
    for (int each : {1, 2, 3})
        EXPECT_TRUE(is_sealed(each));
    keeper_->loses_key("r1");
    EXPECT_EQ(state(1), recording_state::gone);
    EXPECT_EQ(seen(1)->what.key, "");
    EXPECT_EQ(state(2), recording_state::sealed);
    EXPECT_EQ(state(3), recording_state::sealed);
}

TEST_P(recording_contract, nothing_is_kept_of_whom_nothing_may_be_kept) {
    is_over(1);
    must(kept().begun(call_number(1), evening));
    keeper_->loses_key("r1");
    auto const what = recording(1);
    EXPECT_FALSE(must(kept().seal(call_number(1), what)));
    EXPECT_EQ(state(1), recording_state::gone);
}

TEST_P(recording_contract, becomes_his_whom_the_call_turns_out_to_be_about) {
    is_over(3, "13899999999");
    EXPECT_TRUE(is_sealed(3));
    EXPECT_EQ(must(kept().adopt(10)), 0U) << "nobody has decided";
    joins(3, has_alert_of("r2"));
    EXPECT_EQ(must(kept().adopt(10)), 1U);
    EXPECT_EQ(must(kept().adopt(10)), 0U) << "once";
    EXPECT_EQ(seen(3), (app::kept_recording{recording_state::sealed, recording(3), "resident:r2"}));
    keeper_->loses_key("r2");
    EXPECT_EQ(state(3), recording_state::gone);
}

TEST_P(recording_contract, stays_the_houses_if_it_was_no_case) {
    is_over(3, "13899999999");
    EXPECT_TRUE(is_sealed(3));
    is_decided(3, call_outcome::no_case);
    EXPECT_EQ(must(kept().adopt(10)), 1U);
    EXPECT_EQ(must(kept().adopt(10)), 0U);
    EXPECT_EQ(state(3), recording_state::sealed);
}

TEST_P(recording_contract, a_case_tells_its_recordings_oldest_first) {
    auto const alert = has_alert_of("r2");
    is_over(1);
    is_over(3, "13899999999");
    EXPECT_TRUE(is_sealed(1));
    EXPECT_TRUE(is_sealed(3));
    joins(3, alert);
    auto const its = must(kept().kept_of(alert.value));
    ASSERT_THAT(its, SizeIs(1));
    EXPECT_EQ(its[0].first, call_number(3));
    EXPECT_EQ(its[0].second.what, recording(3));
    EXPECT_THAT(must(kept().kept_of(call_number(1).value)), SizeIs(1));
    EXPECT_THAT(must(kept().kept_of(call_number(7).value)), IsEmpty());
}

TEST_P(recording_contract, a_talk_that_an_operator_began_is_found_when_it_is_over) {
    has_rung(4, has_alert_of("r2").value);
    EXPECT_EQ(must(kept().find("h1-4")), std::nullopt);
    has_talked(4);
    EXPECT_EQ(must(kept().find("h1-4")), (app::recorded_call{call_number(4), true, {}}));
    must(kept().begun(call_number(4), evening));
    must(kept().begun(call_number(4), evening)); // twice is once
    EXPECT_EQ(must(kept().find("h1-4")),
              (app::recorded_call{call_number(4), true, recording_state::recording}));
}

TEST_P(recording_contract, a_talk_that_an_operator_began_belongs_to_whom_her_case_is_about) {
    auto const alert = has_alert_of("r2");
    has_rung(4, alert.value);
    has_talked(4);
    EXPECT_TRUE(is_sealed(4));
    auto const its = must(kept().kept_of(alert.value));
    ASSERT_THAT(its, SizeIs(1));
    EXPECT_EQ(its[0].first, call_number(4));
    EXPECT_EQ(its[0].second,
              (app::kept_recording{recording_state::sealed, recording(4), "resident:r2"}));
    EXPECT_EQ(must(kept().adopt(10)), 1U);
    EXPECT_EQ(must(kept().adopt(10)), 0U);
    keeper_->loses_key("r2");
    EXPECT_EQ(state(4), recording_state::gone);
}

TEST_P(recording_contract, ringing_a_caller_back_belongs_to_his_call_and_its_case) {
    auto const alert = has_alert_of("r2");
    is_over(3, "13899999999");
    has_rung(4, call_number(3).value);
    has_talked(4);
    EXPECT_TRUE(is_sealed(4));
    EXPECT_EQ(must(kept().kept_of(call_number(3).value)).at(0).first, call_number(4));
    EXPECT_EQ(seen(4)->whose, "") << "nobody knows yet";
    EXPECT_THAT(must(kept().kept_of(alert.value)), IsEmpty());
    joins(3, alert);
    EXPECT_THAT(must(kept().kept_of(alert.value)), SizeIs(1));
}

TEST_P(recording_contract, what_became_of_a_call_is_kept_as_long_as_its_recording) {
    has_rung(4, has_alert_of("r2").value);
    has_talked(4);
    EXPECT_TRUE(is_sealed(4));
    EXPECT_EQ(must(keeper_->placed().forget(evening + 1h, 10)), 0U);
    keeper_->lets_go(call_number(4));
    EXPECT_EQ(must(keeper_->placed().forget(evening + 1h, 10)), 1U);
    EXPECT_EQ(seen(4), std::nullopt);
}

TEST_P(recording_contract, files_of_what_is_gone_are_named_until_they_are_removed) {
    is_over(1);
    is_over(2);
    EXPECT_TRUE(is_sealed(1));
    EXPECT_TRUE(is_sealed(2));
    EXPECT_THAT(must(kept().to_remove(10)), IsEmpty());
    keeper_->lets_go(call_number(1));
    EXPECT_THAT(must(kept().to_remove(10)), ElementsAre("file-1"));
    must(kept().removed("file-1"));
    EXPECT_THAT(must(kept().to_remove(10)), IsEmpty());
    EXPECT_EQ(state(1), recording_state::gone);
    must(kept().removed("file-2"));
    EXPECT_EQ(seen(2)->what.file, "file-2") << "it isn't gone";
    EXPECT_THAT(must(kept().unknown_of({"file-2", "file-9"})), ElementsAre("file-9"));
}

namespace {

// Two servers of one house, of which the second has a key file of its own making.
class recordings_by_another_key_file : public testing::Test {
protected:
    void SetUp() override {
        if (!has_test_server()) GTEST_SKIP() << "set LINLI_TEST_DATABASE to run it";
        of_ = std::make_unique<fresh_database>();
        pqxx::connection connection(of_->url());
        write_registry(connection, of_->keys(), the_town());
        auto const other = postgres::key_ring::create_if_missing(of_->key_file() + ".other");
        calls_ = postgres::open_calls(of_->url(), of_->keys());
        first_ = postgres::open_recordings(of_->url(), of_->keys());
        second_ = postgres::open_recordings(of_->url(), other);
    }
    void TearDown() override {
        if (!of_) return;
        calls_->stop();
        first_->stop();
        second_->stop();
    }

    template <class T>
    T must(runtime::task<app::record_result<T>> work) {
        auto done = run_on(loop_, std::move(work));
        if (!done) throw std::runtime_error("the record says " + in_words(done.error()));
        if constexpr (!std::is_void_v<T>) return std::move(*done);
    }
    static call_id call_number(int number) {
        call_id id;
        id.value.bytes[0] = 9;
        id.value.bytes[15] = static_cast<std::uint8_t>(number);
        return id;
    }
    // From a number that is nobody's yet.
    void has_been(int number, std::string const& from = "13899999999") {
        call_report report;
        report.source = std::string(own_hotline);
        report.name = "h1-" + std::to_string(number);
        report.number = from;
        report.called = "12349";
        for (auto const what : {call_event::ringing, call_event::ended}) {
            report.what = what;
            report.at = evening + (what == call_event::ended ? 60s : 0s);
            must(calls_->take(report, call_number(number), {"310000s1"}));
        }
        must(first_->begun(call_number(number), evening));
    }
    bool seals(app::recording_record& by, int number) {
        app::sealed_recording what;
        what.file = "file-" + std::to_string(number);
        what.key = std::string(32, 'k');
        what.begun_at = evening;
        what.length = 50'000ms;
        return must(by.seal(call_number(number), what));
    }
    void was_no_case(int number) {
        app::call_decision decision;
        decision.id = call_number(number);
        decision.outcome = call_outcome::no_case;
        decision.who = {"li"};
        ASSERT_TRUE(must(calls_->decide(decision)));
    }
    void turns_out_to_be_r2s(int number) {
        auto const digest = postgres::phone_lookup(of_->keys(), "13899999999");
        pqxx::connection connection(of_->url());
        pqxx::nontransaction(connection)
            .exec_params("update resident set phone_hmac = $1 where id = 'r2'",
                         pqxx::binarystring(digest.data(), digest.size()));
        was_no_case(number);
    }
    std::string stands() {
        return of_->value("select string_agg(state || ' ' || whose, ', ' order by id) "
                          "from recording");
    }

    boost::asio::io_context loop_;
    std::unique_ptr<fresh_database> of_;
    std::unique_ptr<postgres::call_database> calls_;
    std::unique_ptr<postgres::recording_database> first_;
    std::unique_ptr<postgres::recording_database> second_;
};

} // namespace

TEST_F(recordings_by_another_key_file, are_not_destroyed) {
    has_been(1);
    EXPECT_TRUE(seals(*first_, 1));
    turns_out_to_be_r2s(1);
    EXPECT_EQ(must(second_->adopt(1)), 0U);
    EXPECT_EQ(stands(), "sealed ");
    EXPECT_THAT(must(second_->to_remove(10)), IsEmpty());
    EXPECT_EQ(must(first_->adopt(1)), 1U);
    EXPECT_EQ(stands(), "sealed resident:r2");
    auto const its = must(first_->kept_of(call_number(1).value));
    ASSERT_THAT(its, SizeIs(1));
    EXPECT_EQ(its[0].second.what.key, std::string(32, 'k'));
}

TEST_F(recordings_by_another_key_file, are_the_houses_until_his_key_opens) {
    has_been(1);
    turns_out_to_be_r2s(1);
    EXPECT_TRUE(seals(*second_, 1)) << "r2's key doesn't open there";
    EXPECT_EQ(stands(), "sealed ");
    EXPECT_EQ(must(second_->adopt(10)), 0U);
    EXPECT_EQ(stands(), "sealed ");
}

TEST_F(recordings_by_another_key_file, keep_nothing_back_that_stands_behind_them) {
    has_been(1);
    has_been(2, "13877777777");
    EXPECT_TRUE(seals(*first_, 1));
    EXPECT_TRUE(seals(*second_, 2));
    turns_out_to_be_r2s(1);
    was_no_case(2);
    EXPECT_EQ(must(second_->adopt(1)), 1U);
    EXPECT_EQ(of_->value("select count(*) from recording where settled"), "1");
}

INSTANTIATE_TEST_SUITE_P(twin, recording_contract, testing::Values(&recordings_on_memory));
INSTANTIATE_TEST_SUITE_P(postgresql, recording_contract, testing::Values(&recordings_on_postgres));

} // namespace linli::tests
