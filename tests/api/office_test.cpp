// The administration, at the API: registry, accounts, reports, plans, who saw whom.
#include "api/api_house.hpp"

namespace linli::tests {
namespace {

// ------------------------------------------------------------------ the registry

class registry_page : public api_house {
protected:
    void SetUp() override {
        api_house::SetUp();
        has_home();
    }
    boost::json::value said(std::string const& path, std::string const& token) {
        auto const reply = get(path, token);
        EXPECT_EQ(reply.status, 200U) << path << ' ' << reply.body;
        return boost::json::parse(reply.body);
    }
    std::vector<std::string> seen_of(std::string const& subject) {
        auto const rows = run_on(bench.loop, keeper.seen(subject, {}, 10));
        std::vector<std::string> all;
        for (auto const& each : rows.value())
            all.push_back(each.who.value + ' ' + each.what);
        return all;
    }
};

TEST_F(registry_page, is_told_its_sheets_with_all_that_a_form_needs) {
    auto const sheets = said("/v1/registry", signs_in(role::administrator)).at("sheets").as_array();
    EXPECT_EQ(sheets.size(), 11U);
    auto const& residents = sheets.at(3).as_object();
    EXPECT_EQ(residents.at("name").as_string(), "residents");
    EXPECT_EQ(residents.at("key").as_string(), "id");
    EXPECT_TRUE(residents.at("mayChange").as_bool());
    auto const& columns = residents.at("columns").as_array();
    EXPECT_EQ(columns.at(1).at("refersTo").as_string(), "homes");
    EXPECT_TRUE(columns.at(2).at("personal").as_bool());
    EXPECT_TRUE(columns.at(2).at("required").as_bool());
    EXPECT_EQ(columns.at(5).at("kind").as_string(), "word");
    EXPECT_EQ(columns.at(5).at("words").as_array().at(0).as_string(), "present");
    EXPECT_TRUE(sheets.at(4).at("owned").as_bool());
}

TEST_F(registry_page, offers_each_role_its_own_sheets_alone) {
    auto const all = said("/v1/registry", signs_in(role::installer)).at("sheets").as_array();
    std::vector<std::string> seen;
    for (auto const& each : all)
        seen.push_back(std::string(each.at("name").as_string()) +
                       (each.as_object().contains("mayChange") ? " changes" : ""));
    EXPECT_THAT(seen, ElementsAre("areas", "sites", "homes", "devices changes"));
    EXPECT_EQ(get("/v1/registry/residents", signs_in(role::installer)).status, 403U);
    EXPECT_EQ(get("/v1/registry/residents/export", signs_in(role::installer)).status, 403U);
    EXPECT_EQ(post("/v1/registry/homes/H1", signs_in(role::installer)).status, 403U);
    EXPECT_EQ(post("/v1/registry/homes/H1/reveal", signs_in(role::audit_officer)).status, 403U);
}

TEST_F(registry_page, gives_a_companys_manager_two_sheets_and_of_them_what_is_the_companys) {
    auto const told = said("/v1/registry", signs_in(role::provider_manager));
    auto const& sheets = told.at("sheets").as_array();
    std::vector<std::string> seen;
    for (auto const& sheet : sheets) {
        EXPECT_TRUE(sheet.at("mayChange").as_bool());
        EXPECT_FALSE(sheet.as_object().contains("mayAdd"));
        for (auto const& column : sheet.at("columns").as_array())
            seen.push_back(std::string(sheet.at("name").as_string()) + '.' +
                           std::string(column.at("name").as_string()) +
                           (column.as_object().contains("fixed") ? "" : " changes"));
    }
    EXPECT_THAT(seen,
                ElementsAre("providers.id", "providers.name", "providers.phone changes",
                            "providers.dispatch", "workers.id", "workers.provider", "workers.name",
                            "workers.phone changes", "workers.site", "workers.latitude",
                            "workers.longitude", "workers.certificates", "workers.from changes",
                            "workers.until changes", "workers.rating", "workers.kind",
                            "workers.people", "workers.areas", "workers.on_duty changes"));
    auto const chief = said("/v1/registry", signs_in(role::administrator));
    for (auto const& sheet : chief.at("sheets").as_array()) {
        EXPECT_TRUE(sheet.at("mayAdd").as_bool());
        for (auto const& column : sheet.at("columns").as_array())
            EXPECT_FALSE(column.as_object().contains("fixed"));
    }
}

TEST_F(registry_page, tells_a_companys_manager_of_no_home_whose_key_his_worker_holds) {
    has_companies();
    auto const token = signs_in(role::provider_manager);
    auto const record = said("/v1/registry/workers/k-p1", token);
    auto const& cells = record.at("rows").as_array().at(0).at("cells").as_object();
    EXPECT_EQ(cells.at("phone").as_string(), "137****0001");
    EXPECT_FALSE(cells.contains("homes"));
    EXPECT_FALSE(cells.contains("synthetic"));
    auto const seen = said("/v1/registry/workers/k-p1", signs_in(role::administrator));
    EXPECT_EQ(seen.at("rows").as_array().at(0).at("cells").at("homes").as_string(), "H1");
    auto filtered = request("GET", "/v1/registry/workers", token);
    filtered.query = "homes=H1";
    EXPECT_EQ(answer(filtered).status, 422U) << "the answer would tell";
}

TEST_F(registry_page, shows_a_workers_telephone_to_his_company_only_when_it_is_written_down) {
    has_companies();
    auto const token = signs_in(role::provider_manager);
    EXPECT_EQ(post("/v1/registry/workers/k-p1/reveal", token).status, 200U);
    EXPECT_THAT(seen_of("worker:k-p1"), ElementsAre("provider_manager.310000 record"));
    EXPECT_EQ(post("/v1/registry/workers/k-p2/reveal", token).status, 404U);
    EXPECT_THAT(seen_of("worker:k-p2"), testing::IsEmpty());
    keeper.away(true);
    EXPECT_EQ(post("/v1/registry/workers/k-p1/reveal", token).status, 503U);
}

TEST_F(registry_page, shows_no_plan_and_rehearses_none_for_a_companys_manager) {
    auto const token = signs_in(role::provider_manager);
    EXPECT_EQ(get("/v1/plans", token).status, 403U);
    EXPECT_EQ(post("/v1/plans/dry_run", token, R"({"kind":"sos","resident":"r1"})").status, 403U);
    EXPECT_EQ(post("/v1/registry/check", token).status, 403U);
    EXPECT_EQ(post("/v1/registry/import", token).status, 403U);
}

TEST_F(registry_page, is_turned_and_filtered_by_what_the_address_says) {
    auto const token = signs_in(role::administrator);
    said("/v1/registry/homes", token);
    EXPECT_EQ(registry.asked.back().page, 1U);
    EXPECT_EQ(registry.asked.back().per_page, 50U);
    auto r = request("GET", "/v1/registry/contacts", token);
    r.query = "q=%E7%8E%8B+%2B86&area=310110&owner=R1&language=en&name=x&page=3&per_page=100";
    EXPECT_EQ(answer(r).status, 200U);
    auto const& asked = registry.asked.back();
    EXPECT_EQ(asked.words, "王 +86");
    EXPECT_EQ(asked.area.value, "310110");
    EXPECT_THAT(asked.equal,
                ElementsAre(testing::Pair("language", "en"), testing::Pair("resident", "R1")))
        << "a name is personal, and no filter";
    EXPECT_EQ(asked.page, 3U);
    EXPECT_EQ(asked.per_page, 100U);
    for (auto const* wrong : {"page=-1", "page=x", "per_page=101", "page=99999999999"}) {
        r.query = wrong;
        EXPECT_EQ(answer(r).status, 422U) << wrong;
    }
}

TEST_F(registry_page, is_harmed_by_no_path_query_or_body) {
    auto const token = signs_in(role::administrator);
    for (auto const* path :
         {"/v1/registry/nothing", "/v1/registry/homes/H2", "/v1/registry/homes/%00",
          "/v1/registry/homes/%", "/v1/registry/homes/%zz", "/v1/registry/homes/..%2f..%2fetc",
          "/v1/registry/homes/H1'", "/v1/registry/homes/%E7%8E%8B", "/v1/registry//H1",
          "/v1/registry/homes/", "/v1/registry/homes/H1/", "/v1/registry/", "/v1/registry/Homes/H1",
          "/v1/registry/homes%2fH1", "/v1/registry/check", "/v1/registry/homes/H1/reveal/x"})
        EXPECT_EQ(get(path, token).status, 404U) << path;
    EXPECT_EQ(get("/v1/registry/homes/" + std::string(65, 'x'), token).status, 404U);
    EXPECT_EQ(get("/v1/registry/homes/H%31", token).status, 200U);
    auto r = request("GET", "/v1/registry/homes", token);
    for (auto const* query : {"q=%", "q=%0", "q=%ff%fe", "q=%00", "&&&=", "q", "=q", "q=&q=x"}) {
        r.query = query;
        EXPECT_EQ(answer(r).status, 200U) << query;
        EXPECT_EQ(registry.asked.back().words.find('\0'), std::string::npos);
    }
    for (auto const* body : {"", "{", "[]", "{\"rows\":7}", "{\"rows\":[{\"cells\":[]}]}",
                             "{\"rows\":[{\"cells\":{\"door\":{}}}]}", "\xff"})
        EXPECT_EQ(post("/v1/registry/homes/H1", token, body).status, 400U) << body;
    EXPECT_TRUE(registry.changes.empty());
}

TEST_F(registry_page, changes_a_record_as_its_path_names_it) {
    auto const token = signs_in(role::station);
    auto const done = post("/v1/registry/homes/H1", token,
                           R"({"etag":"e1","rows":[{"cells":{"door":" 5-501\n","id":"H1"}}]})");
    EXPECT_EQ(done.status, 200U);
    ASSERT_EQ(registry.changes.size(), 1U);
    auto const& what = registry.changes[0];
    EXPECT_EQ(what.sheet, domain::sheet::homes);
    EXPECT_EQ(what.key, "H1");
    EXPECT_EQ(what.etag, "e1");
    EXPECT_THAT(what.rows, ElementsAre(ElementsAre(testing::Pair("door", "5-501"),
                                                   testing::Pair("id", "H1"))));
    registry.is_away = true;
    EXPECT_EQ(post("/v1/registry/homes/H1", token).status, 503U);
}

TEST_F(registry_page, hears_who_was_first_and_what_is_wrong) {
    auto const token = signs_in(role::administrator);
    app::registry_edit last;
    last.at = bench.clock.now();
    last.by = {"li"};
    last.by_name = "李敏";
    registry.next_change = app::registry_stale{last};
    auto const stale = post("/v1/registry/homes/H1", token);
    EXPECT_EQ(stale.status, 409U);
    EXPECT_EQ(code_of(stale), "stale");
    EXPECT_EQ(boost::json::parse(stale.body).at("holder").as_string(), "li");
    app::registry_mistakes wrong;
    wrong.mistakes.add({"homes.csv", 1, "door", "", "missing", "give it"});
    registry.next_change = wrong;
    auto const bad = post("/v1/registry/homes/H1", token);
    EXPECT_EQ(bad.status, 422U);
    auto const mistake = boost::json::parse(bad.body).at("mistakes").as_array().at(0);
    EXPECT_EQ(mistake.at("field").as_string(), "door");
    EXPECT_EQ(mistake.at("remedy").as_string(), "give it");
}

TEST_F(registry_page, shows_in_clear_only_what_was_written_down_first) {
    auto const token = signs_in(role::station);
    auto const shown = post("/v1/registry/homes/H1/reveal", token);
    EXPECT_EQ(shown.status, 200U);
    EXPECT_FALSE(boost::json::parse(shown.body).as_object().contains("masked"));
    EXPECT_THAT(seen_of("home:H1"), ElementsAre("station.310000 record"));
    EXPECT_EQ(post("/v1/registry/homes/H2/reveal", token).status, 404U);
    keeper.away(true);
    auto const refused = post("/v1/registry/homes/H1/reveal", token);
    EXPECT_EQ(refused.status, 503U);
    EXPECT_THAT(refused.body, Not(HasSubstr("rows")));
}

// Masked or not: whoever finds somebody by a number knows whose it is.
TEST_F(registry_page, finds_people_by_words_only_when_it_is_written_down) {
    has_resident();
    auto r = request("GET", "/v1/registry/residents", signs_in(role::station));
    EXPECT_EQ(answer(r).status, 200U);
    EXPECT_THAT(seen_of("resident:r1"), testing::IsEmpty()) << "a list is no search";
    r.cookie = signs_in(role::administrator);
    r.query = "q=13800000001";
    EXPECT_EQ(answer(r).status, 200U);
    EXPECT_THAT(seen_of("resident:r1"), ElementsAre("administrator.310000 search"));
    r.path = "/v1/registry/homes";
    EXPECT_EQ(answer(r).status, 200U);
    EXPECT_THAT(seen_of("home:H1"), testing::IsEmpty()) << "a house is nobody";
    keeper.away(true);
    r.path = "/v1/registry/residents";
    EXPECT_EQ(answer(r).status, 503U);
}

TEST_F(registry_page, gives_out_a_file_masked_or_written_down) {
    auto const plain = get("/v1/registry/homes/export", signs_in(role::audit_officer));
    EXPECT_EQ(plain.body, "H1 masked\n");
    EXPECT_EQ(plain.content_type, "text/csv; charset=utf-8");
    EXPECT_THAT(header_of(plain, "Content-Disposition"), HasSubstr("homes.csv"));
    EXPECT_THAT(seen_of("area:310000/sheet:homes"), testing::IsEmpty());
    auto clear = request("GET", "/v1/registry/homes/export", signs_in(role::audit_officer));
    clear.query = "personal=yes";
    EXPECT_EQ(answer(clear).status, 403U);
    clear.cookie = signs_in(role::administrator);
    EXPECT_EQ(answer(clear).body, "H1 clear\n");
    EXPECT_THAT(seen_of("area:310000/sheet:homes"), ElementsAre("administrator.310000 export"));
    keeper.away(true);
    EXPECT_EQ(answer(clear).status, 503U);
}

TEST_F(registry_page, looks_at_files_and_loads_them) {
    auto const token = signs_in(role::administrator);
    auto const* body = R"({"files":[{"name":"homes.csv","text":"id,area\nH1,x\n"}]})";
    auto const told = post("/v1/registry/check", token, body);
    EXPECT_EQ(told.status, 200U);
    auto const checked = boost::json::parse(told.body);
    EXPECT_EQ(checked.at("what").as_string(), "check");
    EXPECT_EQ(checked.at("state").as_string(), "done");
    EXPECT_FALSE(checked.at("result").as_object().contains("done"));
    EXPECT_EQ(registry.given.at(0).text, "id,area\nH1,x\n");
    auto const loaded = boost::json::parse(post("/v1/registry/import", token, body).body);
    EXPECT_TRUE(loaded.at("result").at("done").as_bool());
    EXPECT_THAT(registry.done,
                ElementsAre(app::registry_desk::doing::check, app::registry_desk::doing::import));
    EXPECT_EQ(post("/v1/registry/import", token, "{").status, 400U);
    EXPECT_EQ(post("/v1/registry/import", signs_in(role::station), body).status, 403U);
    EXPECT_EQ(post("/v1/registry/import", signs_in(role::administrator, "310110"), body).status,
              403U);
    using http::body_size;
    EXPECT_EQ(http::size_of_body("POST", "/v1/registry/import"), body_size::large);
    EXPECT_EQ(http::size_of_body("POST", "/v1/registry/homes/H1"), body_size::usual);
    EXPECT_EQ(http::size_of_body("GET", "/v1/registry/import"), body_size::usual);
}

// ------------------------------------------------------------------ imports that take long

class import_page : public registry_page {
protected:
    void SetUp() override {
        registry_page::SetUp();
        app::account chen;
        chen.user = {"chen"};
        chen.name = "陈静";
        chen.role = role::administrator;
        chen.area = {city_area};
        ASSERT_TRUE(run_on(bench.loop, keeper.keep(chen, "plain:secret")));
        auto const opened = run_on(bench.loop, accounts.sign_in({"chen"}, "secret", "127.0.0.1"));
        token = opened.value().token;
        other = signs_in(role::administrator);
    }

    // Its first answer, two seconds after it was begun: by then it stands where the test wants it.
    boost::json::value runs(std::string const& what = "import") {
        std::optional<api_reply> first;
        api.answer(request("POST", "/v1/registry/" + what, token),
                   [&](api_reply r) { first = std::move(r); });
        bench.loop.restart();
        while (!registry.import_stands())
            if (bench.loop.run_one() == 0) throw std::logic_error("it doesn't begin");
        bench.clock.fast_forward(2s);
        while (!first)
            if (bench.loop.run_one() == 0) throw std::logic_error("it isn't answered");
        EXPECT_EQ(first->status, 202U) << first->body;
        return boost::json::parse(first->body);
    }
    void goes_on() {
        registry.import_goes_on();
        bench.loop.restart();
        while (bench.loop.poll() > 0) {
        }
    }
    static std::string path_of(boost::json::value const& job) {
        return "/v1/registry/imports/" + std::string(job.at("id").as_string());
    }
    std::string state_of(boost::json::value const& job) {
        auto const now = said(path_of(job), token);
        return std::string(now.at("state").as_string());
    }

    std::string token; // Chen's
    std::string other; // another administrator's of the city
};

TEST_F(import_page, is_answered_with_a_job_that_tells_how_far_it_is) {
    registry.import_stops = {{}, {"home", 300, 1200}};
    auto const begun = runs();
    EXPECT_EQ(begun.at("state").as_string(), "running");
    EXPECT_EQ(begun.at("by").as_string(), "chen");
    EXPECT_EQ(begun.at("byName").as_string(), "陈静");
    EXPECT_TRUE(begun.at("mayBeCancelled").as_bool());
    EXPECT_FALSE(begun.as_object().contains("rows")) << "the files are still being read";
    EXPECT_FALSE(begun.as_object().contains("result"));
    goes_on();
    auto const half = said(path_of(begun), token);
    EXPECT_EQ(half.at("rowsDone").as_int64(), 300);
    EXPECT_EQ(half.at("rows").as_int64(), 1200);
    goes_on();
    auto const ended = said(path_of(begun), token);
    EXPECT_EQ(ended.at("state").as_string(), "done");
    EXPECT_TRUE(ended.at("result").at("done").as_bool());
    EXPECT_TRUE(ended.as_object().contains("endedAt"));
}

TEST_F(import_page, tells_the_mistakes_when_it_has_found_them) {
    registry.import_stops = {app::import_step{}};
    registry.import_finds.mistakes.add({"homes.csv", 3, "door", "", "missing", "give it"});
    auto const begun = runs("check");
    goes_on();
    auto const ended = said(path_of(begun), token);
    EXPECT_EQ(ended.at("state").as_string(), "refused");
    auto const& found = ended.at("result").at("mistakes");
    EXPECT_EQ(found.at("count").as_int64(), 1);
    EXPECT_EQ(found.at("mistakes").as_array().at(0).at("line").as_int64(), 3);
}

TEST_F(import_page, refuses_a_second_one_and_says_who_runs_the_first) {
    registry.import_stops = {app::import_step{}};
    auto const begun = runs();
    for (auto const* what : {"/v1/registry/import", "/v1/registry/check"}) {
        auto const refused = post(what, other);
        EXPECT_EQ(refused.status, 409U);
        EXPECT_EQ(code_of(refused), "importing");
        auto const why = boost::json::parse(refused.body);
        EXPECT_EQ(why.at("holder").as_string(), "chen");
        EXPECT_EQ(why.at("text").as_string(), "陈静");
        EXPECT_EQ(why.at("at").as_string(), begun.at("startedAt").as_string());
    }
    auto const elsewhere = post("/v1/registry/import", signs_in(role::administrator, "310110"));
    EXPECT_EQ(elsewhere.status, 403U);
    EXPECT_THAT(elsewhere.body, Not(HasSubstr("chen")));
}

TEST_F(import_page, whose_answer_was_lost_is_found_by_the_same_key) {
    registry.import_stops_in_commit = true;
    auto r = request("POST", "/v1/registry/import", token);
    r.idempotency_key = "press 1";
    std::optional<api_reply> lost;
    api.answer(r, [&](api_reply it) { lost = std::move(it); });
    bench.loop.restart();
    while (!registry.import_stands())
        ASSERT_GT(bench.loop.run_one(), 0U);
    goes_on();
    ASSERT_TRUE(lost);
    auto const first = boost::json::parse(lost->body);
    registry.import_stops_in_commit = false;
    auto const again = boost::json::parse(answer(r).body);
    EXPECT_EQ(again.at("id").as_string(), first.at("id").as_string());
    EXPECT_EQ(registry.done.size(), 1U);
    r.idempotency_key = std::string(101, 'x');
    EXPECT_EQ(answer(r).status, 422U);
}

TEST_F(import_page, is_found_again_by_whoever_began_it_and_by_administrators_alone) {
    registry.import_stops = {app::import_step{}};
    auto const begun = runs();
    for (auto const& who : {token, other}) {
        auto const all = said("/v1/registry/imports", who);
        ASSERT_EQ(all.at("jobs").as_array().size(), 1U);
        EXPECT_EQ(all.at("jobs").as_array().at(0).at("id").as_string(), begun.at("id").as_string());
        EXPECT_EQ(get(path_of(begun), who).status, 200U);
    }
    auto const elsewhere = signs_in(role::administrator, "310110");
    EXPECT_EQ(get(path_of(begun), elsewhere).status, 404U);
    EXPECT_EQ(post(path_of(begun) + "/cancel", elsewhere).status, 404U);
    EXPECT_FALSE(said("/v1/registry/imports", elsewhere).as_object().contains("jobs"));
    auto const station = signs_in(role::station);
    EXPECT_EQ(get(path_of(begun), station).status, 403U);
    EXPECT_EQ(post(path_of(begun) + "/cancel", station).status, 403U);
    EXPECT_FALSE(said("/v1/registry/imports", station).as_object().contains("jobs"));
    EXPECT_EQ(get("/v1/registry/imports/x", token).status, 404U);
}

TEST_F(import_page, is_cancelled_by_whoever_began_it_and_loads_nothing) {
    registry.import_stops = {{"home", 300, 1200}};
    auto const begun = runs();
    auto const not_hers = post(path_of(begun) + "/cancel", other);
    EXPECT_EQ(not_hers.status, 409U);
    EXPECT_EQ(code_of(not_hers), "not_yours");
    EXPECT_EQ(post(path_of(begun) + "/cancel", token).status, 204U);
    goes_on();
    EXPECT_EQ(state_of(begun), "cancelled");
    EXPECT_TRUE(registry.done.empty());
    auto const late = post(path_of(begun) + "/cancel", token);
    EXPECT_EQ(late.status, 409U);
    EXPECT_EQ(code_of(late), "too_late");
}

TEST_F(import_page, is_no_longer_cancelled_when_it_is_committed) {
    registry.import_stops_in_commit = true;
    auto const begun = runs();
    EXPECT_FALSE(begun.as_object().contains("mayBeCancelled"));
    EXPECT_EQ(code_of(post(path_of(begun) + "/cancel", token)), "too_late");
    goes_on();
    EXPECT_EQ(state_of(begun), "done");
}

TEST_F(import_page, that_a_stop_of_the_server_ended_is_told_as_not_loaded) {
    registry.import_stops = {{"home", 300, 1200}};
    auto const begun = runs();
    run_on(bench.loop, imports.stop());
    EXPECT_EQ(state_of(begun), "cancelled");
    EXPECT_TRUE(registry.done.empty());
    // What a server that was started meanwhile says of ids that aren't its own.
    EXPECT_EQ(get("/v1/registry/imports/0192a0b0-0000-7000-8000-000000000001", token).status, 404U);
    domain::uuid const loaded{{7}};
    registry.traces[loaded].done =
        app::import_trace::commit{bench.clock.now(), {"chen"}, {city_area}};
    auto const left = said("/v1/registry/imports/" + to_string(loaded), token);
    EXPECT_EQ(left.at("state").as_string(), "done");
    EXPECT_TRUE(left.at("result").at("done").as_bool());
    registry.is_away = true;
    EXPECT_EQ(get("/v1/registry/imports/" + to_string(loaded), token).status, 503U);
}

// ------------------------------------------------------------------ accounts

struct accounts_page : api_house {
    std::string chief; // the session of the city's administrator

    void SetUp() override {
        api_house::SetUp();
        keeper.areas = {{{city_area}, {{city_area}}},
                        {{"310104"}, {{"310104"}, {city_area}}},
                        {{"310110"}, {{"310110"}, {city_area}}}};
        keeper.sites = {"s1"};
        keeper.providers = {"p1"};
        keeper.workers = {"p1/k1"};
        chief = signs_in(role::administrator);
        signs_in(role::operator_, "310110");
    }
    static std::string said(std::string const& fields) { return "{\"user\":{" + fields + "}}"; }
    api_reply adds(std::string const& fields, std::string const& by) {
        return post("/v1/users", by, said(fields));
    }
    api_reply changes(std::string const& user, std::string const& fields, std::string const& by) {
        return post("/v1/users/" + user, by, said(fields));
    }
    app::account is(char const* user) {
        return run_on(bench.loop, keeper.find({user})).value().value().who;
    }
    std::vector<std::string> users(std::string const& by, std::string const& query = {}) {
        auto r = request("GET", "/v1/users", by);
        r.query = query;
        auto const page = boost::json::parse(answer(r).body).as_object();
        std::vector<std::string> all;
        if (!page.contains("users")) return all;
        for (auto const& each : page.at("users").as_array())
            all.emplace_back(each.at("user").as_string());
        return all;
    }
    std::string last_deed() const {
        auto const& d = keeper.log().back();
        return d.who.value + ' ' + d.what + ' ' + d.subject + ": " + d.why;
    }
};

auto const li = R"("user":"li.min","name":"李敏","role":"operator","area":"310110")";

TEST_F(accounts_page, adds_somebody_who_signs_in_with_what_was_told_once) {
    auto const added = adds(li, chief);
    ASSERT_EQ(added.status, 200U) << added.body;
    auto const told = boost::json::parse(added.body);
    EXPECT_EQ(told.at("user").as_string(), "li.min");
    auto const password = std::string(told.at("password").as_string());
    EXPECT_EQ(post("/v1/session", "", R"({"user":"li.min","password":")" + password + "\"}").status,
              200U);
    EXPECT_EQ(is("li.min").name, "李敏");
    EXPECT_EQ(last_deed(),
              "administrator.310000 user_added user:li.min: role operator, area 310110");
    auto const again = adds(li, chief);
    EXPECT_EQ(again.status, 409U);
    EXPECT_EQ(code_of(again), "taken");
}

TEST_F(accounts_page, refuses_what_can_be_nobodys_account_and_names_the_field) {
    struct refusal {
        char const* fields;
        char const* field;
    };
    for (auto const& [fields, field] : {
             refusal{R"("user":"Li Min","name":"x","role":"operator","area":"310110")", "user"},
             refusal{R"("user":"li","role":"operator","area":"310110")", "name"},
             refusal{R"("user":"li","name":"x","role":"boss","area":"310110")", "role"},
             refusal{R"("user":"li","name":"x","area":"310110")", "role"},
             refusal{R"("user":"li","name":"x","role":"operator","area":"999999")", "area"},
             refusal{R"("user":"li","name":"x","role":"operator","area":"310110","site":"s9")",
                     "site"},
             refusal{R"("user":"li","name":"x","role":"worker","area":"310110")", "provider"},
             refusal{R"("user":"li","name":"x","role":"worker","area":"310110","provider":"p9",
                        "worker":"k1")",
                     "provider"},
             refusal{R"("user":"li","name":"x","role":"worker","area":"310110","provider":"p1")",
                     "worker"},
             refusal{R"("user":"li","name":"x","role":"worker","area":"310110","provider":"p1",
                        "worker":"k9")",
                     "worker"},
         }) {
        auto const reply = adds(fields, chief);
        EXPECT_EQ(reply.status, 422U) << fields;
        EXPECT_EQ(boost::json::parse(reply.body).at("field").as_string(), field) << fields;
    }
    EXPECT_EQ(post("/v1/users", chief, "[]").status, 400U);
    EXPECT_TRUE(keeper.log().empty());
}

TEST_F(accounts_page, changes_what_was_seen_and_nothing_that_has_moved_on) {
    auto const moved = R"("name":"李敏","role":"quality","area":"310104","version":1)";
    auto const done = changes("operator.310110", moved, chief);
    EXPECT_EQ(done.status, 200U) << done.body;
    EXPECT_EQ(boost::json::parse(done.body).at("version").as_int64(), 2);
    EXPECT_EQ(is("operator.310110").role, role::quality);
    EXPECT_EQ(last_deed(), "administrator.310000 user_changed user:operator.310110: "
                           "role operator > quality, area 310110 > 310104, name");
    auto const late = changes("operator.310110", moved, chief);
    EXPECT_EQ(late.status, 409U);
    EXPECT_EQ(code_of(late), "stale");
}

TEST_F(accounts_page, is_seen_at_once_where_somebody_is_signed_in) {
    auto const hers = signs_in(role::operator_, "310110");
    EXPECT_EQ(get("/v1/session", hers).status, 200U);
    changes("operator.310110", R"("name":"x","role":"operator","area":"310110","version":1)",
            chief);
    EXPECT_THAT(get("/v1/session", hers).body, HasSubstr("\"name\":\"x\""));
    EXPECT_EQ(post("/v1/users/operator.310110/disable", chief).status, 200U);
    EXPECT_EQ(get("/v1/session", hers).status, 401U);
    EXPECT_EQ(last_deed(), "administrator.310000 user_disabled user:operator.310110: ");
    EXPECT_EQ(post("/v1/users/operator.310110/enable", chief).status, 200U);
    EXPECT_FALSE(is("operator.310110").is_disabled);
    EXPECT_EQ(get("/v1/session", hers).status, 401U); // it has ended
}

TEST_F(accounts_page, ends_what_stands_on_another_role) {
    auto const hers = signs_in(role::operator_, "310110");
    changes("operator.310110", R"("name":"x","role":"quality","area":"310110","version":1)", chief);
    EXPECT_EQ(get("/v1/session", hers).status, 401U);
}

TEST_F(accounts_page, gives_a_new_password_and_ends_what_the_old_one_opened) {
    auto const hers = signs_in(role::operator_, "310110");
    auto const made = post("/v1/users/operator.310110/password", chief);
    EXPECT_EQ(boost::json::parse(made.body).at("password").as_string(), "made-by-the-house");
    EXPECT_EQ(get("/v1/session", hers).status, 401U);
    EXPECT_EQ(last_deed(), "administrator.310000 user_password user:operator.310110: ");
}

TEST_F(accounts_page, shows_and_changes_nobody_outside_the_administrators_area) {
    auto const below = signs_in(role::administrator, "310104");
    EXPECT_THAT(users(below), ElementsAre("administrator.310104"));
    auto const elsewhere = R"("name":"x","role":"operator","area":"310110","version":1)";
    EXPECT_EQ(changes("operator.310110", elsewhere, below).status, 404U);
    EXPECT_EQ(post("/v1/users/operator.310110/password", below).status, 404U);
    EXPECT_EQ(post("/v1/users/operator.310110/disable", below).status, 404U);
    EXPECT_EQ(post("/v1/users/nobody/disable", below).status, 404U);
    EXPECT_EQ(adds(li, below).status, 422U); // nor is anybody sent there
    EXPECT_TRUE(keeper.log().empty());
}

TEST_F(accounts_page, a_districts_administrator_appoints_nobody_for_who_serves_another_district) {
    auto const here = signs_in(role::administrator, "310104");
    keeper.area_of_subject["worker:k1"] = {"310104"};
    auto const manager = R"("user":"ma","name":"x","role":"provider_manager","area":"310104",
                            "provider":"p1")";
    auto const worker = R"("user":"k","name":"x","role":"worker","area":"310104","provider":"p1",
                           "worker":"k2")";
    keeper.workers.insert("p1/k2");
    keeper.area_of_subject["worker:k2"] = {"310110"};
    for (auto const* who : {manager, worker})
        EXPECT_EQ(adds(who, here).status, 422U) << who;
    EXPECT_EQ(adds(manager, chief).status, 200U) << "whose area is all of it";
    EXPECT_EQ(post("/v1/users/ma/password", here).status, 404U) << "nor does he become her";
    keeper.area_of_subject["worker:k2"] = {"310104"};
    EXPECT_EQ(adds(worker, here).status, 200U);
    EXPECT_EQ(post("/v1/users/ma/password", here).status, 200U);
}

TEST_F(accounts_page, takes_no_administrators_work_from_himself) {
    EXPECT_EQ(code_of(post("/v1/users/administrator.310000/disable", chief)), "yourself");
    auto const demoted =
        changes("administrator.310000",
                R"("name":"x","role":"operator","area":"310000","version":1)", chief);
    EXPECT_EQ(demoted.status, 409U);
    EXPECT_EQ(code_of(demoted), "yourself");
    EXPECT_EQ(changes("administrator.310000",
                      R"("name":"王","role":"administrator","area":"310000","version":1)", chief)
                  .status,
              200U);
}

// Two sign in; what the first does to the second is known to the second's server too late.
TEST_F(accounts_page, leaves_an_area_its_last_administrator) {
    app::account second;
    second.user = {"second"};
    second.name = "x";
    second.role = role::administrator;
    second.area = {city_area};
    ASSERT_TRUE(run_on(bench.loop, keeper.keep(second, "plain:secret")));
    auto gone = is("administrator.310000");
    gone.is_disabled = true;
    ASSERT_TRUE(run_on(bench.loop, keeper.keep(gone, {})));
    auto const late = post("/v1/users/second/disable", chief);
    EXPECT_EQ(late.status, 409U);
    EXPECT_EQ(code_of(late), "last_administrator");
    EXPECT_FALSE(is("second").is_disabled);
}

TEST_F(accounts_page, finds_by_name_user_and_role_and_pages) {
    adds(li, chief);
    EXPECT_THAT(users(chief), ElementsAre("administrator.310000", "li.min", "operator.310110"));
    EXPECT_THAT(users(chief, "q=%E6%9D%8E"), ElementsAre("li.min"));
    EXPECT_THAT(users(chief, "q=OPERATOR.3&role=operator"), ElementsAre("operator.310110"));
    EXPECT_THAT(users(chief, "per_page=2&page=2"), ElementsAre("operator.310110"));
    EXPECT_THAT(users(chief, "page=9"), testing::IsEmpty());
    auto wrong = request("GET", "/v1/users", chief);
    for (auto const* query : {"role=boss", "page=x", "per_page=-1", "per_page=101"}) {
        wrong.query = query;
        EXPECT_EQ(answer(wrong).status, 422U) << query;
    }
    keeper.away(true);
    EXPECT_EQ(get("/v1/users", chief).status, 503U);
}

TEST_F(accounts_page, says_what_each_role_may) {
    auto const roles = boost::json::parse(get("/v1/roles", chief).body).at("roles").as_array();
    EXPECT_EQ(roles.size(), domain::names<role>::table.size());
    EXPECT_EQ(roles.at(0).at("name").as_string(), "operator");
    EXPECT_THAT(boost::json::serialize(roles.at(0)), HasSubstr("\"claim\""));
}

// ------------------------------------------------------------------ reports

struct report_page : api_house {
    std::string supervisor = {};
    void SetUp() override {
        api_house::SetUp();
        supervisor = signs_in(role::city_supervisor);
    }
    api_reply asks(std::string const& of, std::string const& query, std::string const& by) {
        auto r = request("GET", "/v1/reports/" + of, by);
        r.query = query;
        return answer(std::move(r));
    }
    boost::json::object tonight(std::string const& query, std::string const& by) {
        return boost::json::parse(asks("tonight", query, by).body).as_object();
    }
};

TEST_F(report_page, tells_what_help_can_not_reach_tonight) {
    auto const all = tonight("", supervisor);
    EXPECT_EQ(all.at("day").as_string(), "2026-11-23");
    EXPECT_EQ(all.at("homes").as_int64(), 2);
    EXPECT_EQ(all.at("counts").as_array().size(), domain::names<app::gap_kind>::table.size());
    auto const keys = tonight("kind=key", supervisor).at("gaps").as_array();
    ASSERT_EQ(keys.size(), 2U);
    EXPECT_EQ(keys[0].at("why").as_string(), "no_key");
    EXPECT_EQ(keys[1].at("why").as_string(), "key_never_tested");
    EXPECT_EQ(keys[1].at("subject").as_string(), "home:h2");
    EXPECT_EQ(asks("tonight", "kind=weather", supervisor).status, 422U);
}

TEST_F(report_page, tells_an_area_its_own_night_and_no_other) {
    auto const officer = signs_in(role::area_officer, "310104");
    auto const hers = tonight("kind=key", officer);
    EXPECT_EQ(hers.at("homes").as_int64(), 1);
    EXPECT_EQ(hers.at("gaps").as_array().size(), 1U);
    EXPECT_EQ(tonight("area=310104", supervisor).at("homes").as_int64(), 1);
    EXPECT_EQ(asks("tonight", std::string("area=") + city_area, officer).status, 404U);
    EXPECT_EQ(asks("tonight", "area=999999", supervisor).status, 404U);
    EXPECT_EQ(asks("service", std::string("period=2026-01&area=") + city_area, officer).status,
              404U);
    EXPECT_EQ(asks("service", "period=2026-01", officer).status, 200U);
}

TEST_F(report_page, makes_a_report_once_for_all_who_ask_within_a_minute) {
    int answered = 0;
    auto const later = [&](api_reply r) {
        EXPECT_EQ(r.status, 200U);
        ++answered;
    };
    for (int i = 0; i < 5; ++i) {
        api.answer(request("GET", "/v1/reports/tonight", supervisor), later);
        auto service = request("GET", "/v1/reports/service", supervisor);
        service.query = "period=2026-01-01";
        api.answer(service, later);
    }
    while (answered < 10)
        ASSERT_GT(bench.loop.run_one(), 0U);
    EXPECT_EQ(reports_read.times_looked, 1);
    EXPECT_EQ(reports_read.times_made, 1);
    asks("service", "period=2026-01", supervisor); // another one
    EXPECT_EQ(reports_read.times_made, 2);
    bench.clock.fast_forward(61s);
    tonight("", supervisor);
    asks("service", "period=2026-01-01", supervisor);
    EXPECT_EQ(reports_read.times_looked, 2);
    EXPECT_EQ(reports_read.times_made, 3);
}

TEST_F(report_page, gives_no_spreadsheet_a_formula) {
    auto const reply = asks("service", "period=2026-01&format=csv", supervisor);
    EXPECT_THAT(reply.content_type, testing::StartsWith("text/csv"));
    EXPECT_THAT(header_of(reply, "Content-Disposition"), HasSubstr("service-2026-01.csv"));
    EXPECT_THAT(reply.body, testing::EndsWith("\"2026-01\",\"310000\",\"'=1+1\",0,\"closed\","
                                              "0.5,1,2,ratio\r\n"));
    auto const as_json = asks("service", "period=2026-01", supervisor).body;
    EXPECT_THAT(as_json, HasSubstr(R"("areaName":"=1+1")"));
    EXPECT_THAT(as_json, HasSubstr(R"("unit":"ratio")"));
}

TEST_F(report_page, asks_for_a_period_that_there_is) {
    for (auto const* query : {"", "period=", "period=2026", "period=2026-13", "period=2026-02-30",
                              "period=2026-1-1", "period=2026-01&format=xls"})
        EXPECT_EQ(asks("service", query, supervisor).status, 422U) << query;
    reports_read.is_away = true;
    EXPECT_EQ(asks("service", "period=2026-01", supervisor).status, 503U);
    EXPECT_EQ(asks("tonight", "", supervisor).status, 503U);
    reports_read.is_away = false;
    EXPECT_EQ(asks("service", "period=2026-01", supervisor).status, 200U);
}

// ------------------------------------------------------------------ plans

TEST_F(api_house, shows_the_plans_and_tries_one_without_writing_anything) {
    auto const token = signs_in(role::administrator);
    auto const plans_in_force = boost::json::parse(get("/v1/plans", token).body).at("plans");
    EXPECT_EQ(plans_in_force.as_array().size(), domain::names<domain::alert_kind>::table.size());
    EXPECT_EQ(plans_in_force.at(0).at("kind").as_string(), "sos");
    EXPECT_EQ(plans_in_force.at(0).at("text").as_string(), "sos");

    auto const commits = bench.committed.size();
    auto const tried = post("/v1/plans/dry_run", token,
                            R"({"kind":"sos","resident":"r1","at":"2026-11-23T19:00:00Z"})");
    ASSERT_EQ(tried.status, 200U) << tried.body;
    auto const made = boost::json::parse(tried.body);
    EXPECT_EQ(made.at("level").as_int64(), 1);
    EXPECT_EQ(made.at("steps").at(0).at("what").as_string(), "raise");
    EXPECT_THAT(boost::json::serialize(made.at("gaps")), HasSubstr("nobody_to_go"));
    EXPECT_EQ(bench.committed.size(), commits);
}

TEST_F(api_house, tries_a_plan_for_somebody_who_is_there_alone) {
    auto const token = signs_in(role::administrator);
    auto const tries = [&](char const* body) { return post("/v1/plans/dry_run", token, body); };
    EXPECT_EQ(tries(R"({"kind":"sos","resident":"r9"})").status, 404U);
    EXPECT_EQ(tries(R"({"kind":"outage","resident":"r1"})").status, 422U);
    EXPECT_EQ(tries(R"({"kind":"sos"})").status, 422U);
    EXPECT_EQ(tries(R"({"kind":"sos","resident":"r1","home":"h1"})").status, 422U);
    EXPECT_EQ(tries("[]").status, 400U);
    auto const elsewhere = signs_in(role::administrator, "310104");
    EXPECT_EQ(post("/v1/plans/dry_run", elsewhere, R"({"kind":"sos","resident":"r1"})").status,
              404U);
}

// ------------------------------------------------------------------ who saw whom

struct access_page : accounts_page {
    std::string auditor;
    void SetUp() override {
        accounts_page::SetUp();
        auditor = signs_in(role::audit_officer);
        keeper.area_of_subject["resident:r1"] = {"310110"};
    }
    boost::json::array entries(std::string const& by, std::string const& query = {}) {
        auto r = request("GET", "/v1/access_log", by);
        r.query = query;
        auto const page = boost::json::parse(answer(r).body).as_object();
        return page.contains("entries") ? page.at("entries").as_array() : boost::json::array();
    }
    static std::vector<std::string> words(boost::json::array const& entries) {
        std::vector<std::string> all;
        for (auto const& each : entries)
            all.emplace_back(each.at("what").as_string());
        return all;
    }
};

TEST_F(access_page, tells_deeds_and_looks_newest_first_and_itself) {
    get(alert_path(), signs_in(role::operator_));
    adds(li, chief);
    auto const first = entries(auditor);
    EXPECT_THAT(words(first), ElementsAre("user_added", "card"));
    EXPECT_EQ(first[1].at("subject").as_string(), "resident:r1");
    EXPECT_EQ(first[1].at("why").as_string(), to_string(alert().id));
    EXPECT_THAT(words(entries(auditor, "subject=user%3Ali.min")), ElementsAre("user_added"));
    EXPECT_THAT(words(entries(auditor, "what=access_log")),
                ElementsAre("access_log", "access_log"));
    EXPECT_EQ(keeper.log()[3].subject, "user:li.min");
    EXPECT_EQ(keeper.log()[3].why, "subject=user%3Ali.min");
}

TEST_F(access_page, goes_on_behind_a_line) {
    for (auto const* user : {"a", "b", "c"})
        adds(std::string("\"user\":\"") + user +
                 R"(","name":"x","role":"operator","area":"310110")",
             chief);
    auto r = request("GET", "/v1/access_log", auditor);
    r.query = "limit=2&what=user_added";
    auto const page = boost::json::parse(answer(r).body);
    EXPECT_TRUE(page.at("more").as_bool());
    auto const last = page.at("entries").as_array().at(1);
    EXPECT_EQ(last.at("subject").as_string(), "user:b");
    r.query += "&before=" + std::string(last.at("line").as_string());
    auto const rest = boost::json::parse(answer(r).body);
    EXPECT_FALSE(rest.as_object().contains("more"));
    EXPECT_EQ(rest.at("entries").as_array().at(0).at("subject").as_string(), "user:a");
}

TEST_F(access_page, tells_an_area_its_own_and_takes_days_as_they_are_there) {
    get(alert_path(), signs_in(role::operator_));
    EXPECT_THAT(words(entries(signs_in(role::audit_officer, "310110"))), ElementsAre("card"));
    EXPECT_THAT(words(entries(signs_in(role::audit_officer, "310104"), "what=card")),
                testing::IsEmpty());
    // The house's clock begins at 2026-11-23 08:00 there.
    EXPECT_THAT(words(entries(auditor, "what=card&from=2026-11-23&until=2026-11-23")),
                ElementsAre("card"));
    EXPECT_THAT(words(entries(auditor, "what=card&from=2026-11-24")), testing::IsEmpty());
    EXPECT_THAT(words(entries(auditor, "what=card&until=2026-11-22T23:59:59Z")),
                testing::IsEmpty());
    auto wrong = request("GET", "/v1/access_log", auditor);
    for (auto const* query : {"from=yesterday", "until=2026-13", "before=-1", "limit=x"}) {
        wrong.query = query;
        EXPECT_EQ(answer(wrong).status, 422U) << query;
    }
}

TEST_F(access_page, is_shown_to_nobody_whose_look_can_not_be_written_down) {
    get("/v1/session", auditor); // known for some seconds
    keeper.away(true);
    EXPECT_EQ(get("/v1/access_log", auditor).status, 503U);
}

} // namespace
} // namespace linli::tests
