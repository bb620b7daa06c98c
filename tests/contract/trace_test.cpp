// What everybody must know of an event who keeps a record, on the twin and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract_of.hpp"
#include "contract/rows.hpp"
#include "contract/trace_keeper.hpp"
#include "support/in_words.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using namespace domain;
using testing::ElementsAre;
using testing::IsEmpty;

class trace_contract : public contract_of<trace_keeper> {
protected:
    void SetUp() override {
        contract_of::SetUp();
        if (IsSkipped()) return;
        must(keeper_->record().keep_plans({{"sos-plan", "kind = \"sos\""}}));
    }

    void store(app::changes const& what) { must(keeper_->record().commit(what)); }
    std::optional<app::recorded_trace> trace_of(char const* event) {
        event_id const id{event};
        return must(keeper_->traces().trace_of(id));
    }
};

app::stored_signal press(alert const& of) {
    auto s = signal_of("w1:1:1", "w1");
    s.alert = of.id;
    return s;
}

app::chained_line line_at(app::chain_of of, uuid const& chain, log_kind what, instant at) {
    auto l = line(of, chain, "k1");
    l.line.what = what;
    l.line.at = at;
    l.line.by = {actor_kind::house, "", ""};
    return l;
}

} // namespace

TEST_P(trace_contract, nobody_knows_an_event_that_never_came) {
    EXPECT_FALSE(trace_of("w1:1:1"));
}

TEST_P(trace_contract, a_signal_comes_back_with_its_three_times) {
    auto s = signal_of("w1:1:1", "w1");
    s.what.happened_at = evening - seconds(3);
    s.what.received_at = evening + duration(7);
    auto what = changes_of(s);
    what.at = evening + duration(2007);
    store(what);
    auto const found = trace_of("w1:1:1");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->kind, signal_kind::sos);
    EXPECT_EQ(found->device, device_id{"w1"});
    EXPECT_EQ(found->door, "mqtt");
    EXPECT_EQ(found->about, (subject{subject_kind::resident, "r1"}));
    EXPECT_EQ(found->happened_at, evening - seconds(3));
    EXPECT_EQ(found->received_at, evening + duration(7));
    EXPECT_EQ(found->decided_at, evening + duration(2007));
    EXPECT_FALSE(found->alert);
    EXPECT_FALSE(found->request);
    EXPECT_THAT(found->orders, IsEmpty());
    EXPECT_THAT(found->log, IsEmpty());
    EXPECT_THAT(found->messages, IsEmpty());
}

TEST_P(trace_contract, what_came_of_it_stands_there_and_nothing_else) {
    auto const a = open_alert(1);
    auto const o = order_for(a, 1);
    auto const f = offer_of(o, 1);
    auto const other = open_alert(2, "r2");
    store(changes_of(press(a), a, o, f, other, order_for(other, 2)));
    auto const found = trace_of("w1:1:1");
    ASSERT_TRUE(found && found->alert);
    EXPECT_EQ(found->alert->id, a.id);
    EXPECT_EQ(found->alert->due_at, a.due_at);
    ASSERT_EQ(found->orders.size(), 1U);
    EXPECT_EQ(found->orders[0].number, o.number);
    ASSERT_EQ(found->offers.size(), 1U);
    EXPECT_EQ(found->offers[0].id, f.id);
    EXPECT_EQ(found->offers[0].expires_at, f.expires_at);
}

TEST_P(trace_contract, a_request_is_found_with_its_order) {
    auto const q = open_request(1);
    auto s = signal_of("w1:2:1", "w1");
    s.request = q.id;
    store(changes_of(s, q, order_for(q, 3)));
    auto const found = trace_of("w1:2:1");
    ASSERT_TRUE(found && found->request);
    EXPECT_EQ(found->request->due_at, q.due_at);
    EXPECT_EQ(found->orders.size(), 1U);
    EXPECT_FALSE(found->alert);
}

TEST_P(trace_contract, the_log_of_all_of_it_is_one_oldest_first) {
    auto const a = open_alert(1);
    auto const o = order_for(a, 1);
    store(changes_of(
        press(a), a, o, line_at(app::chain_of::order, o.id.value, log_kind::order_opened, evening),
        line_at(app::chain_of::alert, a.id.value, log_kind::raised, evening),
        line_at(app::chain_of::alert, a.id.value, log_kind::shown, evening + seconds(2)),
        line_at(app::chain_of::order, o.id.value, log_kind::offered, evening + seconds(1))));
    auto const found = trace_of("w1:1:1");
    ASSERT_TRUE(found);
    std::vector<std::string> lines;
    for (auto const& each : found->log)
        lines.push_back(each.of + ' ' + each.name + ' ' + std::string(to_text(each.what)) + ' ' +
                        each.why);
    EXPECT_THAT(lines,
                ElementsAre("alert resident:r1 raised k1", "order " + o.number + " order_opened k1",
                            "order " + o.number + " offered k1", "alert resident:r1 shown k1"));
}

TEST_P(trace_contract, what_waits_to_be_sent_or_told_is_named) {
    auto const a = open_alert(1);
    auto const o = order_for(a, 1);
    auto const f = offer_of(o, 1);
    auto receipt = outbox_row(1, evening + seconds(10)); // key w1:1:1
    auto news = outbox_row(2, evening + seconds(11));
    news.destination = "provider:p1";
    news.key = to_string(f.id);
    auto people = outbox_row(3, evening + seconds(12));
    people.destination = "people:" + to_string(a.id);
    people.key = "contacts:raised";
    auto others = outbox_row(4, evening);
    others.destination = "device:w2";
    store(changes_of(press(a), a, o, f, receipt, news, people, others));
    keeper_->tells(a, "contact:r1/1", evening + seconds(20));
    auto const found = trace_of("w1:1:1");
    ASSERT_TRUE(found);
    EXPECT_THAT(
        found->messages,
        ElementsAre(app::waiting_message{"device:w1", "w1:1:1", evening + seconds(10), 0},
                    app::waiting_message{"provider:p1", to_string(f.id), evening + seconds(11), 0},
                    app::waiting_message{"people:" + to_string(a.id), "contacts:raised",
                                         evening + seconds(12), 0}));
    EXPECT_THAT(found->notices, ElementsAre(app::waiting_notice{"contact:r1/1", channel::sms,
                                                                evening + seconds(20)}));
}

INSTANTIATE_TEST_SUITE_P(on, trace_contract, testing::Values(traces_on_memory, traces_on_postgres),
                         [](auto const& who) {
                             return who.param == traces_on_memory ? "memory" : "postgres";
                         });

} // namespace linli::tests
