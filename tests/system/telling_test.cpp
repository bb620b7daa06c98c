// From a notice in the outbox to a real gateway, by the real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/loopback_gateway.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

app::registry_rows city_with_contacts() {
    auto city = small_city();
    app::contact_row daughter;
    daughter.resident = {"r1"};
    daughter.name = "王小红";
    daughter.relation = "女儿";
    daughter.phone = "13900000001";
    auto nephew = daughter;
    nephew.place = 2;
    nephew.phone = "13900000002";
    nephew.do_not_tell = true;
    city.contacts = {daughter, nephew};
    city.sites.at(0).duty_phone = "09311234567"; // the city's
    return city;
}

domain::notice about(domain::alert const& a, domain::audience to) {
    domain::notice n;
    n.alert = a.id;
    n.event = a.first_event;
    n.to = to;
    n.kind = a.kind;
    n.level = a.level;
    n.resident = a.resident;
    n.home = a.home;
    n.area = a.area;
    n.site = {"s1"};
    n.at = a.raised_at;
    return n;
}

void wait_for(loopback_gateway& gateway, std::size_t requests) {
    until("the gateway has " + std::to_string(requests) + " requests",
          [&] { return gateway.requests().size() >= requests; });
}

struct pressed_house {
    loopback_gateway sms;
    house h{city_with_contacts()};
    domain::alert alert;

    pressed_house() {
        runtime::notify_config c;
        c.sms.url = sms.url();
        c.sms.timeout_s = 2;
        h.gets_gateways(c);
        h.device("w1").presses_sos();
        alert = h.sees("resident:r1", domain::alert_state::raised);
    }
    void log_has(std::string const& start) {
        until("the log says: " + start, [&] {
            auto const log = h.log_of(alert.id);
            return std::any_of(log.begin(), log.end(),
                               [&](auto const& line) { return line.starts_with(start); });
        });
    }
};

} // namespace

TEST(telling_people, a_contacts_telephone_gets_an_sms_and_the_time_line_says_so) {
    pressed_house p;
    p.h.has_notice(about(p.alert, domain::audience::contacts));
    p.log_has("told contact:r1/1 sms raised sent ");
    auto const got = p.sms.requests();
    ASSERT_THAT(got, SizeIs(1)); // not the one who must not be told
    EXPECT_THAT(got[0].body, HasSubstr("13900000001"));
    EXPECT_THAT(got[0].body, HasSubstr("王秀兰"));
    EXPECT_EQ(p.h.count("outbox where destination like 'people:%'"), 0);
    EXPECT_EQ(p.h.metric("linli_notices_sent"), 1);
    for (auto const& line : p.h.log_of(p.alert.id))
        EXPECT_THAT(line, Not(HasSubstr("13900000001")));
}

TEST(telling_people, a_server_that_dies_with_a_letter_on_its_way_sends_it_again_with_its_key) {
    pressed_house p;
    p.sms.hangs();
    p.h.has_notice(about(p.alert, domain::audience::contacts));
    wait_for(p.sms, 1);
    p.h.server_stops();
    p.h.server_starts();
    p.log_has("told contact:r1/1 sms raised sent ");
    auto const got = p.sms.requests();
    ASSERT_THAT(got, SizeIs(2));
    EXPECT_EQ(got[0].header("Idempotency-Key"), got[1].header("Idempotency-Key"));
    EXPECT_EQ(p.h.count("delivery"), 1);
}

TEST(telling_people, the_duty_telephone_is_found_above_the_site_and_hears_no_name) {
    pressed_house p;
    p.h.has_notice(about(p.alert, domain::audience::duty_phone));
    p.log_has("told duty_phone:city sms raised sent ");
    auto const got = p.sms.requests();
    ASSERT_THAT(got, SizeIs(1));
    EXPECT_THAT(got[0].body, HasSubstr("09311234567"));
    EXPECT_THAT(got[0].body, Not(HasSubstr("王秀兰")));
}

TEST(telling_people, readyz_says_that_notices_wait) {
    pressed_house p;
    for (int n = 0; n < 20; ++n)
        p.sms.answers(500);
    p.h.has_notice(about(p.alert, domain::audience::contacts));
    wait_for(p.sms, 1);
    until("it is late", [&] {
        p.h.fast_forward(std::chrono::seconds(30));
        return p.h.tells("/readyz").find("LATE: 1 waiting") != std::string::npos;
    });
}

} // namespace linli::tests
