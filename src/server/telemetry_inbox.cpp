#include "server/telemetry_inbox.hpp"

#include <utility>
#include <variant>

#include <boost/asio/post.hpp>

#include "adapters/watch_tcp/signal_reading.hpp"
#include "adapters/wire/telemetry_reading.hpp"
#include "adapters/wire/topics.hpp"
#include "runtime/log.hpp"
#include "server/journal_inbox.hpp"

namespace linli::server {

namespace log = runtime::log;

telemetry_inbox::telemetry_inbox(journal::journal& from, mapped::device_book const& devices,
                                 boost::asio::any_io_executor loop, runtime::counter unreadable)
    : journal_(from), devices_(devices), unreadable_(unreadable), bell_(loop), thread_(1) {
    journal_.set_ready_callback([this, loop] {
        boost::asio::post(loop, [this] {
            rung_ = true;
            bell_.cancel();
        });
    });
}

telemetry_inbox::~telemetry_inbox() {
    journal_.set_ready_callback({});
}

runtime::task<std::vector<app::telemetry_inbox::item>> telemetry_inbox::next(std::size_t most) {
    rung_ = false;
    auto job = [this, most] { return read(most); };
    auto messages = co_await thread_.run(std::move(job));
    std::vector<item> items;
    for (auto& each : messages) {
        auto const name = next_token_++;
        items.push_back({name, std::move(*each.what)});
        waiting_.emplace(name, std::move(each));
    }
    co_return items;
}

runtime::task<void> telemetry_inbox::wait() {
    if (rung_) co_return;
    bell_.expires_at(boost::asio::steady_timer::time_point::max());
    auto const ended = co_await bell_.async_wait(runtime::use_task_tuple);
    static_cast<void>(ended);
}

std::string telemetry_inbox::bytes_of(token name) const {
    return waiting_.at(name).bytes;
}

runtime::task<void> telemetry_inbox::done(std::vector<token> const& names) {
    std::vector<journal::position> positions;
    for (auto const name : names) {
        auto const at = waiting_.find(name);
        if (at == waiting_.end()) continue;
        positions.push_back(at->second.at);
        waiting_.erase(at);
    }
    auto job = [this, positions = std::move(positions)] {
        journal_.mark_committed(positions);
        return true;
    };
    auto const marked = co_await thread_.run(std::move(job));
    static_cast<void>(marked);
}

// Until there is something, or nothing left: what is damaged or of no topic of ours is done with.
std::vector<telemetry_inbox::message> telemetry_inbox::read(std::size_t most) {
    std::vector<message> messages;
    for (;;) {
        auto entries = journal_.read_next(most);
        auto const damage = journal_.take_damage();
        tell_damage(damage);
        std::vector<journal::position> of_no_use;
        for (auto& entry : entries) {
            auto one = read(std::move(entry));
            if (one.what)
                messages.push_back(std::move(one));
            else
                of_no_use.push_back(one.at);
        }
        journal_.mark_committed(of_no_use);
        if (!messages.empty() || (entries.empty() && damage.empty())) return messages;
    }
}

telemetry_inbox::message telemetry_inbox::read(journal::entry entry) {
    message one{entry.at, std::move(entry.what.payload), std::nullopt};
    one.what = telemetry_of(entry.what, one.bytes);
    if (!one.what) log::warning("topic_unknown", {{"source", entry.what.source}});
    if (!one.what || !one.what->raw.empty()) unreadable_.add();
    return one;
}

std::optional<domain::telemetry> telemetry_inbox::telemetry_of(journal::record const& what,
                                                               std::string_view bytes) const {
    domain::instant const received{domain::duration(what.received_us)};
    auto read = reading_of(what, bytes, received);
    if (!read) return read;
    read->door = mapped::door_of(what.door);
    return read;
}

std::optional<domain::telemetry> telemetry_inbox::reading_of(journal::record const& what,
                                                             std::string_view bytes,
                                                             domain::instant received) const {
    if (what.door == watch_tcp::door)
        return watch_tcp::read_telemetry({what.source}, bytes, received);
    if (mapped::is_mapped(what.door)) {
        auto read = devices_.read(what.door, what.source, bytes, received);
        if (read.telemetry.empty()) return std::nullopt;
        return std::move(read.telemetry.front());
    }
    auto const from = split_source(what.source);
    auto const origin = wire::parse_topic(from.topic);
    auto const* device = std::get_if<wire::device_telemetry>(&origin);
    if (!device) return std::nullopt;
    return wire::read_telemetry(device->device, bytes, from.content_type, received);
}

// No alert: nobody presses on this path. The journal has kept the bytes aside.
void telemetry_inbox::tell_damage(std::vector<journal::damage> const& places) {
    std::vector<journal::position> told;
    for (auto const& each : places) {
        log::error("telemetry_journal_damaged", {{"segment", each.at.segment},
                                                 {"offset", each.at.offset},
                                                 {"kept_aside", each.kept_aside},
                                                 {"why", each.text}});
        unreadable_.add();
        told.push_back(each.at);
    }
    journal_.mark_committed(told);
}

} // namespace linli::server
