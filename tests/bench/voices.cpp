// A crowd of voices for tests/bench/hotline: one for each caller and for each seat, on a socket of
// its own, that sends a packet of G.711 each 20 ms and counts what comes from the other side.
//
//   bench_voices N SECONDS FOLDER
//
// Writes FOLDER/callers.csv and seats.csv, for sipp's -inf, with their ports; waits until
// callers.log and seats.log say to where each is to speak ("PORT to PORT"; a caller is told twice,
// and the second is his talk); then, after a moment, counts for so many seconds, and prints
//   SENT HEARD LATEST_MS
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using clock_type = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr char caller_says = 0x11;
constexpr char seat_says = 0x22;
constexpr milliseconds packet_time{20};
constexpr std::size_t header_bytes = 12;
constexpr std::size_t sound_bytes = 160;
constexpr milliseconds patience{30'000};

struct voice {
    int socket = -1;
    std::uint16_t port = 0;
    char says = 0;
    sockaddr_in to{};
    std::uint16_t sequence = 0;
};

sockaddr_in on_loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

voice begin(char says) {
    voice v;
    v.says = says;
    v.socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    auto at = on_loopback(0);
    socklen_t size = sizeof at;
    if (::bind(v.socket, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 ||
        ::getsockname(v.socket, reinterpret_cast<sockaddr*>(&at), &size) != 0)
        throw std::runtime_error("no port for a voice");
    v.port = ntohs(at.sin_port);
    return v;
}

// How often each port was told, and where to at last.
std::map<std::uint16_t, std::pair<int, std::uint16_t>> told_in(std::string const& log) {
    std::map<std::uint16_t, std::pair<int, std::uint16_t>> told;
    std::ifstream in(log);
    unsigned from = 0;
    unsigned to = 0;
    for (std::string line; std::getline(in, line);)
        if (std::sscanf(line.c_str(), "%u to %u", &from, &to) == 2) {
            auto& of = told[static_cast<std::uint16_t>(from)];
            ++of.first;
            of.second = static_cast<std::uint16_t>(to);
        }
    return told;
}

bool know_whom(std::vector<voice>& all, std::string const& folder) {
    auto const callers = told_in(folder + "/callers.log");
    auto const seats = told_in(folder + "/seats.log");
    for (auto& each : all) {
        bool const calls = each.says == caller_says;
        auto const& log = calls ? callers : seats;
        auto const found = log.find(each.port);
        if (found == log.end() || found->second.first < (calls ? 2 : 1)) return false;
        each.to = on_loopback(found->second.second);
    }
    return true;
}

void speak(voice& v) {
    char packet[header_bytes + sound_bytes] = {char(0x80), 8};
    ++v.sequence;
    packet[2] = static_cast<char>(v.sequence >> 8);
    packet[3] = static_cast<char>(v.sequence);
    auto const at = htonl(std::uint32_t{v.sequence} * sound_bytes);
    std::copy_n(reinterpret_cast<char const*>(&at), sizeof at, packet + 4);
    packet[8] = v.says;
    std::fill_n(packet + header_bytes, sound_bytes, v.says);
    ::sendto(v.socket, packet, sizeof packet, 0, reinterpret_cast<sockaddr const*>(&v.to),
             sizeof v.to);
}

// Counts what has come from the other side.
void listen(std::vector<voice> const& all, std::atomic<bool> const& over,
            std::atomic<std::uint64_t>& heard) {
    int const ready = ::epoll_create1(EPOLL_CLOEXEC);
    for (std::size_t i = 0; i < all.size(); ++i) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        ::epoll_ctl(ready, EPOLL_CTL_ADD, all[i].socket, &event);
    }
    epoll_event events[64];
    char buffer[2048];
    while (!over) {
        auto const n = ::epoll_wait(ready, events, 64, 50);
        for (int i = 0; i < n; ++i) {
            auto const& v = all[events[i].data.u64];
            char const other = v.says == caller_says ? seat_says : caller_says;
            ssize_t got = 0;
            while ((got = ::recv(v.socket, buffer, sizeof buffer, 0)) > 0)
                if (got == header_bytes + sound_bytes && buffer[header_bytes] == other) ++heard;
        }
    }
    ::close(ready);
}

struct sums {
    std::uint64_t sent = 0;
    clock_type::duration latest{}; // how late a packet went out: whether the load itself kept up
};

// All of them, their packets spread over the 20 ms.
sums speak_for(std::vector<voice>& all, clock_type::duration how_long) {
    sums so_far;
    auto const began = clock_type::now();
    auto const voices = static_cast<long>(all.size());
    for (long round = 0;; ++round) {
        for (long i = 0; i < voices; ++i) {
            clock_type::time_point const due =
                began + round * packet_time + i * clock_type::duration(packet_time) / voices;
            if (due - began >= how_long) return so_far;
            std::this_thread::sleep_until(due);
            so_far.latest = std::max(so_far.latest, clock_type::now() - due);
            speak(all[static_cast<std::size_t>(i)]);
            ++so_far.sent;
        }
    }
}

void write_ports(std::vector<voice> const& all, char says, std::string const& to) {
    std::ofstream out(to);
    out << "SEQUENTIAL\n";
    for (auto const& each : all)
        if (each.says == says) out << each.port << '\n';
}

int run(int talks, int seconds, std::string const& folder) {
    std::vector<voice> all;
    for (int i = 0; i < talks; ++i) {
        all.push_back(begin(caller_says));
        all.push_back(begin(seat_says));
    }
    write_ports(all, caller_says, folder + "/callers.csv");
    write_ports(all, seat_says, folder + "/seats.csv");
    auto const until = clock_type::now() + patience;
    while (!know_whom(all, folder)) {
        if (clock_type::now() > until) {
            std::puts("0 0 0 not all of them talk");
            return 1;
        }
        std::this_thread::sleep_for(milliseconds(50));
    }
    std::atomic<bool> over = false;
    std::atomic<std::uint64_t> heard = 0;
    std::thread ears([&] { listen(all, over, heard); });
    speak_for(all, std::chrono::seconds(2)); // rtpengine learns where each speaks from
    std::this_thread::sleep_for(milliseconds(200));
    heard = 0;
    auto const said = speak_for(all, std::chrono::seconds(seconds));
    std::this_thread::sleep_for(milliseconds(200)); // what is still on its way
    over = true;
    ears.join();
    std::printf(
        "%llu %llu %lld\n", static_cast<unsigned long long>(said.sent),
        static_cast<unsigned long long>(heard.load()),
        static_cast<long long>(std::chrono::duration_cast<milliseconds>(said.latest).count()));
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        std::fputs("bench_voices N SECONDS FOLDER\n", stderr);
        return 2;
    }
    return run(std::atoi(argv[1]), std::atoi(argv[2]), argv[3]);
}
