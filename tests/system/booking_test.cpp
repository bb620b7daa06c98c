// 预约服务, in the field's words on real parts: an old woman presses her green key at her
// breakfast; the desk rings back, and lunch is brought.
#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/wire/office_words.hpp"
#include "runtime/utc_text.hpp"
#include "system/house.hpp"
#include "system/signed_in.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using domain::reply_kind;
using domain::role;
using testing::HasSubstr;

struct page : signed_in {
    using signed_in::signed_in;

    json::value told(std::string const& path, std::string const& body) {
        auto const came = post(path, body);
        EXPECT_EQ(came.status, 200) << path << ' ' << came.body;
        return json::parse(came.body);
    }
};

std::string text(json::value const& of, char const* name) {
    auto const* found = of.as_object().if_contains(name);
    return found ? std::string(found->as_string()) : std::string();
}

domain::instant time(json::value const& of, char const* name) {
    return wire::read_time(text(of, name)).value();
}

// k2 may cook; k1 may not.
app::registry_rows city_with_a_cook() {
    auto city = small_city();
    city.workers.at(1).certificates.push_back("health_card");
    return city;
}

// The call afterwards: it was cold. Her daughter complains, the shift leader answers.
void complains_of_a_cold_lunch(house& h, std::string const& order) {
    page li(h, "li"); // her shift of yesterday has ended
    li.told("/v1/orders/" + order + "/follow_up", R"({"rating":1,"text":"饭是冷的"})");
    auto const complaint =
        li.told("/v1/complaints",
                R"({"order":")" + order +
                    R"(","kind":"poor_work","complainer":"女儿王丽","words":"饭是冷的，汤洒了"})");
    EXPECT_EQ(text(complaint, "worker"), "k2");
    EXPECT_EQ(text(complaint, "resident"), "r1");
    auto const path = "/v1/complaints/" + text(complaint, "id");
    EXPECT_EQ(li.post(path + "/answer", R"({"text":"对不起"})").status, 403);
    page zhang(h, "zhang");
    EXPECT_THAT(zhang.get("/v1/complaints?state=open").body, HasSubstr(text(complaint, "id")));
    zhang.told(path + "/answer", R"({"text":"已道歉，重送一份"})");
    EXPECT_EQ(text(li.told(path + "/accept", R"({"text":"满意"})"), "state"), "accepted");
    EXPECT_EQ(h.count("complaint where state = 'accepted' and answered_by = 'zhang'"), 1);
    EXPECT_EQ(h.count("log where of = 'complaint'"), 3);
    EXPECT_EQ(h.count("access_log where what = 'complaint' and subject = 'resident:r1'"), 3);
    EXPECT_EQ(h.count("service_order where state = 'followed_up' and rating = 1"), 1);
}

} // namespace

TEST(booking, a_green_key_becomes_a_lunch_and_a_cold_lunch_a_complaint_that_is_answered) {
    house h(city_with_a_cook());
    h.opens_console();
    h.adds_user("li", role::operator_, "620102");
    h.adds_user("zhang", role::shift_leader, "620102");
    auto& nearest = h.provider("c1");
    auto& kitchen = h.provider("c2");

    // She presses her green key, and Li rings back: lunch tomorrow, half past eleven.
    h.device("w1").hears_stored(h.device("w1").presses_green_key());
    page li(h, "li");
    json::value asked;
    until("the request is on the screen", [&] {
        auto const feed = json::parse(li.get("/v1/live").body);
        auto const* lines = feed.as_object().if_contains("lines");
        if (lines) asked = lines->as_array().at(0);
        return lines != nullptr;
    });
    EXPECT_EQ(text(asked, "of"), "request");
    auto const now = time(json::parse(li.get("/v1/session").body), "now");
    auto const midnight = std::chrono::ceil<std::chrono::days>(now + 8h) - 8h;
    auto const from = domain::instant(midnight) + 11h + 30min;
    auto const lunch = li.told(
        "/v1/bookings", R"({"resident":"r1","service":"meal","from":")" + runtime::utc_text(from) +
                            R"(","until":")" + runtime::utc_text(from + 30min) +
                            R"(","words":"不要葱","request":")" + text(asked, "id") + "\"}");
    EXPECT_EQ(text(lunch, "request"), text(asked, "id"));
    EXPECT_EQ(h.count("request where state = 'closed'"), 1);
    EXPECT_EQ(h.count("service_order where service = 'ring_back' and state = 'followed_up'"), 1);
    EXPECT_EQ(h.count("booking where price_fen = 1500 and words is not null"), 1);

    // Nobody is asked before half past nine; then whoever may bring meals.
    auto const offered_at = time(lunch, "dueAt");
    EXPECT_EQ(offered_at, from - 2h);
    h.fast_forward(offered_at - now - 10min);
    EXPECT_EQ(h.count("offer"), 0);
    h.fast_forward(10min + 1s);
    auto const offer = kitchen.gets_offer();
    EXPECT_EQ(offer.service, "meal");
    EXPECT_EQ(nearest.waiting(), 0U) << "k1 has no health card";
    EXPECT_EQ(h.count("offer"), 1);
    auto const taken = kitchen.accepts(offer);
    ASSERT_TRUE(taken.visit);
    EXPECT_EQ(taken.visit->door, "3单元501");
    EXPECT_EQ(h.count("visit"), 0) << "he may still help elsewhere";

    // Long past the half hour in which an emergency's worker must have set out, nobody calls him.
    h.fast_forward(100min); // 11:10
    EXPECT_EQ(h.count("log where what = 'no_show'"), 0);
    for (auto const step :
         {reply_kind::en_route, reply_kind::arrived, reply_kind::started, reply_kind::completed})
        EXPECT_FALSE(kitchen.replies(step, offer.offer).refused) << to_text(step);

    complains_of_a_cold_lunch(h, text(lunch, "id"));
}

TEST(booking, what_nobody_may_do_is_seen_in_time_and_called_off_with_a_reason) {
    house h(small_city()); // nobody may bring meals
    h.opens_console();
    h.adds_user("li", role::operator_, "620102");
    auto const started = time(json::parse(page(h, "li").get("/v1/session").body), "now");
    // Tomorrow at ten: by night nobody is looked for.
    auto const now = domain::instant(std::chrono::ceil<std::chrono::days>(started + 8h) - 8h) + 10h;
    h.fast_forward(now - started);
    page li(h, "li");
    auto const lunch = li.told("/v1/bookings", R"({"resident":"r2","service":"meal","from":")" +
                                                   runtime::utc_text(now + 1h) + R"(","until":")" +
                                                   runtime::utc_text(now + 90min) + "\"}");
    EXPECT_EQ(text(lunch, "state"), "unfilled") << "it is soon: somebody was looked for at once";
    EXPECT_THAT(text(lunch, "reason"), HasSubstr("no_certificate=2"));
    auto const page_of = json::parse(li.get("/v1/bookings").body);
    EXPECT_EQ(page_of.at("inTrouble").as_int64(), 1);
    h.fast_forward(91min);
    until("its time is over", [&] {
        return h.count("service_order where reason = 'window_over' and due_at is not null") == 1;
    });
    EXPECT_EQ(h.count("offer"), 0);
    auto const path = "/v1/bookings/" + text(lunch, "id");
    EXPECT_EQ(li.post(path + "/cancel", "{}").status, 422);
    li.told(path + "/cancel", R"({"text":"没有人能送"})");
    EXPECT_EQ(h.count("service_order where state = 'cancelled'"), 1);
}

} // namespace linli::tests
