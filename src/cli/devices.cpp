#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "adapters/files/device_mapping.hpp"
#include "adapters/mapped/device_book.hpp"
#include "adapters/mqtt/credentials.hpp"
#include "adapters/postgres/registry_import.hpp"
#include "cli/commands.hpp"
#include "cli/progress.hpp"
#include "runtime/config.hpp"

namespace linli::cli {

namespace {

namespace fs = std::filesystem;

// A maker's devices come by its one user: "imede.8650…" needs none of its own.
bool is_mapped(domain::device_id const& device,
               std::vector<files::device_mapping> const& mappings) {
    return std::any_of(mappings.begin(), mappings.end(),
                       [&](auto const& each) { return device.value.starts_with(each.name + '.'); });
}

std::vector<std::string> users_of(runtime::config const& config) {
    auto const senders = postgres::read_senders(config.database.url);
    auto const mappings = files::load_device_mappings(config.files.devices);
    std::vector<std::string> users{config.mqtt.user};
    for (auto const& device : senders.devices)
        if (!is_mapped(device, mappings)) users.push_back(mqtt::broker_user(device));
    for (auto const& mapping : mappings)
        if (mapped::comes_by_broker(mapping)) users.push_back(mapped::broker_user(mapping));
    for (auto const& provider : senders.providers)
        users.push_back(mqtt::broker_user(provider));
    return users;
}

// The server reads its own password from the place that its configuration names.
void copy_private(fs::path const& from, fs::path const& to) {
    fs::create_directories(to.parent_path());
    fs::copy_file(from, to);
    fs::permissions(to, fs::perms::owner_read | fs::perms::owner_write);
}

int credentials(runtime::config const& config, mqtt::credential_files const& files) {
    auto const users = users_of(config);
    auto const own_secret = files.secrets_folder / config.mqtt.user;
    if (fs::exists(config.mqtt.password_file) && !fs::exists(own_secret)) {
        fs::create_directories(files.secrets_folder);
        fs::permissions(files.secrets_folder, fs::perms::owner_all);
        copy_private(config.mqtt.password_file, own_secret);
    }
    auto const counts =
        mqtt::write_credentials(files, users, [](std::size_t done, std::size_t total) {
            show_progress("passwords", done, total);
        });
    if (!fs::exists(config.mqtt.password_file)) copy_private(own_secret, config.mqtt.password_file);
    std::cout << counts.made << " users got a password, " << counts.kept << " keep theirs, "
              << counts.removed << " went. Tell the broker to read " << files.password_file.string()
              << " again (SIGHUP). The passwords for the devices lie in "
              << files.secrets_folder.string() << ".\n";
    return 0;
}

int print_rules(runtime::config const& config) {
    std::cout << mapped::acl_lines(files::load_device_mappings(config.files.devices),
                                   config.mqtt.user);
    return 0;
}

} // namespace

void add_devices(CLI::App& to, invocation& with) {
    auto const files = std::make_shared<mqtt::credential_files>();
    auto* devices = to.add_subcommand("devices", "The devices' way into the broker");
    devices->require_subcommand(1);
    auto* command = devices->add_subcommand(
        "credentials",
        "Give the server, every device, provider and mapped maker a user at the broker");
    command->add_option("--password-file", files->password_file, "mosquitto's password_file")
        ->required();
    command
        ->add_option("--secrets", files->secrets_folder,
                     "Folder for the passwords in clear, one file a user, for whoever installs")
        ->required();
    command->callback([&with, files] {
        with.run = [&with, files] {
            return credentials(runtime::load_config(with.config_file), *files);
        };
    });
    auto* rules = devices->add_subcommand(
        "rules", "Print what the makers of config/devices may say at the broker, for its acl_file");
    rules->callback([&with] {
        with.run = [&with] { return print_rules(runtime::load_config(with.config_file)); };
    });
}

} // namespace linli::cli
