// The API on the house's twins in memory: who may ask what, what is answered, and what a hostile or
// hasty caller can't do. How it comes over the wire is server_test; the whole way tests/system.
#include "adapters/http/api.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/http/live_pages.hpp"
#include "app/bench_top.hpp"
#include "support/memory_accounts.hpp"
#include "support/memory_bookings.hpp"
#include "support/memory_complaints.hpp"
#include "support/memory_deliveries.hpp"
#include "support/memory_own_work.hpp"
#include "support/memory_proofs.hpp"
#include "support/memory_registry.hpp"
#include "support/plain_hashing.hpp"

namespace linli::tests {
namespace {

using namespace std::chrono_literals;
using domain::role;
using http::api_reply;
using http::api_request;
using http::api_routes;
using http::route;
using http::scope;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// What a desk reads of the record in memory.
class reading_of_memory final : public app::desk_reading {
public:
    explicit reading_of_memory(memory_record& from) : from_(from) {}
    bool is_away = false;

    runtime::task<app::record_result<std::unordered_map<std::string, app::line_mark>>>
    open_marks() override {
        std::unordered_map<std::string, app::line_mark> all;
        for (auto const& [id, alert] : from_.holds().alerts)
            if (domain::is_open(alert)) all.emplace(to_string(id), line_of(id.value)->mark());
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        co_return all;
    }
    runtime::task<app::record_result<std::vector<app::work_line>>>
    lines(std::vector<domain::uuid> const& ids) override {
        std::vector<app::work_line> all;
        for (auto const& id : ids)
            if (auto line = line_of(id)) all.push_back(*line);
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        co_return all;
    }
    runtime::task<app::record_result<std::optional<app::alert_card>>>
    card(domain::alert_id const& id) override {
        return card_of(id.value);
    }
    runtime::task<app::record_result<std::optional<app::alert_card>>>
    card(domain::request_id const& id) override {
        return card_of(id.value);
    }
    runtime::task<app::record_result<std::vector<domain::uuid>>>
    held_by(domain::operator_id const& who) override {
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        std::vector<domain::uuid> all;
        for (auto const& [id, alert] : from_.holds().alerts)
            if (domain::is_open(alert) && alert.holder == who) all.push_back(id.value);
        co_return all;
    }
    runtime::task<app::record_result<app::follow_ups>> to_follow_up(domain::area_id const& within,
                                                                    int limit) override {
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        app::follow_ups found;
        for (auto const& [id, o] : from_.holds().orders) {
            auto const owner = o.alert ? o.alert->value : o.request->value;
            if (o.state != domain::order_state::completed ||
                !std::ranges::count(line_of(owner)->areas, within))
                continue;
            ++found.count;
            if (found.count <= static_cast<std::size_t>(limit)) found.next.push_back(owner);
        }
        co_return found;
    }
    runtime::task<app::record_result<std::vector<app::signal_seen>>>
    signals_of(domain::uuid const& id) override {
        std::vector<app::signal_seen> all;
        for (auto const& [event, kept] : from_.holds().signals)
            if (kept.what.alert && kept.what.alert->value == id)
                all.push_back({kept.what.what, kept.committed_at});
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        co_return all;
    }
    runtime::task<app::record_result<std::optional<domain::uuid>>>
    owner_of(domain::order_id const& id) override {
        std::optional<domain::uuid> owner;
        auto const found = from_.holds().orders.find(id);
        if (found != from_.holds().orders.end())
            owner = found->second.alert ? found->second.alert->value : found->second.request->value;
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        co_return owner;
    }

private:
    std::optional<app::work_line> line_of(domain::uuid id) const {
        app::work_line line;
        auto const& rows = from_.holds();
        if (auto const a = rows.alerts.find({id}); a != rows.alerts.end()) line.alert = a->second;
        if (auto const r = rows.requests.find({id}); r != rows.requests.end())
            line.request = r->second;
        if (!line.alert && !line.request) return std::nullopt;
        for (auto const& [order, row] : rows.orders)
            if ((row.alert && row.alert->value == id) || (row.request && row.request->value == id))
                line.orders.push_back(row);
        line.areas = {line.alert ? line.alert->area : line.request->area, {city_area}};
        return line;
    }
    runtime::task<app::record_result<std::optional<app::alert_card>>> card_of(domain::uuid id) {
        std::optional<app::alert_card> card;
        if (auto line = line_of(id)) {
            card.emplace();
            card->line = *line;
            for (auto const& each : from_.holds().log.at(id)) {
                app::log_entry entry;
                entry.line = each.what.line;
                card->log.push_back(entry);
            }
            app::resident_seen resident;
            resident.what.id = {"r1"};
            resident.what.phone = "13900008888";
            card->residents.push_back(resident);
        }
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        co_return card;
    }

    memory_record& from_;
};

class offers_in_memory final : public app::overview_port {
public:
    runtime::task<app::record_result<app::overview>> look(domain::instant, domain::instant,
                                                          int) override {
        co_return app::overview{};
    }
    runtime::task<app::record_result<std::vector<app::offer_line>>>
    offers_of(domain::order_id const&) override {
        co_return std::vector<app::offer_line>{};
    }
};

// The city with a home, its district with three, and a report that says which one it is.
class reports_in_memory final : public app::report_record {
public:
    int times_looked = 0;
    int times_made = 0;
    bool is_away = false;

    runtime::task<app::record_result<app::night>> look(app::coverage_rules const& by,
                                                       domain::instant now) override {
        ++times_looked;
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        app::coverage_picture seen;
        seen.known.areas = {{{city_area}, {}, {}}, {{"310104"}, {city_area}, {}}};
        seen.homes = {{{"h1"}, {city_area}, {}, false, false, {}},
                      {{"h2"}, {"310104"}, {}, false, true, {}}};
        co_return app::look_at_night(seen, by, now);
    }
    runtime::task<app::record_result<std::optional<app::service_report>>>
    service(domain::area_id const& of, app::report_period const& during,
            domain::instant now) override {
        ++times_made;
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        if (of.value != city_area && of.value != "310104") co_return std::nullopt;
        app::service_report report;
        report.area = of;
        report.areas = {of, {city_area}};
        report.area_name = "=1+1";
        report.period = during.text;
        report.made_at = now;
        report.lines.push_back(
            {of, "=1+1", false, {{"closed", app::figure_unit::ratio, 0.5, 1, 2}}});
        co_return report;
    }
};

app::coverage_rules rules_of_the_city() {
    app::coverage_rules rules;
    rules.city = {city_area};
    return rules;
}

// One resident's home; no registry around it.
class place_in_memory final : public app::dry_run_record {
public:
    runtime::task<app::record_result<std::optional<app::dry_run_picture>>>
    picture(domain::resident_id const& resident, domain::home_id const&) override {
        co_await let_others_run();
        if (resident.value != "r1") co_return std::nullopt;
        app::dry_run_picture seen;
        seen.pressed.about = {domain::subject_kind::resident, "r1"};
        seen.pressed.resident = resident;
        seen.pressed.home = {"h1"};
        seen.pressed.area = {city_area};
        seen.home = app::home_facts{{city_area}, "", usual_place, false};
        co_return seen;
    }
};

// A page's connection that keeps what it was sent.
struct screen final : http::live_line_out {
    std::deque<std::string> heard;
    int closed_with = 0;
    void send(std::shared_ptr<std::string const> text) override { heard.push_back(*text); }
    void close(std::uint16_t code, std::string) override { closed_with = code; }
};

domain::catalogue two_services() {
    domain::service ring_back;
    ring_back.code = {"ring_back"};
    domain::service meal;
    meal.code = {"meal"};
    meal.zh = "助餐";
    meal.unit = domain::service_unit::meal;
    meal.group = domain::service_group::meal;
    meal.price_fen = 1500;
    meal.initials = "zc";
    return {ring_back, meal};
}

constexpr auto host = "desk.example:8444";

class api_house : public testing::Test {
protected:
    bench_top bench;
    memory_accounts keeper;
    plain_hashing hashing;
    reading_of_memory reading{bench.record};
    offers_in_memory offers;
    runtime::metrics metrics;
    app::accounts accounts{keeper, hashing, bench.clock, numbered_tokens(), {}};
    app::account_office users{keeper, hashing, accounts, bench.clock, {{city_area}, [] {
                                                                           return std::string(
                                                                               "made-by-the-house");
                                                                       }}};
    memory_own_work own_offers{bench.record};
    app::own_work own{own_offers, bench.dispatch, bench.clock};
    memory_proofs kept_proofs{bench.record};
    app::visit_proofs proofs{kept_proofs, own_offers, bench.dispatch};
    memory_registry registry{city_area};
    app::desk desk{bench.dispatch, offers, bench.clock, 480min};
    app::live_feed feed{reading, bench.clock, [](app::work_line const& line) {
                            return "{\"id\":\"" + to_string(line.id()) + "\"}";
                        }};
    reports_in_memory reports_read;
    app::report_desk reports{
        bench.loop.get_executor(), reports_read, bench.clock, {rules_of_the_city(), {city_area}}};
    place_in_memory place;
    memory_deliveries people{bench.record};
    app::plan_desk plans{bench.plans, place, people, {{city_area}, 480min, 3}};
    domain::catalogue const catalogue = two_services();
    memory_bookings bookings{bench.record};
    memory_complaints complaints_kept{bench.record};
    app::id_source ids{7};
    app::complaints complaints{complaints_kept, bench.clock, ids, 480min};
    std::vector<std::string> painted;
    bool painted_on_duty = false;
    http::live_pages live{bench.loop.get_executor(), feed, accounts, bench.clock,
                          [this](auto const& who, auto const& alerts) {
                              painted = alerts;
                              painted_on_duty = who.on_duty;
                          }};
    http::api api{
        bench.loop.get_executor(),
        {.accounts = accounts,
         .access_log = keeper,
         .desk = desk,
         .reading = reading,
         .own = own,
         .proofs = proofs,
         .kept_proofs = kept_proofs,
         .registry = registry,
         .feed = feed,
         .live = live,
         .clock = bench.clock,
         .office = {.users = users,
                    .reports = reports,
                    .plans = plans,
                    .whole = {city_area},
                    .utc_offset = 480min},
         .services = {.catalogue = catalogue,
                      .bookings = bookings,
                      .complaints_kept = complaints_kept,
                      .complaints = complaints,
                      .ids = ids},
         .metrics = metrics,
         .encode_card = [](app::alert_card const&, bool) { return encoded("{\"line\":{}}"); },
         .painted = [this](auto const&, auto const& alerts) { painted = alerts; }}};
    runtime::work_scope tasks{bench.loop.get_executor()};

    std::shared_ptr<http::live_listener> opens_a_page(std::string const& token,
                                                      std::shared_ptr<http::live_line_out> out) {
        std::shared_ptr<http::live_listener> page;
        api.meet(request("WEBSOCKET", "/v1/live", token), std::move(out),
                 [&](http::api_callbacks::met met) {
                     page = std::get<std::shared_ptr<http::live_listener>>(std::move(met));
                 });
        bench.loop.restart();
        while (!page && bench.loop.run_one() > 0) {
        }
        return page;
    }

    void SetUp() override {
        bench.takes({bench.press("w1", 1)});
        tasks.spawn("feed", feed.run());
    }
    void TearDown() override {
        run_on(bench.loop, api.stop());
        run_on(bench.loop, tasks.stop());
        bench.loop.restart();
        bench.loop.poll();
    }

    static runtime::task<app::record_result<std::string>> encoded(std::string text) {
        co_return text;
    }

    // Signs in somebody of that role and area; his token.
    std::string signs_in(role who, std::string const& area = city_area) {
        app::account account;
        account.user = {std::string(to_text(who)) + "." + area};
        account.role = who;
        account.area = {area};
        account.provider = {who == role::provider_manager || who == role::worker ? "p1" : ""};
        account.worker = {who == role::worker ? "k1" : ""};
        if (!known_.contains(account.user.value)) {
            EXPECT_TRUE(run_on(bench.loop, keeper.keep(account, "plain:secret")));
            known_.insert(account.user.value);
        }
        auto const opened =
            run_on(bench.loop, accounts.sign_in(account.user, "secret", "127.0.0.1"));
        return opened.value().token;
    }
    static api_request request(std::string const& method, std::string const& path,
                               std::string const& token = {}, std::string const& body = "{}") {
        api_request r;
        r.method = method;
        r.path = path;
        r.body = body;
        r.address = "127.0.0.1";
        r.host = host;
        r.origin = std::string("https://") + host;
        r.content_type = "application/json";
        r.cookie = token;
        return r;
    }
    api_reply answer(api_request what) { return run_on(bench.loop, api.reply_to(std::move(what))); }
    api_reply post(std::string const& path, std::string const& token,
                   std::string const& body = "{}") {
        return answer(request("POST", path, token, body));
    }
    api_reply get(std::string const& path, std::string const& token) {
        return answer(request("GET", path, token));
    }

    void has_home() {
        app::registry_record home;
        home.key = "H1";
        home.area = {city_area};
        home.rows.push_back(app::cells_of_row(12, "x"));
        home.etag = "e1";
        registry.holds(domain::sheet::homes, home);
        registry.next_change = home;
    }

    // r1 lives at h1, in the city.
    void has_resident() {
        app::registry_record resident;
        resident.key = "r1";
        resident.area = {city_area};
        resident.rows.push_back({"r1", "h1", "W**", "139****8888", "", "present", "", "", ""});
        registry.holds(domain::sheet::residents, resident);
    }
    // About the worker k1, written down by Zhang; its id.
    std::string has_complaint() {
        domain::complaint what;
        what.kind = domain::complaint_kind::rude;
        what.written_by = {"zhang"};
        what.complainer = "the daughter";
        what.words = "he shouted";
        app::complained_of about;
        about.worker = {"k1"};
        about.area = {city_area};
        return to_string(run_on(bench.loop, complaints.write(what, about)).value());
    }

    std::string alert_path(std::string const& act = {}) const {
        return "/v1/alerts/" + to_string(bench.only_alert().id) + (act.empty() ? "" : "/" + act);
    }
    domain::alert const& alert() const { return bench.only_alert(); }
    std::size_t log_lines() const { return bench.record.holds().log.at(alert().id.value).size(); }

private:
    std::set<std::string> known_;
};

std::string code_of(api_reply const& reply) {
    return std::string(boost::json::parse(reply.body).at("code").as_string());
}
std::string header_of(api_reply const& reply, std::string const& name) {
    for (auto const& [key, value] : reply.headers)
        if (key == name) return value;
    return {};
}

// ------------------------------------------------------------------ who may what

// What the registry's own table says besides, of homes; all of it only to whom all of it is.
bool may_on_sheet(route const& which, role who, bool has_all) {
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
    auto const id_for = [&](scope about) {
        if (about == scope::order) return to_string(bench.record.holds().orders.begin()->first);
        if (about == scope::complaint) return has_complaint();
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
             {std::pair<std::string, std::string>{"{id}", id_for(each.about)},
              {"{sheet}", "homes"},
              {"{key}", "H1"},
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
        auto const stranger = answer(request(std::string(each.method), path)).status;
        if (each.needs.is_open())
            EXPECT_THAT(stranger, Not(401U)) << each.pattern;
        else
            EXPECT_EQ(stranger, 401U) << each.pattern;
    }
    EXPECT_GT(refused, 100);
    EXPECT_GT(passed, 100);
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
    EXPECT_THAT(open, ElementsAre("POST /v1/session", "GET /v1/openapi.json"));
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
    note.idempotency_key = std::string(101, 'k');
    EXPECT_EQ(answer(note).status, 422U);
    // Ten minutes later it is another wish.
    note.idempotency_key = "k1";
    bench.clock.fast_forward(11min);
    EXPECT_EQ(answer(note).status, 200U);
    EXPECT_EQ(log_lines(), before + 2);
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
        page->heard(R"({"painted":{"alerts":["a"]}})", [&] { is_dealt_with = true; });
        while (!is_dealt_with)
            bench.loop.run_one();
        return painted_on_duty;
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
    auto const calls = signs_in(role::quality);
    auto const waiting = [&] { return boost::json::parse(get("/v1/follow_ups", calls).body); };
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
    EXPECT_EQ(post(order + "/follow_up", calls, R"({"rating":5,"text":"came soon"})").status, 200U);
    EXPECT_EQ(bench.only_order().state, domain::order_state::followed_up);
    EXPECT_EQ(waiting().at("count").as_int64(), 0);
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

TEST_F(registry_page, gives_out_a_file_masked_or_written_down) {
    auto const plain = get("/v1/registry/homes/export", signs_in(role::audit_officer));
    EXPECT_EQ(plain.body, "H1 masked\n");
    EXPECT_EQ(plain.content_type, "text/csv; charset=utf-8");
    EXPECT_THAT(header_of(plain, "Content-Disposition"), HasSubstr("homes.csv"));
    EXPECT_THAT(seen_of("sheet:homes"), testing::IsEmpty());
    auto clear = request("GET", "/v1/registry/homes/export", signs_in(role::audit_officer));
    clear.query = "personal=yes";
    EXPECT_EQ(answer(clear).status, 403U);
    clear.cookie = signs_in(role::administrator);
    EXPECT_EQ(answer(clear).body, "H1 clear\n");
    EXPECT_THAT(seen_of("sheet:homes"), ElementsAre("administrator.310000 export"));
    keeper.away(true);
    EXPECT_EQ(answer(clear).status, 503U);
}

TEST_F(registry_page, looks_at_files_and_loads_them) {
    auto const token = signs_in(role::administrator);
    auto const* body = R"({"files":[{"name":"homes.csv","text":"id,area\nH1,x\n"}]})";
    auto const told = post("/v1/registry/check", token, body);
    EXPECT_EQ(told.status, 200U);
    EXPECT_FALSE(boost::json::parse(told.body).as_object().contains("done"));
    EXPECT_EQ(registry.given.at(0).text, "id,area\nH1,x\n");
    EXPECT_TRUE(
        boost::json::parse(post("/v1/registry/import", token, body).body).at("done").as_bool());
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
    changes("operator.310110", R"("name":"x","role":"quality","area":"310110","version":1)", chief);
    EXPECT_THAT(get("/v1/session", hers).body, HasSubstr("\"role\":\"quality\""));
    EXPECT_EQ(post("/v1/users/operator.310110/disable", chief).status, 200U);
    EXPECT_EQ(get("/v1/session", hers).status, 401U);
    EXPECT_EQ(last_deed(), "administrator.310000 user_disabled user:operator.310110: ");
    EXPECT_EQ(post("/v1/users/operator.310110/enable", chief).status, 200U);
    EXPECT_FALSE(is("operator.310110").is_disabled);
    EXPECT_EQ(get("/v1/session", hers).status, 401U); // it has ended
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
    for (auto const* query : {"role=boss", "page=x", "per_page=-1"}) {
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
