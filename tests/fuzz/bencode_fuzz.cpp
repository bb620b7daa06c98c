// Any bytes are an answer of rtpengine: what is read is written and read again the same.
#include <cstddef>
#include <string_view>

#include "fuzz/require.hpp"
#include "hotline/media/bencode.hpp"

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    using namespace linli::hotline::bencode;
    auto const read = decode({reinterpret_cast<char const*>(data), size});
    if (read) require(decode(encode(*read)) == read);
    return 0;
}
