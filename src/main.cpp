#include <cstdio>
#include <cstdlib>
#include <exception>

#include "cli/commands.hpp"
#include "cli/usual_config.hpp"

// Exit codes: 0 done, 1 could not be done (the reason is on standard error), 2 a mistake in the
// command line, or gaps that "check --coverage" has found, 3 a log that "audit verify" finds
// changed.
int main(int argc, char** argv) {
    CLI::App app{
        "Linli (邻里): a virtual nursing home. A pressed button becomes help at the door."};
    app.require_subcommand(1);
    app.set_version_flag("--version", LINLI_VERSION);
    linli::cli::invocation with;
    with.config_file =
        linli::cli::usual_config_file(std::getenv("LINLI_CONFIG"), "/etc/linli/linli.toml");
    app.add_option("--config", with.config_file,
                   "The installation's linli.toml; without it $LINLI_CONFIG")
        ->capture_default_str();
    linli::cli::add_serve(app, with);
    linli::cli::add_migrate(app, with);
    linli::cli::add_import(app, with);
    linli::cli::add_devices(app, with);
    linli::cli::add_push(app, with);
    linli::cli::add_certificates(app, with);
    linli::cli::add_user(app, with);
    linli::cli::add_desk(app, with);
    linli::cli::add_maintenance(app, with);
    linli::cli::add_outages(app, with);
    linli::cli::add_status(app, with);
    linli::cli::add_trace(app, with);
    linli::cli::add_residents(app, with);
    linli::cli::add_keys(app, with);
    linli::cli::add_audit(app, with);
    linli::cli::add_check(app, with);
    linli::cli::add_notify(app, with);
    linli::cli::add_contacts(app, with);
    linli::cli::add_synthetic(app, with);
    linli::cli::add_simulate(app, with);
    linli::cli::add_demo_city(app, with);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& e) {
        auto const code = app.exit(e);
        return code == 0 ? 0 : 2;
    }
    try {
        return with.run();
    } catch (std::exception const& e) {
        std::fprintf(stderr, "linli: %s\n", e.what());
        return 1;
    }
}
