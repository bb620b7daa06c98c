#include "server/watch_door.hpp"

#include <algorithm>
#include <utility>

#include "adapters/watch_tcp/signal_reading.hpp"
#include "runtime/log.hpp"
#include "server/journal_inbox.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

constexpr domain::seconds tell_time_every{1};
constexpr domain::seconds look_at_registry_every{2};

} // namespace

watch_door::watch_door(runtime::config const& config, journal::journal& to, app::clock& clock,
                       postgres::database_record& registry, boost::asio::any_io_executor loop,
                       runtime::metrics& into,
                       std::function<void(watch_tcp::arrived const&)> measured)
    : journal_(to), clock_(clock), registry_(registry),
      known_(into.gauge("linli_watch_registered",
                        "Registered devices that may come as a watch by TCP")),
      tasks_(std::move(loop)) {
    if (!config.watch_tcp.listen) return;
    gateway_ = std::make_unique<watch_tcp::gateway>(
        *config.watch_tcp.listen,
        watch_tcp::gateway_callbacks{
            .on_signal = [this](watch_tcp::arrived const& what) { return arrived(what); },
            .is_registered = [this](std::string_view id) { return is_registered(id); },
            .on_beat =
                [this](std::string_view id) {
                    if (beat_) beat_(id);
                },
            .on_telemetry = std::move(measured),
            .on_answer =
                [this](std::string_view id, domain::command_kind kind) {
                    if (answer_) answer_(id, kind);
                }},
        into,
        watch_tcp::gateway_limits{.connections =
                                      static_cast<std::size_t>(config.watch_tcp.connections)});
}

bool watch_door::is_for(domain::device_id const& device) const {
    return gateway_ && watch_tcp::is_watch_id(device.value);
}

void watch_door::send(domain::device_command what, std::function<void(bool)> done) {
    gateway_->send(std::move(what), std::move(done));
}

void watch_door::start() {
    if (!gateway_) return;
    gateway_->time_is(clock_.now());
    since_ = clock_.now();
    gateway_->start();
    tasks_.spawn("watch_time", tell_time());
    tasks_.spawn("watch_registry", watch_registry());
    log::info("watch_door_open", {{"port", gateway_->port()}});
}

runtime::task<void> watch_door::stop() {
    if (gateway_) gateway_->stop();
    co_await tasks_.stop();
}

std::optional<http::part> watch_door::ready() const {
    if (!gateway_) return std::nullopt;
    std::lock_guard const lock(mutex_);
    auto const known = registered_ ? std::to_string(registered_->size()) + " registered"
                                   : std::string("the registry is not known yet");
    return http::part{"watches", true, std::to_string(gateway_->open()) + " connected, " + known,
                      since_};
}

std::optional<watch_tcp::gateway_callbacks::settle>
watch_door::arrived(watch_tcp::arrived const& what) {
    journal::record written{std::string(watch_tcp::door), std::string(what.id),
                            clock_.now().time_since_epoch().count(), std::string(what.bytes)};
    auto const at = journal_.append_unsynced(written);
    if (!at) {
        log::error("journal_refuses", {{"why", at.error()}, {"device", what.id}});
        return std::nullopt;
    }
    return sync_step(journal_, *at, std::move(written));
}

bool watch_door::is_registered(std::string_view id) {
    std::shared_ptr<ids const> known;
    {
        std::lock_guard const lock(mutex_);
        known = registered_;
    }
    return !known || std::ranges::binary_search(*known, id);
}

runtime::task<void> watch_door::tell_time() {
    for (;;) {
        auto const next = clock_.now() + tell_time_every;
        co_await clock_.wait_until(next);
        gateway_->time_is(clock_.now());
    }
}

runtime::task<void> watch_door::watch_registry() {
    std::int64_t seen = -1;
    for (;;) {
        auto const version = co_await registry_.registry_version();
        if (version && *version != seen) {
            auto watches = co_await registry_.watch_ids();
            if (watches) {
                seen = *version;
                know(std::move(*watches));
            }
        }
        auto const next = clock_.now() + look_at_registry_every;
        co_await clock_.wait_until(next);
    }
}

// The figure last: a watch that it counts is let in.
void watch_door::know(ids watches) {
    auto const count = watches.size();
    auto fresh = std::make_shared<ids const>(std::move(watches));
    {
        std::lock_guard const lock(mutex_);
        registered_ = std::move(fresh);
    }
    known_.set(static_cast<double>(count));
}

} // namespace linli::server
