#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/journal/journal.hpp"
#include "adapters/mapped/device_book.hpp"
#include "app/telemetry_intake.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/metrics.hpp"

namespace linli::server {

// Telemetry's journal as its intake sees it. All that takes time, reading the disk and the
// messages, is done on a thread of its own.
class telemetry_inbox final : public app::telemetry_inbox {
public:
    // Counts what could not be read, whole or in part.
    telemetry_inbox(journal::journal& from, mapped::device_book const& devices,
                    boost::asio::any_io_executor loop, runtime::counter unreadable);
    ~telemetry_inbox() override;

    runtime::task<std::vector<item>> next(std::size_t most) override;
    runtime::task<void> wait() override;
    std::string bytes_of(token name) const override;
    runtime::task<void> done(std::vector<token> const& names) override;

private:
    struct message {
        journal::position at;
        std::string bytes;
        std::optional<domain::telemetry> what; // nothing: of no topic of telemetry
    };
    std::vector<message> read(std::size_t most);
    message read(journal::entry entry);
    std::optional<domain::telemetry> telemetry_of(journal::record const& what,
                                                  std::string_view bytes) const;
    std::optional<domain::telemetry> reading_of(journal::record const& what, std::string_view bytes,
                                                domain::instant received) const;
    void tell_damage(std::vector<journal::damage> const& places);

    journal::journal& journal_;
    mapped::device_book const& devices_;
    runtime::counter unreadable_;
    boost::asio::steady_timer bell_; // cancelled by the journal's callback
    bool rung_ = false;
    token next_token_ = 1;
    std::unordered_map<token, message> waiting_;
    runtime::blocking_pool thread_; // last: its jobs use the others
};

} // namespace linli::server
