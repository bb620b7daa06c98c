// What everybody who keeps offers by telephone must do, on the twin and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

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

class offer_call_contract : public contract_of<call_keeper> {
protected:
    void SetUp() override {
        contract_of::SetUp();
        if (IsSkipped()) return;
        must(keeper_->record().keep_plans({{"sos-plan", "kind = \"sos\""}}));
        keeper_->can_be_rung();
    }

    app::offer_call_record& kept() { return keeper_->offer_calls(); }
    void store(app::changes const& what) { must(keeper_->record().commit(what)); }

    static uuid call_number(int n) {
        uuid id;
        id.bytes[0] = 6;
        id.bytes[15] = static_cast<std::uint8_t>(n);
        return id;
    }
    void is_wished(int n, offer_id about, instant begin_by = evening + 10s) {
        app::placed_call wish;
        wish.id = call_number(n);
        wish.key = "offer " + std::to_string(n);
        wish.number = "13800000071";
        wish.asked_at = evening;
        wish.begin_by = begin_by;
        wish.offer = about;
        must(keeper_->placed().ask(wish));
    }
    void is_over(int n, placed_end how, instant at, std::string key = {}) {
        must(keeper_->placed().ended(call_number(n), {how, at, std::move(key)}));
    }
    // "1:13800000071 open calls=0", by the offer's number.
    std::vector<std::string> rung(instant now = evening) {
        std::vector<std::string> all;
        for (auto const& each : must(kept().rung(now))) {
            auto words = std::to_string(each.id.value.bytes[15]) + ':' + each.number + ' ' +
                         std::string(to_text(each.stands.state)) +
                         " calls=" + std::to_string(each.calls);
            if (each.call) words += " runs=" + std::to_string(each.call->bytes[15]);
            if (each.stands.last) words += ' ' + std::string(to_text(*each.stands.last));
            all.push_back(std::move(words));
        }
        return all;
    }
};

struct offered {
    alert a = open_alert(1);
    order visit = order_for(a, 1);
    offer to_k1 = offer_of(visit, 1, "k1");

    offered() { visit.state = order_state::offered; }
    app::changes all() const { return changes_of(a, visit, to_k1); }
};

TEST_P(offer_call_contract, an_open_offer_is_told_with_what_it_shows_and_the_number) {
    offered const s;
    store(s.all());
    auto const found = must(kept().rung(evening));
    ASSERT_THAT(found, SizeIs(1));
    app::offer_by_telephone is;
    is.id = s.to_k1.id;
    is.provider = {"p1"};
    is.worker = {"k1"};
    is.alert = s.a.id;
    is.kind = alert_kind::sos;
    is.rough_place = "Changyang Road";
    is.distance_m = 800;
    is.number = "13800000071";
    is.stands.opened_at = evening;
    is.stands.expires_at = evening + 45s;
    auto const& one = found.front();
    EXPECT_EQ(one.rough_place, is.rough_place);
    EXPECT_EQ(one.stands.opened_at, is.stands.opened_at);
    EXPECT_EQ(one.stands.expires_at, is.stands.expires_at);
    EXPECT_FALSE(one.stands.is_called);
    EXPECT_EQ(std::tie(one.id, one.provider, one.worker, one.alert, one.kind, one.what_for),
              std::tie(is.id, is.provider, is.worker, is.alert, is.kind, is.what_for));
    EXPECT_EQ(std::tie(one.distance_m, one.number, one.calls),
              std::tie(is.distance_m, is.number, is.calls));
}

TEST_P(offer_call_contract, it_is_known_of_whom_it_is_a_colleague_who_calls_for_help) {
    auto const elders = open_alert(1);
    auto workers = open_alert(2);
    workers.about = {subject_kind::worker, "k2"};
    workers.resident = {};
    auto first = order_for(elders, 1);
    auto second = order_for(workers, 2);
    store(changes_of(elders, workers, first, second, offer_of(first, 1), offer_of(second, 2)));
    auto const found = must(kept().rung(evening));
    ASSERT_THAT(found, SizeIs(2));
    EXPECT_FALSE(found.at(0).is_for_colleague);
    EXPECT_TRUE(found.at(1).is_for_colleague);
}

TEST_P(offer_call_contract, the_company_has_a_number_of_its_own_and_who_has_none_is_left_out) {
    offered const s;
    auto all = s.all();
    add(all, offer_of(s.visit, 2, "chen"));
    add(all, offer_of(s.visit, 3, ""));
    store(all);
    EXPECT_THAT(rung(), ElementsAre("1:13800000071 open calls=0", "3:02155550001 open calls=0"));
}

TEST_P(offer_call_contract, only_urgent_orders_of_an_alert_for_people_are_rung) {
    auto const real = open_alert(1);
    auto less = order_for(real, 1);
    less.level = priority::p2;
    auto played = open_alert(2, "r2");
    played.what_for = purpose::drill;
    auto drill = order_for(played, 2);
    drill.what_for = purpose::drill;
    auto own = open_alert(3, "r3");
    own.what_for = purpose::synthetic;
    auto synthetic = order_for(own, 3);
    synthetic.what_for = purpose::synthetic;
    auto const wish = open_request(4);
    auto requested = order_for(wish, 4);
    requested.level = priority::p1;
    requested.place = order_place::home;
    store(changes_of(real, played, own, wish, less, drill, synthetic, requested, offer_of(less, 1),
                     offer_of(drill, 2), offer_of(synthetic, 3), offer_of(requested, 4)));
    EXPECT_THAT(rung(), ElementsAre("2:13800000071 open calls=0"));
    EXPECT_EQ(must(kept().rung(evening)).front().what_for, purpose::drill);
}

TEST_P(offer_call_contract, what_is_over_is_told_only_while_a_call_runs_for_it) {
    offered s;
    s.to_k1.state = offer_state::withdrawn;
    s.to_k1.due_at.reset();
    store(s.all());
    EXPECT_THAT(rung(), IsEmpty());
    is_wished(1, s.to_k1.id);
    EXPECT_THAT(rung(), ElementsAre("1:13800000071 withdrawn calls=1 runs=1"));
    is_over(1, placed_end::withdrawn, evening + 2s);
    EXPECT_THAT(rung(), IsEmpty());
}

TEST_P(offer_call_contract, the_calls_of_an_offer_are_counted_and_the_last_end_is_known) {
    offered const s;
    store(s.all());
    is_wished(1, s.to_k1.id);
    EXPECT_THAT(rung(), ElementsAre("1:13800000071 open calls=1 runs=1"));
    is_over(1, placed_end::busy, evening + 3s);
    is_wished(2, s.to_k1.id);
    is_over(2, placed_end::not_answered, evening + 30s);
    EXPECT_THAT(rung(), ElementsAre("1:13800000071 open calls=2 not_answered"));
    EXPECT_EQ(must(kept().rung(evening)).front().stands.last_at, evening + 30s);
}

TEST_P(offer_call_contract, what_nobody_has_taken_in_its_time_is_over) {
    offered const s;
    store(s.all());
    is_wished(1, s.to_k1.id, evening + 10s);
    EXPECT_THAT(rung(evening + 10s), ElementsAre("1:13800000071 open calls=1 runs=1"));
    EXPECT_THAT(rung(evening + 11s), ElementsAre("1:13800000071 open calls=1 hotline_away"));
    is_wished(2, s.to_k1.id, evening + 30s);
    ASSERT_TRUE(must(keeper_->placed().take(call_number(2), evening + 29s)));
    EXPECT_THAT(rung(evening + 60s), ElementsAre("1:13800000071 open calls=2 runs=2 hotline_away"));
}

TEST_P(offer_call_contract, a_call_that_is_over_waits_until_it_is_settled) {
    offered const s;
    store(s.all());
    for (int n : {1, 2, 3})
        is_wished(n, s.to_k1.id);
    EXPECT_THAT(must(kept().over(10)), IsEmpty());
    is_over(2, placed_end::busy, evening + 2s);
    is_over(1, placed_end::pressed, evening + 5s, "1");
    app::offer_call_over const busy{call_number(2), s.to_k1.id,       {"p1"}, {"k1"},
                                    s.a.id,         placed_end::busy, {}};
    app::offer_call_over const pressed{call_number(1), s.to_k1.id,          {"p1"}, {"k1"},
                                       s.a.id,         placed_end::pressed, "1"};
    EXPECT_THAT(must(kept().over(10)), ElementsAre(busy, pressed));
    EXPECT_THAT(must(kept().over(1)), ElementsAre(busy));
    must(kept().settled(call_number(2), evening + 6s));
    EXPECT_THAT(must(kept().over(10)), ElementsAre(pressed));
}

std::string name_of(testing::TestParamInfo<call_keeper_maker> const& who) {
    return who.param == calls_on_memory ? "memory" : "postgres";
}

INSTANTIATE_TEST_SUITE_P(on, offer_call_contract,
                         testing::Values(calls_on_memory, calls_on_postgres), name_of);

} // namespace

} // namespace linli::tests
