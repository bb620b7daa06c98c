#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <stdexcept>

#include <fmt/core.h>

#include "adapters/postgres/press_proof.hpp"
#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "cli/seat.hpp"
#include "cli/stop_signals.hpp"
#include "runtime/config.hpp"
#include "runtime/log.hpp"
#include "runtime/machine_time.hpp"
#include "simulate/engine.hpp"

namespace linli::cli {

namespace {

struct choices {
    std::filesystem::path secrets;
    std::filesystem::path city;
    simulate::day_plan plan;
    bool check = false;
    int operators = 2;
    int operators_wait = 0;
};

// Remembers who pressed, and says how far they have come.
struct witness {
    using happened = simulate::happening_kind;

    bool check;
    std::size_t presses;
    std::size_t followed_up = 0;
    std::vector<domain::event_id> pressed = {};

    void see(simulate::happening const& h) {
        if (h.kind == happened::pressed && h.note == "sos") pressed.push_back({h.about});
        if (h.kind == happened::followed_up) ++followed_up;
        bool const is_wrong = h.kind == happened::trouble || h.kind == happened::lost;
        if (check && !is_wrong)
            return show_progress("answered", std::min(followed_up, presses), presses);
        auto const tell = is_wrong ? runtime::log::warning : runtime::log::info;
        tell(domain::to_text(h.kind), {{"who", h.who}, {"about", h.about}, {"note", h.note}});
    }
};

std::string percentiles(std::vector<std::chrono::microseconds> times) {
    if (times.empty()) return "none";
    std::sort(times.begin(), times.end());
    auto const at = [&](double part) {
        auto const i = static_cast<std::size_t>(part * static_cast<double>(times.size() - 1));
        return static_cast<double>(times[i].count()) / 1000;
    };
    return fmt::format("p50 {:.1f} ms, p95 {:.1f} ms", at(0.5), at(0.95));
}

// The rest of an emergency's way, in a city that knows it: too few of anything is a failure.
constexpr simulate::side_plan in_a_check{
    .falls = 4, .taken_back = 2, .wanderers = 3, .silences = 1, .refused = 1};

bool prove_beside(runtime::config const& config, simulate::figures const& figures) {
    auto const& planned = in_a_check;
    auto const proof = postgres::prove_beside(config.database.url,
                                              {figures.fell, figures.wandered, figures.silent});
    std::cout << fmt::format(
        "beside them {} falls: {} answered at the door, {} taken back in the countdown; {} of {} "
        "wanderers and {} of {} silent homes seen to; {} offers refused; {} alerts rang past a "
        "desk with nobody on duty\n",
        figures.fell.size(), proof.falls_answered, proof.falls_taken_back, proof.wanderers,
        planned.wanderers, proof.silences, planned.silences, proof.refused, proof.rungs_empty);
    return proof.falls_answered == planned.falls - planned.taken_back &&
           proof.falls_taken_back == planned.taken_back && proof.wanderers == planned.wanderers &&
           proof.silences == planned.silences && proof.refused >= planned.refused &&
           proof.rungs_empty > 0;
}

int prove(runtime::config const& config, witness const& seen, simulate::figures const& figures,
          std::chrono::steady_clock::duration took) {
    auto const proof = postgres::prove_presses(config.database.url, seen.pressed);
    auto const silence = figures.counts.find(simulate::happening_kind::kept_silent);
    auto const silent = silence == figures.counts.end() ? 0 : silence->second;
    std::cout << fmt::format(
        "{} presses by distinct residents: {} alerts, {} orders, {} answered to the end, lost {}, "
        "doubled {}; {} offers left unanswered; press to receipt {}; {:.1f} s in all\n",
        proof.presses, proof.alerts, proof.orders, proof.answered, proof.lost, proof.doubled,
        silent, percentiles(figures.to_stored), std::chrono::duration<double>(took).count());
    bool const beside = prove_beside(config, figures);
    bool const whole = proof.holds() && figures.all_answered && proof.presses == seen.presses;
    return whole && beside ? 0 : 1;
}

int simulate_city(runtime::config const& config, choices c) {
    c.plan.boot = static_cast<std::uint64_t>(
        std::chrono::duration_cast<domain::seconds>(runtime::machine_time().time_since_epoch())
            .count());
    if (c.check) c.plan.beside = in_a_check;
    c.plan.operators_wait = std::chrono::seconds(c.operators_wait);
    simulate::city_access access{config.mqtt.url, config.mqtt.ca_file, c.secrets};
    std::vector<std::unique_ptr<simulate::desk_person>> people;
    for (int n = 1; n <= c.operators; ++n)
        people.push_back(std::make_unique<seat>(config, "op" + std::to_string(n)));
    auto const providers = simulate::providers_in(access);
    witness seen{c.check, c.plan.presses};
    auto const began = std::chrono::steady_clock::now();
    simulate::engine city(std::move(access), simulate::read_buttons(c.city), providers,
                          std::move(people), c.plan,
                          [&](simulate::happening const& h) { seen.see(h); });

    auto const figures = [&city] {
        stop_signals const signals([&city] { city.stop(); });
        return city.run();
    }();
    auto const took = std::chrono::steady_clock::now() - began;
    return c.check ? prove(config, seen, figures, took) : 0;
}

} // namespace

void add_simulate(CLI::App& to, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* command = to.add_subcommand(
        "simulate",
        "The people of a demo city: residents press, operators claim and close, workers "
        "go; through the real broker, each with his own credential");
    command->add_option("--secrets", c->secrets, "Folder of \"linli devices credentials\"")
        ->required()
        ->check(CLI::ExistingDirectory);
    command->add_option("--city", c->city, "Folder of the CSV files that were imported")
        ->required()
        ->check(CLI::ExistingDirectory);
    command->add_option("--seed", c->plan.seed, "The same seed, the same people")
        ->capture_default_str();
    command
        ->add_option("--presses", c->plan.presses,
                     "So many SOS by distinct residents, until each is answered; 0: for ever")
        ->capture_default_str();
    command->add_option("--per-minute", c->plan.presses_per_minute, "Presses a minute, for ever")
        ->capture_default_str();
    command
        ->add_option("--time-scale", c->plan.time_scale,
                     "Of workers and operators; 1: a visit takes some 20 s")
        ->capture_default_str();
    command->add_option("--operators", c->operators, "At the desk")->capture_default_str();
    command
        ->add_option("--operators-wait", c->operators_wait,
                     "Seconds for which a call is left to whoever is at the console")
        ->capture_default_str();
    command->add_option("--leave-worker", c->plan.leaves.value,
                        "He is not simulated: somebody answers for him at his page");
    command->add_flag("--check", c->check,
                      "With falls, wanderers, silent homes and a refused offer beside the presses; "
                      "verify all in the database at the end; exit code 1 if any press was lost, "
                      "doubled or not answered, or if anything of the rest is missing");
    command->callback([&with, c] {
        with.run = [&with, c] {
            if (c->check && c->plan.presses == 0)
                throw std::runtime_error("--check needs --presses: how many?");
            return simulate_city(runtime::load_config(with.config_file), *c);
        };
    });
}

} // namespace linli::cli
