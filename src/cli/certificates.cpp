#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/certificates.hpp"
#include "cli/commands.hpp"

namespace linli::cli {

namespace {

struct choices {
    std::filesystem::path folder;
    std::vector<std::string> names;
};

int make(choices const& with) {
    auto const made = http::make_certificates(with.folder, with.names);
    std::cout << "The pages' certificate lies in " << made.certificate.string()
              << ", its key beside it; console.certificate and console.key name them. It is good "
                 "for 397 days.\n";
    if (made.is_new_authority)
        std::cout << "Tell each browser to trust " << made.authority.string()
                  << ", this installation's own authority, which is good for these names alone. "
                     "Keep its key, ca.key, away from the server.\n";
    return 0;
}

} // namespace

void add_certificates(CLI::App& to, invocation& with) {
    auto const c = std::make_shared<choices>();
    auto* all = to.add_subcommand("certificates", "The pages' certificate");
    all->require_subcommand(1);
    auto* command = all->add_subcommand(
        "make", "Make it, and where there is none the authority that signs it; nothing that is "
                "there is overwritten");
    command->add_option("--folder", c->folder, "Where the installation's keys lie")->required();
    command
        ->add_option("--name", c->names,
                     "The server's name or address as browsers call it; may be said again")
        ->required();
    command->callback([&with, c] { with.run = [c] { return make(*c); }; });
}

} // namespace linli::cli
