// Any bytes are an answer of a cloud that is asked: a page, or what is wrong with it; never more
// than was allowed, and each message no longer than a push.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "adapters/cloud_poll/poll_answer.hpp"
#include "fuzz/require.hpp"

namespace {

using namespace linli;

constexpr std::size_t most = 20;
constexpr std::size_t longest_push = 256 * 1024;
constexpr std::size_t longest_cursor = 2048;

files::poll_rule with_cursor() {
    files::poll_rule by;
    by.list = {"/data/list", false, {"data", "list"}};
    by.next = files::json_pointer{"/data/next", false, {"data", "next"}};
    return by;
}

files::poll_rule with_ok() {
    files::poll_rule by;
    by.ok = {{{"/code", false, {"code"}}, {"0", "ok"}}};
    return by;
}

void check(files::poll_rule const& by, std::string_view bytes) {
    auto const page = cloud_poll::read_page(by, bytes, most);
    require(page.messages.size() <= most);
    require(!page.is_too_long || page.messages.empty());
    require(page.wrong.empty() || page.wrong == "cursor" || page.messages.empty());
    for (auto const& each : page.messages)
        require(each.size() <= longest_push);
    require(page.wrong == "cursor" || page.next.size() <= longest_cursor);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    static auto const cursor = with_cursor();
    static auto const ok = with_ok();
    check(cursor, bytes);
    check(ok, bytes);
    return 0;
}
