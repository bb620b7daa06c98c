#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "adapters/files/device_mapping.hpp"
#include "adapters/http/push_secrets.hpp"
#include "cli/commands.hpp"
#include "runtime/config.hpp"

namespace linli::cli {

namespace {

int make_secret(runtime::config const& config, std::string const& source) {
    auto const mappings = files::load_device_mappings(config.files.devices);
    auto const found = std::find_if(mappings.begin(), mappings.end(),
                                    [&](auto const& each) { return each.name == source; });
    auto const file = files::mapping_file(config.files.devices, source).string();
    if (found == mappings.end())
        throw std::runtime_error("there is no " + file + ": write it first, see config/devices");
    if (!found->push)
        throw std::runtime_error(file + " has no section [push]: add it, see config/devices");
    bool const fresh = http::make_push_secret(config.push.secrets, source);
    std::cout << (fresh ? "A new secret lies in " : "The secret stays in ")
              << (config.push.secrets / source).string()
              << ". Give it to the cloud, then restart the server. Its URL is "
                 "https://HOST:PORT/v1/push/"
              << source << (found->push->proof == files::push_proof::query ? "?token=SECRET" : "")
              << '\n';
    return 0;
}

} // namespace

void add_push(CLI::App& to, invocation& with) {
    auto const source = std::make_shared<std::string>();
    auto* push = to.add_subcommand("push", "Clouds that push what their devices say");
    push->require_subcommand(1);
    auto* secret = push->add_subcommand(
        "secret", "Make the secret by which a cloud proves itself; an existing one stays");
    secret->add_option("source", *source, "Name of its mapping: ctwing for devices/ctwing.toml")
        ->required();
    secret->callback([&with, source] {
        with.run = [&with, source] {
            return make_secret(runtime::load_config(with.config_file), *source);
        };
    });
}

} // namespace linli::cli
