// A hundred thousand random events: what must always hold holds after each of them.
#include <algorithm>
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

namespace {

class walk {
public:
    explicit walk(std::uint64_t seed) : random_(seed) {}

    void step() {
        bool const short_steps = s_.is.state == alert_state::pending; // a countdown is short
        now_ += std::chrono::milliseconds(pick(short_steps ? 20'000 : 90'000));
        if (pick(50) == 0) now_ += hours(2); // the server was down
        change_shift();
        if (!is_open(s_.is)) begin_anew();
        if (pick(3) == 0) return look_at_the_clock();
        auto const event = any_event();
        auto const before = s_.is;
        auto const outcome = decide(before, event, plan_in_force(), s_.on_duty, now_);
        if (!outcome) return;
        check(before, event, *outcome);
        s_.is = outcome->next;
    }

    std::size_t closed = 0;
    std::size_t cancelled = 0;
    std::size_t raised_by_silence = 0;
    std::size_t notices = 0;
    std::size_t steps = 0;

private:
    std::size_t pick(std::size_t below) { return random_() % below; }

    plan const& plan_in_force() const {
        for (auto const& p : plans_)
            if (p.digest == s_.is.plan) return p;
        throw std::logic_error("the alert runs by a plan that nobody gave it: " + s_.is.plan);
    }

    void change_shift() {
        if (pick(10) != 0) return;
        s_.on_duty = everybody_on_duty();
        if (pick(2)) s_.on_duty[0].reset();
        if (pick(2)) s_.on_duty[1].reset();
        s_.on_duty.minute_of_day = static_cast<int>(pick(1440));
        s_.on_duty.nobody_free = pick(3) == 0;
    }

    void begin_anew() {
        alert first;
        first.first_event = {"w1:1:0"};
        auto const opened = detect(
            first, {"w1"}, pick(2) ? plans_.back() : plans_[pick(plans_.size())], s_.on_duty, now_);
        s_.is = opened.next;
        joins_ = 0;
        check_at_rest(s_.is);
    }

    void look_at_the_clock() {
        auto const outcome = decide(s_.is, time_passed{}, plan_in_force(), s_.on_duty, now_);
        ASSERT_TRUE(outcome) << "the clock is never refused";
        EXPECT_GT(outcome->next.due_at, now_) << "due work would come back at once, for ever";
        check(s_.is, time_passed{}, *outcome);
        s_.is = outcome->next;
    }

    operator_id somebody() { return {pick(2) ? "li" : "zhao"}; }

    alert_event any_event() {
        auto const& p = plans_[pick(plans_.size())];
        if (s_.is.state == alert_state::pending && pick(4) == 0)
            return cancelled_by_device{{"w1:1:" + std::to_string(random_())}};
        switch (pick(19)) {
        case 0:
        case 1:
            return signal_joined{{"w1:1:" + std::to_string(random_())}, {"w1"}, p.kind, p};
        case 2:
            return cleared_by_device{{"w1:2:1"}};
        case 3:
        case 4:
            return claim{somebody()};
        case 5:
            return note{somebody(), pick(4) ? "words" : ""};
        case 6:
            return handle{somebody()};
        case 7:
            return close{somebody(), disposition::helped, {}};
        case 8:
            return release{somebody()};
        case 9:
            return cancelled_by_device{{"w1:1:" + std::to_string(random_())}};
        case 10:
            return signal_joined{{"w1:2:1"}, {"w1"}, alert_kind::fall, plans_.back(), true};
        case 11:
            return done_as_asked{somebody(), pick(2) ? ask::ring_back : ask::dial_120, {}};
        case 12:
            return help_comes{};
        case 13:
            return help_arrived{};
        case 16:
        case 17:
            return shown{somebody()};
        case 15:
            return take_over{somebody(), pick(4) ? "words" : ""};
        case 14:
            return close{somebody(), disposition::false_alarm, "老人说按错了"};
        default:
            return nobody_to_go{
                {}, "why", std::array{go_trouble::nobody, go_trouble::no_access}[pick(2)]};
        }
    }

    void check(alert const& before, alert_event const& event, alert_outcome const& outcome) {
        auto const& after = outcome.next;
        if (std::holds_alternative<signal_joined>(event)) {
            ++joins_;
            EXPECT_FALSE(is_worse(before.level, after.level)) << "a signal made it less urgent";
            if (before.state == alert_state::claimed && after.state == alert_state::claimed) {
                EXPECT_LE(after.ladder_at, before.ladder_at) << "a press put the way back off";
            }
        }
        EXPECT_TRUE(after == before || !outcome.log.empty()) << "a change nobody can explain";
        for (auto const& line : outcome.log)
            EXPECT_EQ(line.at, now_);
        EXPECT_EQ(after.signals, joins_ + 1);
        EXPECT_EQ(after.id, before.id);
        EXPECT_EQ(after.first_event, before.first_event);
        EXPECT_EQ(after.opened_at, before.opened_at);
        if (after.state == alert_state::closed) ++closed;
        check_plan(before, outcome);
        check_countdown(before, event, outcome);
        check_at_rest(after);
    }

    // No step is run twice, and each notice has the next version.
    void check_plan(alert const& before, alert_outcome const& outcome) {
        auto const& after = outcome.next;
        EXPECT_EQ(after.progress.notices - before.progress.notices, outcome.notices.size());
        EXPECT_EQ(after.progress.skipped & ~after.progress.done, 0U);
        if (after.steps_from == before.steps_from && after.plan == before.plan) {
            auto const again = before.progress.skipped;
            EXPECT_EQ(before.progress.done & ~after.progress.done & ~again, 0U)
                << "a step that was run may be run again";
        }
        for (auto const& n : outcome.notices) {
            ++notices;
            EXPECT_TRUE(after.progress.told.contains(n.to));
            EXPECT_NE(before.state == alert_state::pending && after.state == alert_state::pending,
                      true)
                << "somebody is told before it is raised";
        }
        auto const ended = static_cast<std::size_t>(
            std::count_if(outcome.notices.begin(), outcome.notices.end(),
                          [](notice const& n) { return n.why == notice_reason::ended; }));
        auto const expected = after.state == alert_state::closed ? told_by(before) : 0U;
        EXPECT_EQ(ended, expected) << "who was told of the start is told of the end, once";
        for (auto const& line : outcome.log)
            steps += line.what == log_kind::step_run || line.what == log_kind::asked ? 1U : 0U;
    }

    static std::size_t told_by(alert const& a) {
        std::size_t count = 0;
        for (auto const& [who, name] : names<audience>::table)
            count += a.progress.told.contains(who) ? 1U : 0U;
        return count;
    }

    // A countdown ends once, in its time, and only its wearer's cancel ends it quietly.
    void check_countdown(alert const& before, alert_event const& event,
                         alert_outcome const& outcome) {
        auto const& after = outcome.next;
        bool const was_pending = before.state == alert_state::pending;
        if (after.state == alert_state::pending) {
            EXPECT_TRUE(was_pending);
            EXPECT_EQ(after.due_at, before.due_at) << "something has put the countdown's end off";
            EXPECT_FALSE(outcome.needs_order) << "a worker goes before it is raised";
        } else if (was_pending && after.state != alert_state::closed) {
            EXPECT_TRUE(outcome.needs_order);
            EXPECT_EQ(after.raised_at, now_) << "the clock starts when it is raised";
        }
        bool const taken_back = after.outcome == disposition::cancelled_by_wearer;
        EXPECT_EQ(taken_back, was_pending && after.state == alert_state::closed);
        if (taken_back) {
            ++cancelled;
            EXPECT_TRUE(std::holds_alternative<cancelled_by_device>(event));
        }
        if (was_pending && std::holds_alternative<time_passed>(event) &&
            after.state == alert_state::raised)
            ++raised_by_silence;
    }

    static void check_at_rest(alert const& a) {
        bool const held = a.state == alert_state::claimed || a.state == alert_state::handled;
        EXPECT_EQ(is_open(a), a.due_at.has_value());
        EXPECT_EQ(is_open(a), !a.outcome.has_value());
        EXPECT_EQ(is_open(a), !a.closed_at.has_value());
        EXPECT_TRUE(!is_open(a) || held == !a.holder.empty());
        EXPECT_EQ(a.state == alert_state::claimed, a.claimed_until.has_value());
        if (a.acknowledge_by) {
            EXPECT_EQ(a.state, alert_state::claimed);
            EXPECT_LE(a.due_at, a.acknowledge_by);
            EXPECT_LE(a.due_at, a.ladder_at);
        }
        if (a.state == alert_state::pending) {
            EXPECT_TRUE(a.desk.empty() && a.holder.empty()) << "somebody is rung too early";
            EXPECT_EQ(a.due_at, a.opened_at + seconds(30));
        }
        EXPECT_TRUE(a.state != alert_state::raised || !a.desk.empty()) << "rings nowhere";
    }

    std::mt19937_64 random_;
    static plan stepped(plan p) {
        p.answer.push_back({site_level::city, seconds(60), audience::duty_phone});
        if (p.level == priority::p1) p.shown_within = seconds(10);
        p.steps = {
            {.after = seconds(0), .tell = audience::alarm_hook},
            {.after = seconds(30), .asks = ask::ring_back, .unless = step_unless::handled},
            {.after = seconds(30), .tell = audience::duty_phone, .unless = step_unless::free},
            {.after = seconds(60), .tell = audience::contacts, .unless = step_unless::claimed},
            {.after = seconds(180),
             .asks = ask::dial_120,
             .from_minute = 420,
             .until_minute = 1320}};
        p.go = {{go_trouble::nobody, ask::committee, {}, audience::shift_leader},
                {go_trouble::no_access, ask::key_holder, {}, {}}};
        return p;
    }

    std::vector<plan> plans_{stepped(sos_plan()), plan_of(alert_kind::smoke, priority::p1),
                             stepped(plan_of(alert_kind::inactivity, priority::p2)),
                             plan_of(alert_kind::bed, priority::p3), stepped(fall_plan())};
    alert_story s_;
    instant now_ = evening;
    std::uint32_t joins_ = 0;
};

} // namespace

TEST(alert_walk, what_must_always_hold_holds_after_each_of_100000_events) {
    constexpr std::uint64_t seed = 20260101;
    walk w(seed);
    for (int i = 0; i < 100'000 && !testing::Test::HasFailure(); ++i) {
        SCOPED_TRACE(testing::Message() << "seed " << seed << ", step " << i);
        w.step();
    }
    EXPECT_GT(w.closed, 1000U) << "a walk that never gets to the end proves little";
    EXPECT_GT(w.cancelled, 100U);
    EXPECT_GT(w.raised_by_silence, 50U);
    EXPECT_GT(w.notices, 5000U);
    EXPECT_GT(w.steps, 5000U);
}

} // namespace linli::tests
