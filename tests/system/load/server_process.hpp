#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include <sys/types.h>

namespace linli::tests::load {

// `linli serve` as an installation runs it: a process of its own, which can be killed.
class server_process {
public:
    server_process(std::filesystem::path program, std::filesystem::path config,
                   std::filesystem::path log, std::uint16_t http_port);
    ~server_process();
    server_process(server_process const&) = delete;
    server_process& operator=(server_process const&) = delete;

    // In the new process at each start, before it becomes the server.
    void begins_by(std::function<void()> what) { begins_by_ = std::move(what); }

    void start();
    void strike(); // SIGKILL, any thread; does not wait
    void bury();   // after strike(): waits for its end; throws when it was not that
    int stop();    // SIGTERM; its exit code, 128 + signal, or -1 when it did not end in time
    void told(int signal);
    int end();      // waits for it; as stop()
    void freezes(); // SIGSTOP
    void goes_on(); // SIGCONT

    bool is_ready() const;
    std::string says() const;  // /readyz
    void expect_alive() const; // throws when it has ended by itself

private:
    std::filesystem::path const program_;
    std::filesystem::path const config_;
    std::filesystem::path const log_;
    std::uint16_t const http_port_;
    std::function<void()> begins_by_;
    std::atomic<pid_t> pid_ = 0;
};

} // namespace linli::tests::load
