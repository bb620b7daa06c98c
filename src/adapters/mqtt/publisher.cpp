#include "adapters/mqtt/publisher.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/mqtt/broker_link.hpp"

namespace linli::mqtt {

namespace {

using namespace std::chrono_literals;

constexpr auto keep_alive = 20s;
constexpr auto gone_limit = 1s;
constexpr auto stop_limit = 5s;

link_options options_for(connection_settings settings, announcement const& announce) {
    if (announce.topic.empty()) return {std::move(settings), true, 0s, keep_alive, {}};
    ::mqtt::will_options will(announce.topic, announce.gone.data(), announce.gone.size(), 1, true);
    return {std::move(settings), true, 0s, keep_alive, std::move(will)};
}

// Paho carries a pointer for us; a number can't dangle.
void* as_context(std::uintptr_t ticket) {
    return reinterpret_cast<void*>(ticket);
}
std::uintptr_t ticket_of(::mqtt::token const& token) {
    return reinterpret_cast<std::uintptr_t>(token.get_user_context());
}

} // namespace

struct publisher::state final : private ::mqtt::iaction_listener {
    struct publication {
        std::string topic;
        std::string payload;
        delivered on_delivered;
    };

    state(connection_settings settings, announcement announced, std::size_t most_in_flight,
          callbacks to_call)
        : announce(std::move(announced)), most(most_in_flight), told(std::move(to_call)),
          link(options_for(std::move(settings), announce), hooks()) {}

    link_hooks hooks() {
        return {[this](welcome const& with) { connected(with); },
                [this](std::string const& reason) { lost(reason); },
                [this](std::string const& what) { call(told.on_trouble, what); },
                [this] { send(); },
                [this] { say_gone(); },
                {}};
    }

    void connected(welcome const& with) {
        {
            std::lock_guard const lock(mutex);
            window = std::min<std::size_t>(most, with.receive_maximum);
            up = true;
        }
        try {
            if (!announce.topic.empty())
                link.client().publish(::mqtt::make_message(announce.topic, announce.here, 1, true));
        } catch (std::exception const&) {
            // The connection is gone again; the next one says it.
        }
        call(told.on_connected);
    }

    // Paho doesn't pass on the reason "disconnect with will", so we say it ourselves.
    void say_gone() {
        if (announce.topic.empty()) return;
        link.client()
            .publish(::mqtt::make_message(announce.topic, announce.gone, 1, true))
            ->wait_for(gone_limit);
    }

    void lost(std::string const& reason) {
        give_up();
        call(told.on_lost, reason);
    }

    // Everybody who waits hears that it didn't go.
    void give_up() {
        std::unique_lock lock(mutex);
        up = false;
        auto const waiting = std::exchange(queue, {});
        auto const under_way = std::exchange(in_flight, {});
        lock.unlock();
        for (auto const& [ticket, on_delivered] : under_way)
            call(on_delivered, false);
        for (auto const& each : waiting)
            call(each.on_delivered, false);
    }

    void publish(publication what) {
        std::unique_lock lock(mutex);
        if (up && queue.size() + in_flight.size() < most) {
            queue.push_back(std::move(what));
            lock.unlock();
            link.wake();
            return;
        }
        lock.unlock();
        call(what.on_delivered, false);
    }

    // On the link's thread: Paho's publish may wait for its lock.
    void send() {
        while (auto const next = take_next()) {
            auto const& [ticket, what] = *next;
            try {
                link.client().publish(::mqtt::make_message(what.topic, what.payload, 1, false),
                                      as_context(ticket), *this);
            } catch (std::exception const&) {
                settle(ticket, false);
            }
        }
    }

    std::optional<std::pair<std::uintptr_t, publication>> take_next() {
        std::lock_guard const lock(mutex);
        if (queue.empty() || in_flight.size() >= window) return std::nullopt;
        auto what = std::move(queue.front());
        queue.pop_front();
        auto const ticket = ++last_ticket;
        in_flight.emplace(ticket, std::move(what.on_delivered));
        return std::pair(ticket, std::move(what));
    }

    void on_success(::mqtt::token const& token) override {
        // MQTT 5: the broker acknowledges what it refuses, with a reason of 0x80 and above.
        settle(ticket_of(token), static_cast<int>(token.get_reason_code()) < 0x80);
    }
    void on_failure(::mqtt::token const& token) override { settle(ticket_of(token), false); }

    void settle(std::uintptr_t ticket, bool arrived) noexcept {
        std::unique_lock lock(mutex);
        auto const found = in_flight.find(ticket);
        if (found == in_flight.end()) return; // given up before
        auto const on_delivered = std::move(found->second);
        in_flight.erase(found);
        bool const more = !queue.empty();
        lock.unlock();
        call(on_delivered, arrived);
        if (more) link.wake();
    }

    announcement const announce;
    std::size_t const most;
    callbacks const told;

    std::mutex mutex; // of the following
    bool up = false;
    std::size_t window = 0; // never more un-acknowledged than the broker takes
    std::deque<publication> queue;
    std::unordered_map<std::uintptr_t, delivered> in_flight;
    std::uintptr_t last_ticket = 0;

    broker_link link; // last: its callbacks use all the others
};

publisher::publisher(connection_settings settings, announcement announce,
                     std::size_t most_in_flight, callbacks call)
    : state_(std::make_shared<state>(std::move(settings), std::move(announce), most_in_flight,
                                     std::move(call))) {}

publisher::~publisher() {
    stop();
}

void publisher::start() {
    state_->link.start(state_);
}

void publisher::publish(std::string topic, std::string payload, delivered on_delivered) {
    state_->publish({std::move(topic), std::move(payload), std::move(on_delivered)});
}

void publisher::stop() {
    state_->give_up();
    state_->link.stop(stop_limit);
}

} // namespace linli::mqtt
