#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace linli::tests {

// A program of its own, with what it says in a file. Ended with its owner.
class process {
public:
    process(std::vector<std::string> const& command, std::filesystem::path const& says);
    ~process();
    process(process const&) = delete;
    process& operator=(process const&) = delete;

    void signal(int which) const;
    pid_t id() const { return pid_; }
    void signal_all(int which) const; // also to those that it has started
    bool is_running();
    // Waits for its end, and fails the test when it doesn't come.
    int exit_code();
    std::string words() const;

private:
    pid_t pid_ = -1;
    int code_ = -1;
    std::filesystem::path const says_;
};

} // namespace linli::tests
