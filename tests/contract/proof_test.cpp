// What proves a visit, on the twin and on PostgreSQL: kept once, sealed, read by its order's
// people.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract_of.hpp"
#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

namespace {

using namespace domain;
using end = app::proof_record::end;
using testing::ElementsAre;
using testing::IsEmpty;

class proof_contract : public contract_of<own_work_keeper> {
protected:
    void SetUp() override {
        contract_of::SetUp();
        if (IsSkipped()) return;
        store(changes_of(of_r1_, to_r1_, offer_of(to_r1_, 1)));
    }

    void store(app::changes const& what) { must(keeper_->record().commit(what)); }
    app::proof_record& proofs() { return keeper_->proofs(); }
    app::proof_record::standing keeps(app::given_proof const& what) {
        return must(proofs().keep(what));
    }

    app::given_proof given(std::uint8_t number, proof_kind what) const {
        app::given_proof p;
        p.what.id = numbered<proof_id>(number);
        p.what.order = to_r1_.id;
        p.what.offer = numbered<offer_id>(1);
        p.what.worker = {"k1"};
        p.what.what = what;
        p.what.came_at = evening + seconds(number);
        return p;
    }
    app::given_proof photo(std::uint8_t number) const {
        auto p = given(number, proof_kind::photo);
        p.what.taken_at = evening - seconds(90);
        p.what.fix = north_of(usual_place, 25);
        p.what.fix->accuracy_m = 8;
        p.what.type = "image/jpeg";
        p.what.digest = std::string(64, 'a');
        p.picture = std::string("\xFF\xD8\xFF\0kitchen", 11);
        return p;
    }
    app::given_proof code(std::uint8_t number, std::string digits) const {
        auto p = given(number, proof_kind::code);
        p.code = std::move(digits);
        return p;
    }

    alert of_r1_ = open_alert(1);
    order to_r1_ = order_for(of_r1_, 1);
};

} // namespace

TEST_P(proof_contract, a_photo_is_kept_with_its_times_and_how_far_from_the_door) {
    auto const stands = keeps(photo(1));
    EXPECT_EQ(stands.how, end::kept);
    EXPECT_FALSE(stands.is_logged);
    auto const all = must(proofs().of_order(to_r1_.id));
    ASSERT_EQ(all.size(), 1U);
    auto expected = photo(1).what;
    expected.distance_m = 25;
    expected.fix = all[0].fix; // where it came from isn't kept
    EXPECT_EQ(all[0], expected);
    EXPECT_EQ(stands.what.distance_m, 25U);
    EXPECT_DOUBLE_EQ(all[0].fix->accuracy_m, 8);
    EXPECT_THAT(must(proofs().of_order(numbered<order_id>(7))), IsEmpty());
}

TEST_P(proof_contract, a_picture_is_given_back_as_it_came_and_lies_sealed) {
    keeps(photo(1));
    auto const found = must(proofs().picture(to_r1_.id, numbered<proof_id>(1)));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->bytes, photo(1).picture);
    EXPECT_EQ(found->type, "image/jpeg");
    EXPECT_EQ(found->whose, "resident:r1");
    EXPECT_TRUE(keeper_->hides("kitchen"));
    EXPECT_FALSE(must(proofs().picture(to_r1_.id, numbered<proof_id>(2))));
    EXPECT_FALSE(must(proofs().picture(numbered<order_id>(7), numbered<proof_id>(1))))
        << "it is of another order";
}

TEST_P(proof_contract, a_picture_is_gone_with_the_key_of_whom_it_shows) {
    keeps(photo(1));
    keeper_->loses_key_of("r1");
    EXPECT_FALSE(must(proofs().picture(to_r1_.id, numbered<proof_id>(1))));
    EXPECT_EQ(must(proofs().of_order(to_r1_.id)).size(), 1U) << "that there was one, stays";
}

TEST_P(proof_contract, of_a_booking_it_is_of_whom_it_is_for_and_of_nobody_else_there) {
    auto asked = open_request(1);
    asked.state = request_state::closed;
    asked.due_at.reset();
    asked.closed_at = evening;
    auto visit = order_for(asked, 3);
    visit.place = order_place::home;
    visit.about = {subject_kind::resident, "r1"};
    visit.event = make_booking_event("3");
    visit.booked = booking{evening, evening + minutes(30), {}};
    auto changes = changes_of(asked, visit);
    changes.bookings.push_back({visit.id, {"r1"}, service_unit::meal, 30, {}, {}});
    store(changes);
    auto picture = photo(1);
    picture.what.order = visit.id;
    keeps(picture);
    auto const found = must(proofs().picture(visit.id, numbered<proof_id>(1)));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->whose, "resident:r1") << "r2 lives there too";
    keeper_->loses_key_of("r1");
    EXPECT_FALSE(must(proofs().picture(visit.id, numbered<proof_id>(1))));
}

TEST_P(proof_contract, his_page_is_told_again_what_he_has_left) {
    auto const a = open_alert(3, "r3");
    auto o = order_for(a, 3);
    auto f = offer_of(o, 3);
    f.state = offer_state::accepted;
    f.due_at.reset();
    o = held_by(o, f, order_state::accepted);
    store(changes_of(a, o, f));
    auto bound = given(1, proof_kind::bound);
    bound.what.order = o.id;
    bound.what.note = "w 1";
    keeps(bound);
    auto picture = photo(2);
    picture.what.order = o.id;
    keeps(picture);
    app::own_scope const whose{{"p1"}, {"k1"}};
    auto const mine = must(keeper_->own_work().offers_of(whose, {f.id}));
    ASSERT_EQ(mine.size(), 2U) << "what he holds, and the offer of before";
    auto const& held = mine[0].news.offer.id == f.id ? mine[0] : mine[1];
    EXPECT_THAT(held.proofs, ElementsAre(app::own_proof{proof_kind::bound, false, "w 1"},
                                         app::own_proof{proof_kind::photo, true, ""}));
}

TEST_P(proof_contract, the_same_proof_again_is_the_one_that_is_there) {
    keeps(photo(1));
    must(proofs().is_logged(numbered<proof_id>(1)));
    auto again = photo(1);
    again.what.came_at += minutes(5);
    auto const stands = keeps(again);
    EXPECT_TRUE(stands.is_logged);
    EXPECT_EQ(stands.what.came_at, photo(1).what.came_at);
    EXPECT_EQ(must(proofs().of_order(to_r1_.id)).size(), 1U);
}

TEST_P(proof_contract, a_code_is_the_residents_or_it_is_kept_as_a_wrong_one) {
    EXPECT_TRUE(keeps(code(1, "4711")).what.holds);
    EXPECT_FALSE(keeps(code(2, "4712")).what.holds);
    EXPECT_FALSE(keeps(code(3, "47110")).what.holds);
    auto const all = must(proofs().of_order(to_r1_.id));
    std::vector<bool> hold;
    for (auto const& each : all)
        hold.push_back(each.holds);
    EXPECT_THAT(hold, ElementsAre(true, false, false));
}

TEST_P(proof_contract, codes_are_tried_out_by_nobody) {
    for (std::uint8_t n = 1; n <= most_wrong_codes; ++n)
        EXPECT_EQ(keeps(code(n, "000" + std::to_string(n))).how, end::kept);
    EXPECT_EQ(keeps(code(20, "4711")).how, end::enough);
    EXPECT_EQ(keeps(photo(21)).how, end::kept) << "a photo is no code";
}

TEST_P(proof_contract, where_nobody_has_a_code_none_can_be_right) {
    auto const of_r2 = open_alert(2, "r2");
    auto const to_r2 = order_for(of_r2, 2);
    store(changes_of(of_r2, to_r2));
    auto to_her = code(1, "4711");
    to_her.what.order = to_r2.id;
    EXPECT_EQ(keeps(to_her).how, end::no_code) << "r1's code is not r2's";
    EXPECT_THAT(must(proofs().of_order(to_r2.id)), IsEmpty());
}

TEST_P(proof_contract, no_order_is_filled_up_without_end) {
    for (std::uint8_t n = 1; n <= most_proofs; ++n)
        EXPECT_EQ(keeps(photo(n)).how, end::kept);
    EXPECT_EQ(keeps(photo(most_proofs + 1)).how, end::enough);
    EXPECT_EQ(keeps(photo(1)).how, end::kept) << "it is there";
}

TEST_P(proof_contract, the_device_that_he_holds_is_the_one_that_was_ordered_or_another) {
    auto r = open_request(1);
    r.about = installation_subject({"w1"});
    auto o = order_for(r, 3);
    o.about = r.about;
    store(changes_of(r, o));
    auto bound = given(1, proof_kind::bound);
    bound.what.order = o.id;
    bound.what.note = "w1";
    EXPECT_TRUE(keeps(bound).what.holds);
    bound.what.id = numbered<proof_id>(2);
    bound.what.note = "w2";
    EXPECT_FALSE(keeps(bound).what.holds);
}

TEST_P(proof_contract, whom_to_ring_from_the_door_is_nobody_who_must_not_be_told) {
    keeper_->has_contact("r1", 1, "13800000002", false);
    keeper_->has_contact("r1", 2, "13800000003", true);
    auto const all = must(keeper_->own_work().contacts_at(to_r1_.id));
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].phone, "13800000002");
    EXPECT_EQ(all[0].place, 1);
    EXPECT_EQ(all[0].resident.value, "r1");
}

INSTANTIATE_TEST_SUITE_P(twin, proof_contract, testing::Values(&own_work_on_memory));
INSTANTIATE_TEST_SUITE_P(postgresql, proof_contract, testing::Values(&own_work_on_postgres));

} // namespace linli::tests
