#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/cloud_poll/poll_answer.hpp"
#include "adapters/cloud_poll/poll_windows.hpp"
#include "adapters/files/device_mapping.hpp"
#include "adapters/notify/transfers.hpp"
#include "domain/time.hpp"

namespace linli::cloud_poll {

struct poll_limits {
    std::size_t answer_bytes = 4 * 1024 * 1024;
    std::size_t messages = 5000; // a page
    std::size_t pages = 200;     // a window
    int one_page_s = 20;
    std::chrono::milliseconds one_window{120'000};
    std::size_t known = 100'000; // messages that are not written down twice
};

enum class round_end : std::uint8_t {
    well,     // all that the window holds is on disk
    failed,   // `why` says why: it is asked again
    too_full, // it is asked again in halves
    passed,   // too full for the narrowest: what was read is on disk, the rest is given up
    stopped,
};

struct round {
    round_end how = round_end::stopped;
    std::string why;         // a code: "timeout", "status_500", "no_list", "journal", "slow"
    std::size_t written = 0; // messages that were not written down before
    bool goes_on = false;    // there is more to ask for: at once
    domain::instant through; // how far it has been asked
    std::optional<domain::instant> lost_since; // what was from then on the cloud keeps no more
};

// Asks one cloud for what it may have pushed, window by window. It trusts nothing: not the answer's
// length, nor that it ends, nor that it is one. Its messages go where a push goes, and what comes
// twice is the same event there. One thread; it waits for the cloud.
class cloud_poller {
public:
    // Writes a message down as a push is; what it returns makes it safe. Nothing, or false: not
    // now.
    using settle = std::function<bool()>;
    using taker = std::function<std::optional<settle>(std::string_view message)>;

    cloud_poller(files::poll_rule by, std::string secret, std::filesystem::path mark, taker take,
                 poll_limits limits = {});

    round ask(domain::instant now);
    void stop(); // from another thread: ask() ends soon

private:
    using digest = std::array<unsigned char, 16>;
    struct asking; // of one window

    void ask_pages(asking& of);
    bool take_page(asking& of, poll_page& page);
    poll_page fetch(asking const& of, std::string const& place);
    std::optional<notify::answer> answer_to(std::string const& place, asking const& of);
    void write(asking& of, poll_page const& page);
    void finish(asking& of, round& into);
    bool is_known(digest const& of, domain::instant until);
    bool is_stopping();

    files::poll_rule const by_;
    std::string const secret_;
    std::filesystem::path const mark_;
    taker const take_;
    poll_limits const limits_;
    poll_windows windows_;
    std::map<digest, domain::instant> known_; // with the end of the last window that held them

    std::mutex mutex_; // of the following
    std::condition_variable heard_;
    std::optional<notify::answer> answer_;
    bool stopping_ = false;
    notify::transfers transfers_; // last: its thread uses the others
};

} // namespace linli::cloud_poll
