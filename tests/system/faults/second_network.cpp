#include "system/faults/second_network.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "system/load/descriptors.hpp"

namespace linli::tests::faults {

namespace {

constexpr auto path = "PATH=$PATH:/usr/sbin:/sbin ";

bool succeeds(std::string const& command) {
    load::keep_descriptors_to_ourselves();
    return std::system((path + command + " >/dev/null 2>&1").c_str()) == 0;
}

void run(std::string const& command) {
    if (!succeeds(command)) throw std::runtime_error("failed: " + command);
}

// Holds a namespace until it is killed.
pid_t holder(int tell) {
    auto const pid = ::fork();
    if (pid != 0) return pid;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    char const done = ::unshare(CLONE_NEWNET) == 0 ? 'y' : 'n';
    if (::write(tell, &done, 1) != 1 || done != 'y') ::_exit(1);
    for (;;)
        ::pause();
}

int space_of(pid_t pid) {
    auto const name = "/proc/" + std::to_string(pid) + "/ns/net";
    auto const space = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
    if (space < 0) throw std::runtime_error("can't open " + name);
    return space;
}

} // namespace

std::string move_apart() {
    if (::geteuid() != 0) return "needs root";
    if (!succeeds("ip -V")) return "ip (iproute2) is missing here";
    if (::unshare(CLONE_NEWNS) != 0) return "namespaces are refused here";
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return "mounts can't be kept private here";
    auto const before = ::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (::unshare(CLONE_NEWNET) != 0) return "namespaces are refused here";
    if (succeeds("ip link set lo up")) {
        ::close(before);
        return {};
    }
    // The other cases need a loopback, and this network's is down.
    if (::setns(before, CLONE_NEWNET) != 0) std::abort();
    ::close(before);
    return "a network of its own can't be made here";
}

second_network::second_network() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    auto const pid = holder(ends[1]);
    char done = 'n';
    bool const told = ::read(ends[0], &done, 1) == 1 && done == 'y';
    ::close(ends[0]);
    ::close(ends[1]);
    try {
        if (!told) throw std::runtime_error("network namespaces are refused here");
        space_ = space_of(pid);
        auto const other = std::to_string(pid);
        auto const inside = "nsenter -t " + other + " -n ip ";
        run("ip link add linli0 type veth peer name linli1");
        run("ip link set linli1 netns " + other);
        run(std::string("ip addr add ") + here + "/24 dev linli0");
        run("ip link set linli0 up");
        run(inside + "link set lo up");
        run(inside + "addr add " + there + "/24 dev linli1");
        run(inside + "link set linli1 up");
        run("iptables -S");
    } catch (...) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        throw;
    }
    ::kill(pid, SIGKILL); // what we hold open keeps the namespace
    ::waitpid(pid, nullptr, 0);
}

second_network::~second_network() {
    succeeds("iptables -F");
    succeeds("ip link del linli0");
    if (space_ >= 0) ::close(space_);
}

void second_network::moves_in() const {
    if (::setns(space_, CLONE_NEWNET) != 0) std::abort();
}

void second_network::cuts(std::uint16_t port_here) const {
    drop("INPUT", "-i linli0 -p tcp --dport " + std::to_string(port_here));
    hears_nothing_from(port_here);
}

void second_network::hears_nothing_from(std::uint16_t port_here) const {
    drop("OUTPUT", "-o linli0 -p tcp --sport " + std::to_string(port_here));
}

void second_network::drop(std::string const& chain, std::string const& what) const {
    run("iptables -I " + chain + ' ' + what + " -j DROP");
}

void second_network::mends() const {
    run("iptables -F");
}

} // namespace linli::tests::faults
