// What everybody who keeps the calls to the hotline must do, on the twin and on PostgreSQL; and how
// a desk sees them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract_of.hpp"
#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using namespace domain;
using testing::ElementsAre;
using testing::IsEmpty;

class call_contract : public contract_of<call_keeper> {
protected:
    void SetUp() override {
        contract_of::SetUp();
        if (IsSkipped()) return;
        must(keeper_->record().keep_plans({{"sos-plan", "kind = \"sos\""}}));
        keeper_->has_telephones();
    }

    void store(app::changes const& what) { must(keeper_->record().commit(what)); }

    static call_id fresh(int number) {
        call_id id;
        id.value.bytes[0] = 9;
        id.value.bytes[15] = static_cast<std::uint8_t>(number);
        return id;
    }
    static call_report report(call_event what, std::string number = "13800000001",
                              std::string name = "c1", instant at = evening) {
        return {"pbx", std::move(name), what, at, std::move(number), "12349", "", ""};
    }
    app::known_call takes(call_report const& told, int number = 1) {
        return must(keeper_->calls().take(told, fresh(number), {"310000s1"}));
    }
    app::known_call is(int number = 1) {
        return must(keeper_->calls().find(fresh(number))).value();
    }
    bool decides(app::call_decision const& what) { return must(keeper_->calls().decide(what)); }
    static app::call_decision to(call_outcome what, std::string who = "li") {
        return {fresh(1), what, {std::move(who)}, {}, {}, {}};
    }

    auto marks() { return must(keeper_->reading().open_marks()); }
    bool is_on_desks(int number = 1) { return marks().contains(to_string(fresh(number))); }
    app::call_seen seen(int number = 1) {
        auto const all = must(keeper_->reading().lines({fresh(number).value}));
        if (all.size() != 1 || !all[0].call) throw std::runtime_error("not one call");
        return *all[0].call;
    }
    // Nobody has answered it: the request to ring back, as it was decided upon.
    request is_missed() {
        takes(report(call_event::ended));
        auto r = open_request(1, "r1");
        auto signal = signal_of("+telephone:9:help_request", "+telephone");
        signal.request = r.id;
        store(changes_of(r, signal));
        auto missed = to(call_outcome::missed, "");
        missed.event = signal.what.event;
        decides(missed);
        return r;
    }
};

TEST_P(call_contract, a_call_comes_back_as_it_was_told) {
    auto told = report(call_event::ended, "13911111111", "c'1\\", evening + 5us);
    told.seat = "nobody answered";
    told.recording = "rec 7.wav";
    auto const taken = takes(told);
    EXPECT_EQ(taken.what.id, fresh(1));
    EXPECT_EQ(taken.what.number, "13911111111");
    EXPECT_EQ(taken.what.area, area_id{"310000s1"});
    EXPECT_EQ(taken.what.first_heard, evening + 5us);
    EXPECT_EQ(taken.what.ended_at, evening + 5us);
    EXPECT_EQ(taken.what.recording, "rec 7.wav");
    EXPECT_EQ(is().what, taken.what);
    EXPECT_FALSE(must(keeper_->calls().find(fresh(2))));
}

TEST_P(call_contract, is_one_call_however_often_and_in_whatever_order_it_is_told) {
    takes(report(call_event::ended, "13800000001", "c1", evening + 9s), 1);
    auto const rang = takes(report(call_event::ringing), 2);
    EXPECT_EQ(rang.what.id, fresh(1));
    EXPECT_EQ(rang.what.rang_at, evening);
    EXPECT_EQ(takes(report(call_event::ringing, "13800000001", "c1", evening + 30s), 3).what,
              rang.what);
    EXPECT_FALSE(must(keeper_->calls().find(fresh(2))));
}

TEST_P(call_contract, another_systems_call_of_the_same_name_is_another) {
    takes(report(call_event::ringing), 1);
    auto other = report(call_event::ringing);
    other.source = "other";
    EXPECT_EQ(takes(other, 2).what.id, fresh(2));
}

TEST_P(call_contract, all_whose_number_it_is_are_told) {
    EXPECT_THAT(takes(report(call_event::ringing)).who,
                ElementsAre(caller{caller_kind::resident, "r1", 0, {"h1"}}));
    EXPECT_THAT(takes(report(call_event::ringing, "13800000009", "c2"), 2).who,
                ElementsAre(caller{caller_kind::contact, "r1", 1, {"h1"}},
                            caller{caller_kind::contact, "r3", 1, {"h2"}},
                            caller{caller_kind::worker, "k1", 0, {}}));
    EXPECT_THAT(is(2).who, testing::SizeIs(3));
    EXPECT_THAT(takes(report(call_event::ringing, "13911111111", "c3"), 3).who, IsEmpty());
    EXPECT_THAT(takes(report(call_event::ringing, "", "c4"), 4).who, IsEmpty());
}

TEST_P(call_contract, finds_the_newest_open_alert_of_that_home_within_two_minutes) {
    auto early = open_alert(1, "r1");
    auto late = open_alert(2, "r2");
    late.opened_at = evening + 1min;
    store(changes_of(early, late));
    auto const near = [&](char const* home, instant then) {
        return must(keeper_->calls().alert_near({home}, then));
    };
    EXPECT_EQ(near("h1", evening), late.id);
    EXPECT_EQ(near("h1", evening - 2min), early.id);
    EXPECT_EQ(near("h1", evening + 3min), late.id);
    EXPECT_FALSE(near("h1", evening + 3min + 1us));
    EXPECT_FALSE(near("h1", evening - 2min - 1us));
    EXPECT_FALSE(near("h2", evening));
}

TEST_P(call_contract, no_drill_and_nothing_that_has_ended_is_joined) {
    auto drill = open_alert(1, "r1");
    drill.what_for = domain::purpose::drill;
    store(changes_of(drill, closed(open_alert(2, "r2"))));
    EXPECT_FALSE(must(keeper_->calls().alert_near({"h1"}, evening)));
}

TEST_P(call_contract, is_decided_once_and_only_towards_help) {
    takes(report(call_event::ringing));
    auto nothing = to(call_outcome::no_case);
    nothing.reason = "silent: rang back: well";
    EXPECT_TRUE(decides(nothing));
    EXPECT_EQ(is().what.outcome, call_outcome::no_case);
    EXPECT_EQ(is().what.reason, "silent: rang back: well");
    EXPECT_EQ(is().what.decided_by, "li");
    EXPECT_FALSE(decides(to(call_outcome::request)));
    auto joins = to(call_outcome::joined, "wu");
    joins.alert = open_alert(1).id;
    EXPECT_TRUE(decides(joins));
    EXPECT_EQ(is().what.alert, joins.alert);
    EXPECT_FALSE(decides(nothing));
    EXPECT_EQ(is().what.decided_by, "wu");
}

TEST_P(call_contract, what_it_has_opened_is_found_by_its_signal) {
    takes(report(call_event::ringing));
    auto const a = open_alert(1, "r1");
    auto signal = signal_of("+telephone:9:sos", "+telephone");
    signal.alert = a.id;
    store(changes_of(a, signal));
    auto opened = to(call_outcome::alert);
    opened.event = {"+telephone:9:sos"};
    EXPECT_TRUE(decides(opened));
    EXPECT_EQ(is().what.alert, a.id);
    EXPECT_FALSE(is().what.request);
}

TEST_P(call_contract, nobody_decides_a_call_that_there_is_not) {
    EXPECT_FALSE(decides(to(call_outcome::no_case)));
}

TEST_P(call_contract, remembers_what_its_alerts_log_holds) {
    takes(report(call_event::ringing));
    must(keeper_->calls().is_on_alert(fresh(1), {call_event::ringing, call_event::ended}));
    must(keeper_->calls().is_on_alert(fresh(1), {call_event::ringing, call_event::answered}));
    EXPECT_THAT(is().on_alert,
                ElementsAre(call_event::ringing, call_event::answered, call_event::ended));
}

TEST_P(call_contract, nobody_reads_a_number_or_a_reason_in_the_database_without_the_keys) {
    takes(report(call_event::ringing));
    auto nothing = to(call_outcome::no_case);
    nothing.reason = "test: her daughter tried";
    decides(nothing);
    EXPECT_TRUE(keeper_->hides("13800000001"));
    EXPECT_TRUE(keeper_->hides("daughter"));
}

// ------------------------------------------------------------------ at a desk

TEST_P(call_contract, a_desk_sees_who_may_be_calling_and_no_whole_name) {
    takes(report(call_event::ringing, "13800000009"));
    auto const call = seen();
    EXPECT_EQ(call.what.number, "13800000009");
    ASSERT_EQ(call.who.size(), 3U);
    EXPECT_EQ(call.who[0].relation, "child");
    EXPECT_EQ(call.who[0].rough_place, "Changyang Road");
    EXPECT_THAT(call.who[0].name, testing::Not(testing::HasSubstr("Li")));
    EXPECT_THAT(call.who[2].name, testing::StartsWith("M"));
    EXPECT_TRUE(is_on_desks());
}

TEST_P(call_contract, is_the_work_of_the_area_of_its_line) {
    takes(report(call_event::ringing));
    auto const line = must(keeper_->reading().lines({fresh(1).value})).at(0);
    EXPECT_THAT(line.areas, ElementsAre(area_id{"310000s1"}, area_id{"310000"}));
    EXPECT_FALSE(must(keeper_->reading().card(alert_id{fresh(1).value})));
}

TEST_P(call_contract, its_version_moves_with_all_that_is_told_and_decided) {
    std::set<std::uint64_t> all;
    auto const version = [&] { return marks().at(to_string(fresh(1))).version; };
    takes(report(call_event::ringing));
    all.insert(version());
    takes(report(call_event::ringing));
    all.insert(version());
    EXPECT_EQ(all.size(), 1U) << "told twice is no news";
    takes(report(call_event::answered));
    all.insert(version());
    decides(to(call_outcome::joined));
    all.insert(version());
    EXPECT_EQ(all.size(), 3U);
    EXPECT_EQ(*all.rbegin(), version());
}

TEST_P(call_contract, leaves_the_desks_when_it_is_decided_and_over) {
    takes(report(call_event::ringing));
    decides(to(call_outcome::joined));
    EXPECT_TRUE(is_on_desks()) << "they still speak";
    takes(report(call_event::ended));
    EXPECT_FALSE(is_on_desks());
    EXPECT_FALSE(seen().is_on_desks);
    takes(report(call_event::ended, "13911111111", "c2"), 2);
    EXPECT_TRUE(is_on_desks(2)) << "nobody has decided";
}

TEST_P(call_contract, whose_end_is_never_told_is_over_some_time) {
    takes(report(call_event::ringing, "13800000001", "c1", evening - longest_call));
    EXPECT_TRUE(is_on_desks()) << "nobody has decided";
    decides(to(call_outcome::joined));
    EXPECT_FALSE(is_on_desks());
}

TEST_P(call_contract, a_missed_call_stays_until_somebody_has_rung_back) {
    auto r = is_missed();
    EXPECT_TRUE(is_on_desks());
    EXPECT_EQ(seen().what.request, r.id);
    r.version = 1; // as it was stored
    r.state = request_state::closed;
    r.closed_at = evening + 60s;
    r.due_at.reset();
    auto const before = marks().at(to_string(fresh(1))).version;
    store(changes_of(r));
    EXPECT_FALSE(is_on_desks());
    auto const line = must(keeper_->reading().lines({fresh(1).value})).at(0);
    EXPECT_GT(line.version(), before) << "or the pages would never hear of it";
}

TEST_P(call_contract, a_missed_call_that_becomes_an_emergency_moves_on_however_often_he_rang) {
    auto r = is_missed();
    for (r.version = 1; r.version < 5; ++r.version) {
        r.signals += 1;
        store(changes_of(r));
    }
    auto const before = marks().at(to_string(fresh(1))).version;
    decides(to(call_outcome::alert, "o1"));
    auto const line = must(keeper_->reading().lines({fresh(1).value})).at(0);
    EXPECT_GT(line.version(), before) << "or it would stand as missed on every page";
}

std::string name_of(testing::TestParamInfo<call_keeper_maker> const& who) {
    return who.param == calls_on_memory ? "memory" : "postgres";
}

INSTANTIATE_TEST_SUITE_P(on, call_contract, testing::Values(calls_on_memory, calls_on_postgres),
                         name_of);

} // namespace

} // namespace linli::tests
