#include "server/telemetry_lane.hpp"

#include <filesystem>
#include <utility>

#include <boost/system/errc.hpp>

#include "adapters/files/threshold_file.hpp"
#include "adapters/postgres/key_ring.hpp"
#include "adapters/watch_tcp/signal_reading.hpp"
#include "adapters/wire/topics.hpp"
#include "runtime/log.hpp"
#include "server/journal_inbox.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

constexpr std::uint64_t mib = 1U << 20;

// So many that the journal never stands full of what has long been kept: a file goes as a whole.
constexpr std::uint64_t segments = 8;

// Signals wait for the same disk. So a device may wait a moment longer for its PUBACK, and many
// share one sync.
constexpr std::chrono::milliseconds between_syncs{50};

// The broker's session offers what was refused again each second at least.
constexpr std::chrono::seconds offered_again_within{10};

journal::options journal_of(runtime::config const& c) {
    journal::options wanted;
    wanted.folder = c.telemetry.folder;
    wanted.segment_bytes = static_cast<std::uint64_t>(c.telemetry.journal_mib) * mib / segments;
    wanted.reserve_bytes = 0; // the reserve is for signals
    wanted.window_bytes = 4 * mib;
    wanted.max_record_bytes =
        journal::largest_body_bytes; // the broker's limit is the one that counts
    return wanted;
}

} // namespace

telemetry_lane::counters::counters(runtime::metrics& in)
    : received(in.counter("linli_telemetry_received_total",
                          "Messages of telemetry written to their journal")),
      kept(in.counter("linli_telemetry_stored_total", "Messages of telemetry in the database")),
      repeated(in.counter("linli_telemetry_repeated_total",
                          "Messages of telemetry that were stored already")),
      unreadable(in.counter("linli_telemetry_unreadable_total",
                            "Messages of telemetry that could not be read, or not all of it")),
      refused(in.counter("linli_telemetry_refused_total",
                         "Messages of telemetry whose values the database refused")),
      observed(in.counter("linli_telemetry_signals_total",
                          "Signals that the house has made of telemetry")),
      lost(in.counter("linli_telemetry_lost_total",
                      "Measurements of watches at the TCP door and of clouds that are asked, for "
                      "which there was no room")),
      waiting(in.gauge("linli_telemetry_waiting", "Messages accepted and not yet stored")),
      journal_bytes(in.gauge("linli_telemetry_journal_bytes", "Size of their journal on disk")),
      held_back(in.gauge("linli_telemetry_held_back",
                         "1 while there is no room: telemetry waits at the broker")),
      database_away(
          in.gauge("linli_telemetry_database_away", "1 while telemetry waits for the database")),
      overdue(in.gauge("linli_observation_overdue_seconds",
                       "How long what lasts (a silence, a value) has been due and not looked at")) {
}

telemetry_lane::telemetry_lane(runtime::config const& config, mapped::device_book const& devices,
                               mqtt::connection_settings broker, app::clock& clock,
                               app::dispatch& signals, boost::asio::any_io_executor loop,
                               runtime::metrics& into, std::function<bool()> may_forget)
    : clock_(clock), devices_(devices), broker_(std::move(broker)),
      folder_(config.telemetry.folder),
      most_bytes_(static_cast<std::uint64_t>(config.telemetry.journal_mib) * mib),
      keep_free_(static_cast<std::uint64_t>(config.journal.reserve_mib) * mib), counted_(into),
      journal_(journal_of(config)), inbox_(journal_, devices, loop, counted_.unreadable),
      record_(postgres::open_telemetry(config.database.url,
                                       postgres::key_ring::load(config.database.key_file))),
      observations_(postgres::open_observation(config.database.url)),
      observer_(*observations_, signals, clock_, files::load_thresholds(config.files.thresholds),
                config.installation.utc_offset, [this] { return hears(); }),
      intake_(inbox_, *record_, clock_, std::chrono::days(config.telemetry.keep_days), &observer_,
              std::move(may_forget)),
      tasks_(loop,
             [this](std::string_view task, std::string_view why) {
                 // Signals go on: somebody restarts the server at a good moment.
                 log::error("telemetry_ends", {{"because_of", task}, {"why", why}});
                 ended_ = true;
             }),
      since_(clock_.now()) {}

void telemetry_lane::start() {
    tasks_.spawn("telemetry_intake", intake_.run(), runtime::care::vital);
    tasks_.spawn("telemetry_pages", intake_.turn_pages(), runtime::care::vital);
    tasks_.spawn("observer", observer_.run(), runtime::care::vital);
}

void telemetry_lane::receive() {
    receives_ = true;
    {
        std::lock_guard const lock(sync_mutex_);
        leaving_ = false;
    }
    auto filters = devices_.filters(files::message_lane::telemetry);
    filters.emplace_back(wire::all_telemetry);
    connection_ = std::make_unique<mqtt::intake_connection>(
        broker_, std::move(filters),
        mqtt::intake_connection::callbacks{
            .on_arrival = [this](mqtt::arrived const& m) { return arrived(m); },
            .on_connected = {},
            .on_subscribed = [this] { broker_is(true); },
            .on_lost = [this](std::string const&) { broker_is(false); },
            .on_trouble =
                [](std::string const& what) {
                    log::error("telemetry_broker_trouble", {{"why", what}});
                }});
    connection_->start();
}

void telemetry_lane::leave() {
    {
        std::lock_guard const lock(sync_mutex_);
        leaving_ = true;
        leaving_now_.notify_all();
    }
    connection_.reset();
    receives_ = connected_ = false;
}

runtime::task<void> telemetry_lane::stop() {
    co_await tasks_.stop();
    record_->stop();
    observations_->stop();
}

std::optional<mqtt::intake_connection::settle>
telemetry_lane::arrived(mqtt::arrived const& message) {
    auto const* by = devices_.of_topic(message.topic);
    if (!by) return take("mqtt", source_of(message.topic, message.content_type), message.payload);
    // What calls somebody on the same topic comes by the signals' session too.
    auto const lane = mapped::lane_of(*by, message.topic, message.payload);
    if (lane != files::message_lane::telemetry) return mqtt::intake_connection::settle{};
    return take(std::string(mapped::broker_door), mapped::source_of(by->name, message.topic),
                message.payload);
}

std::optional<std::function<bool()>> telemetry_lane::take(std::string door, std::string source,
                                                          std::string_view payload) {
    auto const full = why_it_waits(payload.size());
    waits_because(full);
    if (!full.empty()) return std::nullopt;
    journal::record const written{std::move(door), std::move(source),
                                  clock_.now().time_since_epoch().count(), std::string(payload)};
    auto const at = journal_.append_unsynced(written);
    if (!at && at.error() == boost::system::errc::message_size) {
        // It would never go in, and nothing behind it either.
        log::error("telemetry_too_large", {{"source", written.source}});
        counted_.unreadable.add();
        return std::function<bool()>{};
    }
    if (!at) {
        waits_because(at.error().message());
        return std::nullopt;
    }
    counted_.received.add();
    {
        std::lock_guard const lock(sync_mutex_);
        appended_ = *at;
    }
    return [this, where = *at] { return make_safe(where); };
}

std::function<bool()> telemetry_lane::take_or_lose(std::string door, std::string source,
                                                   std::string_view payload) {
    auto taken = take(std::move(door), std::move(source), payload);
    if (!taken) counted_.lost.add();
    return taken ? std::move(*taken) : nullptr;
}

void telemetry_lane::take_of_watch(std::string_view device, std::string_view bytes) {
    take_or_lose(std::string(watch_tcp::door), std::string(device), bytes);
}

// The last of the disk is for signals.
std::string telemetry_lane::why_it_waits(std::size_t bytes) const {
    if (journal_.snapshot().bytes_on_disk + bytes > most_bytes_) return "its journal is full";
    std::error_code unknown;
    auto const disk = std::filesystem::space(folder_, unknown);
    if (!unknown && disk.available < keep_free_ + bytes) return "the disk is nearly full";
    return {};
}

void telemetry_lane::waits_because(std::string const& why) {
    bool const waits = !why.empty();
    if (waits) refused_at_ = std::chrono::steady_clock::now();
    if (held_back_.exchange(waits) == waits) return;
    if (!waits) had_room_since_ = clock_.now();
    if (waits)
        log::error("telemetry_held_back", {{"why", why}});
    else
        log::info("telemetry_goes_on");
}

void telemetry_lane::broker_is(bool connected) {
    if (!connected) connected_ = false;
    since_ = clock_.now(); // before it counts: who reads "connected" reads since when
    if (connected) connected_ = true;
    if (connected)
        log::info("telemetry_subscribed");
    else
        log::warning("telemetry_broker_lost");
}

// Somebody's motion may lie at the broker for want of room here, too: nobody is missed meanwhile.
// What was turned away at another door waits nowhere, and may have been the last for hours.
app::hearing telemetry_lane::hears() const {
    if (!receives_) return {false, std::nullopt};
    auto const for_long = std::chrono::steady_clock::now() - refused_at_.load();
    bool const waits = held_back_ && for_long < offered_again_within;
    if (!connected_ || waits) return {true, std::nullopt};
    return {true, std::max(since_.load(), had_room_since_.load())};
}

std::optional<domain::instant> telemetry_lane::flows_since() const {
    if (!receives_ || !connected_ || held_back_) return std::nullopt;
    return std::max(since_.load(), had_room_since_.load());
}

bool telemetry_lane::make_safe(journal::position where) {
    std::unique_lock lock(sync_mutex_);
    if (!synced_ || *synced_ < where) {
        leaving_now_.wait_until(lock, next_sync_, [this] { return leaving_; });
        next_sync_ = std::chrono::steady_clock::now() + between_syncs;
    }
    auto const covered = appended_;
    lock.unlock();
    auto const done = journal_.sync_through(where);
    if (!done) log::error("telemetry_not_synced", {{"why", done.error()}});
    lock.lock();
    if (done && (!synced_ || *synced_ < where)) synced_ = covered;
    return static_cast<bool>(done);
}

// Waiting telemetry makes nobody unready: a server that is taken out of service for it would be
// missing for the signals.
http::part telemetry_lane::ready() const {
    auto const now = intake_.so_far();
    http::part part{"telemetry", (connected_ || !receives_) && !ended_, "", since_.load()};
    if (ended_)
        part.state = "ended by a fault: see the log, restart the server";
    else if (!receives_)
        part.state = "another server receives";
    else if (!connected_)
        part.state = "the broker is away";
    else if (held_back_)
        part.state = "no room: it waits at the broker";
    else if (now.is_stuck)
        part.state = "the database is away: it waits in its journal";
    else
        part.state = std::to_string(now.kept) + " stored";
    return part;
}

void telemetry_lane::look() {
    auto const journal = journal_.snapshot();
    auto const now = intake_.so_far();
    counted_.kept.add(static_cast<double>(now.kept - told_.kept));
    counted_.repeated.add(static_cast<double>(now.repeated - told_.repeated));
    counted_.refused.add(static_cast<double>(now.refused - told_.refused));
    told_ = now;
    auto const observed = observer_.so_far();
    counted_.observed.add(static_cast<double>(observed.signals - observed_.signals));
    observed_ = observed;
    counted_.overdue.set(std::chrono::duration<double>(observed.overdue).count());
    counted_.waiting.set(static_cast<double>(journal.waiting));
    counted_.journal_bytes.set(static_cast<double>(journal.bytes_on_disk));
    counted_.held_back.set(held_back_ ? 1 : 0);
    counted_.database_away.set(now.is_stuck ? 1 : 0);
}

} // namespace linli::server
