// The house's own hotline as it runs: `linli serve` with PostgreSQL, the engine with rtpengine, and
// telephones of another make for the caller and the operators. What the record has is what counts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "system/hotline/joined_house.hpp"
#include "system/signed_in.hpp"

namespace linli::tests {
namespace {

using testing::HasSubstr;

TEST_F(joined, who_refuses_is_followed_by_the_next_and_all_times_of_the_talk_are_in_the_record) {
    says("li", seat_word::ready);
    says("wang", seat_word::ready);
    auto phone = caller("caller_talks_and_leaves");
    has("wang talks", "call where source = 'hotline' and seat = 'wang' and "
                      "rang_at <= answered_at and not waits and ended_at is null");
    has("her seat says so", "seat s join call c on c.id = s.call "
                            "where s.account = 'wang' and s.state = 'talking'");
    until("he is heard", [&] {
        phone.finds_whom_to_speak_to();
        seats->finds_whom_to_speak_to();
        return seats->voice().heard_of(phone.voice()) > 5 &&
               phone.voice().heard_of(seats->voice()) > 5;
    });
    phone.hangs_up();
    EXPECT_EQ(phone.ends(), "");
    EXPECT_EQ(seats->ends(), "");
    has("it is over", "call where answered_at < ended_at");
    has("li has refused", "call_attempt where account = 'li' "
                          "and how = 'refused' and answered_at is null");
    has("wang has talked", "call_attempt where account = 'wang' "
                           "and how = 'call_ended' and rang_at <= answered_at "
                           "and answered_at < ended_at");
    has("she wraps up", "seat where account = 'wang' "
                        "and state = 'wrapping_up' and call is null");
}

class rung : public joined {
public:
    rung() : joined({.rings = true, .offers_at_once = true}) {}
};

// As most boxes do: what they send and what they dial is one case, up to the question whether help
// has come. The worker is rung beside his app, and takes it by a key.
TEST_F(rung, a_box_that_signals_and_dials_is_one_case_from_the_press_to_the_follow_up) {
    says("wang", seat_word::ready);
    auto& worker = h.provider("c1");
    h.device("b1").presses_sos();
    auto const alert = h.sees_alert("home:h2");
    auto phone = engine.phone("caller_talks_and_leaves", 0x11, "00011113333"); // who lives there
    auto const his = "call where alert = '" + to_string(alert) + "'";
    has("wang talks with whom it is about", his + " and seat = 'wang' and ended_at is null");
    EXPECT_EQ(h.claims(alert, "wang"), "");
    auto const offer = worker.gets_offer();
    until("the worker hears the house", [&] {
        workers->finds_whom_to_speak_to();
        return workers->voice().heard() > 30;
    });
    workers->voice().presses(1);
    auto const taken = worker.hears(domain::offer_state::accepted, offer.offer);
    EXPECT_EQ(taken.visit ? taken.visit->name : "", "李建国") << "his app has the door, too";
    has("he holds it", "service_order where state = 'accepted' and worker = 'k1'");
    auto const heard = workers->voice().heard();
    EXPECT_EQ(workers->ends(), "") << "hung up on, when it was said to him";
    EXPECT_GT(workers->voice().heard(), heard);
    has("it is settled", "placed_call where how = 'pressed' and pressed = '1' and "
                         "settled_at is not null and personal is null");
    has("it is on the time line", "log where what = 'told' and why like 'worker:k1 voice offer "
                                  "pressed 1 %'");
    phone.hangs_up();
    EXPECT_EQ(phone.ends(), "");
    has("the talk is over", his + " and answered_at < ended_at");
    using domain::reply_kind;
    for (auto const step :
         {reply_kind::en_route, reply_kind::arrived, reply_kind::started, reply_kind::completed})
        EXPECT_FALSE(worker.replies(step, offer.offer).refused);
    EXPECT_EQ(h.closes(alert, "wang", domain::disposition::helped), "");
    auto const left = h.record();
    ASSERT_EQ(left.orders.size(), 1U);
    EXPECT_EQ(h.follows_up(left.orders[0].id, "wang"), "");
    for (auto const* all : {"alert", "service_order", "call"})
        EXPECT_EQ(h.count(all), 1) << all;
    has("it is followed up", "service_order where state = 'followed_up'");
}

class city_line : public joined {
public:
    city_line() : joined({.line_of = "620100"}) {}
};

// Every seat answers every caller; she is of a district, and the line is the whole city's.
TEST_F(city_line, an_operator_of_a_district_sees_the_call_that_her_telephone_has_and_holds_it) {
    signed_in wang(h, "wang");
    says("wang", seat_word::ready);
    auto phone = caller("caller_talks_and_leaves");
    has("wang talks", "call where seat = 'wang' and ended_at is null");
    std::string page;
    until("her page has it", [&] {
        page = wang.get("/v1/live?epoch=&after=0&wait=0").body;
        return page.find("\"of\":\"call\"") != std::string::npos;
    });
    phone.hangs_up();
    EXPECT_EQ(phone.ends(), "");
}

TEST_F(joined, a_server_killed_while_somebody_waits_finds_him_again) {
    auto phone = caller("caller_talks_and_leaves");
    has("he waits", "call where source = 'hotline' and waits and place = 1");
    server->dies();
    says("wang", seat_word::ready);
    server->starts();
    has("wang talks with him", "call where seat = 'wang' and not waits");
    phone.hangs_up();
    EXPECT_EQ(phone.ends(), "");
    has("it was one call", "call");
    has("and is over", "call where ended_at is not null");
}

TEST_F(joined, a_talk_outlasts_the_server_and_its_end_comes_into_the_record) {
    says("wang", seat_word::ready);
    auto phone = caller("caller_talks_and_leaves");
    has("they talk", "call where seat = 'wang' and ended_at is null");
    server->dies();
    phone.hangs_up();
    EXPECT_EQ(phone.ends(), "");
    EXPECT_EQ(h.count("call where ended_at is not null"), 0);
    server->starts();
    has("it is over", "call where answered_at < ended_at");
    has("her telephone, too", "call_attempt where how is not null");
    EXPECT_THAT(server->says(), HasSubstr("0 waiting, 0 talking"));
}

TEST_F(joined, who_waited_when_the_engine_died_is_rung_back) {
    auto phone = caller("caller_stays");
    has("he waits", "call where source = 'hotline' and waits and place = 1");
    engine.kill_engine();
    engine.start_engine();
    has("the record knows that nobody talked with him",
        "call c join request r on r.id = c.request where c.outcome = 'missed' "
        "and c.ended_at is not null and c.answered_at is null and not c.waits");
    has("it was one call", "call");
}

} // namespace
} // namespace linli::tests
