#include "simulate/engine.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "runtime/outcome.hpp"
#include "simulate/device_fleet.hpp"
#include "simulate/dice.hpp"
#include "simulate/operators.hpp"
#include "simulate/worker_fleet.hpp"

namespace linli::simulate {

namespace {

using namespace std::chrono_literals;
using domain::signal_kind;

constexpr auto between_check_presses = 50ms;
constexpr auto most_to_wait_for_workers = 5s;
constexpr std::size_t falls_cancelled_percent = 40;

// What such a device reports, mostly.
signal_kind kind_for(button const& which, dice& chance) {
    auto const roll = chance.below(100);
    if (which.kind == "smoke") return roll < 70 ? signal_kind::smoke : signal_kind::test;
    if (which.kind == "watch") {
        if (roll < 55) return signal_kind::sos;
        if (roll < 80) return signal_kind::fall;
        return roll < 85 ? signal_kind::fall_confirmed : signal_kind::battery;
    }
    if (roll < 70) return signal_kind::sos;
    return roll < 95 ? signal_kind::help_request : signal_kind::test;
}

} // namespace

struct engine::state {
    state(city_access with, std::vector<button> all, std::vector<domain::provider_id> const& firms,
          std::vector<std::unique_ptr<desk_person>> people, day_plan today,
          std::function<void(happening const&)> to_tell)
        : access(std::move(with)), buttons(std::move(all)), plan(today),
          on_happening(std::move(to_tell)), has_desk(!people.empty()), chance(plan.seed, "presses"),
          devices(
              loop, access, {plan.boot, plan.most_devices},
              [this](auto const& event, auto stage, auto after) { receipt(event, stage, after); },
              [this](happening what) { tell(what); }),
          workers(loop, access, firms,
                  {plan.seed, plan.boot, plan.time_scale, plan.accept_percent, plan.silent_percent},
                  [this](happening what) { tell(what); }),
          desk(
              std::move(people),
              {.seed = plan.seed, .time_scale = plan.time_scale, .synthetic = plan.synthetic},
              [this](happening what) {
                  boost::asio::post(loop, [this, what = std::move(what)] { tell(what); });
              },
              [this](std::set<std::string> open) {
                  boost::asio::post(loop, [this, open = std::move(open)] { looked(open); });
              }) {}

    void tell(happening const& what) {
        ++result.counts[what.kind];
        if (on_happening) on_happening(what);
    }

    void receipt(domain::event_id const& event, domain::receipt_stage stage,
                 device_fleet::clock::duration after) {
        auto const time = std::chrono::duration_cast<std::chrono::microseconds>(after);
        switch (stage) {
        case domain::receipt_stage::stored:
            result.to_stored.push_back(time);
            break;
        case domain::receipt_stage::accepted:
            result.to_accepted.push_back(time);
            break;
        case domain::receipt_stage::arrived:
            result.to_arrived.push_back(time);
            unanswered.erase(event.value);
            if (!has_desk) end_if_answered();
            break;
        }
    }

    // Each operator's look, after which nothing of ours must be open any more.
    void looked(std::set<std::string> const& open) {
        if (std::ranges::any_of(pressed, [&](auto const& each) { return open.contains(each); }))
            return;
        end_if_answered();
    }

    void end_if_answered() {
        if (plan.presses == 0 || pressed.size() < plan.presses || !unanswered.empty()) return;
        result.all_answered = true;
        loop.stop();
    }

    // One button of a home, so that each press is an alert of its own.
    void choose_for_check() {
        std::shuffle(buttons.begin(), buttons.end(), chance.engine());
        std::set<std::string> homes;
        std::vector<button> chosen;
        for (auto const& each : buttons)
            if (each.kind != "smoke" && each.kind != "infrared" && chosen.size() < plan.presses &&
                homes.insert(each.home).second)
                chosen.push_back(each);
        if (chosen.size() < plan.presses)
            throw std::runtime_error("only " + std::to_string(chosen.size()) +
                                     " homes have a button to press");
        buttons = std::move(chosen);
    }

    // An armchair, mostly: then the wearer cancels after some seconds. Now and then too late.
    void press_for_ever(button const& which) {
        auto const kind = kind_for(which, chance);
        devices.press(which, kind);
        if (kind != signal_kind::fall || chance.below(100) >= falls_cancelled_percent) return;
        auto const cancel = std::make_shared<boost::asio::steady_timer>(loop);
        cancel->expires_after(std::chrono::seconds(3 + chance.below(30)));
        cancel->async_wait([this, which, cancel](boost::system::error_code error) {
            if (!error) devices.press(which, signal_kind::fall_cancelled);
        });
    }

    void press_for_check(button const& which) {
        auto const event = devices.press(which, signal_kind::sos);
        pressed.push_back(event.value);
        unanswered.insert(event.value);
    }

    void press_next() {
        bool const check = plan.presses > 0;
        if (ending || (check && pressed.size() == plan.presses)) return;
        timer.expires_after(check ? between_check_presses
                                  : chance.next_after(plan.presses_per_minute));
        timer.async_wait([this, check](boost::system::error_code error) {
            if (error) return;
            if (check)
                press_for_check(buttons[pressed.size()]);
            else
                press_for_ever(buttons[chance.below(buttons.size())]);
            press_next();
        });
    }

    // Offers to a provider of whom the broker has never heard go nowhere: in a city that has just
    // been founded, its telephones are switched on before anybody presses.
    void begin() {
        timer.expires_after(most_to_wait_for_workers);
        timer.async_wait(
            [this](boost::system::error_code) { press_next(); }); // also when cancelled
        workers.start([this] { timer.cancel(); });
        desk.start();
    }

    void hang_up() {
        ending = true;
        timer.cancel();
        devices.hang_up();
        workers.hang_up();
        loop.restart();
        while (devices.connected() + workers.connected() > 0)
            loop.run_one();
    }

    figures run() {
        if (plan.presses > 0) choose_for_check();
        if (buttons.empty()) throw std::runtime_error("there is nothing to press in this city");
        begin();
        auto const guard = boost::asio::make_work_guard(loop);
        auto until_stopped = [this] { loop.run(); };
        auto ended = runtime::outcome_of(until_stopped);
        desk.stop();
        hang_up();
        ended.take();
        return std::move(result);
    }

    city_access const access;
    std::vector<button> buttons;
    day_plan const plan;
    std::function<void(happening const&)> const on_happening;
    bool const has_desk;
    dice chance;
    std::vector<std::string> pressed; // events, in check
    std::set<std::string> unanswered;
    bool ending = false;
    figures result;

    // The loop before all that posts to it; the desk ends its thread before it.
    boost::asio::io_context loop{1};
    boost::asio::steady_timer timer{loop};
    device_fleet devices;
    worker_fleet workers;
    operators desk;
};

engine::engine(city_access access, std::vector<button> buttons,
               std::vector<domain::provider_id> providers,
               std::vector<std::unique_ptr<desk_person>> people, day_plan plan,
               std::function<void(happening const&)> on_happening)
    : state_(std::make_unique<state>(std::move(access), std::move(buttons), providers,
                                     std::move(people), plan, std::move(on_happening))) {}

engine::~engine() = default;

figures engine::run() {
    return state_->run();
}

void engine::stop() {
    state_->loop.stop();
}

} // namespace linli::simulate
