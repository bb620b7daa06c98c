#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "adapters/http/api_server.hpp"
#include "app/accounts.hpp"
#include "app/clock.hpp"
#include "app/live_feed.hpp"
#include "runtime/task.hpp"

namespace linli::http {

// The pages that hear the live feed, by WebSocket or by a long poll. One message at a time is on
// its way to a page; what changes meanwhile is told in one when it has arrived. Every two seconds
// a beat, with the time as long as the feed is fresh.
//
// Lives on the house's loop; its pages are called by the server's thread and post there.
class live_pages {
public:
    using painted = std::function<void(app::signed_in const&, std::vector<std::string> const&)>;

    live_pages(boost::asio::any_io_executor loop, app::live_feed& feed, app::accounts& accounts,
               app::clock& time, painted on_painted);
    ~live_pages();

    std::shared_ptr<live_listener> admit(app::signed_in who, std::string token,
                                         std::shared_ptr<live_line_out> out);

    // What whoever stands there lacks, as soon as there is something, or nothing new after `most`.
    runtime::task<std::string> poll(std::string epoch, std::uint64_t after, domain::area_id area,
                                    std::chrono::seconds most);

    // What is on the screen of somebody who is on duty and may take it, of what lies in her area;
    // it keeps the ladder from ringing elsewhere. Nothing else is handed on.
    void have_painted(app::signed_in const& who, std::vector<std::string> const& alerts);

    void session_ended(std::string const& token); // 4401
    // What is painted from now on is painted in front of somebody on duty, or of nobody.
    void duty_changed(std::string const& token, bool on_duty);
    runtime::task<> beat();           // until cancelled
    runtime::task<> watch_sessions(); // until cancelled

private:
    struct parts;
    class page;
    class poller;
    std::shared_ptr<parts> parts_; // pages outlive this in the server's hands
};

} // namespace linli::http
