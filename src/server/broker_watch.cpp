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
constexpr domain::seconds silent_after{300};
constexpr domain::seconds one_press{60};
constexpr domain::seconds one_day{24 * 3600};
constexpr domain::seconds no_room_again{600};
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

// Nobody knows who they were, and each of them may press: the city's desk is rung, and again while
// it lasts.
domain::signal no_room(domain::instant now) {
    domain::signal said;
    said.device = {std::string(unknown_client)};
    said.event = {said.device.value +
                  ":x:no-room:" + std::to_string(now.time_since_epoch() / no_room_again)};
    said.kind = domain::signal_kind::unreadable;
    said.door = "broker";
    said.received_at = now;
    said.is_awaited = false;
    said.text = "the broker has no room for more connections and turns devices away, which press "
                "unheard: it needs more open files (LimitNOFILE)";
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
      connections_(into.counter("linli_broker_denied_total", "What the broker refused, by its log",
                                {{"what", "connection"}})),
      unraised_(into.counter("linli_broker_denied_unraised_total",
                             "Denied publishes beyond what is raised at once")),
      heard_(clock.now()), since_(clock.now()) {
    if (!config.mqtt.broker_log.empty())
        log_ = std::make_unique<files::followed_file>(config.mqtt.broker_log);
}

void broker_watch::start(runtime::work_scope& tasks) {
    if (log_) tasks.spawn("broker_watch", run());
}

std::optional<http::part> broker_watch::ready() const {
    if (!log_) return std::nullopt;
    // Presses are taken all the same.
    return http::part{"broker_log", true, trouble_.empty() ? refused() : trouble_, since_};
}

std::string broker_watch::refused() const {
    if (!looked_) return "not read yet";
    auto words = std::to_string(denied_) + " publishes and " + std::to_string(turned_away_) +
                 " sign-ins refused since the start";
    if (no_room_ > 0)
        words += "; it had no room for " + std::to_string(no_room_) +
                 " connections: devices press unheard, give it more open files (LimitNOFILE)";
    return words;
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
    auto const& [lines, unreadable] = news;
    if (!lines.empty()) heard_ = clock_.now();
    for (auto const& line : lines)
        if (auto const whom = reading_.read(line); whom && looked_) heed(*whom);
    looked_ = looked_ || unreadable.empty();
    note(unreadable.empty() ? silence() : unreadable);
}

std::string broker_watch::silence() const {
    if (clock_.now() - heard_ < silent_after) return {};
    return "nothing has come for 5 minutes: broker or filter is away, or the log can't be written";
}

void broker_watch::note(std::string const& trouble) {
    if (trouble == trouble_) return;
    trouble_ = trouble;
    since_ = clock_.now();
    if (!trouble.empty())
        log::error(
            "broker_log_tells_nothing",
            {{"why", trouble}, {"meanwhile", "nobody hears of publishes that the broker denies"}});
}

void broker_watch::heed(mqtt::refusal const& whom) {
    if (whom.what == mqtt::refusal::of::connection) return heed_no_room(whom.times);
    untold_ += whom.times;
    if (whom.is_named) last_ = whom;
    if (whom.what == mqtt::refusal::of::sign_in) {
        turned_away_ += whom.times;
        sign_ins_.add(whom.times);
        return;
    }
    denied_ += whom.times;
    publishes_.add(whom.times);
    if (whom.is_named) note_denied(whom);
}

void broker_watch::note_denied(mqtt::refusal const& whom) {
    rings_with(signal_of(whom, clock_.now()));
}

void broker_watch::heed_no_room(unsigned times) {
    no_room_ += times;
    connections_.add(times);
    auto said = no_room(clock_.now());
    if (!raised_.find(said.event.value))
        log::error("broker_has_no_room", {{"turned_away_since_the_start", no_room_},
                                          {"meanwhile", "whom it turns away presses unheard"}});
    rings_with(std::move(said));
}

void broker_watch::rings_with(domain::signal said) {
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
