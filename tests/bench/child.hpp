#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace linli::bench {

// A program that runs beside this one and ends with it. What it says goes to `log`.
class child {
public:
    child(std::vector<std::string> command, std::filesystem::path log);
    ~child();
    child(child const&) = delete;
    child& operator=(child const&) = delete;

    pid_t pid() const { return pid_; }
    std::filesystem::path const& log() const { return log_; }
    bool has_ended();
    void stop(); // SIGTERM, and waits
    void kill(); // SIGKILL, and waits

private:
    void end_by(int signal);

    std::filesystem::path log_;
    pid_t pid_ = 0;
};

// Runs it to its end, and answers how much memory it had at most; throws when it fails.
std::size_t run(std::vector<std::string> command, std::filesystem::path const& log);

std::size_t memory(pid_t of); // resident, in bytes, now

// Seconds of processor time that the process and all its children have used.
double processor_time(pid_t of);

} // namespace linli::bench
