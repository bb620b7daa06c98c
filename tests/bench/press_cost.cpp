// What one press costs our own code: decoded, decided, encoded, with the twin in memory for a
// record. Started by tests/bench/press_cost, which has the instructions between the two toggles
// counted by callgrind; allocations are counted here.
#include <cstdlib>
#include <iostream>
#include <new>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "adapters/wire/encoding.hpp"
#include "adapters/wire/signal_reading.hpp"
#include "app/bench_top.hpp"
#include "linli/v1/signal.pb.h"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_TOGGLE_COLLECT
#endif

namespace {

std::size_t allocations = 0;
std::size_t allocated = 0;

void* count(std::size_t size) {
    ++allocations;
    allocated += size;
    if (auto* const given = std::malloc(size)) return given;
    throw std::bad_alloc();
}

} // namespace

void* operator new(std::size_t size) {
    return count(size);
}
void operator delete(void* what) noexcept {
    std::free(what);
}
void operator delete(void* what, std::size_t) noexcept {
    std::free(what);
}

namespace linli::tests {

namespace {

constexpr int workers = 100;

// Everybody lives alone, so that no two presses are one situation.
city quarter(int residents) {
    auto town = a_city().with_station("s1");
    for (int n = 0; n < residents; ++n)
        town.with(resident("r" + std::to_string(n))
                             .at_home("h" + std::to_string(n))
                             .wears("w" + std::to_string(n))
                             .named("Wang Xiulan"));
    for (int n = 0; n < workers; ++n)
        town.with(worker("k" + std::to_string(n))
                             .of("p" + std::to_string(n % 10))
                             .certified("first_aid")
                             .at(north_of(usual_place, 100.0 * n)));
    return town;
}

std::string pressed() {
    v1::Signal message;
    message.mutable_event()->set_boot(1);
    message.mutable_event()->set_sequence(1);
    message.set_kind(v1::SIGNAL_KIND_SOS);
    message.set_battery_percent(80);
    return message.SerializeAsString();
}

std::size_t press(bench_top& house, int resident, std::string const& payload) {
    domain::device_id const device{"w" + std::to_string(resident)};
    auto signal = wire::read_signal(device, payload, {}, "mqtt", house.clock.now());
    std::vector<app::input> batch;
    batch.emplace_back(std::move(signal));
    house.takes(std::move(batch));
    std::size_t bytes = 0;
    for (auto const& each : house.offers_told)
        bytes += wire::encode(each).size();
    house.offers_told.clear();
    house.committed.clear();
    return bytes;
}

int measure(int presses) {
    constexpr int warm_up = 50; // what is made once
    bench_top house(quarter(presses + warm_up));
    auto const payload = pressed();
    for (int n = 0; n < warm_up; ++n)
        press(house, n, payload);
    allocations = allocated = 0;
    std::size_t bytes = 0;
    CALLGRIND_TOGGLE_COLLECT;
    for (int n = warm_up; n < warm_up + presses; ++n)
        bytes += press(house, n, payload);
    CALLGRIND_TOGGLE_COLLECT;
    auto const made = allocations;
    auto const of_bytes = allocated;
    auto const pressed_in_all = static_cast<std::size_t>(presses + warm_up);
    if (house.record.holds().alerts.size() != pressed_in_all || bytes == 0) {
        std::cerr << "not every press became an alert with an offer\n";
        return 1;
    }
    fmt::print("presses {}\nallocations {}\nbytes {}\n", presses, made, of_bytes);
    return 0;
}

} // namespace

} // namespace linli::tests

int main(int argc, char** argv) {
    int presses = 500;
    CLI::App app{"What a press costs our own code"};
    app.add_option("--presses", presses)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return linli::tests::measure(presses);
}
