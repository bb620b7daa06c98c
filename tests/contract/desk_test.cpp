// What the pages read must be so, on the twin and on PostgreSQL.
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
using testing::SizeIs;
using testing::UnorderedElementsAre;

class desk_contract : public contract_of<desk_keeper> {
protected:
    void SetUp() override {
        contract_of::SetUp();
        if (IsSkipped()) return;
        must(keeper_->record().keep_plans({{"sos-plan", "kind = \"sos\""}}));
    }

    void store(app::changes const& what) { must(keeper_->record().commit(what)); }
    auto marks() { return must(keeper_->reading().open_marks()); }
    std::map<std::string, std::uint64_t> versions() {
        std::map<std::string, std::uint64_t> all;
        for (auto const& [id, mark] : marks())
            all[id] = mark.version;
        return all;
    }
    std::vector<app::work_line> lines(std::vector<uuid> const& ids) {
        return must(keeper_->reading().lines(ids));
    }
    app::work_line line(uuid const& id) {
        auto all = lines({id});
        if (all.size() != 1) throw std::runtime_error("not one line");
        return all.front();
    }
    app::alert_card card(alert_id const& id) {
        auto found = must(keeper_->reading().card(id));
        if (!found) throw std::runtime_error("no card");
        return std::move(*found);
    }
    std::vector<std::string> who_is_on(alert_id const& id) {
        std::vector<std::string> all;
        for (auto const& each : card(id).residents)
            all.push_back(each.what.id.value);
        return all;
    }
    std::vector<alert_id> history_of(alert_id const& id) {
        std::vector<alert_id> all;
        for (auto const& each : card(id).history)
            all.push_back(each.what.id);
        return all;
    }
    // The next step of a row that was stored.
    template <class Row>
    Row again(Row row) {
        ++row.version;
        return row;
    }
};

alert claimed_by(alert a, std::string who) {
    a.state = alert_state::claimed;
    a.holder = {std::move(who)};
    a.claimed_until = evening + 900s;
    return a;
}

alert at_home(std::uint8_t number, instant opened_at = evening) {
    auto a = open_alert(number);
    a.about = {subject_kind::home, "h1"};
    a.resident = {};
    a.opened_at = opened_at;
    return a;
}

} // namespace

TEST_P(desk_contract, an_open_alert_is_found_with_the_version_of_its_line) {
    auto const a = open_alert(1);
    store(changes_of(a, order_for(a, 1)));
    auto const all = versions();
    ASSERT_THAT(all, SizeIs(1));
    EXPECT_EQ(all.at(to_string(a.id)), line(a.id.value).version());
}

TEST_P(desk_contract, a_version_moves_with_the_alert_and_with_its_order) {
    auto const a = open_alert(1);
    auto const o = order_for(a, 1);
    store(changes_of(a, o));
    auto const first = versions().at(to_string(a.id));
    store(changes_of(again(a)));
    auto const second = versions().at(to_string(a.id));
    store(changes_of(again(o)));
    auto const third = versions().at(to_string(a.id));
    EXPECT_LT(first, second);
    EXPECT_LT(second, third);
    EXPECT_EQ(line(a.id.value).version(), third);
}

TEST_P(desk_contract, a_version_moves_with_a_request_and_its_order) {
    auto const q = open_request(1);
    store(changes_of(q));
    auto const first = versions().at(to_string(q.id));
    store(changes_of(order_for(q, 1)));
    EXPECT_LT(first, versions().at(to_string(q.id)));
    EXPECT_EQ(line(q.id.value).version(), versions().at(to_string(q.id)));
}

TEST_P(desk_contract, tells_what_somebody_holds_and_whom_she_has_asked_to_go_on_with_it) {
    keeper_->has_account("li", "李娜");
    keeper_->has_account("zhao", "赵敏");
    auto hers = open_alert(1);
    hers.state = domain::alert_state::claimed;
    hers.holder = {"li"};
    hers.handed_to = {"zhao"};
    auto done = open_alert(2, "r2");
    done.holder = {"li"};
    store(changes_of(hers, closed(done), open_alert(3, "r3")));
    EXPECT_THAT(must(keeper_->reading().held_by({"li"})), ElementsAre(hers.id.value));
    EXPECT_THAT(must(keeper_->reading().held_by({"zhao"})), IsEmpty());
    auto const seen = line(hers.id.value);
    EXPECT_EQ(seen.alert->handed_to.value, "zhao");
    EXPECT_EQ(seen.holder_name, "李娜");
    EXPECT_EQ(seen.handed_to_name, "赵敏");
}

TEST_P(desk_contract, tells_whom_somebody_must_still_ask_whether_help_came) {
    auto const visited = [&](std::uint8_t number, std::string resident, domain::duration due_in) {
        auto const a = open_alert(number, std::move(resident));
        auto const f = offer_of(order_for(a, number), number);
        auto o = held_by(order_for(a, number), f, domain::order_state::completed);
        o.due_at = evening + due_in;
        store(changes_of(a, o, f));
        store(changes_of(closed(again(a)))); // it waits although the alert is over
        return std::pair(a, o);
    };
    auto const [later, its] = visited(1, "r1", 2h);
    auto const [sooner, other] = visited(2, "r2", 1h);
    auto on_the_way = open_alert(3, "r3");
    store(changes_of(on_the_way, order_for(on_the_way, 3)));

    auto const all = must(keeper_->reading().to_follow_up(later.area, 10));
    EXPECT_THAT(all.next, ElementsAre(sooner.id.value, later.id.value));
    EXPECT_EQ(all.count, 2U);
    auto const first = must(keeper_->reading().to_follow_up(later.area, 1));
    EXPECT_THAT(first.next, ElementsAre(sooner.id.value));
    EXPECT_EQ(first.count, 2U);
    EXPECT_THAT(must(keeper_->reading().to_follow_up({"nowhere"}, 10)).next, IsEmpty());

    auto asked = again(other);
    asked.state = domain::order_state::followed_up;
    asked.due_at.reset();
    store(changes_of(asked));
    EXPECT_THAT(must(keeper_->reading().to_follow_up(later.area, 10)).next,
                ElementsAre(later.id.value));
}

TEST_P(desk_contract, tells_whose_visit_is_not_over_though_its_alert_is_closed) {
    using domain::log_kind;
    using domain::order_state;
    auto const going = [&](std::uint8_t number, order_state state, domain::duration came,
                           std::vector<log_kind> const& later) {
        auto const a = open_alert(number, "r" + std::to_string(number));
        auto const f = offer_of(order_for(a, number), number);
        auto o = held_by(order_for(a, number), f, state);
        o.due_at = evening + 2h;
        auto all = changes_of(a, o, f);
        all.log.push_back({app::chain_of::order,
                           o.id.value,
                           {evening + came, log_kind::arrived, {}, "k1", {}},
                           {}});
        for (auto const what : later)
            all.log.push_back(
                {app::chain_of::order, o.id.value, {evening + 1h, what, {}, "k1", {}}, {}});
        store(all);
        return std::pair(a, o);
    };
    auto const [first, later] = going(1, order_state::in_service, 20min,
                                      {log_kind::check_in_missed, log_kind::proof_given});
    auto const [second, sooner] = going(2, order_state::stood_down, 10min,
                                        {log_kind::stand_down_overdue, log_kind::unfilled});
    auto const [third, done] = going(3, order_state::completed, 5min, {});
    EXPECT_EQ(must(keeper_->reading().unfinished_in(first.area, 10)).count, 0U)
        << "their alerts are open";
    store(changes_of(closed(again(first)), closed(again(second)), closed(again(third))));

    auto const all = must(keeper_->reading().unfinished_in(first.area, 10));
    ASSERT_THAT(all.next, SizeIs(2));
    EXPECT_EQ(all.count, 2U);
    EXPECT_EQ(all.next[0].order, sooner.id);
    EXPECT_EQ(all.next[0].alert, second.id.value);
    EXPECT_EQ(all.next[0].since, evening + 10min) << "a reminder of the house is no word";
    EXPECT_EQ(all.next[1].order, later.id);
    EXPECT_EQ(all.next[1].since, evening + 20min);
    auto const one = must(keeper_->reading().unfinished_in(first.area, 1));
    EXPECT_THAT(one.next, SizeIs(1));
    EXPECT_EQ(one.count, 2U);
    EXPECT_THAT(must(keeper_->reading().unfinished_in({"nowhere"}, 10)).next, IsEmpty());

    auto confirmed = again(sooner);
    confirmed.due_at.reset();
    store(changes_of(confirmed));
    EXPECT_EQ(must(keeper_->reading().unfinished_in(first.area, 10)).count, 1U);
}

// Its worker went to the street; whoever called has been seen elsewhere since.
TEST_P(desk_contract, a_visit_is_listed_where_its_alert_has_moved_to) {
    auto const visited = [&](std::uint8_t number, order_state state) {
        auto a = open_alert(number, "r" + std::to_string(number));
        auto const f = offer_of(order_for(a, number), number);
        auto o = held_by(order_for(a, number), f, state);
        o.due_at = evening + 1h;
        store(changes_of(a, o, f));
        a.area = {"310000s2"};
        store(changes_of(closed(again(a))));
        return a.id.value;
    };
    auto const asked_after = visited(1, order_state::completed);
    auto const under_way = visited(2, order_state::in_service);
    area_id const was{"310000s1"};
    area_id const is{"310000s2"};
    EXPECT_EQ(must(keeper_->reading().to_follow_up(was, 10)).count, 0U);
    EXPECT_EQ(must(keeper_->reading().unfinished_in(was, 10)).count, 0U);
    EXPECT_THAT(must(keeper_->reading().to_follow_up(is, 10)).next, ElementsAre(asked_after));
    auto const all = must(keeper_->reading().unfinished_in(is, 10)).next;
    ASSERT_THAT(all, SizeIs(1));
    EXPECT_EQ(all[0].alert, under_way);
}

TEST_P(desk_contract, what_is_closed_is_open_no_more_but_can_be_read) {
    auto const a = open_alert(1);
    store(changes_of(a));
    store(changes_of(closed(again(a))));
    EXPECT_THAT(versions(), IsEmpty());
    EXPECT_FALSE(line(a.id.value).is_open());
    EXPECT_EQ(line(a.id.value).alert->outcome, disposition::helped);
}

TEST_P(desk_contract, a_drill_is_on_the_desk_and_the_houses_own_press_is_not) {
    auto drill = open_alert(1);
    drill.what_for = purpose::drill;
    auto own = open_alert(2, "r0");
    own.what_for = purpose::synthetic;
    store(changes_of(drill, own));
    auto const all = versions();
    EXPECT_TRUE(all.contains(to_string(drill.id)));
    EXPECT_FALSE(all.contains(to_string(own.id)));
}

TEST_P(desk_contract, a_line_says_who_it_is_about_and_where_without_naming_him) {
    store(changes_of(open_alert(1)));
    auto const seen = line(numbered<alert_id>(1).value);
    EXPECT_EQ(seen.name, "S**");
    EXPECT_EQ(seen.rough_place, "Changyang Road");
    EXPECT_EQ(seen.area_name, "310000s1");
    EXPECT_THAT(seen.areas, ElementsAre(area_id{"310000s1"}, area_id{"310000"}));
    EXPECT_FALSE(seen.high_risk);
}

TEST_P(desk_contract, a_fixed_device_calls_for_everybody_at_home) {
    store(changes_of(at_home(1)));
    auto const seen = line(numbered<alert_id>(1).value);
    EXPECT_EQ(seen.name, "S**、S**");
    EXPECT_TRUE(seen.high_risk) << "r2 lives there";
}

// The registry says of him that he has moved or died, and still has him at his old home.
TEST_P(desk_contract, who_has_gone_is_nobody_of_a_home_any_more) {
    keeper_->has_gone("r2", evening - 1h);
    store(changes_of(at_home(1), open_alert(2, "r2")));
    auto const seen = line(numbered<alert_id>(1).value);
    EXPECT_EQ(seen.name, "S**");
    EXPECT_FALSE(seen.high_risk) << "r2 was";
    EXPECT_THAT(who_is_on(numbered<alert_id>(1)), ElementsAre("r1"));
    EXPECT_THAT(who_is_on(numbered<alert_id>(2)), ElementsAre("r2")) << "he calls himself";
}

TEST_P(desk_contract, what_is_over_is_about_who_lived_there_then) {
    store(changes_of(closed(at_home(1, evening - 2h))));
    keeper_->moves("r2", "h2", evening - 1h);
    keeper_->moves("r3", "h1", evening - 1h);
    store(changes_of(at_home(2)));
    EXPECT_THAT(who_is_on(numbered<alert_id>(1)), ElementsAre("r1", "r2"));
    EXPECT_THAT(who_is_on(numbered<alert_id>(2)), ElementsAre("r1", "r3"));
    EXPECT_EQ(line(numbered<alert_id>(1).value).name, "S**、S**");
    EXPECT_TRUE(line(numbered<alert_id>(1).value).high_risk);
    EXPECT_FALSE(line(numbered<alert_id>(2).value).high_risk);
}

TEST_P(desk_contract, a_holder_is_shown_by_the_name_of_her_account) {
    keeper_->has_account("zhang", "张敏");
    store(changes_of(claimed_by(open_alert(1), "zhang"), claimed_by(open_alert(2, "r2"), "li")));
    EXPECT_EQ(line(numbered<alert_id>(1).value).holder_name, "张敏");
    EXPECT_EQ(line(numbered<alert_id>(2).value).holder_name, "li") << "without an account";
}

// A lost seat: her work stands there as hers, and nobody looks after it.
TEST_P(desk_contract, a_holder_whose_page_is_closed_or_not_on_duty_is_away) {
    for (auto const* user : {"zhang", "wang", "sun", "zhou"})
        keeper_->has_account(user, user);
    keeper_->is_on_duty("zhang", evening - 1min, evening + 1h);
    keeper_->is_on_duty("wang", evening - 1min, evening);
    keeper_->is_on_duty("zhou", evening - 4min, evening + 1h);
    store(changes_of(claimed_by(open_alert(1), "zhang"), claimed_by(open_alert(2, "r2"), "wang")));
    auto const is_away = [&](std::uint8_t number) {
        auto const id = numbered<alert_id>(number);
        auto const seen = line(id.value);
        EXPECT_EQ(marks().at(to_string(id)), seen.mark());
        return seen.holder_is_away;
    };
    EXPECT_FALSE(is_away(1));
    EXPECT_TRUE(is_away(2)) << "her session has ended";
    store(changes_of(claimed_by(again(open_alert(1)), "sun")));
    EXPECT_TRUE(is_away(1)) << "she has no session at all";
    store(changes_of(claimed_by(again(open_alert(2, "r2")), "zhou")));
    EXPECT_TRUE(is_away(2)) << "her browser, or her power, has gone";
    store(changes_of(claimed_by(again(again(open_alert(1))), "li")));
    EXPECT_FALSE(is_away(1)) << "without an account: her desk is another program's";
}

TEST_P(desk_contract, the_orders_stand_oldest_first) {
    auto const a = open_alert(1);
    auto older = order_for(a, 2);
    older.opened_at = evening - 60s;
    older.service = {"cause_visit"};
    store(changes_of(a, order_for(a, 1), older));
    auto const seen = line(a.id.value).orders;
    ASSERT_THAT(seen, SizeIs(2));
    EXPECT_EQ(seen[0].id, older.id);
}

TEST_P(desk_contract, lines_of_both_kinds_are_read_together_and_unknown_ids_are_passed_over) {
    store(changes_of(open_alert(1), open_request(1)));
    auto const a = numbered<alert_id>(1).value;
    auto const q = numbered<request_id>(1).value;
    std::vector<uuid> seen;
    for (auto const& each : lines({a, q, a, numbered<alert_id>(9).value}))
        seen.push_back(each.id());
    EXPECT_THAT(seen, UnorderedElementsAre(a, q));
    EXPECT_THAT(lines({}), IsEmpty());
}

TEST_P(desk_contract, an_order_belongs_to_its_alert_or_request) {
    auto const a = open_alert(1);
    auto const q = open_request(1);
    store(changes_of(a, q, order_for(a, 1), order_for(q, 2)));
    auto const owner = [&](std::uint8_t number) {
        return must(keeper_->reading().owner_of(numbered<order_id>(number)));
    };
    EXPECT_EQ(owner(1), a.id.value);
    EXPECT_EQ(owner(2), q.id.value);
    EXPECT_EQ(owner(3), std::nullopt);
}

TEST_P(desk_contract, a_lost_key_leaves_the_fields_empty_and_the_card_readable) {
    store(changes_of(open_alert(1)));
    keeper_->loses_key_of("r1");
    EXPECT_EQ(line(numbered<alert_id>(1).value).name, "");
    auto const seen = card(numbered<alert_id>(1));
    ASSERT_THAT(seen.residents, SizeIs(1));
    EXPECT_EQ(seen.residents[0].what.name, "");
    EXPECT_EQ(seen.residents[0].what.id.value, "r1");
    ASSERT_TRUE(seen.home);
    EXPECT_EQ(seen.home->door, "3-501") << "the home has a key of its own";
}

TEST_P(desk_contract, a_card_names_the_resident_the_home_and_who_serves_it) {
    store(changes_of(open_alert(1)));
    auto const seen = card(numbered<alert_id>(1));
    ASSERT_THAT(seen.residents, SizeIs(1));
    EXPECT_EQ(seen.residents[0].what.name, "Sun Mei");
    EXPECT_EQ(seen.residents[0].what.phone, "13800000001");
    ASSERT_TRUE(seen.home);
    EXPECT_EQ(seen.home->access_notes, "dog");
    EXPECT_EQ(seen.site, "s1");
    ASSERT_TRUE(seen.device);
    EXPECT_EQ(seen.device->what.id.value, "w1");
}

TEST_P(desk_contract, a_card_shows_both_of_a_couple_when_nobody_is_identified) {
    store(changes_of(at_home(1)));
    EXPECT_THAT(card(numbered<alert_id>(1)).residents, SizeIs(2));
}

TEST_P(desk_contract, an_alert_about_a_worker_says_who_he_is_and_whose) {
    keeper_->has_worker("k1", "Ma Ke");
    auto his = open_alert(1);
    his.about = {subject_kind::worker, "k1"};
    his.resident = {};
    store(changes_of(his));
    EXPECT_EQ(line(his.id.value).name, "M**");
    auto const seen = card(his.id);
    ASSERT_TRUE(seen.worker);
    EXPECT_EQ(seen.worker->id.value, "k1");
    EXPECT_EQ(seen.worker->name, "Ma Ke");
    EXPECT_EQ(seen.worker->provider.value, "p1");
    EXPECT_THAT(seen.residents, IsEmpty()) << "nobody of that home is taken for him";
    store(changes_of(open_alert(2)));
    EXPECT_FALSE(card(numbered<alert_id>(2)).worker);
}

TEST_P(desk_contract, a_contact_says_whether_the_last_trial_reached_him) {
    keeper_->has_contact("r1", "13900000002", false);
    store(changes_of(open_alert(1)));
    auto const seen = card(numbered<alert_id>(1)).residents.at(0).contacts;
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_EQ(seen[0].what.phone, "13900000002");
    EXPECT_EQ(seen[0].reached, "failed");
}

TEST_P(desk_contract, a_card_shows_the_latest_reading_of_each_kind_of_the_last_day) {
    keeper_->measured({evening - 25h, vital_sign::oxygen_saturation, 91});
    keeper_->measured({evening - 2h, vital_sign::heart_rate, 70});
    keeper_->measured({evening - 1h, vital_sign::heart_rate, 88});
    store(changes_of(open_alert(1)));
    auto const seen = card(numbered<alert_id>(1)).residents.at(0).readings;
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_EQ(seen[0].kind, "heart_rate");
    EXPECT_EQ(seen[0].value, 88);
    EXPECT_EQ(seen[0].at, evening - 1h);
}

TEST_P(desk_contract, a_card_says_how_the_device_is) {
    keeper_->is_low(12, evening - 5min);
    store(changes_of(open_alert(1)));
    auto const seen = card(numbered<alert_id>(1)).device;
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->what.kind, "watch");
    EXPECT_EQ(seen->battery, 12);
    EXPECT_EQ(seen->heard_at, evening - 5min);
    EXPECT_THAT(seen->troubles, ElementsAre("battery"));
}

TEST_P(desk_contract, a_device_that_has_just_called_was_just_heard) {
    keeper_->is_low(12, evening - 5min);
    store(changes_of(open_alert(1), signal_of("w1:1:1", "w1")));
    EXPECT_EQ(card(numbered<alert_id>(1)).device.value().heard_at, evening);
}

TEST_P(desk_contract, a_device_is_not_heard_by_what_the_house_says_of_its_silence) {
    keeper_->is_low(12, evening - 5min);
    auto silent = signal_of("w1:o:silence:1", "w1");
    silent.what.kind = domain::signal_kind::inactivity;
    silent.what.door = "observation";
    store(changes_of(open_alert(1), silent));
    EXPECT_EQ(card(numbered<alert_id>(1)).device.value().heard_at, evening - 5min);
}

TEST_P(desk_contract, tells_what_the_devices_said_in_order_and_no_other_alerts) {
    auto const a = open_alert(1);
    auto const other = open_alert(2, "r2");
    auto second = signal_of("w1:1:2", "w1");
    second.what.received_at = evening + 3s;
    second.what.happened_at = evening - 1h;
    second.what.fix = domain::position{36.06, 103.83, 20, domain::position_source::gps};
    second.what.battery_percent = 61;
    auto strange = signal_of("w1:x:2", "w1");
    strange.what.received_at = evening + 2s;
    strange.what.kind = domain::signal_kind::unreadable;
    strange.what.raw = std::string("\0\xff?", 3);
    auto first = signal_of("w1:1:1", "w1");
    auto elsewhere = signal_of("w2:1:1", "w2");
    for (auto* each : {&first, &second, &strange})
        each->alert = a.id;
    elsewhere.alert = other.id;
    store(changes_of(a, other, second, first, elsewhere, strange));
    auto const said = must(keeper_->reading().signals_of(a.id.value));
    ASSERT_THAT(said, SizeIs(3));
    EXPECT_EQ(said[0].what.event.value, "w1:1:1");
    EXPECT_EQ(said[1].what.raw, strange.what.raw);
    EXPECT_EQ(said[2].what.happened_at, evening - 1h);
    EXPECT_EQ(said[2].what.battery_percent, 61);
    ASSERT_TRUE(said[2].what.fix);
    EXPECT_EQ(said[2].what.fix->accuracy_m, 20);
    EXPECT_EQ(said[2].committed_at, evening);
    EXPECT_THAT(must(keeper_->reading().signals_of(numbered<order_id>(9).value)), IsEmpty());
}

TEST_P(desk_contract, a_card_shows_the_offers_and_why_each_candidate_was_taken_or_not) {
    keeper_->has_worker("k1", "王强");
    auto const a = open_alert(1);
    auto const o = order_for(a, 1);
    auto all = changes_of(a, o, offer_of(o, 1));
    candidate first{{"k1"}, {"p1"}, match_reason::chosen, 800, 300, 280, true, false};
    candidate second{{"k2"}, {"p2"}, match_reason::off_duty, 900, 400, 400, false, false};
    all.searches.push_back({o.id, evening, 1, {first, second}});
    store(all);
    auto const seen = card(a.id).orders.at(0);
    ASSERT_THAT(seen.offers, SizeIs(1));
    EXPECT_EQ(seen.offers[0].worker_name, "王强");
    EXPECT_EQ(seen.offers[0].provider_name, "p1");
    ASSERT_THAT(seen.candidates, SizeIs(2));
    EXPECT_EQ(seen.candidates[0].worker_name, "王强");
    EXPECT_EQ(seen.candidates[0].what.why, match_reason::chosen);
    EXPECT_EQ(seen.candidates[0].what.travel_s, 300U);
    EXPECT_EQ(seen.candidates[1].what.id.value, "k2");
    EXPECT_EQ(seen.candidates[1].what.why, match_reason::off_duty);
    EXPECT_EQ(seen.candidates[1].what.distance_m, 900U);
    EXPECT_EQ(seen.candidates[1].provider_name, "p2");
    EXPECT_FALSE(seen.candidates[1].place) << "nobody knows where k2 starts";
}

TEST_P(desk_contract, the_log_of_an_alert_and_its_orders_can_be_read_with_its_words) {
    keeper_->has_account("zhang", "张敏");
    auto const a = open_alert(1);
    auto const o = order_for(a, 1);
    auto of_order = tests::line(app::chain_of::order, o.id.value, "order_opened");
    of_order.line.at = evening + 1s;
    of_order.line.by = {actor_kind::worker, "k1", {}};
    keeper_->has_worker("k1", "王强");
    auto said = tests::line(app::chain_of::alert, a.id.value, "");
    said.line.by = {actor_kind::operator_, "zhang", {}};
    said.line.personal = "daughter is on her way";
    said.about = {"r1"};
    store(changes_of(a, o, of_order, said));
    auto const seen = card(a.id).log;
    ASSERT_THAT(seen, SizeIs(2));
    EXPECT_EQ(seen[0].line.personal, "daughter is on her way");
    EXPECT_EQ(seen[0].by_name, "张敏");
    EXPECT_EQ(seen[0].name, "resident:r1");
    EXPECT_EQ(seen[1].of, app::chain_of::order);
    EXPECT_EQ(seen[1].name, o.number);
    EXPECT_EQ(seen[1].by_name, "王强");
}

TEST_P(desk_contract, a_card_tells_what_else_is_open_at_that_home) {
    store(changes_of(open_alert(1), open_alert(2, "r2")));
    auto const seen = card(numbered<alert_id>(1)).linked;
    ASSERT_THAT(seen, SizeIs(1));
    EXPECT_EQ(seen[0].id(), numbered<alert_id>(2).value);
}

TEST_P(desk_contract, the_history_is_of_the_resident_newest_first_with_who_closed) {
    keeper_->has_account("zhang", "张敏");
    auto late = closed(open_alert(2));
    late.closed_at = evening + 300s;
    auto done = tests::line(app::chain_of::alert, late.id.value, "helped");
    done.line.what = log_kind::closed;
    done.line.by = {actor_kind::operator_, "zhang", {}};
    auto drill = closed(open_alert(4));
    drill.what_for = purpose::drill;
    store(changes_of(closed(open_alert(1)), late, done, closed(open_alert(3, "r2")), drill,
                     open_alert(5)));
    std::vector<alert_id> seen;
    auto const past = card(numbered<alert_id>(5)).history;
    for (auto const& each : past)
        seen.push_back(each.what.id);
    ASSERT_THAT(seen, ElementsAre(late.id, numbered<alert_id>(1)));
    EXPECT_EQ(past[0].closed_by, "张敏");
}

TEST_P(desk_contract, what_was_told_in_a_home_is_no_history_of_who_came_later) {
    auto of_r2 = closed(open_alert(2, "r2"));
    of_r2.opened_at = evening - 2h;
    store(changes_of(closed(at_home(1, evening - 2h)), of_r2));
    keeper_->has_gone("r1", evening - 1h);
    keeper_->moves("r2", "h2", evening - 1h);
    keeper_->moves("r3", "h1", evening - 1h);
    store(changes_of(closed(at_home(3, evening - 30min)), at_home(4), open_alert(5, "r3")));
    EXPECT_THAT(history_of(numbered<alert_id>(4)), ElementsAre(numbered<alert_id>(3)));
    EXPECT_THAT(history_of(numbered<alert_id>(5)), ElementsAre(numbered<alert_id>(3)));
    EXPECT_THAT(history_of(numbered<alert_id>(1)), ElementsAre(of_r2.id))
        << "of those who lived there then";
}

TEST_P(desk_contract, a_request_has_a_card_of_the_same_form) {
    auto const q = open_request(1);
    store(changes_of(q, order_for(q, 1)));
    auto const seen = must(keeper_->reading().card(q.id));
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->residents.at(0).what.name, "Sun Mei");
    EXPECT_THAT(seen->orders, SizeIs(1));
}

TEST_P(desk_contract, nobody_has_a_card_of_what_does_not_exist) {
    EXPECT_FALSE(must(keeper_->reading().card(numbered<alert_id>(9))));
}

INSTANTIATE_TEST_SUITE_P(on, desk_contract, testing::Values(desk_on_memory, desk_on_postgres),
                         [](auto const& who) {
                             return who.param == desk_on_memory ? "memory" : "postgres";
                         });

} // namespace linli::tests
