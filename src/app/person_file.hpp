#pragma once

#include <string>
#include <vector>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace linli::app {

// All that is stored about one resident, as he has a right to it: also in whose hands it was. What
// is told in confidence about others stays out of it: who complained, whom not to tell, and notes
// on suspected abuse.
struct person_section {
    std::string name; // as the document deploy/personal-data.md calls the table
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows; // newest first where they have a time
    bool is_cut = false;                        // there are older ones

    bool operator==(person_section const&) const = default;
};

struct person_file {
    domain::resident_id who;
    domain::instant made_at;
    std::vector<person_section> sections;
};

} // namespace linli::app
