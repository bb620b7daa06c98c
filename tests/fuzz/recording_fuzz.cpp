// Any bytes are a file that the media server has left: reading it ends, what is read is sound of
// that size, and laid onto one time both sides are as long as each other and no longer than a call
// can be.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <sstream>
#include <string>

#include "adapters/recordings/mixing.hpp"
#include "adapters/recordings/pcap.hpp"
#include "fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    using namespace linli::recordings;
    std::istringstream in(std::string(reinterpret_cast<char const*>(data), size));
    pcap_reader packets(in);
    std::size_t put = 0;
    std::optional<mixing> to;
    auto const take = [&put](std::string_view bytes) { put += bytes.size(); };
    std::size_t read = 0;
    for (auto next = packets.next(); next; next = packets.next()) {
        require(!next->samples.empty());
        read += next->samples.size();
        if (!to) to.emplace(next->at_us, take);
        to->add(0, next->to_port % 2 == 0 ? speaker::caller : speaker::operator_, *next);
    }
    require(read <= size);
    if (!to) return 0;
    auto const samples = to->finish();
    require(samples >= 0 && samples <= most_samples);
    require(put == 2 * static_cast<std::size_t>(samples));
    return 0;
}
