#include <iostream>

#include "adapters/anchors/anchor_key.hpp"
#include "adapters/postgres/house_key.hpp"
#include "adapters/postgres/key_ring.hpp"
#include "adapters/postgres/phone_lookups.hpp"
#include "adapters/postgres/schema.hpp"
#include "cli/commands.hpp"
#include "runtime/config.hpp"
#include "runtime/machine_time.hpp"

namespace linli::cli {

namespace {

int migrate(runtime::config const& config) {
    auto const fresh = !std::filesystem::exists(config.database.key_file);
    auto const keys = postgres::key_ring::create_if_missing(config.database.key_file);
    if (fresh)
        std::cout << "made the key file " << config.database.key_file.string()
                  << ": keep a copy apart from the database's backup, personal data can't be read "
                     "without it\n";
    if (!std::filesystem::exists(config.audit.key_file)) {
        anchors::signing_keys::create_if_missing(config.audit.key_file);
        std::cout << "made the key file " << config.audit.key_file.string()
                  << ", which signs the anchors: \"linli audit key\" prints what the audit officer "
                     "keeps of it\n";
    }
    auto const now = runtime::machine_time();
    auto const applied = postgres::migrate(
        config.database.url, now,
        {.applied =
             [](postgres::migration const& m) { std::cout << "applied " << m.name << std::endl; },
         .waits =
             [](postgres::migration const& m) {
                 std::cout << m.name << " waits for tables that are in use" << std::endl;
             }});
    auto const filled = postgres::fill_phone_lookups(config.database.url, keys);
    if (filled > 0) std::cout << "filled the look-up of " << filled << " telephones\n";
    auto const renewed = postgres::renew_phone_lookups(config.database.url, keys);
    if (renewed > 0) std::cout << "renewed the look-up of " << renewed << " landlines\n";
    postgres::make_house_key(config.database.url, keys);
    if (!postgres::opens_house_key(config.database.url, keys))
        std::cout << "BEWARE " << postgres::keys_remedy << '\n';
    if (applied == 0) std::cout << "the schema is up to date\n";
    return 0;
}

} // namespace

void add_migrate(CLI::App& to, invocation& with) {
    auto* command = to.add_subcommand(
        "migrate", "Bring the database to this program's schema; make the key file if missing");
    command->callback([&with] {
        with.run = [&with] { return migrate(runtime::load_config(with.config_file)); };
    });
}

} // namespace linli::cli
