#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/http/readiness.hpp"
#include "adapters/journal/journal.hpp"
#include "adapters/mapped/device_book.hpp"
#include "adapters/mqtt/intake_connection.hpp"
#include "adapters/postgres/observation_record.hpp"
#include "adapters/postgres/telemetry_record.hpp"
#include "app/telemetry_intake.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "runtime/work_scope.hpp"
#include "server/telemetry_inbox.hpp"

namespace linli::server {

// Everything that telemetry has for itself, from the broker to the database, so that none of it
// stands before a signal: its own session at the broker, its own journal, its own threads, its own
// database connection. On the server's loop it only hands from one to the other.
//
// When its journal is full, or the disk nearly, it takes nothing: what comes waits at the broker.
class telemetry_lane {
public:
    // `broker`: of this lane's own client id. `signals`: where goes what crosses a threshold.
    // `may_forget`: as of app::telemetry_intake.
    telemetry_lane(runtime::config const& config, mapped::device_book const& devices,
                   mqtt::connection_settings broker, app::clock& clock, app::dispatch& signals,
                   boost::asio::any_io_executor loop, runtime::metrics& into,
                   std::function<bool()> may_forget);

    // On the loop; before start().
    void tell(app::telemetry_intake::hearer whom) { intake_.tell(std::move(whom)); }

    void start(); // to keep what was taken
    // While this server holds the ingest; another thread's than the loop's.
    void receive();
    void leave(); // what was taken goes on being kept
    // After leave(): what is being kept is finished.
    runtime::task<void> stop();

    // Any thread: writes one message down. What it returns makes it safe, and waits for others'
    // sync; nothing: there is no room now.
    std::optional<std::function<bool()>> take(std::string door, std::string source,
                                              std::string_view payload);
    // Of whom nobody can keep waiting: what has no room is lost and counted, as a device out of the
    // network would lose it. Then there is nothing to make safe.
    std::function<bool()> take_or_lose(std::string door, std::string source,
                                       std::string_view payload);
    // At the TCP door; it gets no answer.
    void take_of_watch(std::string_view device, std::string_view bytes);

    // Since when all comes at once that the broker has; nothing: it may wait there.
    std::optional<domain::instant> flows_since() const;

    http::part ready() const;
    void look(); // brings the figures up to date that are not counted but looked at

private:
    // From the connection's thread.
    std::optional<mqtt::intake_connection::settle> arrived(mqtt::arrived const& message);
    std::string why_it_waits(std::size_t bytes) const; // empty: there is room
    void waits_because(std::string const& why);
    void broker_is(bool connected);
    app::hearing hears() const;
    // From the thread that settles.
    bool make_safe(journal::position where);

    struct counters {
        explicit counters(runtime::metrics& in);

        runtime::counter received, kept, repeated, unreadable, refused, observed, lost;
        runtime::gauge waiting, journal_bytes, held_back, database_away, overdue;
    };

    app::clock& clock_;
    mapped::device_book const& devices_;
    mqtt::connection_settings const broker_;
    std::filesystem::path const folder_;
    std::uint64_t const most_bytes_; // of the journal
    std::uint64_t const keep_free_;  // of the disk
    counters counted_;
    app::telemetry_intake::figures told_; // to the counters
    app::observer::figures observed_;     // as well
    journal::journal journal_;
    telemetry_inbox inbox_;
    std::unique_ptr<postgres::telemetry_database> record_;
    std::unique_ptr<postgres::observation_database> observations_;
    app::observer observer_;
    app::telemetry_intake intake_;
    runtime::work_scope tasks_;

    std::atomic<bool> receives_ = false;
    std::atomic<bool> connected_ = false;
    std::atomic<domain::instant> since_;
    std::atomic<domain::instant> had_room_since_;
    std::atomic<bool> held_back_ = false;
    std::atomic<std::chrono::steady_clock::time_point> refused_at_; // the last for want of room
    bool ended_ = false;                                            // a task has, which should not

    std::mutex sync_mutex_; // of the following
    std::condition_variable leaving_now_;
    bool leaving_ = false;
    std::optional<journal::position> appended_; // the last one
    std::optional<journal::position> synced_;
    std::chrono::steady_clock::time_point next_sync_;

    std::unique_ptr<mqtt::intake_connection> connection_; // last: its threads use the others
};

} // namespace linli::server
