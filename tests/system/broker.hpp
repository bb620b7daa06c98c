#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace linli::tests {

// A mosquitto of the test's own, in a private folder, on a free loopback port, with the access
// rules that an installation uses.
class broker {
public:
    // `users` get passwords; secret() tells them.
    broker(std::filesystem::path folder, std::vector<std::string> const& users);
    ~broker();
    broker(broker const&) = delete;
    broker& operator=(broker const&) = delete;

    void start();            // returns when it answers
    void stop();             // SIGTERM: saves what it holds
    void kill();             // SIGKILL
    void freezes();          // SIGSTOP: its connections stay, and nobody answers
    void goes_on();          // SIGCONT
    void freezes_log();      // SIGSTOP for what reads its log (config/mosquitto/refusals.pl)
    void log_goes_on();      // SIGCONT for that
    void loses_everything(); // killed, and its store is gone when it starts again

    // From its next start on: what stands in its configuration behind the first listener.
    void also_listens(std::string const& lines);

    std::uint16_t port() const { return port_; }
    std::string url() const { return "tcp://127.0.0.1:" + std::to_string(port_); }
    std::string secret(std::string const& user) const;
    void add_users(std::vector<std::string> const& users);

private:
    void write_acl() const;
    void write_config() const;
    void signals_log(int signal) const;
    void end(int signal);
    bool has_ended_within(std::chrono::milliseconds limit) const;

    std::filesystem::path folder_;
    std::uint16_t port_;
    std::string more_listeners_;
    pid_t pid_ = 0;
};

} // namespace linli::tests
