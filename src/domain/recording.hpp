#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "domain/named.hpp"

namespace linli::domain {

// What there is of a call that was recorded.
enum class recording_state : std::uint8_t {
    recording, // it runs, or its pieces wait to be sealed
    sealed,
    failed, // there was nothing to be heard in it
    gone,   // its key is destroyed: kept long enough, or erased with whom it was about
};

template <>
struct names<recording_state> {
    static constexpr std::array<std::pair<recording_state, std::string_view>, 4> table{{
        {recording_state::recording, "recording"},
        {recording_state::sealed, "sealed"},
        {recording_state::failed, "failed"},
        {recording_state::gone, "gone"},
    }};
};

} // namespace linli::domain
