#include "server/poll_lane.hpp"

#include <stdexcept>
#include <utility>

#include "adapters/cloud_poll/poll_mark.hpp"
#include "adapters/http/push_secrets.hpp"
#include "runtime/log.hpp"
#include "runtime/utc_text.hpp"

namespace linli::server {

namespace log = runtime::log;
using cloud_poll::round_end;

namespace {

constexpr auto no_secret = "no_secret";

double seconds_between(domain::instant from, domain::instant to) {
    return std::chrono::duration<double>(to - from).count();
}

} // namespace

struct poll_lane::cloud {
    cloud(files::device_mapping const& mapping, std::string s, std::filesystem::path m,
          runtime::metrics& in)
        : name(mapping.name), rule(*mapping.poll), secret(std::move(s)), mark(std::move(m)),
          received(in.counter("linli_poll_received_total",
                              "Messages of clouds that were asked for and written down",
                              {{"source", name}})),
          failures(in.counter("linli_poll_failures_total",
                              "Times that a cloud could not be asked, or not for all",
                              {{"source", name}})),
          behind(in.gauge("linli_poll_behind_seconds", "What a cloud has not been asked for yet",
                          {{"source", name}})) {}

    std::string const name;
    files::poll_rule const rule;
    std::string const secret; // empty: none was given, so it isn't asked
    std::filesystem::path const mark;
    runtime::counter received, failures;
    runtime::gauge behind;
    std::string trouble; // a code; empty: it is well
    std::unique_ptr<cloud_poll::cloud_poller> poller;
    std::thread thread;
};

poll_lane::poll_lane(runtime::config const& config, mapped::device_book const& devices,
                     journal::journal& to, telemetry_lane& bulk, app::clock& clock,
                     runtime::metrics& into)
    : intake_(devices, to, bulk, push_intake::bulk::is_lost, clock), clock_(clock),
      since_(clock.now()) {
    for (auto const& mapping : devices.mappings())
        if (mapping.poll) add(mapping, config, into);
}

poll_lane::~poll_lane() {
    leave();
}

void poll_lane::add(files::device_mapping const& mapping, runtime::config const& config,
                    runtime::metrics& into) {
    auto const mark = cloud_poll::mark_file(config.journal.folder, mapping.name);
    if (auto const error = cloud_poll::begin_mark(mark, since_))
        throw std::runtime_error(mark.string() + " can't be written (" + error.message() +
                                 "): make the journal's folder writable for this user");
    auto secret = http::read_poll_secret(config.push.secrets, mapping.name);
    if (secret.empty())
        log::error("poll_without_secret",
                   {{"source", mapping.name}, {"remedy", "linli push secret --poll keeps it"}});
    auto one = std::make_unique<cloud>(mapping, std::move(secret), mark, into);
    if (one->secret.empty()) one->trouble = no_secret;
    clouds_.push_back(std::move(one));
}

void poll_lane::receive() {
    {
        std::lock_guard const lock(mutex_);
        leaving_ = false;
    }
    for (auto const& each : clouds_) {
        if (each->secret.empty()) continue;
        auto take = [this, &name = each->name](std::string_view message) {
            auto written = intake_.take(name, message);
            return written ? std::optional(std::move(written->make_safe)) : std::nullopt;
        };
        each->poller = std::make_unique<cloud_poll::cloud_poller>(each->rule, each->secret,
                                                                  each->mark, std::move(take));
        each->thread = std::thread([this, &of = *each] { ask_on(of); });
    }
}

void poll_lane::leave() {
    {
        std::lock_guard const lock(mutex_);
        leaving_ = true;
        leaving_now_.notify_all();
    }
    for (auto const& each : clouds_)
        if (each->poller) each->poller->stop();
    for (auto const& each : clouds_) {
        if (each->thread.joinable()) each->thread.join();
        each->poller.reset();
    }
}

void poll_lane::ask_on(cloud& of) {
    for (bool goes_on = true; goes_on;) {
        try {
            auto const what = of.poller->ask(clock_.now());
            note(of, what);
            goes_on = what.goes_on || waits(of);
        } catch (std::exception const& fault) { // memory, say: never the server's end
            cloud_poll::round failed;
            failed.how = round_end::failed;
            failed.why = fault.what();
            failed.through = cloud_poll::read_mark(of.mark).value_or(clock_.now());
            note(of, failed);
            goes_on = waits(of);
        }
    }
}

bool poll_lane::waits(cloud const& of) {
    std::unique_lock lock(mutex_);
    return !leaving_now_.wait_for(lock, of.rule.every, [this] { return leaving_; });
}

void poll_lane::note(cloud& of, cloud_poll::round const& what) {
    of.received.add(static_cast<double>(what.written));
    if (what.how == round_end::stopped) return;
    of.behind.set(seconds_between(what.through, clock_.now()));
    // A window that is asked again in halves is no trouble.
    if (what.how == round_end::too_full) return;
    if (what.how != round_end::well) of.failures.add();
    std::string before;
    {
        std::lock_guard const lock(mutex_);
        before = std::exchange(of.trouble, what.how == round_end::well ? "" : what.why);
        if (before.empty() != of.trouble.empty()) since_ = clock_.now();
    }
    tell(of, what, before);
}

// A trouble is told once, not at each asking.
void poll_lane::tell(cloud const& of, cloud_poll::round const& what, std::string const& before) {
    bool const was_well = before.empty();
    bool const is_well = what.how == round_end::well;
    if (what.lost_since)
        log::error("poll_too_late", {{"source", of.name},
                                     {"since", runtime::utc_text(*what.lost_since)},
                                     {"remedy", "what the cloud keeps no more can't be asked for: "
                                                "see its own pages"}});
    if (what.how == round_end::passed && before != what.why)
        log::error(
            "poll_gives_up",
            {{"source", of.name}, {"until", runtime::utc_text(what.through)}, {"why", what.why}});
    if (was_well && !is_well) log::error("poll_failed", {{"source", of.name}, {"why", what.why}});
    if (!was_well && is_well) log::info("poll_goes_on", {{"source", of.name}});
    if (is_well && what.written > 0)
        log::info("polled", {{"source", of.name}, {"written", what.written}});
}

// Never unready: nothing that this server does would mend a cloud, and it takes presses.
std::optional<http::part> poll_lane::ready() const {
    if (clouds_.empty()) return std::nullopt;
    std::lock_guard const lock(mutex_);
    http::part part{"poll", true, "", since_};
    for (auto const& each : clouds_)
        if (!each->trouble.empty())
            part.state += (part.state.empty() ? "" : "; ") + each->name + ": " + each->trouble;
    if (part.state.empty() && leaving_) part.state = "another server receives";
    if (part.state.empty()) part.state = std::to_string(clouds_.size()) + " clouds are asked";
    return part;
}

} // namespace linli::server
