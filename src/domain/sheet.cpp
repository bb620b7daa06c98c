#include "domain/sheet.hpp"

namespace linli::domain {

namespace {

// One column a role of those who have to do with the registry: 'c' changes, 's' sees. A station and
// an area's officer look after the people of their area, an installer after its devices; how a city
// is divided and who works for it is for the administration. A provider's manager has his own
// company's rows and nobody else's, and of them the columns that the registry's form gives him.
struct row {
    sheet what;
    std::string_view who;
};
constexpr std::array<role, 7> columns{
    role::administrator,   role::station,       role::area_officer,    role::installer,
    role::city_supervisor, role::audit_officer, role::provider_manager};
constexpr std::size_t column_width = 3;
// clang-format off
constexpr std::array<row, names<sheet>::table.size()> table{{
    //                 administrator
    //                 |  station
    //                 |  |  area_officer
    //                 |  |  |  installer
    //                 |  |  |  |  city_supervisor
    //                 |  |  |  |  |  audit_officer
    //                 |  |  |  |  |  |  provider_manager
    {sheet::areas,     "c  s  s  s  s  s  ."},
    {sheet::sites,     "c  s  s  s  s  s  ."},
    {sheet::homes,     "c  c  c  s  s  s  ."},
    {sheet::residents, "c  c  c  .  s  s  ."},
    {sheet::contacts,  "c  c  c  .  s  s  ."},
    {sheet::devices,   "c  c  c  c  s  s  ."},
    {sheet::providers, "c  s  s  .  s  s  c"},
    {sheet::workers,   "c  s  s  .  s  s  c"},
    {sheet::limits,    "c  c  s  .  s  s  ."},
    {sheet::silences,  "c  c  c  .  s  s  ."},
    {sheet::zones,     "c  c  c  .  s  s  ."},
}};
// clang-format on

constexpr bool is_whole() {
    for (std::size_t at = 0; at < table.size(); ++at) {
        if (static_cast<std::size_t>(table[at].what) != at) return false;
        if (table[at].who.size() != column_width * (columns.size() - 1) + 1) return false;
    }
    return true;
}
static_assert(is_whole());

char of(role who, sheet what) {
    for (std::size_t at = 0; at < columns.size(); ++at)
        if (columns[at] == who) return table[static_cast<std::size_t>(what)].who[column_width * at];
    return '.';
}

} // namespace

bool may_see(role who, sheet what) {
    return may(who, right::see_registry) && of(who, what) != '.';
}

bool may_change(role who, sheet what) {
    return may(who, right::change_registry) && of(who, what) == 'c';
}

bool may_add(role who, sheet what) {
    return may_change(who, what) && who != role::provider_manager;
}

} // namespace linli::domain
