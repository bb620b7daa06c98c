// A resident's own data: his copy of it, and that it goes by two people's word.
#include "api/api_house.hpp"

namespace linli::tests {
namespace {

struct a_residents_data : api_house {
    std::string const path = "/v1/residents/r1/erasure";
    std::string const file = "/v1/residents/r1/file";
    std::string wang; // of his station, where he comes
    std::string li;   // who answers for the data

    void SetUp() override {
        api_house::SetUp();
        has_resident();
        wang = signs_in(role::station);
        li = signs_in(role::audit_officer);
    }
    std::string today() { return runtime::utc_text(bench.clock.now() + 480min).substr(0, 10); }
    api_reply asks(std::string const& token, std::string const& reason = "request") {
        return post(path + "/ask", token,
                    R"({"reason":")" + reason + R"(","wishedOn":")" + today() + "\"}");
    }
    boost::json::value stands() { return boost::json::parse(get(path, li).body); }
    std::string state() {
        auto const now = stands();
        auto const* asked = now.as_object().if_contains("asked");
        return asked ? std::string(asked->at("state").as_string()) : "none";
    }
    // The newest of the access log that is about him.
    app::seen_entry last_look() {
        auto const all = run_on(bench.loop, keeper.seen("resident:r1", {}, 1)).value();
        return all.empty() ? app::seen_entry{} : all.front();
    }
};

TEST_F(a_residents_data, is_asked_to_go_by_one_and_goes_by_another) {
    EXPECT_EQ(state(), "none");
    auto const asked = asks(wang);
    EXPECT_EQ(asked.status, 200U) << asked.body;
    auto const what = boost::json::parse(asked.body).at("asked");
    EXPECT_EQ(what.at("reason").as_string(), "request");
    EXPECT_EQ(what.at("wishedOn").as_string(), today());
    EXPECT_EQ(what.at("askedBy").as_string(), "station.310000");
    EXPECT_TRUE(erasures_kept.people["r1"].has_key) << "nothing has gone";
    EXPECT_EQ(post(path + "/confirm", wang).status, 403U);
    auto const done = post(path + "/confirm", li);
    EXPECT_EQ(done.status, 200U) << done.body;
    EXPECT_FALSE(erasures_kept.people["r1"].has_key);
    EXPECT_EQ(state(), "erased");
    EXPECT_EQ(stands().at("asked").at("confirmedBy").as_string(), "audit_officer.310000");
}

TEST_F(a_residents_data, does_not_go_by_one_persons_word) {
    asks(li);
    auto const alone = post(path + "/confirm", li);
    EXPECT_EQ(alone.status, 409U);
    EXPECT_EQ(code_of(alone), "alone");
    EXPECT_TRUE(erasures_kept.people["r1"].has_key);
}

TEST_F(a_residents_data, does_not_go_while_it_is_needed_and_the_answer_says_for_what) {
    erasures_kept.people["r1"].obstacles = {{domain::erasure_obstacle::device, "w1"}};
    auto const asked = boost::json::parse(asks(wang).body);
    ASSERT_EQ(asked.at("obstacles").as_array().size(), 1U);
    EXPECT_EQ(asked.at("obstacles").at(0).at("what").as_string(), "device");
    EXPECT_EQ(asked.at("obstacles").at(0).at("which").as_string(), "w1");
    auto const needed = post(path + "/confirm", li);
    EXPECT_EQ(needed.status, 409U);
    EXPECT_EQ(code_of(needed), "needed");
    EXPECT_TRUE(erasures_kept.people["r1"].has_key);
}

TEST_F(a_residents_data, is_asked_for_once_with_a_reason_and_the_day_on_which_he_came) {
    struct wrong {
        std::string body;
        std::string field;
    };
    for (auto const& each : {wrong{R"({"wishedOn":")" + today() + "\"}", "reason"},
                             {R"({"reason":"why not","wishedOn":")" + today() + "\"}", "reason"},
                             {R"({"reason":"request"})", "wishedOn"},
                             {R"({"reason":"request","wishedOn":"2099-01-01"})", "wishedOn"},
                             {R"({"reason":"request","wishedOn":"1999-01-01"})", "wishedOn"},
                             {R"({"reason":"request","wishedOn":"yesterday"})", "wishedOn"}}) {
        auto const refused = post(path + "/ask", wang, each.body);
        EXPECT_EQ(refused.status, 422U) << each.body;
        EXPECT_THAT(refused.body, HasSubstr('"' + each.field + '"')) << each.body;
    }
    EXPECT_EQ(post(path + "/ask", wang, "[").status, 400U);
    EXPECT_EQ(state(), "none");
    asks(wang);
    auto const twice = asks(li);
    EXPECT_EQ(twice.status, 409U);
    EXPECT_EQ(code_of(twice), "twice");
    EXPECT_THAT(twice.body, HasSubstr("station.310000")) << "by whom";
}

TEST_F(a_residents_data, stays_when_it_was_taken_back_or_refused_and_that_is_written_down) {
    EXPECT_EQ(code_of(post(path + "/withdraw", wang, R"({"why":"taken_back"})")), "not_asked");
    asks(wang);
    EXPECT_EQ(post(path + "/withdraw", li, R"({"why":"because"})").status, 422U);
    EXPECT_EQ(post(path + "/withdraw", li, R"({"why":"not_entitled"})").status, 200U);
    EXPECT_EQ(state(), "none");
    auto const before = stands().at("before").as_array();
    ASSERT_EQ(before.size(), 1U);
    EXPECT_EQ(before[0].at("state").as_string(), "withdrawn");
    EXPECT_EQ(before[0].at("withdrawnWhy").as_string(), "not_entitled");
    EXPECT_EQ(before[0].at("withdrawnBy").as_string(), "audit_officer.310000");
    EXPECT_EQ(asks(wang, "consent").status, 200U) << "he may come again";
    post(path + "/confirm", li);
    EXPECT_EQ(code_of(post(path + "/withdraw", wang, R"({"why":"taken_back"})")), "gone");
    EXPECT_EQ(code_of(asks(wang)), "gone");
}

TEST_F(a_residents_data, is_told_with_what_would_go_and_what_would_stay_how_long) {
    auto const told = [&](char const* list, std::string const& what) {
        auto const now = stands();
        for (auto const& each : now.at(list).as_array())
            if (each.at("what").as_string() == what) return serialize(each);
        return std::string("nothing");
    };
    EXPECT_EQ(told("goes", "registry"), R"({"what":"registry","atOnce":true})");
    EXPECT_EQ(told("goes", "telemetry"), R"({"what":"telemetry"})");
    EXPECT_EQ(told("goes", "home"), "nothing") << "somebody else lives there";
    EXPECT_EQ(told("stays", "home"), R"({"what":"home"})");
    EXPECT_EQ(told("stays", "backups"), R"({"what":"backups","days":35})");
    EXPECT_EQ(told("stays", "trail"), R"({"what":"trail"})") << "for ever";
    erasures_kept.people["r1"].lives_alone = true;
    EXPECT_EQ(told("goes", "home"), R"({"what":"home","atOnce":true})");
    EXPECT_EQ(told("stays", "home"), "nothing");
}

TEST_F(a_residents_data, is_listed_where_he_lives_those_that_wait_first) {
    asks(wang);
    auto const list = [&](std::string const& token, std::string const& query = {}) {
        auto asked = request("GET", "/v1/erasures", token);
        asked.query = query;
        return answer(asked);
    };
    auto const page = boost::json::parse(list(li).body);
    ASSERT_EQ(page.at("erasures").as_array().size(), 1U);
    EXPECT_EQ(page.at("erasures").at(0).at("resident").as_string(), "r1");
    EXPECT_EQ(page.at("total").to_number<int>(), 1);
    EXPECT_THAT(list(li).body, Not(HasSubstr("W**"))) << "ids and codes";
    EXPECT_THAT(list(li, "state=withdrawn").body, Not(HasSubstr("\"r1\"")));
    EXPECT_THAT(list(signs_in(role::station, "999999")).body, Not(HasSubstr("\"r1\"")));
    for (auto const* wrong : {"state=lost", "page=x", "per_page=101", "page=9999999"})
        EXPECT_EQ(list(li, wrong).status, 422U) << wrong;
}

TEST_F(a_residents_data, is_handed_out_whole_as_a_page_or_as_json_and_it_is_written_down_first) {
    auto const page = get(file, wang);
    EXPECT_EQ(page.status, 200U);
    EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
    EXPECT_EQ(header_of(page, "Content-Disposition"), "attachment; filename=\"r1.html\"");
    EXPECT_THAT(page.body, HasSubstr("王&lt;b&gt;秀兰")) << "nobody's name is markup";
    EXPECT_EQ(last_look().what, "person_file");
    EXPECT_EQ(last_look().who.value, "station.310000");
    auto asked = request("GET", file, li);
    asked.query = "format=json";
    auto const json = answer(asked);
    EXPECT_EQ(header_of(json, "Content-Disposition"), "attachment; filename=\"r1.json\"");
    EXPECT_THAT(json.body, HasSubstr("王<b>秀兰"));
    EXPECT_EQ(last_look().who.value, "audit_officer.310000");
    asked.query = "format=exe";
    EXPECT_EQ(answer(asked).status, 422U);
}

TEST_F(a_residents_data, is_not_handed_out_when_it_cannot_be_written_down) {
    keeper.away(true);
    auto const made = run_on(bench.loop, persons.make({{"r1"}, {"wang"}, "request"}));
    EXPECT_EQ(made.error(), app::record_errc::away);
    EXPECT_EQ(persons_read.times_read, 0);
}

TEST_F(a_residents_data, is_nobodys_where_he_does_not_live) {
    for (auto const* who : {"nobody", "%2e%2e", "r2"})
        EXPECT_EQ(get("/v1/residents/" + std::string(who) + "/erasure", li).status, 404U) << who;
    auto const elsewhere = signs_in(role::audit_officer, "999999");
    EXPECT_EQ(get(path, elsewhere).status, 404U);
    EXPECT_EQ(asks(elsewhere).status, 404U);
    EXPECT_EQ(post(path + "/confirm", elsewhere).status, 404U);
    EXPECT_EQ(get(file, elsewhere).status, 404U);
    EXPECT_EQ(state(), "none");
    EXPECT_EQ(persons_read.times_read, 0);
}

TEST_F(a_residents_data, stays_when_the_database_is_away) {
    asks(wang);
    erasures_kept.away(true);
    EXPECT_EQ(get(path, li).status, 503U);
    EXPECT_EQ(get("/v1/erasures", li).status, 503U);
    EXPECT_EQ(post(path + "/confirm", li).status, 503U);
    erasures_kept.away(false);
    EXPECT_EQ(state(), "asked");
    persons_read.is_away = true;
    EXPECT_EQ(get(file, li).status, 503U);
}

} // namespace
} // namespace linli::tests
