#include <cstdio>
#include <exception>
#include <filesystem>

#include <CLI/CLI.hpp>

#include "hotline/process.hpp"

// Exit codes: 0 done, 1 could not be done (the reason is on standard error), 2 a mistake in the
// command line.
int main(int argc, char** argv) {
    CLI::App app{"The hotline's engine of Linli (邻里): it answers, keeps and connects the calls."};
    app.set_version_flag("--version", LINLI_VERSION);
    std::filesystem::path file = "hotline.toml";
    bool only_check = false;
    app.add_option("--config", file, "The engine's hotline.toml")->capture_default_str();
    app.add_flag("--check", only_check, "Only say whether the file is right");
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& e) {
        auto const code = app.exit(e);
        return code == 0 ? 0 : 2;
    }
    try {
        auto const with = linli::hotline::load_config(file);
        if (!only_check) linli::hotline::run_engine(with);
        return 0;
    } catch (std::exception const& e) {
        std::fprintf(stderr, "linli-hotline: %s\n", e.what());
        return 1;
    }
}
