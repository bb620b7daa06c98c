// A device comes into its home, from the desk's word to its first call.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "system/house.hpp"

namespace linli::tests {

using domain::reply_kind;

TEST(installation, is_done_when_the_device_was_pressed_at_home_and_a_desk_has_heard_it) {
    house h(small_city());
    auto& worker = h.provider("c1");
    auto& box = h.device("b1");
    h.desk_says("install b1 -o op1");
    auto const offer = worker.gets_offer();
    EXPECT_EQ(offer.service, "installation");
    EXPECT_EQ(worker.accepts(offer).visit->door, "1单元101");
    for (auto const step : {reply_kind::en_route, reply_kind::arrived})
        EXPECT_FALSE(worker.replies(step, offer.offer).refused);
    EXPECT_TRUE(worker.replies(reply_kind::completed, offer.offer).refused);
    EXPECT_THAT(h.desk_says("list"), testing::HasSubstr("installation"));

    box.hears_stored(box.presses_sos());
    auto const alert = h.sees_alert("home:h2");
    EXPECT_TRUE(worker.replies(reply_kind::completed, offer.offer).refused);
    EXPECT_EQ(h.claims(alert, "op1"), "");
    EXPECT_FALSE(worker.replies(reply_kind::completed, offer.offer).refused);
    EXPECT_EQ(h.closes(alert, "op1", domain::disposition::test, "installed"), "");
    EXPECT_EQ(h.count("log where what = 'reply_refused' and why = 'completed untested'"), 2);

    h.desk_says("follow-up device:b1/installation -o op1 --rating 5");
    EXPECT_EQ(h.count("service_order where service = 'installation' and state = 'followed_up'"), 1);
    EXPECT_EQ(h.count("request where state = 'closed'"), 1);
}

TEST(installation, of_what_cannot_be_installed_is_refused_with_the_remedy) {
    auto city = small_city();
    city.devices.push_back({{"spare"}, "watch", {}, {}, {}});
    house h(city);
    EXPECT_THAT(h.desk_says("install nobody -o op1", 1), testing::HasSubstr("linli import"));
    EXPECT_THAT(h.desk_says("install spare -o op1", 1), testing::HasSubstr("devices.csv"));
    h.desk_says("install b1 -o op1");
    EXPECT_THAT(h.desk_says("install b1 -o op1", 1), testing::HasSubstr("open already"));
    EXPECT_EQ(h.count("service_order"), 1);
}

} // namespace linli::tests
