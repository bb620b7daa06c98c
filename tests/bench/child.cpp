#include "bench/child.hpp"

#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace linli::bench {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void become(std::vector<std::string>& command, fs::path const& log) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    auto const out = ::open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    std::vector<char*> arguments;
    for (auto& each : command)
        arguments.push_back(each.data());
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

// What follows the name in /proc/PID/stat: the name may hold blanks and brackets.
std::istringstream stat_of(std::string const& pid) {
    std::ifstream in("/proc/" + pid + "/stat");
    std::string text;
    std::getline(in, text);
    auto const name_ends = text.rfind(')');
    return std::istringstream(name_ends == text.npos ? "" : text.substr(name_ends + 1));
}

struct ticks {
    pid_t parent = 0;
    long own = 0;
    long of_ended_children = 0;
};

ticks ticks_of(std::string const& pid) {
    auto in = stat_of(pid);
    std::string state;
    ticks t;
    in >> state >> t.parent;
    std::string skipped;
    for (int field = 5; field < 14; ++field) // as proc(5) counts them
        in >> skipped;
    long user = 0, system = 0, children_user = 0, children_system = 0;
    in >> user >> system >> children_user >> children_system;
    t.own = user + system;
    t.of_ended_children = children_user + children_system;
    return t;
}

} // namespace

child::child(std::vector<std::string> command, fs::path log) : log_(std::move(log)) {
    pid_ = ::fork();
    if (pid_ == 0) become(command, log_);
    if (pid_ < 0) throw std::runtime_error("can't start " + command.front());
}

child::~child() {
    stop();
}

bool child::has_ended() {
    int status = 0;
    if (pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) pid_ = 0;
    return pid_ == 0;
}

void child::stop() {
    end_by(SIGTERM);
}

void child::kill() {
    end_by(SIGKILL);
}

void child::end_by(int signal) {
    if (pid_ <= 0) return;
    ::kill(pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
}

std::size_t run(std::vector<std::string> command, fs::path const& log) {
    auto const name = command.front();
    auto const pid = ::fork();
    if (pid == 0) become(command, log);
    int status = 0;
    rusage used{};
    if (pid < 0 || ::wait4(pid, &status, 0, &used) != pid || status != 0)
        throw std::runtime_error(name + " failed: see " + log.string());
    return static_cast<std::size_t>(used.ru_maxrss) * 1024;
}

std::size_t memory(pid_t of) {
    std::ifstream in("/proc/" + std::to_string(of) + "/status");
    for (std::string word; in >> word;) {
        if (word != "VmRSS:") continue;
        std::size_t kilobytes = 0;
        in >> kilobytes;
        return kilobytes * 1024;
    }
    return 0;
}

double processor_time(pid_t of) {
    auto const whole = ticks_of(std::to_string(of));
    auto sum = whole.own + whole.of_ended_children;
    for (auto const& entry : fs::directory_iterator("/proc")) {
        auto const name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != name.npos) continue;
        auto const each = ticks_of(name);
        if (each.parent == of) sum += each.own + each.of_ended_children;
    }
    return static_cast<double>(sum) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

} // namespace linli::bench
