#include <filesystem>
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "simulate/demo_city.hpp"

namespace linli::cli {

void add_demo_city(CLI::App& to, invocation& with) {
    struct choices {
        std::filesystem::path folder;
        simulate::demo_city city;
    };
    auto const c = std::make_shared<choices>();
    auto* command = to.add_subcommand(
        "demo-city",
        "Write the CSV files of an invented city around Lanzhou, for \"linli import\"");
    command->add_option("folder", c->folder, "Where to write them")->required();
    command->add_option("--residents", c->city.residents, "How many")->capture_default_str();
    command->add_option("--seed", c->city.seed, "The same seed, the same city")
        ->capture_default_str();
    command->callback([&with, c] {
        with.run = [c] {
            auto const made = simulate::write_demo_city(c->folder, c->city);
            std::cout << "wrote a city of " << made.residents << " residents, " << made.devices
                      << " devices and " << made.workers << " workers to " << c->folder.string()
                      << '\n';
            return 0;
        };
    });
}

} // namespace linli::cli
