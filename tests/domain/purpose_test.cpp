// What is real and what isn't: who goes to whom, and who hears of it.
#include "domain/purpose.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "domain/matching.hpp"
#include "domain/signal.hpp"
#include "domain/situation.hpp"

namespace linli::tests {

using namespace domain;

TEST(purpose, synthetic_workers_go_to_synthetic_residents_and_nobody_else_does) {
    using enum purpose;
    struct {
        purpose order;
        bool synthetic_worker;
        bool goes;
    } const table[] = {
        {real, false, true},  {real, true, false},       {drill, false, true},
        {drill, true, false}, {synthetic, false, false}, {synthetic, true, true},
    };
    for (auto const& [order, synthetic_worker, goes] : table) {
        EXPECT_EQ(may_go(order, synthetic_worker), goes) << to_text(order);
        worker w;
        w.id = {"k1"};
        w.synthetic = synthetic_worker;
        errand what;
        what.what_for = order;
        EXPECT_EQ(may_go(what, w), goes ? match_reason::next : match_reason::synthetic)
            << to_text(order);
    }
}

TEST(purpose, the_nearer_worker_of_the_wrong_kind_stands_in_the_search_with_its_reason) {
    worker real;
    real.id = {"near"};
    real.place = position{31.26, 121.55, 0, {}};
    auto ours = real;
    ours.id = {"far"};
    ours.place->latitude += 0.01;
    ours.synthetic = true;
    errand what;
    what.place = real.place;
    what.what_for = purpose::synthetic;
    auto const ranked = rank(what, {&real, &ours});
    ASSERT_EQ(ranked.size(), 2U);
    EXPECT_EQ(ranked[0].id.value, "far");
    EXPECT_EQ(ranked[0].why, match_reason::chosen);
    EXPECT_EQ(ranked[1].why, match_reason::synthetic);
}

namespace {

plan a_plan_that_tells_everybody() {
    auto p = sos_plan();
    p.answer = {{site_level::station, seconds(30)},
                {site_level::station, seconds(60), audience::duty_phone}};
    p.steps = {{.after = seconds(10), .tell = audience::contacts},
               {.after = seconds(20), .asks = ask::dial_120}};
    p.go = {
        {.when = go_trouble::nobody, .call = ask::dial_110, .say = {}, .tell = audience::contacts}};
    return p;
}

} // namespace

TEST(purpose, of_what_is_not_real_nobody_outside_hears_and_the_record_says_who_would_have) {
    for (auto const what_for : {purpose::drill, purpose::synthetic}) {
        alert_story s(a_plan_that_tells_everybody());
        s.is.what_for = what_for;
        std::vector<std::string> lines;
        auto const look = [&] {
            EXPECT_TRUE(s.last.notices.empty());
            for (auto const& each : s.last.log)
                lines.push_back(std::string(to_text(each.what)) + ' ' + each.why);
        };
        for (int n = 0; n < 4; ++n) {
            s.comes_due();
            look();
        }
        s.happens(nobody_to_go{{}, "nobody", go_trouble::nobody});
        look();
        EXPECT_TRUE(s.is.progress.asks.empty());
        EXPECT_TRUE(s.is.progress.told.empty());
        EXPECT_EQ(s.is.progress.notices, 0U);
        auto const word = std::string(to_text(what_for));
        auto const has = [&](std::string const& line) {
            return std::find(lines.begin(), lines.end(), line) != lines.end();
        };
        EXPECT_TRUE(has("step_skipped step 1 tell contacts: " + word));
        EXPECT_TRUE(has("step_skipped step 2 ask 120: " + word));
        EXPECT_TRUE(has("not_told duty_phone unanswered: " + word));
        EXPECT_TRUE(has("step_skipped ask 110: " + word));
    }
}

TEST(purpose, a_drills_event_is_no_event_of_its_device) {
    auto const event = make_drill_event({"w1"}, uuid{});
    EXPECT_EQ(device_of(event).value, "w1");
    EXPECT_FALSE(device_event_of(event));
}

} // namespace linli::tests
