#include "system/load/server_process.hpp"

#include <chrono>
#include <csignal>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "system/load/descriptors.hpp"
#include "system/until.hpp"

namespace linli::tests::load {

namespace {

constexpr std::chrono::seconds stop_limit{30};

} // namespace

server_process::server_process(std::filesystem::path program, std::filesystem::path config,
                               std::filesystem::path log, std::uint16_t http_port)
    : program_(std::move(program)), config_(std::move(config)), log_(std::move(log)),
      http_port_(http_port) {}

server_process::~server_process() {
    if (pid_ <= 0) return;
    strike();
    ::waitpid(pid_, nullptr, 0);
}

void server_process::start() {
    keep_descriptors_to_ourselves();
    auto const pid = ::fork();
    if (pid < 0) throw std::runtime_error("no process for the server");
    if (pid == 0) {
        if (begins_by_) begins_by_();
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        auto const log = ::open(log_.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
        ::dup2(log, STDOUT_FILENO);
        ::dup2(log, STDERR_FILENO);
        ::execl(program_.c_str(), program_.c_str(), "--config", config_.c_str(), "serve", nullptr);
        ::_exit(127);
    }
    pid_ = pid;
}

void server_process::strike() {
    auto const pid = pid_.load();
    if (pid > 0) ::kill(pid, SIGKILL);
}

void server_process::bury() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
        throw std::runtime_error("the server ended by itself: see " + log_.string());
}

int server_process::stop() {
    told(SIGTERM);
    return end();
}

void server_process::told(int signal) {
    ::kill(pid_, signal);
}

int server_process::end() {
    int status = 0;
    auto const end = std::chrono::steady_clock::now() + stop_limit;
    while (::waitpid(pid_, &status, WNOHANG) != pid_) {
        if (std::chrono::steady_clock::now() > end) return -1;
        ::poll(nullptr, 0, 10);
    }
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void server_process::freezes() {
    ::kill(pid_, SIGSTOP);
}

void server_process::goes_on() {
    ::kill(pid_, SIGCONT);
}

bool server_process::is_ready() const {
    return says().starts_with("HTTP/1.1 200");
}

std::string server_process::says() const {
    return answer_of(http_port_);
}

void server_process::expect_alive() const {
    siginfo_t ended{};
    auto const asked =
        ::waitid(P_PID, static_cast<id_t>(pid_.load()), &ended, WEXITED | WNOHANG | WNOWAIT);
    if (asked == 0 && ended.si_pid != 0)
        throw std::runtime_error("the server ended by itself: see " + log_.string());
}

} // namespace linli::tests::load
