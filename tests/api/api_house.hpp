// The API on the house's twins in memory, and who signs in to it.
#pragma once

#include "adapters/http/api.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/http/live_pages.hpp"
#include "adapters/notify/signature.hpp"
#include "app/bench_top.hpp"
#include "runtime/utc_text.hpp"
#include "support/memory_accounts.hpp"
#include "support/memory_answers.hpp"
#include "support/memory_bookings.hpp"
#include "support/memory_calls.hpp"
#include "support/memory_complaints.hpp"
#include "support/memory_deliveries.hpp"
#include "support/memory_erasures.hpp"
#include "support/memory_hotline.hpp"
#include "support/memory_own_work.hpp"
#include "support/memory_proofs.hpp"
#include "support/memory_recordings.hpp"
#include "support/memory_registry.hpp"
#include "support/memory_wait_checks.hpp"
#include "support/plain_hashing.hpp"

namespace linli::tests {

using namespace std::chrono_literals;
using domain::role;
using http::api_reply;
using http::api_request;
using http::api_routes;
using http::route;
using http::scope;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// What a desk reads of the record in memory.
class reading_of_memory final : public app::desk_reading {
public:
    explicit reading_of_memory(memory_record& from) : from_(from) {}
    bool is_away = false;
    memory_calls const* calls = nullptr;

    runtime::task<app::record_result<std::unordered_map<std::string, app::line_mark>>>
    open_marks() override {
        std::unordered_map<std::string, app::line_mark> all;
        for (auto const& [id, alert] : from_.holds().alerts)
            if (domain::is_open(alert)) all.emplace(to_string(id), line_of(id.value)->mark());
        for (auto const& [id, call] : calls->all())
            all.emplace(to_string(id), app::line_mark{call.what.version});
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
    runtime::task<app::record_result<app::unfinished>> unfinished_in(domain::area_id const& within,
                                                                     int limit) override {
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        app::unfinished found;
        for (auto const& [id, o] : from_.holds().orders) {
            if (!o.alert || !o.due_at || o.state == domain::order_state::completed) continue;
            auto const& of = from_.holds().alerts.at(*o.alert);
            if (is_open(of) || !std::ranges::count(line_of(of.id.value)->areas, within)) continue;
            ++found.count;
            if (found.count <= static_cast<std::size_t>(limit))
                found.next.push_back({of.id.value, id, o.opened_at});
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
        if (!line.alert && !line.request) return line_of_call(id);
        for (auto const& [order, row] : rows.orders)
            if ((row.alert && row.alert->value == id) || (row.request && row.request->value == id))
                line.orders.push_back(row);
        line.areas = {line.alert ? line.alert->area : line.request->area, {city_area}};
        return line;
    }
    std::optional<app::work_line> line_of_call(domain::uuid id) const {
        auto const found = calls->all().find({id});
        if (found == calls->all().end()) return std::nullopt;
        app::work_line line;
        line.call.emplace().what = found->second.what;
        for (auto const& who : found->second.who)
            line.call->who.push_back({who, "王**", "", ""});
        line.areas = {found->second.what.area, {city_area}};
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
    explicit offers_in_memory(memory_record& from) : from_(from) {}
    runtime::task<app::record_result<app::overview>> look(domain::instant, domain::instant,
                                                          int) override {
        co_return app::overview{};
    }
    runtime::task<app::record_result<std::vector<app::offer_line>>>
    offers_of(domain::order_id const& id) override {
        std::vector<app::offer_line> all;
        for (auto const& [offer, each] : from_.holds().offers)
            if (each.order == id) all.push_back({offer, each.provider, each.worker, each.state});
        co_return all;
    }

private:
    memory_record& from_;
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
    runtime::task<app::record_result<std::optional<app::hotline_report>>>
    hotline(domain::area_id const& of, app::report_period const& during,
            domain::instant now) override {
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        if (of.value != city_area && of.value != "310104") co_return std::nullopt;
        app::hotline_report report;
        report.area = of;
        report.areas = {of, {city_area}};
        report.area_name = "城";
        report.period = during.text;
        report.made_at = now;
        report.lines = {
            {app::hotline_part::whole, "", {{"calls", app::figure_unit::count, 3, 3, 0}}},
            {app::hotline_part::line, "=12349", {{"calls", app::figure_unit::count, 3, 3, 0}}},
            {app::hotline_part::seat, "li", {{"occupancy", app::figure_unit::ratio, 0.5, 1, 2}}}};
        report.worst = app::worst_day{during.from, during.from + 24h, 2, 3};
        co_return report;
    }
};

inline app::coverage_rules rules_of_the_city() {
    app::coverage_rules rules;
    rules.city = {city_area};
    return rules;
}

// A copy of one line of r1's, which says how many times one was made.
class persons_in_memory final : public app::person_reading {
public:
    int times_read = 0;
    bool is_away = false;

    runtime::task<app::record_result<std::optional<app::person_file>>>
    read(domain::resident_id const& who, domain::instant now, int) override {
        co_await let_others_run();
        if (is_away) co_return app::record_errc::away;
        if (who.value != "r1") co_return std::nullopt;
        ++times_read;
        app::person_file file{who, now, {}};
        file.sections.push_back({"resident", {"id", "name"}, {{"r1", "王<b>秀兰"}}, false});
        co_return file;
    }
};

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

inline domain::catalogue two_services() {
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
// A telephone system that rings whom it is asked to, or doesn't.
struct switchboard final : app::dialler {
    std::vector<app::dialling> asked;
    app::dialled answers = app::dialled::accepted;
    runtime::task<app::dialled> dial(app::dialling what) override {
        asked.push_back(std::move(what));
        co_await let_others_run();
        co_return answers;
    }
};

inline constexpr auto host = "desk.example:8444";
inline constexpr auto telephone_secret = "the telephone system's";

class api_house : public testing::Test {
protected:
    bench_top bench;
    memory_accounts keeper;
    plain_hashing hashing;
    reading_of_memory reading{bench.record};
    offers_in_memory offers{bench.record};
    runtime::metrics metrics;
    app::accounts accounts{keeper, hashing, bench.clock, numbered_tokens(), {}};
    app::account_office users{keeper, hashing, accounts, bench.clock, {{city_area}, [] {
                                                                           return std::string(
                                                                               "made-by-the-house");
                                                                       }}};
    memory_own_work own_offers{bench.record};
    app::own_work own{own_offers, bench.dispatch, bench.clock};
    memory_proofs kept_proofs{bench.record};
    memory_answers answers_kept;
    app::visit_proofs proofs{kept_proofs, own_offers, bench.dispatch};
    memory_registry registry{city_area};
    app::id_source ids{7};
    app::import_desk imports{bench.loop.get_executor(), registry, bench.clock, ids};
    app::desk desk{bench.dispatch, offers, bench.clock, 480min};
    app::live_feed feed{reading, bench.clock, [](app::work_line const& line) {
                            return "{\"id\":\"" + to_string(line.id()) + "\"}";
                        }};
    memory_calls calls_kept{bench.record};
    app::calls calls{calls_kept, bench.dispatch, bench.clock, bench.ids,
                     [](std::string const& called) {
                         return domain::area_id{called == "12350" ? "310104" : city_area};
                     }};
    http::call_proof reports_proof{telephone_secret};
    switchboard dials;
    http::telephone_ports telephone{calls, "pbx", &reports_proof, &dials};
    memory_hotline seats{bench.record, calls_kept};
    memory_wait_checks wait_checks{bench.record, calls_kept};
    memory_placed_calls placed_kept;
    memory_recordings recorded{bench.record, calls_kept, placed_kept};
    memory_recording_files sealed;
    http::recording_ports recordings{recorded, sealed, std::chrono::days(365)};
    http::hotline_ports hotline{.keeper = seats,
                                .checks = wait_checks,
                                .ids = ids,
                                .domain = "hotline.invalid",
                                .edge = "",
                                .edge_port = 7443,
                                .edge_secret = "the edge's",
                                .recordings = &recordings};
    reports_in_memory reports_read;
    app::report_desk reports{
        bench.loop.get_executor(), reports_read, bench.clock, {rules_of_the_city(), {city_area}}};
    place_in_memory place;
    memory_deliveries people{bench.record};
    app::plan_desk plans{bench.plans, place, people, {{city_area}, 480min, 3}};
    memory_erasures erasures_kept;
    app::erasures erasures{erasures_kept, bench.clock};
    persons_in_memory persons_read;
    app::person_files persons{persons_read, keeper, bench.clock};
    runtime::blocking_pool person_writer{1};
    domain::catalogue const catalogue = two_services();
    memory_bookings bookings{bench.record};
    memory_complaints complaints_kept{bench.record};
    app::complaints complaints{complaints_kept, bench.clock, ids, domain::working_calendar{}};
    std::vector<std::string> painted;
    http::live_pages live{bench.loop.get_executor(), feed, accounts, bench.clock,
                          [this](auto const&, auto const& alerts) { painted = alerts; }};
    std::vector<app::note_template> const note_templates{{"已回拨", "Rung back"},
                                                         {"已报 120", "120"}};
    app::map_tiles map;
    http::api api{bench.loop.get_executor(), ports()};
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
        reading.calls = &calls_kept;
        calls_kept.has_number("13800000001", {domain::caller_kind::resident, "r1", 0, {"h1"}});
        bench.takes({bench.press("w1", 1)});
        tasks.spawn("feed", feed.run());
        tasks.spawn("answers_old", api.forget_answers());
    }
    void TearDown() override {
        run_on(bench.loop, api.stop());
        run_on(bench.loop, imports.stop());
        run_on(bench.loop, tasks.stop());
        bench.loop.restart();
        bench.loop.poll();
    }

    http::api_ports ports() {
        return {
            .accounts = accounts,
            .access_log = keeper,
            .desk = desk,
            .reading = reading,
            .own = own,
            .proofs = proofs,
            .kept_proofs = kept_proofs,
            .answers = answers_kept,
            .registry = registry,
            .imports = imports,
            .feed = feed,
            .live = live,
            .note_templates = note_templates,
            .map = map,
            .clock = bench.clock,
            .office = {.users = users,
                       .reports = reports,
                       .plans = plans,
                       .whole = {city_area},
                       .utc_offset = 480min},
            .persons = {.erasures = erasures,
                        .kept = erasures_kept,
                        .files = persons,
                        .writer = person_writer,
                        .stays_for = {{domain::erasure_rest::backups, std::chrono::days(35)}}},
            .services = {.catalogue = catalogue,
                         .bookings = bookings,
                         .complaints_kept = complaints_kept,
                         .complaints = complaints,
                         .ids = ids},
            .metrics = metrics,
            .encode_card = [](app::alert_card const&, bool) { return encoded("{\"line\":{}}"); },
            .telephone = &telephone,
            .hotline = &hotline,
            .call_changed = [this](domain::call_id const& which) { feed.committed(which); }};
    }

    static runtime::task<app::record_result<std::string>> encoded(std::string text) {
        co_return text;
    }

    // Signs in somebody of that role and area; his token.
    std::string signs_in(role who, std::string const& area = city_area,
                         std::string const& company = "p1") {
        bool const is_of_one = who == role::provider_manager || who == role::worker;
        app::account account;
        account.user = {std::string(to_text(who)) + "." + area + (company == "p1" ? "" : company)};
        account.role = who;
        account.area = {area};
        account.provider = {is_of_one ? company : ""};
        account.worker = {who == role::worker ? "k1" : ""};
        if (!known_.contains(account.user.value)) {
            EXPECT_TRUE(run_on(bench.loop, keeper.keep(account, "plain:secret")));
            known_.insert(account.user.value);
            seats.has_account(account.user.value);
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
    // As this house answers after a restart, or another one on the same database: it has nothing of
    // it in memory.
    api_reply answer_after_restart(api_request what) {
        http::api another{bench.loop.get_executor(), ports()};
        auto reply = run_on(bench.loop, another.reply_to(std::move(what)));
        run_on(bench.loop, another.stop());
        return reply;
    }
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

    // Two companies, each with one worker.
    void has_companies() {
        registry.next_change = app::registry_record();
        for (std::string const company : {"p1", "p2"}) {
            app::registry_record provider;
            provider.key = company;
            provider.rows.push_back({company, "Kangning", "138****0001", "company"});
            registry.holds(domain::sheet::providers, provider);
            app::registry_record his;
            his.key = "k-" + company;
            his.rows.push_back({his.key, company, "W**", "137****0001", "", "", "", "first_aid",
                                "08:00", "20:00", "4.5", "worker", "1", "H1", "", "no", "yes"});
            his.etag = "e1";
            registry.holds(domain::sheet::workers, his);
        }
    }

    // r1 lives at h1, in the city.
    void has_resident() {
        app::registry_record resident;
        resident.key = "r1";
        resident.area = {city_area};
        resident.rows.push_back({"r1", "h1", "W**", "139****8888", "", "present", "", "", ""});
        registry.holds(domain::sheet::residents, resident);
        erasures_kept.people["r1"].area = {city_area};
    }
    // A check that an administrator of the city has made; its id.
    std::string has_import() {
        auto const told = post("/v1/registry/check", signs_in(role::administrator));
        auto const job = boost::json::parse(told.body);
        return std::string(job.at("id").as_string());
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
    // As the telephone system signs it, now or `ago`.
    api_request report(std::string const& body, domain::seconds ago = 0s,
                       char const* secret = telephone_secret) {
        auto r = request("POST", "/v1/calls", {}, body);
        r.origin.clear();
        auto const at = std::chrono::floor<std::chrono::seconds>(bench.clock.now() - ago);
        r.signed_at = std::to_string(at.time_since_epoch().count());
        r.signature = notify::signature(secret, r.signed_at, body);
        return r;
    }
    api_reply tells(std::string const& event, std::string const& more = {}) {
        return answer(report(R"({"call":"c1","number":"13800000001","called":"12349","event":")" +
                             event + "\"" + more + "}"));
    }
    domain::call const& only_call() const { return calls_kept.all().begin()->second.what; }
    std::string call_path(std::string const& act) const {
        return "/v1/calls/" + to_string(only_call().id) + '/' + act;
    }
    domain::alert const& alert() const { return bench.only_alert(); }
    std::size_t log_lines() const { return bench.record.holds().log.at(alert().id.value).size(); }

private:
    std::set<std::string> known_;
};

inline std::string code_of(api_reply const& reply) {
    return std::string(boost::json::parse(reply.body).at("code").as_string());
}
inline std::string header_of(api_reply const& reply, std::string const& name) {
    for (auto const& [key, value] : reply.headers)
        if (key == name) return value;
    return {};
}

} // namespace linli::tests
