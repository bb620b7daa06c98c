#pragma once

#include "domain/time.hpp"

namespace linli::tests {

// When tests begin: 2026-01-01 20:00 in China.
inline constexpr domain::instant evening{domain::seconds{1'767'268'800}};

} // namespace linli::tests
