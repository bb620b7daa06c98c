// An operator's telephone in her page: who gets what, and for which call she may wish what.
#include "api/api_house.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace linli::tests {
namespace {

struct her_telephone : api_house {
    std::string const zhang = signs_in(role::operator_);
    domain::operator_id const her{"operator.310000"};

    boost::json::value credentials() {
        return boost::json::parse(post("/v1/hotline/credentials", zhang).body);
    }
    boost::json::value says(std::string const& word) {
        return boost::json::parse(
            post("/v1/hotline/seat", zhang, "{\"state\":\"" + word + "\"}").body);
    }
    void rings(char const* source = "hotline") {
        domain::call_report told;
        told.source = source;
        told.name = "c1";
        told.number = "13800000001";
        told.what = domain::call_event::ringing;
        told.at = bench.clock.now();
        ASSERT_TRUE(run_on(bench.loop, calls.report(told)));
    }
    // A call of ours that she talks on.
    void talks(domain::operator_id const& who) {
        rings();
        auto seat =
            run_on(bench.loop, seats.says(who, domain::seat_word::ready, {}, bench.clock.now()))
                .value();
        seat.is = domain::seat_state::talking;
        seat.call = only_call().id;
        ASSERT_TRUE(run_on(bench.loop, seats.stands({{}, {seat}})));
    }
    long seen_as(std::string const& what) {
        auto const rows = run_on(bench.loop, keeper.seen({}, {}, 100)).value();
        return std::ranges::count(rows, what, &app::seen_entry::what);
    }
    std::vector<app::wished> wishes() { return run_on(bench.loop, seats.wishes()).value(); }
};

std::string hmac_of(std::string const& name, std::string const& secret) {
    std::array<unsigned char, 20> mac{};
    unsigned int size = 0;
    HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<unsigned char const*>(name.data()), name.size(), mac.data(), &size);
    std::array<unsigned char, 64> text{};
    auto const length = EVP_EncodeBlock(text.data(), mac.data(), static_cast<int>(size));
    return {reinterpret_cast<char const*>(text.data()), static_cast<std::size_t>(length)};
}

TEST_F(her_telephone, gets_what_its_edge_lets_it_in_by_for_five_minutes) {
    auto const got = credentials();
    auto const until = std::chrono::floor<std::chrono::seconds>(bench.clock.now() + 5min);
    auto const user = std::to_string(until.time_since_epoch().count()) + ":operator.310000";
    EXPECT_EQ(got.at("address").as_string(), "sip:operator.310000@hotline.invalid");
    EXPECT_EQ(got.at("user").as_string(), user);
    EXPECT_EQ(got.at("password").as_string(), hmac_of(user, "the edge's"));
    EXPECT_EQ(got.at("wss").as_string(), "wss://desk.example:7443");
}

TEST_F(her_telephone, registers_at_another_host_if_the_house_says_so) {
    hotline.edge = "wss://edge.example:443";
    EXPECT_EQ(credentials().at("wss").as_string(), "wss://edge.example:443");
}

TEST_F(her_telephone, is_offered_to_whoever_may_claim_if_there_is_a_hotline) {
    auto const is_offered_to = [&](role who) {
        auto const session = boost::json::parse(get("/v1/session", signs_in(who)).body);
        return session.as_object().contains("telephone");
    };
    EXPECT_TRUE(is_offered_to(role::operator_));
    EXPECT_FALSE(is_offered_to(role::worker));
    hotline.edge_secret.clear();
    EXPECT_FALSE(is_offered_to(role::operator_)) << "seats are plain telephones";
    EXPECT_EQ(code_of(post("/v1/hotline/credentials", zhang)), "no_hotline");
}

TEST_F(her_telephone, is_ready_when_she_says_so_and_gone_when_nothing_is_heard_of_it) {
    EXPECT_EQ(boost::json::parse(get("/v1/hotline/seat", zhang).body).at("state").as_string(),
              "away");
    EXPECT_EQ(says("ready").at("state").as_string(), "ready");
    bench.clock.fast_forward(20s);
    EXPECT_EQ(says("here").at("state").as_string(), "ready");
    bench.clock.fast_forward(31s);
    EXPECT_EQ(boost::json::parse(get("/v1/hotline/seat", zhang).body).at("state").as_string(),
              "away");
}

TEST_F(her_telephone, keeps_the_languages_that_she_speaks) {
    auto const said =
        post("/v1/hotline/seat", zhang, R"({"state":"ready","languages":["wuu","en"]})");
    EXPECT_THAT(said.body, HasSubstr(R"("languages":["en","wuu"])"));
    for (auto const* body :
         {R"({"state":"busy"})", R"({"state":"ready","languages":["<script>"]})", "{}"})
        EXPECT_EQ(post("/v1/hotline/seat", zhang, body).status, 422U) << body;
    EXPECT_EQ(post("/v1/hotline/seat", zhang, "[").status, 400U);
}

TEST_F(her_telephone, wishes_for_the_call_that_she_talks_on) {
    talks(her);
    for (auto const& [wish, name] : domain::names<domain::call_wish>::table) {
        using enum domain::call_wish;
        if (wish == transfer || wish == add_third || wish == listen) continue;
        EXPECT_EQ(post(call_path(std::string(name)), zhang).status, 202U) << name;
        EXPECT_EQ(wishes().back().what, wish);
        EXPECT_EQ(wishes().back().by, her);
    }
}

TEST_F(her_telephone, hands_it_to_somebody_or_to_a_number_and_not_to_both) {
    talks(her);
    EXPECT_EQ(code_of(post(call_path("transfer"), zhang, R"({"to":"li"})")), "not_ready");
    EXPECT_TRUE(wishes().empty());
    seats.has_account("li");
    ASSERT_TRUE(
        run_on(bench.loop, seats.says({"li"}, domain::seat_word::ready, {}, bench.clock.now())));
    EXPECT_EQ(post(call_path("transfer"), zhang, R"({"to":"li"})").status, 202U);
    EXPECT_EQ(wishes().back().to.value, "li");
    EXPECT_EQ(post(call_path("transfer"), zhang, R"({"number":"138 0000 0001"})").status, 202U);
    EXPECT_EQ(wishes().back().number, "13800000001");
    for (auto const* body : {"{}", R"({"to":"li","number":"120"})", R"({"number":"-"})",
                             R"({"to":"li@elsewhere"})", R"({"number":"123456789012345678901"})"})
        EXPECT_EQ(post(call_path("transfer"), zhang, body).status, 422U) << body;
}

TEST_F(her_telephone, asks_somebody_in_as_she_hands_it_on) {
    talks(her);
    EXPECT_EQ(code_of(post(call_path("add_third"), zhang, R"({"to":"li"})")), "not_ready");
    EXPECT_EQ(post(call_path("add_third"), zhang, "{}").status, 422U);
    EXPECT_EQ(post(call_path("add_third"), zhang, R"({"number":"120"})").status, 202U);
    EXPECT_EQ(wishes().back().what, domain::call_wish::add_third);
    EXPECT_EQ(wishes().back().number, "120");
}

TEST_F(her_telephone, is_listened_to_by_who_leads_the_shift_and_it_is_written_down_first) {
    talks(her);
    EXPECT_EQ(post(call_path("listen"), zhang).status, 403U);
    auto const leader = signs_in(role::shift_leader);
    seats.away(true);
    EXPECT_EQ(post(call_path("listen"), leader).status, 503U);
    EXPECT_EQ(seen_as("listen"), 1) << "written although nothing rang";
    seats.away(false);
    EXPECT_EQ(post(call_path("listen"), leader).status, 202U);
    EXPECT_EQ(seen_as("listen"), 2);
    EXPECT_EQ(wishes().back().what, domain::call_wish::listen);
    EXPECT_NE(wishes().back().by, her);
}

TEST_F(her_telephone, wishes_nothing_for_somebody_elses_call) {
    seats.has_account("li");
    talks({"li"});
    EXPECT_EQ(code_of(post(call_path("hang_up"), zhang)), "not_yours");
    EXPECT_TRUE(wishes().empty());
    EXPECT_EQ(post(call_path("hang_up"), signs_in(role::shift_leader)).status, 202U);
}

TEST_F(her_telephone, wishes_nothing_for_a_call_that_is_over_or_anothers_telephones) {
    rings("pbx");
    EXPECT_EQ(code_of(post(call_path("hold"), signs_in(role::shift_leader))), "over");
}

TEST_F(her_telephone, stands_beside_what_all_seats_do_and_who_waits) {
    rings();
    EXPECT_EQ(says("ready").at("state").as_string(), "ready");
    auto const is = boost::json::parse(get("/v1/hotline/now", zhang).body);
    EXPECT_EQ(is.at("waiting"), 1);
    EXPECT_TRUE(is.as_object().contains("longestSince"));
    EXPECT_EQ(is.at("ready"), 1);
    EXPECT_FALSE(is.as_object().contains("calls")) << "he isn't answered yet";
    EXPECT_EQ(get("/v1/hotline/now", signs_in(role::worker)).status, 403U);
    seats.away(true);
    EXPECT_EQ(get("/v1/hotline/now", zhang).status, 503U);
}

struct looked_into : her_telephone {
    std::string const leader = signs_in(role::shift_leader);
    std::string const words = R"({"text":"two seats ill, called in the reserve"})";
    looked_into() {
        rings();
        bench.clock.fast_forward(181s);
        EXPECT_EQ(run_on(bench.loop, wait_checks.open_due(bench.clock.now())).value(), 1);
    }
    boost::json::value listed(std::string const& query = "") {
        auto asked = request("GET", "/v1/hotline/checks", leader);
        asked.query = query;
        return boost::json::parse(answer(asked).body);
    }
};

TEST_F(looked_into, a_call_that_waited_too_long_is_before_whoever_reads_reports) {
    auto const page = listed();
    EXPECT_EQ(page.at("total"), 1);
    auto const& one = page.at("checks").at(0);
    EXPECT_EQ(one.at("call").as_string(), to_string(only_call().id));
    EXPECT_FALSE(one.as_object().contains("answeredAt"));
    EXPECT_EQ(boost::json::parse(get("/v1/hotline/now", leader).body).at("openChecks"), 1);
    EXPECT_EQ(get("/v1/hotline/checks", zhang).status, 403U);
    EXPECT_FALSE(
        boost::json::parse(get("/v1/hotline/checks", signs_in(role::quality, "999999")).body)
            .as_object()
            .contains("checks"))
        << "not in her area";
    for (auto const* query : {"closed=no", "page=x", "per_page=101"}) {
        auto asked = request("GET", "/v1/hotline/checks", leader);
        asked.query = query;
        EXPECT_EQ(answer(asked).status, 422U) << query;
    }
}

TEST_F(looked_into, is_closed_with_words_by_whoever_answers_for_it_and_once) {
    EXPECT_EQ(post(call_path("close_check"), zhang, words).status, 403U);
    EXPECT_EQ(code_of(post(call_path("close_check"), leader, R"({"text":""})")), "needs_reason");
    EXPECT_EQ(post(call_path("close_check"), leader, words).status, 200U);
    EXPECT_EQ(code_of(post(call_path("close_check"), leader, words)), "closed");
    EXPECT_FALSE(listed().as_object().contains("checks"));
    auto const one = listed("closed=yes").at("checks").at(0);
    EXPECT_EQ(one.at("words").as_string(), "two seats ill, called in the reserve");
    EXPECT_EQ(one.at("closedBy").as_string(), "shift_leader.310000");
}

TEST_F(her_telephone, has_no_check_of_a_call_that_did_not_wait) {
    rings();
    EXPECT_EQ(
        code_of(post(call_path("close_check"), signs_in(role::shift_leader), R"({"text":"why"})")),
        "no_check");
}

TEST_F(her_telephone, is_in_the_hotlines_report_and_its_spreadsheet) {
    auto asked = request("GET", "/v1/reports/hotline", signs_in(role::quality));
    asked.query = "period=2026-01-01";
    auto const told = boost::json::parse(answer(asked).body);
    EXPECT_EQ(told.at("lines").at(2).at("part").as_string(), "seat");
    EXPECT_EQ(told.at("lines").at(2).at("figures").at(0).at("name").as_string(), "occupancy");
    EXPECT_EQ(told.at("worst").at("calls"), 3);
    asked.query = "period=2026-01-01&format=csv";
    auto const sheet = answer(asked);
    EXPECT_EQ(sheet.content_type, "text/csv; charset=utf-8");
    EXPECT_THAT(sheet.body,
                HasSubstr(R"("2026-01-01","310000",line,"'=12349","calls",3,3,0,count)"));
    EXPECT_THAT(
        sheet.body,
        HasSubstr(R"(worst_day,"2025-12-31T16:00:00Z","calls_answered_in_15s",0.6666666667,2,3)"));
    asked.query = "period=2026-1";
    EXPECT_EQ(answer(asked).status, 422U);
    asked.query = "period=2026-01&format=pdf";
    EXPECT_EQ(answer(asked).status, 422U);
}

TEST_F(her_telephone, hangs_up_once_however_often_its_key_comes) {
    talks(her);
    auto wish = request("POST", call_path("hang_up"), zhang);
    wish.idempotency_key = "k1";
    auto const first = answer(wish);
    auto const second = answer(wish);
    EXPECT_EQ(first.status, 202U);
    EXPECT_EQ(second.status, 202U);
    EXPECT_EQ(first.body, second.body);
    EXPECT_EQ(wishes().size(), 1U);
}

TEST_F(her_telephone, says_that_the_record_is_away) {
    talks(her);
    seats.away(true);
    EXPECT_EQ(post(call_path("hold"), zhang).status, 503U);
    EXPECT_EQ(post("/v1/hotline/seat", zhang, R"({"state":"ready"})").status, 503U);
}

// ------------------------------------------------------------------ what was spoken

struct what_was_spoken : her_telephone {
    std::string const qian = signs_in(role::quality);
    std::string const words = "spoken by somebody, and longer than a part";

    void is_recorded() {
        rings();
        auto const id = only_call().id;
        ASSERT_TRUE(run_on(bench.loop, recorded.begun(id, bench.clock.now())));
        app::call_pieces const pieces{"c1", {words}, false};
        auto const made = run_on(bench.loop, sealed.seal(id, pieces)).value();
        ASSERT_TRUE(run_on(bench.loop, recorded.seal(id, made)).value());
    }
    api_reply part(std::string const& token, std::string range) {
        auto asked = request("GET", its_path(), token);
        asked.range = std::move(range);
        return answer(std::move(asked));
    }
    std::string its_path() { return call_path("recordings/" + to_string(only_call().id)); }
    std::vector<app::seen_entry> listenings() {
        auto all = keeper.log();
        std::erase_if(all, [](app::seen_entry const& each) { return each.what != "recording"; });
        return all;
    }
};

TEST_F(what_was_spoken, is_told_by_parts_and_each_listening_is_written_down_once) {
    is_recorded();
    auto const first = part(qian, "bytes=0-9");
    EXPECT_EQ(first.status, 206U);
    EXPECT_EQ(first.content_type, "audio/wav");
    EXPECT_EQ(first.body, words.substr(0, 10));
    EXPECT_EQ(header_of(first, "Content-Range"), "bytes 0-9/" + std::to_string(words.size()));
    EXPECT_EQ(part(qian, "bytes=10-").body, words.substr(10));
    ASSERT_EQ(listenings().size(), 1U);
    EXPECT_EQ(listenings()[0].who.value, "quality.310000");
    EXPECT_EQ(listenings()[0].subject, "resident:r1");
    EXPECT_EQ(listenings()[0].why, to_string(only_call().id));
    bench.clock.fast_forward(10min);
    EXPECT_EQ(part(qian, "bytes=3-").status, 206U);
    EXPECT_EQ(listenings().size(), 2U) << "also from the middle";
    EXPECT_EQ(get(its_path(), qian).body, words) << "a short one as a whole, too";
}

TEST_F(what_was_spoken, is_not_told_when_the_listening_can_not_be_written_down) {
    is_recorded();
    keeper.away(true);
    auto const refused = part(qian, "bytes=0-9");
    EXPECT_EQ(refused.status, 503U);
    EXPECT_THAT(refused.body, Not(HasSubstr("spoken")));
    keeper.away(false);
    EXPECT_TRUE(listenings().empty());
}

TEST_F(what_was_spoken, is_for_whoever_may_listen_in_that_area) {
    is_recorded();
    for (auto const& [who, name] : domain::names<role>::table)
        EXPECT_EQ(part(signs_in(who), "bytes=0-").status,
                  domain::may(who, domain::right::see_evidence) ? 206U : 403U)
            << name;
    EXPECT_EQ(part(signs_in(role::quality, "999999"), "bytes=0-").status, 404U);
}

TEST_F(what_was_spoken, says_why_there_is_nothing_to_hear) {
    rings();
    EXPECT_EQ(code_of(part(qian, "bytes=0-")), "not_recorded");
    auto const id = only_call().id;
    ASSERT_TRUE(run_on(bench.loop, recorded.begun(id, bench.clock.now())));
    EXPECT_EQ(code_of(part(qian, "bytes=0-")), "recording");
    app::call_pieces const pieces{"c1", {words}, false};
    auto const made = run_on(bench.loop, sealed.seal(id, pieces)).value();
    ASSERT_TRUE(run_on(bench.loop, recorded.seal(id, made)).value());
    EXPECT_EQ(part(qian, "bytes=100-").status, 416U);
    EXPECT_EQ(part(qian, "bytes=0-1,3-4").status, 416U);
    EXPECT_TRUE(listenings().empty());
    sealed.sealed_.clear();
    EXPECT_EQ(code_of(part(qian, "bytes=0-")), "elsewhere");
    recorded.lets_go(id);
    EXPECT_EQ(code_of(part(qian, "bytes=0-")), "gone");
    hotline.recordings = nullptr;
    EXPECT_EQ(code_of(part(qian, "bytes=0-")), "not_recorded");
}

TEST_F(what_was_spoken, is_listed_with_how_long_it_is_kept) {
    is_recorded();
    auto const all = boost::json::parse(get(call_path("recordings"), qian).body);
    auto const& one = all.at("recordings").at(0);
    EXPECT_EQ(one.at("call").as_string(), to_string(only_call().id));
    EXPECT_EQ(one.at("state").as_string(), "sealed");
    EXPECT_EQ(one.at("lengthS").as_int64(), 3);
    EXPECT_TRUE(one.as_object().contains("goesAt"));
    EXPECT_TRUE(listenings().empty()) << "nobody has heard anything";
}

} // namespace
} // namespace linli::tests
