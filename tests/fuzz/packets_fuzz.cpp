// Any bytes from a broker: packets are found one by one, and none reaches behind its end.
#include <cstddef>
#include <string_view>

#include "adapters/mqtt/packets.hpp"
#include "fuzz/require.hpp"

namespace {

using namespace linli::mqtt::packets;

bool is_inside(std::string_view part, std::string_view whole) {
    return part.empty() || (part.data() >= whole.data() &&
                            part.data() + part.size() <= whole.data() + whole.size());
}

void check(frame const& packet) {
    read_connack(packet);
    read_puback(packet);
    read_disconnect(packet);
    if (auto const read = read_suback(packet)) require(is_inside(read->reasons, packet.body));
    if (auto const read = read_publish(packet)) {
        require(is_inside(read->topic, packet.body) && is_inside(read->payload, packet.body));
        require(!read->content_type || is_inside(*read->content_type, packet.body));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    std::string_view left(reinterpret_cast<char const*>(data), size);
    for (;;) {
        auto const next = first_frame(left);
        if (!next || !*next) return 0;
        require((*next)->size > 0 && (*next)->size <= left.size());
        require(is_inside((*next)->body, left));
        check(**next);
        left.remove_prefix((*next)->size);
    }
}
