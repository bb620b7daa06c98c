#include "cli/house_now.hpp"

#include "app/house_time.hpp"
#include "runtime/machine_time.hpp"

namespace linli::cli {

domain::instant house_now(postgres::house_times const& told) {
    constexpr domain::duration no_steady_clock{0};
    app::house_time time(runtime::machine_time(), no_steady_clock);
    time.adopt(told.wall, told.latest, no_steady_clock);
    return time.now(no_steady_clock);
}

domain::instant house_now(std::string const& database_url) {
    return house_now(postgres::read_house_times(database_url));
}

} // namespace linli::cli
