// What devices are asked to do, on the twin: who gets it when, and what the record says.
#include "app/commanding.hpp"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/id_source.hpp"
#include "runtime/work_scope.hpp"
#include "support/evening.hpp"
#include "support/manual_clock.hpp"
#include "support/memory_commands.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace std::chrono_literals;
using domain::command_kind;
using domain::command_state;
using testing::ElementsAre;
using testing::IsEmpty;

// Watches w1 and w2 with connections that come and go; box1 hears by the broker.
struct evening_shift {
    boost::asio::io_context loop;
    manual_clock clock{evening};
    memory_commands record{{"w1", "w2", "box1"}};
    app::id_source ids{7};
    std::set<std::string> connected;
    std::vector<std::string> sent; // "w1 ring"
    std::vector<app::commanding::gone> held;
    bool holds_answers = false;
    bool stands_by = false;
    std::unique_ptr<app::commanding> commanding;
    std::unique_ptr<runtime::work_scope> tasks;

    evening_shift() { starts(); }
    ~evening_shift() { run_on(loop, tasks->stop()); }

    void starts() {
        commanding = std::make_unique<app::commanding>(
            record, clock, ids,
            [this](domain::device_command const& what, app::commanding::gone gone) {
                reach(what, std::move(gone));
            },
            [this](domain::device_id const& which) { return !stands_by && which.value != "w2"; });
        tasks = std::make_unique<runtime::work_scope>(loop.get_executor());
        tasks->spawn("commanding", commanding->run());
        looks();
    }
    void crashes_and_starts() {
        run_on(loop, tasks->stop());
        starts();
    }
    void reach(domain::device_command const& what, app::commanding::gone gone) {
        bool const is_there = connected.contains(what.device.value);
        if (is_there) sent.push_back(what.device.value + ' ' + std::string(to_text(what.kind)));
        if (holds_answers) return held.push_back(std::move(gone));
        auto const by_broker = what.device.value.starts_with("box");
        gone(!is_there   ? std::nullopt
             : by_broker ? std::optional(command_state::published)
                         : std::optional(command_state::sent));
    }
    void looks() {
        loop.restart();
        loop.poll();
    }
    void fast_forward(domain::duration by) {
        clock.fast_forward(by);
        looks();
    }
    domain::command_id asks(char const* device, command_kind kind,
                            std::vector<std::string> values = {}) {
        auto const now = clock.now();
        domain::device_command const what{{ids.next(now)},       {device}, kind,
                                          std::move(values),     {"o1"},   now,
                                          now + useful_for(kind)};
        if (!*run_on(loop, record.ask(what))) throw std::runtime_error("nobody knows it");
        fast_forward(1s);
        return what.id;
    }
    void answers(char const* device, command_kind kind) {
        commanding->answered({device}, kind);
        fast_forward(1s);
    }
    // Of the house's own, in the order of asking.
    std::vector<command_state> own() const {
        std::vector<command_state> all;
        for (auto const& [id, each] : record.all())
            if (each.asked_by.value == "house") all.push_back(each.state);
        return all;
    }
    command_state state_of(domain::command_id const& id) { return record.all().at(id).state; }
};

TEST(commanding, a_watch_that_is_there_gets_it_and_its_answer_is_written_down) {
    evening_shift e;
    e.connected = {"w1"};
    auto const ring = e.asks("w1", command_kind::ring);
    EXPECT_THAT(e.sent, ElementsAre("w1 ring"));
    e.fast_forward(1s);
    EXPECT_EQ(e.state_of(ring), command_state::sent);
    e.answers("w1", command_kind::ring);
    EXPECT_EQ(e.state_of(ring), command_state::answered);
    e.fast_forward(10min);
    EXPECT_THAT(e.sent, ElementsAre("w1 ring"));
}

TEST(commanding, a_watch_that_is_away_gets_it_when_it_comes_in_time) {
    evening_shift e;
    auto const numbers = e.asks("w1", command_kind::sos_numbers, {"12349"});
    auto const ring = e.asks("w1", command_kind::ring);
    e.fast_forward(3min);
    EXPECT_EQ(e.state_of(ring), command_state::expired);
    e.connected = {"w1"};
    e.fast_forward(1s);
    EXPECT_THAT(e.sent, ElementsAre("w1 sos_numbers"));
    e.answers("w1", command_kind::sos_numbers);
    EXPECT_EQ(e.state_of(numbers), command_state::answered);
}

TEST(commanding, who_does_not_answer_in_time_is_unanswered) {
    evening_shift e;
    e.connected = {"w1"};
    auto const locate = e.asks("w1", command_kind::locate);
    e.fast_forward(11min);
    EXPECT_EQ(e.state_of(locate), command_state::unanswered);
    e.answers("w1", command_kind::locate); // too late for the record
    EXPECT_EQ(e.state_of(locate), command_state::unanswered);
}

TEST(commanding, by_the_broker_nobody_answers) {
    evening_shift e;
    e.connected = {"box1"};
    auto const ring = e.asks("box1", command_kind::ring);
    e.fast_forward(1s);
    EXPECT_EQ(e.state_of(ring), command_state::published);
}

TEST(commanding, what_is_under_way_is_not_sent_twice) {
    evening_shift e;
    e.connected = {"w1"};
    e.holds_answers = true;
    e.asks("w1", command_kind::ring);
    e.fast_forward(10s);
    EXPECT_THAT(e.sent, ElementsAre("w1 ring"));
}

TEST(commanding, a_record_that_is_away_meanwhile_hears_it_later_and_nothing_goes_twice) {
    evening_shift e;
    e.connected = {"w1"};
    auto const ring = e.asks("w1", command_kind::ring);
    e.record.away(true);
    e.answers("w1", command_kind::ring);
    e.fast_forward(30s);
    e.record.away(false);
    e.fast_forward(1s);
    EXPECT_EQ(e.state_of(ring), command_state::answered);
    EXPECT_THAT(e.sent, ElementsAre("w1 ring"));
}

TEST(commanding, after_a_restart_the_answer_to_what_was_sent_still_counts) {
    evening_shift e;
    e.connected = {"w1"};
    auto const locate = e.asks("w1", command_kind::locate);
    e.fast_forward(1s);
    e.crashes_and_starts();
    e.answers("w1", command_kind::locate);
    EXPECT_EQ(e.state_of(locate), command_state::answered);
    EXPECT_THAT(e.sent, ElementsAre("w1 locate"));
}

// ---- whoever is lost

TEST(commanding, who_is_sought_is_asked_at_once_and_again_and_not_after_the_close) {
    evening_shift e;
    e.connected = {"w1"};
    e.record.is_sought({"w1"}, 60s, e.clock.now());
    e.fast_forward(1s);
    EXPECT_THAT(e.sent, ElementsAre("w1 locate"));
    e.fast_forward(1s);
    e.answers("w1", command_kind::locate);
    e.fast_forward(57s);
    EXPECT_EQ(e.sent.size(), 1U) << "59 s";
    e.fast_forward(2s);
    EXPECT_EQ(e.sent.size(), 2U);
    e.fast_forward(1s);
    EXPECT_THAT(e.own(), ElementsAre(command_state::answered, command_state::sent));
    e.record.nobody_is_sought();
    e.fast_forward(5min);
    EXPECT_EQ(e.sent.size(), 2U);
}

TEST(commanding, a_watch_that_is_away_is_asked_when_it_comes_and_not_when_the_case_is_over) {
    evening_shift e;
    e.record.is_sought({"w1"}, 60s, e.clock.now());
    for (int minute = 0; minute < 5; ++minute)
        e.fast_forward(60s);
    EXPECT_THAT(e.own(), ElementsAre(command_state::waiting)) << "one waits, whatever the minutes";
    e.record.nobody_is_sought();
    e.fast_forward(1s);
    e.connected = {"w1"};
    e.fast_forward(5s);
    EXPECT_THAT(e.sent, IsEmpty());
    EXPECT_THAT(e.own(), ElementsAre(command_state::expired));
}

TEST(commanding, a_restart_or_a_record_that_was_away_goes_on_with_the_search) {
    evening_shift e;
    e.connected = {"w1"};
    e.record.is_sought({"w1"}, 60s, e.clock.now());
    e.fast_forward(1s);
    e.fast_forward(1s); // the record knows that it went
    e.crashes_and_starts();
    e.fast_forward(30s);
    EXPECT_EQ(e.sent.size(), 1U) << "asked already";
    e.record.away(true);
    e.fast_forward(60s);
    EXPECT_EQ(e.sent.size(), 1U);
    e.record.away(false);
    e.fast_forward(1s);
    EXPECT_EQ(e.sent.size(), 2U);
}

TEST(commanding, a_standby_asks_nobody_by_itself_and_nobody_a_makers_own_device) {
    evening_shift e;
    e.connected = {"w1", "w2"};
    e.stands_by = true;
    e.record.is_sought({"w1", "w2"}, 60s, e.clock.now());
    e.fast_forward(5s);
    EXPECT_THAT(e.sent, IsEmpty());
    e.stands_by = false;
    e.fast_forward(1s);
    EXPECT_THAT(e.sent, ElementsAre("w1 locate"));
}

} // namespace

} // namespace linli::tests
