#pragma once

#include <filesystem>
#include <string>

#include "runtime/config.hpp"

namespace linli::cli {

struct coverage_choices {
    bool coverage = false; // asked at all
    bool json = false;
    std::filesystem::path out; // a file, or a folder for tonight-DATE.txt; empty: the terminal only
    std::string stored;        // a day whose kept report is wanted
};

// 0: nothing is missing; 2: there are gaps; 1: it could not be asked.
int check_coverage(runtime::config const& config, coverage_choices const& c);

} // namespace linli::cli
