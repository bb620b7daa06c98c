#include "simulation/database_clock.hpp"

#include <algorithm>

namespace linli::simulation {

runtime::task<app::record_result<database_clock::times>> database_clock::look() {
    if (here_.record.is_away()) co_return app::record_errc::away;
    co_return times{wall(), std::max(here_.database.latest, here_.record.holds().last_line_at)};
}

runtime::task<app::record_result<domain::instant>> database_clock::store(domain::instant latest) {
    if (here_.record.is_away()) co_return app::record_errc::away;
    here_.database.latest = std::max(here_.database.latest, latest);
    co_return wall();
}

} // namespace linli::simulation
