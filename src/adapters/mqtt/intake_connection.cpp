#include "adapters/mqtt/intake_connection.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "adapters/mqtt/broker_link.hpp"

namespace linli::mqtt {

namespace {

using namespace std::chrono_literals;

// How long the broker keeps our session, and what arrives for it, while we are away: longer than a
// long weekend without the machine. Not for ever, because a client id that was renamed would fill
// the broker's disk; and below 2^31 s, which Paho 1.3.12 takes for negative.
constexpr std::chrono::seconds session_expiry = std::chrono::days(7);

// More than the database is expected to stall: Paho can't ping while on_arrival waits.
constexpr auto keep_alive = 60s;

constexpr auto first_wait = 10ms;
constexpr auto longest_wait = 1000ms;
constexpr auto stop_limit = 10s;

link_options options_for(connection_settings settings) {
    return {std::move(settings), false, session_expiry, keep_alive, std::nullopt};
}

std::string content_type_of(::mqtt::message const& message) {
    auto const& properties = message.get_properties();
    if (!properties.contains(::mqtt::property::CONTENT_TYPE)) return {};
    return ::mqtt::get<std::string>(properties, ::mqtt::property::CONTENT_TYPE);
}

} // namespace

struct intake_connection::state final : std::enable_shared_from_this<state>,
                                        private ::mqtt::iaction_listener {
    state(connection_settings settings, std::vector<std::string> topic_filters, callbacks to_call)
        : filters(std::move(topic_filters)), told(std::move(to_call)),
          link(options_for(std::move(settings)), hooks()) {}

    link_hooks hooks() {
        return {[this](welcome const& with) { connected(with.session_present); },
                [this](std::string const& reason) { lost(reason); },
                [this](std::string const& what) { call(told.on_trouble, what); },
                [this] { subscribe(); },
                {},
                [this](::mqtt::const_message_ptr const& message) { deliver(*message); }};
    }

    void connected(bool session_present) {
        bool complete = false;
        {
            std::lock_guard const lock(mutex);
            // A session may lack filters that an earlier life of ours didn't get through, or that
            // are new in this version: the first time we always ask.
            if (!session_present) missing = filters;
            asking = 0;
            complete = missing.empty();
        }
        call(told.on_connected, session_present);
        if (complete) call(told.on_subscribed);
    }

    void lost(std::string const& reason) {
        {
            std::lock_guard const lock(mutex);
            if (asking > 0 || !missing.empty()) missing = filters;
            asking = 0;
        }
        call(told.on_lost, reason);
    }

    // On the link's thread, never in a callback of Paho: waiting there would hang.
    void subscribe() {
        std::unique_lock lock(mutex);
        auto const wanted = std::exchange(missing, {});
        asking += wanted.size();
        lock.unlock();
        // A retained state comes once for a subscription, not with every new connection.
        ::mqtt::subscribe_options const only_new(false, false,
                                                 ::mqtt::subscribe_options::SEND_RETAINED_ON_NEW);
        for (auto const& filter : wanted) {
            try {
                link.client().subscribe(filter, 1, nullptr, *this, only_new);
            } catch (std::exception const& e) {
                refused(filter, e.what());
            }
        }
    }

    void on_success(::mqtt::token const&) override {
        bool complete = false;
        {
            std::lock_guard const lock(mutex);
            if (asking > 0) --asking;
            complete = asking == 0 && missing.empty();
        }
        if (complete) call(told.on_subscribed);
    }

    void on_failure(::mqtt::token const& subscription) override {
        auto const topics = subscription.get_topics();
        auto const reason = static_cast<int>(subscription.get_reason_code());
        refused(topics && !topics->empty() ? (*topics)[0] : "",
                "refused by the broker, reason " + std::to_string(reason));
    }

    // Asked again in a while: the rights at the broker may be put right meanwhile.
    void refused(std::string const& filter, std::string const& why) {
        {
            std::lock_guard const lock(mutex);
            if (asking > 0) --asking;
            if (!filter.empty()) missing.push_back(filter);
        }
        call(told.on_trouble, "subscription to " + filter + ": " + why);
    }

    bool accepts(::mqtt::message const& message) noexcept {
        try {
            auto const content_type = content_type_of(message);
            arrived what{message.get_topic(), {}, std::nullopt};
            auto const& payload = message.get_payload();
            what.payload = std::string_view(payload.data(), payload.size());
            if (!content_type.empty()) what.content_type = content_type;
            return told.on_arrival(what);
        } catch (...) {
            return false;
        }
    }

    // Returning is acknowledging.
    void deliver(::mqtt::message const& message) noexcept {
        std::chrono::milliseconds wait = first_wait;
        while (!accepts(message)) {
            std::unique_lock lock(mutex);
            let_go.wait_for(lock, wait, [this] { return stopping; });
            if (stopping) {
                link.abandon();
                while (true)
                    let_go.wait(lock); // the process ends with us in here
            }
            wait = std::min<std::chrono::milliseconds>(2 * wait, longest_wait);
        }
    }

    bool stop() {
        {
            std::lock_guard const lock(mutex);
            stopping = true;
            let_go.notify_all();
        }
        return link.stop(stop_limit);
    }

    std::vector<std::string> const filters;
    callbacks const told;

    std::mutex mutex; // of the following
    std::condition_variable let_go;
    std::vector<std::string> missing = filters; // not subscribed, as far as we know
    std::size_t asking = 0;                     // asked for and not yet answered
    bool stopping = false;

    broker_link link; // last: its callbacks use all the others
};

intake_connection::intake_connection(connection_settings settings, std::vector<std::string> filters,
                                     callbacks call)
    : state_(std::make_shared<state>(std::move(settings), std::move(filters), std::move(call))) {}

intake_connection::~intake_connection() {
    // A thread that is left behind in on_arrival uses the state until the process ends.
    if (!stop()) new std::shared_ptr<state>(state_);
}

void intake_connection::start() {
    state_->link.start(state_);
}

bool intake_connection::stop() {
    return state_->stop();
}

} // namespace linli::mqtt
