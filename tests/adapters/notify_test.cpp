// What really leaves the house: HTTP and SMTP over real sockets, with real certificates.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "adapters/files/file_error.hpp"
#include "adapters/files/notice_file.hpp"
#include "adapters/notify/channels.hpp"
#include "adapters/notify/dial_hook.hpp"
#include "adapters/notify/gateway.hpp"
#include "adapters/notify/signature.hpp"
#include "adapters/wire/notice_words.hpp"
#include "support/evening.hpp"
#include "support/loopback_gateway.hpp"
#include "support/manual_clock.hpp"
#include "support/places.hpp"
#include "support/run_on.hpp"

namespace linli::tests {

namespace {

using domain::channel;
using domain::sending;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

loopback_certificate const& certificate() {
    static loopback_certificate const made;
    return made;
}

app::letter letter(channel by) {
    app::letter l;
    l.by = by;
    l.key = "01a205b3-d000-7005-8968-93b9d2c24ee9";
    l.phone = "13900000001";
    l.email = "daughter@example.org";
    l.subject = "邻里：王秀兰的通知，一个比一行更长的主题需要分成几段来编码才行";
    l.text = "王秀兰 \"呼救\"\n08:00";
    l.about.event = {"w1:1:1"};
    l.about.site = {"s1"};
    l.about.at = evening;
    l.at = evening;
    return l;
}

runtime::notify_config with_sms(loopback_gateway const& gateway) {
    runtime::notify_config c;
    c.sms.url = gateway.url();
    c.sms.timeout_s = 1;
    return c;
}

std::filesystem::path secret_file(std::string const& text) {
    auto const file = certificate().folder / "secret";
    std::ofstream(file) << text << '\n';
    return file;
}

std::string in_words(app::carried const& c) {
    constexpr std::array words{"accepted", "confirmed", "refused", "unreachable", "silent"};
    return words.at(static_cast<std::size_t>(c.how)) + (c.reason.empty() ? "" : ' ' + c.reason);
}

} // namespace

TEST(notify, an_sms_goes_out_as_the_pattern_says_with_its_key) {
    loopback_gateway gateway;
    auto c = with_sms(gateway);
    c.sms.secret_file = secret_file("s3cret");
    c.sms.headers = {"Authorization: Bearer {secret}"};
    EXPECT_EQ(in_words(notify::carry_now(c, letter(channel::sms))), "accepted");
    ASSERT_THAT(gateway.requests(), SizeIs(1));
    auto const r = gateway.requests()[0];
    EXPECT_EQ(r.first_line, "POST /send HTTP/1.1");
    EXPECT_EQ(r.header("Authorization"), "Bearer s3cret");
    EXPECT_EQ(r.header("Idempotency-Key"), letter(channel::sms).key);
    EXPECT_EQ(r.header("Content-Type"), "application/json");
    EXPECT_EQ(r.body, R"({"id":"01a205b3-d000-7005-8968-93b9d2c24ee9",)"
                      R"("phone":"13900000001","text":"王秀兰 \"呼救\"\n08:00"})");
}

TEST(notify, a_form_and_a_url_are_escaped_as_they_need) {
    loopback_gateway gateway;
    auto c = with_sms(gateway);
    c.sms.url = gateway.url("/send?to={phone}&t={text}");
    c.sms.content_type = "application/x-www-form-urlencoded";
    c.sms.body = "m={text}&x={unknown}";
    auto l = letter(channel::sms);
    l.text = "a&b=老";
    l.phone = "+86 139";
    EXPECT_EQ(in_words(notify::carry_now(c, l)), "accepted");
    auto const r = gateway.requests().at(0);
    EXPECT_EQ(r.first_line, "POST /send?to=%2B86%20139&t=a%26b%3D%E8%80%81 HTTP/1.1");
    EXPECT_EQ(r.body, "m=a%26b%3D%E8%80%81&x={unknown}");
}

TEST(notify, nothing_of_a_letter_can_add_a_header) {
    loopback_gateway gateway;
    auto c = with_sms(gateway);
    c.sms.headers = {"X-Text: {text}"};
    auto l = letter(channel::sms);
    l.text = "a\r\nX-Evil: 1";
    notify::carry_now(c, l);
    EXPECT_EQ(gateway.requests().at(0).header("X-Evil"), "");
    EXPECT_EQ(gateway.requests().at(0).header("X-Text"), "aX-Evil: 1");
}

struct answered {
    int status;
    char const* body;
    char const* means;
};

class gateway_answer : public testing::TestWithParam<answered> {};

TEST_P(gateway_answer, is_understood) {
    loopback_gateway gateway;
    auto c = with_sms(gateway);
    c.sms.success_pointer = "/result/code";
    c.sms.success_equals = "0";
    gateway.answers(GetParam().status, GetParam().body);
    EXPECT_EQ(in_words(notify::carry_now(c, letter(channel::sms))), GetParam().means);
}

INSTANTIATE_TEST_SUITE_P(all, gateway_answer,
                         testing::Values(answered{200, R"({"result":{"code":0}})", "accepted"},
                                         answered{201, R"({"result":{"code":"0"}})", "accepted"},
                                         answered{200, R"({"result":{"code":17}})",
                                                  "unreachable answer"},
                                         answered{200, "<html>", "unreachable answer"},
                                         answered{500, "", "unreachable status_500"},
                                         answered{429, "", "unreachable status_429"},
                                         answered{401, "", "unreachable status_401"},
                                         answered{400, "", "refused status_400"},
                                         answered{302, "", "refused status_302"}));

TEST(notify, a_gateway_that_confirms_says_that_the_person_has_it) {
    loopback_gateway gateway;
    auto c = with_sms(gateway);
    c.sms.confirms = true;
    c.sms.success_status = 202;
    EXPECT_EQ(in_words(notify::carry_now(c, letter(channel::sms))), "refused status_200");
    gateway.answers(202);
    EXPECT_EQ(in_words(notify::carry_now(c, letter(channel::sms))), "confirmed");
}

TEST(notify, a_gateway_that_hangs_is_left_at_the_deadline) {
    loopback_gateway gateway;
    gateway.hangs();
    EXPECT_EQ(in_words(notify::carry_now(with_sms(gateway), letter(channel::sms))),
              "silent timeout");
}

TEST(notify, a_gateway_that_is_not_there_is_unreachable) {
    runtime::notify_config c;
    {
        loopback_gateway gone;
        c = with_sms(gone);
    }
    EXPECT_EQ(in_words(notify::carry_now(c, letter(channel::sms))), "unreachable connection");
}

TEST(notify, a_wrong_certificate_is_refused_and_hears_nothing_of_the_letter) {
    loopback_gateway gateway(&certificate());
    auto c = with_sms(gateway);
    EXPECT_EQ(in_words(notify::carry_now(c, letter(channel::sms))), "unreachable certificate");
    EXPECT_THAT(gateway.requests(), IsEmpty());
    c.ca_file = certificate().certificate;
    EXPECT_EQ(in_words(notify::carry_now(c, letter(channel::sms))), "accepted");
    c.sms.url.replace(c.sms.url.find("localhost"), 9,
                      "127.0.0.1"); // another name than it vouches for
    EXPECT_EQ(in_words(notify::carry_now(c, letter(channel::sms))), "unreachable certificate");
    c.sms.verify = false;
    EXPECT_EQ(in_words(notify::carry_now(c, letter(channel::sms))), "accepted");
}

TEST(notify, nothing_goes_in_clear_to_another_machine_unless_somebody_wants_it) {
    runtime::notify_config c;
    c.sms.url = "http://10.0.0.7/send";
    EXPECT_THROW(notify::load_secrets(c), std::runtime_error);
    c.sms.verify = false;
    EXPECT_NO_THROW(notify::load_secrets(c));
}

TEST(notify, the_webhook_is_signed_and_names_nobody) {
    loopback_gateway receiver;
    runtime::notify_config c;
    c.webhook.url = receiver.url("/alarms");
    c.webhook.secret_file = secret_file("hook secret");
    EXPECT_EQ(in_words(notify::carry_now(c, letter(channel::webhook))), "confirmed");
    auto const r = receiver.requests().at(0);
    EXPECT_EQ(r.header("Linli-Timestamp"), "1767268800");
    EXPECT_EQ(r.header("Linli-Signature"), notify::signature("hook secret", "1767268800", r.body));
    EXPECT_EQ(r.header("Idempotency-Key"), letter(channel::webhook).key);
    EXPECT_THAT(r.body, HasSubstr(R"("why":"raised")"));
    EXPECT_THAT(r.body, Not(HasSubstr("139")));
    EXPECT_THAT(r.body, Not(HasSubstr("王")));
}

// As another program computes it of "<timestamp>.<body>".
TEST(notify, the_signature_is_hmac_sha256) {
    EXPECT_EQ(notify::signature("Jefe", "what do ya want for nothing?", ""),
              "sha256=38c6c848e5a2f57451f5095df6370d5c9b83175b99df46422b34960c28def6ae");
}

namespace {

app::dialling somebody() {
    return {"li.k1\r\nX: y", {"li"}, "13900008888", "an alert's id"};
}

runtime::telephone_config telephone_at(loopback_gateway const& pbx) {
    runtime::telephone_config c;
    c.dial_url = pbx.url("/dial");
    c.timeout_s = 1;
    return c;
}

app::dialled asks(notify::dial_hook& hook) {
    boost::asio::io_context loop;
    return run_on(loop, hook.dial(somebody()));
}

} // namespace

TEST(notify, a_telephone_system_is_told_signed_whom_to_ring_for_whom) {
    loopback_gateway pbx;
    manual_clock clock{evening};
    notify::dial_hook hook(telephone_at(pbx), "its secret", {}, clock);
    EXPECT_EQ(asks(hook), app::dialled::accepted);
    auto const r = pbx.requests().at(0);
    EXPECT_EQ(r.first_line, "POST /dial HTTP/1.1");
    EXPECT_EQ(r.body, R"({"seat":"li","number":"13900008888","reference":"an alert's id"})");
    EXPECT_EQ(r.header("Linli-Timestamp"), "1767268800");
    EXPECT_EQ(r.header("Linli-Signature"), notify::signature("its secret", "1767268800", r.body));
    EXPECT_EQ(r.header("Idempotency-Key"), "li.k1X: y") << "nothing ends a header";
}

TEST(notify, a_telephone_systems_no_is_its_own_and_all_else_is_no_answer) {
    loopback_gateway pbx;
    manual_clock clock{evening};
    notify::dial_hook hook(telephone_at(pbx), "its secret", {}, clock);
    for (auto const& [status, came] : {std::pair{204, app::dialled::accepted},
                                       {409, app::dialled::refused},
                                       {404, app::dialled::refused},
                                       {401, app::dialled::unreachable},
                                       {503, app::dialled::unreachable}}) {
        pbx.answers(status);
        EXPECT_EQ(asks(hook), came) << status;
    }
    pbx.hangs();
    EXPECT_EQ(asks(hook), app::dialled::unreachable);
    runtime::telephone_config far;
    far.dial_url = "http://pbx.example/dial";
    EXPECT_THROW(notify::dial_hook(far, "s", {}, clock), std::runtime_error) << "in clear";
}

namespace {

runtime::notify_config with_mail(loopback_mail_server const& server) {
    runtime::notify_config c;
    c.email.url = server.url();
    c.email.from = "linli@example.org";
    c.email.user = "linli";
    c.email.password_file = secret_file("mail secret");
    c.email.timeout_s = 5;
    c.ca_file = certificate().certificate;
    return c;
}

} // namespace

TEST(notify, a_mail_goes_by_starttls_with_a_login) {
    loopback_mail_server server(&certificate());
    EXPECT_EQ(in_words(notify::carry_now(with_mail(server), letter(channel::email))), "accepted");
    ASSERT_THAT(server.mails(), SizeIs(1));
    auto const m = server.mails()[0];
    EXPECT_TRUE(m.over_tls);
    EXPECT_EQ(m.login, notify::base64(std::string("\0linli\0mail secret", 18)) + "\r\n");
    EXPECT_THAT(m.from, HasSubstr("<linli@example.org>"));
    EXPECT_THAT(m.to, HasSubstr("<daughter@example.org>"));
    EXPECT_THAT(m.text, HasSubstr("Date: Thu, 01 Jan 2026 12:00:00 +0000\r\n"));
    EXPECT_THAT(m.text,
                HasSubstr("Message-ID: <01a205b3-d000-7005-8968-93b9d2c24ee9@example.org>"));
    EXPECT_THAT(m.text, HasSubstr(notify::base64(letter(channel::email).text)));
    EXPECT_THAT(m.text,
                HasSubstr("Subject: =?UTF-8?B?" + notify::base64("邻里：王秀兰的通知，一个比")));
}

TEST(notify, no_mail_goes_in_clear) {
    loopback_mail_server plain(nullptr);
    EXPECT_EQ(in_words(notify::carry_now(with_mail(plain), letter(channel::email))),
              "unreachable tls");
    EXPECT_THAT(plain.mails(), IsEmpty());
}

TEST(notify, no_mail_goes_to_a_wrong_certificate) {
    loopback_mail_server server(&certificate());
    auto c = with_mail(server);
    c.ca_file.clear();
    EXPECT_EQ(in_words(notify::carry_now(c, letter(channel::email))), "unreachable certificate");
    EXPECT_THAT(server.mails(), IsEmpty());
}

TEST(notify, an_address_that_the_mail_server_refuses_is_refused) {
    loopback_mail_server server(&certificate());
    server.refuses_receivers();
    EXPECT_EQ(in_words(notify::carry_now(with_mail(server), letter(channel::email))),
              "refused smtp_550");
}

TEST(notify, a_check_connects_and_sends_nothing) {
    loopback_gateway gateway(&certificate());
    auto c = with_sms(gateway);
    EXPECT_THAT(notify::trouble_with(c, channel::sms), HasSubstr("certificate"));
    c.ca_file = certificate().certificate;
    EXPECT_EQ(notify::trouble_with(c, channel::sms), "");
    EXPECT_THAT(gateway.requests(), IsEmpty());
    loopback_mail_server server(&certificate());
    EXPECT_EQ(notify::trouble_with(with_mail(server), channel::email), "");
    EXPECT_THAT(server.mails(), IsEmpty());
}

// ------------------------------------------------------------------ words

TEST(notices, the_shipped_file_has_words_for_every_reason_and_kind) {
    auto const texts = files::load_notices(shipped_config("notices.toml"));
    auto const said = app::word_notice(texts, "fr", letter(channel::sms).about,
                                       {"王秀兰", "s1", "12349", domain::minutes(480)});
    EXPECT_EQ(said.text,
              "【邻里】王秀兰20:00按下了呼救按钮，我们正在处理。请保持电话畅通，可拨12349。");
}

TEST(notices, all_that_is_wrong_is_told_with_its_place) {
    try {
        files::parse_notices("[zh]\nsubject = \"{address}\"\n", "notices.toml");
        FAIL();
    } catch (std::exception const& e) {
        EXPECT_THAT(e.what(), HasSubstr("notices.toml:2: {address} can't be said here"));
        EXPECT_THAT(e.what(), HasSubstr("zh.contacts"));
    }
    EXPECT_THROW(files::parse_notices("", "notices.toml"), files::file_error);
}

TEST(notices, a_notice_is_read_back_from_its_row) {
    auto n = letter(channel::sms).about;
    n.alert.value.bytes[3] = 7;
    n.why = domain::notice_reason::help_comes;
    n.to = domain::audience::duty_phone;
    n.kind = domain::alert_kind::gas;
    n.level = domain::priority::p2;
    n.resident = {"r1"};
    n.home = {"h\"1"};
    n.area = {"620102"};
    EXPECT_EQ(wire::read_notice(wire::encode_notice(n)).value(), n);
    EXPECT_EQ(wire::encode_notice(n),
              R"({"alert":"00000007-0000-0000-0000-000000000000","event":"w1:1:1",)"
              R"("why":"help_comes","to":"duty_phone","kind":"gas","level":2,"resident":"r1",)"
              R"("home":"h\"1","area":"620102","site":"s1","at":1767268800000000})");
    for (char const* bad : {"", "[]", "{}", R"({"alert":7})"})
        EXPECT_FALSE(wire::read_notice(bad)) << bad;
}

} // namespace linli::tests
