#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace linli::bench {

// A city for one measurement: each home has one resident with one watch, so that no two presses are
// one situation; every worker is certified and on duty around the clock. Homes and workers lie at
// random in a box of 11 by 18 km.
inline constexpr int homes = 24'000;
inline constexpr int workers = 1'000;
inline constexpr int providers = 20;

struct place {
    double latitude = 0;
    double longitude = 0;
};

place place_of_home(int home);
place place_of_worker(int worker);
std::string device_name(int home);     // "w00017", also in the broker's topic
std::string worker_name(int worker);   // "k0017"
std::string provider_name(int worker); // of the worker's company, "c17"

// `root` is "linli", or the floor's: both hear their presses on topics of the same length.
std::string signal_topic(std::string_view root, int home);
std::string offers_topic(std::string_view root, std::string_view provider);

// What the watch of `home` sends when its key is pressed for the `press`th time in this run.
std::string press_payload(int home, std::uint64_t press);
std::string event_name(int home, std::uint64_t press);
std::uint64_t press_of(std::string_view event); // the number in it

// All that `linli import` reads.
void write_registry(std::filesystem::path const& folder);

// The shipped plans; sos asks the best worker at once. Its clocks are so long that nothing but
// presses is due while we measure.
void write_plans(std::filesystem::path const& folder);

} // namespace linli::bench
