#include "server/server.hpp"

#include <algorithm>
#include <random>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/http/health_server.hpp"
#include "adapters/http/trace_json.hpp"
#include "adapters/journal/journal.hpp"
#include "adapters/mapped/device_book.hpp"
#include "adapters/mqtt/credentials.hpp"
#include "adapters/mqtt/intake_connection.hpp"
#include "adapters/mqtt/publisher.hpp"
#include "adapters/postgres/command_record.hpp"
#include "adapters/postgres/health_record.hpp"
#include "adapters/postgres/record.hpp"
#include "adapters/postgres/schema.hpp"
#include "adapters/wire/device_words.hpp"
#include "adapters/wire/encoding.hpp"
#include "adapters/wire/topics.hpp"
#include "app/auditor.hpp"
#include "app/commanding.hpp"
#include "app/dispatch.hpp"
#include "app/due_loop.hpp"
#include "app/intake.hpp"
#include "app/outbox.hpp"
#include "app/recent_traces.hpp"
#include "app/supervision.hpp"
#include "app/unclaimed_emergencies.hpp"
#include "runtime/log.hpp"
#include "runtime/metrics.hpp"
#include "runtime/work_scope.hpp"
#include "server/anchoring.hpp"
#include "server/api_door.hpp"
#include "server/broker_watch.hpp"
#include "server/clock_watch.hpp"
#include "server/degraded_lane.hpp"
#include "server/device_reach.hpp"
#include "server/figures.hpp"
#include "server/hotline_lane.hpp"
#include "server/house_clock.hpp"
#include "server/ingest_holding.hpp"
#include "server/journal_inbox.hpp"
#include "server/journal_ready.hpp"
#include "server/keeping_lane.hpp"
#include "server/messenger_by_destination.hpp"
#include "server/mqtt_messenger.hpp"
#include "server/narrator.hpp"
#include "server/notice_lane.hpp"
#include "server/plans.hpp"
#include "server/poll_lane.hpp"
#include "server/push_door.hpp"
#include "server/recording_lane.hpp"
#include "server/telemetry_lane.hpp"
#include "server/tonight.hpp"
#include "server/upkeep.hpp"
#include "server/watch_door.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

constexpr domain::seconds outbox_lease{10};
constexpr domain::seconds look_at_registry_every{2};
constexpr std::chrono::milliseconds retry_after{200};
constexpr std::uint64_t mib = 1U << 20;
constexpr std::size_t most_in_flight = 2000; // twice what the outbox sends at once

std::unique_ptr<app::clock> make_clock(server::options const& with,
                                       boost::asio::any_io_executor loop) {
    auto clock = with.make_clock ? with.make_clock(loop) : std::make_unique<house_clock>(loop);
    begin_with_database(*clock, with.config.database.url);
    return clock;
}

mqtt::connection_settings broker_of(runtime::config const& c, std::string const& client_id) {
    auto const password = mqtt::own_password(c.mqtt.password_file);
    return {.url = c.mqtt.url,
            .user = c.mqtt.user,
            .password = password,
            .ca_file = c.mqtt.ca_file,
            .client_id = mqtt::unguessable(client_id, password)};
}

// Devices may keep what they have while nobody receives. Said and unsaid by the one who does.
mqtt::announcement announcement_of(domain::instant since) {
    return {.topic = std::string(wire::server_state),
            .here = wire::encode_state({.online = true, .since = since}),
            .gone = wire::encode_state({.online = false, .since = since})};
}

std::function<domain::supervision_limits(std::string const&)>
limits_of(runtime::supervision_config const& c) {
    return [c](std::string const& kind) {
        auto const found = c.kinds.contains(kind) ? c.kinds.find(kind) : c.kinds.find("other");
        auto const& held_to = found->second;
        return domain::supervision_limits{.silent = held_to.silent,
                                          .grace = held_to.grace,
                                          .dormant = held_to.dormant,
                                          .test_every = held_to.test_every,
                                          .battery_low = c.battery_low,
                                          .battery_well = c.battery_well};
    };
}

std::vector<std::string> filters_of(mapped::device_book const& devices) {
    auto filters = devices.filters(files::message_lane::signals);
    for (auto const ours : {wire::all_signals, wire::all_states, wire::all_replies})
        filters.emplace_back(ours);
    return filters;
}

bool is_signal(std::string_view topic) {
    return std::holds_alternative<wire::device_signal>(wire::parse_topic(topic));
}

journal::options journal_of(runtime::config const& c, app::recent_traces* steps) {
    journal::options wanted;
    wanted.folder = c.journal.folder;
    wanted.segment_bytes = static_cast<std::uint64_t>(c.journal.segment_mib) * mib;
    wanted.reserve_bytes = static_cast<std::uint64_t>(c.journal.reserve_mib) * mib;
    if (steps) {
        wanted.on_written = [steps](journal::position at) { steps->written(place_of(at)); };
        wanted.on_synced = [steps](journal::position at) { steps->synced(place_of(at)); };
    }
    return wanted;
}

} // namespace

// In the order in which they are built; put down in the opposite one.
struct server::parts {
    explicit parts(options with);

    // From the connection's thread. Written down first, then handed on, then acknowledged.
    std::optional<mqtt::intake_connection::settle> arrived(mqtt::arrived const& message);
    void broker_is(bool connected, std::string why);
    // Either of the two that send.
    mqtt::publisher::callbacks hears_of_sending(bool& connected);
    void sending_is(bool& line, bool connected);
    void broker_shows(std::chrono::sys_seconds end_of_its_certificate);
    void committed(app::changes const& what);
    void tell(std::vector<app::outbox_row> const& rows);
    http::readiness ready();
    std::unique_ptr<app::recent_traces> make_traces();
    app::trace& steps() { return traces ? *traces : app::nobody_traces(); }
    http::health_callbacks answers_health();

    void receive();
    void leave();

    std::optional<domain::instant> undecided_since() const;
    degraded_lane::unheard nobody_hears();
    app::supervision::ports supervises();
    runtime::task<bool> raise(domain::signal what);

    runtime::task<void> begin();
    runtime::task<void> take_over();
    runtime::task<void> watch_registry();
    runtime::task<void> put_down();

    runtime::config config;
    boost::asio::io_context loop{1};
    runtime::metrics metrics;
    figures counted{metrics};
    std::unique_ptr<app::clock> clock;
    std::unique_ptr<app::recent_traces> traces; // null: nothing is traced
    journal::journal journal;
    journal::server_marks marks;
    mapped::device_book const devices;
    journal_inbox inbox;
    std::unique_ptr<postgres::database_record> record;
    std::unique_ptr<app::plan_book> plans;
    app::id_source ids;
    app::dispatch dispatch;
    clock_watch clocks;
    broker_watch refusals;
    mqtt::publisher receipts;
    mqtt::publisher publisher; // of offers, and of what devices are asked
    mqtt_messenger to_broker;
    notice_lane notices;
    messenger_by_destination messenger;
    app::outbox outbox;
    app::due_loop due;
    app::intake intake;
    app::unclaimed_emergencies unclaimed;
    degraded_lane degraded;
    std::unique_ptr<mqtt::intake_connection> signals; // while we hold the ingest
    telemetry_lane telemetry;
    watch_door watches;
    push_door pushes;
    poll_lane polls;
    api_door console;
    hotline_lane hotline;
    recording_lane recordings;
    ingest_holding holding;
    std::unique_ptr<postgres::health_database> health_record;
    app::supervision supervision;
    std::unique_ptr<postgres::command_database> command_record;
    device_reach reach;
    app::commanding commanding;
    tonight evening;
    keeping_lane keeping;
    anchoring anchors;
    upkeep kept_up;
    app::auditor auditor;
    std::unique_ptr<http::health_server> health;
    runtime::work_scope tasks;

    bool broker_connected = false; // for receiving
    // A standby sends, too.
    bool receipts_connected = false;
    bool offers_connected = false;
    domain::instant broker_since;
    bool in_charge = false; // the registry is known and the loops run
    domain::instant since;
    bool stopping = false;
    int ended_with = 0;
};

server::parts::parts(options with)
    : config(with.config), clock(make_clock(with, loop.get_executor())), traces(make_traces()),
      journal(journal_of(config, traces.get())), marks(config.journal.folder),
      devices(config.files.devices, config.installation.utc_offset),
      inbox(journal, devices, loop.get_executor()),
      record(postgres::open_record(
          {.url = config.database.url,
           .connections = static_cast<std::size_t>(config.database.connections),
           .loop_lines = 4}, // the intake's three lanes, and whoever else is there
          postgres::key_ring::load(config.database.key_file))),
      plans(load_plan_book({config.files.plans})), ids(std::random_device{}()),
      dispatch({.keeper = *record,
                .clock = *clock,
                .plans = *plans,
                .ids = ids,
                .encode = wire::encode,
                .after_commit = [this](app::changes const& what) { committed(what); },
                .outbox_lease = outbox_lease,
                .steps = steps(),
                .presuming = record.get()},
               domain::area_id{config.installation.area}, config.installation.utc_offset),
      clocks(*record, dispatch, *clock), refusals(config, dispatch, *clock, metrics),
      receipts(broker_of(config, config.mqtt.client_id + "-receipts-" + marks.id()), most_in_flight,
               hears_of_sending(receipts_connected)),
      publisher(broker_of(config, config.mqtt.client_id + "-out-" + marks.id()), most_in_flight,
                hears_of_sending(offers_connected)),
      to_broker(receipts, publisher, loop.get_executor()),
      notices(config, dispatch, *clock, ids, loop.get_executor(), metrics,
              [this] { hotline.look_at_wishes(); }),
      messenger(to_broker, notices.telling()), outbox(*record, messenger, *clock, steps()),
      due(*record, dispatch, *clock), intake(inbox, dispatch, *clock, steps()),
      degraded(
          config, journal, devices, notices, *plans, *clock, nobody_hears(),
          [this](auto known) { dispatch.knows(std::move(known)); }, metrics),
      telemetry(config, devices, broker_of(config, config.mqtt.client_id + "-telemetry"), *clock,
                dispatch, loop.get_executor(), metrics, [this] { return clocks.may_let_go(); }),
      watches(
          config, journal, *clock, *record, loop.get_executor(), metrics,
          [this](watch_tcp::arrived const& what) { telemetry.take_of_watch(what.id, what.bytes); }),
      pushes(config, devices, journal, telemetry, *clock, metrics),
      polls(config, devices, journal, telemetry, *clock, metrics),
      console(config, {*record, dispatch, *plans, *clock, ids, loop.get_executor(), metrics,
                       [this] { hotline.look_at_wishes(); }}),
      hotline(config, marks.id(),
              {dispatch, *clock, ids, loop.get_executor(), metrics,
               [this](domain::call_id const& call) { console.changed(call); }, notices.texts()}),
      recordings(config, *clock, metrics, [this] { return hotline.holds(); }),
      holding(loop.get_executor(), config.database.url, marks, *clock,
              {.receive = [this] { receive(); }, .leave = [this] { leave(); }}),
      health_record(postgres::open_health(config.database.url,
                                          postgres::key_ring::load(config.database.key_file))),
      supervision(supervises()),
      command_record(postgres::open_commands(config.database.url,
                                             postgres::key_ring::load(config.database.key_file))),
      reach(
          watches, publisher, [this] { return holding.now().receives; }, loop.get_executor()),
      commanding(
          *command_record, *clock, ids,
          [this](domain::device_command const& what, app::commanding::gone done) {
              reach.send(what, std::move(done));
          },
          [this](domain::device_id const& which) {
              return holding.now().receives && !devices.has(which);
          }),
      evening(config, *plans, *clock, metrics, [this] { return holding.now().receives; }),
      keeping(
          config, *clock, [this] { return holding.now().receives; },
          [this] { return clocks.may_let_go(); }),
      anchors(config, *clock, metrics, [this] { return holding.now().receives; }),
      kept_up(config, *clock, metrics),
      auditor(*record, *clock,
              [this](domain::instant before) { return inbox.uncommitted(before); }),
      health(http::health_server::start(loop.get_executor(), config.http.listen, answers_health())),
      tasks(loop.get_executor(), [this](std::string_view task, std::string_view why) {
          log::error("server_ends", {{"because_of", task}, {"why", why}});
          ended_with = 1;
          loop.stop();
      }) {
    since = clock->now();
    broker_since = since;
    telemetry.tell(
        [this](auto const& batch) { supervision.measured(batch, telemetry.flows_since()); });
    watches.tell_beats([this](std::string_view id) { supervision.beats(id); });
    watches.tell_answers([this](std::string_view id, domain::command_kind kind) {
        boost::asio::post(loop, [this, device = domain::device_id{std::string(id)}, kind] {
            commanding.answered(device, kind);
        });
    });
}

std::unique_ptr<app::recent_traces> server::parts::make_traces() {
    if (config.trace.newest == 0) return nullptr;
    return std::make_unique<app::recent_traces>(
        static_cast<std::size_t>(config.trace.newest), *clock,
        [this](app::trace_step step, domain::duration took) { counted.took(step, took); });
}

http::health_callbacks server::parts::answers_health() {
    http::health_callbacks answers;
    answers.ready = [this] { return ready(); };
    answers.metrics = [this] {
        bool const is_away = intake.is_stuck() || due.silent_since().has_value();
        counted.take({journal.snapshot(), outbox.waiting(), due.lateness(), is_away,
                      intake.set_aside(), holding.now().receives});
        counted.take(auditor);
        telemetry.look();
        counted.take(supervision.so_far());
        notices.look();
        degraded.look();
        hotline.look();
        recordings.look();
        return metrics.text();
    };
    if (!traces) return answers;
    answers.trace = [this](std::string_view event) -> std::optional<std::string> {
        auto const found = traces->find(event);
        if (!found) return std::nullopt;
        return http::to_json(*found);
    };
    return answers;
}

app::supervision::ports server::parts::supervises() {
    auto const& c = config.supervision;
    return {.keeper = *health_record,
            .clock = *clock,
            .ids = ids,
            .listens = [this] { return holding.now().receives; },
            .limits_of = limits_of(c),
            .outages = {.devices = c.outage_devices,
                        .percent = c.outage_percent,
                        .window = c.outage_window,
                        .broker_grace = c.broker_grace},
            .city = {config.installation.area},
            .raise = [this](domain::signal what) { return raise(std::move(what)); }};
}

runtime::task<bool> server::parts::raise(domain::signal what) {
    std::vector<app::input> batch;
    batch.emplace_back(std::move(what));
    auto const done = co_await dispatch.run(std::move(batch));
    co_return static_cast<bool>(done);
}

std::optional<mqtt::intake_connection::settle>
server::parts::arrived(mqtt::arrived const& message) {
    auto const* by = devices.of_topic(message.topic);
    // Telemetry on a topic that bears both comes by a session of its own.
    if (by && mapped::lane_of(*by, message.topic, message.payload) != files::message_lane::signals)
        return mqtt::intake_connection::settle{};
    journal::record written{by ? std::string(mapped::broker_door) : "mqtt",
                            by ? mapped::source_of(by->name, message.topic)
                               : source_of(message.topic, message.content_type),
                            clock->now().time_since_epoch().count(), std::string(message.payload)};
    auto const at = journal.append_unsynced(written);
    if (!at) {
        log::error("journal_refuses", {{"why", at.error()}, {"topic", message.topic}});
        return std::nullopt;
    }
    counted.signals_received.add();
    // By now the loop may be deciding it already; only the acknowledgement waits for the disk. A
    // reply survives our death, but not a power cut: its provider repeats it until it is answered.
    if (!by && !is_signal(message.topic)) return mqtt::intake_connection::settle{};
    return sync_step(journal, *at, std::move(written));
}

// From the connection's thread.
void server::parts::broker_is(bool connected, std::string why) {
    boost::asio::post(loop, [this, connected, why = std::move(why)] {
        broker_connected = connected;
        broker_since = clock->now();
        supervision.broker_is(connected);
        if (connected)
            log::info("broker_subscribed");
        else
            log::error("broker_lost", {{"why", why}});
        if (!connected) holding.lost_session();
    });
}

mqtt::publisher::callbacks server::parts::hears_of_sending(bool& connected) {
    return {.on_connected = [this, &connected] { sending_is(connected, true); },
            .on_lost =
                [this, &connected](std::string const& why) {
                    log::warning("sending_lost", {{"why", why}});
                    sending_is(connected, false);
                },
            .on_trouble =
                [](std::string const& what) {
                    log::warning("sending_trouble", {{"why", what}});
                },
            .on_certificate = [this](auto end) { broker_shows(end); }};
}

// From a publisher's thread.
void server::parts::sending_is(bool& line, bool connected) {
    boost::asio::post(loop, [this, &line, connected] {
        line = connected;
        if (!connected) return;
        holding.broker_came();
        outbox.look_now();
    });
}

// From the publisher's thread.
void server::parts::broker_shows(std::chrono::sys_seconds end_of_its_certificate) {
    boost::asio::post(
        loop, [this, end_of_its_certificate] { kept_up.broker_shows(end_of_its_certificate); });
}

// The holding's duties, on its thread. A connection for each time: it can't be started twice.
void server::parts::receive() {
    signals = std::make_unique<mqtt::intake_connection>(
        broker_of(config, config.mqtt.client_id), filters_of(devices),
        mqtt::intake_connection::callbacks{
            .on_arrival = [this](mqtt::arrived const& m) { return arrived(m); },
            .on_connected =
                [](bool kept) {
                    log::info("broker_connected", {{"session_kept", kept}});
                },
            .on_subscribed = [this] { broker_is(true, {}); },
            .on_lost = [this](std::string const& why) { broker_is(false, why); },
            .on_trouble =
                [](std::string const& what) {
                    log::error("broker_trouble", {{"why", what}});
                }},
        announcement_of(clock->now()));
    signals->start();
    telemetry.receive();
    polls.receive();
}

void server::parts::leave() {
    polls.leave();
    signals.reset();
    telemetry.leave();
    boost::asio::post(loop, [this] {
        broker_connected = false;
        supervision.broker_is(false);
    });
}

void server::parts::committed(app::changes const& what) {
    tell(what.outbox);
    unclaimed.committed(what);
    due.heard(what);
    supervision.committed(what);
    console.committed(what);
    counted.count(what);
    narrate(what);
}

// What is for people doesn't wait in one queue with what is for the broker, which may be away.
void server::parts::tell(std::vector<app::outbox_row> const& rows) {
    notices.telling().enqueue(rows);
    auto const is_for_people = [](auto const& r) { return r.destination.starts_with("people:"); };
    if (std::none_of(rows.begin(), rows.end(), is_for_people)) return outbox.enqueue(rows);
    auto others = rows;
    std::erase_if(others, is_for_people);
    outbox.enqueue(others);
}

http::readiness server::parts::ready() {
    auto const journal_now = journal.snapshot();
    http::readiness now;
    auto const undecided = undecided_since();
    bool const hangs =
        undecided && clock->now() - *undecided >= domain::seconds(config.notify.degraded_after_s);
    bool const is_silent = due.silent_since().has_value(); // also when nobody presses
    now.parts.push_back({"database", in_charge && !intake.is_stuck() && !hangs && !is_silent,
                         !in_charge          ? "not reached yet: signals wait in the journal"
                         : intake.is_stuck() ? "away: signals wait in the journal"
                         : hangs             ? "doesn't answer: signals wait in the journal"
                         : is_silent         ? "away: nothing that is due is done"
                                             : "connected",
                         since});
    auto const& ingest = holding.now();
    now.parts.push_back({"ingest", ingest.ready, ingest.in_words, ingest.since});
    bool const sends = receipts_connected && offers_connected;
    bool const connected = ingest.receives ? broker_connected : sends;
    now.parts.push_back({"broker", connected, connected ? "connected" : "away", broker_since});
    now.parts.push_back(journal_ready(
        journal_now, static_cast<std::uint64_t>(config.journal.reserve_mib) * mib, since));
    now.parts.push_back(telemetry.ready());
    if (auto const log = refusals.ready()) now.parts.push_back(*log);
    if (auto const door = pushes.ready()) now.parts.push_back(*door);
    if (auto const lane = polls.ready()) now.parts.push_back(*lane);
    if (auto const door = watches.ready()) now.parts.push_back(*door);
    if (auto const door = console.ready()) now.parts.push_back(*door);
    if (auto const lane = hotline.ready()) now.parts.push_back(*lane);
    if (auto const lane = recordings.ready()) now.parts.push_back(*lane);
    // Never unready: a finding is a person's work, and this server goes on taking presses.
    if (in_charge) now.parts.push_back({"audit", true, auditor.in_words(), auditor.changed_at()});
    now.parts.push_back(anchors.ready());
    for (auto& part : kept_up.ready())
        now.parts.push_back(std::move(part));
    now.parts.push_back(notices.ready());
    now.parts.push_back(degraded.ready());
    return now;
}

// Before the database was first reached, all that waits does so since the start.
std::optional<domain::instant> server::parts::undecided_since() const {
    return in_charge ? intake.undecided_since() : since;
}

degraded_lane::unheard server::parts::nobody_hears() {
    return {.undecided_since = [this] { return in_charge ? intake.waiting_since() : since; },
            .silent_since = [this] { return due.silent_since(); },
            .unclaimed = unclaimed,
            .set_aside = [this] { return intake.take_set_aside(); }};
}

// The doors open first, if they are ours to open: a signal is accepted and waits on disk while the
// database is away. Vital from its first line, and so without an end: a fault in it would leave a
// house that takes presses and decides none.
runtime::task<void> server::parts::begin() {
    receipts.start();
    publisher.start();
    telemetry.start();
    watches.start();
    degraded.start(tasks);
    kept_up.start(tasks);
    tasks.spawn("ingest_holding", holding.run(), runtime::care::vital);
    log::info("server_started", {{"version", LINLI_VERSION}, {"journal", config.journal.folder}});
    co_await take_over();
    in_charge = true;
    since = clock->now();
    log::info("database_reached");
    tasks.spawn("intake", intake.run(), runtime::care::vital);
    tasks.spawn("due_loop", due.run(), runtime::care::vital);
    tasks.spawn("outbox", outbox.run(), runtime::care::vital);
    notices.start(tasks);
    degraded.start_copies(tasks);
    tasks.spawn("clock_watch", clocks.run(), runtime::care::vital);
    refusals.start(tasks);
    tasks.spawn("supervision", supervision.run(), runtime::care::vital);
    tasks.spawn("commanding", commanding.run());
    console.start(tasks);
    hotline.start(tasks);
    recordings.start(tasks);
    tasks.spawn("tonight", evening.run());
    keeping.start(tasks);
    tasks.spawn("anchoring", anchors.run());
    tasks.spawn("auditor", auditor.run(), runtime::care::vital);
    co_await watch_registry();
}

// Until the database answers, with this program's schema: its time, its registry, and the plans in
// force stored with it.
runtime::task<void> server::parts::take_over() {
    std::string told;
    for (;;) {
        auto const wrong = co_await record->schema_problem();
        if (wrong && wrong->empty()) {
            auto const timed = co_await clocks.adopt();
            auto kept = co_await plans->keep(*record);
            auto known = co_await dispatch.refresh_registry(true);
            if (timed && kept && known) co_return;
        }
        auto const why = wrong && !wrong->empty() ? *wrong : "";
        if (!why.empty() && why != told)
            log::error("schema_unfit", {{"why", why}, {"meanwhile", "signals wait on disk"}});
        if (why.empty() && told.empty())
            log::error("database_away", {{"remedy", "start the database; \"linli check\" tells "
                                                    "what is wrong; signals wait on disk"}});
        told = why.empty() ? "away" : why;
        auto const again = clock->now() + retry_after;
        co_await clock->wait_until(again);
    }
}

runtime::task<void> server::parts::watch_registry() {
    for (;;) {
        auto const next = clock->now() + look_at_registry_every;
        co_await clock->wait_until(next);
        auto fresh = co_await dispatch.refresh_registry(false);
        static_cast<void>(fresh);
    }
}

// Nothing new comes in, what was taken is finished, what was decided is told.
runtime::task<void> server::parts::put_down() {
    if (stopping) co_return;
    stopping = true;
    log::info("server_stopping");
    co_await holding.lay_down();
    pushes.stop();
    co_await hotline.stop();
    co_await console.stop();
    co_await telemetry.stop();
    co_await watches.stop();
    co_await tasks.stop();
    co_await health->stop();
    receipts.stop();
    publisher.stop();
    notices.stop();
    degraded.stop();
    record->stop();
    health_record->stop();
    command_record->stop();
    keeping.stop();
    recordings.stop();
    anchors.stop();
    log::info("server_stopped");
    loop.stop();
}

server::server(options with) : parts_(std::make_unique<parts>(std::move(with))) {}

server::~server() = default;

int server::run() {
    parts_->tasks.spawn("begin", parts_->begin(), runtime::care::vital);
    auto const guard = boost::asio::make_work_guard(parts_->loop);
    parts_->loop.run();
    return parts_->ended_with;
}

void server::stop() {
    boost::asio::post(parts_->loop, [this] {
        boost::asio::co_spawn(parts_->loop, parts_->put_down(), [](std::exception_ptr error) {
            if (error) log::error("stop_failed", {{"why", error}});
        });
    });
}

std::uint16_t server::http_port() const {
    return parts_->health->port();
}

std::uint16_t server::console_port() const {
    return parts_->console.port();
}

std::uint16_t server::push_port() const {
    return parts_->pushes.port();
}

std::uint16_t server::watch_port() const {
    return parts_->watches.port();
}

} // namespace linli::server
