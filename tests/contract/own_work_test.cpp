// What a worker's page may read, on the twin and on PostgreSQL: his own, and the door only while it
// is his to go to.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract_of.hpp"
#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

namespace {

using namespace domain;
using testing::ElementsAre;
using testing::IsEmpty;

class own_work_contract : public contract_of<own_work_keeper> {
protected:
    void store(app::changes const& what) { must(keeper_->record().commit(what)); }
    std::vector<app::own_offer> all_of(char const* provider, char const* worker,
                                       std::vector<offer_id> const& known = {}) {
        app::own_scope const whose{{provider}, {worker}};
        auto found = must(keeper_->own_work().offers_of(whose, known));
        std::sort(found.begin(), found.end(),
                  [](auto const& a, auto const& b) { return a.news.offer.id < b.news.offer.id; });
        return found;
    }
    // "4:k1 accepted accepted door": the offer's number, who goes, states, and what he may read.
    std::vector<std::string> seen(char const* provider, char const* worker,
                                  std::vector<offer_id> const& known = {}) {
        std::vector<std::string> all;
        for (auto const& o : all_of(provider, worker, known))
            all.push_back(std::to_string(o.news.offer.id.value.bytes[15]) + ':' + o.goes.value +
                          ' ' + std::string(to_text(o.news.offer.state)) + ' ' +
                          std::string(to_text(o.order)) +
                          (o.news.visit && !o.news.visit->door.empty() ? " door" : ""));
        return all;
    }
};

struct offered {
    alert a = open_alert(1);
    order visit = order_for(a, 1);
    offer to_k1 = offer_of(visit, 1, "k1");
    offer to_chen = offer_of(visit, 2, "chen");

    offered() { visit.state = order_state::offered; }

    app::changes all() const { return changes_of(a, visit, to_k1, to_chen); }
};

} // namespace

TEST_P(own_work_contract, an_open_offer_shows_the_street_and_no_door) {
    offered const s;
    store(s.all());
    EXPECT_THAT(seen("p1", "k1"), ElementsAre("1:k1 open offered"));
    auto const mine = all_of("p1", "k1");
    EXPECT_EQ(mine.at(0).news.rough_place, "Changyang Road");
    EXPECT_EQ(mine.at(0).news.order_number, s.visit.number);
    EXPECT_EQ(mine.at(0).news.event, s.visit.event);
    auto stored = s.to_k1;
    stored.version = 1;
    EXPECT_EQ(mine.at(0).news.offer, stored);
    EXPECT_FALSE(mine.at(0).due_at) << "it asks nothing of him yet but the answer";
}

TEST_P(own_work_contract, who_holds_the_order_reads_the_door_and_the_other_does_not) {
    offered s;
    s.to_k1.state = offer_state::accepted;
    s.to_k1.due_at.reset();
    s.visit = held_by(s.visit, s.to_k1, order_state::en_route);
    store(s.all());
    EXPECT_THAT(seen("p1", "k1"), ElementsAre("1:k1 accepted en_route door"));
    auto const mine = all_of("p1", "k1");
    EXPECT_EQ(mine.at(0).news.visit->name, "Sun Mei");
    EXPECT_EQ(mine.at(0).due_at, s.visit.due_at);
    EXPECT_EQ(seen("p1", "chen"), (std::vector<std::string>{"2:chen open en_route"}));
}

TEST_P(own_work_contract, who_goes_reads_whom_it_is_for_though_she_lives_elsewhere_by_now) {
    offered s;
    s.visit.home = {"h2"}; // the registry has her at h1
    s.to_k1.state = offer_state::accepted;
    s.to_k1.due_at.reset();
    s.visit = held_by(s.visit, s.to_k1, order_state::en_route);
    store(s.all());
    auto const mine = all_of("p1", "k1");
    ASSERT_TRUE(mine.at(0).news.visit);
    EXPECT_EQ(mine.at(0).news.visit->name, "Sun Mei");
    EXPECT_EQ(mine.at(0).news.visit->phone, "13800000001");
}

// The registry says of r1 that he has moved or died, and still has him at that home.
TEST_P(own_work_contract, who_goes_asks_for_nobody_who_has_gone_from_there) {
    keeper_->has_contact("r1", 1, "13800000005", false);
    keeper_->has_contact("r2", 1, "13800000006", false);
    keeper_->has_gone("r1");
    offered s;
    s.a.about = {subject_kind::home, "h1"};
    s.a.resident = {};
    s.visit.about = s.a.about;
    s.to_k1.state = offer_state::accepted;
    s.to_k1.due_at.reset();
    s.visit = held_by(s.visit, s.to_k1, order_state::en_route);
    store(s.all());
    auto const mine = all_of("p1", "k1");
    ASSERT_TRUE(mine.at(0).news.visit);
    EXPECT_EQ(mine.at(0).news.visit->name, "Sun Bo");
    auto const whom_to_ring = must(keeper_->own_work().contacts_at(s.visit.id));
    ASSERT_EQ(whom_to_ring.size(), 1U);
    EXPECT_EQ(whom_to_ring[0].resident.value, "r2");
    app::given_proof his_code;
    his_code.what.id = numbered<proof_id>(1);
    his_code.what.order = s.visit.id;
    his_code.what.offer = s.to_k1.id;
    his_code.what.worker = {"k1"};
    his_code.what.what = proof_kind::code;
    his_code.what.came_at = evening;
    his_code.code = "4711";
    EXPECT_EQ(must(keeper_->proofs().keep(his_code)).how, app::proof_record::end::no_code);
}

TEST_P(own_work_contract, a_neighbour_reads_the_door_and_neither_notes_nor_telephone) {
    offered s;
    s.to_k1.state = offer_state::withdrawn;
    s.to_k1.due_at.reset();
    s.to_chen.state = offer_state::accepted;
    s.to_chen.due_at.reset();
    s.visit = held_by(s.visit, s.to_chen, order_state::en_route);
    store(s.all());
    for (auto const* whose : {"chen", ""}) { // on his page, and on his company's
        auto const his = all_of("p1", whose);
        ASSERT_EQ(his.size(), 1U) << whose;
        ASSERT_TRUE(his.at(0).news.visit) << whose;
        EXPECT_EQ(his.at(0).news.visit->door, "3-501");
        EXPECT_EQ(his.at(0).news.visit->name, "Sun Mei");
        EXPECT_EQ(his.at(0).news.visit->notes, "");
        EXPECT_EQ(his.at(0).news.visit->phone, "");
    }
}

TEST_P(own_work_contract, a_worker_reads_the_notes_and_the_telephone) {
    offered s;
    s.to_k1.state = offer_state::accepted;
    s.to_k1.due_at.reset();
    s.visit = held_by(s.visit, s.to_k1, order_state::en_route);
    store(s.all());
    auto const his = all_of("p1", "k1");
    ASSERT_TRUE(his.at(0).news.visit);
    EXPECT_EQ(his.at(0).news.visit->notes, "dog");
    EXPECT_EQ(his.at(0).news.visit->phone, "13800000001");
}

TEST_P(own_work_contract, what_lies_in_clear_is_there_though_the_homes_key_is_not) {
    auto a = open_alert(4, "r4");
    a.home = {"h4"};
    auto o = order_for(a, 4);
    o.home = {"h4"};
    auto f = offer_of(o, 4);
    f.state = offer_state::accepted;
    f.due_at.reset();
    o = held_by(o, f, order_state::en_route);
    store(changes_of(a, o, f));
    keeper_->loses_key_of_home("h4");
    auto const his = all_of("p1", "k1");
    ASSERT_EQ(his.size(), 1U);
    ASSERT_TRUE(his.at(0).news.visit);
    EXPECT_EQ(his.at(0).news.visit->door, "");
    EXPECT_THAT(his.at(0).news.visit->flags, testing::UnorderedElementsAre("dog", "violence"));
    EXPECT_TRUE(his.at(0).news.visit->place);
}

TEST_P(own_work_contract, the_door_is_gone_when_the_visit_is_over) {
    offered s;
    s.to_k1.state = offer_state::accepted;
    s.to_k1.due_at.reset();
    s.visit = held_by(s.visit, s.to_k1, order_state::completed);
    store(s.all());
    EXPECT_THAT(seen("p1", "k1"), ElementsAre("1:k1 accepted completed"));
}

TEST_P(own_work_contract, who_must_still_say_that_he_has_turned_round_sees_it_until_he_has) {
    offered s;
    s.visit = held_by(s.visit, s.to_k1, order_state::stood_down);
    for (auto* each : {&s.to_k1, &s.to_chen}) {
        each->state = offer_state::withdrawn;
        each->due_at.reset();
    }
    store(s.all());
    EXPECT_THAT(seen("p1", "k1"), ElementsAre("1:k1 withdrawn stood_down"));
    EXPECT_EQ(all_of("p1", "k1").at(0).due_at, s.visit.due_at);
    EXPECT_EQ(all_of("p1", "").size(), 1U) << "his company may say it for him";
    EXPECT_THAT(seen("p1", "chen"), IsEmpty());
    EXPECT_FALSE(all_of("p1", "chen", {s.to_chen.id}).at(0).due_at) << "it isn't his";
    s.visit.due_at.reset();
    s.visit.version = 1;
    store(changes_of(s.visit));
    EXPECT_THAT(seen("p1", "k1"), IsEmpty());
}

TEST_P(own_work_contract, what_has_ended_is_seen_only_by_who_asks_for_it) {
    offered s;
    s.to_k1.state = offer_state::withdrawn;
    s.to_k1.due_at.reset();
    s.to_k1.reason = "no_show";
    store(s.all());
    EXPECT_THAT(seen("p1", "k1"), IsEmpty());
    EXPECT_THAT(seen("p1", "k1", {s.to_k1.id}), ElementsAre("1:k1 withdrawn offered"));
    EXPECT_EQ(all_of("p1", "k1", {s.to_k1.id}).at(0).news.offer.reason, "no_show");
    EXPECT_THAT(seen("p1", "k1", {s.to_chen.id}), ElementsAre()) << "somebody else's stays his";
}

TEST_P(own_work_contract, one_is_found_whatever_became_of_it_and_by_nobody_else) {
    offered s;
    s.to_k1.state = offer_state::accepted;
    s.to_k1.due_at.reset();
    s.visit = held_by(s.visit, s.to_k1, order_state::en_route);
    s.to_chen.state = offer_state::withdrawn;
    s.to_chen.due_at.reset();
    s.to_chen.reason = "taken";
    store(s.all());
    auto const found = [&](char const* provider, char const* worker, offer_id which) {
        app::own_scope const whose{{provider}, {worker}};
        return must(keeper_->own_work().find(whose, which));
    };
    auto const his = found("p1", "k1", s.to_k1.id);
    ASSERT_TRUE(his);
    EXPECT_EQ(his->news.offer.id, s.to_k1.id);
    EXPECT_EQ(his->order, order_state::en_route);
    ASSERT_TRUE(his->news.visit) << "with the door, while it is his to go to";
    EXPECT_EQ(his->news.visit->name, "Sun Mei");
    auto const passed = found("p1", "chen", s.to_chen.id);
    ASSERT_TRUE(passed);
    EXPECT_EQ(passed->news.offer.reason, "taken");
    EXPECT_TRUE(found("p1", "", s.to_chen.id)) << "his company's";
    EXPECT_FALSE(found("p1", "chen", s.to_k1.id)) << "a colleague's";
    EXPECT_FALSE(found("p1", "k1", s.to_chen.id)) << "though he holds another";
    EXPECT_FALSE(found("p9", "", s.to_k1.id));
    EXPECT_FALSE(found("p1", "k1", numbered<offer_id>(77)));
}

TEST_P(own_work_contract, a_provider_sees_all_of_its_people_and_what_is_offered_to_itself) {
    offered s;
    auto to_company = offer_of(s.visit, 3, "");
    auto changes = s.all();
    add(changes, to_company);
    store(changes);
    EXPECT_THAT(seen("p1", ""),
                ElementsAre("1:k1 open offered", "2:chen open offered", "3: open offered"));
    EXPECT_THAT(seen("p1", "k1"), ElementsAre("1:k1 open offered"));
}

TEST_P(own_work_contract, a_company_that_has_accepted_and_names_nobody_still_sees_it) {
    offered s;
    auto to_company = offer_of(s.visit, 3, "");
    to_company.state = offer_state::accepted;
    to_company.due_at.reset();
    s.visit = held_by(s.visit, to_company, order_state::accepted);
    s.visit.worker = {};
    store(changes_of(s.a, s.visit, to_company));
    ASSERT_EQ(all_of("p1", "").size(), 1U);
    EXPECT_FALSE(all_of("p1", "").at(0).news.visit) << "the door is for who goes";
    EXPECT_THAT(all_of("p1", "k1"), IsEmpty());
    to_company.worker = {"k1"};
    to_company.version = 1;
    s.visit.worker = {"k1"};
    s.visit.version = 1;
    store(changes_of(s.visit, to_company));
    EXPECT_TRUE(all_of("p1", "").at(0).news.visit);
}

TEST_P(own_work_contract, another_provider_sees_nothing) {
    offered const s;
    store(s.all());
    EXPECT_THAT(seen("p9", ""), IsEmpty());
    EXPECT_THAT(seen("p9", "k1", {s.to_k1.id}), IsEmpty());
}

TEST_P(own_work_contract, a_company_has_its_own_people_by_name_and_nobody_elses) {
    keeper_->has_words({{"k1"}, "Wang Qiang", "13700000001"});
    keeper_->has_words({{"k2"}, "Li Na", "13700000002"});
    provider_id const company{"p1"};
    auto const all = must(keeper_->own_work().people_of(company));
    EXPECT_THAT(all, ElementsAre(app::own_person{{"chen"}, {}, {}},
                                 app::own_person{{"k1"}, "Wang Qiang", "13700000001"}));
    provider_id const unknown{"p77"};
    EXPECT_THAT(must(keeper_->own_work().people_of(unknown)), IsEmpty());
}

// Two hundred and one open ones, and the oldest of all is a visit under way.
TEST_P(own_work_contract, what_is_asked_for_by_name_is_there_however_many_are_newer) {
    auto const a = open_alert(1);
    auto held = offer_of(order_for(a, 1), 1, "k1");
    held.state = offer_state::accepted;
    held.due_at.reset();
    held.opened_at = evening - minutes(10);
    auto const under_way = held_by(order_for(a, 1), held, order_state::en_route);
    auto const other = open_alert(2, "r2");
    auto offered = order_for(other, 2);
    offered.state = order_state::offered;
    auto changes = changes_of(a, under_way, held, other, offered);
    for (int i = 2; i < 203; ++i)
        add(changes, offer_of(offered, static_cast<std::uint8_t>(i), ""));
    store(changes);
    EXPECT_EQ(all_of("p1", "").size(), 200U) << "what waits for an answer comes first";
    auto const named = all_of("p1", "", {held.id});
    EXPECT_EQ(named.size(), 201U);
    EXPECT_EQ(named.at(0).news.offer.id, held.id);
}

INSTANTIATE_TEST_SUITE_P(twin, own_work_contract, testing::Values(&own_work_on_memory));
INSTANTIATE_TEST_SUITE_P(postgresql, own_work_contract, testing::Values(&own_work_on_postgres));

} // namespace linli::tests
