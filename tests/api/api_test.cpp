// The API on the house's twins in memory: who may ask what, what is answered, and what a hostile or
// hasty caller can't do. How it comes over the wire is server_test; the whole way tests/system.
#include "api/api_house.hpp"

namespace linli::tests {
namespace {

// ------------------------------------------------------------------ who may what

// What the registry's own table says besides, of homes; all of it only to whom all of it is.
bool may_on_sheet(route const& which, role who, bool has_all) {
    if (which.about == scope::import_job) return domain::may_change(who, domain::sheet::areas);
    if (which.about == scope::registry)
        return has_all && domain::may_change(who, domain::sheet::areas);
    if (which.pattern.find("{sheet}") == which.pattern.npos) return true;
    return which.changes() ? domain::may_change(who, domain::sheet::homes)
                           : domain::may_see(who, domain::sheet::homes);
}

// Whose answer is about one area: where there is none, there is no answer.
bool names_an_area(route const& each) {
    return each.pattern.starts_with("/v1/reports/");
}

// Each route, each role, in the own area and in another: what domain::may says, and nothing else.
TEST_F(api_house, lets_in_by_the_table_of_rights_and_by_area) {
    bench.takes({bench.press("w1", 2, domain::signal_kind::help_request)});
    has_home();
    has_resident();
    ASSERT_EQ(answer(report(R"({"call":"c9","event":"ringing"})")).status, 200U);
    auto const offer = to_string(bench.news().offer.id);
    auto const id_for = [&](route const& which) {
        auto const about = which.about;
        if (which.pattern.starts_with("/v1/own/offers/")) return offer;
        if (about == scope::order) return to_string(bench.record.holds().orders.begin()->first);
        if (about == scope::complaint) return has_complaint();
        if (about == scope::import_job) return has_import();
        if (about == scope::call) return to_string(only_call().id);
        if (about == scope::request && !bench.record.holds().requests.empty())
            return to_string(bench.record.holds().requests.begin()->first);
        return to_string(bench.record.holds().alerts.begin()->first);
    };
    keeper.areas[{city_area}] = {{city_area}};
    app::account somebody;
    somebody.user = {"somebody"};
    somebody.area = {city_area};
    ASSERT_TRUE(run_on(bench.loop, keeper.keep(somebody, "plain:secret")));
    int refused = 0;
    int passed = 0;
    for (auto const& each : api_routes()) {
        std::string path(each.pattern);
        for (auto const& [written, meant] :
             {std::pair<std::string, std::string>{"{id}", id_for(each)},
              {"{sheet}", "homes"},
              {"{key}", each.about == scope::person ? "r1" : "H1"},
              {"{user}", "somebody"}})
            if (auto const at = path.find(written); at != path.npos)
                path.replace(at, written.size(), meant);
        for (auto const& [who, name] : domain::names<role>::table)
            for (auto const* area : {city_area, "999999"}) {
                SCOPED_TRACE(std::string(each.method) + " " + path + " as " + std::string(name) +
                             " of " + area);
                auto asked = request(std::string(each.method), path, signs_in(who, area));
                if (names_an_area(each)) asked.query = "period=2026-01";
                auto const status = answer(std::move(asked)).status;
                auto const needed = each.needs.needs();
                bool const may = (!needed || domain::may(who, *needed)) &&
                                 may_on_sheet(each, who, area == std::string(city_area));
                bool const is_there = (each.about == scope::own && !names_an_area(each)) ||
                                      area == std::string(city_area);
                bool const has_any =
                    each.about != scope::request || !bench.record.holds().requests.empty();
                if (!may)
                    EXPECT_EQ(status, 403U);
                else if (!is_there || !has_any)
                    EXPECT_EQ(status, 404U);
                else
                    EXPECT_THAT(status, Not(testing::AnyOf(403U, 404U, 405U, 500U)));
                (may && is_there ? passed : refused) += 1;
            }
        auto const stranger = answer(request(std::string(each.method), path));
        if (each.needs.is_open())
            EXPECT_THAT(stranger.body, Not(HasSubstr("signed_out"))) << each.pattern;
        else
            EXPECT_EQ(stranger.status, 401U) << each.pattern;
    }
    EXPECT_GT(refused, 100);
    EXPECT_GT(passed, 100);
}

std::string with(std::string pattern, std::string const& place, std::string const& meant) {
    if (auto const at = pattern.find(place); at != pattern.npos)
        pattern.replace(at, place.size(), meant);
    return pattern;
}

// Each route of the registry, each role, in the own company and in another: a manager has the rows
// of his own and what is a resident's never, whatever his area is; to the others it is nothing.
TEST_F(api_house, gives_a_company_its_own_rows_and_nobody_elses) {
    has_home();
    has_resident();
    has_companies();
    struct row {
        domain::sheet sheet;
        char const* key;
        char const* company;
    };
    int denied = 0;
    for (auto const& [which, key, company] : {row{domain::sheet::providers, "p1", "p1"},
                                              {domain::sheet::providers, "p2", "p2"},
                                              {domain::sheet::workers, "k-p1", "p1"},
                                              {domain::sheet::workers, "k-p2", "p2"},
                                              {domain::sheet::residents, "r1", ""},
                                              {domain::sheet::homes, "H1", ""}})
        for (auto const& each : api_routes()) {
            if (each.pattern.find("{sheet}") == each.pattern.npos) continue;
            auto const path =
                with(with(std::string(each.pattern), "{sheet}", std::string(to_text(which))),
                     "{key}", key);
            for (auto const& [who, name] : domain::names<role>::table)
                for (std::string const from : {"p1", "p2"}) {
                    SCOPED_TRACE(std::string(each.method) + " " + path + " as " +
                                 std::string(name) + " of " + from);
                    auto const reply = answer(
                        request(std::string(each.method), path, signs_in(who, city_area, from)));
                    bool const is_managers = who == role::provider_manager;
                    bool const may = each.changes() ? domain::may_change(who, which)
                                                    : domain::may_see(who, which);
                    bool const is_his = !is_managers || from == company;
                    if (!may)
                        EXPECT_EQ(reply.status, 403U);
                    else if (each.about == scope::record && !is_his)
                        EXPECT_EQ(reply.status, 404U);
                    else
                        EXPECT_EQ(reply.status, 200U);
                    bool const shows =
                        reply.body.find('"' + std::string(key) + '"') != std::string::npos ||
                        reply.body.starts_with(key);
                    if (!may || !is_his) {
                        EXPECT_FALSE(shows);
                        denied += is_managers ? 1 : 0;
                    }
                }
        }
    EXPECT_GT(denied, 20);
}

TEST_F(api_house, opens_by_name_only_what_nobody_can_do_harm_with) {
    std::vector<std::string> open;
    std::vector<std::string> with_any_session;
    for (auto const& each : api_routes()) {
        auto const name = std::string(each.method) + " " + std::string(each.pattern);
        if (each.needs.is_open())
            open.push_back(name);
        else if (!each.needs.needs())
            with_any_session.push_back(name);
    }
    EXPECT_THAT(open, ElementsAre("POST /v1/session", "GET /v1/openapi.json", "POST /v1/calls"))
        << "the last one's body bears its proof";
    EXPECT_THAT(with_any_session,
                ElementsAre("GET /v1/session", "DELETE /v1/session", "POST /v1/session/duty"));
}

TEST_F(api_house, says_404_to_a_path_that_is_none_and_405_to_a_wrong_method) {
    auto const token = signs_in(role::operator_);
    for (auto const* path : {"/v1/", "/v1/alerts", "/v1/alerts/", "/v1/alerts/x", "/v1/nothing",
                             "/v1/alerts/../session", "/v1/alerts/x/claim/y"})
        EXPECT_EQ(get(path, token).status, 404U) << path;
    auto const wrong = get(alert_path("claim"), token);
    EXPECT_EQ(wrong.status, 405U);
    EXPECT_EQ(header_of(wrong, "Allow"), "POST");
}

struct origin_case {
    std::string origin;
    std::string fetch_site;
    std::string content_type;
    bool by_cookie;
    unsigned status;
};

TEST_F(api_house, takes_no_change_from_another_sites_page) {
    auto const own_site = std::string("https://") + host;
    auto const token = signs_in(role::operator_);
    for (auto const& each :
         {origin_case{own_site, "", "application/json", true, 200},
          origin_case{"", "same-origin", "application/json", true, 200},
          origin_case{"", "none", "application/json", true, 200},
          origin_case{"", "", "application/json", false, 200},
          origin_case{"", "", "application/json", true, 403},
          origin_case{"", "cross-site", "application/json", true, 403},
          origin_case{"", "same-site", "application/json", true, 403},
          origin_case{"https://evil.example", "same-origin", "application/json", true, 403},
          origin_case{"null", "", "application/json", true, 403},
          origin_case{"http://desk.example:8444", "", "application/json", true, 403},
          origin_case{own_site, "", "text/plain", true, 403},
          origin_case{own_site, "", "", true, 403}}) {
        auto r = request("POST", alert_path("claim"));
        r.origin = each.origin;
        r.fetch_site = each.fetch_site;
        r.content_type = each.content_type;
        (each.by_cookie ? r.cookie : r.bearer) = token;
        EXPECT_EQ(answer(r).status, each.status)
            << each.origin << '|' << each.fetch_site << '|' << each.content_type;
    }
    EXPECT_THAT(metrics.text(), HasSubstr("linli_api_cross_site_total 8"));
}

// ------------------------------------------------------------------ sessions

TEST_F(api_house, signs_in_with_a_cookie_that_no_script_can_read) {
    keeper.area_names[{city_area}] = "the city";
    signs_in(role::operator_);
    auto const in =
        post("/v1/session", "", R"({"user":"operator.310000","password":"secret","new":1})");
    EXPECT_EQ(in.status, 200U);
    EXPECT_THAT(header_of(in, "Set-Cookie"),
                testing::MatchesRegex("__Host-linli=[^;]+; Path=/; Secure; HttpOnly; "
                                      "SameSite=Strict"));
    auto const session = boost::json::parse(in.body);
    EXPECT_EQ(session.at("user").as_string(), "operator.310000");
    EXPECT_EQ(session.at("role").as_string(), "operator");
    EXPECT_EQ(session.at("areaName").as_string(), "the city");
    EXPECT_THAT(in.body, HasSubstr("\"claim\""));
    EXPECT_THAT(in.body, Not(HasSubstr("\"take_over\"")));
    EXPECT_THAT(in.body, Not(HasSubstr("token")));
}

TEST_F(api_house, tells_a_page_what_lies_under_its_maps) {
    auto const token = signs_in(role::operator_);
    auto const without = boost::json::parse(get("/v1/session", token).body);
    EXPECT_FALSE(without.as_object().contains("map"));
    map = {"https://t/{z}/{x}/{y}", "", app::tile_crs::gcj02, 3, 17, "© 某图", "审图号"};
    auto const with = boost::json::parse(get("/v1/session", token).body);
    EXPECT_EQ(with.at("map").at("url").as_string(), "https://t/{z}/{x}/{y}");
    EXPECT_EQ(with.at("map").at("crs").as_string(), "gcj02");
    EXPECT_EQ(with.at("map").at("maxZoom").as_int64(), 17);
}

TEST_F(api_house, signs_in_nobody_by_a_wrong_password_or_bad_json) {
    signs_in(role::operator_);
    auto const wrong = post("/v1/session", "", R"({"user":"operator.310000","password":"other"})");
    EXPECT_EQ(wrong.status, 401U);
    EXPECT_EQ(header_of(wrong, "Set-Cookie"), "");
    for (auto const* body : {"", "{", "[]", "\"x\"", "{\"user\":7}", "\xff"})
        EXPECT_EQ(post("/v1/session", "", body).status, 400U) << body;
}

TEST_F(api_house, signs_out_for_good) {
    auto const token = signs_in(role::operator_);
    EXPECT_EQ(get("/v1/session", token).status, 200U);
    auto const out = answer(request("DELETE", "/v1/session", token));
    EXPECT_EQ(out.status, 204U);
    EXPECT_THAT(header_of(out, "Set-Cookie"), HasSubstr("Max-Age=0"));
    EXPECT_EQ(get("/v1/session", token).status, 401U);
}

TEST_F(api_house, is_on_duty_when_she_says_so) {
    auto const token = signs_in(role::operator_);
    EXPECT_THAT(post("/v1/session/duty", token, R"({"onDuty":true})").body,
                HasSubstr("\"onDuty\":true"));
    EXPECT_THAT(get("/v1/session", token).body, HasSubstr("\"onDuty\":true"));
}

TEST_F(api_house, says_what_her_area_is_called) {
    keeper.area_names[{city_area}] = "沪城";
    EXPECT_THAT(get("/v1/session", signs_in(role::operator_)).body,
                HasSubstr("\"areaName\":\"沪城\""));
}

// Field-rules 24: a painted screen is not an awake person.
TEST_F(api_house, whoever_does_not_answer_is_off_duty_though_she_holds_work) {
    auto const token = signs_in(role::operator_);
    post("/v1/session/duty", token, R"({"onDuty":true})");
    post(alert_path("claim"), token);
    auto const gone = post("/v1/session/duty", token, R"({"away":true})");
    EXPECT_EQ(gone.status, 200U);
    EXPECT_THAT(get("/v1/session", token).body, Not(HasSubstr("\"onDuty\"")));
    EXPECT_EQ(post("/v1/session/duty", token, R"({"onDuty":true,"away":true})").status, 200U);
    EXPECT_THAT(get("/v1/session", token).body, Not(HasSubstr("\"onDuty\""))) << "asleep is asleep";
    EXPECT_THAT(post("/v1/session/duty", token, R"({"onDuty":true})").body,
                HasSubstr("\"onDuty\":true"))
        << "she is back";
}

TEST_F(api_house, shelves_for_half_an_hour_at_most_with_a_reason_and_no_emergency) {
    auto const token = signs_in(role::operator_);
    post(alert_path("claim"), token);
    for (auto const* body : {"{}", R"({"minutes":10})", R"({"text":"later"})",
                             R"({"minutes":31,"text":"later"})", R"({"minutes":-1,"text":"x"})"})
        EXPECT_THAT(post(alert_path("shelve"), token, body).status, AnyOf(400U, 422U)) << body;
    auto const refused = post(alert_path("shelve"), token, R"({"minutes":10,"text":"later"})");
    EXPECT_EQ(refused.status, 409U);
    EXPECT_THAT(refused.body, HasSubstr("\"out_of_turn\"")) << "a press is an emergency";
}

// Field-rules 25.
TEST_F(api_house, lets_nobody_go_who_holds_work_until_a_colleague_has_accepted_it) {
    auto const li = signs_in(role::operator_);
    auto const zhao = signs_in(role::station);
    auto const on_duty = [&](std::string const& token, bool is) {
        return post("/v1/session/duty", token, is ? R"({"onDuty":true})" : "{}").status;
    };
    on_duty(li, true);
    post(alert_path("claim"), li);
    auto const held = post("/v1/session/duty", li, "{}");
    EXPECT_EQ(held.status, 409U);
    EXPECT_THAT(held.body, HasSubstr("\"holding\""));
    EXPECT_EQ(answer(request("DELETE", "/v1/session", li)).status, 409U);

    auto const give = std::string(R"({"to":"station.310000","text":"ring the daughter at 20:00"})");
    EXPECT_EQ(post(alert_path("hand_over"), li, give).status, 422U) << "Zhao isn't on duty";
    on_duty(zhao, true);
    auto const sheet = boost::json::parse(get("/v1/session/handover", li).body);
    EXPECT_EQ(sheet.at("lines").as_array().size(), 1U);
    ASSERT_EQ(sheet.at("successors").as_array().size(), 1U);
    EXPECT_EQ(sheet.at("successors").at(0).at("user").as_string(), "station.310000");
    EXPECT_EQ(post(alert_path("hand_over"), li, R"({"to":"station.310000"})").status, 422U)
        << "what is next must be said";
    EXPECT_EQ(post(alert_path("hand_over"), zhao, give).status, 422U) << "to herself";
    EXPECT_EQ(post(alert_path("hand_over"), li, give).status, 200U);
    EXPECT_EQ(on_duty(li, false), 409U) << "not accepted yet";
    EXPECT_EQ(post(alert_path("claim"), zhao).status, 200U);
    EXPECT_EQ(on_duty(li, false), 200U);
    EXPECT_EQ(on_duty(zhao, false), 409U);
    EXPECT_EQ(answer(request("DELETE", "/v1/session", li)).status, 204U);
}

// ------------------------------------------------------------------ commands

TEST_F(api_house, does_as_the_session_s_user_whatever_the_body_says) {
    auto const done = post(alert_path("claim"), signs_in(role::operator_), R"({"who":"boss"})");
    EXPECT_EQ(done.status, 200U);
    EXPECT_EQ(alert().holder.value, "operator.310000");
    EXPECT_EQ(boost::json::parse(done.body).at("version").as_int64(), alert().version);
}

TEST_F(api_house, tells_who_comes_second_who_holds_it_and_what_he_did) {
    post(alert_path("claim"), signs_in(role::operator_));
    auto const late = post(alert_path("claim"), signs_in(role::station));
    EXPECT_EQ(late.status, 409U);
    auto const why = boost::json::parse(late.body);
    EXPECT_EQ(why.at("code").as_string(), "held");
    EXPECT_EQ(why.at("holder").as_string(), "operator.310000");
    EXPECT_EQ(why.at("did").as_string(), "claimed");
    EXPECT_TRUE(why.as_object().contains("at"));
    EXPECT_EQ(alert().holder.value, "operator.310000");
}

TEST_F(api_house, asks_for_the_reason_that_is_missing) {
    auto const token = signs_in(role::shift_leader);
    post(alert_path("claim"), signs_in(role::operator_));
    auto const bare = post(alert_path("take_over"), token);
    EXPECT_EQ(bare.status, 422U);
    EXPECT_EQ(code_of(bare), "needs_reason");
    EXPECT_THAT(bare.body, HasSubstr("\"field\":\"text\""));
    EXPECT_EQ(post(alert_path("take_over"), token, R"({"text":"she fell ill"})").status, 200U);
    EXPECT_EQ(alert().holder.value, "shift_leader.310000");
}

TEST_F(api_house, goes_through_an_alert_from_claim_to_close) {
    auto const token = signs_in(role::operator_);
    EXPECT_EQ(post(alert_path("claim"), token).status, 200U);
    EXPECT_EQ(post(alert_path("note"), token, R"({"text":"speaks"})").status, 200U);
    EXPECT_EQ(post(alert_path("close"), token, R"({"outcome":"nonsense"})").status, 422U);
    auto const older =
        post(alert_path("close"), token, R"({"outcome":"helped","text":"well","signals":0})");
    EXPECT_EQ(older.status, 409U);
    EXPECT_EQ(code_of(older), "stale");
    auto const closed =
        post(alert_path("close"), token, R"({"outcome":"helped","text":"well","signals":1})");
    EXPECT_EQ(closed.status, 200U) << closed.body;
    EXPECT_EQ(alert().state, domain::alert_state::closed);
}

TEST_F(api_house, does_nothing_on_what_has_moved_on_since_it_was_seen) {
    auto stale = request("POST", alert_path("claim"), signs_in(role::operator_));
    for (auto const* seen : {"\"999\"", "nonsense", "\"-1\""}) {
        stale.if_match = seen;
        EXPECT_EQ(answer(stale).status, 409U) << seen;
    }
    EXPECT_TRUE(alert().holder.empty());
    stale.if_match = "\"" + std::to_string(alert().version) + "\"";
    EXPECT_EQ(answer(stale).status, 200U);
}

TEST_F(api_house, does_once_what_is_sent_twice) {
    auto const token = signs_in(role::operator_);
    post(alert_path("claim"), token);
    auto const before = log_lines();
    auto note = request("POST", alert_path("note"), token, R"({"text":"speaks"})");
    note.idempotency_key = "k1";
    auto const first = answer(note);
    auto const second = answer(note);
    EXPECT_EQ(first.status, 200U);
    EXPECT_EQ(second.status, 200U);
    EXPECT_EQ(first.body, second.body);
    EXPECT_EQ(log_lines(), before + 1);
    auto other = note;
    other.body = R"({"text":"something else"})";
    EXPECT_EQ(code_of(answer(other)), "key_reused");
    EXPECT_EQ(log_lines(), before + 1);
    for (auto const& none : {std::string(101, 'k'), std::string("k 1"), std::string("\xFF")}) {
        note.idempotency_key = none;
        EXPECT_EQ(answer(note).status, 422U) << none;
    }
}

TEST_F(api_house, does_once_what_is_sent_again_hours_later_and_next_day_it_is_another_wish) {
    auto note = request("POST", alert_path("note"), {}, R"({"text":"speaks"})");
    note.idempotency_key = "k1";
    auto const before = log_lines();
    auto const sends_it = [&] {
        note.cookie = signs_in(role::operator_);
        return answer(note).status;
    };
    EXPECT_EQ(sends_it(), 200U);
    bench.clock.fast_forward(23h);
    EXPECT_EQ(sends_it(), 200U);
    EXPECT_EQ(log_lines(), before + 1);
    bench.clock.fast_forward(2h);
    bench.loop.restart();
    bench.loop.poll(); // the old ones are forgotten
    EXPECT_EQ(answers_kept.size(), 0U);
    EXPECT_EQ(sends_it(), 200U);
    EXPECT_EQ(log_lines(), before + 2);
}

TEST_F(api_house, answers_the_same_after_a_restart) {
    auto const token = signs_in(role::operator_);
    auto claim = request("POST", alert_path("claim"), token);
    claim.idempotency_key = "k1";
    claim.if_match = std::to_string(alert().version);
    auto release = request("POST", alert_path("release"), token);
    release.idempotency_key = "k2";
    auto const claimed = answer(claim);
    EXPECT_EQ(claimed.status, 200U);
    EXPECT_EQ(answer(claim).body, claimed.body) << "it has moved on by this very claim";
    EXPECT_EQ(answer(release).status, 200U);
    auto const before = log_lines();
    EXPECT_EQ(answer_after_restart(claim).body, claimed.body);
    EXPECT_EQ(answer_after_restart(release).status, 200U) << "she has let go of it already";
    EXPECT_EQ(log_lines(), before);
    EXPECT_TRUE(alert().holder.empty());
    release.body = R"({"text":"something else"})";
    EXPECT_EQ(code_of(answer_after_restart(release)), "key_reused");
    auto another = claim;
    another.cookie = signs_in(role::shift_leader);
    another.if_match.clear();
    EXPECT_EQ(answer_after_restart(another).status, 200U) << "her own key is nobody else's";
    EXPECT_EQ(log_lines(), before + 1);
}

TEST_F(api_house, says_what_it_refused_after_a_restart_too) {
    auto const token = signs_in(role::operator_);
    auto release = request("POST", alert_path("release"), token);
    release.idempotency_key = "k1";
    EXPECT_EQ(code_of(answer(release)), "out_of_turn");
    post(alert_path("claim"), token);
    EXPECT_EQ(code_of(answer_after_restart(release)), "out_of_turn");
    EXPECT_FALSE(alert().holder.empty());
}

// It was done, and the server died before its answer was kept.
TEST_F(api_house, does_not_twice_what_may_have_been_done) {
    auto const token = signs_in(role::operator_);
    post(alert_path("claim"), token);
    auto note = request("POST", alert_path("note"), token, R"({"text":"speaks"})");
    note.idempotency_key = "k1";
    auto release = request("POST", alert_path("release"), token);
    release.idempotency_key = "k2";
    answers_kept.loses_answers(true);
    EXPECT_EQ(answer(note).status, 200U);
    EXPECT_EQ(answer(release).status, 200U);
    answers_kept.loses_answers(false);
    auto const before = log_lines();
    for (auto const& each : {note, release}) {
        auto const again = answer_after_restart(each);
        EXPECT_EQ(again.status, 409U) << each.path;
        EXPECT_EQ(code_of(again), "in_doubt") << each.path;
    }
    EXPECT_EQ(log_lines(), before);
}

// The server died before it was done.
TEST_F(api_house, does_what_was_not_done_if_it_can_not_be_done_twice) {
    auto const token = signs_in(role::operator_);
    auto claim = request("POST", alert_path("claim"), token);
    claim.idempotency_key = "k1";
    auto note = request("POST", alert_path("note"), token, R"({"text":"speaks"})");
    note.idempotency_key = "k2";
    auto const before = log_lines();
    bench.record.away(true);
    EXPECT_EQ(answer(claim).status, 503U);
    EXPECT_EQ(answer(note).status, 503U);
    bench.record.away(false);
    EXPECT_EQ(answer_after_restart(claim).status, 200U);
    EXPECT_EQ(alert().holder.value, "operator.310000");
    EXPECT_EQ(code_of(answer_after_restart(note)), "in_doubt") << "only a person can know";
    EXPECT_EQ(log_lines(), before + 1);
}

TEST_F(api_house, does_nothing_whose_key_can_not_be_kept) {
    auto const token = signs_in(role::operator_);
    auto note = request("POST", alert_path("note"), token, R"({"text":"speaks"})");
    note.idempotency_key = "k1";
    auto const before = log_lines();
    answers_kept.away(true);
    EXPECT_EQ(answer(note).status, 503U);
    EXPECT_EQ(log_lines(), before);
    EXPECT_EQ(post(alert_path("note"), token, R"({"text":"no key"})").status, 200U);
    answers_kept.away(false);
    EXPECT_EQ(answer(note).status, 200U);
    EXPECT_EQ(log_lines(), before + 2);
}

TEST_F(api_house, keeps_no_answer_that_must_lie_nowhere_or_that_nobody_needs) {
    auto const token = signs_in(role::operator_);
    auto shown = request("POST", alert_path("reveal"), token, R"({"field":"phone"})");
    shown.idempotency_key = "k1";
    EXPECT_EQ(answer(shown).status, 200U);
    EXPECT_EQ(answer_after_restart(shown).status, 200U);
    auto const path = "/v1/users/" + std::string("operator.310000") + "/password";
    auto renewed = request("POST", path, signs_in(role::administrator), "{}");
    renewed.idempotency_key = "k2";
    EXPECT_THAT(answer(renewed).status, Not(testing::Ge(500U)));
    EXPECT_EQ(answers_kept.size(), 0U);
}

TEST(api_routes, ask_a_person_only_where_a_second_time_would_be_a_second_deed) {
    std::vector<std::string_view> all;
    for (auto const& each : api_routes())
        if (each.changes() && !each.needs.is_open() && each.words.again == http::second_time::twice)
            all.push_back(each.pattern);
    EXPECT_THAT(all, ElementsAre("/v1/alerts/{id}/hand_over", "/v1/alerts/{id}/shelve",
                                 "/v1/alerts/{id}/note", "/v1/orders/{id}/offer",
                                 "/v1/bookings/{id}/move", "/v1/complaints"));
}

TEST_F(api_house, does_once_what_is_sent_again_while_it_is_under_way) {
    auto const token = signs_in(role::operator_);
    post(alert_path("claim"), token);
    auto const before = log_lines();
    auto note = request("POST", alert_path("note"), token, R"({"text":"speaks"})");
    note.idempotency_key = "k1";
    std::vector<api_reply> answers;
    for (int i = 0; i < 5; ++i)
        api.answer(note, [&](api_reply r) { answers.push_back(std::move(r)); });
    while (answers.size() < 5)
        ASSERT_GT(bench.loop.run_one(), 0U);
    for (auto const& each : answers)
        EXPECT_EQ(each.body, answers.front().body);
    EXPECT_EQ(log_lines(), before + 1);
}

TEST_F(api_house, changes_nothing_while_the_database_is_away_and_the_same_key_may_try_again) {
    auto claim = request("POST", alert_path("claim"), signs_in(role::operator_));
    claim.idempotency_key = "k1";
    bench.record.away(true);
    auto const away = answer(claim);
    EXPECT_EQ(away.status, 503U);
    EXPECT_EQ(code_of(away), "away");
    EXPECT_NE(header_of(away, "Retry-After"), "");
    bench.record.away(false);
    EXPECT_TRUE(alert().holder.empty());
    EXPECT_EQ(answer(claim).status, 200U);
    reading.is_away = true;
    EXPECT_EQ(get(alert_path(), claim.cookie).status, 503U);
}

TEST(answered_before, keeps_no_more_than_it_may) {
    boost::asio::io_context loop;
    http::answered_before commands(loop.get_executor(), 3);
    for (int i = 0; i < 10; ++i) {
        auto const key = std::to_string(i);
        auto const place = commands.begin(key, "note", domain::instant(std::chrono::seconds(i)));
        api_reply const done{200, key};
        commands.finish(key, place.command, &done);
    }
    EXPECT_EQ(commands.size(), 3U);
    EXPECT_FALSE(commands.begin("9", "note", domain::instant(10s)).is_first);
    EXPECT_TRUE(commands.begin("0", "note", domain::instant(10s)).is_first);
}

// ------------------------------------------------------------------ who sees whom

TEST_F(api_house, writes_down_who_was_shown_whom) {
    auto const token = signs_in(role::operator_);
    EXPECT_EQ(get(alert_path(), token).status, 200U);
    auto const phone = post(alert_path("reveal"), token, R"({"field":"phone"})");
    EXPECT_EQ(boost::json::parse(phone.body).at("text").as_string(), "13900008888");
    ASSERT_EQ(keeper.log().size(), 2U);
    EXPECT_EQ(keeper.log()[0].what, "card");
    EXPECT_EQ(keeper.log()[1].what, "phone");
    for (auto const& each : keeper.log()) {
        EXPECT_EQ(each.who.value, "operator.310000");
        EXPECT_EQ(each.subject, "resident:r1");
        EXPECT_EQ(each.why, to_string(alert().id));
    }
    EXPECT_EQ(post(alert_path("reveal"), token, R"({"field":"password"})").status, 422U);
    auto const proof = get(alert_path("evidence"), signs_in(role::shift_leader));
    auto const said = boost::json::parse(proof.body);
    EXPECT_EQ(said.at("seen").as_array().size(), 2U);
    ASSERT_EQ(said.at("signals").as_array().size(), 1U);
    EXPECT_EQ(said.at("signals").at(0).at("kind").as_string(), "sos");
}

TEST_F(api_house, proves_who_saw_him_for_it_however_often_others_did_for_something_else) {
    EXPECT_EQ(get(alert_path(), signs_in(role::operator_)).status, 200U);
    EXPECT_EQ(get(alert_path(), signs_in(role::shift_leader)).status, 200U);
    app::seen_entry const later{
        bench.clock.now() + 1h, {"li"}, "card", "resident:r1", "another alert"};
    EXPECT_TRUE(run_on(bench.loop, keeper.saw(std::vector(1001, later))));
    auto const proof = get(alert_path("evidence"), signs_in(role::shift_leader));
    auto const said = boost::json::parse(proof.body);
    EXPECT_EQ(said.at("seen").as_array().size(), 2U);
}

TEST_F(api_house, shows_nobody_whose_seeing_can_not_be_written_down) {
    auto const token = signs_in(role::operator_);
    EXPECT_EQ(get("/v1/session", token).status, 200U); // known for some seconds
    keeper.away(true);
    for (auto const& reply :
         {get(alert_path(), token), post(alert_path("reveal"), token, R"({"field":"phone"})")}) {
        EXPECT_EQ(reply.status, 503U);
        EXPECT_THAT(reply.body, Not(HasSubstr("13900008888")));
    }
}

// ------------------------------------------------------------------ live

TEST_F(api_house, tells_a_page_what_is_open_and_what_changes) {
    auto const token = signs_in(role::operator_);
    auto const out = std::make_shared<screen>();
    auto const page = opens_a_page(token, out);
    while (!feed.is_fresh())
        ASSERT_GT(bench.loop.run_one(), 0U);
    bool is_dealt_with = false;
    page->heard(R"({"hello":{}})", [&] { is_dealt_with = true; });
    while (out->heard.empty())
        ASSERT_GT(bench.loop.run_one(), 0U);
    EXPECT_TRUE(is_dealt_with);
    auto const first = boost::json::parse(out->heard.front());
    EXPECT_TRUE(first.at("snapshot").as_bool());
    EXPECT_EQ(first.at("lines").as_array().size(), 1U);
    // Not written yet: what changes waits, and is told in one.
    post(alert_path("claim"), token);
    feed.committed(bench.committed.back());
    post(alert_path("note"), token, R"({"text":"x"})");
    feed.committed(bench.committed.back());
    auto const before = feed.sequence();
    while (feed.sequence() == before)
        ASSERT_GT(bench.loop.run_one(), 0U);
    EXPECT_EQ(out->heard.size(), 1U);
    page->written();
    while (out->heard.size() < 2)
        ASSERT_GT(bench.loop.run_one(), 0U);
    auto const next = boost::json::parse(out->heard[1]);
    EXPECT_EQ(next.at("after").as_string(), first.at("sequence").as_string());
    EXPECT_EQ(next.at("epoch").as_string(), first.at("epoch").as_string());
    EXPECT_EQ(next.at("lines").as_array().size(), 1U);
    // Signed out, which nobody can who holds work: it ends.
    post(alert_path("release"), token);
    answer(request("DELETE", "/v1/session", token));
    EXPECT_EQ(out->closed_with, 4401);
    page->gone();
    bench.loop.poll();
}

// Her page is open before she goes on duty, and stays open when nobody answers at it.
TEST_F(api_house, counts_what_an_open_page_paints_as_its_operator_is_now) {
    auto const token = signs_in(role::operator_);
    auto const page = opens_a_page(token, std::make_shared<screen>());
    auto const is_on_duty = [&] {
        bool is_dealt_with = false;
        painted.clear();
        page->heard(R"({"painted":{"alerts":["a"]}})", [&] { is_dealt_with = true; });
        while (!is_dealt_with)
            bench.loop.run_one();
        return !painted.empty();
    };
    EXPECT_FALSE(is_on_duty());
    post("/v1/session/duty", token, R"({"onDuty":true})");
    EXPECT_TRUE(is_on_duty());
    post("/v1/session/duty", token, R"({"away":true})");
    EXPECT_FALSE(is_on_duty());
    page->gone();
    bench.loop.poll();
}

TEST_F(api_house, brings_no_page_of_another_site_alive) {
    auto hello = request("WEBSOCKET", "/v1/live", signs_in(role::operator_));
    hello.origin = "https://evil.example";
    std::optional<unsigned> status;
    api.meet(hello, std::make_shared<screen>(),
             [&](http::api_callbacks::met met) { status = std::get<api_reply>(met).status; });
    bench.loop.restart();
    while (!status)
        ASSERT_GT(bench.loop.run_one(), 0U);
    EXPECT_EQ(*status, 403U);
}

TEST_F(api_house, answers_a_long_poll_as_soon_as_something_is_new) {
    auto const token = signs_in(role::operator_);
    auto poll = request("GET", "/v1/live", token);
    poll.query = "epoch=&after=0&wait=25";
    auto const first = boost::json::parse(answer(poll).body);
    EXPECT_TRUE(first.at("snapshot").as_bool());
    poll.query = "epoch=" + std::string(first.at("epoch").as_string()) +
                 "&after=" + std::string(first.at("sequence").as_string()) + "&wait=25";
    std::optional<api_reply> news;
    api.answer(poll, [&](api_reply r) { news = std::move(r); });
    post(alert_path("claim"), token);
    EXPECT_FALSE(news);
    feed.committed(bench.committed.back());
    while (!news)
        ASSERT_GT(bench.loop.run_one(), 0U);
    EXPECT_EQ(boost::json::parse(news->body).at("lines").as_array().size(), 1U);
    poll.query = "after=nonsense";
    EXPECT_EQ(answer(poll).status, 422U);
}

TEST_F(api_house, hands_on_what_is_painted) {
    auto const token = signs_in(role::operator_);
    post("/v1/session/duty", token, R"({"onDuty":true})");
    EXPECT_EQ(post("/v1/live/painted", token, R"({"alerts":["a","b"]})").status, 204U);
    EXPECT_THAT(painted, ElementsAre("a", "b"));
}

// ------------------------------------------------------------------ its description

void references(boost::json::value const& in, std::vector<std::string>& found) {
    if (auto const* array = in.if_array())
        for (auto const& each : *array)
            references(each, found);
    if (auto const* object = in.if_object())
        for (auto const& each : *object) {
            if (each.key() == "$ref") found.emplace_back(each.value().as_string());
            references(each.value(), found);
        }
}

TEST_F(api_house, describes_each_route_and_each_message_that_it_names) {
    auto const text = answer(request("GET", "/v1/openapi.json")).body;
    auto const description = boost::json::parse(text);
    EXPECT_EQ(description.at("openapi").as_string(), "3.1.0");
    for (auto const& each : api_routes()) {
        auto const& path = description.at("paths").at(each.pattern);
        std::string method(each.method);
        std::ranges::transform(method, method.begin(),
                               [](unsigned char c) { return std::tolower(c); });
        EXPECT_TRUE(path.as_object().contains(method)) << each.pattern;
    }
    std::vector<std::string> all;
    references(description, all);
    EXPECT_GT(all.size(), 30U);
    for (auto const& each : all) {
        boost::system::error_code error;
        ASSERT_THAT(each, testing::StartsWith("#/"));
        description.find_pointer(each.substr(1), error);
        EXPECT_FALSE(error) << each;
    }
}

} // namespace
} // namespace linli::tests
