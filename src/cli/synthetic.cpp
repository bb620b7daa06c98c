#include "cli/synthetic.hpp"

#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/files/notice_file.hpp"
#include "adapters/notify/channels.hpp"
#include "app/id_source.hpp"
#include "cli/commands.hpp"
#include "cli/seat.hpp"
#include "cli/stop_signals.hpp"
#include "runtime/log.hpp"
#include "runtime/machine_time.hpp"
#include "runtime/outcome.hpp"
#include "simulate/engine.hpp"

namespace linli::cli {

namespace log = runtime::log;
using domain::channel;
using simulate::break_bell;
using simulate::press_stage;

namespace {

// As the person hears it who is woken by it.
std::string in_words(press_stage stuck) {
    switch (stuck) {
    case press_stage::stored:
        return "按键没有收到入库回执（stored）";
    case press_stage::claimed:
        return "告警没有到坐席（claimed）";
    case press_stage::offered:
        return "没有派单（offered）";
    case press_stage::accepted:
        return "接单没有回告（accepted）";
    case press_stage::arrived:
        return "到达没有回告（arrived）";
    case press_stage::closed:
        return "不能结案（closed）";
    case press_stage::followed_up:
        return "不能回访（followed_up）";
    }
    return "?";
}

// Of a press that got stuck before: it would take in the next one.
void put_away_the_last(simulate::desk_person& desk) {
    auto const seen = desk.look();
    if (!seen) throw std::runtime_error("the database does not answer");
    for (auto const& line : seen->alerts) {
        if (line.what.what_for != domain::purpose::synthetic) continue;
        desk.claim(line.what.id);
        desk.close(line.what.id, domain::disposition::test, "自检未完成，已清理。");
    }
}

std::vector<channel> ways_to_the_duty_telephone(runtime::notify_config const& c) {
    std::vector<channel> ways;
    for (auto const by : {channel::voice, channel::sms})
        if (!c.duty_phone.empty() && notify::has_channel(c, by)) ways.push_back(by);
    return ways;
}

// Greater at each press, so that no event comes twice.
std::uint64_t boot_now() {
    auto const now = runtime::machine_time().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::floor<std::chrono::milliseconds>(now).count());
}

} // namespace

synthetic_watch::synthetic_watch(runtime::config config, synthetic_plan plan)
    : config_(std::move(config)), plan_(std::move(plan)) {
    simulate::city_access const access{config_.mqtt.url, config_.mqtt.ca_file, plan_.secrets};
    static_cast<void>(simulate::settings_of(access, "d-" + plan_.device.value));
    static_cast<void>(simulate::settings_of(access, "p-" + plan_.provider.value));
}

void synthetic_watch::run() {
    if (ways_to_the_duty_telephone(config_.notify).empty())
        throw std::runtime_error("nobody would hear of a break: set notify.duty_phone and "
                                 "[notify.voice] or [notify.sms]");
    for (; !is_stopping(); wait_for_the_next()) {
        auto const stuck_at = press();
        if (!is_stopping()) tell(stuck_at);
    }
}

std::optional<std::string> synthetic_watch::press() {
    auto const began = std::chrono::steady_clock::now();
    simulate::own_press way;
    try {
        if (!press_once(way) && !way.stuck_at()) return "未按时完成（late）";
    } catch (std::exception const& e) {
        log::error("synthetic_press_failed", {{"why", e.what()}});
        return "坐席或数据库不可用（desk）";
    }
    auto const stuck = way.stuck_at();
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - began;
    auto const tell = stuck ? log::error : log::info;
    tell("synthetic_press",
         {{"device", plan_.device},
          {"stuck_at", stuck ? domain::to_text(*stuck) : std::string_view("nowhere")},
          {"took_s", took.count()}});
    if (!stuck) return std::nullopt;
    return in_words(*stuck);
}

// True if it came to its end in time.
bool synthetic_watch::press_once(simulate::own_press& press) {
    std::vector<std::unique_ptr<simulate::desk_person>> people;
    people.push_back(std::make_unique<seat>(config_, std::string(domain::synthetic_desk)));
    put_away_the_last(*people.front());
    simulate::engine own({config_.mqtt.url, config_.mqtt.ca_file, plan_.secrets},
                         {{plan_.device, "button_box", std::string(domain::synthetic_desk)}},
                         {plan_.provider}, std::move(people),
                         {.boot = boot_now(),
                          .presses = 1,
                          .time_scale = plan_.time_scale,
                          .accept_percent = 100,
                          .silent_percent = 0,
                          .synthetic = true},
                         [&press](simulate::happening const& what) { press.see(what); });
    bool is_over = false;
    std::thread deadline([&] {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, plan_.within, [&] { return is_over || stopping_; });
        if (!is_over) own.stop();
    });
    auto run = [&own] { return own.run(); };
    auto ended = runtime::outcome_of(run);
    {
        std::lock_guard const lock(mutex_);
        is_over = true;
    }
    changed_.notify_all();
    deadline.join();
    return ended.take().all_answered;
}

void synthetic_watch::tell(std::optional<std::string> const& stuck_at) {
    auto const what = bell_.to_say(!stuck_at);
    if (what == break_bell::word::nothing) return;
    try {
        auto const texts = files::load_notices(config_.notify.texts);
        auto const text = app::word_synthetic(texts, stuck_at, runtime::machine_time(),
                                              config_.installation.utc_offset);
        if (carry(text)) return bell_.said(what);
    } catch (std::exception const& e) {
        log::error("synthetic_words_missing", {{"why", e.what()}});
    }
    log::error("synthetic_nobody_told", {{"stuck_at", stuck_at.value_or("nowhere")},
                                         {"remedy", "linli check; it is tried again"}});
}

bool synthetic_watch::carry(std::string const& text) const {
    app::letter l;
    l.at = runtime::machine_time();
    l.key = to_string(app::id_source(std::random_device{}()).next(l.at));
    l.phone = config_.notify.duty_phone;
    l.text = text;
    l.about.event = {std::string(domain::synthetic_desk)};
    l.about.at = l.at;
    for (auto const by : ways_to_the_duty_telephone(config_.notify)) {
        l.by = by;
        auto const came = notify::carry_now(config_.notify, l);
        bool const told =
            came.how == domain::sending::accepted || came.how == domain::sending::confirmed;
        log::warning("synthetic_told",
                     {{"by", to_text(by)}, {"came", told ? std::string("sent") : came.reason}});
        if (told) return true;
    }
    return false;
}

bool synthetic_watch::is_stopping() {
    std::lock_guard const lock(mutex_);
    return stopping_;
}

void synthetic_watch::wait_for_the_next() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, plan_.every, [this] { return stopping_; });
}

void synthetic_watch::stop() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
}

namespace {

struct choices {
    synthetic_plan plan;
    int every_s = 600;
    int within_s = 300;
    bool once = false;
};

int watch(runtime::config config, choices const& c) {
    log::set_level(config.log.level);
    auto plan = c.plan;
    plan.every = std::chrono::seconds(c.every_s);
    plan.within = std::chrono::seconds(c.within_s);
    synthetic_watch own(std::move(config), std::move(plan));
    stop_signals const signals([&] { own.stop(); });
    if (!c.once) return own.run(), 0;
    auto const stuck_at = own.press();
    std::cout << (stuck_at ? "BROKEN " + *stuck_at : "whole: from the button to the follow-up")
              << '\n';
    return stuck_at ? 2 : 0;
}

} // namespace

void add_synthetic(CLI::App& to, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* command = to.add_subcommand(
        "synthetic", "Press the house's own button again and again, through broker, desk and "
                     "provider to the follow-up, and ring the duty telephone when it gets stuck");
    command->add_option("--secrets", c->plan.secrets, "Folder of \"linli devices credentials\"")
        ->required()
        ->check(CLI::ExistingDirectory);
    command->add_option("--device", c->plan.device.value, "Worn by a synthetic resident")
        ->required();
    command->add_option("--provider", c->plan.provider.value, "Of a synthetic worker")->required();
    command->add_option("--every-s", c->every_s, "Seconds between presses")
        ->check(CLI::Range(10, 86'400))
        ->capture_default_str();
    command
        ->add_option("--within-s", c->within_s,
                     "Seconds from the press to the follow-up; more than the plan of an SOS waits "
                     "before it offers")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    command->add_flag("--once", c->once, "One press; ends with 0: whole; 2: broken; tells nobody");
    command->callback([&with, c] {
        with.run = [&with, c] { return watch(runtime::load_config(with.config_file), *c); };
    });
}

} // namespace linli::cli
