// A worker's own page, at the API: his offers, what proves his visit, an installation.
#include <future>
#include <map>

#include "adapters/http/certificates.hpp"
#include "api/api_house.hpp"
#include "support/page_client.hpp"
#include "support/private_folder.hpp"

namespace linli::tests {
namespace {

// ------------------------------------------------------------------ a worker's own

struct own_page : api_house {
    boost::json::value offers(std::string const& token, std::string const& query = {}) {
        auto r = request("GET", "/v1/own/offers", token);
        r.query = query;
        auto const reply = answer(std::move(r));
        EXPECT_EQ(reply.status, 200U) << reply.body;
        return boost::json::parse(reply.body);
    }
    // His answer to the offer that was last made.
    api_reply says(std::string const& token, std::string const& kind, std::string const& id) {
        auto const offer = to_string(bench.news().offer.id);
        return post("/v1/own/offers/" + offer + "/replies", token,
                    R"({"replyId":")" + id + R"(","offerId":")" + offer +
                        R"(","kind":"REPLY_KIND_)" + kind + "\"}");
    }
    std::string worker_of_the_offer() { return signs_in_as(bench.news().offer.worker.value); }
    std::string signs_in_as(std::string const& worker) {
        app::account account;
        account.user = {"page." + worker};
        account.role = role::worker;
        account.area = {city_area};
        account.provider = bench.news().offer.provider;
        account.worker = {worker};
        EXPECT_TRUE(run_on(bench.loop, keeper.keep(account, "plain:secret")));
        return run_on(bench.loop, accounts.sign_in(account.user, "secret", "127.0.0.1"))
            .value()
            .token;
    }
};

TEST_F(own_page, shows_him_his_offer_and_the_door_when_he_has_accepted) {
    auto const token = worker_of_the_offer();
    auto const before = offers(token);
    auto const& first = before.at("offers").as_array().at(0).at("offer").as_object();
    EXPECT_EQ(first.at("state").as_string(), "OFFER_STATE_OPEN");
    EXPECT_FALSE(first.contains("visit"));
    EXPECT_EQ(says(token, "ACCEPT", "r1").status, 200U);
    auto const after = offers(token).at("offers").as_array().at(0);
    EXPECT_EQ(after.at("offer").at("state").as_string(), "OFFER_STATE_ACCEPTED");
    EXPECT_TRUE(after.at("offer").as_object().contains("visit"));
    EXPECT_EQ(after.at("orderState").as_string(), "accepted");
}

TEST_F(own_page, shows_nobody_elses_offer_and_takes_no_answer_to_it) {
    auto const token = signs_in_as("somebody-else");
    EXPECT_FALSE(offers(token).as_object().contains("offers"));
    auto const offer = to_string(bench.news().offer.id);
    EXPECT_FALSE(offers(token, "known=" + offer).as_object().contains("offers"));
    EXPECT_EQ(says(token, "ACCEPT", "r1").status, 404U);
    EXPECT_EQ(bench.only_order().state, domain::order_state::offered);
}

TEST_F(own_page, says_why_a_step_is_refused) {
    auto const token = worker_of_the_offer();
    auto const reply = says(token, "ARRIVED", "r1");
    EXPECT_EQ(reply.status, 409U);
    EXPECT_EQ(code_of(reply), "out_of_turn");
}

// The network is gone with the answer, and the house was started anew until it is back.
TEST_F(own_page, takes_his_step_once_however_late_he_says_it_again) {
    auto const token = worker_of_the_offer();
    auto const offer = to_string(bench.news().offer.id);
    auto const step = [&](std::string const& kind) {
        auto r = request("POST", "/v1/own/offers/" + offer + "/replies", token,
                         R"({"replyId":")" + kind + R"(","offerId":")" + offer +
                             R"(","reason":"refused","kind":"REPLY_KIND_)" + kind + "\"}");
        r.idempotency_key = kind;
        return r;
    };
    auto const order = bench.only_order().id;
    auto const lines = [&] { return bench.record.holds().log.at(order.value).size(); };
    EXPECT_EQ(answer(step("ACCEPT")).status, 200U);
    EXPECT_EQ(answer(step("EN_ROUTE")).status, 200U);
    bench.record.away(true);
    EXPECT_EQ(answer(step("ARRIVED")).status, 503U);
    bench.record.away(false);
    EXPECT_EQ(answer_after_restart(step("ARRIVED")).status, 200U) << "it had not been done";
    EXPECT_EQ(bench.only_order().state, domain::order_state::arrived);
    EXPECT_EQ(answer(step("FAILED")).status, 200U);
    auto const before = lines();
    EXPECT_EQ(answer_after_restart(step("ACCEPT")).status, 200U);
    EXPECT_EQ(answer_after_restart(step("FAILED")).status, 200U) << "that it is over, he has said";
    EXPECT_EQ(lines(), before);
}

TEST_F(own_page, tells_him_to_look_where_the_house_died_over_his_last_word) {
    auto const token = worker_of_the_offer();
    for (auto const* each : {"ACCEPT", "EN_ROUTE", "ARRIVED"})
        EXPECT_EQ(says(token, each, each).status, 200U) << each;
    auto const offer = to_string(bench.news().offer.id);
    auto failed = request("POST", "/v1/own/offers/" + offer + "/replies", token,
                          R"({"replyId":"r4","offerId":")" + offer +
                              R"(","reason":"refused","kind":"REPLY_KIND_FAILED"})");
    failed.idempotency_key = "r4";
    answers_kept.loses_answers(true);
    EXPECT_EQ(answer(failed).status, 200U);
    answers_kept.loses_answers(false);
    auto const again = answer_after_restart(failed);
    EXPECT_EQ(again.status, 409U);
    EXPECT_EQ(code_of(again), "in_doubt");
}

// A telephone that was handed on: Wang's page is still open in it, and Li has signed in.
TEST_F(own_page, takes_nothing_that_another_has_said_on_the_same_telephone) {
    auto const lis = worker_of_the_offer();
    auto const offer = to_string(bench.news().offer.id);
    auto const accept = [&](std::string const& user) {
        auto r =
            request("POST", "/v1/own/offers/" + offer + "/replies", lis,
                    R"({"replyId":"r1","offerId":")" + offer + R"(","kind":"REPLY_KIND_ACCEPT"})");
        r.said_by = user;
        return answer(std::move(r));
    };
    auto const wangs = accept("page.wang");
    EXPECT_EQ(wangs.status, 401U);
    EXPECT_EQ(code_of(wangs), "another_user");
    EXPECT_EQ(bench.only_order().state, domain::order_state::offered);
    EXPECT_EQ(accept("page." + bench.news().offer.worker.value).status, 200U);
    EXPECT_EQ(bench.only_order().state, domain::order_state::accepted);
}

TEST_F(own_page, does_not_understand_what_names_another_offer_or_no_step) {
    auto const token = worker_of_the_offer();
    auto const path = "/v1/own/offers/" + to_string(bench.news().offer.id) + "/replies";
    for (auto const* body : {"{}", "", "[]", "{\"kind\":\"REPLY_KIND_ACCEPT\"}",
                             "{\"offerId\":\"01890000-0000-7000-8000-000000000000\","
                             "\"kind\":\"REPLY_KIND_ACCEPT\"}"})
        EXPECT_EQ(post(path, token, body).status, 400U) << body;
    EXPECT_EQ(bench.only_order().state, domain::order_state::offered);
}

TEST_F(own_page, leaves_a_call_to_make_that_outlives_the_alert) {
    auto const hers = signs_in(role::operator_);
    auto const quality = signs_in(role::quality);
    auto const waiting = [&] { return boost::json::parse(get("/v1/follow_ups", quality).body); };
    EXPECT_EQ(waiting().at("count").as_int64(), 0);
    auto const his = worker_of_the_offer();
    for (auto const* step : {"ACCEPT", "EN_ROUTE", "ARRIVED", "STARTED", "COMPLETED"})
        EXPECT_EQ(says(his, step, step).status, 200U) << step;
    EXPECT_EQ(post(alert_path("claim"), hers).status, 200U);
    auto const* const well = R"({"outcome":"helped","text":"well"})";
    EXPECT_EQ(post(alert_path("close"), hers, well).status, 200U);

    auto const all = waiting();
    EXPECT_EQ(all.at("count").as_int64(), 1);
    auto const& line = all.at("lines").as_array().at(0).as_object();
    EXPECT_EQ(line.at("state").as_string(), "closed");
    EXPECT_EQ(line.at("orders").as_array().at(0).at("state").as_string(), "completed");
    auto const order = "/v1/orders/" + to_string(bench.only_order().id);
    EXPECT_EQ(post(order + "/follow_up", quality, R"({"rating":5,"text":"came soon"})").status,
              200U);
    EXPECT_EQ(bench.only_order().state, domain::order_state::followed_up);
    EXPECT_EQ(waiting().at("count").as_int64(), 0);
}

TEST_F(own_page, leaves_a_visit_to_be_ended_by_telephone_that_outlives_the_alert) {
    auto const hers = signs_in(role::operator_);
    auto const left = [&] { return boost::json::parse(get("/v1/unfinished", hers).body); };
    auto const his = worker_of_the_offer();
    for (auto const* step : {"ACCEPT", "ARRIVED"})
        EXPECT_EQ(says(his, step, step).status, 200U) << step;
    EXPECT_EQ(left().at("count").as_int64(), 0);
    EXPECT_EQ(post(alert_path("claim"), hers).status, 200U);
    EXPECT_EQ(post(alert_path("close"), hers, R"({"outcome":"helped","text":"well"})").status,
              200U);

    auto const all = left();
    EXPECT_EQ(all.at("count").as_int64(), 1);
    auto const& visit = all.at("visits").as_array().at(0).as_object();
    EXPECT_EQ(visit.at("order").as_string(), to_string(bench.only_order().id));
    EXPECT_EQ(visit.at("line").at("state").as_string(), "closed");
    EXPECT_TRUE(visit.contains("since"));
    auto const offer = to_string(bench.news().offer.id);
    EXPECT_EQ(post("/v1/orders/" + to_string(bench.only_order().id) + "/reply", hers,
                   R"({"offer":")" + offer + R"(","reply":"completed","text":"he forgot"})")
                  .status,
              200U);
    EXPECT_EQ(bench.only_order().state, domain::order_state::completed);
    EXPECT_EQ(left().at("count").as_int64(), 0);
}

// ------------------------------------------------------------------ who goes for a company

struct company_page : own_page {
    std::string token;

    void SetUp() override {
        api_house::SetUp();
        auto town = bench.record.town();
        town.with(worker("k3").of("p1").certified("first_aid")).with(worker("k4").of("p1"));
        ++town.version;
        bench.record.becomes(town);
        ASSERT_TRUE(run_on(bench.loop, bench.dispatch.refresh_registry(true)));
        own_offers.people[{"k3"}] = {{"k3"}, "Li Na", "13700000003"};
        own_offers.people[{"k4"}] = {{"k4"}, "Zhou Min", "13700000004"};
        auto const his = worker_of_the_offer();
        ASSERT_EQ(says(his, "ACCEPT", "r1").status, 200U);
        token = signs_in(role::provider_manager);
    }
    std::string path(std::string const& rest = {}) const {
        return "/v1/own/offers/" + to_string(bench.news().offer.id) + "/workers" + rest;
    }
    api_reply names(std::string const& who, std::string const& id) {
        auto const offer = to_string(bench.news().offer.id);
        return post("/v1/own/offers/" + offer + "/replies", token,
                    R"({"replyId":")" + id + R"(","offerId":")" + offer +
                        R"(","kind":"REPLY_KIND_ASSIGN","worker":")" + who + "\"}");
    }
};

TEST_F(company_page, lists_its_people_with_reasons_and_masked_telephones_and_sends_one) {
    auto const reply = get(path(), token);
    ASSERT_EQ(reply.status, 200U) << reply.body;
    EXPECT_THAT(reply.body, Not(HasSubstr("13700000003")));
    auto const told = boost::json::parse(reply.body);
    std::map<std::string, boost::json::object> found;
    for (auto const& each : told.at("workers").as_array())
        found[std::string(each.at("worker").as_string())] = each.as_object();
    EXPECT_EQ(found.size(), 3U);
    EXPECT_EQ(found.at("k3").at("name").as_string(), "Li Na");
    EXPECT_EQ(found.at("k3").at("phone").as_string(), "137****0003");
    EXPECT_EQ(found.at("k3").at("why").as_string(), "next");
    EXPECT_TRUE(found.at("k3").at("mayBeNamed").as_bool());
    EXPECT_EQ(found.at("k4").at("why").as_string(), "no_certificate");
    EXPECT_FALSE(found.at("k4").contains("mayBeNamed"));
    EXPECT_EQ(names("k3", "r2").status, 200U);
    EXPECT_EQ(bench.only_order().worker.value, "k3");
}

TEST_F(company_page, refuses_to_send_whoever_must_not_go) {
    auto const unfit = names("k4", "r2");
    EXPECT_EQ(unfit.status, 409U);
    EXPECT_EQ(code_of(unfit), "unfit");
    auto const others = names("k2", "r3");
    EXPECT_EQ(others.status, 409U);
    EXPECT_EQ(code_of(others), "not_yours");
    EXPECT_EQ(bench.only_order().worker.value, "k1");
}

TEST_F(company_page, shows_a_telephone_that_was_asked_for_and_written_down) {
    auto const shown = post(path("/k3/reveal"), token);
    EXPECT_EQ(shown.status, 200U);
    EXPECT_EQ(shown.body, R"({"text":"13700000003"})");
    auto const rows = run_on(bench.loop, keeper.seen("worker:k3", {}, 10)).value();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].what, "worker_phone");
    EXPECT_EQ(rows[0].why, to_string(bench.news().offer.id));
    EXPECT_EQ(post(path("/k2/reveal"), token).status, 404U) << "of another company";
    keeper.away(true);
    auto const unwritten = post(path("/k4/reveal"), token);
    EXPECT_EQ(unwritten.status, 503U);
    EXPECT_THAT(unwritten.body, Not(HasSubstr("13700000004")));
}

TEST_F(company_page, is_no_other_companys_and_no_other_roles) {
    auto const other = signs_in(role::provider_manager, city_area, "p2");
    EXPECT_EQ(get(path(), other).status, 404U);
    EXPECT_EQ(post(path("/k3/reveal"), other).status, 404U);
    for (auto const& [who, name] : domain::names<role>::table) {
        if (who == role::provider_manager) continue;
        EXPECT_EQ(get(path(), signs_in(who)).status, 403U) << name;
        EXPECT_EQ(post(path("/k3/reveal"), signs_in(who)).status, 403U) << name;
    }
}

TEST_F(company_page, lists_nobody_when_somebody_has_set_out) {
    auto const his = signs_in(role::worker);
    ASSERT_EQ(says(his, "EN_ROUTE", "r2").status, 200U);
    auto const late = get(path(), token);
    EXPECT_EQ(late.status, 409U);
    EXPECT_EQ(code_of(late), "out_of_turn");
}

// ------------------------------------------------------------------ a company with many visits

// Its page at the real door: TLS, a request's head, its bounds.
struct busy_company : own_page {
    static constexpr int visits = 100;
    std::filesystem::path const folder = private_folder("busy-company");
    std::unique_ptr<http::api_server> door;
    std::string token;

    static std::string watch(int number) { return "w7-" + std::to_string(number); }

    void SetUp() override {
        api_house::SetUp();
        auto town = bench.record.town();
        town.workers.clear();
        town.with(worker("k7").of("p7").certified("first_aid").whose_company_is_asked());
        for (int i = 0; i <= visits; ++i) {
            auto const number = std::to_string(i);
            town.with(resident("r7-" + number).at_home("h7-" + number).wears(watch(i)));
        }
        ++town.version;
        bench.record.becomes(town);
        ASSERT_TRUE(run_on(bench.loop, bench.dispatch.refresh_registry(true)));
        token = signs_in(role::provider_manager, city_area, "p7");
        for (int i = 0; i < visits; ++i) {
            bench.takes({bench.press(watch(i), 1)});
            bench.takes({bench.says(domain::reply_kind::accept)});
        }
        auto const keys = http::make_certificates(folder / "keys", {"localhost"});
        auto answer = [this](api_request what, std::function<void(api_reply)> done) {
            api.answer(std::move(what), std::move(done));
        };
        door = http::api_server::start({"127.0.0.1", 0}, {keys.certificate, keys.key}, {},
                                       {std::move(answer), {}}, metrics);
    }
    void TearDown() override {
        door.reset();
        std::filesystem::remove_all(folder);
        api_house::TearDown();
    }
    // As the page asks: what it has seen, and which were his a moment ago.
    std::string question(boost::json::value const& seen) {
        std::string known;
        auto const& all = seen.at("offers").as_array();
        for (std::size_t i = all.size() - 20; i < all.size(); ++i)
            known += (known.empty() ? "" : ".") +
                     std::string(all[i].at("offer").at("offerId").as_string());
        auto const etag = std::string(seen.at("etag").as_string());
        return "/v1/own/offers?seen=" + etag + "&known=" + known + "&wait=25";
    }
    page_client::answer asks_at_the_door(std::string const& path) {
        auto asking = std::async(std::launch::async, [&] {
            page_client page(door->port(), folder / "keys" / "ca.crt");
            page.set_cookie(token);
            return page.get(path);
        });
        auto const held = boost::asio::make_work_guard(bench.loop);
        bench.loop.restart();
        while (asking.wait_for(0s) != std::future_status::ready)
            bench.loop.run_one_for(10ms);
        return asking.get();
    }
};

TEST_F(busy_company, is_shown_a_new_emergency_with_a_hundred_visits_under_way) {
    auto const before = offers(token);
    ASSERT_EQ(before.at("offers").as_array().size(), static_cast<std::size_t>(visits));
    auto const asked = question(before);
    bench.takes({bench.press(watch(visits), 1)});
    auto const told = asks_at_the_door(asked);
    ASSERT_EQ(told.status, 200) << told.body;
    auto const all = boost::json::parse(told.body).at("offers").as_array();
    EXPECT_EQ(all.size(), visits + 1U);
    EXPECT_EQ(all.back().at("offer").at("state").as_string(), "OFFER_STATE_OPEN");
    EXPECT_EQ(all.back().at("offer").at("priority").as_int64(), 1);
}

// ------------------------------------------------------------------ the proof of his visit

struct visit_page : own_page {
    std::string token;

    void SetUp() override {
        api_house::SetUp();
        token = worker_of_the_offer();
        for (auto const* step : {"ACCEPT", "EN_ROUTE", "ARRIVED"})
            ASSERT_EQ(says(token, step, step).status, 200U) << step;
    }
    std::string path(std::string const& rest) const {
        return "/v1/own/offers/" + to_string(*bench.only_order().held_by) + rest;
    }
    std::string proofs_path() const {
        return "/v1/orders/" + to_string(bench.only_order().id) + "/proofs";
    }
    static std::string photo(std::string const& base64 = "/9j/4AAQSkZJRg==") {
        return R"({"proofId":")" + std::string(id) + R"(","kind":"photo","picture":")" + base64 +
               R"(","position":{"latitude":31.26,"longitude":121.55,"accuracyM":9}})";
    }
    static constexpr auto id = "01890000-0000-7000-8000-000000000001";
};

TEST_F(visit_page, is_taken_from_its_worker_and_read_by_the_desk_with_its_digest) {
    auto const reply = post(path("/proofs"), token, photo());
    EXPECT_EQ(reply.status, 200U) << reply.body;
    EXPECT_EQ(reply.body, R"({"holds":true})");
    auto const seen = get(proofs_path(), signs_in(role::operator_));
    auto const proof = boost::json::parse(seen.body).at("proofs").at(0);
    EXPECT_EQ(proof.at("kind").as_string(), "photo");
    EXPECT_EQ(proof.at("distanceM").as_int64(), 0);
    EXPECT_EQ(proof.at("type").as_string(), "image/jpeg");
    EXPECT_EQ(proof.at("digest").as_string(), // printf '\377\330\377\340\0\020JFIF' | sha256sum
              "45ae705277879f7f01d778f7c95a065bb0c06ab9936cf24307f375211fee13d1");
    EXPECT_THAT(seen.body, Not(HasSubstr("/9j/")));
    EXPECT_FALSE(proof.as_object().contains("picture"));
}

TEST_F(visit_page, shows_a_picture_as_a_file_to_whoever_is_written_down) {
    post(path("/proofs"), token, photo());
    auto const picture = proofs_path() + "/" + id;
    auto const auditor = signs_in(role::audit_officer);
    auto const reply = get(picture, auditor);
    EXPECT_EQ(reply.status, 200U);
    EXPECT_EQ(reply.content_type, "image/jpeg");
    EXPECT_THAT(header_of(reply, "Content-Disposition"), testing::StartsWith("attachment"));
    EXPECT_TRUE(reply.body.starts_with("\xFF\xD8\xFF"));
    auto const rows = run_on(bench.loop, keeper.seen("resident:r1", {}, 10)).value();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].what, "visit_picture");
    EXPECT_EQ(rows[0].why, to_string(bench.only_order().id));
    EXPECT_EQ(get(proofs_path() + "/01890000-0000-7000-8000-000000000002", auditor).status, 404U);
    keeper.away(true);
    EXPECT_EQ(get(picture, auditor).status, 503U) << "the look could not be written down";
}

TEST_F(visit_page, takes_no_proof_from_anybody_else) {
    EXPECT_EQ(post(path("/proofs"), signs_in_as("somebody-else"), photo()).status, 404U);
    EXPECT_EQ(post(path("/proofs"), signs_in(role::provider_manager), photo()).status, 403U);
    EXPECT_EQ(post(path("/proofs"), signs_in(role::operator_), photo()).status, 403U);
    EXPECT_EQ(get(proofs_path(), signs_in(role::operator_)).body, "{}");
}

TEST_F(visit_page, takes_nothing_for_a_picture_that_is_none) {
    for (auto const* base64 : {"R0lGODlh", "PHN2Zz4=", "iVBORw0KGgo=", ""}) {
        auto const reply = post(path("/proofs"), token, photo(base64));
        EXPECT_EQ(reply.status, 422U) << base64;
        EXPECT_THAT(reply.body, HasSubstr("\"picture\"")) << base64;
    }
    for (auto const* body : {"{}", "[]", R"({"proofId":"x","kind":"photo"})",
                             R"({"proofId":"01890000-0000-7000-8000-000000000001","kind":"x"})"})
        EXPECT_EQ(post(path("/proofs"), token, body).status, 400U) << body;
    EXPECT_EQ(http::size_of_body("POST", path("/proofs")), http::body_size::picture);
}

TEST_F(visit_page, says_that_nobody_knows_of_a_code) {
    auto const reply =
        post(path("/proofs"), token,
             R"({"proofId":"01890000-0000-7000-8000-000000000001","kind":"code","code":"4711"})");
    EXPECT_EQ(reply.status, 409U);
    EXPECT_EQ(code_of(reply), "no_code");
}

TEST_F(visit_page, calls_for_help_once_as_the_worker_himself) {
    auto const sos = R"({"sosId":"01890000-0000-7000-8000-000000000009"})";
    EXPECT_EQ(post("/v1/own/sos", token, sos).status, 200U);
    EXPECT_EQ(post("/v1/own/sos", token, sos).status, 200U);
    int his = 0;
    for (auto const& [alert, row] : bench.record.holds().alerts)
        his += row.about.kind == domain::subject_kind::worker;
    EXPECT_EQ(his, 1);
    EXPECT_EQ(post("/v1/own/sos", token, "{}").status, 400U);
}

TEST_F(visit_page, gives_him_nobodys_contacts_but_at_an_installation) {
    own_offers.contacts = {{{"r1"}, 1, "Wang Li", "daughter", "13800000002"}};
    EXPECT_EQ(get(path("/contacts"), token).status, 409U);
}

struct installation_page : own_page {
    std::string token;

    void SetUp() override {
        api_house::SetUp();
        bench.takes({app::start_installation{{"w1"}, {"li"}}});
        token = worker_of_the_offer();
        for (auto const* step : {"ACCEPT", "EN_ROUTE", "ARRIVED"})
            ASSERT_EQ(says(token, step, step).status, 200U) << step;
    }
};

TEST_F(installation_page, is_told_whom_to_ring_and_when_a_desk_has_heard_the_device) {
    own_offers.contacts = {{{"r1"}, 1, "Wang Li", "daughter", "13800000002"}};
    auto const path = "/v1/own/offers/" + to_string(bench.news().offer.id) + "/contacts";
    EXPECT_THAT(get(path, token).body, HasSubstr("13800000002"));
    auto const rows = run_on(bench.loop, keeper.seen("resident:r1", {}, 10)).value();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].what, "contact_phone");
    EXPECT_EQ(get(path, signs_in_as("somebody-else")).status, 409U);

    auto const mine = [&] {
        auto const all = offers(token);
        for (auto const& each : all.at("offers").as_array())
            if (each.as_object().contains("installation")) return each.as_object();
        return boost::json::object();
    };
    EXPECT_FALSE(mine().contains("heard"));
    bench.fast_forward(1s);
    bench.takes({bench.press("w1", 2)});
    bench.fast_forward(1s);
    bench.takes({app::alert_command{alert().id, domain::claim{{"li"}}}});
    EXPECT_TRUE(mine().at("heard").as_bool());
}

} // namespace
} // namespace linli::tests
