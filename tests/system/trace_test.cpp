// Where the time of one press went, as whoever has only the machine at hand asks for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "system/house.hpp"

namespace linli::tests {

using domain::receipt_stage;
using domain::reply_kind;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(trace, a_press_is_followed_from_the_button_to_the_door_and_says_what_is_missing) {
    house h(small_city());
    h.takes_the_demo_plans();
    auto& watch = h.device("w1");
    auto& nearest = h.provider("c1");
    auto const event = watch.presses_sos();
    watch.hears(receipt_stage::stored, event);
    auto const offer = nearest.gets_offer();

    auto said = h.program_says("trace " + event.value);
    EXPECT_THAT(said,
                AllOf(HasSubstr("EVENT " + event.value), HasSubstr("received"), HasSubstr("synced"),
                      HasSubstr("decided"), HasSubstr("committed"), HasSubstr("raised")));
    EXPECT_THAT(said, HasSubstr("offer open to provider:c1"));
    EXPECT_THAT(said, HasSubstr("receipt stored to device:w1"));
    EXPECT_THAT(said, AllOf(HasSubstr("MISSING"), HasSubstr("nobody has claimed the alert"),
                            HasSubstr("no provider has answered; asked: c1")));
    EXPECT_THAT(said, AllOf(Not(HasSubstr("王秀兰")), Not(HasSubstr("张掖路")))) << "ids only";

    nearest.accepts(offer);
    for (auto const step : {reply_kind::en_route, reply_kind::arrived})
        EXPECT_FALSE(nearest.replies(step, offer.offer).refused);
    said = h.program_says("trace --json " + event.value);
    EXPECT_THAT(said, AllOf(HasSubstr(R"("remembered":true,"recorded":true)"),
                            HasSubstr(R"("step":"arrived")"), HasSubstr("k1 has not begun")));
    EXPECT_THAT(h.tells("/metrics"), HasSubstr(R"(linli_step_seconds_count{step="synced"})"));
}

TEST(trace, after_a_restart_the_record_still_tells_it) {
    house h(small_city());
    auto& watch = h.device("w1");
    auto const event = watch.presses_sos();
    watch.hears(receipt_stage::stored, event);
    h.server_stops();
    h.server_starts();
    EXPECT_THAT(h.program_says("trace " + event.value),
                AllOf(HasSubstr("doesn't remember it"), HasSubstr("received"),
                      HasSubstr("committed"), HasSubstr("raised"),
                      HasSubstr("nobody has claimed the alert")));
    EXPECT_THAT(h.program_says("trace w1:9:9", 1), HasSubstr("no such event"));
}

} // namespace linli::tests
