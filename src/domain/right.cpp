#include "domain/right.hpp"

namespace linli::domain {

namespace {

// One column a role, in the order of the enumeration; 'x': may. Whoever commands an alert sees its
// card; whoever looks after the accounts sees nobody's data; whoever counts sees nobody's
// telephone. A resident comes to his station or street to have his data erased; what can't be
// undone is confirmed by whoever answers for an area's data.
struct row {
    right what;
    std::string_view who;
};
constexpr std::size_t column_width = 3;
// clang-format off
constexpr std::array<row, names<right>::table.size()> table{{
    //                       operator
    //                       |  shift_leader
    //                       |  |  station
    //                       |  |  |  quality
    //                       |  |  |  |  city_supervisor
    //                       |  |  |  |  |  area_officer
    //                       |  |  |  |  |  |  provider_manager
    //                       |  |  |  |  |  |  |  worker
    //                       |  |  |  |  |  |  |  |  installer
    //                       |  |  |  |  |  |  |  |  |  administrator
    //                       |  |  |  |  |  |  |  |  |  |  audit_officer
    {right::see_queue,      "x  x  x  x  x  x  .  .  .  .  ."},
    {right::see_card,       "x  x  x  x  .  .  .  .  .  .  ."},
    {right::reveal,         "x  x  x  x  .  .  .  .  .  .  ."},
    {right::see_restricted, ".  x  .  .  .  .  .  .  .  .  ."},
    {right::claim,          "x  x  x  .  .  .  .  .  .  .  ."},
    {right::take_over,      ".  x  .  .  .  .  .  .  .  .  ."},
    {right::dispatch,       "x  x  x  .  .  .  .  .  .  .  ."},
    {right::follow_up,      "x  x  x  x  .  .  .  .  .  .  ."},
    {right::drill,          "x  x  x  .  .  .  .  .  .  .  ."},
    {right::install,        "x  x  x  .  .  .  .  .  x  .  ."},
    {right::see_own_offers, ".  .  .  .  .  .  x  x  .  .  ."},
    {right::reply_own,      ".  .  .  .  .  .  x  x  .  .  ."},
    {right::name_worker,    ".  .  .  .  .  .  x  .  .  .  ."},
    {right::see_evidence,   ".  x  .  x  x  .  .  .  .  .  x"},
    {right::see_registry,   ".  .  x  .  x  x  x  .  x  x  x"},
    {right::change_registry,".  .  x  .  .  x  x  .  x  x  ."},
    {right::see_plans,      ".  .  x  .  x  x  .  .  x  x  x"},
    {right::see_reports,    ".  x  .  x  x  x  .  .  .  .  x"},
    {right::see_access_log, ".  .  .  .  .  .  .  .  .  .  x"},
    {right::change_users,   ".  .  .  .  .  .  .  .  .  x  ."},
    {right::book,           "x  x  x  .  .  .  .  .  .  .  ."},
    {right::complain,       "x  x  x  x  x  x  .  .  .  .  ."},
    {right::answer_complaint,".  x  .  x  x  .  .  .  .  .  ."},
    {right::go,             ".  .  .  .  .  .  .  x  .  .  ."},
    {right::see_proofs,     "x  x  x  x  x  .  .  .  .  .  x"},
    {right::hand_out,       ".  .  x  .  .  .  .  .  .  .  x"},
    {right::ask_erasure,    ".  .  x  .  .  x  .  .  .  x  x"},
    {right::confirm_erasure,".  .  .  .  .  .  .  .  .  x  x"},
}};
// clang-format on

// may() needs the row of a right at its number, with a column for each role.
constexpr bool is_whole() {
    for (std::size_t at = 0; at < table.size(); ++at) {
        if (static_cast<std::size_t>(table[at].what) != at) return false;
        if (table[at].who.size() != column_width * (names<role>::table.size() - 1) + 1)
            return false;
    }
    return true;
}
static_assert(is_whole());

} // namespace

bool may(role who, right what) {
    auto const line = static_cast<std::size_t>(what);
    auto const column = column_width * static_cast<std::size_t>(who);
    return line < table.size() && column < table[line].who.size() && table[line].who[column] == 'x';
}

} // namespace linli::domain
