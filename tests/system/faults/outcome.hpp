#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace linli::tests::faults {

// What one house went through, counted from its database and from what the field has heard.
struct outcome {
    std::string name; // of the case
    std::string seed;
    int faults = 0;   // how many of them it went through
    long signals = 0; // events that somebody pressed
    long once = 0;    // of these by devices that never send again
    long receipts = 0;
    long alerts = 0;
    long orders = 0;
    long offers = 0;
    long lost = 0;
    long doubled = 0;
    long wrong = 0;       // any other promise that was not kept
    long once_lost = 0;   // of devices that never send again
    double nobodys_s = 0; // longest from a press to its alert's row, which has owner and clock
    double overdue_s = 0; // longest that a clock had run out and nobody came
    double well_s = 0;    // longest from the end of a fault until all was well
    double lasted_s = 0;
    std::vector<std::string> findings; // what was not as it must be, in words

    bool is_clean() const { return lost == 0 && doubled == 0 && wrong == 0 && findings.empty(); }
};

// A line each, so that a run that was broken off has kept what it knew.
void append(std::filesystem::path const& file, outcome const& what);
std::vector<outcome> read(std::filesystem::path const& file);

} // namespace linli::tests::faults
