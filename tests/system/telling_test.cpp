// From a notice in the outbox to a real gateway, by the real server.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/postgres/coverage.hpp"
#include "runtime/machine_time.hpp"
#include "support/loopback_gateway.hpp"
#include "system/house.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

using testing::AllOf;
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
    p.h.counts("linli_notices_sent", 1);
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

// ---- the ways to people, tried by day with the real program

namespace {

// A daughter with telephone and e-mail, a nephew who must not be told, a neighbour with a
// telephone.
app::registry_rows city_to_try() {
    auto city = city_with_contacts();
    city.contacts[0].email = "daughter@example.org";
    auto neighbour = city.contacts[0];
    neighbour.place = 3;
    neighbour.phone = "13900000003";
    neighbour.email = {};
    neighbour.channels = {domain::channel::sms};
    city.contacts.push_back(neighbour);
    return city;
}

struct trying : testing::Test {
    loopback_certificate certificate;
    loopback_gateway voice;
    loopback_gateway sms;
    loopback_gateway hook;
    loopback_mail_server mail{&certificate};
    house h{city_to_try()};

    std::filesystem::path secret(std::string const& name) const {
        auto const file = h.folder() / name;
        std::ofstream(file) << "s3cret\n";
        return file;
    }
    void has_all_gateways() {
        runtime::notify_config c;
        c.ca_file = certificate.certificate;
        c.voice.url = voice.url();
        c.sms.url = sms.url();
        c.sms.timeout_s = 2;
        c.email.url = mail.url();
        c.email.user = "linli";
        c.email.from = "linli@example.org";
        c.email.password_file = secret("mail.password");
        c.webhook.url = hook.url();
        c.webhook.secret_file = secret("hook.secret");
        h.gets_gateways(c);
    }
    // "r1's contacts: 2" as the evening's report counts them.
    int contacts_of_r1() const {
        for (auto const& each :
             postgres::read_coverage(h.config().database.url, runtime::machine_time()).residents)
            if (each.id.value == "r1") return each.contacts;
        throw std::runtime_error("r1 is not in the report");
    }
};

} // namespace

TEST_F(trying, a_number_says_by_which_channel_it_was_reached_and_each_gateway_got_it) {
    has_all_gateways();
    EXPECT_EQ(h.program_says("notify test sms 13800000009"), "sent\n");
    EXPECT_EQ(h.program_says("notify test voice 13800000009"), "sent\n");
    EXPECT_EQ(h.program_says("notify test email duty@example.org"), "sent\n");
    EXPECT_EQ(h.program_says("notify test webhook"), "delivered\n");
    ASSERT_THAT(sms.requests(), SizeIs(1));
    EXPECT_THAT(sms.requests()[0].body, HasSubstr("13800000009"));
    EXPECT_THAT(voice.requests(), SizeIs(1));
    ASSERT_THAT(mail.mails(), SizeIs(1));
    EXPECT_TRUE(mail.mails()[0].over_tls);
    EXPECT_EQ(mail.mails()[0].to, "<duty@example.org>");
    ASSERT_THAT(hook.requests(), SizeIs(1));
    EXPECT_THAT(hook.requests()[0].body, HasSubstr("\"event\":\"test\""));
}

TEST_F(trying, a_number_that_a_gateway_refuses_says_why_and_what_to_do_and_ends_with_1) {
    has_all_gateways();
    sms.answers(401);
    EXPECT_THAT(h.program_says("notify test sms 13800000009", 1),
                AllOf(StartsWith("failed: status_401: "), HasSubstr("secret_file")));
    sms.answers(422);
    EXPECT_THAT(h.program_says("notify test sms 13800000009", 1),
                AllOf(StartsWith("failed: status_422: "), HasSubstr("the number")));
    sms.answers(503);
    EXPECT_THAT(h.program_says("notify test sms 13800000009", 1),
                AllOf(StartsWith("failed: status_503: "), HasSubstr("whoever runs it")));
    sms.hangs();
    EXPECT_THAT(h.program_says("notify test sms 13800000009", 1),
                AllOf(StartsWith("failed: timeout: "), HasSubstr("timeout_s")));
    mail.refuses_receivers();
    EXPECT_THAT(h.program_says("notify test email nobody@example.org", 1),
                AllOf(StartsWith("failed: smtp_550: "), HasSubstr("the address")));
}

TEST_F(trying, a_channel_that_is_not_set_up_or_nobody_to_send_to_is_said_and_nothing_goes_out) {
    runtime::notify_config c;
    c.sms.url = sms.url();
    h.gets_gateways(c);
    EXPECT_THAT(h.program_says("notify test voice 13800000009", 1),
                HasSubstr("[notify.voice] has no url"));
    EXPECT_THAT(h.program_says("notify test pigeon 13800000009", 1),
                HasSubstr("voice, sms, email or webhook"));
    EXPECT_THAT(h.program_says("notify test sms", 1), HasSubstr("Write the number"));
    EXPECT_THAT(sms.requests(), SizeIs(0));
}

TEST_F(trying, a_gateway_that_is_not_there_and_a_wrong_certificate_say_what_to_do) {
    runtime::notify_config c;
    {
        loopback_gateway gone;
        c.sms.url = gone.url();
    }
    loopback_gateway secured(&certificate);
    c.voice.url = secured.url(); // and no ca_file
    h.gets_gateways(c);
    EXPECT_THAT(h.program_says("notify test sms 13800000009", 1),
                AllOf(StartsWith("failed: connection: "), HasSubstr("linli check")));
    EXPECT_THAT(h.program_says("notify test voice 13800000009", 1),
                AllOf(StartsWith("failed: certificate: "), HasSubstr("notify.ca_file")));
    EXPECT_THAT(secured.requests(), SizeIs(0));
}

TEST_F(trying, the_contacts_of_a_resident_are_tried_by_each_channel_and_no_number_is_printed) {
    has_all_gateways();
    EXPECT_EQ(
        h.program_says("contacts test r1"),
        "contact 1 voice sent\ncontact 1 sms sent\ncontact 1 email sent\ncontact 3 sms sent\n");
    ASSERT_THAT(sms.requests(), SizeIs(2));
    EXPECT_THAT(sms.requests()[0].body, HasSubstr("13900000001"));
    EXPECT_THAT(sms.requests()[1].body, HasSubstr("13900000003"));
    for (auto const& each : sms.requests())
        EXPECT_THAT(each.body, Not(HasSubstr("王秀兰"))) << "a trial names nobody";
    EXPECT_EQ(h.count("contact_trial where resident = 'r1' and state = 'sent'"), 4);
    EXPECT_EQ(h.count("contact_trial where place = 2"), 0) << "who must not be told is not tried";
}

TEST_F(trying, a_contact_that_no_channel_reaches_counts_no_more_until_a_trial_reaches_it) {
    has_all_gateways();
    EXPECT_EQ(contacts_of_r1(), 2);
    for (int n = 0; n < 2; ++n)
        sms.answers(404);
    EXPECT_THAT(h.program_says("contacts test r1", 1),
                AllOf(HasSubstr("contact 1 voice sent\n"),
                      HasSubstr("contact 1 sms failed: status_404: "),
                      HasSubstr("contact 1 email sent\n"),
                      HasSubstr("contact 3 sms failed: status_404: ")));
    EXPECT_EQ(contacts_of_r1(), 1) << "the neighbour has an SMS alone";
    h.program_says("contacts test r1");
    EXPECT_EQ(contacts_of_r1(), 2);
    EXPECT_EQ(h.count("contact_trial"), 4) << "the latest trial of a channel is kept";
}

TEST_F(trying, a_trial_holds_for_its_number_alone) {
    has_all_gateways();
    for (int n = 0; n < 2; ++n)
        sms.answers(404);
    h.program_says("contacts test r1", 1);
    EXPECT_EQ(contacts_of_r1(), 1);
    auto city = city_to_try();
    city.contacts[2].phone = "13900000004";
    h.learns(city);
    EXPECT_EQ(contacts_of_r1(), 2);
}

TEST_F(trying, contacts_whom_nothing_reaches_are_no_success) {
    EXPECT_THAT(h.program_says("contacts test r1", 1),
                AllOf(HasSubstr("contact 1 can't be told: "), HasSubstr("[notify.sms]"),
                      HasSubstr("contact 3 can't be told: ")));
    EXPECT_EQ(h.program_says("contacts test r2", 1), "no contact of r2 may be told\n");
    EXPECT_EQ(h.count("contact_trial"), 0);
}

TEST_F(trying, contacts_while_the_database_is_away_says_so) {
    has_all_gateways();
    house::database("stop");
    auto const said = h.program_says("contacts test r1", 1);
    house::database("start");
    EXPECT_THAT(said, HasSubstr("the database is away"));
    EXPECT_THAT(sms.requests(), SizeIs(0));
}

} // namespace linli::tests
