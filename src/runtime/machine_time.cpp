#include "runtime/machine_time.hpp"

namespace linli::runtime {

std::chrono::sys_time<std::chrono::microseconds> machine_time() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

} // namespace linli::runtime
