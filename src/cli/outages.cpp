#include "cli/outages.hpp"

#include <fmt/core.h>

#include "runtime/utc_text.hpp"

namespace linli::cli {

namespace {

std::string risk(domain::care_call const& c) {
    if (c.high_risk) return c.alone ? "高风险 独居" : "高风险";
    return c.alone ? "独居" : "";
}

std::string heading(app::outage_line const& o) {
    auto const since = runtime::utc_text(o.what.since).substr(0, 19);
    if (o.what.kind == domain::outage_kind::broker)
        return fmt::format(
            "OUTAGE 消息服务器离线 the broker is away since {}: {} devices can't be heard\n", since,
            o.what.devices);
    return fmt::format("OUTAGE 片区离线 {} since {}: {} devices went, {} are still gone\n",
                       o.what.area.value, since, o.what.devices, o.still_gone);
}

} // namespace

std::string outages_text(app::maintenance_list const& list) {
    std::string text;
    for (auto const& o : list.outages) {
        text += heading(o);
        text += fmt::format("  关怀电话 care calls, those at risk first ({} of {}):\n",
                            o.calls.size(), o.calls_in_all);
        for (auto const& each : o.calls)
            text += fmt::format("  {:<12} {:<8} {:<14} {:<18} {}\n", each.whom.resident.value,
                                each.name, each.phone, each.rough_place, risk(each.whom));
    }
    return text;
}

std::string health_text(app::maintenance_list const& list) {
    std::string counts;
    for (auto const& [what, count] : list.counts)
        counts += fmt::format("  {} {}", count, to_text(what));
    if (counts.empty() && list.outages.empty()) return {};
    return '\n' + outages_text(list) + "TO MEND" + (counts.empty() ? "  nothing" : counts) +
           "   (linli maintenance list)\n";
}

} // namespace linli::cli
