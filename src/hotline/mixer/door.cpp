#include "hotline/mixer/door.hpp"

#include <random>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "g711/g711.hpp"
#include "runtime/log.hpp"

namespace linli::hotline {

namespace {

namespace log = runtime::log;
using bencode::list;
using bencode::value;
using boost::asio::ip::udp;
using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds tick_time{20};
constexpr std::chrono::milliseconds too_late{200}; // then what was to be said meanwhile is not
constexpr std::size_t largest_datagram = 65'535;
constexpr std::size_t largest_packet = 2'048;
constexpr int most_at_once = 50; // packets of one party in a tick

bencode::dictionary failed(std::string_view why) {
    return {{"result", "error"}, {"error-reason", value(why)}};
}

} // namespace

struct mixer_door::open_room {
    struct side {
        udp::socket socket;
        std::optional<udp::endpoint> there{};
    };

    open_room(boost::asio::any_io_executor const& loop, std::uint32_t seed) : mixed(seed) {
        udp::endpoint const anywhere(boost::asio::ip::address_v4::loopback(), 0);
        for (std::size_t i = 0; i < parties; ++i) {
            sides.push_back({udp::socket(loop, anywhere)});
            sides.back().socket.non_blocking(true);
        }
    }

    room mixed;
    std::vector<side> sides;
    steady::time_point last_sign = steady::now();
};

mixer_door::mixer_door(boost::asio::any_io_executor loop, settings with)
    : loop_(std::move(loop)), with_(with), socket_(loop_, with_.listen),
      opened_(std::random_device()()) {}

mixer_door::~mixer_door() = default;

runtime::task<> mixer_door::answer() {
    std::vector<char> buffer(largest_datagram);
    udp::endpoint from;
    for (;;) {
        auto const into = boost::asio::buffer(buffer);
        auto const [error, size] =
            co_await socket_.async_receive_from(into, from, runtime::use_task_tuple);
        if (error == boost::asio::error::operation_aborted) co_return;
        if (error) continue;
        auto const given = take({buffer.data(), size});
        boost::system::error_code unsent; // as good as lost: it is asked again
        if (given) socket_.send_to(boost::asio::buffer(*given), from, 0, unsent);
    }
}

std::optional<std::string> mixer_door::take(std::string_view datagram) {
    auto const blank = datagram.find(' ');
    if (blank == datagram.npos) return std::nullopt;
    auto const request = bencode::decode(datagram.substr(blank + 1));
    if (!request || !request->entries()) return std::nullopt;
    return std::string(datagram.substr(0, blank + 1)) + encode(value(obey(*request)));
}

mixer_door::reply mixer_door::obey(value const& request) {
    auto const command = request.text_of("command");
    std::string const name(request.text_of("room"));
    if (command == "ping") return {{"result", "pong"}};
    if (command == "open") return open(name);
    auto const at = rooms_.find(name);
    if (at == rooms_.end()) return failed("unknown room");
    auto& of = *at->second;
    of.last_sign = steady::now();
    if (command == "send") return send(of, request);
    if (command == "talk") return talk(of, request);
    if (command == "query") return query(of);
    if (command != "close") return failed("unknown command");
    rooms_.erase(at);
    return {{"result", "ok"}};
}

mixer_door::reply mixer_door::open(std::string const& name) {
    if (name.empty()) return failed("not understood");
    auto at = rooms_.find(name);
    if (at == rooms_.end() && rooms_.size() >= with_.most_rooms) return failed("no room left");
    try {
        if (at == rooms_.end()) {
            auto made = std::make_unique<open_room>(loop_, opened_);
            opened_ += parties;
            at = rooms_.emplace(name, std::move(made)).first;
        }
        list ports;
        for (auto const& each : at->second->sides)
            ports.emplace_back(std::int64_t{each.socket.local_endpoint().port()});
        return {{"result", "ok"}, {"ports", value(std::move(ports))}};
    } catch (boost::system::system_error const& e) {
        log::error("mixer_without_port", {{"reason", e.code().message()}});
        return failed("no port left");
    }
}

mixer_door::reply mixer_door::send(open_room& of, value const& request) {
    auto const who = party_of(request.text_of("party"));
    auto const port = request.number_of("port");
    boost::system::error_code none;
    auto const address =
        boost::asio::ip::make_address_v4(std::string(request.text_of("address")), none);
    auto const codec = request.number_of("codec");
    bool const has_codec = codec == g711::alaw || codec == g711::ulaw;
    constexpr int first_dynamic = 96, last_dynamic = 127;
    auto const number = request.number_of("keys");
    bool const has_keys = number >= first_dynamic && number <= last_dynamic;
    if (!who || none || port <= 0 || port > 65'535 || !has_codec) return failed("not understood");
    auto const keys = has_keys ? std::optional(static_cast<int>(number)) : std::nullopt;
    of.mixed.speaks(*who, static_cast<int>(codec), keys);
    of.sides[static_cast<std::size_t>(*who)].there =
        udp::endpoint(address, static_cast<std::uint16_t>(port));
    return {{"result", "ok"}};
}

mixer_door::reply mixer_door::talk(open_room& of, value const& request) {
    auto const* const among = request.find("among");
    if (!among || !among->items()) return failed("not understood");
    std::vector<party> those;
    for (auto const& each : *among->items()) {
        auto const who = party_of(each.text());
        if (!who) return failed("not understood");
        those.push_back(*who);
    }
    of.mixed.among(those);
    return {{"result", "ok"}};
}

mixer_door::reply mixer_door::query(open_room const& of) {
    bencode::dictionary packets;
    for (auto const who : {party::caller, party::leg, party::third})
        packets.emplace(to_text(who), static_cast<std::int64_t>(of.mixed.packets_from(who)));
    return {{"result", "ok"}, {"packets", value(std::move(packets))}};
}

// One thread, one timer, all rooms: what has come is taken when it is mixed.
runtime::task<> mixer_door::mix() {
    boost::asio::steady_timer timer(loop_);
    auto next = steady::now();
    for (;;) {
        next += tick_time;
        timer.expires_at(next);
        auto const [cancelled] = co_await timer.async_wait(runtime::use_task_tuple);
        if (cancelled) co_return;
        auto const now = steady::now();
        if (now > next + too_late) next = now;
        std::erase_if(rooms_, [&](auto const& each) {
            bool const is_forgotten = now > each.second->last_sign + with_.forgotten_after;
            if (is_forgotten) log::warning("room_forgotten", {{"room", each.first}});
            return is_forgotten;
        });
        for (auto const& [name, each] : rooms_)
            tick(*each, now);
    }
}

void mixer_door::tick(open_room& of, steady::time_point now) {
    std::array<char, largest_packet> buffer;
    boost::system::error_code error; // of a packet: it is lost
    for (std::size_t who = 0; who < parties; ++who) {
        auto& one = of.sides[who];
        for (int i = 0; i < most_at_once; ++i) {
            udp::endpoint from;
            auto const size = one.socket.receive_from(boost::asio::buffer(buffer), from, 0, error);
            if (error == boost::asio::error::would_block) break;
            bool const is_its = one.there && from.port() == one.there->port();
            if (error || !is_its) continue; // not of rtpengine
            one.there = from; // it may say another address than the one that it has here
            of.mixed.take(static_cast<party>(who), {buffer.data(), size});
            of.last_sign = now;
        }
    }
    for (auto const& each : of.mixed.keys())
        if (auto& one = of.sides[static_cast<std::size_t>(each.to)]; one.there)
            one.socket.send_to(boost::asio::buffer(each.bytes), *one.there, 0, error);
    auto const sent = of.mixed.tick();
    for (std::size_t who = 0; who < parties; ++who)
        if (auto const& one = of.sides[who]; one.there && !sent[who].empty())
            of.sides[who].socket.send_to(boost::asio::buffer(sent[who]), *one.there, 0, error);
}

} // namespace linli::hotline
