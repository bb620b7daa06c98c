#pragma once

#include <filesystem>
#include <functional>

#include <CLI/CLI.hpp>

namespace linli::cli {

// What every command shares: the configuration file of the installation.
struct invocation {
    std::filesystem::path config_file = "config/linli.toml";
    std::function<int()> run; // set by the command that was named
};

// Each adds its words to the command line and sets `run` when it is named.
void add_serve(CLI::App& to, invocation& with);
void add_migrate(CLI::App& to, invocation& with);
void add_import(CLI::App& to, invocation& with);
void add_devices(CLI::App& to, invocation& with);
void add_maintenance(CLI::App& to, invocation& with);
void add_outages(CLI::App& to, invocation& with);
void add_push(CLI::App& to, invocation& with);
void add_device_commands(CLI::App& desk, invocation& with);
void add_desk(CLI::App& to, invocation& with);
void add_user(CLI::App& to, invocation& with);
void add_status(CLI::App& to, invocation& with);
void add_audit(CLI::App& to, invocation& with);
void add_trace(CLI::App& to, invocation& with);
void add_notify(CLI::App& to, invocation& with);
void add_contacts(CLI::App& to, invocation& with);
void add_residents(CLI::App& to, invocation& with);
void add_keys(CLI::App& to, invocation& with);
void add_check(CLI::App& to, invocation& with);
void add_certificates(CLI::App& to, invocation& with);
void add_synthetic(CLI::App& to, invocation& with);
void add_simulate(CLI::App& to, invocation& with);
void add_demo_city(CLI::App& to, invocation& with);

} // namespace linli::cli
