// A life service is booked at the desk: by a green key that was rung back, or by telephone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench_top.hpp"

namespace linli::tests {

using domain::order_state;
using domain::refusal;
using domain::reply_kind;
using domain::request_state;

namespace {

using namespace std::chrono_literals;

city town_with_cooks() {
    return a_city()
        .with_station("s1")
        .with(resident("r1").at_home("h1").wears("w1").named("Wang Xiulan"))
        .with(home("h2").has("b2").at(north_of(usual_place, 3000)))
        .with(resident("r2").at_home("h2"))
        .with(worker("k1").of("p1").certified("first_aid"))
        .with(worker("k2").of("p2").certified("health_card").at(north_of(usual_place, 2000)))
        .with(worker("k3").of("p3").certified("health_card").on_duty(1320, 360)); // by night
}

domain::service meal() {
    domain::service s;
    s.code = {"meal"};
    s.unit = domain::service_unit::meal;
    s.minutes = 30;
    s.certificate = "health_card";
    s.group = domain::service_group::meal;
    s.price_fen = 1500;
    return s;
}

struct booked_desk {
    bench_top b{town_with_cooks(), [](domain::plan& p) {
                    if (p.kind == domain::alert_kind::no_access) p.level = domain::priority::p2;
                    if (p.kind == domain::alert_kind::visit_failed) p.level = domain::priority::p3;
                    if (domain::is_of_visits(p.kind)) p.order.reset();
                    if (p.kind != domain::alert_kind::booking) return;
                    p.order->offer_lease = 10min;
                    p.order->set_out_within = 30min;
                }};
    // Of the bench's evening, tomorrow at noon by local time.
    domain::instant const noon =
        std::chrono::floor<std::chrono::days>(b.clock.now() + 8h) + 24h + 12h - 8h;

    app::book_service lunch(std::string const& key = "k1") const {
        app::book_service what;
        what.event = domain::make_booking_event(key);
        what.resident = {"r1"};
        what.what = meal();
        what.from = noon - 30min;
        what.until = noon;
        what.words = "no onions";
        what.who = {"li"};
        return what;
    }
    // 7:30 to 8:00.
    app::book_service breakfast() const {
        auto what = lunch();
        what.from = noon - 270min;
        what.until = noon - 4h;
        return what;
    }
    std::optional<refusal> takes(app::book_service what) {
        return b.takes({std::move(what)})[0].refused;
    }
    std::vector<domain::order> bookings() const {
        std::vector<domain::order> all;
        for (auto const& [id, o] : b.record.holds().orders)
            if (o.booked) all.push_back(o);
        return all;
    }
    // Her meal stands before the door at noon, and nobody opens.
    void is_at_the_door() { lunch_comes({reply_kind::accept, reply_kind::arrived}); }
    void nobody_opens() {
        lunch_comes({reply_kind::accept, reply_kind::arrived, reply_kind::no_access});
    }
    void lunch_comes(std::vector<reply_kind> const& steps) {
        takes(lunch());
        until(noon - 150min);
        for (auto const each : steps) {
            auto said = b.says(each);
            said.reply_id = std::string(to_text(each));
            b.takes({said});
        }
    }
    std::vector<domain::alert> alerts() const {
        std::vector<domain::alert> all;
        for (auto const& [id, a] : b.record.holds().alerts)
            all.push_back(a);
        return all;
    }
    void until(domain::instant when) { b.fast_forward(when - b.clock.now()); }
};

} // namespace

TEST(booking_case, a_green_key_is_rung_back_and_done_by_its_booking) {
    booked_desk d;
    d.b.takes({d.b.press("w1", 1, domain::signal_kind::help_request)});
    auto const asked = d.b.record.holds().requests.begin()->first;
    auto what = d.lunch();
    what.request = asked;
    EXPECT_FALSE(d.takes(what));
    auto const& request = d.b.record.holds().requests.at(asked);
    EXPECT_EQ(request.state, request_state::closed);
    ASSERT_EQ(d.bookings().size(), 1U);
    auto const lunch = d.bookings()[0];
    EXPECT_EQ(lunch.request, asked);
    EXPECT_EQ(lunch.service.value, "meal");
    EXPECT_EQ(to_string(lunch.about), "resident:r1");
    EXPECT_EQ(lunch.home.value, "h1");
    EXPECT_EQ(lunch.state, order_state::requested);
    EXPECT_EQ(lunch.due_at, d.noon - 150min);
    EXPECT_EQ(d.b.record.holds().requests.size(), 1U);
    for (auto const& [id, o] : d.b.record.holds().orders)
        if (!o.booked) {
            EXPECT_EQ(o.state, order_state::followed_up) << "the ring-back is done";
        }
    auto const& terms = d.b.record.holds().bookings.at(lunch.id);
    EXPECT_EQ(terms.price_fen, 1500);
    EXPECT_EQ(terms.words, "no onions");
}

TEST(booking_case, by_telephone_it_leaves_a_request_that_is_done_at_once) {
    booked_desk d;
    EXPECT_FALSE(d.takes(d.lunch()));
    auto const& requests = d.b.record.holds().requests;
    ASSERT_EQ(requests.size(), 1U);
    EXPECT_EQ(requests.begin()->second.state, request_state::closed);
    EXPECT_EQ(d.bookings()[0].request, requests.begin()->first);
    std::vector<std::string> words;
    for (auto const& line : d.b.record.holds().log.at(requests.begin()->first.value))
        words.push_back(std::string(to_text(line.what.line.what)) + ' ' + line.what.line.by.who);
    EXPECT_THAT(words, testing::ElementsAre("requested li", "closed li"));
    auto const& line = d.b.record.holds().log.at(d.bookings()[0].id.value).front().what;
    EXPECT_EQ(line.line.what, domain::log_kind::booked);
    EXPECT_EQ(line.line.personal, "no onions");
    EXPECT_EQ(line.about.value, "r1") << "her key seals it";
}

TEST(booking_case, the_same_key_books_once) {
    booked_desk d;
    EXPECT_FALSE(d.takes(d.lunch()));
    EXPECT_FALSE(d.takes(d.lunch()));
    EXPECT_EQ(d.bookings().size(), 1U);
    EXPECT_FALSE(d.takes(d.lunch("another")));
    EXPECT_EQ(d.bookings().size(), 2U) << "one for each day, perhaps";
}

TEST(booking_case, it_is_offered_before_its_time_to_who_has_learnt_it_and_is_on_duty_then) {
    booked_desk d;
    d.takes(d.lunch());
    d.until(d.noon - 150min - 1s);
    EXPECT_TRUE(d.b.offers_told.empty());
    d.until(d.noon - 150min);
    ASSERT_EQ(d.b.offers_told.size(), 1U);
    EXPECT_EQ(d.b.news().offer.worker.value, "k2") << "k1 has no card, k3 works by night";
    EXPECT_EQ(d.b.news().booked->from, d.noon - 30min);
}

TEST(booking_case, its_worker_is_free_for_others_until_he_sets_out_and_reads_the_wishes) {
    booked_desk d;
    d.takes(d.lunch());
    d.until(d.noon - 150min);
    d.b.takes({d.b.says(reply_kind::accept)});
    EXPECT_EQ(d.bookings()[0].state, order_state::accepted);
    EXPECT_EQ(d.b.news().visit->wishes, "no onions");
    EXPECT_TRUE(d.b.record.holds().visits.empty());
    d.until(d.noon - 40min);
    EXPECT_EQ(d.bookings()[0].state, order_state::accepted) << "no no-show yet";
    auto said = d.b.says(reply_kind::en_route);
    said.reply_id = "2";
    d.b.takes({said});
    EXPECT_EQ(d.bookings()[0].state, order_state::en_route);
    EXPECT_EQ(d.b.record.holds().visits.at({"k2"}).size(), 1U);
}

TEST(booking_case, it_is_moved_and_offered_at_its_new_time) {
    booked_desk d;
    d.takes(d.lunch());
    auto const id = d.bookings()[0].id;
    app::move_booking move{id, {"li"}, d.noon + 5h, d.noon + 6h, "the daughter comes", {}};
    EXPECT_FALSE(d.b.takes({move})[0].refused);
    d.until(d.noon);
    EXPECT_TRUE(d.b.offers_told.empty());
    d.until(d.noon + 3h);
    EXPECT_EQ(d.b.offers_told.size(), 1U);
    move.if_state = order_state::requested;
    EXPECT_EQ(d.b.takes({move})[0].refused, refusal::stale) << "it has been offered since";
}

TEST(booking_case, for_the_morning_wakes_nobody) {
    booked_desk d;
    EXPECT_FALSE(d.takes(d.breakfast()));
    d.until(d.noon - 15h); // 21:00
    auto const in_the_evening = d.b.record.holds().offers.size();
    EXPECT_GE(in_the_evening, 1U) << "her cook was asked, and said nothing";
    d.until(d.noon - 5h - 1s);
    EXPECT_EQ(d.b.record.holds().offers.size(), in_the_evening);
    auto const waits = d.bookings()[0];
    EXPECT_EQ(waits.state, order_state::unfilled) << "the desk sees it";
    EXPECT_EQ(waits.reason, "by_night");
    EXPECT_EQ(waits.due_at, d.noon - 5h);
    d.until(d.noon - 5h);
    EXPECT_EQ(d.b.record.holds().offers.size(), in_the_evening + 1);
    EXPECT_EQ(d.bookings()[0].state, order_state::offered);
    EXPECT_EQ(d.b.news().offer.opened_at, d.noon - 5h);
}

TEST(booking_case, for_the_morning_that_is_given_back_by_night_waits_for_the_morning) {
    booked_desk d;
    d.takes(d.breakfast());
    d.until(d.noon - 16h); // 20:00: her cook is told
    d.b.takes({d.b.says(reply_kind::accept)});
    d.until(d.noon - 13h); // 23:00
    auto gives_back = d.b.says(reply_kind::decline);
    gives_back.reply_id = "ill";
    d.b.takes({gives_back});
    EXPECT_EQ(d.bookings()[0].state, order_state::unfilled);
    EXPECT_EQ(d.bookings()[0].reason, "by_night");
    EXPECT_TRUE(d.bookings()[0].worker.empty());
    EXPECT_EQ(d.b.record.holds().offers.size(), 1U);
    d.until(d.noon - 5h);
    EXPECT_EQ(d.bookings()[0].state, order_state::offered);
}

TEST(booking_case, made_by_night_for_the_morning_is_offered_in_the_morning) {
    booked_desk d;
    d.until(d.noon - 14h); // 22:00
    EXPECT_FALSE(d.takes(d.breakfast()));
    EXPECT_EQ(d.bookings()[0].state, order_state::requested);
    EXPECT_EQ(d.bookings()[0].due_at, d.noon - 5h);
    d.until(d.noon - 5h);
    EXPECT_EQ(d.bookings()[0].state, order_state::offered);
}

TEST(booking_case, what_is_wished_for_by_night_is_asked_for_by_night) {
    booked_desk d;
    d.until(d.noon - 14h); // 22:00
    auto late = d.breakfast();
    late.from = d.noon - 12h - 30min; // 23:30
    late.until = d.noon - 12h;
    EXPECT_FALSE(d.takes(late));
    EXPECT_EQ(d.bookings()[0].state, order_state::offered);
}

TEST(booking_case, it_is_cancelled_with_a_reason_like_any_order) {
    booked_desk d;
    d.takes(d.lunch());
    domain::actor const li{domain::actor_kind::operator_, "li", {}};
    auto const id = d.bookings()[0].id;
    EXPECT_EQ(d.b.takes({app::order_command{id, domain::cancel{li, ""}}})[0].refused,
              refusal::needs_reason);
    EXPECT_FALSE(d.b.takes({app::order_command{id, domain::cancel{li, "not hungry"}}})[0].refused);
    EXPECT_EQ(d.bookings()[0].state, order_state::cancelled);
}

TEST(booking_case, for_nobody_or_for_yesterday_is_refused_and_writes_nothing) {
    booked_desk d;
    auto nobody = d.lunch();
    nobody.resident = {"gone"};
    EXPECT_EQ(d.takes(nobody), refusal::unknown);
    auto past = d.lunch();
    past.from = d.b.clock.now() - 2h;
    past.until = d.b.clock.now() - 1h;
    EXPECT_EQ(d.takes(past), refusal::out_of_turn);
    auto lost = d.lunch();
    lost.request = domain::request_id{};
    EXPECT_EQ(d.takes(lost), refusal::unknown);
    EXPECT_TRUE(d.bookings().empty());
    EXPECT_TRUE(d.b.record.holds().requests.empty());
    EXPECT_EQ(d.b.record.commits(), 0U);
}

TEST(booking_case, where_nobody_opens_becomes_an_alert_of_its_own) {
    booked_desk d;
    d.nobody_opens();
    EXPECT_TRUE(d.alerts().empty()) << "she may be on her way to the door";
    d.b.fast_forward(5min);
    ASSERT_EQ(d.alerts().size(), 1U);
    auto const a = d.alerts()[0];
    EXPECT_EQ(a.kind, domain::alert_kind::no_access);
    EXPECT_EQ(a.level, domain::priority::p2);
    EXPECT_EQ(to_string(a.about), "resident:r1");
    EXPECT_EQ(a.resident.value, "r1");
    EXPECT_EQ(a.home.value, "h1");
    EXPECT_FALSE(d.bookings()[0].alert);
    d.b.fast_forward(30min);
    EXPECT_EQ(d.alerts().size(), 1U) << "one door is one alert";
    EXPECT_EQ(d.alerts()[0].signals, 1U);
}

TEST(booking_case, given_up_before_a_locked_door_is_not_only_failed) {
    booked_desk d;
    d.nobody_opens();
    auto said = d.b.says(reply_kind::failed);
    said.reply_id = "gone";
    d.b.takes({said});
    EXPECT_EQ(d.bookings()[0].state, order_state::failed);
    ASSERT_EQ(d.alerts().size(), 1U);
    EXPECT_EQ(d.alerts()[0].kind, domain::alert_kind::no_access);

    booked_desk waited;
    waited.nobody_opens();
    waited.b.fast_forward(5min);
    said = waited.b.says(reply_kind::failed);
    said.reply_id = "gone";
    waited.b.takes({said});
    EXPECT_EQ(waited.alerts().size(), 1U) << "the desk has heard of that door";
    EXPECT_EQ(waited.alerts()[0].signals, 1U);
}

TEST(booking_case, she_lies_there_and_who_came_with_the_lunch_says_120) {
    booked_desk d;
    d.is_at_the_door();
    auto said = d.b.says(reply_kind::failed);
    said.reply_id = "help";
    said.reason = "不省人事";
    said.needs_120 = true;
    d.b.takes({said});
    ASSERT_EQ(d.alerts().size(), 1U);
    auto const a = d.alerts()[0];
    EXPECT_EQ(a.kind, domain::alert_kind::needs_120);
    EXPECT_EQ(a.level, domain::priority::p1);
    EXPECT_EQ(a.state, domain::alert_state::raised) << "it rings at once";
    EXPECT_EQ(to_string(a.about), "resident:r1");
    EXPECT_EQ(a.home.value, "h1");
    auto const& line = d.b.record.holds().log.at(a.id.value).back().what.line;
    EXPECT_EQ(line.what, domain::log_kind::failed);
    EXPECT_EQ(line.personal, "不省人事") << "the desk reads it where it rings";
    EXPECT_EQ(d.b.told("device:+visit"), 0U);
}

TEST(booking_case, that_the_lunch_was_refused_is_asked_about_and_rings_nobody_out_of_bed) {
    booked_desk d;
    d.is_at_the_door();
    auto said = d.b.says(reply_kind::failed);
    said.reply_id = "refused";
    d.b.takes({said});
    EXPECT_EQ(d.bookings()[0].state, order_state::failed);
    ASSERT_EQ(d.alerts().size(), 1U);
    EXPECT_EQ(d.alerts()[0].kind, domain::alert_kind::visit_failed);
    EXPECT_EQ(d.alerts()[0].level, domain::priority::p3);
}

TEST(booking_case, a_green_key_that_waits_stays_open_when_another_call_books) {
    booked_desk d;
    d.b.takes({d.b.press("w1", 1, domain::signal_kind::help_request)});
    auto const asked = d.b.record.holds().requests.begin()->first;
    EXPECT_FALSE(d.takes(d.lunch()));
    EXPECT_EQ(d.b.record.holds().requests.at(asked).state, request_state::open);
    EXPECT_EQ(d.b.record.holds().requests.size(), 2U);
}

} // namespace linli::tests
