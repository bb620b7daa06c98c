// What somebody should mend by day, and the outages with whom to call first.
#include <iostream>
#include <memory>
#include <stdexcept>

#include <boost/json.hpp>
#include <fmt/core.h>

#include "cli/commands.hpp"
#include "cli/known_words.hpp"
#include "cli/looks.hpp"
#include "cli/outages.hpp"
#include "cli/session.hpp"
#include "runtime/config.hpp"
#include "runtime/utc_text.hpp"

namespace linli::cli {

namespace {

namespace json = boost::json;

struct choices {
    bool as_json = false;
    int limit = 200;
    std::string device;
    std::string kind;
    std::string who;
};

json::value json_of(app::maintenance_line const& e) {
    return {{"device", e.device.value},
            {"device_kind", e.device_kind},
            {"kind", to_text(e.what)},
            {"since", runtime::utc_text(e.since)},
            {"times", e.times},
            {"area", e.area.value},
            {"rough_place", e.rough_place},
            {"resident", e.resident.value},
            {"name", e.name},
            {"phone", e.phone}};
}

std::string as_json(app::maintenance_list const& list) {
    json::object all;
    json::array outages, entries;
    json::object counts;
    for (auto const& each : list.outages)
        outages.push_back(outage_json(each));
    for (auto const& each : list.entries)
        entries.push_back(json_of(each));
    for (auto const& [what, count] : list.counts)
        counts[to_text(what)] = count;
    all["outages"] = std::move(outages);
    all["entries"] = std::move(entries);
    all["counts"] = std::move(counts);
    return json::serialize(all) + '\n';
}

std::string as_table(app::maintenance_list const& list) {
    auto text = outages_text(list);
    text += fmt::format("{:<18}{:<16}{:<22}{:<14}{:<12}{:<14}{}\n", "DEVICE", "KIND", "SINCE",
                        "AREA", "RESIDENT", "PHONE", "WHO, WHERE");
    for (auto const& e : list.entries)
        text += fmt::format("{:<18}{:<16}{:<22}{:<14}{:<12}{:<14}{} {}\n", e.device.value,
                            to_text(e.what), runtime::utc_text(e.since).substr(0, 19), e.area.value,
                            e.resident.value, e.phone, e.name, e.rough_place);
    if (list.entries.empty()) text += "nothing to mend\n";
    return text;
}

runtime::task<int> list(runtime::config const& config, session& on, choices c) {
    auto const seen = co_await on.health().list(c.limit);
    if (!seen) throw std::runtime_error("the database is away");
    co_await note_looks(config, on, *seen, c.who);
    std::cout << (c.as_json ? as_json(*seen) : as_table(*seen));
    co_return 0;
}

runtime::task<int> done(app::health_record& record, app::clock& clock, choices c) {
    auto const what = domain::from_text<domain::trouble>(c.kind);
    if (!what)
        throw std::runtime_error("no such kind: " + c.kind + "; there are " +
                                 known_words<domain::trouble>());
    app::mended const mended{{c.device}, *what, clock.now()};
    auto const closed = co_await record.mend(mended, c.who);
    if (!closed) throw std::runtime_error("the database is away: nothing was changed, try again");
    if (!*closed)
        throw std::runtime_error("no open entry \"" + c.kind + "\" of \"" + c.device +
                                 "\": \"linli maintenance list\" shows what is open");
    std::cout << "closed; it comes back if the device is not well by then\n";
    co_return 0;
}

void add_list(CLI::App& maintenance, invocation& with, std::shared_ptr<choices> const& c) {
    auto* command = maintenance.add_subcommand(
        "list", "What to mend, since when, where and whom to ask; outages with their care calls");
    command->add_flag("--json", c->as_json, "For programs");
    command->add_option("--limit", c->limit, "At most so many of each")
        ->check(CLI::Range(1, 100'000));
    command->add_option("--operator,-o", c->who, "Who you are: it is written down who saw whom")
        ->envname("LINLI_OPERATOR");
    command->callback([&with, c] {
        with.run = [&with, c] {
            auto const config = runtime::load_config(with.config_file);
            session s(config);
            return s.run([&] { return list(config, s, *c); });
        };
    });
}

void add_done(CLI::App& maintenance, invocation& with, std::shared_ptr<choices> const& c) {
    auto* command = maintenance.add_subcommand(
        "done", "Somebody has mended it; entries whose device is well again close by themselves");
    command->add_option("device", c->device, "Its id")->required();
    command->add_option("kind", c->kind, "One of: " + known_words<domain::trouble>())->required();
    command->add_option("--operator,-o", c->who, "Who you are")
        ->required()
        ->envname("LINLI_OPERATOR");
    command->callback([&with, c] {
        with.run = [&with, c] {
            session s(runtime::load_config(with.config_file));
            return s.run([&] { return done(s.health(), s.clock(), *c); });
        };
    });
}

} // namespace

void add_maintenance(CLI::App& to, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* maintenance = to.add_subcommand("maintenance", "What somebody should mend by day (P4)");
    maintenance->require_subcommand(1);
    add_list(*maintenance, with, c);
    add_done(*maintenance, with, c);
}

} // namespace linli::cli
