#include "system/broker.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapters/files/device_mapping.hpp"
#include "adapters/mapped/device_book.hpp"
#include "adapters/mqtt/credentials.hpp"
#include "support/free_port.hpp"
#include "support/places.hpp"
#include "system/until.hpp"

namespace linli::tests {

namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

bool answers(std::uint16_t port) {
    auto const s = ::socket(AF_INET, SOCK_STREAM, 0);
    auto at = loopback(port);
    auto const connected = ::connect(s, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0;
    ::close(s);
    return connected;
}

// As systemd begins a service that says nothing of it: few, and how many at most is the machine's.
void limit_open_files() {
    constexpr rlim_t of_a_service = 1024;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min(limit.rlim_max, of_a_service);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

broker::broker(std::filesystem::path folder, std::vector<std::string> const& users)
    : folder_(std::move(folder)), port_(free_port()) {
    std::filesystem::create_directories(folder_);
    add_users(users);
    write_acl();
    write_config();
    start();
}

broker::~broker() {
    end(SIGTERM);
}

void broker::add_users(std::vector<std::string> const& users) {
    mqtt::write_credentials({folder_ / "passwords", folder_ / "secrets"}, users);
    if (pid_ > 0) ::kill(pid_, SIGHUP);
}

std::string broker::secret(std::string const& user) const {
    std::ifstream in(folder_ / "secrets" / user);
    std::string line;
    std::getline(in, line);
    return line;
}

// The installation's rules, with the server's name put in, and what "linli devices rules" prints.
void broker::write_acl() const {
    std::ifstream in(shipped_config("mosquitto/acl.in"));
    std::ofstream out(folder_ / "acl");
    constexpr std::string_view mark = "@SERVER_USER@";
    for (std::string line; std::getline(in, line);) {
        if (auto const at = line.find(mark); at != std::string::npos)
            line.replace(at, mark.size(), "linli-server");
        out << line << '\n';
    }
    out << mapped::acl_lines(files::load_device_mappings(shipped_config("devices")),
                             "linli-server");
}

void broker::write_config() const {
    std::ofstream out(folder_ / "mosquitto.conf");
    out << "listener " << port_ << " 127.0.0.1\n"
        << "allow_anonymous false\n"
        << "password_file " << (folder_ / "passwords").string() << '\n'
        << "acl_file " << (folder_ / "acl").string() << '\n'
        << "set_tcp_nodelay true\n"
        << "max_inflight_messages 1000\n"
        << "max_queued_messages 10000000\n"
        << "persistence true\n"
        << "persistence_location " << folder_.string() << "/\n"
        << "autosave_interval 1\n"
        << "log_type debug\nlog_type error\nlog_type warning\nlog_type notice\n";
    if (::geteuid() == 0) out << "user root\n";
    out << more_listeners_;
}

void broker::start() {
    pid_ = ::fork();
    if (pid_ == 0) {
        auto const log = ::open((folder_ / "log").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
        ::dup2(log, STDOUT_FILENO);
        ::dup2(log, STDERR_FILENO);
        limit_open_files();
        auto const config = (folder_ / "mosquitto.conf").string();
        ::execl(shipped_config("mosquitto/start").c_str(), "start", config.c_str(), nullptr);
        ::_exit(127);
    }
    while (!answers(port_)) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_)
            throw std::runtime_error("mosquitto ended at its start: see " +
                                     (folder_ / "log").string());
        ::poll(nullptr, 0, 5);
    }
}

void broker::stop() {
    end(SIGTERM);
}

void broker::kill() {
    end(SIGKILL);
}

void broker::freezes() {
    ::kill(pid_, SIGSTOP);
}

void broker::goes_on() {
    ::kill(pid_, SIGCONT);
}

void broker::freezes_log() {
    signals_log(SIGSTOP);
}

void broker::log_goes_on() {
    signals_log(SIGCONT);
}

// Its only child: the shell that became mosquitto had started it.
void broker::signals_log(int signal) const {
    auto const id = std::to_string(pid_);
    std::ifstream in("/proc/" + id + "/task/" + id + "/children");
    for (pid_t each = 0; in >> each;)
        ::kill(each, signal);
}

void broker::also_listens(std::string const& lines) {
    more_listeners_ = lines;
    write_config();
}

void broker::loses_everything() {
    kill();
    std::filesystem::remove(folder_ / "mosquitto.db");
    start();
}

bool broker::has_ended_within(std::chrono::milliseconds limit) const {
    auto const until = std::chrono::steady_clock::now() + limit;
    for (;;) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) return true;
        if (std::chrono::steady_clock::now() >= until) return false;
        ::poll(nullptr, 0, 2);
    }
}

void broker::end(int signal) {
    if (pid_ <= 0) return;
    goes_on(); // a frozen one hears no SIGTERM
    log_goes_on();
    // Again and again: one that comes while it starts is lost, because it says "run" after that.
    do
        ::kill(pid_, signal);
    while (!has_ended_within(std::chrono::milliseconds(200)));
    pid_ = 0;
}

} // namespace linli::tests
