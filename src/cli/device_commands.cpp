// What a device is asked to do, and what came of it.
#include <algorithm>
#include <iostream>
#include <memory>
#include <random>
#include <stdexcept>

#include <fmt/core.h>

#include "adapters/files/device_mapping.hpp"
#include "app/id_source.hpp"
#include "cli/commands.hpp"
#include "cli/known_words.hpp"
#include "cli/session.hpp"
#include "runtime/config.hpp"
#include "runtime/utc_text.hpp"

namespace linli::cli {

namespace {

struct choices {
    std::string device;
    std::string kind;
    std::vector<std::string> values;
    std::string who;
    int limit = 50;
};

// Such a device has no topic of ours and no connection: it would wait in vain.
void refuse_mapped(std::string const& device, runtime::config const& config) {
    for (auto const& each : files::load_device_mappings(config.files.devices))
        if (device.starts_with(each.name + '.'))
            throw std::runtime_error("\"" + device + "\" speaks its maker's JSON (" + each.name +
                                     "), by which nothing can be asked of it: use the maker's own "
                                     "application");
}

domain::device_command command_of(choices const& c, domain::instant now) {
    auto const kind = domain::from_text<domain::command_kind>(c.kind);
    if (!kind)
        throw std::runtime_error("no such command: " + c.kind + "; there are " +
                                 known_words<domain::command_kind>());
    auto const fault = domain::fault_of(*kind, c.values);
    if (!fault.empty()) throw std::runtime_error(c.kind + ": " + fault);
    app::id_source ids{std::random_device{}()};
    return {{ids.next(now)}, {c.device}, *kind, c.values, {c.who}, now, now + useful_for(*kind)};
}

runtime::task<int> ask(session& s, choices c) {
    auto const what = command_of(c, s.clock().now());
    auto const asked = co_await s.commands().ask(what);
    if (!asked) throw std::runtime_error("the database is away: nothing was asked, try again");
    if (!*asked)
        throw std::runtime_error("nobody has registered a device \"" + c.device +
                                 "\": \"linli import\" does");
    std::cout << fmt::format(
        "asked: it goes as soon as the device is there, until {}; \"linli desk "
        "commands\" shows what came of it\n",
        runtime::utc_text(what.expires_at).substr(0, 19));
    co_return 0;
}

// No value: a telephone number is somebody's.
runtime::task<int> list(session& s, choices c) {
    auto const of = c.device.empty() ? std::nullopt : std::optional(domain::device_id{c.device});
    auto const all = co_await s.commands().list(of, c.limit);
    if (!all) throw std::runtime_error("the database is away");
    std::cout << fmt::format("{:<22}{:<20}{:<14}{:<12}{}\n", "ASKED", "DEVICE", "COMMAND", "STATE",
                             "BY");
    for (auto const& each : *all)
        std::cout << fmt::format("{:<22}{:<20}{:<14}{:<12}{}\n",
                                 runtime::utc_text(each.asked_at).substr(0, 19), each.device.value,
                                 to_text(each.kind), to_text(each.state), each.asked_by.value);
    if (all->empty()) std::cout << "nothing was asked of any device\n";
    co_return 0;
}

} // namespace

void add_device_commands(CLI::App& desk, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* asking = desk.add_subcommand(
        "command", "Ask a device to tell where it is, to ring, to dial; or set it");
    asking->add_option("device", c->device, "Its id")->required();
    asking->add_option("--kind", c->kind, "One of: " + known_words<domain::command_kind>())
        ->required();
    asking->add_option("--value", c->values,
                       "report_every: seconds; sos_numbers: one to three numbers; call_back: one");
    asking->add_option("--operator,-o", c->who, "Who you are")
        ->required()
        ->envname("LINLI_OPERATOR");
    asking->callback([&with, c] {
        with.run = [&with, c] {
            auto const config = runtime::load_config(with.config_file);
            refuse_mapped(c->device, config);
            session s(config);
            return s.run([&] { return ask(s, *c); });
        };
    });
    auto* listing = desk.add_subcommand("commands", "What devices were asked, the newest first");
    listing->add_option("device", c->device, "Of this one alone");
    listing->add_option("--limit", c->limit, "At most so many")->check(CLI::Range(1, 10'000));
    listing->callback([&with, c] {
        with.run = [&with, c] {
            session s(runtime::load_config(with.config_file));
            return s.run([&] { return list(s, *c); });
        };
    });
}

} // namespace linli::cli
