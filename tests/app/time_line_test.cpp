// One event from the button to the door, as a person at three in the morning reads it.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"
#include "app/time_line.hpp"
#include "support/memory_traces.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using domain::reply_kind;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct seen_house : bench_top {
    std::optional<app::recorded_trace> recorded(std::string const& event) {
        memory_traces kept(record, told);
        return run_on(loop, kept.trace_of({event})).value();
    }
    app::time_line line_of(std::string const& event) {
        return app::make_time_line(event, traces.find(event), recorded(event));
    }
    // After a restart nothing is remembered.
    app::time_line recorded_line_of(std::string const& event) {
        return app::make_time_line(event, {}, recorded(event));
    }
    void replies(reply_kind kind) {
        takes({says(kind)});
        clock.fast_forward(10s);
    }

    memory_deliveries told{record};
};

std::vector<std::string> steps_of(app::time_line const& line) {
    std::vector<std::string> all;
    for (auto const& e : line.entries)
        all.push_back(std::string(domain::to_text(e.of)) + ' ' + e.step);
    return all;
}

std::vector<std::string> missing_of(app::time_line const& line) {
    std::vector<std::string> all;
    for (auto const& each : line.missing)
        all.push_back(each.what);
    return all;
}

} // namespace

TEST(time_line, goes_from_the_door_by_what_was_decided_to_the_messages) {
    seen_house h;
    h.record.while_reading = [&] { h.clock.fast_forward(2ms); };
    h.record.while_committing = [&] { h.clock.fast_forward(3ms); };
    h.takes({h.press("w1", 1)});
    auto const line = h.line_of("w1:1:1");
    EXPECT_TRUE(line.is_remembered && line.is_recorded);
    auto const steps = steps_of(line);
    auto const place_of = [&](char const* step) {
        return std::find(steps.begin(), steps.end(), step) - steps.begin();
    };
    EXPECT_LT(place_of("signal received"), place_of("signal read"));
    EXPECT_LT(place_of("signal read"), place_of("alert raised"));
    EXPECT_LT(place_of("alert raised"), place_of("order offered"));
    EXPECT_LT(place_of("order offered"), place_of("signal committed"));
    EXPECT_LT(place_of("signal committed"), place_of("message put"));
    EXPECT_FALSE(line.entries.front().after);
    EXPECT_EQ(line.entries.back().at - line.entries.front().at, 5ms);
}

TEST(time_line, of_an_older_press_is_what_the_record_knows) {
    seen_house h;
    h.takes({h.press("w1", 1)});
    h.clock.fast_forward(1h);
    auto const line = h.recorded_line_of("w1:1:1");
    EXPECT_FALSE(line.is_remembered);
    EXPECT_THAT(steps_of(line), Contains("signal received"));
    EXPECT_THAT(steps_of(line), Contains("signal committed"));
    EXPECT_THAT(steps_of(line), Contains("alert raised"));
    EXPECT_THAT(steps_of(line), Contains("order offered"));
}

TEST(time_line, says_what_is_missing_at_each_step_to_the_door) {
    seen_house h;
    h.takes({h.press("w1", 1)});
    auto const number = h.only_order().number;
    auto const lacks = [&](std::string const& what) {
        EXPECT_THAT(missing_of(h.recorded_line_of("w1:1:1")),
                    Contains("order " + number + ": " + what));
    };
    lacks("no provider has answered; asked: p1");
    h.replies(reply_kind::accept);
    lacks("k1 has not set out");
    h.replies(reply_kind::en_route);
    lacks("k1 has not arrived");
    h.replies(reply_kind::arrived);
    lacks("k1 has not begun");
    h.replies(reply_kind::started);
    lacks("k1 has not ended");
    h.replies(reply_kind::completed);
    lacks("nobody has asked afterwards whether help came");
}

TEST(time_line, says_who_should_claim_the_alert_and_when_that_is_due) {
    seen_house h;
    h.takes({h.press("w1", 1)});
    auto const line = h.recorded_line_of("w1:1:1");
    auto const expected =
        app::missing_step{"nobody has claimed the alert; it rings at s1", h.only_alert().due_at};
    EXPECT_THAT(line.missing, Contains(expected));
    h.takes({app::alert_command{h.only_alert().id, domain::claim{{"li"}}}});
    EXPECT_THAT(missing_of(h.recorded_line_of("w1:1:1")),
                Contains("li holds the alert, and has not handled it"));
}

TEST(time_line, of_a_press_that_joined_begins_with_that_press) {
    seen_house h;
    h.takes({h.press("w1", 1)});
    h.clock.fast_forward(20s);
    h.takes({h.press("w1", 2)});
    auto const line = h.line_of("w1:1:2");
    EXPECT_THAT(steps_of(line), Not(Contains("alert raised")));
    EXPECT_THAT(steps_of(line), Contains("alert joined"));
    EXPECT_THAT(line.heading, Contains(HasSubstr("joined alert")));
    EXPECT_THAT(line.heading, Contains(HasSubstr("see event w1:1:1")));
}

TEST(time_line, a_message_that_the_broker_does_not_have_is_missing) {
    seen_house h;
    h.takes({h.press("w1", 1)});
    EXPECT_THAT(missing_of(h.line_of("w1:1:1")),
                Contains("receipt stored to device:w1: not published"));
    EXPECT_THAT(missing_of(h.recorded_line_of("w1:1:1")),
                Contains("to device:w1: waits in the outbox (w1:1:1), sent 0 times"));
}

TEST(time_line, a_press_that_is_not_in_the_record_yet_says_so) {
    seen_house h;
    h.record.away(true);
    h.traces.taken(h.press("w1", 1), 0);
    EXPECT_THAT(missing_of(app::make_time_line("w1:1:1", h.traces.find("w1:1:1"), {})),
                ElementsAre("it waits for the intake"));
    EXPECT_FALSE(h.tries({h.press("w1", 1)}));
    EXPECT_THAT(missing_of(app::make_time_line("w1:1:1", h.traces.find("w1:1:1"), {})),
                ElementsAre("it is not committed yet, at try 1"));
}

TEST(time_line, of_a_signal_that_calls_nobody_misses_nothing) {
    seen_house h;
    h.takes({h.press("w1", 1, domain::signal_kind::position)});
    auto const line = h.recorded_line_of("w1:1:1");
    EXPECT_THAT(line.heading, Contains("it calls nobody: no alert and no request came of it"));
    EXPECT_THAT(missing_of(line), Not(Contains(HasSubstr("order"))));
}

TEST(time_line, of_nothing_is_empty) {
    auto const line = app::make_time_line("w1:1:1", {}, {});
    EXPECT_THAT(line.entries, IsEmpty());
    EXPECT_THAT(line.missing, IsEmpty());
}

} // namespace linli::tests
