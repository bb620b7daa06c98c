#include "hotline/system/hotline_house.hpp"

#include <atomic>
#include <cmath>
#include <csignal>
#include <fstream>
#include <numbers>
#include <optional>
#include <stdexcept>

#include <sys/socket.h>
#include <unistd.h>

#include "hotline/media/bencode.hpp"
#include "hotline/system/loopback.hpp"
#include "hotline/system/until.hpp"
#include "support/places.hpp"

namespace linli::tests {

namespace {

std::string loopback(std::uint16_t port) {
    return "127.0.0.1:" + std::to_string(port);
}

template <class Number>
void put(std::ostream& to, Number value, std::size_t bytes) { // little-endian
    for (std::size_t i = 0; i < bytes; ++i)
        to.put(static_cast<char>(value >> (8 * i) & 0xFF));
}

// A tone, as WAV: 8 kHz, 16 bits, mono.
void write_tone(std::filesystem::path const& to, int milliseconds, double hertz) {
    constexpr int rate = 8000;
    auto const samples = static_cast<std::uint32_t>(rate / 1000 * milliseconds);
    std::ofstream out(to, std::ios::binary);
    out << "RIFF";
    put(out, 36 + 2 * samples, 4);
    out << "WAVEfmt ";
    put(out, 16U, 4);
    put(out, 1U, 2);
    put(out, 1U, 2);
    put(out, static_cast<std::uint32_t>(rate), 4);
    put(out, static_cast<std::uint32_t>(2 * rate), 4);
    put(out, 2U, 2);
    put(out, 16U, 2);
    out << "data";
    put(out, 2 * samples, 4);
    for (std::uint32_t i = 0; i < samples; ++i) {
        auto const angle = 2 * std::numbers::pi * hertz * i / rate;
        put(out, static_cast<std::uint32_t>(static_cast<int>(8000 * std::sin(angle))), 2);
    }
}

// Asks rtpengine itself, past the engine.
std::optional<hotline::bencode::value> ask(std::uint16_t port, std::string const& command,
                                           hotline::bencode::dictionary with = {}) {
    static std::atomic<int> asked = 0;
    auto const s = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    timeval const patience_of_one{0, 200'000};
    ::setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience_of_one, sizeof patience_of_one);
    auto const cookie = "t" + std::to_string(::getpid()) + "." + std::to_string(++asked) + " ";
    with.emplace("command", command.c_str());
    with.emplace("limit", std::int64_t{1000});
    auto const datagram = cookie + encode(hotline::bencode::value(std::move(with)));
    send_datagram(s, datagram, port);
    std::string buffer(65'536, '\0');
    auto const n = ::recv(s, buffer.data(), buffer.size(), 0);
    ::close(s);
    if (n <= static_cast<ssize_t>(cookie.size())) return std::nullopt;
    buffer.resize(static_cast<std::size_t>(n));
    return hotline::bencode::decode(std::string_view(buffer).substr(cookie.size()));
}

} // namespace

hotline_house::hotline_house(wishes const& with)
    : sip_port_(with.sip != 0 ? with.sip : free_sip_port()), ng_port_(free_sip_port()),
      digits_port_(free_sip_port()), mixer_port_(free_sip_port()), ports_(with.ports) {
    std::filesystem::create_directories(folder_ / "calls");
    make_sounds();
    write_config(with);
    start_rtpengine();
    if (with.mixer) start_mixer();
    start_engine();
}

void hotline_house::make_sounds() const {
    std::filesystem::create_directories(folder_ / "sounds");
    write_tone(folder_ / "sounds" / "greeting.wav", 400, 440);
    write_tone(folder_ / "sounds" / "press_1.wav", 200, 660);
    write_tone(folder_ / "sounds" / "music.wav", 1000, 330);
    write_tone(folder_ / "sounds" / "ringing.wav", 500, 425);
    write_tone(folder_ / "sounds" / "thanks.wav", 200, 880);
    write_tone(folder_ / "sounds" / "consent.wav", 200, 660);
    std::filesystem::create_directories(folder_ / "spoken");
    write_tone(folder_ / "spoken" / "n1.wav", 300, 550);
}

void hotline_house::write_config(wishes const& with) const {
    std::ofstream(folder_ / "hotline.toml")
        << "[sip]\nlisten = \"" << loopback(sip_port_) << "\"\nedge = \""
        << (with.edge != 0 ? loopback(with.edge) : std::string()) << "\"\n[rtpengine]\naddress = \""
        << loopback(ng_port_) << "\"\ndigits = \"" << loopback(digits_port_)
        << "\"\n[engine]\nsocket = \"socket\"\nfolder = \"calls\"\nsounds = \"sounds\"\nspoken = "
           "\"spoken\"\n"
           "drain_s = 0\nlook_every_s = 1\n"
        << (with.mixer ? "[mixer]\naddress = \"" + loopback(mixer_port_) + "\"\n" : std::string())
        << (with.records ? "[recording]\nfolder = \"recordings\"\nconsent = \"consent\"\n" : "")
        << with.more;
}

void hotline_house::start_rtpengine() {
    // Others test at the same time: a range by our process and its count.
    static std::atomic<int> houses = 0;
    constexpr int first = 20'000, last = 32'000;
    int const ranges = (last - first) / 200;
    int const least = first + 200 * ((static_cast<int>(::getpid()) * 7 + houses++) % ranges);
    // Its own file, else the machine's would be read as well.
    std::ofstream(folder_ / "rtpengine.conf") << "[rtpengine]\n";
    std::vector<std::string> const command{"rtpengine",
                                           "--config-file=" + (folder_ / "rtpengine.conf").string(),
                                           "--table=-1",
                                           "--interface=127.0.0.1",
                                           "--listen-ng=" + loopback(ng_port_),
                                           "--dtmf-log-dest=" + loopback(digits_port_),
                                           "--port-min=" + std::to_string(least),
                                           "--port-max=" + std::to_string(least + ports_ - 1),
                                           "--recording-dir=" + (folder_ / "recordings").string(),
                                           "--recording-method=pcap",
                                           "--num-threads=1",
                                           "--foreground",
                                           "--log-stderr"};
    std::filesystem::create_directories(folder_ / "recordings");
    rtpengine_ = std::make_unique<process>(command, folder_ / "rtpengine.log");
    until("rtpengine answers", [this] { return ask(ng_port_, "ping").has_value(); });
}

void hotline_house::start_mixer() {
    std::vector<std::string> const command{mixer_program(), "--port", std::to_string(mixer_port_)};
    mixer_ = std::make_unique<process>(command, folder_ / "mixer.log");
    until("the mixer answers", [this] { return ask(mixer_port_, "ping").has_value(); });
}

void hotline_house::kill_mixer() {
    mixer_->signal(SIGKILL);
    mixer_->exit_code();
}

void hotline_house::freeze_mixer() {
    mixer_->signal(SIGSTOP);
}

double hotline_house::mixer_cpu_s() const {
    std::ifstream in("/proc/" + std::to_string(mixer_->id()) + "/schedstat");
    double nanoseconds = 0;
    in >> nanoseconds;
    return nanoseconds / 1e9;
}

void hotline_house::start_engine() {
    std::vector<std::string> const command{hotline_program(), "--config",
                                           (folder_ / "hotline.toml").string()};
    engine_ = std::make_unique<process>(command, folder_ / "engine.log");
    until("the engine has begun: " + words(), [this] {
        if (!engine_->is_running()) throw std::runtime_error("the engine: " + words());
        return words().rfind("hotline_engine_started") != std::string::npos &&
               std::filesystem::exists(folder_ / "socket");
    });
}

void hotline_house::kill_engine() {
    engine_->signal(SIGKILL);
    engine_->exit_code();
    std::filesystem::remove(folder_ / "engine.log"); // the next begins its own
}

void hotline_house::end_engine() {
    engine_->signal(SIGTERM);
    if (engine_->exit_code() != 0) throw std::runtime_error("the engine: " + words());
    std::filesystem::remove(folder_ / "engine.log");
}

void hotline_house::kill_rtpengine() {
    rtpengine_->signal(SIGKILL);
    rtpengine_->exit_code();
}

void hotline_house::stun_rtpengine() {
    rtpengine_->signal(SIGSTOP);
}

void hotline_house::wake_rtpengine() {
    rtpengine_->signal(SIGCONT);
}

void hotline_house::leaves_a_session(std::string const& name) {
    hotline::bencode::dictionary const offer{
        {"call-id", name.c_str()},
        {"from-tag", "nobody"},
        {"sdp", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                "m=audio 9 RTP/AVP 8\r\n"}};
    if (!ask(ng_port_, "offer", offer)) throw std::runtime_error("rtpengine takes no offer");
}

std::string hotline_house::run() const {
    auto const all = words();
    auto const at = all.rfind("run=", all.rfind(" sip="));
    return all.substr(at + 4, all.find_first_of(" \n", at) - at - 4);
}

void hotline_house::restart_rtpengine() {
    kill_rtpengine();
    start_rtpengine();
}

std::size_t hotline_house::sessions() {
    auto const listed = ask(ng_port_, "list");
    auto const* const calls = listed ? listed->find("calls") : nullptr;
    return calls && calls->items() ? calls->items()->size() : 0;
}

std::uintmax_t hotline_house::recorded() const {
    std::uintmax_t sum = 0;
    auto const finished = folder_ / "recordings/pcaps";
    if (!std::filesystem::exists(finished)) return 0;
    for (auto const& each : std::filesystem::directory_iterator(finished))
        sum += each.file_size();
    return sum;
}

dispatch_peer hotline_house::server() {
    return dispatch_peer(folder_ / "socket");
}

sipp hotline_house::phone(std::string scenario, std::uint8_t says, std::string number) {
    return sipp(folder_.path(),
                {.scenario = std::move(scenario), .engine = sip_port_, .number = std::move(number)},
                says);
}

} // namespace linli::tests
