// An installation's telephone system, on the real server by HTTPS: the card pops, the call joins,
// nobody who was missed is forgotten, and nothing forged gets in.
#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/notify/signature.hpp"
#include "support/loopback_gateway.hpp"
#include "support/page_client.hpp"
#include "system/house.hpp"
#include "system/signed_in.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

namespace json = boost::json;
using domain::role;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

constexpr auto secret = "a secret of the telephone system";

class telephone : public testing::Test {
protected:
    telephone() : h(small_city()) {
        h.opens_console();
        h.connects_telephone(secret, pbx.url("/dial"));
        h.adds_user("li", role::operator_, "620102");
        h.adds_user("far", role::operator_, "330100");
    }

    page_client page() { return {h.console_port(), h.folder() / "console/ca.crt"}; }
    // As a telephone system sends it: no cookie, a time and a signature.
    page_client::words report(std::string const& call, std::string const& event,
                              std::string const& number, char const* by = secret) {
        auto const body = R"({"call":")" + call + R"(","event":")" + event + R"(","number":")" +
                          number + R"(","called":"12349","seat":"li"})";
        auto const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
        auto const at = std::to_string(now.time_since_epoch().count());
        return {"POST", "/v1/calls", body,
                "Linli-Timestamp: " + at +
                    "\r\nLinli-Signature: " + notify::signature(by, at, body) + "\r\n"};
    }
    json::value tells(std::string const& call, std::string const& event,
                      std::string const& number) {
        auto at = page();
        auto const answer = at.asks(report(call, event, number));
        EXPECT_EQ(answer.status, 200) << answer.body;
        return json::parse(answer.body);
    }

    // The call as the page hears it, in that state.
    static json::object hears(page_client& feed, std::string const& state) {
        for (int i = 0; i < 100; ++i) {
            auto const frame = feed.next_frame();
            if (frame.opcode != 1) break;
            auto const said = json::parse(frame.payload);
            auto const* lines = said.as_object().if_contains("lines");
            if (!lines) continue;
            for (auto const& each : lines->as_array())
                if (each.at("of").as_string() == "call" && each.at("state").as_string() == state)
                    return each.as_object();
        }
        throw std::runtime_error("the feed did not tell of a call that is " + state);
    }
    static void listens(page_client& feed) {
        ASSERT_EQ(feed.upgrades("/v1/live").status, 101);
        feed.frames(1, R"({"hello":{}})");
    }

    loopback_gateway pbx;
    house h;
};

TEST_F(telephone, a_ringing_call_pops_at_the_desk_and_joins_the_alert_of_its_home) {
    signed_in feed(h, "li");
    listens(feed);
    h.device("w1").sends(domain::signal_kind::sos);
    auto const alert = h.sees("resident:r1", domain::alert_state::raised);
    auto const taken = tells("c1", "ringing", "0001-1112222");
    EXPECT_EQ(taken.at("outcome").as_string(), "joined");
    EXPECT_EQ(taken.at("alert").as_string(), to_string(alert.id));
    auto const line = hears(feed, "ringing");
    EXPECT_EQ(line.at("call").at("alert").as_string(), to_string(alert.id));
    EXPECT_EQ(line.at("call").at("callers").at(0).at("id").as_string(), "r1");
    EXPECT_THAT(std::string(line.at("call").at("number").as_string()), HasSubstr("****"));
    tells("c1", "answered", "");
    EXPECT_EQ(hears(feed, "answered").at("call").at("seat").as_string(), "li");
    tells("c1", "ended", "");
    auto const log = h.log_of(alert.id);
    for (auto const* what : {"called ", "call_answered ", "call_ended "})
        EXPECT_THAT(log, Contains(StartsWith(what)));
    EXPECT_EQ(h.count("signal where alert is not null"), 1) << "the call has pressed no button";
    EXPECT_EQ(h.count("call c where c::text like '%1112222%'"), 0) << "no number lies open";
}

TEST_F(telephone, a_missed_call_of_a_number_that_is_known_is_a_request_to_ring_back) {
    signed_in desk(h, "li");
    tells("c1", "ringing", "00011113333");
    auto const taken = tells("c1", "ended", "00011113333");
    EXPECT_EQ(taken.at("outcome").as_string(), "missed");
    auto const request = std::string(taken.at("request").as_string());
    EXPECT_EQ(h.count("request where subject = 'resident:r2' and state = 'open'"), 1);
    auto const call = "/v1/calls/" + std::string(taken.at("id").as_string());
    signed_in far(h, "far");
    EXPECT_EQ(far.post(call + "/reveal", "{}").status, 404) << "another city's";
    EXPECT_THAT(desk.post(call + "/reveal", "{}").body, HasSubstr("00011113333"));
    EXPECT_EQ(desk.post(call + "/dial", "{}").status, 200);
    EXPECT_THAT(pbx.requests().at(0).body, HasSubstr(R"("seat":"li","number":"00011113333")"));
    EXPECT_EQ(h.count("access_log where who = 'li' and what = 'phone' and "
                      "subject = 'resident:r2'"),
              2);
    pbx.answers(409);
    EXPECT_EQ(desk.post(call + "/dial", "{}").status, 409);
    pbx.answers(500);
    EXPECT_EQ(desk.post("/v1/requests/" + request + "/dial", R"({"field":"phone"})").status, 502);
    EXPECT_EQ(desk.post("/v1/requests/" + request + "/ring_back", R"({"text":"well"})").status,
              200);
    EXPECT_EQ(h.count("request where state = 'open'"), 0);
}

TEST_F(telephone, an_operator_makes_of_a_call_what_it_is) {
    signed_in desk(h, "li");
    auto const taken = tells("c1", "answered", "00011112222");
    auto const call = "/v1/calls/" + std::string(taken.at("id").as_string());
    EXPECT_EQ(desk.post(call + "/no_case", R"({"outcome":"silent"})").status, 422);
    auto const opened = desk.post(call + "/open_alert", R"({"resident":"r1"})");
    EXPECT_EQ(opened.status, 200) << opened.body;
    auto const alert = h.sees("resident:r1", domain::alert_state::raised);
    EXPECT_EQ(h.count("call where outcome = 'alert' and alert = '" + to_string(alert.id) +
                      "' and decided_by = 'li'"),
              1);
    EXPECT_EQ(desk.post(call + "/no_case", R"({"outcome":"test"})").status, 409);
}

TEST_F(telephone, nothing_forged_or_replayed_gets_in_and_all_of_it_is_counted) {
    auto stranger = page();
    EXPECT_EQ(stranger.asks(report("c1", "ringing", "1", "a guess")).status, 401);
    EXPECT_EQ(h.count("call"), 0);
    auto const honest = report("c1", "ringing", "1");
    EXPECT_EQ(page().asks(honest).status, 200);
    EXPECT_EQ(page().asks(honest).status, 409);
    h.counts("linli_calls_refused_total{why=\"forged\"}", 1);
    h.counts("linli_calls_refused_total{why=\"replayed\"}", 1);
    EXPECT_EQ(h.count("call"), 1);
}

} // namespace

} // namespace linli::tests
