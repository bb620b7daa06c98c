// Life services, complaints and the telephone system, at the API.
#include "api/api_house.hpp"

namespace linli::tests {
namespace {

// ------------------------------------------------------------------ life services, complaints

struct booking_desk : api_house {
    std::string li;
    void SetUp() override {
        api_house::SetUp();
        has_resident();
        li = signs_in(role::operator_);
    }
    // The bench's day begins at 8:00 in China.
    static std::string at(int hour, int minute = 0) {
        auto const two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
        return "2026-11-23T" + two(hour) + ':' + two(minute) + ":00+08:00";
    }
    static std::string lunch(std::string const& more = {}) {
        return R"({"resident":"r1","service":"meal","from":")" + at(11, 30) + R"(","until":")" +
               at(12) + "\"" + more + '}';
    }
    boost::json::value books(std::string const& body = lunch(), std::string const& key = {}) {
        auto asked = request("POST", "/v1/bookings", li, body);
        asked.idempotency_key = key;
        auto const reply = answer(std::move(asked));
        EXPECT_EQ(reply.status, 200U) << reply.body;
        return boost::json::parse(reply.body);
    }
    std::string path_of(boost::json::value const& booking, std::string const& act) {
        return "/v1/bookings/" + std::string(booking.at("id").as_string()) + '/' + act;
    }
    std::string field_of(std::string const& path, std::string const& body) {
        auto const reply = post(path, li, body);
        EXPECT_EQ(reply.status, 422U) << reply.body;
        return std::string(boost::json::parse(reply.body).at("field").as_string());
    }
};

TEST_F(booking_desk, tells_the_life_services_and_what_they_cost) {
    auto const all = boost::json::parse(get("/v1/catalogue", li).body).at("services").as_array();
    ASSERT_EQ(all.size(), 1U) << "a ring-back can't be booked";
    EXPECT_EQ(all[0].at("code").as_string(), "meal");
    EXPECT_EQ(all[0].at("priceFen").as_int64(), 1500);
    EXPECT_EQ(all[0].at("initials").as_string(), "zc");
}

TEST_F(booking_desk, tells_the_installations_note_templates_to_whoever_writes_notes) {
    auto const told = get("/v1/note_templates", li);
    ASSERT_EQ(told.status, 200U);
    auto const templates = boost::json::parse(told.body).at("templates");
    ASSERT_EQ(templates.as_array().size(), 2U);
    EXPECT_EQ(templates.at(1).at("zh").as_string(), "已报 120");
    EXPECT_EQ(templates.at(1).at("en").as_string(), "120");
    for (auto const who : {role::worker, role::quality, role::administrator})
        EXPECT_EQ(get("/v1/note_templates", signs_in(who)).status, 403U);
}

TEST_F(booking_desk, books_by_a_few_words_and_shows_what_comes) {
    auto const made = books();
    EXPECT_EQ(made.at("state").as_string(), "requested");
    EXPECT_EQ(made.at("from").as_string(), "2026-11-23T03:30:00Z");
    EXPECT_EQ(made.at("dueAt").as_string(), "2026-11-23T01:30:00Z") << "then it is offered";
    EXPECT_EQ(made.at("name").as_string(), "W**");
    EXPECT_EQ(made.at("priceFen").as_int64(), 1500);
    auto const page = boost::json::parse(get("/v1/bookings", li).body);
    EXPECT_EQ(page.at("total").as_int64(), 1);
    EXPECT_EQ(page.at("bookings").at(0).at("id").as_string(), made.at("id").as_string());
}

TEST_F(booking_desk, says_which_field_is_wrong_and_why_nothing_is_booked) {
    EXPECT_EQ(field_of("/v1/bookings", "{}"), "resident");
    EXPECT_EQ(field_of("/v1/bookings", R"({"resident":"r1"})"), "service");
    EXPECT_EQ(field_of("/v1/bookings", R"({"resident":"r1","service":"ring_back"})"), "service");
    EXPECT_EQ(field_of("/v1/bookings", R"({"resident":"r1","service":"meal"})"), "from");
    EXPECT_EQ(field_of("/v1/bookings",
                       R"({"resident":"r1","service":"meal","from":")" + at(11) + R"("})"),
              "until");
    EXPECT_EQ(field_of("/v1/bookings", R"({"resident":"r1","service":"meal","from":")" + at(6) +
                                           R"(","until":")" + at(7) + R"("})"),
              "until")
        << "it is over";
    EXPECT_EQ(field_of("/v1/bookings", lunch(R"(,"request":"x")")), "request");
    EXPECT_EQ(post("/v1/bookings", li, "{").status, 400U);
    EXPECT_TRUE(bench.record.holds().bookings.empty());
}

TEST_F(booking_desk, knows_nobody_outside_her_area) {
    auto const elsewhere = signs_in(role::operator_, "999999");
    EXPECT_EQ(post("/v1/bookings", elsewhere, lunch()).status, 404U);
    auto const made = books();
    EXPECT_EQ(post(path_of(made, "cancel"), elsewhere, R"({"text":"why"})").status, 404U);
    EXPECT_THAT(get("/v1/bookings", elsewhere).body, Not(HasSubstr("W**")));
}

TEST_F(booking_desk, finds_for_whom_by_what_is_said_on_the_telephone) {
    auto asked = request("GET", "/v1/bookings/residents", li);
    asked.query = "q=139%200000%208888";
    auto const found = boost::json::parse(answer(asked).body);
    EXPECT_EQ(found.at("people").at(0).at("id").as_string(), "r1");
    EXPECT_EQ(found.at("people").at(0).at("home").as_string(), "h1");
    EXPECT_EQ(registry.asked.at(0).words, "139 0000 8888");
    EXPECT_EQ(get("/v1/bookings/residents", li).body, "{}") << "nobody is listed for nothing";
}

TEST_F(booking_desk, books_once_what_is_sent_twice_also_after_a_restart) {
    auto const first = books(lunch(), "key-1");
    bench.clock.fast_forward(11min); // the door has forgotten the key by then, as by a restart
    auto const second = books(lunch(), "key-1");
    EXPECT_EQ(first.at("id"), second.at("id"));
    EXPECT_EQ(bench.record.holds().bookings.size(), 1U);
    books(lunch(), "key-2");
    EXPECT_EQ(bench.record.holds().bookings.size(), 2U);
}

TEST_F(booking_desk, answers_a_green_key_only_for_who_pressed_it) {
    bench.takes({bench.press("w1", 2, domain::signal_kind::help_request)});
    auto const asked = bench.record.holds().requests.begin()->first;
    auto const with_request = lunch(R"(,"request":")" + to_string(asked) + "\"");
    EXPECT_EQ(books(with_request).at("request").as_string(), to_string(asked));
    EXPECT_EQ(bench.record.holds().requests.at(asked).state, domain::request_state::closed);

    bench.takes({bench.press("b2", 1, domain::signal_kind::help_request)});
    for (auto const& [id, r] : bench.record.holds().requests)
        if (r.home.value == "h2") {
            EXPECT_EQ(field_of("/v1/bookings", lunch(R"(,"request":")" + to_string(id) + "\"")),
                      "resident");
        }
}

TEST_F(booking_desk, moves_and_cancels_with_a_reason_what_has_not_moved_on) {
    auto const made = books();
    auto const to = R"("from":")" + at(17) + R"(","until":")" + at(18) + "\"";
    EXPECT_EQ(field_of(path_of(made, "move"), "{}"), "from");
    EXPECT_EQ(field_of(path_of(made, "move"), '{' + to + '}'), "text");
    EXPECT_EQ(post(path_of(made, "move"), li, '{' + to + R"(,"text":"a guest"})").status, 200U);
    auto stale = request("POST", path_of(made, "move"), li, '{' + to + R"(,"text":"again"})");
    stale.if_match = "\"1\"";
    EXPECT_EQ(answer(stale).status, 409U);
    EXPECT_EQ(field_of(path_of(made, "cancel"), "{}"), "text");
    EXPECT_EQ(post(path_of(made, "cancel"), li, R"({"text":"not hungry"})").status, 200U);
    auto const again = post(path_of(made, "cancel"), li, R"({"text":"not hungry"})");
    EXPECT_EQ(again.status, 409U);
    EXPECT_EQ(code_of(again), "closed");
    EXPECT_THAT(get("/v1/bookings", li).body, Not(HasSubstr("W**")));
    auto ended = request("GET", "/v1/bookings", li);
    ended.query = "ended=yes";
    EXPECT_THAT(answer(ended).body, HasSubstr("\"cancelled\""));
}

TEST_F(booking_desk, an_order_that_was_not_booked_is_none) {
    auto const order = to_string(bench.record.holds().orders.begin()->first);
    EXPECT_EQ(post("/v1/bookings/" + order + "/cancel", li, R"({"text":"why"})").status, 404U);
}

TEST_F(booking_desk, takes_a_complaint_and_has_it_answered_by_somebody_else) {
    auto const made = books();
    auto const order = std::string(made.at("id").as_string());
    for (auto const& [body, field] : std::vector<std::pair<std::string, std::string>>{
             {"{}", "order"},
             {R"({"order":"x"})", "order"},
             {R"({"order":")" + order + R"("})", "kind"},
             {R"({"order":")" + order + R"(","kind":"late"})", "complainer"},
             {R"({"order":")" + order + R"(","kind":"late","complainer":"herself"})", "words"}})
        EXPECT_EQ(field_of("/v1/complaints", body), field) << body;
    auto const told = post("/v1/complaints", li,
                           R"({"order":")" + order +
                               R"(","kind":"late","complainer":"herself",)"
                               R"("words":"cold soup","worker":"k1"})");
    ASSERT_EQ(told.status, 200U) << told.body;
    auto const c = boost::json::parse(told.body);
    auto const path = "/v1/complaints/" + std::string(c.at("id").as_string());
    EXPECT_EQ(c.at("state").as_string(), "open");
    EXPECT_EQ(c.at("resident").as_string(), "r1");
    EXPECT_EQ(c.at("dueAt").as_string(), "2026-11-30T16:00:00Z") << "five working days, to the end";

    EXPECT_THAT(get("/v1/complaints", li).body, Not(HasSubstr("soup"))) << "one by one, logged";
    EXPECT_THAT(get(path, li).body, HasSubstr("cold soup"));
    auto const seen = run_on(bench.loop, keeper.seen("resident:r1", {}, 100));
    EXPECT_TRUE(
        std::ranges::any_of(*seen, [](auto const& row) { return row.what == "complaint"; }));

    auto const leader = signs_in(role::shift_leader);
    EXPECT_EQ(post(path + "/answer", li, R"({"text":"sorry"})").status, 403U);
    EXPECT_EQ(post(path + "/answer", leader, "{}").status, 422U);
    EXPECT_EQ(post(path + "/accept", li).status, 409U) << "nobody has answered";
    EXPECT_EQ(post(path + "/answer", leader, R"({"text":"a new meal is on its way"})").status,
              200U);
    EXPECT_EQ(post(path + "/answer", leader, R"({"text":"x","state":"open"})").status, 409U);
    auto const accepted = post(path + "/accept", li, R"({"text":"content"})");
    EXPECT_EQ(accepted.status, 200U);
    EXPECT_THAT(accepted.body, HasSubstr("\"accepted\""));
}

TEST_F(booking_desk, nobody_answers_what_is_said_of_himself) {
    auto const leader = signs_in(role::shift_leader);
    auto const about_her = post("/v1/complaints", li,
                                R"({"worker":"k1","against":"shift_leader.310000",)"
                                R"("kind":"not_helped","complainer":"the son","words":"rude"})");
    ASSERT_EQ(about_her.status, 200U) << about_her.body;
    auto const id = std::string(boost::json::parse(about_her.body).at("id").as_string());
    auto const refused =
        post("/v1/complaints/" + id + "/answer", leader, R"({"text":"I was not"})");
    EXPECT_EQ(refused.status, 409U);
    EXPECT_EQ(code_of(refused), "not_yours");
    EXPECT_EQ(post("/v1/complaints/" + id + "/answer", signs_in(role::quality),
                   R"({"text":"she will ring"})")
                  .status,
              200U);
}

TEST_F(booking_desk, says_so_when_the_database_is_away) {
    bookings.away(true);
    complaints_kept.away(true);
    EXPECT_EQ(get("/v1/bookings", li).status, 503U);
    EXPECT_EQ(get("/v1/complaints", li).status, 503U);
    registry.is_away = true;
    EXPECT_EQ(post("/v1/bookings", li, lunch()).status, 503U);
}

// ------------------------------------------------------------------ the telephone system

using telephone_door = api_house;

TEST_F(telephone_door, takes_a_signed_report_and_says_what_became_of_the_call) {
    auto const taken = tells("ringing");
    ASSERT_EQ(taken.status, 200U) << taken.body;
    auto const said = boost::json::parse(taken.body);
    EXPECT_EQ(said.at("id").as_string(), to_string(only_call().id));
    EXPECT_EQ(said.at("outcome").as_string(), "joined") << "w1 was pressed just now";
    EXPECT_EQ(said.at("alert").as_string(), to_string(alert().id));
    EXPECT_EQ(only_call().source, "pbx");
    EXPECT_EQ(only_call().number, "13800000001");
    tells("answered", R"(,"seat":"li")");
    tells("ended", R"(,"recording":"rec-7")");
    EXPECT_EQ(only_call().seat, "li");
    EXPECT_EQ(only_call().recording, "rec-7");
    EXPECT_EQ(calls_kept.all().size(), 1U);
}

TEST_F(telephone_door, answers_a_repeated_report_alike_and_does_nothing_more) {
    auto const first = tells("ringing");
    auto const commits = bench.record.commits();
    bench.clock.fast_forward(1s); // signed anew
    auto const again = tells("ringing");
    EXPECT_EQ(again.status, 200U);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(bench.record.commits(), commits);
}

TEST_F(telephone_door, takes_nothing_forged_old_or_replayed_and_counts_it) {
    auto const body = std::string(R"({"call":"c1","event":"ringing"})");
    auto const status = [&](api_request what) { return answer(std::move(what)).status; };
    EXPECT_EQ(status(report(body, 0s, "another secret")), 401U);
    auto changed = report(body);
    changed.body += ' ';
    EXPECT_EQ(status(changed), 401U);
    auto bare = report(body);
    bare.signature.clear();
    EXPECT_EQ(status(bare), 401U);
    auto spelled = report(body);
    for (auto& c : spelled.signature)
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    EXPECT_EQ(status(spelled), 401U) << "one spelling only";
    EXPECT_EQ(code_of(answer(report(body, 301s))), "old");
    EXPECT_EQ(code_of(answer(report(body, -301s))), "old");
    EXPECT_TRUE(calls_kept.all().empty());

    auto const once = report(body, 299s);
    EXPECT_EQ(status(once), 200U);
    EXPECT_EQ(code_of(answer(once)), "replayed");
    bench.clock.fast_forward(10min);
    EXPECT_EQ(code_of(answer(once)), "old") << "when it is forgotten it is old";
    for (auto const* count : {"forged\"} 4", "old\"} 3", "replayed\"} 1"})
        EXPECT_THAT(metrics.text(),
                    HasSubstr(std::string("linli_calls_refused_total{why=\"") + count));
    EXPECT_EQ(calls_kept.all().size(), 1U);
}

TEST_F(telephone_door, answers_when_it_is_in_the_record_and_the_same_report_may_come_again) {
    calls_kept.away(true);
    auto const what = report(R"({"call":"c1","event":"ended"})");
    auto const away = answer(what);
    EXPECT_EQ(away.status, 503U);
    EXPECT_EQ(header_of(away, "Retry-After"), "2");
    calls_kept.away(false);
    bench.record.away(true);
    EXPECT_EQ(answer(what).status, 503U) << "the request to ring back isn't there yet";
    bench.record.away(false);
    EXPECT_EQ(answer(what).status, 200U);
    EXPECT_EQ(bench.record.holds().requests.size(), 1U);
}

TEST_F(telephone_door, names_the_field_that_is_wrong) {
    auto const said = [&](std::string const& body) { return answer(report(body)); };
    EXPECT_EQ(said("[]").status, 400U);
    for (auto const& [body, field] : {std::pair{R"({"event":"ringing"})", "call"},
                                      {R"({"call":"c1"})", "event"},
                                      {R"({"call":"c1","event":"dialled"})", "event"}}) {
        auto const wrong = said(body);
        EXPECT_EQ(wrong.status, 422U) << body;
        EXPECT_EQ(boost::json::parse(wrong.body).at("field").as_string(), field);
    }
}

TEST_F(telephone_door, knows_how_long_ago_it_was_also_by_a_clock_that_is_wrong) {
    bench.clock.fast_forward(4min);              // the press was before that
    auto const ahead = bench.clock.now() + 3min; // of its clock
    auto const text = [](domain::instant at) { return runtime::utc_text(at); };
    auto const body = R"({"call":"c1","event":"ringing","number":"13800000001","at":")" +
                      text(ahead - 2min) + "\"}";
    EXPECT_EQ(answer(report(body, -180s)).status, 200U);
    EXPECT_EQ(only_call().rang_at,
              std::chrono::floor<std::chrono::seconds>(bench.clock.now()) - 2min);
    EXPECT_EQ(only_call().outcome, domain::call_outcome::joined);
}

TEST_F(telephone_door, is_none_where_none_is_configured) {
    tells("ringing");
    auto const path = call_path("open_alert");
    auto const token = signs_in(role::operator_);
    auto without = ports();
    without.telephone = nullptr;
    http::api bare(bench.loop.get_executor(), std::move(without));
    auto const said = [&](api_request what) {
        return run_on(bench.loop, bare.reply_to(std::move(what)));
    };
    for (auto const& each :
         {report(R"({"call":"c1","event":"ended"})"), request("POST", path, token),
          request("POST", call_path("dial"), token), request("POST", alert_path("dial"), token)}) {
        auto const none = said(each);
        EXPECT_EQ(none.status, 404U);
        EXPECT_EQ(code_of(none), "no_telephone") << each.path;
    }
    EXPECT_THAT(said(request("GET", "/v1/session", token)).body, Not(HasSubstr("dials")));
    EXPECT_THAT(get("/v1/session", token).body, HasSubstr("\"dials\":true"));
    EXPECT_THAT(get("/v1/session", signs_in(role::audit_officer)).body, Not(HasSubstr("dials")));
    run_on(bench.loop, bare.stop());
}

TEST_F(telephone_door, a_desk_says_what_a_call_is) {
    bench.clock.fast_forward(3min);
    tells("ringing");
    tells("answered");
    auto const token = signs_in(role::operator_);
    auto const none = post(call_path("no_case"), token, R"({"outcome":"silent"})");
    EXPECT_EQ(none.status, 422U);
    EXPECT_EQ(code_of(none), "needs_reason");
    EXPECT_EQ(post(call_path("no_case"), token, R"({"outcome":"tired"})").status, 422U);
    EXPECT_EQ(post(call_path("open_alert"), token, R"({"resident":"r2"})").status, 404U);
    auto const done = post(call_path("open_request"), token, R"({"resident":"r1"})");
    EXPECT_EQ(done.status, 200U) << done.body;
    EXPECT_EQ(boost::json::parse(done.body).at("version").as_int64(), only_call().version);
    EXPECT_EQ(only_call().decided_by, "operator.310000");
    EXPECT_EQ(bench.record.holds().requests.size(), 1U);
    auto const late = post(call_path("no_case"), signs_in(role::station), R"({"outcome":"test"})");
    EXPECT_EQ(late.status, 409U);
    auto const why = boost::json::parse(late.body);
    EXPECT_EQ(why.at("code").as_string(), "held");
    EXPECT_EQ(why.at("holder").as_string(), "operator.310000");
    EXPECT_EQ(why.at("did").as_string(), "request");
    auto const joins = R"({"alert":")" + to_string(alert().id) + "\"}";
    EXPECT_EQ(post(call_path("join"), token, joins).status, 200U);
    EXPECT_EQ(only_call().alert, alert().id);
}

TEST_F(telephone_door, joins_a_call_to_no_alert_that_she_may_not_see) {
    answer(report(R"({"call":"c1","event":"ringing","called":"12350"})"));
    auto const token = signs_in(role::operator_, "310104");
    auto const joins = R"({"alert":")" + to_string(alert().id) + "\"}";
    EXPECT_EQ(post(call_path("join"), token, joins).status, 422U);
    EXPECT_EQ(post(call_path("join"), token, R"({"alert":"x"})").status, 422U);
    EXPECT_FALSE(only_call().outcome);
}

TEST_F(telephone_door, shows_a_callers_number_only_when_the_look_was_written_down) {
    tells("ringing");
    auto const token = signs_in(role::operator_);
    auto const shown = post(call_path("reveal"), token);
    EXPECT_EQ(boost::json::parse(shown.body).at("text").as_string(), "13800000001");
    ASSERT_EQ(keeper.log().size(), 1U);
    EXPECT_EQ(keeper.log()[0].what, "phone");
    EXPECT_EQ(keeper.log()[0].subject, "resident:r1");
    EXPECT_EQ(keeper.log()[0].why, to_string(only_call().id));
    auto const strange = answer(report(R"({"call":"c2","event":"ringing","number":"139"})"));
    auto const id = std::string(boost::json::parse(strange.body).at("id").as_string());
    EXPECT_EQ(post("/v1/calls/" + id + "/reveal", token).status, 200U);
    EXPECT_EQ(keeper.log()[1].subject, "area:310000/call:" + id) << "a stranger's is its line's";
    keeper.away(true);
    EXPECT_EQ(post(call_path("reveal"), token).status, 503U);
    EXPECT_EQ(post(call_path("dial"), token).status, 503U);
    EXPECT_TRUE(dials.asked.empty());
}

TEST_F(telephone_door, rings_her_seat_and_then_whom_she_asks_for) {
    tells("ringing");
    auto const token = signs_in(role::operator_);
    EXPECT_EQ(post(alert_path("dial"), token, R"({"field":"phone"})").status, 200U);
    ASSERT_EQ(dials.asked.size(), 1U);
    EXPECT_EQ(dials.asked[0].seat.value, "operator.310000");
    EXPECT_EQ(dials.asked[0].number, "13900008888");
    EXPECT_EQ(dials.asked[0].reference, to_string(alert().id));
    EXPECT_EQ(keeper.log().back().what, "phone");
    EXPECT_EQ(keeper.log().back().subject, "resident:r1");
    EXPECT_EQ(post(call_path("dial"), token).status, 200U);
    EXPECT_EQ(dials.asked[1].number, "13800000001");
    EXPECT_EQ(dials.asked[1].reference, to_string(only_call().id));
    for (auto const* body : {"{}", R"({"field":"id_number"})", R"({"field":"access_notes"})"})
        EXPECT_EQ(post(alert_path("dial"), token, body).status, 422U) << body;
    EXPECT_EQ(dials.asked.size(), 2U);
}

TEST_F(telephone_door, says_what_the_telephone_system_answered) {
    auto const token = signs_in(role::operator_);
    dials.answers = app::dialled::refused;
    auto const no = post(alert_path("dial"), token, R"({"field":"phone"})");
    EXPECT_EQ(no.status, 409U);
    EXPECT_EQ(code_of(no), "telephone_refused");
    dials.answers = app::dialled::unreachable;
    auto const silent = post(alert_path("dial"), token, R"({"field":"phone"})");
    EXPECT_EQ(silent.status, 502U);
    EXPECT_EQ(code_of(silent), "telephone_unreachable");
}

TEST_F(telephone_door, every_page_hears_of_a_call_at_once) {
    auto const token = signs_in(role::operator_);
    bench.loop.restart();
    while (!feed.is_fresh())
        ASSERT_GT(bench.loop.run_one(), 0U);
    auto const before = feed.sequence();
    tells("ringing");
    while (feed.sequence() == before)
        ASSERT_GT(bench.loop.run_one(), 0U);
    auto const news = feed.since(feed.epoch(), before, {city_area});
    ASSERT_EQ(news.lines.size(), 1U);
    EXPECT_EQ(news.lines[0]->id, to_string(only_call().id));
}

} // namespace
} // namespace linli::tests
