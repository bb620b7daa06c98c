// The pages' way through the whole house: by TLS, on the real database and broker.
#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/page_client.hpp"
#include "system/house.hpp"
#include "system/signed_in.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

namespace json = boost::json;
using domain::role;
using testing::HasSubstr;

class console : public testing::Test {
protected:
    console() : h(small_city()) {
        h.opens_console();
        h.adds_user("zhang", role::shift_leader, "620102");
        h.adds_user("li", role::operator_, "620102");
        h.adds_user("far", role::operator_, "330100");
    }

    // The feed as this page hears it, until a message fits.
    static json::value hears(page_client& page, std::function<bool(json::value const&)> fits) {
        for (int i = 0; i < 100; ++i) {
            auto const frame = page.next_frame();
            if (frame.opcode != 1) break;
            auto const said = json::parse(frame.payload);
            if (fits(said)) return said;
        }
        throw std::runtime_error("the feed did not say it");
    }
    static bool has_line(json::value const& update, std::string const& state) {
        auto const* lines = update.as_object().if_contains("lines");
        if (!lines) return false;
        for (auto const& each : lines->as_array())
            if (each.at("state").as_string() == state) return true;
        return false;
    }

    house h;
};

TEST_F(console, a_press_is_seen_claimed_noted_and_closed) {
    signed_in feed(h, "li");
    ASSERT_EQ(feed.upgrades("/v1/live").status, 101);
    feed.frames(1, R"({"hello":{}})");
    hears(feed, [](auto const& said) { return said.as_object().contains("snapshot"); });
    signed_in desk(h, "li");
    h.device("w1").sends(domain::signal_kind::sos);
    auto const seen = hears(feed, [](auto const& said) { return has_line(said, "raised"); });
    auto const& line = seen.at("lines").as_array().at(0).as_object();
    EXPECT_EQ(line.at("subject").as_string(), "resident:r1");
    auto const id = std::string(line.at("id").as_string());
    EXPECT_EQ(desk.post("/v1/alerts/" + id + "/claim", "{}").status, 200);
    auto const held = hears(feed, [](auto const& said) { return has_line(said, "claimed"); });
    EXPECT_EQ(held.at("lines").as_array().at(0).at("holder").as_string(), "li");
    auto const card = desk.get("/v1/alerts/" + id);
    EXPECT_EQ(card.status, 200) << card.body;
    EXPECT_EQ(json::parse(card.body).at("residents").as_array().size(), 1U);
    EXPECT_GE(h.count("access_log where who = 'li' and what = 'card'"), 1);
    // Two desks: who comes second hears who holds it.
    signed_in other(h, "zhang");
    auto const late = other.post("/v1/alerts/" + id + "/claim", "{}");
    EXPECT_EQ(late.status, 409);
    EXPECT_THAT(late.body, HasSubstr("\"holder\":\"li\""));
    EXPECT_EQ(
        desk.post("/v1/alerts/" + id + "/note", R"({"text":"speaks"})", "Idempotency-Key: a\r\n")
            .status,
        200);
    EXPECT_EQ(
        desk.post("/v1/alerts/" + id + "/note", R"({"text":"speaks"})", "Idempotency-Key: a\r\n")
            .status,
        200);
    EXPECT_EQ(h.count("log where what = 'noted'"), 1);
    auto const closed =
        desk.post("/v1/alerts/" + id + "/close", R"({"outcome":"helped","text":"she is well"})");
    EXPECT_EQ(closed.status, 200) << closed.body;
    hears(feed, [&](auto const& said) { return has_line(said, "closed"); });
    // Proof, for who may see it, and nothing for another city's desk.
    auto const proof = other.get("/v1/alerts/" + id + "/evidence");
    EXPECT_EQ(proof.status, 200);
    EXPECT_THAT(proof.body, HasSubstr("\"hash\""));
    signed_in far(h, "far");
    EXPECT_EQ(far.get("/v1/alerts/" + id).status, 404);
    EXPECT_EQ(far.post("/v1/alerts/" + id + "/note", R"({"text":"x"})").status, 404);
    // Who signs out is told so.
    EXPECT_EQ(desk.asks({"DELETE", "/v1/session", {}, {}}).status, 204);
    EXPECT_EQ(desk.get("/v1/session").status, 401);
    EXPECT_THAT(h.tells("/readyz"), HasSubstr("\"console\""));
}

TEST_F(console, what_is_sent_again_after_a_restart_is_done_once) {
    h.device("w1").sends(domain::signal_kind::sos);
    auto const path = "/v1/alerts/" + to_string(h.sees_alert("resident:r1")) + "/note";
    auto const* const words = R"({"text":"speaks"})";
    auto const* const key = "Idempotency-Key: a\r\n";
    auto const first = signed_in(h, "li").post(path, words, key);
    EXPECT_EQ(first.status, 200) << first.body;
    h.server_stops();
    h.server_starts();
    auto const again = signed_in(h, "li").post(path, words, key);
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(h.count("log where what = 'noted'"), 1);
    EXPECT_EQ(h.count("command_answer where who = 'li' and status = 200"), 1);
}

TEST_F(console, the_office_adds_somebody_and_says_what_a_night_would_be) {
    h.adds_user("chief", role::administrator, "620100");
    h.adds_user("audit", role::audit_officer, "620100");
    signed_in office(h, "chief");
    auto const added = office.post("/v1/users", R"({"user":{"user":"wang","name":"王芳",
        "role":"operator","area":"620102","site":"s1"}})");
    ASSERT_EQ(added.status, 200) << added.body;
    auto const password = std::string(json::parse(added.body).at("password").as_string());
    page_client wang(h.console_port(), h.folder() / "console/ca.crt");
    auto const in = R"({"user":"wang","password":")" + password + "\"}";
    EXPECT_EQ(wang.post("/v1/session", in).status, 200);
    EXPECT_EQ(office.post("/v1/users/wang/disable", "{}").status, 200);
    EXPECT_EQ(wang.get("/v1/session").status, 401);
    EXPECT_THAT(office.get("/v1/users?q=%E7%8E%8B").body, HasSubstr("\"areaName\":\"城关区\""));
    auto const tried = office.post("/v1/plans/dry_run", R"({"kind":"sos","resident":"r1"})");
    ASSERT_EQ(tried.status, 200) << tried.body;
    EXPECT_THAT(tried.body, HasSubstr("\"what\":\"rung\""));
    EXPECT_EQ(h.count("alert"), 0);

    signed_in audit(h, "audit");
    EXPECT_THAT(audit.get("/v1/access_log?subject=user:wang").body, HasSubstr("user_disabled"));
    EXPECT_THAT(audit.get("/v1/reports/tonight?kind=key").body, HasSubstr("no_key"));
    auto const month = audit.get("/v1/reports/service?period=2026-11");
    ASSERT_EQ(month.status, 200) << month.body;
    EXPECT_EQ(json::parse(month.body).at("lines").as_array().size(), 2U);
}

TEST_F(console, says_away_while_the_database_is_and_changes_nothing) {
    signed_in desk(h, "li");
    h.device("w1").sends(domain::signal_kind::sos);
    auto const id = to_string(h.sees_alert("resident:r1"));
    house::database("stop");
    auto const away = desk.post("/v1/alerts/" + id + "/claim", "{}");
    house::database("start");
    EXPECT_EQ(away.status, 503) << away.body;
    EXPECT_EQ(away.headers.count("retry-after"), 1U);
    // The same press of the button again, until the pages' own connections are back as well.
    until("she has it",
          [&] { return desk.post("/v1/alerts/" + id + "/claim", "{}").status == 200; });
}

} // namespace

} // namespace linli::tests
