#include "server/api_door.hpp"

#include <atomic>
#include <random>
#include <utility>
#include <vector>

#include "adapters/files/calendar_file.hpp"
#include "adapters/files/note_template_file.hpp"
#include "adapters/files/registry_files.hpp"
#include "adapters/files/service_file.hpp"
#include "adapters/http/api.hpp"
#include "adapters/http/api_answers.hpp"
#include "adapters/http/api_server.hpp"
#include "adapters/http/live_pages.hpp"
#include "adapters/postgres/account_record.hpp"
#include "adapters/postgres/answer_record.hpp"
#include "adapters/postgres/booking_reading.hpp"
#include "adapters/postgres/commit_hints.hpp"
#include "adapters/postgres/complaint_record.hpp"
#include "adapters/postgres/delivery_record.hpp"
#include "adapters/postgres/desk_reading.hpp"
#include "adapters/postgres/erasure_record.hpp"
#include "adapters/postgres/own_work_reading.hpp"
#include "adapters/postgres/person_reading.hpp"
#include "adapters/postgres/proof_record.hpp"
#include "adapters/postgres/registry_desk.hpp"
#include "adapters/postgres/report_reading.hpp"
#include "adapters/secrets/first_password.hpp"
#include "adapters/secrets/passwords.hpp"
#include "adapters/secrets/tokens.hpp"
#include "adapters/wire/console_encoding.hpp"
#include "app/account_office.hpp"
#include "app/complaints.hpp"
#include "app/desk.hpp"
#include "app/erasures.hpp"
#include "app/import_desk.hpp"
#include "app/person_files.hpp"
#include "app/plan_desk.hpp"
#include "app/report_desk.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/log.hpp"
#include "server/seats.hpp"
#include "server/telephone.hpp"
#include "server/tonight.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

app::map_tiles tiles_of(runtime::map_config const& c) {
    return {c.tiles,    c.labels,   domain::from_text<app::tile_crs>(c.crs).value(),
            c.min_zoom, c.max_zoom, c.attribution,
            c.approval};
}

constexpr std::size_t most_painted_waiting = 2000;

http::page_files pages_of(runtime::console_config const& c) {
    return c.pages.empty() ? http::page_files() : http::page_files::load(c.pages);
}

domain::working_calendar calendar_of(runtime::config const& config, domain::instant now) {
    domain::working_calendar worked;
    auto const& file = config.files.calendar;
    if (!file.empty()) worked = files::load_calendar(file);
    worked.utc_offset = config.installation.utc_offset;
    if (!worked.holidays.empty() && *worked.holidays.rbegin() < now)
        log::warning("calendar_is_over", {{"file", file.string()}});
    return worked;
}

app::erasure_times stays_for_of(runtime::config const& config) {
    using domain::erasure_rest;
    using std::chrono::days;
    return {{erasure_rest::looks, days(config.keeping.looks_days)},
            {erasure_rest::edits, days(config.keeping.edits_days)},
            {erasure_rest::notices, days(config.notify.keep_days)},
            {erasure_rest::answers, std::chrono::ceil<days>(app::answers_kept_for)},
            {erasure_rest::backups, days(config.keeping.backups_days)}};
}

std::vector<app::note_template> note_templates_of(runtime::config const& config) {
    auto const& file = config.files.note_templates;
    return file.empty() ? app::usual_note_templates() : files::load_note_templates(file);
}

} // namespace

struct api_door::parts {
    parts(runtime::config const& config, house with)
        : in(with), since(in.clock.now()), keys(postgres::key_ring::load(config.database.key_file)),
          accounts_kept(postgres::open_accounts(config.database.url, keys)),
          hashing(secrets::start_passwords()),
          accounts(*accounts_kept, *hashing, in.clock, secrets::tokens(), {}),
          users(*accounts_kept, *hashing, accounts, in.clock,
                {{config.installation.area}, secrets::first_password}),
          reports_read(postgres::open_reports(config.database.url)),
          people(postgres::open_deliveries(config.database.url, keys)),
          plans(in.plans, *reports_read, *people,
                {{config.installation.area},
                 config.installation.utc_offset,
                 static_cast<std::size_t>(config.coverage.contacts)}),
          reports(in.loop, *reports_read, in.clock,
                  {coverage_rules_of(config, in.plans), {config.installation.area}}),
          whole{config.installation.area}, utc_offset(config.installation.utc_offset),
          reading(postgres::open_desk_reading(config.database.url, keys, in.clock)),
          own_offers(postgres::open_own_work(config.database.url, keys)),
          registry(
              postgres::open_registry(config.database.url, keys, in.clock, files::registry_form())),
          imports(in.loop, *registry, in.clock, ids),
          catalogue(files::load_services(config.files.services)),
          bookings(postgres::open_bookings(config.database.url, keys)),
          complaints_kept(postgres::open_complaints(config.database.url, keys)),
          complaints(*complaints_kept, in.clock, ids, calendar_of(config, in.clock.now())),
          note_templates(note_templates_of(config)), map(tiles_of(config.map)),
          own(*own_offers, in.dispatch, in.clock),
          kept_proofs(postgres::open_proofs(config.database.url, keys)),
          proofs(*kept_proofs, *own_offers, in.dispatch),
          answers(postgres::open_answers(config.database.url, keys)),
          erasures_kept(postgres::open_erasures(config.database.url)),
          erasures(*erasures_kept, in.clock),
          persons_read(postgres::open_persons(config.database.url, keys, utc_offset,
                                              std::chrono::days(config.keeping.recordings_days))),
          persons(*persons_read, *accounts_kept, in.clock), stays_for(stays_for_of(config)),
          desk(in.dispatch, in.record, in.clock, config.installation.utc_offset),
          feed(*reading, in.clock, wire::encode_line),
          live(in.loop, feed, accounts, in.clock,
               [this](auto const& who, auto const& alerts) { painted(who, alerts); }),
          hints(config.database.url, in.loop,
                [this] {
                    feed.hinted();
                    own.hinted();
                }),
          called(telephone_of(config)), sits(seats_of(config)), api(in.loop, ports()),
          paints(in.loop) {
        http::api_callbacks callbacks{.answer =
                                          [this](auto what, auto done) {
                                              if (!is_in_charge) return done(http::away());
                                              api.answer(std::move(what), std::move(done));
                                          },
                                      .meet =
                                          [this](auto what, auto out, auto done) {
                                              if (!is_in_charge) return done(http::away());
                                              api.meet(std::move(what), std::move(out),
                                                       std::move(done));
                                          },
                                      .size_of_body = http::size_of_body};
        auto const& c = config.console;
        http::api_limits limits;
        limits.connections = static_cast<std::size_t>(c.connections);
        server = http::api_server::start(*c.listen, {c.certificate, c.key}, pages_of(c),
                                         std::move(callbacks), in.metrics, limits,
                                         http::page_policy(map));
    }

    http::api_ports ports() {
        return {.accounts = accounts,
                .access_log = *accounts_kept,
                .desk = desk,
                .reading = *reading,
                .own = own,
                .proofs = proofs,
                .kept_proofs = *kept_proofs,
                .answers = *answers,
                .registry = *registry,
                .imports = imports,
                .feed = feed,
                .live = live,
                .note_templates = note_templates,
                .map = map,
                .clock = in.clock,
                .office = {.users = users,
                           .reports = reports,
                           .plans = plans,
                           .whole = whole,
                           .utc_offset = utc_offset},
                .persons = {.erasures = erasures,
                            .kept = *erasures_kept,
                            .files = persons,
                            .writer = person_writer,
                            .stays_for = stays_for},
                .services = {.catalogue = catalogue,
                             .bookings = *bookings,
                             .complaints_kept = *complaints_kept,
                             .complaints = complaints,
                             .ids = ids},
                .metrics = in.metrics,
                .encode_card = [this](app::alert_card const& card,
                                      bool all) { return encode(card, all); },
                .telephone = called ? &called->ports() : nullptr,
                .hotline = sits ? &sits->ports() : nullptr,
                .call_changed =
                    [this](domain::call_id const& which) {
                        feed.committed(which);
                        hints.committed();
                    }};
    }

    std::unique_ptr<telephone> telephone_of(runtime::config const& config) {
        if (config.telephone.name.empty() && config.hotline.socket.empty()) return nullptr;
        return std::make_unique<telephone>(
            config, telephone::house{in.dispatch, in.clock, in.ids, keys, in.asked_for_call});
    }

    std::unique_ptr<seats> seats_of(runtime::config const& config) {
        if (config.hotline.socket.empty()) return nullptr;
        return std::make_unique<seats>(config, keys, in.ids);
    }

    // With the plan that runs with the alert, from the book or from the record.
    runtime::task<app::record_result<std::string>> encode(app::alert_card const& card, bool all) {
        if (!card.line.alert) co_return wire::encode_card(card, nullptr, all);
        app::view seen;
        seen.alerts.emplace(card.line.alert->id, *card.line.alert);
        auto const learned = co_await in.plans.learn(in.record, seen);
        if (!learned) co_return learned.error();
        co_return wire::encode_card(card, &in.plans.snapshot(card.line.alert->plan), all);
    }

    // A flood of receipts is cut: the ladder's clock goes on without them.
    void painted(app::signed_in const& who, std::vector<std::string> const& alerts) {
        for (auto const& each : alerts) {
            auto const id = domain::parse_uuid(each);
            if (!id || paints.size() >= most_painted_waiting) continue;
            paints.spawn("painted", show({*id}, who.who.user));
        }
    }

    runtime::task<> show(domain::alert_id id, domain::operator_id who) {
        auto const done = co_await desk.shown(id, std::move(who));
        static_cast<void>(done); // away: the house's own clock rings on
    }

    house in;
    domain::instant since;
    postgres::key_ring keys;
    std::unique_ptr<postgres::account_database> accounts_kept;
    std::unique_ptr<secrets::passwords> hashing;
    app::accounts accounts;
    app::account_office users;
    std::unique_ptr<postgres::report_database> reports_read;
    std::unique_ptr<postgres::delivery_database> people;
    app::plan_desk plans;
    app::report_desk reports;
    domain::area_id whole;
    domain::minutes utc_offset;
    std::unique_ptr<postgres::desk_database> reading;
    std::unique_ptr<postgres::own_work_database> own_offers;
    std::unique_ptr<postgres::registry_database> registry;
    app::id_source ids{std::random_device{}()};
    app::import_desk imports;
    domain::catalogue catalogue;
    std::unique_ptr<postgres::booking_database> bookings;
    std::unique_ptr<postgres::complaint_database> complaints_kept;
    app::complaints complaints;
    std::vector<app::note_template> note_templates;
    app::map_tiles map;
    app::own_work own;
    std::unique_ptr<postgres::proof_database> kept_proofs;
    app::visit_proofs proofs;
    std::unique_ptr<postgres::answer_database> answers;
    std::unique_ptr<postgres::erasure_database> erasures_kept;
    app::erasures erasures;
    std::unique_ptr<postgres::person_database> persons_read;
    app::person_files persons;
    app::erasure_times stays_for;
    runtime::blocking_pool person_writer{1};
    app::desk desk;
    app::live_feed feed;
    http::live_pages live;
    postgres::commit_hints hints;
    std::unique_ptr<telephone> called; // null: there is none
    std::unique_ptr<seats> sits;       // null: no hotline of ours
    http::api api;
    runtime::work_scope paints;
    std::atomic<bool> is_in_charge = false;   // before that nothing can be decided
    std::unique_ptr<http::api_server> server; // last: its thread uses the others
};

api_door::api_door(runtime::config const& config, house with) {
    if (!config.console.listen) return;
    parts_ = std::make_unique<parts>(config, with);
    log::info("api_door_open", {{"port", parts_->server->port()}});
}

api_door::~api_door() = default;

void api_door::start(runtime::work_scope& tasks) {
    if (!parts_) return;
    tasks.spawn("live_feed", parts_->feed.run(), runtime::care::vital);
    tasks.spawn("answers_old", parts_->api.forget_answers());
    parts_->is_in_charge = true;
}

void api_door::changed(domain::call_id const& what) {
    if (parts_) parts_->feed.committed(what);
}

void api_door::committed(app::changes const& what) {
    if (!parts_) return;
    parts_->feed.committed(what);
    parts_->own.committed(what);
    parts_->hints.committed();
}

runtime::task<void> api_door::stop() {
    if (!parts_) co_return;
    parts_->server->stop();
    co_await parts_->paints.stop();
    co_await parts_->api.stop();
    co_await parts_->imports.stop();
    parts_->hashing->stop();
    parts_->reports_read->stop();
    parts_->people->stop();
    parts_->reading->stop();
    parts_->own_offers->stop();
    parts_->kept_proofs->stop();
    parts_->answers->stop();
    parts_->erasures_kept->stop();
    parts_->persons_read->stop();
    parts_->person_writer.stop();
    parts_->registry->stop();
    parts_->bookings->stop();
    parts_->complaints_kept->stop();
    if (parts_->called) parts_->called->stop();
    if (parts_->sits) parts_->sits->stop();
    parts_->accounts_kept->stop();
}

std::uint16_t api_door::port() const {
    return parts_ ? parts_->server->port() : std::uint16_t{0};
}

std::optional<http::part> api_door::ready() const {
    if (!parts_) return std::nullopt;
    return http::part{"console", true,
                      parts_->feed.is_fresh() ? "the feed is fresh"
                                              : "the feed is old: the database is away",
                      parts_->since};
}

} // namespace linli::server
