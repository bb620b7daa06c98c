// One telephone in a storm: whom it rings for, and who goes with others in one message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/storm_line.hpp"

namespace linli::tests {
namespace {

using domain::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using line = app::storm_line<int>;

constexpr domain::instant start{};
constexpr std::size_t eight = 8;

TEST(storm_line, rings_for_five_within_ten_seconds_and_holds_who_comes_beyond_them) {
    line l;
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(l.rings_alone(start + seconds(i)));
    EXPECT_FALSE(l.rings_alone(start + seconds(9)));
    EXPECT_TRUE(l.rings_alone(start + seconds(10))) << "the first is ten seconds ago";
    EXPECT_FALSE(l.rings_alone(start + seconds(10)));
}

TEST(storm_line, those_who_are_held_go_together_ten_seconds_after_the_first_of_them) {
    line l;
    l.hold(1, start);
    l.hold(2, start + seconds(9));
    EXPECT_FALSE(l.rings_alone(start + seconds(9))) << "nobody overtakes who is held";
    EXPECT_THAT(l.take_due(start + seconds(9), eight), IsEmpty());
    EXPECT_THAT(l.take_due(start + seconds(10), eight), ElementsAre(1, 2));
    EXPECT_THAT(l.take_due(start + seconds(30), eight), IsEmpty());
    EXPECT_TRUE(l.rings_alone(start + seconds(30)));
}

TEST(storm_line, whom_one_message_cannot_name_goes_in_the_next) {
    line l;
    for (int i = 0; i < 20; ++i)
        l.hold(i, start);
    EXPECT_THAT(l.take_due(start + seconds(10), eight), SizeIs(8));
    EXPECT_THAT(l.take_due(start + seconds(19), eight), IsEmpty());
    EXPECT_THAT(l.take_due(start + seconds(20), eight), SizeIs(8));
    EXPECT_THAT(l.take_due(start + seconds(30), eight), ElementsAre(16, 17, 18, 19));
    EXPECT_FALSE(l.is_quiet(start + seconds(30)));
    EXPECT_TRUE(l.is_quiet(start + seconds(40)));
}

TEST(storm_line, whoever_need_not_be_told_any_more_is_dropped) {
    line l;
    for (int i = 0; i < 4; ++i)
        l.hold(i, start);
    l.drop_if([](int i) { return i % 2 == 0; });
    EXPECT_TRUE(l.holds_any([](int i) { return i == 3; }));
    EXPECT_FALSE(l.holds_any([](int i) { return i == 2; }));
    EXPECT_THAT(l.take_due(start + seconds(10), eight), ElementsAre(1, 3));
}

} // namespace
} // namespace linli::tests
