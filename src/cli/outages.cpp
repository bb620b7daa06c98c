#include "cli/outages.hpp"

#include <iostream>
#include <memory>
#include <stdexcept>

#include <boost/json.hpp>
#include <fmt/core.h>

#include "cli/commands.hpp"
#include "cli/looks.hpp"
#include "cli/session.hpp"
#include "runtime/config.hpp"
#include "runtime/utc_text.hpp"

namespace linli::cli {

namespace json = boost::json;

namespace {

struct choices {
    bool as_json = false;
    int limit = 200;
    std::string who;
};

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

runtime::task<int> show(runtime::config const& config, session& on, choices c) {
    auto const seen = co_await on.health().list(c.limit);
    if (!seen) throw std::runtime_error("the database is away");
    co_await note_looks(config, on, *seen, c.who);
    if (c.as_json) {
        json::array all;
        for (auto const& each : seen->outages)
            all.push_back(outage_json(each));
        std::cout << json::serialize(all) << '\n';
    } else if (seen->outages.empty())
        std::cout << "no outage\n";
    else
        std::cout << outages_text(*seen);
    co_return 0;
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

json::value outage_json(app::outage_line const& o) {
    json::array calls;
    for (auto const& each : o.calls)
        calls.push_back({{"resident", each.whom.resident.value},
                         {"home", each.whom.home.value},
                         {"device", each.whom.device.value},
                         {"high_risk", each.whom.high_risk},
                         {"alone", each.whom.alone},
                         {"since", runtime::utc_text(each.whom.since)},
                         {"rough_place", each.rough_place},
                         {"name", each.name},
                         {"phone", each.phone}});
    return {{"kind", to_text(o.what.kind)},
            {"area", o.what.area.value},
            {"since", runtime::utc_text(o.what.since)},
            {"devices", o.what.devices},
            {"still_gone", o.still_gone},
            {"calls_in_all", o.calls_in_all},
            {"calls", calls}};
}

void add_outages(CLI::App& to, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* command = to.add_subcommand(
        "outages", "What is out as a whole (broker, area), and whom to call first");
    command->add_flag("--json", c->as_json, "For programs");
    command->add_option("--limit", c->limit, "At most so many calls of each")
        ->check(CLI::Range(1, 100'000));
    command->add_option("--operator,-o", c->who, "Who you are: it is written down who saw whom")
        ->envname("LINLI_OPERATOR");
    command->callback([&with, c] {
        with.run = [&with, c] {
            auto const config = runtime::load_config(with.config_file);
            session s(config);
            return s.run([&] { return show(config, s, *c); });
        };
    });
}

} // namespace linli::cli
