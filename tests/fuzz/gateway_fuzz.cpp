// Any bytes as the answer of a gateway for SMS or voice: a notice counts as sent only by the words
// that the configuration asks for.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/notify/gateway.hpp"
#include "fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace linli;
    using domain::sending;
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    notify::answer got;
    got.how = notify::ending::answered;
    got.body = bytes;
    runtime::gateway_config asked;
    asked.success_pointer = "/result/code";
    asked.success_equals = "OK";
    for (int const status : {200, 400, 503}) {
        got.status = status;
        auto const judged = notify::judged(asked, got);
        bool const is_sent = judged.how == sending::accepted || judged.how == sending::confirmed;
        require(!is_sent || (status == 200 && !bytes.empty()));
        require(is_one_line(judged.reason));
        require((notify::hook_judged(got).how == sending::confirmed) == (status == 200));
    }
    return 0;
}
