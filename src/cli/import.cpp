#include <filesystem>
#include <iostream>
#include <memory>

#include "adapters/files/registry_files.hpp"
#include "adapters/postgres/registry_import.hpp"
#include "adapters/postgres/schema.hpp"
#include "cli/commands.hpp"
#include "cli/house_now.hpp"
#include "cli/progress.hpp"
#include "runtime/config.hpp"

namespace linli::cli {

namespace {

struct choices {
    std::filesystem::path folder;
    bool check_only = false;
};

void print(files::registry_problems const& problems, char const* kind) {
    for (auto const& each : problems.first)
        std::cerr << kind << ": " << files::to_text(each) << '\n';
    if (problems.count > problems.first.size())
        std::cerr << "… and " << problems.count - problems.first.size() << " more\n";
}

int import(runtime::config const& config, choices const& c) {
    auto const keys = postgres::key_ring::load(config.database.key_file);
    auto const read = files::read_registry(c.folder, postgres::read_known(config.database.url));
    print(read.warnings, "warning");
    if (read.problems.count > 0) {
        print(read.problems, "error");
        std::cerr << read.problems.count
                  << " mistakes; nothing was loaded. Mend them and import again.\n";
        return 1;
    }
    if (c.check_only) {
        std::cout << "no mistakes; nothing was loaded, as you asked\n";
        return 0;
    }
    auto const now = house_now(config.database.url);
    std::size_t rows = 0;
    auto const version = postgres::import_registry(
        config.database.url, keys, read, now, [&](app::import_step const& step) {
            if (step.done == step.total) rows += step.total;
            show_progress(step.table, step.done, step.total);
        });
    std::cout << "loaded " << rows << " rows of " << read.files.size()
              << " files; the registry is at version " << version << '\n';
    return 0;
}

} // namespace

void add_import(CLI::App& to, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* command = to.add_subcommand(
        "import", "Load areas, sites, homes, residents, contacts, devices, providers and workers "
                  "from the CSV files of a folder; all of it or nothing");
    command->add_option("folder", c->folder, "The folder with the .csv files")
        ->required()
        ->check(CLI::ExistingDirectory);
    command->add_flag("--check", c->check_only, "Only look for mistakes");
    command->callback([&with, c] {
        with.run = [&with, c] { return import(runtime::load_config(with.config_file), *c); };
    });
}

} // namespace linli::cli
