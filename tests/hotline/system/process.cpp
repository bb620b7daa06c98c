#include "hotline/system/process.hpp"

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hotline/system/until.hpp"

namespace linli::tests {

process::process(std::vector<std::string> const& command, std::filesystem::path const& says)
    : says_(says) {
    std::vector<char*> arguments;
    for (auto const& each : command)
        arguments.push_back(const_cast<char*>(each.c_str()));
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ > 0) return;
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM); // a test that is killed leaves nobody behind
    auto const out = ::open(says.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    auto const nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

process::~process() {
    if (!is_running()) return;
    ::kill(-pid_, SIGKILL); // with its children
    ::waitpid(pid_, nullptr, 0);
}

void process::signal(int which) const {
    if (pid_ > 0) ::kill(pid_, which);
}

void process::signal_all(int which) const {
    if (pid_ > 0) ::kill(-pid_, which);
}

bool process::is_running() {
    if (pid_ <= 0) return false;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == 0) return true;
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    pid_ = -1;
    return false;
}

int process::exit_code() {
    until("a program ends", [this] { return !is_running(); });
    return code_;
}

std::string process::words() const {
    std::ifstream in(says_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace linli::tests
