// Any bytes are a request to the mixer, and sound that comes to it.
#include <cstddef>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "fuzz/require.hpp"
#include "hotline/mixer/door.hpp"
#include "hotline/mixer/room.hpp"

namespace {

using namespace linli::hotline;

void hear(std::string_view bytes) {
    auto const packet = read_rtp(bytes);
    if (packet) require(bytes.ends_with(packet->codes) || (bytes[0] & 0x20) != 0);
    room of(1);
    constexpr int keys = 101;
    of.speaks(party::caller, 8, keys);
    of.speaks(party::third, 8, keys);
    of.among({party::caller, party::leg, party::third});
    of.take(party::caller, bytes);
    for (auto const& each : of.keys())
        require(each.to == party::third && each.bytes.size() == 12 + 4);
    for (auto const& each : of.tick())
        require(each.size() == 12 + samples_a_tick);
    of.take(party::caller, bytes);
    of.tick();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    static boost::asio::io_context loop;
    static mixer_door door(
        loop.get_executor(),
        {.listen = {boost::asio::ip::address_v4::loopback(), 0}, .most_rooms = 3});
    auto const answered = door.take(bytes);
    if (answered)
        require(
            bencode::decode(std::string_view(*answered).substr(bytes.find(' ') + 1)).has_value());
    hear(bytes);
    return 0;
}
