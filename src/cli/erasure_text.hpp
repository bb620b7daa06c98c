#pragma once

#include <string>
#include <vector>

#include "app/erasures.hpp"

namespace linli::cli {

// Why nothing was done, with what to do about it.
std::string refusal_text(domain::resident_id const& who, app::erasures::answer const& said);

// That it is asked for: what is in the way, and who must say yes.
std::string asked_text(domain::erasure_standing const& now);

// What has gone, what is left, and how long a backup may still know it.
std::string erased_text(domain::erasure const& what, std::size_t rows, int backups_days);

std::string erasures_text(std::vector<domain::erasure> const& all);

} // namespace linli::cli
