// Calls to the hotline, on the twins: what joins, what waits for an operator, and that no caller is
// lost or helped twice.
#include "app/calls.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"
#include "support/memory_calls.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using domain::call_event;
using domain::call_outcome;
using domain::log_kind;
using domain::no_case_reason;
using domain::refusal;
using testing::ElementsAre;
using testing::IsEmpty;

class hotline : public testing::Test {
protected:
    bench_top bench;
    memory_calls keeper{bench.record};
    app::calls calls{keeper, bench.dispatch, bench.clock, bench.ids,
                     [](std::string const&) { return domain::area_id{city_area}; }};

    void SetUp() override {
        keeper.has_number("13800000001", {domain::caller_kind::resident, "r1", 0, {"h1"}});
        keeper.has_number("13800000009", {domain::caller_kind::contact, "r1", 1, {"h1"}});
        keeper.has_number("13800000009", {domain::caller_kind::contact, "r2", 1, {"h2"}});
    }

    domain::call_report report(call_event what, std::string number = "13800000001") {
        return {"pbx",
                "c1",
                what,
                bench.clock.now(),
                std::move(number),
                "12349",
                what == call_event::answered ? "seat 3" : "",
                what == call_event::ended ? "rec-7" : ""};
    }
    app::record_result<app::known_call> tries(call_event what, std::string number) {
        return run_on(bench.loop, calls.report(report(what, std::move(number))));
    }
    app::known_call tells(call_event what, std::string number = "13800000001") {
        return tries(what, std::move(number)).value();
    }
    domain::call const& call() const { return keeper.all().begin()->second.what; }
    std::optional<refusal> done(runtime::task<app::calls::answer> what) {
        return run_on(bench.loop, std::move(what)).value().refused;
    }
    std::vector<log_kind> of_call(domain::uuid const& chain) const {
        std::vector<log_kind> all;
        for (auto const& [seq, each] : bench.record.holds().log.at(chain)) {
            auto const what = each.line.what;
            if (what == log_kind::called || what == log_kind::call_answered ||
                what == log_kind::call_ended)
                all.push_back(what);
        }
        return all;
    }
};

TEST_F(hotline, a_call_within_two_minutes_of_the_button_of_the_same_home_joins_its_alert) {
    bench.takes({bench.press("w1", 1)});
    bench.clock.fast_forward(2min);
    tells(call_event::ringing);
    EXPECT_EQ(call().outcome, call_outcome::joined);
    EXPECT_EQ(call().alert, bench.only_alert().id);
    tells(call_event::answered);
    tells(call_event::ended);
    EXPECT_THAT(of_call(bench.only_alert().id.value),
                ElementsAre(log_kind::called, log_kind::call_answered, log_kind::call_ended));
    EXPECT_EQ(bench.only_alert().signals, 1U) << "the call has pressed no button";
}

TEST_F(hotline, a_later_call_waits_for_an_operator) {
    bench.takes({bench.press("w1", 1)});
    bench.clock.fast_forward(2min + 1s);
    tells(call_event::ringing);
    tells(call_event::answered);
    EXPECT_FALSE(call().outcome);
    EXPECT_EQ(bench.record.holds().alerts.size(), 1U);
}

TEST_F(hotline, a_button_pressed_while_it_rings_is_joined_when_it_is_answered) {
    tells(call_event::ringing);
    bench.clock.fast_forward(30s);
    bench.takes({bench.press("w1", 1)});
    tells(call_event::answered);
    EXPECT_EQ(call().alert, bench.only_alert().id);
}

TEST_F(hotline, the_same_event_twice_changes_nothing) {
    bench.takes({bench.press("w1", 1)});
    tells(call_event::ringing);
    auto const commits = bench.record.commits();
    tells(call_event::ringing);
    EXPECT_EQ(bench.record.commits(), commits);
    EXPECT_EQ(keeper.all().size(), 1U);
}

TEST_F(hotline, a_number_of_two_homes_joins_neither) {
    bench.takes({bench.press("w1", 1)});
    auto const known = tells(call_event::ringing, "13800000009");
    EXPECT_EQ(known.who.size(), 2U);
    EXPECT_FALSE(call().outcome);
}

TEST_F(hotline, a_call_alone_opens_nothing) {
    for (auto const* number : {"13800000001", "13911111111", ""}) {
        tells(call_event::ringing, number);
        tells(call_event::answered, number);
    }
    EXPECT_THAT(bench.record.holds().alerts, IsEmpty());
    EXPECT_THAT(bench.record.holds().requests, IsEmpty());
}

TEST_F(hotline, a_missed_call_becomes_one_request_to_be_rung_back) {
    tells(call_event::ringing);
    auto const told = tells(call_event::ended);
    tells(call_event::ended);
    ASSERT_EQ(bench.record.holds().requests.size(), 1U);
    auto const& r = bench.record.holds().requests.begin()->second;
    EXPECT_EQ(to_string(r.about), "resident:r1");
    EXPECT_EQ(r.signals, 1U);
    EXPECT_EQ(call().outcome, call_outcome::missed);
    EXPECT_EQ(call().request, r.id);
    EXPECT_EQ(told.what.request, r.id) << "the telephone system is told which";
}

TEST_F(hotline, a_missed_call_of_a_stranger_is_rung_back_too) {
    tells(call_event::ended, "13911111111");
    EXPECT_EQ(bench.record.holds().requests.size(), 1U);
}

TEST_F(hotline, a_missed_call_outlives_the_databases_absence) {
    tells(call_event::ringing);
    bench.record.away(true);
    EXPECT_FALSE(tries(call_event::ended, "13800000001"));
    EXPECT_TRUE(is_missed(call())) << "it is not taken as done";
    bench.record.away(false);
    tells(call_event::ended); // the telephone system tells it again
    EXPECT_EQ(bench.record.holds().requests.size(), 1U);
}

TEST_F(hotline, an_operator_opens_an_emergency_once) {
    tells(call_event::ringing);
    tells(call_event::answered);
    EXPECT_FALSE(done(calls.open_alert(call().id, {"li"}, {"r1"})));
    EXPECT_FALSE(done(calls.open_alert(call().id, {"li"}, {"r1"})));
    EXPECT_EQ(bench.only_alert().signals, 1U);
    EXPECT_EQ(call().alert, bench.only_alert().id);
    EXPECT_EQ(call().decided_by, "li");
    EXPECT_EQ(bench.only_order().alert, bench.only_alert().id);
}

TEST_F(hotline, who_is_not_known_by_the_number_can_not_be_named_for_it) {
    tells(call_event::ringing);
    EXPECT_EQ(done(calls.open_alert(call().id, {"li"}, {"r2"})), refusal::unknown);
    EXPECT_EQ(done(calls.open_alert({}, {"li"}, {})), refusal::unknown);
    EXPECT_THAT(bench.record.holds().alerts, IsEmpty());
}

TEST_F(hotline, silence_from_a_residents_number_is_no_case_only_with_words) {
    tells(call_event::ringing);
    tells(call_event::answered);
    EXPECT_EQ(done(calls.no_case(call().id, {"li"}, no_case_reason::silent, "")),
              refusal::needs_reason);
    EXPECT_FALSE(done(calls.no_case(call().id, {"li"}, no_case_reason::silent, "rang back: well")));
    EXPECT_EQ(call().reason, "silent: rang back: well");
}

TEST_F(hotline, who_was_called_no_case_can_still_be_sent_help) {
    tells(call_event::ringing);
    done(calls.no_case(call().id, {"li"}, no_case_reason::wrong_number, ""));
    EXPECT_EQ(done(calls.open_request(call().id, {"li"}, {})), refusal::held);
    EXPECT_FALSE(done(calls.open_alert(call().id, {"li"}, {})));
    EXPECT_EQ(call().outcome, call_outcome::alert);
    EXPECT_EQ(done(calls.no_case(call().id, {"wu"}, no_case_reason::nuisance, "")), refusal::held);
}

TEST_F(hotline, an_operator_joins_a_call_to_a_chosen_alert) {
    bench.takes({bench.press("w1", 1)});
    tells(call_event::ringing, "13911111111");
    auto const alert = bench.only_alert().id;
    EXPECT_FALSE(done(calls.join(call().id, {"li"}, alert)));
    tells(call_event::answered, "13911111111");
    EXPECT_THAT(of_call(alert.value), ElementsAre(log_kind::called, log_kind::call_answered));
    EXPECT_EQ(done(calls.join(call().id, {"li"}, {})), refusal::unknown);
}

} // namespace
} // namespace linli::tests
