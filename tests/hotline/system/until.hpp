#pragma once

#include <chrono>
#include <stdexcept>
#include <string>

#include <poll.h>

namespace linli::tests {

inline constexpr std::chrono::seconds patience{20};

// Asks again and again until the answer is yes; what another program does has no other way of
// telling. Throws when it does not become so in time.
template <class Is>
void until(std::string const& what, Is const& is_so) {
    auto const end = std::chrono::steady_clock::now() + patience;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error("did not happen: " + what);
        ::poll(nullptr, 0, 5);
    }
}

} // namespace linli::tests
