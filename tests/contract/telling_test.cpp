// What everybody who keeps deliveries must do, on the twin and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract_of.hpp"
#include "contract/keeper.hpp"
#include "contract/rows.hpp"
#include "contract/telling_keeper.hpp"

namespace linli::tests {

using namespace domain;

namespace {

using lane = app::delivery_record::lane;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr seconds lease{60};

known_contact daughter() {
    known_contact c;
    c.resident = {"r1"};
    c.ways = {channel::voice, channel::sms};
    c.phone = "13900000001";
    c.quiet = quiet_hours{1320, 420};
    return c;
}
known_contact son() {
    known_contact c;
    c.resident = {"r1"};
    c.place = 2;
    c.ways = {channel::email};
    c.phone = "13900000002";
    c.email = "son@example.org";
    c.language = "en";
    return c;
}

notice about(std::uint8_t alert, notice_reason why = notice_reason::raised,
             audience to = audience::contacts, priority level = priority::p1) {
    notice n;
    n.alert = numbered<alert_id>(alert);
    n.event = {"w1:1:1"};
    n.why = why;
    n.to = to;
    n.kind = alert_kind::fall;
    n.level = level;
    n.resident = {"r1"};
    n.home = {"h1"};
    n.area = {"310000s1"};
    n.site = {"s1"};
    n.at = evening;
    return n;
}

delivery to(std::string who, std::uint8_t number, notice what) {
    delivery d;
    d.id.value.bytes[0] = 9;
    d.id.value.bytes[15] = number;
    d.notice.bytes[15] = number;
    d.about = std::move(what);
    d.who = std::move(who);
    d.by = channel::voice;
    d.others = {channel::sms, channel::email};
    d.since = evening;
    d.due_at = evening;
    return d;
}

std::vector<std::string> whom(std::vector<app::person> const& people) {
    std::vector<std::string> all;
    for (auto const& each : people)
        all.push_back(each.who);
    return all;
}

std::vector<std::string> whom(std::vector<delivery> const& all) {
    std::vector<std::string> names;
    for (auto const& each : all)
        names.push_back(each.who);
    return names;
}

class telling_contract : public contract_of<telling_keeper> {
protected:
    void SetUp() override {
        contract_of::SetUp();
        if (IsSkipped()) return;
        keeper_->knows({daughter(), son()}, {});
    }

    app::delivery_record& record() { return keeper_->deliveries(); }

    void store(std::vector<delivery> const& fresh, uuid const& notice = {}) {
        must(record().expand(notice, fresh));
    }
    std::vector<delivery> take(lane which, instant now, int limit = 10) {
        return must(record().take(which, now, lease, limit));
    }
    std::vector<app::person> people(notice const& n) { return must(record().people(n)); }
    app::address_card card(delivery const& d) { return must(record().card(d)); }
    void settle(delivery d, delivery_state as, std::vector<delivery> const& fresh = {}) {
        d.state = as;
        d.due_at.reset();
        if (as == delivery_state::failed) d.reason = "status_500";
        must(record().settle({d}, fresh));
    }
};

} // namespace

TEST_P(telling_contract, contacts_come_in_their_order_with_ways_and_quiet_hours) {
    auto const found = people(about(1));
    ASSERT_THAT(whom(found), ElementsAre("contact:r1/1", "contact:r1/2"));
    EXPECT_EQ(found[0].ways, daughter().ways);
    EXPECT_EQ(found[0].quiet, daughter().quiet);
    EXPECT_EQ(found[1].ways, son().ways);
    EXPECT_FALSE(found[1].quiet);
    EXPECT_FALSE(found[0].told_before);
}

TEST_P(telling_contract, who_lives_alone_behind_a_fixed_button_has_his_contacts) {
    auto hers = daughter();
    hers.resident = {"r3"};
    keeper_->knows({daughter(), hers}, {});
    auto n = about(1);
    n.resident = {};
    n.home = {"h2"};
    EXPECT_THAT(whom(people(n)), ElementsAre("contact:r3/1"));
}

TEST_P(telling_contract, nobody_identified_has_no_contacts) {
    auto n = about(1);
    n.resident = {};
    EXPECT_THAT(people(n), IsEmpty()) << "two live there";
    n.resident = {"r2"};
    EXPECT_THAT(people(n), IsEmpty());
}

TEST_P(telling_contract, a_card_has_what_one_sending_needs) {
    auto const one = card(to("contact:r1/1", 1, about(1)));
    EXPECT_TRUE(one.may_be_told);
    EXPECT_FALSE(one.alert_is_closed);
    EXPECT_EQ(one.phone, "13900000001");
    EXPECT_EQ(one.email, "");
    EXPECT_EQ(one.resident_name, "Sun Mei");
    EXPECT_EQ(one.language, "zh");
    auto const two = card(to("contact:r1/2", 1, about(1)));
    EXPECT_EQ(two.email, "son@example.org");
    EXPECT_EQ(two.language, "en");
}

TEST_P(telling_contract, who_must_not_be_told_is_nobody_also_after_the_notice_was_opened) {
    auto suspect = daughter();
    suspect.do_not_tell = true;
    keeper_->knows({suspect, son()}, {});
    EXPECT_THAT(whom(people(about(1))), ElementsAre("contact:r1/2"));
    auto const none = card(to("contact:r1/1", 1, about(1)));
    EXPECT_FALSE(none.may_be_told);
    EXPECT_EQ(none.phone, "");
    EXPECT_FALSE(card(to("contact:r1/7", 1, about(1))).may_be_told);
}

TEST_P(telling_contract, telephones_of_a_site_are_looked_for_upwards) {
    keeper_->knows({}, {{{"s1"}, {"c1"}, "", "13700000001"}, {{"c1"}, {"city"}, "62000001", ""}});
    auto const leader = about(1, notice_reason::unanswered, audience::shift_leader);
    EXPECT_THAT(whom(people(leader)), ElementsAre("shift_leader:s1"));
    EXPECT_EQ(card(to("shift_leader:s1", 1, leader)).phone, "13700000001");
    auto const duty = about(1, notice_reason::unanswered, audience::duty_phone);
    auto const found = people(duty);
    ASSERT_THAT(whom(found), ElementsAre("duty_phone:c1"));
    EXPECT_EQ(found[0].ways, (std::vector{channel::voice, channel::sms}));
    EXPECT_EQ(card(to("duty_phone:c1", 1, duty)).phone, "62000001");
    auto elsewhere = duty;
    elsewhere.site = {"s2"};
    EXPECT_THAT(whom(people(elsewhere)), ElementsAre("duty_phone:c1"));
    elsewhere.site = {};
    EXPECT_THAT(people(elsewhere), IsEmpty());
}

TEST_P(telling_contract, a_delivery_is_read_back_field_by_field) {
    auto d = to("contact:r1/1", 1, about(1));
    d.number = std::string("\x01\x00\xff", 3);
    d.due_at = d.since = evening + seconds(7);
    store({d});
    EXPECT_THAT(take(lane::emergency, evening), IsEmpty());
    auto const taken = take(lane::emergency, *d.due_at);
    ASSERT_EQ(taken.size(), 1U);
    d.attempts = 1;
    d.due_at = *d.due_at + lease;
    EXPECT_EQ(taken[0], d);
}

TEST_P(telling_contract, one_with_nothing_but_what_must_be_is_kept_too) {
    auto d = to("duty_phone", 1, notice{});
    d.about.at = evening;
    d.about.level = priority::p3;
    d.others.clear();
    store({d});
    auto const taken = take(lane::ordinary, evening);
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].about, d.about);
    EXPECT_THAT(taken[0].others, IsEmpty());
}

TEST_P(telling_contract, the_same_notice_opened_twice_is_told_once) {
    store({to("contact:r1/1", 1, about(1))});
    auto again = to("contact:r1/1", 1, about(1));
    again.id.value.bytes[15] = 77; // made anew
    store({again});
    auto const taken = take(lane::emergency, evening);
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].id, to("contact:r1/1", 1, about(1)).id);
}

TEST_P(telling_contract, opening_a_notice_takes_its_row_out_of_the_outbox) {
    auto const row = outbox_row(5, evening);
    must(keeper_->record().commit(changes_of(row, outbox_row(6, evening))));
    store({to("contact:r1/1", 1, about(1))}, row.id);
    auto const left = must(keeper_->record().take_outbox(evening, lease, 10));
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].id, outbox_row(6, evening).id);
}

TEST_P(telling_contract, what_is_taken_is_due_again_when_its_lease_is_over) {
    store({to("contact:r1/1", 1, about(1))});
    EXPECT_EQ(take(lane::emergency, evening).size(), 1U);
    EXPECT_THAT(take(lane::emergency, evening + lease - duration(1)), IsEmpty());
    auto const again = take(lane::emergency, evening + lease);
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].attempts, 2U);
}

TEST_P(telling_contract, emergencies_have_a_lane_of_their_own_and_the_rest_go_by_urgency) {
    store({to("p3", 1, about(1, {}, {}, priority::p3)), to("p2", 2, about(2, {}, {}, priority::p2)),
           to("p1", 3, about(3))});
    EXPECT_THAT(whom(take(lane::emergency, evening)), ElementsAre("p1"));
    EXPECT_THAT(whom(take(lane::ordinary, evening, 1)), ElementsAre("p2"));
    EXPECT_THAT(whom(take(lane::ordinary, evening)), ElementsAre("p3"));
}

TEST_P(telling_contract, the_longest_due_go_first_when_not_all_can) {
    auto late = to("late", 1, about(1));
    auto early = to("early", 2, about(1));
    early.due_at = evening - seconds(9);
    store({late, early});
    EXPECT_THAT(whom(take(lane::emergency, evening, 1)), ElementsAre("early"));
}

TEST_P(telling_contract, what_ended_is_taken_no_more_and_waits_for_the_log) {
    store({to("contact:r1/1", 1, about(1)), to("contact:r1/2", 2, about(1))});
    EXPECT_THAT(must(record().unlogged(10)), IsEmpty());
    settle(to("contact:r1/1", 1, about(1)), delivery_state::sent);
    settle(to("contact:r1/2", 2, about(1)), delivery_state::failed);
    EXPECT_THAT(take(lane::emergency, evening + hours(1)), IsEmpty());
    auto const ended = must(record().unlogged(10));
    ASSERT_THAT(whom(ended), ElementsAre("contact:r1/1", "contact:r1/2"));
    EXPECT_EQ(ended[0].state, delivery_state::sent);
    EXPECT_EQ(ended[1].reason, "status_500");
    must(record().logged({ended[0].id}));
    EXPECT_THAT(whom(must(record().unlogged(10))), ElementsAre("contact:r1/2"));
}

TEST_P(telling_contract, the_channel_that_takes_over_comes_with_the_failure) {
    auto const voice = to("contact:r1/1", 1, about(1));
    store({voice});
    auto sms = voice;
    sms.id.value.bytes[15] = 2;
    sms.by = channel::sms;
    settle(voice, delivery_state::failed, {sms});
    auto const taken = take(lane::emergency, evening);
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].by, channel::sms);
}

TEST_P(telling_contract, a_late_answer_changes_nothing_that_has_ended) {
    auto const d = to("contact:r1/1", 1, about(1));
    store({d});
    settle(d, delivery_state::delivered);
    settle(d, delivery_state::failed);
    EXPECT_EQ(must(record().unlogged(1)).at(0).state, delivery_state::delivered);
}

TEST_P(telling_contract, put_back_it_waits_for_its_time) {
    auto d = to("contact:r1/1", 1, about(1));
    store({d});
    take(lane::emergency, evening);
    d.due_at = evening + seconds(2);
    must(record().settle({d}, {}));
    EXPECT_THAT(take(lane::emergency, evening + seconds(1)), IsEmpty());
    EXPECT_EQ(take(lane::emergency, evening + seconds(2)).size(), 1U);
}

TEST_P(telling_contract, who_was_told_is_known_and_who_will_be) {
    EXPECT_FALSE(people(about(1))[0].told_before);
    store({to("contact:r1/1", 1, about(1)), to("contact:r1/2", 2, about(1, {}, {}, priority::p2))});
    EXPECT_TRUE(people(about(1))[0].told_before);  // an emergency will be
    EXPECT_FALSE(people(about(1))[1].told_before); // this one may wait through a night
    EXPECT_FALSE(people(about(2))[0].told_before); // another alert
    settle(to("contact:r1/2", 2, about(1)), delivery_state::sent);
    EXPECT_TRUE(people(about(1))[1].told_before);
    settle(to("contact:r1/1", 1, about(1)), delivery_state::failed);
    EXPECT_FALSE(people(about(1))[0].told_before);
}

TEST_P(telling_contract, an_end_is_for_whoever_was_told_whosever_shift_it_is) {
    keeper_->knows({}, {{{"s1"}, {}, "62000001", "13700000001"}, {{"s2"}, {}, "", "13700000002"}});
    auto const leader = about(1, notice_reason::unanswered, audience::shift_leader);
    auto ended = about(1, notice_reason::ended, audience::shift_leader);
    ended.site = {"s2"};
    EXPECT_THAT(people(ended), IsEmpty());
    store({to("shift_leader:s1", 1, leader),
           to("duty_phone", 2, about(1, notice_reason::unanswered, audience::duty_phone))});
    auto const found = people(ended);
    ASSERT_THAT(whom(found), ElementsAre("shift_leader:s1"));
    EXPECT_TRUE(found[0].told_before);
    EXPECT_EQ(found[0].ways, (std::vector{channel::voice, channel::sms}));
    EXPECT_EQ(card(to("shift_leader:s1", 3, ended)).phone, "13700000001");
    ended.to = audience::duty_phone;
    EXPECT_THAT(whom(people(ended)), ElementsAre("duty_phone"));
    ended.to = audience::alarm_hook;
    EXPECT_THAT(people(ended), IsEmpty());
}

TEST_P(telling_contract, the_end_reaches_whoever_heard_the_start_though_she_lives_alone_no_more) {
    auto begun = about(1); // by smoke at home, which names nobody
    begun.resident = {};
    auto ended = about(1, notice_reason::ended);
    ended.resident = {};
    EXPECT_THAT(people(begun), IsEmpty()) << "two live there by now";
    EXPECT_THAT(people(ended), IsEmpty()) << "and nobody had been told";
    store({to("contact:r1/2", 1, begun)});
    auto const found = people(ended);
    ASSERT_THAT(whom(found), ElementsAre("contact:r1/2"));
    EXPECT_EQ(found[0].ways, son().ways);
    EXPECT_TRUE(found[0].told_before);

    auto suspect = son();
    suspect.do_not_tell = true;
    keeper_->knows({daughter(), suspect}, {});
    EXPECT_THAT(people(ended), IsEmpty()) << "who must not be told by now isn't";
}

TEST_P(telling_contract, an_end_is_for_those_contacts_alone_who_heard_the_start) {
    auto const ended = about(1, notice_reason::ended);
    store({to("contact:r1/1", 1, about(1)), to("contact:r1/2", 2, about(2)),
           to("contact:r1/7", 3, about(1))});
    EXPECT_THAT(whom(people(ended)), ElementsAre("contact:r1/1"))
        << "he heard of another one, and the seventh is no contact any more";
}

TEST_P(telling_contract, a_list_that_was_numbered_anew_misdirects_nobody) {
    auto started = to("contact:r1/1", 1, about(1));
    started.number = people(about(1)).at(0).number;
    store({started});
    settle(started, delivery_state::sent);
    auto carer = daughter();
    carer.phone = "13900000003";
    auto second = daughter();
    second.place = 2;
    auto third = son();
    third.place = 3;
    keeper_->knows({carer, second, third}, {});

    auto const ended = about(1, notice_reason::ended);
    auto const found = people(ended);
    ASSERT_THAT(whom(found), ElementsAre("contact:r1/2")) << "she has heard the start";
    EXPECT_TRUE(found[0].told_before);
    EXPECT_EQ(card(started).phone, daughter().phone) << "and what waits for the morning is hers";
    auto end = to("contact:r1/2", 2, ended);
    end.number = found[0].number;
    must(keeper_->record().keep_plans({{"sos-plan", "kind = \"sos\""}}));
    must(keeper_->record().commit(changes_of(closed(open_alert(1)))));
    store({end});
    settle(end, delivery_state::sent);
    EXPECT_TRUE(card(started).end_was_told);
    auto others = to("contact:r1/2", 3, about(1)); // the son's, who stood there
    others.number = people(about(1)).at(2).number;
    EXPECT_EQ(card(others).phone, son().phone);
    EXPECT_FALSE(card(others).end_was_told);

    second.do_not_tell = true;
    keeper_->knows({carer, second, third}, {});
    EXPECT_FALSE(card(started).may_be_told);
    EXPECT_THAT(people(ended), IsEmpty());
}

TEST_P(telling_contract, a_number_that_was_set_right_meanwhile_is_told) {
    auto started = to("contact:r1/1", 1, about(1));
    started.number = people(about(1)).at(0).number;
    auto right = daughter();
    right.phone = "13900000009";
    keeper_->knows({right, son()}, {});
    EXPECT_EQ(card(started).phone, "13900000009");
    store({started});
    auto const found = people(about(1, notice_reason::ended));
    ASSERT_THAT(whom(found), ElementsAre("contact:r1/1"));
    EXPECT_TRUE(found[0].told_before);
}

TEST_P(telling_contract, says_what_waits_since_when_but_not_what_sleeps) {
    EXPECT_EQ(must(record().waiting(evening)).count, 0U);
    auto asleep = to("contact:r1/1", 1, about(1, {}, {}, priority::p2));
    asleep.since = evening + hours(9);
    asleep.due_at = asleep.since;
    auto tried = to("contact:r1/2", 2, about(1));
    store({asleep, tried, to("contact:r1/3", 3, about(1))});
    take(lane::emergency, evening + seconds(5));
    auto const now = must(record().waiting(evening + seconds(9)));
    EXPECT_EQ(now.count, 2U);
    EXPECT_EQ(now.oldest, evening);
}

TEST_P(telling_contract, a_card_says_that_he_was_told_the_end) {
    must(keeper_->record().keep_plans({{"sos-plan", "kind = \"sos\""}}));
    must(keeper_->record().commit(changes_of(closed(open_alert(1)))));
    auto const start = to("contact:r1/1", 1, about(1));
    auto const end = to("contact:r1/1", 2, about(1, notice_reason::ended));
    store({start, end, to("contact:r1/2", 3, about(1))});
    EXPECT_FALSE(card(start).end_was_told) << "it waits still";
    settle(end, delivery_state::sent);
    EXPECT_TRUE(card(start).end_was_told);
    EXPECT_FALSE(card(to("contact:r1/2", 3, about(1))).end_was_told) << "the other one wasn't";
}

TEST_P(telling_contract, a_card_says_that_the_alert_has_been_closed) {
    must(keeper_->record().keep_plans({{"sos-plan", "kind = \"sos\""}}));
    must(keeper_->record().commit(changes_of(closed(open_alert(1)))));
    EXPECT_TRUE(card(to("contact:r1/1", 1, about(1))).alert_is_closed);
    must(keeper_->record().commit(changes_of(open_alert(2, "r2"))));
    EXPECT_FALSE(card(to("contact:r1/1", 1, about(2))).alert_is_closed);
}

TEST_P(telling_contract, a_card_says_that_somebody_has_it) {
    must(keeper_->record().keep_plans({{"sos-plan", "kind = \"sos\""}}));
    auto taken = open_alert(1);
    taken.state = alert_state::claimed;
    taken.holder = {"op1"};
    taken.claimed_until = evening + minutes(15);
    must(keeper_->record().commit(changes_of(taken)));
    must(keeper_->record().commit(changes_of(open_alert(2, "r2"))));
    auto const calls = [](std::uint8_t alert) {
        return to("duty_phone:s1", alert,
                  about(alert, notice_reason::unanswered, audience::duty_phone));
    };
    EXPECT_TRUE(card(calls(1)).somebody_has_it);
    EXPECT_FALSE(card(calls(2)).somebody_has_it);
    auto own = calls(1);
    own.who = "duty_phone"; // the installation's, which has no site
    EXPECT_TRUE(card(own).somebody_has_it);
}

// Who was told while the record was away hangs on the alert that its event became.
TEST_P(telling_contract, what_was_told_degraded_is_kept_once_its_signal_is_known) {
    must(keeper_->record().keep_plans({{"sos-plan", "kind = \"sos\""}}));
    auto told = to("duty_phone:s1", 1, about(1, notice_reason::degraded, audience::duty_phone));
    told.about.alert = {};
    told.state = delivery_state::sent;
    told.due_at.reset();
    told.others.clear();
    EXPECT_THAT(must(record().keep_degraded({told})), IsEmpty()); // not there yet
    EXPECT_THAT(must(record().unlogged(10)), IsEmpty());

    auto joined = signal_of("w1:1:1", "w1");
    joined.alert = open_alert(1).id;
    must(keeper_->record().commit(changes_of(open_alert(1), joined)));
    EXPECT_THAT(must(record().keep_degraded({told})), ElementsAre(event_id{"w1:1:1"}));
    EXPECT_THAT(must(record().keep_degraded({told})), ElementsAre(event_id{"w1:1:1"})); // again
    auto const ended = must(record().unlogged(10));
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].id, told.id);
    EXPECT_EQ(ended[0].about.alert, open_alert(1).id);
    EXPECT_EQ(ended[0].about.why, notice_reason::degraded);
    EXPECT_EQ(ended[0].about.level, open_alert(1).level);
    EXPECT_EQ(ended[0].since, told.since);
    EXPECT_THAT(take(lane::emergency, evening + hours(1)), IsEmpty()); // nobody is told of it again
}

TEST_P(telling_contract, what_was_told_degraded_of_a_signal_without_an_alert_is_known_and_no_more) {
    must(keeper_->record().commit(changes_of(signal_of("w1:1:1", "w1"))));
    auto told = to("duty_phone:s1", 1, about(1, notice_reason::degraded, audience::duty_phone));
    told.state = delivery_state::sent;
    told.due_at.reset();
    EXPECT_THAT(must(record().keep_degraded({told})), ElementsAre(event_id{"w1:1:1"}));
    EXPECT_THAT(must(record().unlogged(10)), IsEmpty());
}

TEST_P(telling_contract,
       what_is_old_and_on_the_log_of_a_closed_alert_is_forgotten_a_little_at_a_time) {
    auto const ended = closed(open_alert(1));
    auto const going_on = open_alert(2, "r2");
    must(keeper_->record().keep_plans({{"sos-plan", "{}"}}));
    must(keeper_->record().commit(changes_of(ended, going_on)));
    auto const old = evening - std::chrono::days(100);
    std::vector<delivery> all;
    for (std::uint8_t n = 1; n <= 6; ++n) {
        auto d = to("contact:r1:" + std::to_string(n), n, about(n == 5 ? 2 : 1));
        d.id.value.bytes[0] = 0; // made long ago, too
        d.since = n == 6 ? evening : old;
        all.push_back(d);
    }
    store(all);
    for (auto const& d : all)
        if (d.id.value.bytes[15] != 4) settle(d, delivery_state::sent); // 4 waits still
    std::vector<delivery_id> logged;
    for (auto const& d : all)
        if (d.id.value.bytes[15] != 3 && d.id.value.bytes[15] != 4) logged.push_back(d.id);
    must(record().logged(logged));
    auto const before = evening - std::chrono::days(90);
    EXPECT_EQ(must(record().forget(before, 1)), 1U);
    EXPECT_EQ(must(record().forget(before, 10)), 1U); // 3 has no line yet, 5 is of an open alert
    EXPECT_EQ(must(record().forget(before, 10)), 0U);
    EXPECT_THAT(whom(must(record().unlogged(10))), ElementsAre("contact:r1:3"));
    EXPECT_THAT(whom(take(lane::emergency, evening)), ElementsAre("contact:r1:4"));
}

INSTANTIATE_TEST_SUITE_P(on, telling_contract,
                         testing::Values(telling_on_memory, telling_on_postgres),
                         [](auto const& who) {
                             return who.param == telling_on_memory ? "memory" : "postgres";
                         });

} // namespace linli::tests
