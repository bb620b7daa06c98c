#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.hpp"

namespace linli::domain {

// Whom an alert is about: the resident if the device is worn, the home if it is fixed, the worker
// if it is his, else the device itself, else the area (unknown devices of one door and source).
enum class subject_kind : std::uint8_t { resident, home, worker, device, area };

struct subject {
    subject_kind kind = subject_kind::device;
    std::string id;

    auto operator<=>(subject const&) const = default;
};

// "resident:R1"; the form that keys, logs and pages use.
std::string to_string(subject const& about);
std::optional<subject> parse_subject(std::string_view text);

} // namespace linli::domain
