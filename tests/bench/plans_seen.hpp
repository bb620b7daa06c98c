#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace linli::bench {

// How PostgreSQL carried out one statement, by its auto_explain.
struct plan_seen {
    std::string statement; // on one line
    double ms = 0;
    std::size_t buffers = 0;        // pages that it touched, found in memory or not
    std::size_t rows = 0;           // that it looked at: of its scans, with those left out
    std::vector<std::string> whole; // tables that it read from end to end
};

// What a database's sessions must be told, so that its log holds their plans.
std::vector<std::string> explain_everything(std::string const& database);

// Reads the log on from where it was.
class plan_log {
public:
    explicit plan_log(std::filesystem::path log) : log_(std::move(log)) {}

    std::vector<plan_seen> news();

private:
    std::filesystem::path log_;
    std::size_t read_ = 0;
};

} // namespace linli::bench
