#include "system/faults/report.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/core.h>

namespace linli::tests::faults {

namespace {

outcome together(std::string_view name, std::vector<outcome> const& known) {
    outcome sum;
    sum.name = name;
    for (auto const& o : known) {
        if (o.name != name) continue;
        sum.faults += o.faults;
        sum.signals += o.signals;
        sum.once += o.once;
        sum.receipts += o.receipts;
        sum.alerts += o.alerts;
        sum.orders += o.orders;
        sum.offers += o.offers;
        sum.lost += o.lost;
        sum.doubled += o.doubled;
        sum.wrong += o.wrong;
        sum.once_lost += o.once_lost;
        sum.nobodys_s = std::max(sum.nobodys_s, o.nobodys_s);
        sum.overdue_s = std::max(sum.overdue_s, o.overdue_s);
        sum.well_s = std::max(sum.well_s, o.well_s);
        sum.lasted_s += o.lasted_s;
    }
    return sum;
}

constexpr auto head =
    "case                    faults  signals receipts   alerts   orders   offers  lost doubled "
    "wrong  once,lost  nobody's  overdue     well\n";

std::string line_of(outcome const& o, int wanted) {
    return fmt::format("{:<20}{:>10} {:>8} {:>8} {:>8} {:>8} {:>8} {:>5} {:>7} {:>5} {:>10} "
                       "{:>7.1f} s {:>6.1f} s {:>6.1f} s\n",
                       o.name, fmt::format("{}/{}", o.faults, wanted), o.signals, o.receipts,
                       o.alerts, o.orders, o.offers, o.lost, o.doubled, o.wrong,
                       fmt::format("{},{}", o.once, o.once_lost), o.nobodys_s, o.overdue_s,
                       o.well_s);
}

constexpr auto explained = R"(
signals    events that somebody pressed; receipts: of these, with ours
lost       had our receipt, or was sent until receipted, and is not in the record
doubled    two alerts, joins or orders for one event, or two who hold one order
wrong      any other promise: the log's chain and order, what providers were told, who was told
once,lost  pressed by devices that never send again; lost of these: by the broker, or unreadable
nobody's   longest from a press to its alert, which has owner and clock
overdue    longest that a clock of anything open had run out and nobody had come
well       longest from a fault's end until all had receipts, a server received and nothing was
           overdue; of kills: from a restart to ready; of two servers: from the death
)";

} // namespace

std::string report_of(std::vector<fault_case> const& cases, std::vector<outcome> const& known,
                      std::string const& refused) {
    std::string text = head;
    for (auto const& each : cases) {
        auto const sum = together(each.name, known);
        if (sum.faults == 0 && each.needs_root && !refused.empty())
            text += fmt::format("{:<20}  refused here: {}\n", each.name, refused);
        else
            text += line_of(sum, each.wanted);
    }
    text += explained;
    for (auto const& o : known)
        for (auto const& what : o.findings)
            fmt::format_to(std::back_inserter(text), "NOT SO: {} (seed {}): {}\n", o.name, o.seed,
                           what);
    return text;
}

int faults_of(std::string_view name, std::vector<outcome> const& known) {
    return together(name, known).faults;
}

bool all_clean(std::vector<outcome> const& known) {
    return std::all_of(known.begin(), known.end(), [](outcome const& o) { return o.is_clean(); });
}

} // namespace linli::tests::faults
