#include "server/journal_inbox.hpp"

#include <limits>
#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>

#include "adapters/watch_tcp/signal_reading.hpp"
#include "adapters/wire/reply_reading.hpp"
#include "adapters/wire/signal_reading.hpp"
#include "adapters/wire/state_reading.hpp"
#include "adapters/wire/topics.hpp"
#include "runtime/log.hpp"

namespace linli::server {

namespace log = runtime::log;

namespace {

constexpr std::chrono::milliseconds read_again_after{200};

constexpr char between = '\n'; // no topic holds one

// What a record says, by the place where it came in.
struct decoding {
    journal::record const& what;
    domain::instant received_at;
    std::optional<std::string_view> content_type;
    std::vector<app::input> inputs;

    void operator()(wire::device_signal const& from) {
        inputs.emplace_back(
            wire::read_signal(from.device, what.payload, content_type, what.door, received_at));
    }
    void operator()(wire::device_state const& from) {
        auto state =
            wire::read_state(from.device, what.payload, content_type, what.door, received_at);
        if (state) inputs.emplace_back(std::move(*state));
    }
    void operator()(wire::provider_replies const& from) {
        auto reply = wire::read_provider_reply(from.provider, what.payload, content_type);
        if (reply.what) {
            reply.what->by.kind = domain::actor_kind::worker;
            inputs.emplace_back(std::move(*reply.what));
        } else {
            inputs.emplace_back(
                app::unreadable_reply{from.provider, reply.reply_id, reply.offer_text});
        }
    }
    void operator()(wire::device_telemetry const&) {} // has a journal of its own
    void operator()(wire::unknown_topic const&) {
        log::warning("topic_unknown", {{"source", what.source}});
    }
};

} // namespace

std::string source_of(std::string_view topic, std::optional<std::string_view> content_type) {
    std::string text(topic);
    if (content_type && !content_type->empty()) text += between + std::string(*content_type);
    return text;
}

source split_source(std::string_view text) {
    auto const at = text.find(between);
    if (at == std::string_view::npos) return {text, std::nullopt};
    return {text.substr(0, at), text.substr(at + 1)};
}

// Segments count from 1, and none is as long as 1 TiB.
app::journal_place place_of(journal::position at) {
    return at.segment << 40U | at.offset;
}

std::vector<app::input> inputs_of(journal::record const& what, mapped::device_book const& devices) {
    auto const from = split_source(what.source);
    domain::instant const received{domain::duration(what.received_us)};
    if (what.door == watch_tcp::door)
        return {watch_tcp::read_signal({what.source}, what.payload, received)};
    if (mapped::is_mapped(what.door)) {
        auto read = devices.read(what.door, what.source, what.payload, received);
        return {read.signals.begin(), read.signals.end()};
    }
    decoding reading{what, received, from.content_type, {}};
    std::visit(reading, wire::parse_topic(from.topic));
    return std::move(reading.inputs);
}

std::function<bool()> sync_step(journal::journal& on, journal::position at, journal::record what) {
    return [&on, at, what = std::move(what)]() mutable {
        auto synced = on.sync_through(at);
        if (!synced)
            if (auto const again = on.append_unsynced(what)) {
                at = *again;
                synced = on.sync_through(at);
            }
        if (!synced) log::error("journal_not_synced", {{"why", synced.error()}});
        return static_cast<bool>(synced);
    };
}

journal_inbox::journal_inbox(journal::journal& from, mapped::device_book const& devices,
                             boost::asio::any_io_executor loop)
    : journal_(from), devices_(devices), bell_(loop, boost::asio::steady_timer::time_point::max()) {
    journal_.set_ready_callback([this, loop] {
        boost::asio::post(loop, [this] {
            rung_ = true;
            bell_.cancel();
        });
    });
}

journal_inbox::~journal_inbox() {
    journal_.set_ready_callback({});
}

std::vector<app::inbox::item> journal_inbox::next(std::size_t most) {
    rung_ = false;
    std::vector<item> items;
    for (auto const& each : journal_.read_next(most))
        items.push_back(item_of(each));
    for (auto const& each : journal_.take_damage())
        items.push_back(item_of(each));
    return items;
}

runtime::task<void> journal_inbox::wait() {
    using namespace boost::asio::experimental::awaitable_operators;
    if (rung_) co_return;
    auto rings = bell_.async_wait(runtime::use_task_tuple);
    if (!journal_.has_unread()) {
        auto const ended = co_await std::move(rings);
        static_cast<void>(ended);
        co_return;
    }
    boost::asio::steady_timer again(bell_.get_executor(), read_again_after);
    auto is_time = again.async_wait(runtime::use_task_tuple);
    auto const first = co_await (std::move(rings) || std::move(is_time));
    static_cast<void>(first);
}

void journal_inbox::done(std::vector<token> const& names) {
    std::vector<journal::position> positions;
    positions.reserve(names.size());
    for (auto const name : names) {
        auto const at = waiting_.find(name);
        if (at == waiting_.end()) continue;
        positions.push_back(at->second.at);
        waiting_.erase(at);
    }
    journal_.mark_committed(positions);
}

std::vector<app::finding> journal_inbox::uncommitted(domain::instant received_before) const {
    constexpr std::size_t most = 20;
    std::vector<app::finding> found;
    auto const before = received_before.time_since_epoch().count();
    for (auto const& [name, each] : waiting_)
        if (each.received_us < before && found.size() < most)
            found.push_back(
                {app::finding_kind::uncommitted, "journal " + std::to_string(each.at.segment) +
                                                     ':' + std::to_string(each.at.offset)});
    return found;
}

app::inbox::item journal_inbox::item_of(journal::entry const& entry) {
    auto const name = next_token_++;
    waiting_.emplace(name, taken{entry.at, entry.what.received_us});
    return {name, inputs_of(entry.what, devices_), place_of(entry.at)};
}

app::inbox::item journal_inbox::item_of(journal::damage const& damage) {
    auto const name = next_token_++;
    waiting_.emplace(name, taken{damage.at, std::numeric_limits<std::int64_t>::max()});
    log::error("journal_damaged", {{"segment", damage.at.segment},
                                   {"offset", damage.at.offset},
                                   {"kept_aside", damage.kept_aside},
                                   {"why", damage.text}});
    domain::signal lost;
    lost.device = {"journal"};
    lost.event = {"journal:x:" + std::to_string(damage.at.segment) + ':' +
                  std::to_string(damage.at.offset)};
    lost.kind = domain::signal_kind::unreadable;
    lost.door = "journal";
    lost.text = damage.text;
    lost.raw = damage.bytes;
    return {name, {std::move(lost)}, place_of(damage.at)};
}

} // namespace linli::server
