#include "server/notice_lane.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "adapters/files/notice_file.hpp"
#include "adapters/wire/notice_words.hpp"

namespace linli::server {

namespace {

using domain::channel;

// An installation without a gateway needs no words.
app::notice_texts texts_for(runtime::notify_config const& config) {
    bool const speaks = config.voice_by_hotline || notify::has_channel(config, channel::voice) ||
                        notify::has_channel(config, channel::sms) ||
                        notify::has_channel(config, channel::email);
    return speaks ? files::load_notices(config.texts) : app::notice_texts{{"zh", {}}};
}

// A sending that was taken up just before its gateway's deadline is over by then.
constexpr domain::seconds spare{15};

// Whoever is spoken to needs longer than any gateway.
domain::seconds longest(runtime::notify_config const& c) {
    auto const gateways = notify::channels::longest(c);
    return c.voice_by_hotline ? std::max(gateways, app::house_voice::longest) : gateways;
}

app::telling::settings settings_of(runtime::config const& c) {
    return {c.notify.callback, c.notify.duty_phone, c.installation.utc_offset,
            longest(c.notify) + spare, std::chrono::days(c.notify.keep_days)};
}

double seconds_of(domain::duration d) {
    return static_cast<double>(d.count()) / 1e6;
}

} // namespace

notice_lane::notice_lane(runtime::config const& config, app::dispatch& dispatch, app::clock& clock,
                         app::id_source& ids, boost::asio::any_io_executor loop,
                         runtime::metrics& into, std::function<void()> asked)
    : config_(config.notify), clock_(clock), texts_(texts_for(config.notify)),
      record_(postgres::open_deliveries(config.database.url,
                                        postgres::key_ring::load(config.database.key_file))),
      channels_(config.notify, loop),
      placed_(config.notify.voice_by_hotline
                  ? postgres::open_placed_calls(config.database.url,
                                                postgres::key_ring::load(config.database.key_file))
                  : nullptr),
      voice_(placed_ ? std::make_unique<app::house_voice>(
                           app::house_voice::ports{*placed_, clock, ids, std::move(asked)})
                     : nullptr),
      ways_(channels_, voice_.get()),
      telling_({*record_, dispatch, clock, ways_, ids, texts_, wire::read_notice},
               settings_of(config)),
      since_(clock.now()),
      sent_(into.gauge("linli_notices_sent", "Notices that a gateway took, since the start")),
      failed_(into.gauge("linli_notices_failed", "Notices that one channel of a person could not "
                                                 "carry, since the start")),
      waiting_(into.gauge("linli_notices_waiting", "Notices that should have gone and have not")),
      oldest_(into.gauge("linli_notices_oldest_seconds", "How long the oldest of them waits")) {}

void notice_lane::start(runtime::work_scope& tasks) {
    tasks.spawn("telling", telling_.run(), runtime::care::vital);
    tasks.spawn("telling_log", telling_.keep_log(), runtime::care::vital);
    if (voice_) tasks.spawn("house_voice", voice_->run(), runtime::care::vital);
    tasks.spawn("telling_old", telling_.forget_old());
}

void notice_lane::stop() {
    channels_.stop();
    if (placed_) placed_->stop();
    record_->stop();
}

void notice_lane::ways::carry(app::letter what, std::function<void(app::carried)> done) {
    if (by_voice(what.by)) return voice_->carry(std::move(what), std::move(done));
    gateways_.carry(std::move(what), std::move(done));
}

// Unsent notices make nobody unready: a server that is taken out of service for a dead gateway
// would be missing for the signals.
http::part notice_lane::ready() {
    auto const now = telling_.so_far().waiting;
    auto const age = now.oldest ? clock_.now() - *now.oldest : domain::duration{0};
    bool const late = age > domain::seconds(config_.unready_after_s);
    auto const waiting = std::to_string(now.count) + " waiting";
    if (!late) return {"notices", true, waiting, since_};
    auto const minutes = std::chrono::floor<domain::minutes>(age).count();
    return {"notices", true,
            "LATE: " + waiting + ", the oldest " + std::to_string(minutes) +
                " min; \"linli check\" tries the gateways",
            *now.oldest};
}

void notice_lane::look() {
    auto const now = telling_.so_far();
    sent_.set(static_cast<double>(now.sent));
    failed_.set(static_cast<double>(now.failed));
    waiting_.set(static_cast<double>(now.waiting.count));
    oldest_.set(now.waiting.oldest ? seconds_of(clock_.now() - *now.waiting.oldest) : 0);
}

} // namespace linli::server
