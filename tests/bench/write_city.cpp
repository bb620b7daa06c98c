// Writes a whole city as the files that `linli import` reads.
#include <exception>
#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>

#include "bench/whole_city.hpp"

int main(int argc, char** argv) {
    linli::bench::whole_city city;
    std::filesystem::path folder;
    CLI::App app{"A whole city, written as files for linli import"};
    app.add_option("folder", folder)->required();
    app.add_option("--seed", city.seed)->capture_default_str();
    app.add_option("--residents", city.residents)->capture_default_str();
    app.add_option("--contacts", city.contacts_each, "Of each resident")->capture_default_str();
    app.add_option("--providers", city.providers)->capture_default_str();
    app.add_option("--workers", city.workers)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        std::cout << linli::bench::write_whole_city(folder, city) << " rows\n";
        return 0;
    } catch (std::exception const& e) {
        std::cerr << "bench_write_city: " << e.what() << '\n';
        return 1;
    }
}
