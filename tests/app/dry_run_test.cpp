// What would happen if somebody pressed then: as it happens when somebody does, and written
// nowhere.
#include "app/dry_run.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"
#include "app/plan_desk.hpp"
#include "support/let_others_run.hpp"
#include "support/memory_deliveries.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

// Contacts after a minute, 120 after five if nobody has taken it.
void with_steps(domain::plan& p) {
    p.steps = {{.after = 60s, .tell = domain::audience::contacts},
               {.after = 300s,
                .asks = domain::ask::dial_120,
                .say = "an elder, alone",
                .unless = domain::step_unless::claimed}};
    p.go = {{.when = domain::go_trouble::nobody, .call = domain::ask::committee, .say = "please"}};
    if (p.kind == domain::alert_kind::vitals) p.level = domain::priority::p2;
    p.answer.push_back({.wait = 60s, .tell = domain::audience::duty_phone});
}

app::dry_run_picture at_home_of_r1(bench_top& b) {
    app::dry_run_picture seen;
    seen.known = run_on(b.loop, b.record.load_registry()).value();
    seen.pressed.about = {domain::subject_kind::resident, "r1"};
    seen.pressed.area = {"310000s1"};
    seen.pressed.home = {"h1"};
    seen.pressed.resident = {"r1"};
    seen.home = app::home_facts{seen.pressed.area, "", usual_place, false};
    return seen;
}

// "60s tell contacts", one line each; what isn't wanted is left out.
std::vector<std::string> lines(app::dry_run const& made, std::string const& only = {}) {
    std::vector<std::string> all;
    for (auto const& each : made.steps) {
        auto line = std::to_string(each.after.count()) + "s " + each.what;
        if (!only.empty() && each.what != only) continue;
        if (!each.whom.empty()) line += " " + each.whom;
        for (auto const& who : each.who)
            line += " [" + who + "]";
        if (!each.note.empty()) line += ": " + each.note;
        all.push_back(line);
    }
    return all;
}

app::dry_run of_sos(bench_top& b, app::dry_run_picture const& seen, domain::instant at) {
    return app::run_dry(b.plans, seen, domain::alert_kind::sos, {city_area}, 480min, at);
}

TEST(dry_run, asks_nobody_while_an_operator_may_still_say_that_nobody_need_go) {
    bench_top b([](domain::plan& p) { p.order->when = domain::offer_when::unless_cleared; });
    auto const made = of_sos(b, at_home_of_r1(b), b.clock.now());
    EXPECT_EQ(lines(made, "offer").at(0).substr(0, 10), "60s offer ");
    EXPECT_THAT(made.gaps, testing::Not(Contains("nobody_to_go")));
}

TEST(dry_run, says_who_is_rung_told_asked_and_sent_and_when) {
    bench_top b(with_steps);
    auto const made = of_sos(b, at_home_of_r1(b), b.clock.now());
    EXPECT_EQ(made.plan, "sos");
    EXPECT_EQ(made.level, domain::priority::p1);
    EXPECT_THAT(lines(made, "rung"),
                testing::IsSupersetOf({"0s rung station [s1]", "90s rung duty_phone [s1]"}));
    EXPECT_THAT(lines(made, "ask"), Contains("300s ask 120"));
    EXPECT_THAT(lines(made, "ask"), Contains("90s ask committee: nobody")); // both kept silent
    EXPECT_THAT(lines(made), Contains("60s tell contacts"));
    EXPECT_THAT(lines(made, "offer"), Contains("0s offer [k1]"));
    auto const asked = std::ranges::find(made.steps, "120", &app::dry_run_step::whom);
    ASSERT_NE(asked, made.steps.end());
    EXPECT_EQ(asked->say, "an elder, alone");
}

// The house's own rules: whatever is tried here is what a press does, step by step.
TEST(dry_run, is_what_a_press_does_when_nobody_does_anything) {
    bench_top b(with_steps);
    auto const made = of_sos(b, at_home_of_r1(b), b.clock.now());
    auto const began = b.clock.now();
    b.takes({b.press("w1", 1)});
    for (int i = 0; i < 900; ++i)
        b.fast_forward(1s);
    std::vector<std::string> happened;
    for (auto const& each : b.committed)
        for (auto const& line : each.log) {
            auto const after = std::chrono::floor<domain::seconds>(line.line.at - began);
            auto const at = std::to_string(after.count()) + "s ";
            if (line.line.what == domain::log_kind::rung_reached) happened.push_back(at + "rung");
            if (line.line.what == domain::log_kind::asked) happened.push_back(at + "ask");
            if (line.line.what == domain::log_kind::offered) happened.push_back(at + "offer");
        }
    std::vector<std::string> foreseen;
    for (auto const& each : made.steps) {
        bool const reached = each.what != "offer" || !each.who.empty();
        if (reached && (each.what == "rung" || each.what == "ask" || each.what == "offer"))
            foreseen.push_back(std::to_string(each.after.count()) + "s " + each.what);
    }
    std::ranges::sort(happened);
    std::ranges::sort(foreseen);
    EXPECT_EQ(foreseen, happened);
    EXPECT_GT(happened.size(), 10U);
}

TEST(dry_run, writes_nothing) {
    bench_top b(with_steps);
    of_sos(b, at_home_of_r1(b), b.clock.now());
    EXPECT_TRUE(b.record.holds().alerts.empty());
    EXPECT_TRUE(b.record.holds().orders.empty());
    EXPECT_TRUE(b.committed.empty());
}

TEST(dry_run, waits_out_a_countdown) {
    bench_top b([](domain::plan& p) {
        if (p.kind == domain::alert_kind::fall) p.countdown = 30s;
    });
    auto const made = app::run_dry(b.plans, at_home_of_r1(b), domain::alert_kind::fall, {city_area},
                                   480min, b.clock.now());
    EXPECT_EQ(lines(made).front(), "0s countdown");
    EXPECT_THAT(lines(made), Contains("30s raise"));
    EXPECT_THAT(lines(made, "offer"), Contains("30s offer [k1]"));
}

TEST(dry_run, at_three_in_the_morning_says_which_desk_is_shut_and_who_sleeps) {
    bench_top b(a_city()
                    .with_station("s1", 480, 1080)
                    .with(resident("r1").at_home("h1").wears("w1"))
                    .with(worker("k1").of("p1").certified("first_aid").on_duty(480, 1080)),
                with_steps);
    auto seen = at_home_of_r1(b);
    auto const night = b.clock.now() + 19h; // 03:00 there
    auto const made = of_sos(b, seen, night);
    EXPECT_THAT(lines(made, "rung").front(), testing::StartsWith("0s rung city"));
    EXPECT_THAT(lines(made, "rung").front(), testing::HasSubstr("nobody at station"));
    EXPECT_THAT(made.gaps, ElementsAre("nobody_to_go"));
    EXPECT_THAT(lines(made, "ask"), Contains("0s ask committee: nobody"));
    for (auto const& each : made.steps)
        for (auto const& one : each.candidates)
            EXPECT_EQ(one.why, domain::match_reason::off_duty);
    auto const day = of_sos(b, seen, b.clock.now() + 4h);
    EXPECT_THAT(day.gaps, IsEmpty());
    for (auto& each : seen.known.sites)
        each.opens = 480, each.closes = 1080;
    EXPECT_THAT(of_sos(b, seen, night).gaps, ElementsAre("no_desk_open", "nobody_to_go"));
}

TEST(dry_run, misses_a_place_that_nobody_has_entered) {
    bench_top b;
    auto seen = at_home_of_r1(b);
    seen.home->place.reset();
    for (auto& each : seen.known.sites)
        each.place.reset();
    EXPECT_THAT(of_sos(b, seen, b.clock.now()).gaps, Contains("no_position"));
}

// ------------------------------------------------------------------ with its people

class one_place final : public app::dry_run_record {
public:
    explicit one_place(app::dry_run_picture seen) : seen_(std::move(seen)) {}
    runtime::task<app::record_result<std::optional<app::dry_run_picture>>>
    picture(domain::resident_id const& resident, domain::home_id const&) override {
        co_await let_others_run();
        if (resident.value != "r1") co_return std::nullopt;
        co_return seen_;
    }

private:
    app::dry_run_picture seen_;
};

struct plan_page : testing::Test {
    bench_top b{with_steps};
    one_place place{at_home_of_r1(b)};
    memory_deliveries people{b.record};
    app::plan_desk desk{b.plans, place, people, {{city_area}, 480min, 2}};

    std::optional<app::dry_run> asks(std::string const& area, std::string const& resident = "r1",
                                     domain::alert_kind kind = domain::alert_kind::sos) {
        app::account by;
        by.area = {area};
        app::plan_desk::question asked;
        asked.kind = kind;
        asked.resident = {resident};
        asked.at = b.clock.now() + 19h; // 03:00 there
        return run_on(b.loop, desk.rehearse(by, asked)).value();
    }
};

known_contact contact_of_r1(int place, std::vector<domain::channel> ways) {
    known_contact c;
    c.resident = {"r1"};
    c.place = place;
    c.ways = std::move(ways);
    return c;
}

TEST_F(plan_page, names_contacts_by_their_place_and_ways_and_nobody_who_must_not_be_told) {
    auto secret = contact_of_r1(2, {domain::channel::sms});
    secret.do_not_tell = true;
    people.contacts = {contact_of_r1(1, {domain::channel::voice, domain::channel::sms}), secret};
    auto const made = asks(city_area).value();
    EXPECT_THAT(lines(made), Contains("60s tell contacts [contact:r1/1 voice sms]"));
    EXPECT_THAT(made.gaps, Contains("few_contacts"));
    EXPECT_THAT(lines(made), Contains("90s tell duty_phone: nobody"));
}

// P1 knows no quiet hours.
TEST_F(plan_page, says_from_when_somebody_is_told_of_what_is_no_emergency) {
    auto sleeps = contact_of_r1(1, {domain::channel::sms});
    sleeps.quiet = domain::quiet_hours{1320, 420};
    people.contacts = {sleeps};
    EXPECT_THAT(lines(asks(city_area).value()), Contains("60s tell contacts [contact:r1/1 sms]"));
    EXPECT_THAT(lines(asks(city_area, "r1", domain::alert_kind::vitals).value()),
                Contains("60s tell contacts [contact:r1/1 sms from 07:00]"));
}

TEST_F(plan_page, is_of_the_own_area_alone) {
    EXPECT_FALSE(asks("999999"));
    EXPECT_FALSE(asks(city_area, "r9"));
}

} // namespace
} // namespace linli::tests
