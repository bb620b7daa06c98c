#include "server/broker_watch.hpp"

#include <exception>

#include "adapters/wire/clean_text.hpp"
#include "adapters/wire/topics.hpp"
#include "runtime/log.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

constexpr domain::seconds look_every{1};
constexpr domain::seconds tell_every{60};
constexpr domain::seconds one_press{60};
constexpr domain::seconds one_day{24 * 3600};
constexpr std::size_t most_to_raise = 1000;
constexpr std::size_t longest_topic = 200;
constexpr std::string_view unknown_client = "broker-client";

// A press may be lost on a wrong topic; what is only measured, or a birth, waits for daylight.
bool may_be_a_press(std::string_view topic) {
    return !topic.ends_with("/telemetry") && !topic.ends_with("/state");
}

// Whose credential it was: a device's by its own id, so that it is about who wears it.
domain::device_id device_of(std::string_view user) {
    if (user.starts_with("d-")) user.remove_prefix(2);
    if (!wire::is_valid_id(user)) user = unknown_client;
    return {std::string(user)};
}

domain::signal signal_of(mqtt::refusal const& whom, domain::instant now) {
    domain::signal said;
    said.device = device_of(whom.user);
    bool const press = may_be_a_press(whom.topic);
    auto const window = now.time_since_epoch() / (press ? one_press : one_day);
    said.event = {said.device.value + (press ? ":x:denied:" : ":x:denied-bulk:") +
                  std::to_string(window)};
    said.kind = domain::signal_kind::unreadable;
    said.door = "broker";
    said.received_at = now;
    said.is_awaited = false;
    said.text = "the broker denied what it published on " +
                wire::clean_text(whom.topic, longest_topic) +
                ": its topic is wrong, or somebody else has its credential";
    return said;
}

} // namespace

broker_watch::broker_watch(runtime::config const& config, app::dispatch& to, app::clock& clock,
                           runtime::metrics& into)
    : to_(to), clock_(clock),
      publishes_(into.counter("linli_broker_denied_total", "What the broker refused, by its log",
                              {{"what", "publish"}})),
      sign_ins_(into.counter("linli_broker_denied_total", "What the broker refused, by its log",
                             {{"what", "sign_in"}})),
      unraised_(into.counter("linli_broker_denied_unraised_total",
                             "Denied publishes beyond what is raised at once")),
      since_(clock.now()) {
    if (!config.mqtt.broker_log.empty())
        log_ = std::make_unique<files::followed_file>(config.mqtt.broker_log);
}

void broker_watch::start(runtime::work_scope& tasks) {
    if (log_) tasks.spawn("broker_watch", run());
}

std::optional<http::part> broker_watch::ready() const {
    if (!log_) return std::nullopt;
    auto const words = !trouble_.empty() ? trouble_
                       : !looked_
                           ? std::string("not read yet")
                           : std::to_string(denied_) + " publishes and " +
                                 std::to_string(turned_away_) + " sign-ins refused since the start";
    return http::part{"broker_log", true, words, since_}; // presses are taken all the same
}

runtime::task<void> broker_watch::run() {
    for (;;) {
        co_await look();
        tell();
        co_await raise();
        auto const next = clock_.now() + look_every;
        co_await clock_.wait_until(next);
    }
}

// The first look tells whose clients are there; what was refused then is long past.
runtime::task<void> broker_watch::look() {
    auto job = [this]() -> std::pair<std::vector<std::string>, std::string> {
        try {
            return {log_->news(), {}};
        } catch (std::exception const& e) {
            return {{}, e.what()};
        }
    };
    auto const news = co_await hands_.run(std::move(job));
    auto const& [lines, trouble] = news;
    if (trouble != trouble_) {
        since_ = clock_.now();
        if (!trouble.empty())
            log::error("broker_log_unreadable",
                       {{"why", trouble},
                        {"meanwhile", "nobody hears of publishes that the broker denies"}});
    }
    trouble_ = trouble;
    for (auto const& line : lines)
        if (auto const whom = reading_.read(line); whom && looked_) heed(*whom);
    looked_ = looked_ || trouble.empty();
}

void broker_watch::heed(mqtt::refusal const& whom) {
    ++untold_;
    last_ = whom;
    if (whom.what == mqtt::refusal::of::sign_in) {
        ++turned_away_;
        sign_ins_.add();
        return;
    }
    ++denied_;
    publishes_.add();
    note_denied(whom);
}

void broker_watch::note_denied(mqtt::refusal const& whom) {
    auto said = signal_of(whom, clock_.now());
    if (raised_.find(said.event.value)) return;
    if (to_raise_.size() >= most_to_raise) return unraised_.add();
    raised_.touch(said.event.value) = true;
    to_raise_.emplace_back(std::move(said));
}

void broker_watch::tell() {
    if (untold_ == 0 || clock_.now() < tell_again_) return;
    log::warning("broker_refused", {{"times", untold_},
                                    {"last_user", last_.user},
                                    {"last_address", last_.address},
                                    {"last_topic", last_.topic}});
    untold_ = 0;
    tell_again_ = clock_.now() + tell_every;
}

runtime::task<void> broker_watch::raise() {
    if (to_raise_.empty()) co_return;
    auto batch = to_raise_;
    auto const done = co_await to_.run(std::move(batch));
    if (done) to_raise_.clear(); // away: tried again, and known by its event id
}

} // namespace linli::server
