#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/journal/journal.hpp"
#include "adapters/mapped/device_book.hpp"
#include "app/auditor.hpp"
#include "app/intake.hpp"

namespace linli::server {

// Where a journal record came from, in its `source`: the topic and what the sender said of the
// payload.
std::string source_of(std::string_view topic, std::optional<std::string_view> content_type);
struct source {
    std::string_view topic;
    std::optional<std::string_view> content_type;
};
source split_source(std::string_view text);

// That place as the trace names it.
app::journal_place place_of(journal::position at);

// What a record of the journal says; nothing if nothing is to be decided.
std::vector<app::input> inputs_of(journal::record const& what, mapped::device_book const& devices);

// What is left to do for the record that was appended at `at`, before its sender may be told: true
// when it is on disk, false to be asked again. What a failed sync has spoilt stays so: it is
// appended anew then, and the same event comes twice.
std::function<bool()> sync_step(journal::journal& on, journal::position at, journal::record what);

// The journal as the intake sees it: raw records become signals and replies. Bytes that the disk
// has spoilt become a signal too: they may have been somebody's press.
class journal_inbox final : public app::inbox {
public:
    journal_inbox(journal::journal& from, mapped::device_book const& devices,
                  boost::asio::any_io_executor loop);
    ~journal_inbox() override;

    std::vector<item> next(std::size_t most) override;
    runtime::task<void> wait() override;
    void done(std::vector<token> const& names) override;

    // Records that were taken up, came in before, and are still not in the record: "journal
    // 3:4711".
    std::vector<app::finding> uncommitted(domain::instant received_before) const;

private:
    app::inbox::item item_of(journal::entry const& entry);
    app::inbox::item item_of(journal::damage const& damage);

    journal::journal& journal_;
    mapped::device_book const& devices_;
    boost::asio::steady_timer bell_; // cancelled by the journal's callback
    bool rung_ = false;
    token next_token_ = 1;
    struct taken {
        journal::position at;
        std::int64_t received_us = 0;
    };
    std::unordered_map<token, taken> waiting_;
};

} // namespace linli::server
