// What is booked, and what somebody complains of, on the twin and on PostgreSQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/booking_keeper.hpp"
#include "contract/contract_of.hpp"
#include "contract/keeper.hpp"
#include "contract/rows.hpp"

namespace linli::tests {

namespace {

using namespace domain;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

struct booked {
    request asked;
    order visit;
    booking_terms terms;

    explicit booked(std::uint8_t number, std::string const& resident = "r1",
                    instant from = evening + 16h) {
        asked = open_request(number, resident);
        asked.state = request_state::closed;
        asked.due_at.reset();
        asked.closed_at = evening;
        visit = order_for(asked, number);
        visit.service = {"meal"};
        visit.about = {subject_kind::resident, resident};
        visit.event = make_booking_event(std::to_string(number));
        visit.place = order_place::home;
        visit.state = order_state::requested;
        visit.booked = booking{from, from + 30min, "health_card"};
        visit.due_at = from - 2h;
        terms = {visit.id, {resident}, service_unit::meal, 30, 1500, "no onions for Sun Mei"};
    }
    app::changes all() const {
        auto changes = changes_of(asked, visit);
        changes.bookings.push_back(terms);
        return changes;
    }
};

complaint about_visit(order const& o) {
    complaint c;
    c.id.value.bytes[0] = 9;
    c.id.value.bytes[15] = o.id.value.bytes[15];
    c.kind = complaint_kind::late;
    c.order = o.id;
    c.worker = {"k1"};
    c.resident = {o.about.id};
    c.area = o.area;
    c.written_by = {"li"};
    c.complainer = "her daughter Sun Li";
    c.words = "Mr Wang came an hour late";
    return c;
}

class booking_contract : public contract_of<booking_keeper> {
protected:
    void store(app::changes const& what) { must(keeper_->record().commit(what)); }
    std::string answer_to(app::changes const& what) {
        auto const done = run_on(loop_, keeper_->record().commit(what));
        return in_words(done ? std::nullopt : std::optional(done.error()));
    }
    std::string answer_to(complaint_outcome const& what) {
        auto const done = run_on(loop_, keeper_->complaints().keep(what));
        return in_words(done ? std::nullopt : std::optional(done.error()));
    }
    // The numbers of the orders.
    std::vector<int> listed(app::booking_question what = {}) {
        std::vector<int> all;
        for (auto const& each : must(keeper_->bookings().list(what)).lines)
            all.push_back(each.order.id.value.bytes[15]);
        return all;
    }
    complaint kept(complaint_id const& id) { return must(keeper_->complaints().find(id))->what; }
    complaint opened(complaint first, instant at = evening) {
        auto const outcome = open_complaint(std::move(first), working_calendar{}, at);
        must(keeper_->complaints().keep(outcome));
        return kept(outcome.next.id);
    }
};

} // namespace

TEST_P(booking_contract, a_booking_comes_back_with_its_window_its_certificate_and_its_terms) {
    booked const b(1);
    store(b.all());
    auto const line = must(keeper_->bookings().find(b.visit.id));
    ASSERT_TRUE(line);
    EXPECT_EQ(line->order.booked, b.visit.booked);
    EXPECT_EQ(line->terms.price_fen, 1500);
    EXPECT_EQ(line->terms.unit, service_unit::meal);
    EXPECT_EQ(line->terms.words, "") << "they stand on the card, whose seeing is logged";
    EXPECT_EQ(line->name, "S**");
    EXPECT_EQ(line->rough_place, "Changyang Road");
    EXPECT_THAT(line->areas, testing::Contains(b.visit.area));
    EXPECT_EQ(must(keeper_->bookings().made_by(b.visit.event))->order.id, b.visit.id);
    EXPECT_FALSE(must(keeper_->bookings().made_by({"+desk:booking:other"})));
    app::wanted const wanted = wants(b.visit.id);
    EXPECT_EQ(must(keeper_->record().read(wanted)).orders.at(b.visit.id).booked, b.visit.booked);
}

TEST_P(booking_contract, the_list_goes_by_time_and_shows_what_is_asked_for) {
    store(booked(1, "r1", evening + 20h).all());
    store(booked(2, "r3", evening + 16h).all());
    booked done(3, "r1", evening + 12h);
    done.visit.state = order_state::cancelled;
    done.visit.due_at.reset();
    store(done.all());
    EXPECT_THAT(listed(), ElementsAre(2, 1));
    EXPECT_THAT(listed({.resident = {"r1"}, .with_ended = true}), ElementsAre(3, 1));
    EXPECT_THAT(listed({.from = evening + 18h}), ElementsAre(1));
    EXPECT_THAT(listed({.until = evening + 18h}), ElementsAre(2));
    EXPECT_THAT(listed({.page = 2, .per_page = 1}), ElementsAre(1));
    EXPECT_EQ(must(keeper_->bookings().list({.per_page = 1})).total, 2U);
    EXPECT_THAT(listed({{"999999"}}), IsEmpty());
}

TEST_P(booking_contract, what_is_done_waits_for_its_follow_up_elsewhere_and_hides_nothing) {
    booked eaten(1, "r1", evening - 8h);
    eaten.visit.state = order_state::completed;
    eaten.visit.due_at = evening + 16h; // to be asked about
    store(eaten.all());
    booked missed(2, "r3", evening - 7h);
    missed.visit.state = order_state::unfilled;
    missed.visit.reason = "window_over";
    store(missed.all());
    store(booked(3).all());
    EXPECT_THAT(listed(), ElementsAre(2, 3)) << "what nobody did in its time wants a person's word";
    EXPECT_EQ(must(keeper_->bookings().list({})).total, 2U);
    EXPECT_THAT(listed({.with_ended = true}), ElementsAre(1, 2, 3));
    EXPECT_THAT(listed({.resident = {"r1"}}), ElementsAre(3));
    EXPECT_THAT(listed({.resident = {"r1"}, .with_ended = true}), ElementsAre(1, 3));
}

TEST_P(booking_contract, nobody_to_go_is_counted_as_trouble) {
    booked b(1);
    b.visit.state = order_state::unfilled;
    b.visit.reason = "nobody_near";
    store(b.all());
    EXPECT_EQ(must(keeper_->bookings().list({})).in_trouble, 1U);
}

TEST_P(booking_contract, who_was_called_back_and_has_not_said_so_is_trouble_until_he_does) {
    booked b(1);
    auto f = offer_of(b.visit, 1, "k1");
    f.state = offer_state::withdrawn;
    f.due_at.reset();
    b.visit = held_by(b.visit, f, order_state::stood_down);
    b.visit.reason = "not_hungry";
    b.visit.due_at = evening + 1h;
    auto changes = b.all();
    changes.offers.push_back(f);
    store(changes);
    EXPECT_THAT(listed(), ElementsAre(1)) << "he may carry the lunch to her door";
    EXPECT_EQ(must(keeper_->bookings().list({})).in_trouble, 1U);
    b.visit.due_at.reset();
    b.visit.version = 1;
    auto confirmed = changes_of();
    confirmed.orders.push_back(b.visit);
    store(confirmed);
    EXPECT_THAT(listed(), IsEmpty());
    EXPECT_EQ(must(keeper_->bookings().list({.with_ended = true})).in_trouble, 0U);
}

TEST_P(booking_contract, who_is_inside_and_was_not_heard_of_is_trouble_until_there_is_a_word) {
    booked b(1);
    auto f = offer_of(b.visit, 1, "k1");
    f.state = offer_state::accepted;
    f.due_at.reset();
    b.visit = held_by(b.visit, f, order_state::in_service);
    b.visit.reason = "check_in_missed"; // also after its alert is closed
    auto changes = b.all();
    changes.offers.push_back(f);
    store(changes);
    EXPECT_EQ(must(keeper_->bookings().list({})).in_trouble, 1U);
    b.visit.reason.clear();
    b.visit.version = 1;
    auto heard = changes_of();
    heard.orders.push_back(b.visit);
    store(heard);
    EXPECT_EQ(must(keeper_->bookings().list({})).in_trouble, 0U);
}

TEST_P(booking_contract, for_somebody_who_is_not_at_home_by_then_stands_in_trouble) {
    booked taken(1);
    auto f = offer_of(taken.visit, 1, "k1");
    f.state = offer_state::accepted;
    f.due_at.reset();
    taken.visit = held_by(taken.visit, f, order_state::accepted);
    auto changes = taken.all();
    changes.offers.push_back(f);
    store(changes);
    booked sought(2, "r1", evening + 17h);
    sought.visit.state = order_state::unfilled;
    sought.visit.reason = "off_duty=2";
    store(sought.all());
    booked elsewhere(3, "r3", evening + 18h); // booked when she lived in another home
    elsewhere.visit.home = {"h1"};
    store(elsewhere.all());
    booked eaten(4, "r1", evening - 8h);
    eaten.visit.state = order_state::completed;
    store(eaten.all());
    auto const reasons = [&] {
        std::vector<std::string> all;
        for (auto const& each : must(keeper_->bookings().list({.with_ended = true})).lines)
            all.push_back(each.order.reason);
        return all;
    };
    EXPECT_THAT(reasons(), ElementsAre("", "", "off_duty=2", "home_changed"));
    EXPECT_EQ(must(keeper_->bookings().list({})).in_trouble, 2U);
    keeper_->resident_is("r1", "hospital");
    EXPECT_THAT(reasons(), ElementsAre("", "resident_hospital", "off_duty=2 resident_hospital",
                                       "home_changed"));
    EXPECT_EQ(must(keeper_->bookings().list({})).in_trouble, 3U);
}

TEST_P(booking_contract, one_key_makes_one_booking) {
    store(booked(1).all());
    booked again(2);
    again.visit.event = make_booking_event("1");
    EXPECT_EQ(answer_to(again.all()), "conflict");
}

TEST_P(booking_contract, a_window_that_ends_before_it_begins_is_no_data) {
    booked b(1);
    b.visit.booked->until = b.visit.booked->from;
    EXPECT_EQ(answer_to(b.all()), "bad_data");
}

TEST_P(booking_contract, what_is_accepted_for_later_binds_its_worker_only_when_he_sets_out) {
    auto const held = [](booked b, order_state state) {
        auto f = offer_of(b.visit, b.visit.id.value.bytes[15], "k1");
        f.state = offer_state::accepted;
        f.due_at.reset();
        b.visit = held_by(b.visit, f, state);
        auto changes = b.all();
        changes.offers.push_back(f);
        return changes;
    };
    booked lunch(1);
    lunch.visit.home = {"h1"};
    booked other(2, "r3");
    other.visit.home = {"h2"};
    store(held(lunch, order_state::accepted));
    app::wanted wanted;
    wanted.workers.push_back({"k1"});
    EXPECT_FALSE(must(keeper_->record().read(wanted)).visiting.contains({"k1"}));
    store(held(other, order_state::en_route));
    EXPECT_EQ(must(keeper_->record().read(wanted)).visiting.at({"k1"}).value, "h2");
    auto sets_out = changes_of();
    lunch.visit.worker = {"k1"};
    lunch.visit.held_by = numbered<offer_id>(1);
    lunch.visit.state = order_state::en_route;
    lunch.visit.version = 1;
    sets_out.orders.push_back(lunch.visit);
    EXPECT_EQ(answer_to(sets_out), "conflict") << "he is at another home";
}

TEST_P(booking_contract, the_worker_reads_the_wishes_of_whom_it_is_for) {
    booked b(1, "r2");
    auto f = offer_of(b.visit, 1, "k1");
    b.visit.home = {"h1"};
    b.visit.state = order_state::offered;
    auto changes = b.all();
    changes.offers.push_back(f);
    store(changes);
    auto const seen = must(keeper_->record().read(wants(accept_of{f.id})));
    EXPECT_EQ(seen.visits.at(b.visit.id).wishes, "no onions for Sun Mei");
    EXPECT_EQ(seen.visits.at(b.visit.id).name, "Sun Bo") << "not the other of the couple";
}

TEST_P(booking_contract, a_complaint_is_answered_and_accepted_with_a_line_for_each) {
    booked const b(1);
    store(b.all());
    auto const c = opened(about_visit(b.visit));
    EXPECT_EQ(c.state, complaint_state::open);
    EXPECT_EQ(c.words, "Mr Wang came an hour late");
    EXPECT_EQ(c.complainer, "her daughter Sun Li");
    EXPECT_EQ(c.version, 1U);
    auto const answered =
        answer_complaint(c, {{"zhao"}, {}}, "we have spoken with him", evening + 1h);
    ASSERT_TRUE(answered);
    must(keeper_->complaints().keep(*answered));
    EXPECT_EQ(answer_to(*answered), "conflict") << "it has moved on";
    auto const accepted = accept_answer(kept(c.id), {{"li"}, {}}, "she is content", evening + 2h);
    ASSERT_TRUE(accepted);
    must(keeper_->complaints().keep(*accepted));
    auto const end = kept(c.id);
    EXPECT_EQ(end.state, complaint_state::accepted);
    EXPECT_EQ(end.answer, "we have spoken with him");
    EXPECT_EQ(end.answered_by.value, "zhao");
    EXPECT_FALSE(end.due_at);
    std::vector<std::string> words;
    for (auto const& line : keeper_->log_of(c.id))
        words.push_back(std::string(to_text(line.what)) + ' ' + line.by.who + ' ' + line.personal);
    EXPECT_THAT(words, ElementsAre("complained li Mr Wang came an hour late",
                                   "complaint_answered zhao we have spoken with him",
                                   "complaint_accepted li she is content"));
}

TEST_P(booking_contract, complaints_are_listed_by_their_clock_without_their_words) {
    booked const b(1);
    booked const other(2, "r3");
    store(b.all());
    store(other.all());
    auto late = open_complaint(about_visit(b.visit), working_calendar{}, evening);
    auto first = open_complaint(about_visit(other.visit), working_calendar{}, evening - 48h);
    must(keeper_->complaints().keep(late));
    must(keeper_->complaints().keep(first));
    auto const page = must(keeper_->complaints().list({}));
    ASSERT_EQ(page.lines.size(), 2U);
    EXPECT_EQ(page.total, 2U);
    EXPECT_EQ(page.lines[0].what.id, first.next.id);
    EXPECT_EQ(page.lines[1].what.words, "");
    EXPECT_EQ(page.lines[1].what.complainer, "");
    EXPECT_EQ(page.lines[1].name, "S**");
    EXPECT_EQ(page.lines[1].service, "meal");
    EXPECT_THAT(must(keeper_->complaints().list({{"999999"}})).lines, IsEmpty());
    EXPECT_THAT(must(keeper_->complaints().list({{}, complaint_state::answered})).lines, IsEmpty());
}

TEST_P(booking_contract, what_is_overdue_is_listed_first) {
    booked const b(1);
    booked const other(2, "r3");
    store(b.all());
    store(other.all());
    auto const open = opened(about_visit(b.visit));
    auto const older = opened(about_visit(other.visit), evening - 48h);
    auto const answered = answer_complaint(older, {{"zhao"}, {}}, "sorry", evening);
    ASSERT_TRUE(answered);
    must(keeper_->complaints().keep(*answered));
    auto const first_at = [&](instant now) {
        app::complaint_question what;
        what.now = now;
        return must(keeper_->complaints().list(what)).lines.at(0).what.id;
    };
    EXPECT_EQ(first_at(*older.due_at - 1us), open.id);
    EXPECT_EQ(first_at(*older.due_at), older.id) << "answered, not accepted, and late";
    EXPECT_EQ(first_at(*open.due_at), open.id) << "both are late: open ones first";
}

TEST_P(booking_contract, whom_a_complaint_is_about_says_what_it_is_about) {
    booked b(1);
    auto f = offer_of(b.visit, 1, "k1");
    f.state = offer_state::accepted;
    f.due_at.reset();
    b.visit = held_by(b.visit, f, order_state::completed);
    auto changes = b.all();
    changes.offers.push_back(f);
    store(changes);
    auto const about = must(keeper_->complaints().order(b.visit.id));
    ASSERT_TRUE(about);
    EXPECT_EQ(about->worker.value, "k1");
    EXPECT_EQ(about->resident.value, "r1");
    EXPECT_EQ(about->area, b.visit.area);

    auto a = open_alert(7);
    a.state = alert_state::claimed;
    a.holder = {"zhang"};
    a.claimed_until = evening + 15min;
    store(changes_of(a));
    EXPECT_EQ(must(keeper_->complaints().alert(a.id))->operator_.value, "zhang");
    EXPECT_EQ(must(keeper_->complaints().worker({"k1"}))->worker.value, "k1");
    EXPECT_FALSE(must(keeper_->complaints().worker({"nobody"})));
    EXPECT_FALSE(must(keeper_->complaints().order(numbered<order_id>(99))));
}

TEST_P(booking_contract, a_complaint_never_vanishes) {
    booked const b(1);
    store(b.all());
    auto const c = opened(about_visit(b.visit));
    EXPECT_FALSE(keeper_->loses(c.id));
    EXPECT_EQ(kept(c.id).words, c.words);
}

TEST_P(booking_contract, what_names_a_person_is_sealed) {
    booked const b(1);
    store(b.all());
    opened(about_visit(b.visit));
    for (auto const* words : {"onions", "Wang", "daughter"})
        EXPECT_TRUE(keeper_->hides(words)) << words;
}

INSTANTIATE_TEST_SUITE_P(twin, booking_contract, testing::Values(&bookings_on_memory));
INSTANTIATE_TEST_SUITE_P(postgresql, booking_contract, testing::Values(&bookings_on_postgres));

} // namespace linli::tests
