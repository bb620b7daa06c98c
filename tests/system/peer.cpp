#include "system/peer.hpp"

#include <condition_variable>
#include <mutex>
#include <stdexcept>

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include "system/inbox_of.hpp"

namespace linli::tests {

namespace {

constexpr int keep_alive_s = 60;
constexpr int qos = 1;
constexpr std::uint32_t session_kept_s = 3600;

void check(int result, char const* what) {
    if (result != MOSQ_ERR_SUCCESS)
        throw std::runtime_error(std::string(what) + ": " + mosquitto_strerror(result));
}

} // namespace

struct peer::state {
    mosquitto* client = nullptr;
    std::string hears;
    std::function<void(std::string_view)> on_heard;
    std::mutex mutex;
    std::condition_variable changed;
    bool listening = false; // since the last connection
    int published = 0;      // acknowledged by the broker
    int reason = 0;

    template <class Is>
    void wait(std::string const& what, Is const& is) {
        std::unique_lock lock(mutex);
        if (!changed.wait_for(lock, patience, is))
            throw std::runtime_error("did not happen: " + what);
    }

    static state& of(void* self) { return *static_cast<state*>(self); }

    static void connected(mosquitto* client, void* self, int code, int, mosquitto_property const*) {
        if (code == 0) mosquitto_subscribe(client, nullptr, of(self).hears.c_str(), qos);
    }
    static void lost(mosquitto*, void* self, int, mosquitto_property const*) {
        std::lock_guard const lock(of(self).mutex);
        of(self).listening = false;
    }
    static void subscribed(mosquitto*, void* self, int, int, int const*,
                           mosquitto_property const*) {
        std::lock_guard const lock(of(self).mutex);
        of(self).listening = true;
        of(self).changed.notify_all();
    }
    static void heard(mosquitto*, void* self, mosquitto_message const* m,
                      mosquitto_property const*) {
        of(self).on_heard(
            {static_cast<char const*>(m->payload), static_cast<std::size_t>(m->payloadlen)});
    }
    static void acknowledged(mosquitto*, void* self, int, int code, mosquitto_property const*) {
        std::lock_guard const lock(of(self).mutex);
        ++of(self).published;
        of(self).reason = code;
        of(self).changed.notify_all();
    }
};

peer::peer(who const& is, std::string const& hears,
           std::function<void(std::string_view payload)> on_heard)
    : state_(std::make_unique<state>()) {
    static int const started = mosquitto_lib_init();
    check(started, "mosquitto_lib_init");
    state_->hears = hears;
    state_->on_heard = std::move(on_heard);
    auto const& name = is.client.empty() ? is.user : is.client;
    auto* client = mosquitto_new(name.c_str(), false, state_.get());
    state_->client = client;
    mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_username_pw_set(client, is.user.c_str(), is.password.c_str());
    mosquitto_reconnect_delay_set(client, 1, 1, false);
    mosquitto_connect_v5_callback_set(client, &state::connected);
    mosquitto_disconnect_v5_callback_set(client, &state::lost);
    mosquitto_subscribe_v5_callback_set(client, &state::subscribed);
    mosquitto_message_v5_callback_set(client, &state::heard);
    mosquitto_publish_v5_callback_set(client, &state::acknowledged);
    mosquitto_property* kept = nullptr;
    mosquitto_property_add_int32(&kept, MQTT_PROP_SESSION_EXPIRY_INTERVAL, session_kept_s);
    auto const connected =
        mosquitto_connect_bind_v5(client, "127.0.0.1", is.port, keep_alive_s, nullptr, kept);
    mosquitto_property_free_all(&kept);
    check(connected, is.user.c_str());
    check(mosquitto_loop_start(client), "mosquitto_loop_start");
    listens_again();
}

void peer::listens_again() {
    state_->wait(state_->hears + " is listened to", [this] { return state_->listening; });
}

peer::~peer() {
    mosquitto_disconnect(state_->client);
    mosquitto_loop_stop(state_->client, false);
    mosquitto_destroy(state_->client);
}

void peer::says(std::string const& topic, std::string const& payload, int at_qos) {
    int before = 0;
    {
        std::lock_guard const lock(state_->mutex);
        before = state_->published;
    }
    check(mosquitto_publish(state_->client, nullptr, topic.c_str(),
                            static_cast<int>(payload.size()), payload.data(), at_qos, false),
          "publish");
    state_->wait("the broker takes " + topic, [&] { return state_->published > before; });
}

int peer::last_reason() const {
    std::lock_guard const lock(state_->mutex);
    return state_->reason;
}

} // namespace linli::tests
