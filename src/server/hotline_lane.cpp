#include "server/hotline_lane.hpp"

#include <utility>

#include "adapters/hotline_link/engine_link.hpp"
#include "adapters/postgres/call_record.hpp"
#include "adapters/postgres/offer_call_record.hpp"
#include "adapters/postgres/placed_call_record.hpp"
#include "adapters/postgres/wait_check_record.hpp"
#include "adapters/speech/espeak.hpp"
#include "app/call_placer.hpp"
#include "app/lines_by_our_clock.hpp"
#include "app/offer_calls.hpp"
#include "app/wait_checks.hpp"
#include "runtime/log.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

constexpr std::chrono::seconds ask_every{1};

app::calls::areas areas_of(runtime::config const& c) {
    return [lines = c.hotline.lines, whole = c.installation.area](std::string const& called) {
        auto const found = lines.find(called);
        return domain::area_id{found == lines.end() ? whole : found->second};
    };
}

app::hotline::settings settings_of(runtime::hotline_config const& c) {
    return {.domain = c.domain, .trunk = c.trunk_domain, .browsers = c.browsers};
}

app::call_placer::settings placing_of(runtime::config const& c) {
    return {.domain = c.hotline.domain,
            .trunk = c.hotline.trunk_domain,
            .browsers = c.hotline.browsers,
            .keep_for = std::chrono::days(c.notify.keep_days)};
}

// What the lines tell is for the callers' conductor and for whoever begins calls.
class both final : public app::hotline_listener {
public:
    both(app::hotline_listener& conductor, app::call_placer& placer)
        : conductor_(conductor), placer_(placer) {}

    void lines_came(std::string const& run) override { conductor_.lines_came(run); }
    void lines_clock(domain::instant theirs) override { conductor_.lines_clock(theirs); }
    void line_happened(app::line_event const& what) override { conductor_.line_happened(what); }
    void line_was(app::line_over const& what) override { conductor_.line_was(what); }
    void placed_was(app::placed_over const& what) override { placer_.placed_was(what); }
    void placed_happened(app::placed_news const& what) override { placer_.placed_happened(what); }
    void lines_stand(app::lines_snapshot const& what) override {
        conductor_.lines_stand(what);
        placer_.lines_stand(what);
    }
    void lines_answered(std::string const& command, app::line_refusal why) override {
        conductor_.lines_answered(command, why);
        placer_.lines_answered(command, why);
    }
    void lines_went() override {
        conductor_.lines_went();
        placer_.lines_went();
    }

private:
    app::hotline_listener& conductor_;
    app::call_placer& placer_;
};

// Nothing: they go alike.
std::string clock_in_words(domain::duration behind) {
    auto const s = std::chrono::duration_cast<domain::seconds>(behind).count();
    if (s == 0) return {};
    return "; its clock is " + std::to_string(s < 0 ? -s : s) + " s " +
           (s < 0 ? "ahead of" : "behind") + " ours: set it, then start linli-hotline anew";
}

double figure(auto count) {
    return static_cast<double>(count);
}

} // namespace

struct hotline_lane::parts {
    parts(runtime::config const& config, std::string server_id, house with)
        : in(std::move(with)), by(config.hotline), placing(placing_of(config)),
          lock(config.database.url, std::move(server_id), postgres::ingest_lock::of_hotline),
          kept(postgres::open_hotline(config.database.url,
                                      postgres::key_ring::load(config.database.key_file))),
          calls_kept(postgres::open_calls(config.database.url,
                                          postgres::key_ring::load(config.database.key_file))),
          calls(*calls_kept, in.dispatch, in.clock, in.ids, areas_of(config)),
          placed_kept(postgres::open_placed_calls(
              config.database.url, postgres::key_ring::load(config.database.key_file))),
          offers_kept(
              config.notify.voice_by_hotline
                  ? postgres::open_offer_calls(config.database.url,
                                               postgres::key_ring::load(config.database.key_file))
                  : nullptr),
          callback(config.notify.callback),
          checks_kept(postgres::open_wait_checks(
              config.database.url, postgres::key_ring::load(config.database.key_file))),
          speech({.program = by.speaks_with, .folder = by.spoken}), bell(in.loop),
          since(in.clock.now()), hints(config.database.url, in.loop, [this] { hinted(); }),
          waiting(in.metrics.gauge("linli_hotline_waiting", "Callers who wait for an operator")),
          talking(in.metrics.gauge("linli_hotline_talking", "Callers who speak with somebody")),
          came(
              in.metrics.gauge("linli_hotline_calls", "Calls since this server holds the hotline")),
          answered(in.metrics.gauge("linli_hotline_answered", "Of them, answered by a person")),
          in_time(in.metrics.gauge("linli_hotline_answered_in_time",
                                   "Of them, answered within 15 seconds")),
          abandoned(in.metrics.gauge("linli_hotline_abandoned",
                                     "Of them, over before anybody had answered")),
          unwritten(in.metrics.gauge("linli_hotline_unwritten",
                                     "What has happened and is not in the record yet")) {}

    void hinted();
    runtime::task<void> run();
    runtime::task<void> heed(postgres::ingest_lock::answer const& said);
    void take_over();
    runtime::task<void> hold(holding& of);
    runtime::task<void> lay_down();
    void becomes(char const* words);

    house in;
    runtime::hotline_config by;
    app::call_placer::settings placing;
    postgres::ingest_lock lock;
    std::unique_ptr<postgres::hotline_database> kept;
    std::unique_ptr<postgres::call_database> calls_kept;
    app::calls calls;
    std::unique_ptr<postgres::placed_call_database> placed_kept;
    std::unique_ptr<postgres::offer_call_database> offers_kept; // null: the house speaks to nobody
    std::string callback;
    std::unique_ptr<postgres::wait_check_database> checks_kept;
    speech::espeak speech;
    boost::asio::steady_timer bell;
    std::unique_ptr<holding> held; // null: another server has it
    bool stopping = false;
    std::string in_words = "asks the database which server holds it";
    domain::instant since;
    postgres::commit_hints hints;
    runtime::gauge waiting, talking, came, answered, in_time, abandoned, unwritten;
};

// While this server holds the hotline: gone as a whole, so nothing of one time is believed in the
// next.
struct hotline_lane::holding {
    static std::unique_ptr<app::offer_calls> offers_of(parts& of, app::call_placer& placer) {
        if (!of.offers_kept) return nullptr;
        app::offer_calls::settings how;
        how.callback = of.callback;
        return std::make_unique<app::offer_calls>(
            app::offer_calls::ports{*of.offers_kept, *of.placed_kept, placer, of.in.dispatch,
                                    of.in.clock, of.in.ids, of.in.texts},
            std::move(how));
    }

    explicit holding(parts& of)
        : link(of.in.loop, {.socket = of.by.socket}),
          conductor({*of.kept, of.calls, link, of.in.clock, of.in.ids,
                     [&of](domain::call_id const& call) {
                         of.in.changed(call);
                         of.hints.committed();
                     }},
                    settings_of(of.by)),
          placer({.keeper = *of.placed_kept,
                  .lines = link,
                  .speech = of.speech,
                  .time = of.in.clock,
                  .dials = [this](auto const& who) { conductor.dials(who); },
                  .has_dialled = [this](auto const& who,
                                        bool talked) { conductor.has_dialled(who, talked); },
                  .pressed =
                      [this](auto const& call, char key) {
                          if (offers) offers->pressed(call, key);
                      }},
                 of.placing),
          offers(offers_of(of, placer)), checks(*of.checks_kept, of.in.clock),
          by_our_clock(conductor, of.in.clock), ears(by_our_clock, placer),
          tasks(of.in.loop, [this](auto, auto) { is_broken = true; }) {}

    hotline_link::engine_link link;
    app::hotline conductor;
    app::call_placer placer;
    std::unique_ptr<app::offer_calls> offers; // null: the house speaks to nobody
    app::wait_checks checks;
    app::lines_by_our_clock by_our_clock;
    both ears;
    bool is_broken = false; // a part of it has ended by itself, and is in the log
    runtime::work_scope tasks;
};

void hotline_lane::parts::hinted() {
    if (held) held->conductor.look();
}

runtime::task<void> hotline_lane::parts::run() {
    for (;;) {
        if (!stopping) {
            auto const said = co_await lock.ask(postgres::ingest_lock::wish::take);
            co_await heed(said);
        }
        bell.expires_after(ask_every);
        auto const rung = co_await bell.async_wait(runtime::use_task_tuple);
        static_cast<void>(rung); // or cancelled
    }
}

// Without a word of the database nothing changes.
runtime::task<void> hotline_lane::parts::heed(postgres::ingest_lock::answer const& said) {
    using word = postgres::ingest_lock::word;
    if (stopping) co_return;
    bool const is_to_end = held && (said.says == word::anothers || held->is_broken);
    if (is_to_end) co_await lay_down();
    if (said.says == word::ours && !held) take_over();
    if (said.says == word::anothers) becomes("another server holds it");
    if (said.says == word::not_known && !held) becomes("waits for the database");
}

void hotline_lane::parts::take_over() {
    becomes("held");
    log::info("hotline_held", {{"socket", by.socket}});
    held = std::make_unique<holding>(*this);
    held->tasks.spawn("hotline_hold", hold(*held), runtime::care::vital);
}

// Ends when the lines can't be heard any more, and then all of it is begun anew: with a link that
// writes and doesn't hear, the engine would believe that it has a server.
runtime::task<void> hotline_lane::parts::hold(holding& of) {
    co_await of.conductor.begin();
    of.conductor.start(of.tasks);
    of.placer.start(of.tasks);
    if (of.offers) of.offers->start(of.tasks);
    of.tasks.spawn("hotline_checks", of.checks.run(), runtime::care::vital);
    co_await of.link.run(of.ears);
}

runtime::task<void> hotline_lane::parts::lay_down() {
    auto const mine = std::exchange(held, nullptr);
    co_await mine->link.stop();
    co_await mine->tasks.stop();
    log::info("hotline_laid_down");
}

void hotline_lane::parts::becomes(char const* words) {
    if (in_words == words) return;
    in_words = words;
    since = in.clock.now();
}

hotline_lane::hotline_lane(runtime::config const& config, std::string server_id, house with) {
    if (config.hotline.socket.empty()) return;
    parts_ = std::make_unique<parts>(config, std::move(server_id), std::move(with));
}

hotline_lane::~hotline_lane() = default;

void hotline_lane::start(runtime::work_scope& tasks) {
    if (parts_) tasks.spawn("hotline", parts_->run(), runtime::care::vital);
}

// What isn't written yet is told anew to whoever holds the hotline next.
runtime::task<void> hotline_lane::stop() {
    if (!parts_) co_return;
    parts_->stopping = true;
    if (parts_->held) co_await parts_->lay_down();
    co_await parts_->lock.give_back();
    parts_->kept->stop();
    parts_->calls_kept->stop();
    parts_->placed_kept->stop();
    if (parts_->offers_kept) parts_->offers_kept->stop();
    parts_->checks_kept->stop();
    parts_->speech.stop();
}

std::optional<http::part> hotline_lane::ready() const {
    if (!parts_) return std::nullopt;
    auto words = parts_->in_words;
    if (parts_->held) {
        auto const now = parts_->held->conductor.so_far();
        words = now.has_lines
                    ? std::to_string(now.waiting) + " waiting, " + std::to_string(now.talking) +
                          " talking" + clock_in_words(parts_->held->by_our_clock.behind())
                    : "AWAY: the engine can't be reached, it rings its duty telephones: "
                      "start linli-hotline";
    }
    return http::part{"hotline", true, std::move(words), parts_->since};
}

bool hotline_lane::holds() const {
    return parts_ && parts_->held;
}

void hotline_lane::look_at_wishes() {
    if (parts_ && parts_->held) parts_->held->placer.look();
}

void hotline_lane::look() {
    if (!parts_) return;
    auto const now = parts_->held ? parts_->held->conductor.so_far() : app::hotline::figures();
    parts_->waiting.set(figure(now.waiting));
    parts_->talking.set(figure(now.talking));
    parts_->came.set(figure(now.came));
    parts_->answered.set(figure(now.answered));
    parts_->in_time.set(figure(now.answered_in_time));
    parts_->abandoned.set(figure(now.abandoned));
    parts_->unwritten.set(figure(now.unwritten));
}

} // namespace linli::server
