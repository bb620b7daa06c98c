#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "simulate/city_access.hpp"
#include "simulate/desk_person.hpp"
#include "simulate/happening.hpp"

namespace linli::simulate {

// What happens beside the presses of a check, each in a home of its own.
struct side_plan {
    std::size_t falls = 0;
    std::size_t taken_back = 0; // of the falls, by the wearer, as soon as they are stored
    std::size_t wanderers = 0;  // wristbands far from home
    std::size_t silences = 0;   // homes whose sensor has seen nobody for longer than is usual
    std::size_t refused = 0;    // of the first offers
};

struct day_plan {
    std::uint64_t seed = 1;
    std::uint64_t boot = 0; // unix seconds at the start: greater in each run
    std::size_t presses =
        0; // so many SOS from distinct homes, until all are answered; 0 = for ever
    double presses_per_minute = 12; // for ever only, of all kinds
    std::size_t most_devices = 32;  // connected at a time
    double time_scale = 1.0;        // of workers and operators; 1: a visit takes some 20 s
    unsigned accept_percent = 85;   // of the offers, by workers who are free
    unsigned silent_percent = 5;    // stay unanswered; the rest is declined
    // A call is left to whoever is at a page for so long before a simulated operator takes it.
    std::chrono::seconds operators_wait{0};
    domain::worker_id leaves{}; // answers himself, at his page
    bool synthetic = false;     // these are the house's own people, beside the real ones
    side_plan beside = {};      // of a check
};

struct figures {
    std::map<happening_kind, std::size_t> counts;
    // From the press to the receipt, as the device saw it.
    std::vector<std::chrono::microseconds> to_stored;
    std::vector<std::chrono::microseconds> to_accepted;
    std::vector<std::chrono::microseconds> to_arrived;
    bool all_answered = false; // each press: somebody at the door, alert closed, order followed up
    std::vector<domain::event_id> fell; // also those taken back
    std::vector<domain::device_id> wandered;
    std::vector<domain::device_id> silent;
};

// The people of the city, each of whom knows only what he is told: devices and workers through the
// broker, operators through the desk.
class engine {
public:
    // on_happening comes on the thread of run(). Without people at the desk nobody closes anything,
    // and a press is answered when somebody is at the door.
    engine(city_access access, std::vector<button> buttons,
           std::vector<domain::provider_id> providers,
           std::vector<std::unique_ptr<desk_person>> people, day_plan plan,
           std::function<void(happening const&)> on_happening);
    engine(engine const&) = delete;
    engine& operator=(engine const&) = delete;
    ~engine();

    // Until all is answered, or stop(). Throws std::runtime_error when there is no password for
    // somebody, or there are fewer homes with a button than presses.
    figures run();

    void stop(); // any thread

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace linli::simulate
