// The house's own press: how far it came, and who must be told.
#include "simulate/own_press.hpp"

#include <gtest/gtest.h>

namespace linli::simulate {
namespace {

using word = break_bell::word;

TEST(own_press, is_stuck_at_the_first_stage_that_it_has_not_reached) {
    own_press press;
    press.see({happening_kind::pressed, {}, {}, {}});
    EXPECT_EQ(press.stuck_at(), press_stage::stored);
    press.see({happening_kind::told_stored, {}, {}, {}});
    press.see({happening_kind::offered, {}, {}, {}}); // by a plan that waits for no seat
    EXPECT_EQ(press.stuck_at(), press_stage::claimed);
    press.see({happening_kind::claimed, {}, {}, {}});
    EXPECT_EQ(press.stuck_at(), press_stage::accepted);
    for (auto const kind : {happening_kind::told_accepted, happening_kind::told_arrived,
                            happening_kind::closed, happening_kind::followed_up})
        press.see({kind, {}, {}, {}});
    EXPECT_FALSE(press.stuck_at());
}

TEST(own_press, rings_once_when_it_breaks_and_once_when_it_is_whole_again) {
    break_bell bell;
    EXPECT_EQ(bell.to_say(true), word::nothing);
    EXPECT_EQ(bell.to_say(false), word::broken);
    EXPECT_EQ(bell.to_say(false), word::broken); // nobody could be told
    bell.said(word::broken);
    EXPECT_EQ(bell.to_say(false), word::nothing);
    EXPECT_EQ(bell.to_say(true), word::whole);
    bell.said(word::whole);
    EXPECT_EQ(bell.to_say(true), word::nothing);
    EXPECT_EQ(bell.to_say(false), word::broken);
}

} // namespace
} // namespace linli::simulate
