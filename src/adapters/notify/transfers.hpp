#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace linli::notify {

// One request by HTTP, or one mail by SMTP.
struct transfer {
    std::string url;
    std::string method; // of HTTP; empty for a mail
    std::vector<std::string> headers;
    std::string body; // or the mail as it goes over the wire
    std::string user;
    std::string password;
    std::string from; // envelope of a mail
    std::string to;
    std::filesystem::path ca_file; // empty: the system's
    bool verify = true;            // certificate and name; and no mail without TLS
    int timeout_s = 10;
    bool connect_only = false; // as far as TLS and the login, and nothing is sent
    // The rest of a longer answer is not kept, or, where it counts, the answer counts as none.
    std::size_t longest_answer = 64 * 1024;
    bool takes_it_whole = false;
};

enum class ending : std::uint8_t {
    answered,    // `status` and `body` say what; a mail: it was taken
    unreachable, // `why` says why
    silent,      // no answer in time
};

struct answer {
    ending how = ending::unreachable;
    int status = 0; // of HTTP or SMTP, also when it failed there
    std::string body;
    std::string why; // a code: "certificate", "login", "connection", "too_large"
};

// Runs transfers on libcurl, all at once on a thread of its own. Each ends within its timeout.
// There are as many as their owner starts; bounding them is his.
class transfers {
public:
    transfers();
    transfers(transfers const&) = delete;
    transfers& operator=(transfers const&) = delete;
    ~transfers(); // stops

    // `done` comes once, on the transfers' thread; not after stop().
    void start(transfer what, std::function<void(answer)> done);
    // Drops what is under way.
    void stop();

private:
    struct state;
    std::unique_ptr<state> state_;
};

// The same, waited for. For commands.
answer run_transfer(transfer what);

// Whether the URL's host is this machine: only there may something go in clear.
bool is_local(std::string const& url);

} // namespace linli::notify
