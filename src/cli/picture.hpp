#pragma once

#include <string>
#include <vector>

#include "app/overview.hpp"

namespace linli::cli {

struct drawing {
    bool colour = false;
    int columns = 100;
    int rows = 0; // of the terminal; 0 = as many lines as there are
    std::vector<std::string> hints;
};

// What is open, since when, who holds it, what is due next, and what happened last.
std::string draw(app::overview const& seen, domain::instant now, drawing const& how);

} // namespace linli::cli
