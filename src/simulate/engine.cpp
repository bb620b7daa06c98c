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

#include "runtime/machine_time.hpp"
#include "runtime/outcome.hpp"
#include "simulate/device_fleet.hpp"
#include "simulate/dice.hpp"
#include "simulate/measurements.hpp"
#include "simulate/operators.hpp"
#include "simulate/worker_fleet.hpp"

namespace linli::simulate {

namespace {

using namespace std::chrono_literals;
using domain::signal_kind;

constexpr auto between_check_presses = 50ms;
constexpr auto most_to_wait_for_workers = 5s;
constexpr std::size_t falls_cancelled_percent = 40;
constexpr std::size_t wanders_percent = 30;
constexpr domain::minutes longer_than_usual{31}; // where deploy/run says that 30 minutes are usual

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
                  {.seed = plan.seed,
                   .boot = plan.boot,
                   .time_scale = plan.time_scale,
                   .accept_percent = plan.accept_percent,
                   .silent_percent = plan.silent_percent,
                   .refuse_first = plan.beside.refused,
                   .leaves = plan.leaves},
                  [this](happening what) { tell(what); }),
          desk(
              std::move(people),
              {.seed = plan.seed,
               .time_scale = plan.time_scale,
               .wait = plan.operators_wait,
               .synthetic = plan.synthetic},
              [this](happening what) {
                  boost::asio::post(loop, [this, what = std::move(what)] { tell(what); });
              },
              [this](std::set<std::string> open) {
                  boost::asio::post(loop, [this, open = std::move(open)] { looked(open); });
              }) {}

    void tell(happening const& what) {
        ++result.counts[what.kind];
        if (plan.presses > 0 && what.kind == happening_kind::closed) closed.insert(what.about);
        if (on_happening) on_happening(what);
    }

    void receipt(domain::event_id const& event, domain::receipt_stage stage,
                 device_fleet::clock::duration after) {
        auto const time = std::chrono::duration_cast<std::chrono::microseconds>(after);
        switch (stage) {
        case domain::receipt_stage::stored:
            result.to_stored.push_back(time);
            take_back(event);
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
        if (std::ranges::none_of(pressed, [&](auto const& each) { return open.contains(each); }))
            end_if_answered();
    }

    void end_if_answered() {
        if (ending || plan.presses == 0) return;
        if (pressed.size() < to_be_pressed() || !unanswered.empty()) return;
        if (has_desk && closed.size() < alerts_to_be_closed()) return;
        result.all_answered = true;
        loop.stop();
    }

    // Those that bring somebody to the door.
    std::size_t to_be_pressed() const {
        return plan.presses + plan.beside.falls - plan.beside.taken_back;
    }
    std::size_t alerts_to_be_closed() const {
        return to_be_pressed() + plan.beside.wanderers + plan.beside.silences;
    }

    // One device of a home, so that each press is an alert of its own.
    std::vector<button> choose(std::size_t count, std::set<std::string> const& kinds) {
        std::vector<button> chosen;
        for (auto const& each : buttons)
            if (kinds.contains(each.kind) && chosen.size() < count && used.insert(each.home).second)
                chosen.push_back(each);
        if (chosen.size() == count) return chosen;
        throw std::runtime_error("only " + std::to_string(chosen.size()) + " homes have a " +
                                 *kinds.begin() + " for the check, and " + std::to_string(count) +
                                 " are needed");
    }

    // The rarest kinds first.
    void choose_for_check() {
        std::shuffle(buttons.begin(), buttons.end(), chance.engine());
        wanderers = choose(plan.beside.wanderers, {"band"});
        silent_homes = choose(plan.beside.silences, {"infrared"});
        fallers = choose(plan.beside.falls, {"watch"});
        buttons = choose(plan.presses, {"button_box", "watch", "band"});
    }

    void begin_beside() {
        for (std::size_t n = 0; n < fallers.size(); ++n) {
            auto const event = devices.press(fallers[n], signal_kind::fall);
            result.fell.push_back(event);
            if (n < plan.beside.taken_back)
                to_take_back.emplace(event.value, fallers[n]);
            else
                await(event);
        }
        for (auto const& each : wanderers) {
            wander(each);
            result.wandered.push_back(each.device);
        }
        for (auto const& each : silent_homes) {
            fall_silent(each);
            result.silent.push_back(each.device);
        }
    }

    void await(domain::event_id const& event) {
        pressed.push_back(event.value);
        unanswered.insert(event.value);
    }

    void take_back(domain::event_id const& event) {
        auto const found = to_take_back.extract(event.value);
        if (found.empty()) return;
        boost::asio::post(loop, [this, which = found.mapped()] {
            devices.press(which, signal_kind::fall_cancelled);
        });
    }

    void wander(button const& band) {
        devices.measure(band, outside_for_minutes(runtime::machine_time()));
    }

    void fall_silent(button const& sensor) {
        devices.measure(sensor, silent_since(runtime::machine_time() - longer_than_usual));
    }

    // An armchair, mostly: then the wearer cancels after some seconds. Now and then too late.
    void press_for_ever(button const& which) {
        if (which.kind == "infrared") return fall_silent(which);
        if (which.kind == "band" && chance.below(100) < wanders_percent) return wander(which);
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
        await(devices.press(which, signal_kind::sos));
        ++presses;
    }

    void press_next() {
        bool const check = plan.presses > 0;
        if (ending || (check && presses == plan.presses)) return;
        timer.expires_after(check ? between_check_presses
                                  : chance.next_after(plan.presses_per_minute));
        timer.async_wait([this, check](boost::system::error_code error) {
            if (error) return;
            if (check)
                press_for_check(buttons[presses]);
            else
                press_for_ever(buttons[chance.below(buttons.size())]);
            press_next();
        });
    }

    // Offers to a provider of whom the broker has never heard go nowhere: in a city that has just
    // been founded, its telephones are switched on before anybody presses.
    void begin() {
        timer.expires_after(most_to_wait_for_workers);
        timer.async_wait([this](boost::system::error_code) { // also when cancelled
            begin_beside();
            press_next();
        });
        workers.start([this] { timer.cancel(); });
        desk.start();
    }

    void hang_up() {
        ending = true;
        timer.cancel();
        devices.hang_up();
        workers.hang_up();
        while (devices.connected() + workers.connected() > 0) {
            if (loop.stopped()) loop.restart(); // stop() may come once more at any time
            loop.run_one();
        }
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
    std::size_t presses = 0;          // made, in check
    std::vector<std::string> pressed; // events, in check
    std::set<std::string> unanswered;
    std::set<std::string> closed; // alerts
    std::set<std::string> used;   // homes
    std::vector<button> fallers, wanderers, silent_homes;
    std::map<std::string, button> to_take_back; // by the fall's event
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
