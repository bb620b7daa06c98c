#pragma once

#include <filesystem>
#include <string>

#include "runtime/config.hpp"
#include "system/faults/server_clock.hpp"
#include "system/load/server_process.hpp"

namespace linli::tests {

// A second server of the same installation, as a machine beside the first would run it: a process
// of its own with its own journal.
class another_server {
public:
    another_server(runtime::config const& of_the_first, std::filesystem::path const& folder);
    another_server(runtime::config const& of_the_first, std::filesystem::path const& folder,
                   std::filesystem::path const& program);

    // By its starts from now on: its machine's wall clock.
    void wears(faults::server_clock const& clock);

    void starts(); // and answers
    void stops();  // in order
    void dies();   // kill -9
    void told(int signal) { process_.told(signal); }
    int end() { return process_.end(); } // by itself; its exit code

    std::string says() const; // /readyz

private:
    std::uint16_t http_port_;
    std::filesystem::path config_file_;
    load::server_process process_;
};

} // namespace linli::tests
