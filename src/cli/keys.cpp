// The key file: another key for personal data, while everything runs.
#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "adapters/postgres/key_file.hpp"
#include "adapters/postgres/key_rotation.hpp"
#include "cli/commands.hpp"
#include "cli/keys_text.hpp"
#include "cli/progress.hpp"
#include "runtime/config.hpp"

namespace linli::cli {

namespace {

struct choices {
    std::string key;
};

std::vector<postgres::key_need> needs(runtime::config const& config) {
    return postgres::key_needs(config.database.url);
}

int list(runtime::config const& config, choices const&) {
    std::cout << keys_text(postgres::names_in(config.database.key_file), needs(config));
    return 0;
}

int add(runtime::config const& config, choices const&) {
    auto const id = postgres::add_key(config.database.key_file);
    std::cout << "added " << id << " to " << config.database.key_file.string()
              << "; it opens and doesn't seal yet.\n"
                 "Bring the file to every server, keep a copy apart from the database's backup, "
                 "then \"linli keys rotate\"\n";
    return 0;
}

int rotate(runtime::config const& config, choices const&) {
    auto const& file = config.database.key_file;
    if (postgres::use_waiting_key(file))
        std::cout << "the newest key seals now; bring the file to every other server\n";
    auto const keys = postgres::key_ring::load(file);
    auto const done =
        postgres::rotate(config.database.url, keys, [](postgres::rotation_step const& so_far) {
            show_progress(so_far.table, so_far.done, so_far.total);
        });
    std::cout << "sealed anew by " << keys.current_key_id() << ": " << done.rows << " rows\n";
    if (done.unreadable > 0)
        std::cerr << done.unreadable
                  << " rows open with no key of the file: put back the line "
                     "that sealed them\n";
    std::cout << keys_text(postgres::names_in(file), needs(config));
    return done.unreadable > 0 ? 1 : 0;
}

int retire(runtime::config const& config, choices const& c) {
    auto const all = needs(config);
    auto const still = std::ranges::count(all, c.key, &postgres::key_need::key);
    if (still > 0) {
        std::cerr << "not yet: " << c.key << " still opens\n" << needs_text(all, c.key);
        return 1;
    }
    postgres::drop_key(config.database.key_file, c.key);
    std::cout
        << "took " << c.key << " out of " << config.database.key_file.string()
        << ". Bring the file to every other server; keep the old one, away from here, as long "
           "as you keep a backup from before\n";
    return 0;
}

using act = int (*)(runtime::config const&, choices const&);

CLI::App* one_of(CLI::App& keys, invocation& with, std::shared_ptr<choices> const& c,
                 std::string const& name, std::string const& says, act does) {
    auto* command = keys.add_subcommand(name, says);
    command->callback([&with, c, does] {
        with.run = [&with, c, does] { return does(runtime::load_config(with.config_file), *c); };
    });
    return command;
}

} // namespace

void add_keys(CLI::App& to, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* keys =
        to.add_subcommand("keys", "The keys of personal data: which there are, and another");
    keys->require_subcommand(1);
    one_of(*keys, with, c, "list", "Which keys there are, and what still needs each", list);
    one_of(*keys, with, c, "add", "A fresh key that opens and doesn't seal yet", add);
    one_of(*keys, with, c, "rotate",
           "Let the added key seal, and bring all over to it while the servers run; broken off, it "
           "goes on where it was",
           rotate);
    one_of(*keys, with, c, "retire", "Take a key out of the file when nothing needs it any more",
           retire)
        ->add_option("key", c->key, "Its id")
        ->required();
}

} // namespace linli::cli
