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

files::device_mapping mapping_of(runtime::config const& config, std::string const& source) {
    auto const mappings = files::load_device_mappings(config.files.devices);
    auto const found = std::find_if(mappings.begin(), mappings.end(),
                                    [&](auto const& each) { return each.name == source; });
    auto const file = files::mapping_file(config.files.devices, source).string();
    if (found == mappings.end())
        throw std::runtime_error("there is no " + file + ": write it first, see config/devices");
    return *found;
}

void must_have(bool it_has, std::string const& section, runtime::config const& config,
               std::string const& source) {
    if (it_has) return;
    auto const file = files::mapping_file(config.files.devices, source).string();
    throw std::runtime_error(file + " has no section [" + section +
                             "]: add it, see config/devices");
}

int keep_secret(runtime::config const& config, std::string const& source) {
    must_have(mapping_of(config, source).poll.has_value(), "poll", config, source);
    std::string secret;
    std::getline(std::cin, secret);
    if (secret.ends_with('\r')) secret.pop_back();
    http::keep_poll_secret(config.push.secrets, source, secret);
    std::cout << "The secret for asking " << source << " is kept. Restart the server.\n";
    return 0;
}

int make_secret(runtime::config const& config, std::string const& source) {
    auto const found = mapping_of(config, source);
    must_have(found.push.has_value(), "push", config, source);
    bool const fresh = http::make_push_secret(config.push.secrets, source);
    std::cout << (fresh ? "A new secret lies in " : "The secret stays in ")
              << (config.push.secrets / source).string()
              << ". Give it to the cloud, then restart the server. Its URL is "
                 "https://HOST:PORT/v1/push/"
              << source << (found.push->proof == files::push_proof::query ? "?token=SECRET" : "")
              << '\n';
    return 0;
}

} // namespace

void add_push(CLI::App& to, invocation& with) {
    auto const source = std::make_shared<std::string>();
    auto const polls = std::make_shared<bool>(false);
    auto* push = to.add_subcommand("push", "Clouds that push what their devices say");
    push->require_subcommand(1);
    auto* secret = push->add_subcommand(
        "secret", "Make the secret by which a cloud proves itself; an existing one stays");
    secret->add_option("source", *source, "Name of its mapping: ctwing for devices/ctwing.toml")
        ->required();
    secret->add_flag("--poll", *polls,
                     "Keep the secret by which we ask the cloud, read from standard input");
    secret->callback([&with, source, polls] {
        with.run = [&with, source, polls] {
            auto const config = runtime::load_config(with.config_file);
            return *polls ? keep_secret(config, *source) : make_secret(config, *source);
        };
    });
}

} // namespace linli::cli
