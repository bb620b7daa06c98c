// The house presses its own button: whole when all is well, and a person hears when it is not.
#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/synthetic.hpp"
#include "simulate/engine.hpp"
#include "support/loopback_gateway.hpp"
#include "support/places.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Optional;

app::registry_rows city_with_its_own_people() {
    auto city = small_city();
    auto nobody = city.residents.at(0);
    nobody.id = {"r0"};
    nobody.home = {"h0"};
    nobody.synthetic = true;
    auto nowhere = city.homes.at(0);
    nowhere.id = {"h0"};
    auto goes = city.workers.at(0);
    goes.id = {"k0"};
    goes.provider = {"p0"};
    goes.synthetic = true;
    city.residents.push_back(nobody);
    city.homes.push_back(nowhere);
    city.workers.push_back(goes);
    city.providers.push_back({{"p0"}, "自检", "00000000"});
    city.devices.push_back({{"w0"}, "watch", {"r0"}, {}, {}});
    return city;
}

struct own_button {
    loopback_gateway sms;
    house h{city_with_its_own_people()};

    own_button() { h.takes_the_demo_plans(); }

    cli::synthetic_plan plan(int within_s) const {
        return {
            h.secrets(), {"w0"}, {"p0"}, std::chrono::seconds(1), std::chrono::seconds(within_s),
            0.01};
    }
    runtime::config config() const {
        auto c = h.config();
        c.notify.texts = shipped_config("notices.toml");
        c.notify.duty_phone = "09311234567";
        c.notify.sms.url = sms.url();
        return c;
    }
};

} // namespace

TEST(synthetic, a_press_goes_from_the_button_to_the_follow_up_and_is_in_no_figure) {
    own_button own;
    cli::synthetic_watch watch(own.config(), own.plan(60));
    EXPECT_EQ(watch.press(), std::nullopt);
    EXPECT_EQ(watch.press(), std::nullopt); // again, and no trace of the first is in its way
    EXPECT_EQ(own.h.count("alert where purpose = 'synthetic' and state = 'closed'"), 2);
    EXPECT_EQ(own.h.count("service_order where purpose = 'synthetic' and "
                          "state = 'followed_up' and worker = 'k0'"),
              2);
    EXPECT_EQ(own.h.count("delivery"), 0);
    EXPECT_EQ(own.h.record().alerts_today, 0);
    EXPECT_EQ(own.h.metric("linli_alerts_raised_total"), 0);
}

TEST(synthetic, what_an_earlier_press_left_behind_is_put_away) {
    own_button own;
    own.h.device("w0").presses_sos();
    own.h.sees_alert("resident:r0");
    cli::synthetic_watch watch(own.config(), own.plan(60));
    EXPECT_EQ(watch.press(), std::nullopt);
    EXPECT_EQ(own.h.count("alert where state <> 'closed'"), 0);
}

TEST(synthetic, a_house_that_is_deaf_rings_the_duty_telephone_once_and_says_when_it_hears_again) {
    own_button own;
    cli::synthetic_watch watch(own.config(), own.plan(2));
    own.h.server_stops();
    EXPECT_THAT(watch.press(), Optional(HasSubstr("stored")));
    std::thread pressing([&] { watch.run(); });
    until("the duty telephone rings", [&] { return own.sms.requests().size() == 1; });
    own.h.server_starts();
    until("it hears that all is well", [&] { return own.sms.requests().size() >= 2; });
    watch.stop();
    pressing.join();
    auto const told = own.sms.requests();
    EXPECT_THAT(told[0].body, AllOf(HasSubstr("09311234567"), HasSubstr("自检失败")));
    EXPECT_THAT(told[1].body, HasSubstr("恢复正常"));
}

// Who stops it may do so while it is hanging up: that once kept it going round for ever.
TEST(synthetic, people_who_are_told_to_stop_again_and_again_hang_up_and_go) {
    own_button own;
    auto const at = own.config().mqtt;
    simulate::engine people({at.url, at.ca_file, own.h.secrets()}, {{{"w0"}, "button_box", "h0"}},
                            {{"p0"}}, {}, {.presses = 1, .synthetic = true}, {});
    std::atomic<bool> gone = false;
    std::thread running([&] {
        people.run();
        gone = true;
    });
    while (!gone) {
        people.stop();
        std::this_thread::yield();
    }
    running.join();
}

TEST(synthetic, with_nobody_to_tell_it_does_not_begin) {
    own_button own;
    auto config = own.config();
    config.notify.duty_phone.clear();
    cli::synthetic_watch watch(config, own.plan(1));
    EXPECT_THROW(watch.run(), std::runtime_error);
}

} // namespace linli::tests
