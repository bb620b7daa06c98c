#include "adapters/mqtt/peer.hpp"

#include <deque>
#include <mutex>
#include <utility>

#include "adapters/mqtt/broker_link.hpp"

namespace linli::mqtt {

namespace {

using namespace std::chrono_literals;

constexpr auto keep_alive = 30s;
constexpr auto stop_limit = 5s;
constexpr std::size_t most_waiting = 1000;

link_options options_for(connection_settings settings, std::chrono::seconds session_expiry) {
    return {std::move(settings), false, session_expiry, keep_alive};
}

} // namespace

struct peer::state final : private ::mqtt::iaction_listener {
    state(connection_settings settings, std::string filter, std::chrono::seconds session_expiry,
          callbacks to_call)
        : receives(std::move(filter)), told(std::move(to_call)),
          link(options_for(std::move(settings), session_expiry), hooks()) {}

    link_hooks hooks() {
        return {[this] { subscribe(); }, [this](std::string const& reason) { lost(reason); },
                [this](std::string const& what) { call(told.on_trouble, what); },
                [this] { send(); },
                [this](::mqtt::const_message_ptr const& message) {
                    auto const& payload = message->get_payload();
                    call(told.on_message, message->get_topic(),
                         std::string_view(payload.data(), payload.size()));
                }};
    }

    // In each connection: the broker may have lost the session without our knowing of it.
    void subscribe() {
        {
            std::lock_guard const lock(mutex);
            up = true;
        }
        try {
            link.client().subscribe(receives, 1, nullptr, *this);
        } catch (std::exception const& e) {
            call(told.on_trouble, std::string(e.what()));
        }
    }

    void on_success(::mqtt::token const&) override { call(told.on_ready); }
    void on_failure(::mqtt::token const&) override {
        call(told.on_trouble, "subscription to " + receives + " was refused");
    }

    void lost(std::string const& reason) {
        {
            std::lock_guard const lock(mutex);
            up = false;
            waiting.clear();
        }
        call(told.on_lost, reason);
    }

    void send(::mqtt::const_message_ptr message) {
        {
            std::lock_guard const lock(mutex);
            if (!up || waiting.size() >= most_waiting) return;
            waiting.push_back(std::move(message));
        }
        link.wake();
    }

    void send() {
        std::unique_lock lock(mutex);
        auto const messages = std::exchange(waiting, {});
        lock.unlock();
        try {
            for (auto const& each : messages)
                link.client().publish(each);
        } catch (std::exception const&) {
            // The connection is gone; the caller sends again.
        }
    }

    std::string const receives;
    callbacks const told;

    std::mutex mutex; // of the following
    bool up = false;
    std::deque<::mqtt::const_message_ptr> waiting;

    broker_link link; // last: its callbacks use all the others
};

peer::peer(connection_settings settings, std::string receives, std::chrono::seconds session_expiry,
           callbacks call)
    : state_(std::make_shared<state>(std::move(settings), std::move(receives), session_expiry,
                                     std::move(call))) {}

peer::~peer() {
    state_->link.stop(stop_limit);
}

void peer::start() {
    state_->link.start(state_);
}

void peer::send(std::string topic, std::string payload, std::string content_type) {
    ::mqtt::properties properties;
    if (!content_type.empty())
        properties.add({::mqtt::property::CONTENT_TYPE, std::move(content_type)});
    state_->send(
        ::mqtt::message::create(std::move(topic), std::move(payload), 1, false, properties));
}

} // namespace linli::mqtt
