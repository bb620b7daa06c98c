#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/ip/udp.hpp>

#include "hotline/media/bencode.hpp"
#include "hotline/mixer/room.hpp"
#include "runtime/task.hpp"

namespace linli::hotline {

// The mixer's rooms: requests come by UDP in the form of rtpengine's ng protocol, the sound by a
// socket for each party. Both on the loopback; it knows neither calls nor people.
//
//   open   room                                → ports: of caller, leg and third
//   send   room, party, address, port, codec     where and how that party hears
//          and keys, the number of its keys (RFC 4733), if it has one
//   talk   room, among: [parties]
//   query  room                                → packets: by party
//   close  room
//   ping
//
// The same twice is done once, so a request may come again. A room that nobody has asked for and
// nothing has come to for a while goes by itself: whoever opened it has died, and all have hung up.
class mixer_door {
public:
    struct settings {
        boost::asio::ip::udp::endpoint listen;
        std::size_t most_rooms = 200;
        std::chrono::seconds forgotten_after{180};
    };

    mixer_door(boost::asio::any_io_executor loop, settings with);
    ~mixer_door();

    // Both run until cancelled.
    runtime::task<> answer();
    runtime::task<> mix();

    // For the test of bytes from outside: the answer, nothing to what is no request.
    std::optional<std::string> take(std::string_view datagram);

private:
    struct open_room;
    using reply = bencode::dictionary;

    reply obey(bencode::value const& request);
    reply open(std::string const& name);
    static reply send(open_room& of, bencode::value const& request);
    static reply talk(open_room& of, bencode::value const& request);
    static reply query(open_room const& of);
    void tick(open_room& of, std::chrono::steady_clock::time_point now);

    boost::asio::any_io_executor const loop_;
    settings const with_;
    boost::asio::ip::udp::socket socket_;
    std::map<std::string, std::unique_ptr<open_room>, std::less<>> rooms_;
    std::uint32_t opened_;
};

} // namespace linli::hotline
