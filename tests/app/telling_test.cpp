// Who is told of an alert, by which channel, when, and what the record says of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "app/bench_top.hpp"
#include "app/gateways.hpp"
#include "app/telling.hpp"
#include "runtime/work_scope.hpp"
#include "support/memory_deliveries.hpp"

namespace linli::tests {

using namespace domain;

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

app::notice_texts texts() {
    app::notice_words zh;
    zh.subject = "{name} {kind}";
    zh.kinds = {{alert_kind::sos, "呼救"}};
    for (auto const& [why, name] : names<notice_reason>::table) {
        zh.contacts[why] = std::string(name) + " {name} {kind} {time} {callback}{place}";
        zh.staff[why] = std::string(name) + " {kind} {place} {name}";
    }
    return {{"zh", zh}};
}

known_contact contact(int place, std::vector<channel> ways, std::string phone) {
    known_contact c;
    c.resident = {"r1"};
    c.place = place;
    c.ways = std::move(ways);
    c.phone = std::move(phone);
    c.email = "c" + std::to_string(place) + "@example.org";
    return c;
}

// The record, which once does what it is asked and falls silent before it has said so; or can't
// make anything of what it has, or is given.
class record_that_falls_silent final : public app::delivery_record {
public:
    explicit record_that_falls_silent(app::delivery_record& inner) : inner_(inner) {}

    bool does_not_say_what_it_takes_next = false;
    bool cannot_read_what_is_due = false;
    bool cannot_open_a_notice = false;
    instant asked_until; // for what is due

    runtime::task<app::record_result<std::vector<app::person>>>
    people(notice const& about) override {
        return inner_.people(about);
    }
    runtime::task<app::record_result<app::address_card>> card(delivery const& of) override {
        return inner_.card(of);
    }
    runtime::task<app::record_result<void>> expand(uuid const& of,
                                                   std::vector<delivery> const& fresh) override {
        if (cannot_open_a_notice) co_return app::record_errc::bad_data;
        auto done = co_await inner_.expand(of, fresh);
        co_return done;
    }
    runtime::task<app::record_result<std::vector<delivery>>>
    take(lane which, instant now, duration lease, int limit) override {
        asked_until = now;
        if (cannot_read_what_is_due) co_return app::record_errc::bad_data;
        auto taken = co_await inner_.take(which, now, lease, limit);
        bool const is_lost = which == lane::emergency && does_not_say_what_it_takes_next;
        if (is_lost) does_not_say_what_it_takes_next = false;
        if (is_lost) co_return app::record_errc::away;
        co_return taken;
    }
    runtime::task<app::record_result<void>> settle(std::vector<delivery> const& changed,
                                                   std::vector<delivery> const& fresh) override {
        return inner_.settle(changed, fresh);
    }
    runtime::task<app::record_result<std::vector<delivery>>> unlogged(int limit) override {
        return inner_.unlogged(limit);
    }
    runtime::task<app::record_result<void>> logged(std::vector<delivery_id> const& ids) override {
        return inner_.logged(ids);
    }
    runtime::task<app::record_result<std::vector<event_id>>>
    keep_degraded(std::vector<delivery> const& told) override {
        return inner_.keep_degraded(told);
    }
    runtime::task<app::record_result<std::size_t>> forget(instant before, int limit) override {
        return inner_.forget(before, limit);
    }
    runtime::task<app::record_result<app::unsent>> waiting(instant now) override {
        return inner_.waiting(now);
    }

private:
    app::delivery_record& inner_;
};

// A pressed button, and the notices that its plan would write.
struct evening_shift {
    bench_top b;
    memory_deliveries deliveries{b.record};
    record_that_falls_silent kept{deliveries};
    gateways out;
    app::notice_texts const words = texts();
    std::map<std::string, notice> wire;
    std::unique_ptr<app::telling> telling = opened();
    std::unique_ptr<runtime::work_scope> tasks;
    alert_id alert;

    evening_shift() {
        b.takes({b.press("w1", 1)});
        alert = b.only_alert().id;
        deliveries.resident_names["r1"] = "王秀兰";
        deliveries.contacts = {contact(1, {channel::sms, channel::email}, "13900000001")};
        starts();
    }
    ~evening_shift() { run_on(b.loop, tasks->stop()); }

    std::unique_ptr<app::telling> opened() {
        app::telling::ports with{kept,
                                 b.dispatch,
                                 b.clock,
                                 out,
                                 b.ids,
                                 words,
                                 [this](std::string_view key) -> domain::result<notice> {
                                     auto const at = wire.find(std::string(key));
                                     if (at == wire.end()) return refusal::unknown;
                                     return at->second;
                                 }};
        return std::make_unique<app::telling>(
            std::move(with),
            app::telling::settings{"12349", "62000000", minutes(480), seconds(90)});
    }
    void starts() {
        tasks = std::make_unique<runtime::work_scope>(b.loop.get_executor());
        tasks->spawn("telling", telling->run());
        tasks->spawn("log", telling->keep_log());
        looks();
    }
    void crashes_and_starts() {
        run_on(b.loop, tasks->stop());
        telling = opened();
        starts();
    }
    // Lets the loop do what it can without waiting.
    void looks() {
        b.loop.restart();
        b.loop.poll();
    }
    void fast_forward(duration by) {
        b.clock.fast_forward(by);
        looks();
    }

    notice about(notice_reason why = notice_reason::raised, priority level = priority::p1,
                 audience to = audience::contacts) {
        notice n;
        n.alert = alert;
        n.why = why;
        n.to = to;
        n.level = level;
        n.resident = {"r1"};
        n.area = {"310000s1"};
        n.site = {"s1"};
        n.at = b.clock.now();
        return n;
    }
    app::outbox_row row(notice const& n) {
        app::outbox_row r;
        r.id = b.ids.next(b.clock.now());
        r.destination = "people:" + to_string(n.alert);
        r.payload = to_string(r.id);
        wire[r.payload] = n;
        return r;
    }
    void tells(notice const& n) {
        telling->enqueue({row(n)});
        looks();
    }
    // Without the ids at their ends. After one round of lines the next waits a little.
    std::vector<std::string> log() {
        fast_forward(std::chrono::milliseconds(100));
        std::vector<std::string> all;
        for (auto const& each : b.record.holds().log.at(alert.value)) {
            auto const& line = each.what.line;
            if (line.what == log_kind::told || line.what == log_kind::not_told)
                all.push_back(std::string(to_text(line.what)) + ' ' +
                              line.why.substr(0, line.why.rfind(' ')));
        }
        return all;
    }
};

} // namespace

TEST(telling, a_contact_is_told_by_the_first_channel_and_the_log_says_so) {
    evening_shift s;
    s.tells(s.about());
    ASSERT_THAT(s.out.sent(), ElementsAre("sms 13900000001"));
    EXPECT_EQ(s.out.letters[0].text, "raised 王秀兰 呼救 08:00 12349");
    EXPECT_THAT(s.log(), ElementsAre("told contact:r1/1 sms raised sent"));
    EXPECT_EQ(s.telling->so_far().sent, 1U);
}

TEST(telling, the_log_names_nobody) {
    evening_shift s;
    s.tells(s.about());
    for (auto const& each : s.b.record.holds().log.at(s.alert.value)) {
        EXPECT_THAT(each.what.line.why, Not(HasSubstr("139")));
        EXPECT_THAT(each.what.line.why, Not(HasSubstr("王")));
    }
}

TEST(telling, rows_for_devices_are_not_its_business) {
    evening_shift s;
    auto row = s.row(s.about());
    row.destination = "device:w1";
    s.telling->enqueue({row});
    s.looks();
    EXPECT_THAT(s.out.sent(), IsEmpty());
}

TEST(telling, a_gateway_that_fails_is_tried_again_with_the_same_key) {
    evening_shift s;
    s.out.answers[channel::sms] = {failing};
    s.tells(s.about());
    EXPECT_THAT(s.out.sent(), SizeIs(1));
    EXPECT_THAT(s.log(), IsEmpty());
    s.fast_forward(seconds(1));
    EXPECT_THAT(s.out.sent(), SizeIs(1));
    s.fast_forward(seconds(1));
    ASSERT_THAT(s.out.sent(), ElementsAre("sms 13900000001", "sms 13900000001"));
    EXPECT_EQ(s.out.letters[0].key, s.out.letters[1].key);
    EXPECT_THAT(s.log(), ElementsAre("told contact:r1/1 sms raised sent"));
}

TEST(telling, a_gateway_that_hangs_hands_over_to_the_next_channel) {
    evening_shift s;
    s.out.answers[channel::sms] = {hanging};
    s.tells(s.about());
    ASSERT_THAT(s.out.sent(), ElementsAre("sms 13900000001", "email c1@example.org"));
    EXPECT_NE(s.out.letters[0].key, s.out.letters[1].key);
    EXPECT_THAT(s.log(), ElementsAre("not_told contact:r1/1 sms raised timeout",
                                     "told contact:r1/1 email raised sent"));
    EXPECT_EQ(s.telling->so_far().failed, 1U);
}

TEST(telling, a_channel_that_is_named_twice_keeps_nobody_from_the_next) {
    evening_shift s;
    s.deliveries.contacts = {
        contact(1, {channel::sms, channel::sms, channel::voice}, "13900000001")};
    s.out.answers[channel::sms] = {refusing};
    s.tells(s.about());
    EXPECT_THAT(s.out.sent(), ElementsAre("sms 13900000001", "voice 13900000001"));
}

TEST(telling, what_waits_for_the_morning_goes_to_whom_it_was_meant_for) {
    evening_shift s; // 08:00
    s.deliveries.contacts[0].quiet = quiet_hours{7 * 60, 9 * 60};
    s.tells(s.about(notice_reason::raised, priority::p2));
    auto daughter = s.deliveries.contacts[0];
    daughter.place = 2;
    s.deliveries.contacts = {contact(1, {channel::sms}, "13900000003"), daughter};
    s.fast_forward(hours(1));
    EXPECT_THAT(s.out.sent(), ElementsAre("sms 13900000001"));
}

TEST(telling, the_next_channel_is_of_the_same_person) {
    evening_shift s;
    s.out.holds_back = true;
    s.tells(s.about());
    auto daughter = s.deliveries.contacts[0];
    daughter.place = 2;
    s.deliveries.contacts = {contact(1, {channel::sms, channel::email}, "13900000003"), daughter};
    s.deliveries.contacts[0].email = "carer@example.org";
    s.out.holds_back = false;
    ASSERT_THAT(s.out.held, SizeIs(1));
    s.out.held.front()(refusing);
    s.looks();
    EXPECT_THAT(s.out.sent(), ElementsAre("sms 13900000001", "email c1@example.org"));
}

TEST(telling, who_cannot_be_reached_by_any_channel_is_on_the_record) {
    evening_shift s;
    s.out.answers[channel::sms] = {refusing};
    s.out.answers[channel::email] = {refusing};
    s.tells(s.about());
    EXPECT_THAT(s.log(), ElementsAre("not_told contact:r1/1 sms raised status_400",
                                     "not_told contact:r1/1 email raised status_400"));
}

TEST(telling, a_crash_between_sending_and_recording_sends_again_with_the_same_key) {
    evening_shift s;
    s.out.holds_back = true;
    s.tells(s.about());
    ASSERT_THAT(s.out.letters, SizeIs(1));
    s.out.holds_back = false;
    s.crashes_and_starts(); // nobody waits for the lease of the one that died
    ASSERT_THAT(s.out.letters, SizeIs(2));
    EXPECT_EQ(s.out.letters[0].key, s.out.letters[1].key);
    EXPECT_THAT(s.log(), ElementsAre("told contact:r1/1 sms raised sent"));
}

TEST(telling, what_was_taken_when_the_answer_got_lost_goes_at_once_and_not_after_its_lease) {
    evening_shift s;
    s.kept.does_not_say_what_it_takes_next = true;
    s.tells(s.about());
    s.fast_forward(seconds(1));
    ASSERT_FALSE(s.kept.does_not_say_what_it_takes_next);
    EXPECT_THAT(s.out.sent(), ElementsAre("sms 13900000001"));
    s.fast_forward(seconds(200));
    EXPECT_THAT(s.out.sent(), SizeIs(1));
}

TEST(telling, the_same_notice_from_a_crashed_outbox_is_told_once) {
    evening_shift s;
    auto const row = s.row(s.about());
    s.telling->enqueue({row});
    s.looks();
    bool gone = false;
    s.telling->send(row, [&](bool ok) { gone = ok; });
    s.looks();
    EXPECT_TRUE(gone);
    EXPECT_THAT(s.out.letters, SizeIs(1));
}

TEST(telling, while_the_record_is_away_the_notice_waits_and_then_goes_once) {
    evening_shift s;
    s.deliveries.away(true);
    std::vector<bool> answers;
    s.telling->send(s.row(s.about()), [&](bool ok) { answers.push_back(ok); });
    s.looks();
    EXPECT_THAT(answers, ElementsAre(false));
    s.deliveries.away(false);
    s.fast_forward(seconds(1));
    EXPECT_THAT(s.out.letters, SizeIs(1));
}

TEST(telling, a_notice_that_nobody_can_read_stops_nothing) {
    evening_shift s;
    auto bad = s.row(s.about());
    bad.payload = "garbage";
    bool gone = false;
    s.telling->send(bad, [&](bool ok) { gone = ok; });
    s.tells(s.about());
    EXPECT_TRUE(gone);
    EXPECT_THAT(s.out.letters, SizeIs(1));
}

TEST(telling, who_must_not_be_told_is_never_told) {
    evening_shift s;
    s.deliveries.contacts.push_back(contact(2, {channel::sms}, "13900000002"));
    s.deliveries.contacts[0].do_not_tell = true;
    s.tells(s.about());
    EXPECT_THAT(s.out.sent(), ElementsAre("sms 13900000002"));
}

TEST(telling, do_not_tell_holds_also_for_what_waits_to_be_sent_again) {
    evening_shift s;
    s.out.answers[channel::sms] = {failing};
    s.tells(s.about());
    s.deliveries.contacts[0].do_not_tell = true;
    s.fast_forward(seconds(2));
    EXPECT_THAT(s.out.sent(), SizeIs(1));
    EXPECT_THAT(s.log(), ElementsAre("not_told contact:r1/1 sms raised not_to_be_told"));
}

TEST(telling, quiet_hours_put_off_p2_and_nothing_else) {
    evening_shift s; // 08:00
    s.deliveries.contacts[0].quiet = quiet_hours{7 * 60, 9 * 60};
    s.tells(s.about(notice_reason::raised, priority::p2));
    EXPECT_THAT(s.out.sent(), IsEmpty());
    s.tells(s.about(notice_reason::raised, priority::p1));
    EXPECT_THAT(s.out.sent(), SizeIs(1));
    EXPECT_EQ(s.telling->so_far().waiting.count, 0U); // it sleeps, it doesn't wait
    s.fast_forward(hours(1));
    EXPECT_THAT(s.out.sent(), SizeIs(2));
}

TEST(telling, nobody_hears_that_it_began_after_he_was_told_its_end) {
    evening_shift s;
    s.deliveries.contacts = {contact(1, {channel::sms}, "13900000001")};
    s.out.answers[channel::sms] = {failing, failing, failing, failing};
    s.tells(s.about());
    for (int i = 0; i < 3; ++i)
        s.fast_forward(seconds(20)); // so that its next try is a while away
    s.b.takes({app::alert_command{s.alert, claim{{"op1"}}},
               app::alert_command{s.alert, close{{"op1"}, disposition::helped, "已送药"}}});
    s.tells(s.about(notice_reason::ended));
    auto const tries = s.out.sent().size();
    for (int i = 0; i < 20; ++i)
        s.fast_forward(seconds(20));
    EXPECT_EQ(s.out.sent().size(), tries) << "the end was the last that he heard";
    EXPECT_EQ(s.out.letters.back().about.why, notice_reason::ended);
    EXPECT_THAT(s.log(), testing::Contains("not_told contact:r1/1 sms raised overtaken"));
}

TEST(telling, what_ended_overnight_is_not_told_in_the_morning) {
    evening_shift s;
    s.deliveries.contacts[0].quiet = quiet_hours{7 * 60, 9 * 60};
    s.tells(s.about(notice_reason::raised, priority::p2));
    s.b.takes(
        {app::alert_command{s.alert, claim{{"op1"}}},
         app::alert_command{s.alert, close{{"op1"}, disposition::false_alarm, "老人说按错了"}}});
    s.tells(s.about(notice_reason::ended, priority::p2));
    s.fast_forward(hours(1));
    EXPECT_THAT(s.out.sent(), IsEmpty());
    EXPECT_THAT(s.log(), ElementsAre("not_told contact:r1/1 sms raised overtaken"));
}

TEST(telling, the_lines_of_a_storm_are_written_together) {
    evening_shift s;
    s.tells(s.about());
    auto const before = s.b.record.commits();
    for (int i = 0; i < 20; ++i)
        s.tells(s.about());
    EXPECT_EQ(s.b.record.commits(), before); // a tenth of a second after the first
    EXPECT_EQ(s.log().size(), 21U);
    EXPECT_EQ(s.b.record.commits(), before + 1);
}

TEST(telling, who_was_told_of_the_start_is_told_of_the_end) {
    evening_shift s;
    s.tells(s.about());
    s.deliveries.contacts.push_back(contact(2, {channel::sms}, "13900000002"));
    s.tells(s.about(notice_reason::ended));
    EXPECT_THAT(s.out.sent(), ElementsAre("sms 13900000001", "sms 13900000001"));
    EXPECT_THAT(s.log(), ElementsAre("told contact:r1/1 sms raised sent",
                                     "told contact:r1/1 sms ended sent"));
}

TEST(telling, the_end_goes_to_the_telephone_that_heard_the_start_also_after_its_shift) {
    struct shift_change {
        audience to;
        char const* by_day; // who rings then, until the site closes
        char const* in_all;
    };
    static constexpr std::array cases{
        shift_change{audience::shift_leader, "s1", "voice 13700000001"},
        shift_change{audience::shift_leader, "city", "voice 13700000009"},
        shift_change{audience::duty_phone, "s1", "voice 62000001"},
        shift_change{audience::duty_phone, "city", "voice 62000000"}, // the installation's
    };
    for (auto const& each : cases) {
        SCOPED_TRACE(std::string(to_text(each.to)) + " of " + each.by_day);
        evening_shift s;
        s.deliveries.sites = {{{"s1"}, {}, "62000001", "13700000001"},
                              {{"city"}, {}, "", "13700000009"}};
        auto by_day = s.about(notice_reason::unanswered, priority::p1, each.to);
        by_day.site = {each.by_day};
        s.tells(by_day);
        auto at_night = s.about(notice_reason::ended, priority::p1, each.to);
        at_night.site = {std::string_view(each.by_day) == "s1" ? "city" : "s1"};
        s.tells(at_night);
        EXPECT_THAT(s.out.sent(), ElementsAre(each.in_all, each.in_all));
    }
}

TEST(telling, nobody_to_be_told_is_on_the_record_too) {
    evening_shift s;
    s.deliveries.contacts.clear();
    s.tells(s.about());
    EXPECT_THAT(s.log(), ElementsAre("not_told contacts none raised nobody"));
}

TEST(telling, a_person_with_no_channel_that_we_have_is_on_the_record) {
    evening_shift s;
    s.out.missing = {channel::sms, channel::email, channel::voice};
    s.tells(s.about());
    EXPECT_THAT(s.log(), ElementsAre("not_told contact:r1/1 none raised no_channel"));
}

TEST(telling, the_shift_leader_hears_a_voice_and_no_name) {
    evening_shift s;
    s.deliveries.sites = {{{"s1"}, {}, "", "13700000001"}};
    s.tells(s.about(notice_reason::unanswered, priority::p1, audience::shift_leader));
    ASSERT_THAT(s.out.sent(), ElementsAre("voice 13700000001"));
    EXPECT_EQ(s.out.letters[0].text, "unanswered 呼救 s1 ");
    EXPECT_THAT(s.log(), ElementsAre("told shift_leader:s1 voice unanswered sent"));
}

TEST(telling, whoever_shall_take_it_is_not_rung_when_somebody_has) {
    evening_shift s;
    s.deliveries.sites = {{{"s1"}, {}, "62000001", "13700000001"}};
    s.b.takes({app::alert_command{s.alert, claim{{"op1"}}}});
    s.tells(s.about(notice_reason::unanswered, priority::p1, audience::shift_leader));
    s.tells(s.about(notice_reason::second_alert, priority::p1, audience::duty_phone));
    s.deliveries.sites.clear();
    s.tells(s.about(notice_reason::unanswered, priority::p1, audience::duty_phone));
    EXPECT_THAT(s.out.sent(), IsEmpty());
    EXPECT_THAT(s.log(),
                testing::UnorderedElementsAre("not_told shift_leader:s1 voice unanswered overtaken",
                                              "not_told duty_phone:s1 voice second_alert overtaken",
                                              "not_told duty_phone voice unanswered overtaken"));
    s.tells(s.about(notice_reason::nobody_to_go, priority::p1, audience::duty_phone));
    EXPECT_THAT(s.out.sent(), ElementsAre("voice 62000000")) << "that is for her who has it";
}

TEST(telling, the_house_hears_nothing_of_what_is_over_but_its_end) {
    evening_shift s;
    s.b.takes({app::alert_command{s.alert, claim{{"op1"}}},
               app::alert_command{s.alert, close{{"op1"}, disposition::helped, {}}}});
    s.tells(s.about(notice_reason::nobody_to_go, priority::p1, audience::duty_phone));
    s.tells(s.about(notice_reason::help_comes, priority::p1, audience::duty_phone));
    EXPECT_THAT(s.out.sent(), IsEmpty());
    EXPECT_THAT(s.log(),
                testing::UnorderedElementsAre("not_told duty_phone voice nobody_to_go overtaken",
                                              "not_told duty_phone voice help_comes overtaken"));
}

TEST(telling, a_storm_rings_a_telephone_five_times_and_the_others_are_one_letter) {
    evening_shift s;
    s.deliveries.sites = {{{"s1"}, {}, "62000001", ""}};
    std::vector<app::outbox_row> rows;
    for (int n = 0; n < 12; ++n) {
        auto each = s.about(notice_reason::unanswered, priority::p1, audience::duty_phone);
        each.area = {n < 10 ? "310000s1" : "310000s2"};
        rows.push_back(s.row(each));
    }
    s.telling->enqueue(rows);
    s.looks();
    EXPECT_THAT(s.out.sent(), SizeIs(5));
    s.fast_forward(seconds(10));
    ASSERT_THAT(s.out.sent(), SizeIs(6));
    EXPECT_EQ(s.out.letters[5].phone, "62000001");
    EXPECT_EQ(s.out.letters[5].text, "unanswered 呼救 s1 另有6起：310000s1×4、310000s2×2。");
    EXPECT_THAT(s.log(),
                testing::AllOf(SizeIs(12), testing::Each(std::string(
                                               "told duty_phone:s1 voice unanswered sent"))));
    s.fast_forward(minutes(5));
    EXPECT_THAT(s.out.sent(), SizeIs(6));
}

TEST(telling, a_letter_for_many_that_fails_is_sent_by_the_next_channel_for_all_of_them) {
    evening_shift s;
    s.deliveries.sites = {{{"s1"}, {}, "62000001", ""}};
    for (int n = 0; n < 5; ++n)
        s.tells(s.about(notice_reason::unanswered, priority::p1, audience::duty_phone));
    s.out.answers[channel::voice] = {refusing};
    for (int n = 0; n < 3; ++n)
        s.tells(s.about(notice_reason::unanswered, priority::p1, audience::duty_phone));
    s.fast_forward(seconds(10));
    auto const sms = std::count_if(s.out.letters.begin(), s.out.letters.end(),
                                   [](auto const& l) { return l.by == channel::sms; });
    EXPECT_EQ(sms, 3) << "by another line: each alone";
    EXPECT_EQ(s.telling->so_far().failed, 3U);
    EXPECT_EQ(s.telling->so_far().sent, 8U);
}

TEST(telling, whom_somebody_takes_while_he_is_held_is_in_no_letter) {
    evening_shift s;
    s.deliveries.sites = {{{"s1"}, {}, "62000001", ""}};
    s.b.takes({s.b.press("b2", 1)});
    alert_id other;
    for (auto const& [id, a] : s.b.record.holds().alerts)
        if (id != s.alert) other = id;
    for (int n = 0; n < 7; ++n)
        s.tells(s.about(notice_reason::unanswered, priority::p1, audience::duty_phone));
    auto of_the_other = s.about(notice_reason::unanswered, priority::p1, audience::duty_phone);
    of_the_other.alert = other;
    s.tells(of_the_other);
    ASSERT_THAT(s.out.sent(), SizeIs(5));
    s.b.takes({app::alert_command{s.alert, claim{{"op1"}}}});
    s.fast_forward(seconds(10));
    ASSERT_THAT(s.out.sent(), SizeIs(6));
    EXPECT_EQ(s.out.letters[5].about.alert, other);
    EXPECT_EQ(s.out.letters[5].text, "unanswered 呼救 s1 ") << "of nobody else";
}

TEST(telling, contacts_are_no_telephone_of_the_house_and_are_told_one_by_one) {
    evening_shift s;
    for (int n = 0; n < 12; ++n)
        s.tells(s.about());
    EXPECT_THAT(s.out.sent(), SizeIs(12));
}

TEST(telling, a_notice_that_is_refused_as_bad_keeps_its_row_until_it_can_be_opened) {
    evening_shift s;
    s.kept.cannot_open_a_notice = true;
    auto const row = s.row(s.about());
    std::vector<bool> answers;
    s.telling->enqueue({row});
    s.looks();
    s.telling->send(row, [&](bool ok) { answers.push_back(ok); });
    s.looks();
    EXPECT_THAT(answers, ElementsAre(false));
    s.kept.cannot_open_a_notice = false;
    s.telling->send(row, [&](bool ok) { answers.push_back(ok); });
    s.looks();
    EXPECT_THAT(answers, ElementsAre(false, true));
    EXPECT_THAT(s.out.sent(), SizeIs(1));
}

TEST(telling, what_cannot_be_read_breaks_nobodys_lease) {
    evening_shift s;
    s.kept.cannot_read_what_is_due = true;
    s.tells(s.about());
    s.fast_forward(seconds(1));
    EXPECT_EQ(s.kept.asked_until, s.b.clock.now());
}

TEST(telling, a_site_without_a_duty_telephone_has_the_installations) {
    evening_shift s;
    s.tells(s.about(notice_reason::unanswered, priority::p1, audience::duty_phone));
    EXPECT_THAT(s.out.sent(), ElementsAre("voice 62000000"));
    EXPECT_THAT(s.log(), ElementsAre("told duty_phone voice unanswered sent"));
}

TEST(telling, the_alarm_hook_is_told_if_there_is_one) {
    evening_shift s;
    s.tells(s.about(notice_reason::raised, priority::p1, audience::alarm_hook));
    ASSERT_THAT(s.out.letters, SizeIs(1));
    EXPECT_EQ(s.out.letters[0].by, channel::webhook);
    EXPECT_EQ(s.out.letters[0].about.alert, s.alert);
    s.out.missing = {channel::webhook};
    s.tells(s.about(notice_reason::raised, priority::p1, audience::alarm_hook));
    EXPECT_THAT(s.log(), ElementsAre("told alarm_hook webhook raised sent"));
}

TEST(telling, hundreds_that_wait_on_a_hanging_gateway_do_not_delay_an_emergency) {
    evening_shift s;
    s.out.holds_back = true;
    for (int n = 2; n <= 100; ++n)
        s.deliveries.contacts.push_back(contact(n, {channel::sms}, "1" + std::to_string(n)));
    for (int n = 0; n < 5; ++n)
        s.tells(s.about(notice_reason::raised, priority::p2));
    auto const ordinary = s.out.letters.size();
    EXPECT_LT(ordinary, 100U); // a bound, and it is full
    EXPECT_EQ(s.deliveries.holds().size(), 500U);
    s.tells(s.about(notice_reason::raised, priority::p1));
    ASSERT_EQ(s.out.letters.size(), ordinary + 100);
    EXPECT_TRUE(std::all_of(s.out.letters.begin() + static_cast<std::ptrdiff_t>(ordinary),
                            s.out.letters.end(),
                            [](auto const& l) { return l.about.level == priority::p1; }));
}

TEST(telling, an_emergency_is_opened_before_all_that_came_ahead_of_it) {
    evening_shift s;
    std::vector<app::outbox_row> rows;
    for (int n = 0; n < 50; ++n)
        rows.push_back(s.row(s.about(notice_reason::raised, priority::p3)));
    rows.push_back(s.row(s.about(notice_reason::raised, priority::p1)));
    s.telling->enqueue(rows);
    s.looks();
    ASSERT_EQ(s.out.letters.size(), 51U);
    EXPECT_EQ(s.out.letters[0].about.level, priority::p1);
}

TEST(telling, what_waits_is_known_with_its_age) {
    evening_shift s;
    s.out.answers[channel::sms] = {failing, failing};
    s.tells(s.about());
    auto const began = s.b.clock.now();
    s.fast_forward(seconds(1));
    EXPECT_EQ(s.telling->so_far().waiting, (app::unsent{1, began}));
}

TEST(telling, a_word_in_braces_that_is_a_name_is_not_filled_again) {
    EXPECT_EQ(app::filled("{a}{b}{c", {{"a", "{b}"}, {"b", "2"}}), "{b}2{c");
}

} // namespace linli::tests
