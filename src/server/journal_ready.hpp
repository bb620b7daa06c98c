#pragma once

#include <cstdint>

#include "adapters/http/readiness.hpp"
#include "adapters/journal/journal.hpp"
#include "domain/time.hpp"

namespace linli::server {

// Whether signals can be written down, in words. `reserve_bytes`: what is set aside for a full
// disk; `since`: when the server began.
http::part journal_ready(journal::figures const& now, std::uint64_t reserve_bytes,
                         domain::instant since);

} // namespace linli::server
