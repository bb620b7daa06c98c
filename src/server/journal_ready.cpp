#include "server/journal_ready.hpp"

#include <chrono>
#include <string>

namespace linli::server {

namespace {

std::string in_mib(std::uint64_t bytes) {
    return std::to_string(bytes >> 20);
}

} // namespace

http::part journal_ready(journal::figures const& now, std::uint64_t reserve_bytes,
                         domain::instant since) {
    if (now.failed_syncs > 0)
        return {"journal", false, "the disk failed to sync: replace it", since};
    if (now.refuses_since_us != 0)
        return {"journal", false,
                "the disk takes no signal (" + in_mib(now.reserve_left) +
                    " MiB of the reserve left): make room on it, or replace it",
                domain::instant(std::chrono::microseconds(now.refuses_since_us))};
    auto words = std::to_string(now.waiting) + " waiting";
    if (now.reserve_left < reserve_bytes)
        words += "; the disk is full, and " + in_mib(now.reserve_left) + " of " +
                 in_mib(reserve_bytes) + " MiB of the reserve are left: make room on it";
    return {"journal", true, words, since};
}

} // namespace linli::server
