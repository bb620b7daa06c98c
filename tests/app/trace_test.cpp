// When each step of a press was done, by a clock that only moves where a test moves it: reading the
// picture takes 2 ms, and committing 3 ms.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"
#include "app/hand_filled.hpp"
#include "app/outbox.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using app::trace_step;
using testing::ElementsAre;

// Takes what is published, and acknowledges it when it is asked to.
class slow_broker final : public app::messenger {
public:
    void send(app::outbox_row const&, std::function<void(bool)> done) override {
        waiting_.push_back(std::move(done));
    }
    void answers(bool ok) {
        for (auto const& done : std::exchange(waiting_, {}))
            done(ok);
    }

private:
    std::vector<std::function<void(bool)>> waiting_;
};

struct traced_house : bench_top {
    traced_house() {
        record.while_reading = [this] { clock.fast_forward(2ms); };
        record.while_committing = [this] { clock.fast_forward(3ms); };
        began = clock.now();
    }

    // A press comes to the door, is written after 1 ms and lies at that place in the journal.
    domain::event_id arrives(domain::signal what, app::journal_place at) {
        auto const event = what.event;
        clock.fast_forward(1ms);
        traces.written(at);
        journal.put(std::move(what), at);
        return event;
    }
    void decides() { run_until_settled(loop, intake); }
    // "received 0, written 1": milliseconds since the test began.
    std::vector<std::string> steps_of(domain::event_id const& event) const {
        std::vector<std::string> all;
        auto const found = traces.find(event.value).value();
        for (std::size_t n = 0; n < found.at.size(); ++n)
            if (found.at[n])
                all.push_back(std::string(domain::to_text(static_cast<trace_step>(n))) + ' ' +
                              since_began(*found.at[n]));
        return all;
    }
    // "receipt stored to device:w1: put 6, published 7, acknowledged 9".
    std::vector<std::string> messages_of(domain::event_id const& event) const {
        std::vector<std::string> all;
        auto const found = traces.find(event.value).value();
        for (auto const& m : found.messages) {
            auto text = m.what + " to " + m.to + ": put " + since_began(m.put);
            if (m.published) text += ", published " + since_began(*m.published);
            if (m.acknowledged) text += ", acknowledged " + since_began(*m.acknowledged);
            all.push_back(std::move(text));
        }
        return all;
    }
    std::string since_began(domain::instant at) const {
        return std::to_string((at - began).count() / 1000);
    }

    hand_filled journal{loop};
    slow_broker broker;
    app::intake intake{journal, dispatch, clock, traces};
    app::outbox outbox{record, broker, clock, traces};
    domain::instant began;
};

} // namespace

TEST(trace, a_press_has_the_time_of_each_step_from_the_door_to_the_record) {
    traced_house h;
    auto const event = h.arrives(h.press("w1", 1), 4711);
    h.clock.fast_forward(9ms); // it waits its turn
    h.decides();
    h.clock.fast_forward(1ms);
    h.traces.synced(4711); // a slow disk: the loop was quicker
    EXPECT_THAT(h.steps_of(event),
                ElementsAre("received 0", "written 1", "synced 16", "taken 10", "begun 10",
                            "read 12", "decided 12", "committed 15"));
    auto const found = h.traces.find(event.value);
    EXPECT_EQ(found->door, "mqtt");
    EXPECT_EQ(found->tries, 1U);
    EXPECT_EQ(found->batch, 1U);
}

TEST(trace, its_receipt_and_its_offer_are_followed_until_the_broker_has_them) {
    traced_house h;
    auto const event = h.arrives(h.press("w1", 1), 64);
    h.decides();
    h.clock.fast_forward(1ms);
    h.outbox.enqueue(h.committed.back().outbox);
    EXPECT_THAT(h.messages_of(event), ElementsAre("receipt stored to device:w1: put 6, published 7",
                                                  "offer open to provider:p1: put 6, published 7"));
    h.clock.fast_forward(4ms);
    h.broker.answers(true);
    EXPECT_THAT(h.messages_of(event),
                ElementsAre("receipt stored to device:w1: put 6, published 7, acknowledged 11",
                            "offer open to provider:p1: put 6, published 7, acknowledged 11"));
}

TEST(trace, what_the_broker_did_not_take_is_published_again) {
    traced_house h;
    auto const event = h.arrives(h.press("w1", 1), 64);
    h.decides();
    h.outbox.enqueue(h.committed.back().outbox);
    h.broker.answers(false);
    h.clock.fast_forward(1ms);
    h.outbox.look_now();
    h.broker.answers(true);
    auto const found = h.traces.find(event.value).value();
    ASSERT_EQ(found.messages.size(), 2U);
    EXPECT_EQ(found.messages[0].tries, 2U);
    EXPECT_EQ(h.messages_of(event)[0],
              "receipt stored to device:w1: put 6, published 7, acknowledged 7");
}

TEST(trace, two_presses_of_one_batch_share_its_steps_and_know_how_many_they_were) {
    traced_house h;
    auto const one = h.arrives(h.press("w1", 1), 1000);
    auto const other = h.arrives(h.press("b2", 1), 2000);
    h.decides();
    EXPECT_THAT(h.steps_of(one), ElementsAre("received 0", "written 1", "taken 2", "begun 2",
                                             "read 4", "decided 4", "committed 7"));
    EXPECT_THAT(h.steps_of(other), ElementsAre("received 1", "written 2", "taken 2", "begun 2",
                                               "read 4", "decided 4", "committed 7"));
    EXPECT_EQ(h.traces.find(one.value)->batch, 2U);
    EXPECT_EQ(h.traces.find(other.value)->batch, 2U);
}

TEST(trace, after_a_lost_race_the_steps_are_those_of_the_try_that_came_through) {
    traced_house h;
    h.record.fail_next_commit(app::record_errc::conflict);
    auto const event = h.arrives(h.press("w1", 1), 64);
    h.decides();
    EXPECT_THAT(h.steps_of(event), ElementsAre("received 0", "written 1", "taken 1", "begun 6",
                                               "read 8", "decided 8", "committed 11"));
    EXPECT_EQ(h.traces.find(event.value)->tries, 2U);
}

TEST(trace, while_the_database_is_away_it_says_how_far_a_press_has_come) {
    traced_house h;
    h.record.away(true);
    auto const event = h.arrives(h.press("w1", 1), 64);
    h.decides();
    EXPECT_THAT(h.steps_of(event), ElementsAre("received 0", "written 1", "taken 1", "begun 1"));
    EXPECT_EQ(h.traces.find(event.value)->tries, 1U);
}

TEST(trace, a_press_that_comes_again_keeps_its_times_and_is_counted) {
    traced_house h;
    auto const event = h.arrives(h.press("w1", 1), 64);
    h.decides();
    auto const first = h.steps_of(event);
    h.arrives(h.press("w1", 1), 5000);
    h.decides();
    EXPECT_EQ(h.steps_of(event), first);
    EXPECT_EQ(h.traces.find(event.value)->repeats, 1U);
    EXPECT_EQ(h.traces.find(event.value)->messages.size(), 3U) << "each time it is receipted";
}

TEST(trace, twice_in_one_batch_is_one_try) {
    traced_house h;
    h.takes({h.press("w1", 1), h.press("w1", 1)});
    EXPECT_EQ(h.traces.find("w1:1:1")->tries, 1U);
    EXPECT_EQ(h.traces.find("w1:1:1")->batch, 2U);
}

TEST(trace, an_offer_that_is_made_later_still_belongs_to_its_press) {
    traced_house h;
    h.takes({h.press("w1", 1)});
    auto const before = h.traces.find("w1:1:1")->messages.size();
    h.takes({h.says(domain::reply_kind::decline)}); // the next one is asked
    auto const messages = h.messages_of({"w1:1:1"});
    ASSERT_GT(messages.size(), before);
    EXPECT_THAT(messages, testing::Contains(testing::HasSubstr("offer declined to provider:p1")));
    EXPECT_THAT(messages, testing::Contains(testing::HasSubstr("offer open to provider:p2")));
}

TEST(trace, remembers_the_newest_and_forgets_the_oldest) {
    traced_house h;
    app::recent_traces few(2, h.clock);
    for (int n = 1; n <= 3; ++n)
        few.taken(h.press("w1", n), 0);
    EXPECT_FALSE(few.find("w1:1:1"));
    EXPECT_TRUE(few.find("w1:1:2"));
    EXPECT_TRUE(few.find("w1:1:3"));
    EXPECT_FALSE(few.find("w1:1:4"));
}

TEST(trace, what_lies_megabytes_further_on_in_the_journal_may_take_a_doors_note) {
    traced_house h;
    app::recent_traces few(1, h.clock); // eight notes, of 64 bytes each
    few.written(64);
    few.taken(h.press("w1", 1), 64);
    EXPECT_TRUE(few.find("w1:1:1")->when(trace_step::written));
    few.written(64 + 8 * 64);
    few.synced(64);
    EXPECT_FALSE(few.find("w1:1:1")->when(trace_step::written));
    EXPECT_FALSE(few.find("w1:1:1")->when(trace_step::synced));
}

TEST(trace, each_step_is_told_once_an_event_with_how_long_it_took) {
    traced_house h;
    std::vector<std::string> told;
    app::recent_traces traces(8, h.clock, [&](trace_step what, domain::duration took) {
        told.push_back(std::string(domain::to_text(what)) + ' ' +
                       std::to_string(took.count() / 1000));
    });
    std::vector<app::input> const batch{h.press("w1", 1)};
    h.clock.fast_forward(1ms);
    traces.written(64);
    h.clock.fast_forward(5ms);
    traces.synced(64);
    h.clock.fast_forward(1ms);
    traces.taken(batch[0], 64);
    for (int attempt = 1; attempt <= 2; ++attempt) { // the first loses its race
        h.clock.fast_forward(1ms);
        traces.begun(batch);
        h.clock.fast_forward(2ms);
        traces.read(batch);
        traces.decided(batch);
    }
    EXPECT_THAT(told, ElementsAre("synced 5"));
    h.clock.fast_forward(3ms);
    traces.committed(batch, {});
    traces.committed(batch, {}); // a repetition
    EXPECT_THAT(told, ElementsAre("synced 5", "written 1", "taken 6", "begun 4", "read 2",
                                  "decided 0", "committed 3"));
}

TEST(trace, nobody_who_is_not_asked_for_is_known) {
    traced_house h;
    h.fast_forward(1h); // due work has no event
    EXPECT_FALSE(h.traces.find(""));
}

} // namespace linli::tests
