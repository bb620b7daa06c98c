#pragma once

#include <chrono>

namespace linli::runtime {

// The machine's wall clock, for what needs no house clock: a migration's date, what a simulated
// device believes. Whoever decides asks app::clock; what a command writes bears the database's
// time.
std::chrono::sys_time<std::chrono::microseconds> machine_time();

} // namespace linli::runtime
