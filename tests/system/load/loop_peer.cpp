#include "system/load/loop_peer.hpp"

#include <stdexcept>
#include <utility>

#include <mosquitto.h>
#include <mqtt_protocol.h>

namespace linli::tests::load {

namespace {

constexpr int keep_alive_s = 60;
constexpr int qos = 1;
constexpr std::uint32_t session_kept_s = 3600;
constexpr int packets_a_turn = 100;

} // namespace

struct loop_peer::callbacks {
    static loop_peer& of(void* self) { return *static_cast<loop_peer*>(self); }

    static void connected(mosquitto* client, void* self, int code, int, mosquitto_property const*) {
        if (code == 0) mosquitto_subscribe(client, nullptr, of(self).hears_.c_str(), qos);
    }
    static void lost(mosquitto*, void* self, int, mosquitto_property const*) {
        of(self).listens_ = false;
    }
    static void subscribed(mosquitto*, void* self, int, int, int const*,
                           mosquitto_property const*) {
        of(self).listens_ = true;
    }
    static void heard(mosquitto*, void* self, mosquitto_message const* m,
                      mosquitto_property const*) {
        of(self).call_.on_heard(
            {static_cast<char const*>(m->payload), static_cast<std::size_t>(m->payloadlen)});
    }
    static void taken(mosquitto*, void* self, int message, int code, mosquitto_property const*) {
        of(self).call_.on_taken(message, code);
    }
};

loop_peer::loop_peer(peer::who is, std::string hears, hooks call)
    : is_(std::move(is)), hears_(std::move(hears)), call_(std::move(call)) {
    static int const started = mosquitto_lib_init();
    client_ = started == MOSQ_ERR_SUCCESS ? mosquitto_new(is_.user.c_str(), false, this) : nullptr;
    if (!client_) throw std::runtime_error("libmosquitto gives no client");
    mosquitto_int_option(client_, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_int_option(client_, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_username_pw_set(client_, is_.user.c_str(), is_.password.c_str());
    mosquitto_connect_v5_callback_set(client_, &callbacks::connected);
    mosquitto_disconnect_v5_callback_set(client_, &callbacks::lost);
    mosquitto_subscribe_v5_callback_set(client_, &callbacks::subscribed);
    mosquitto_message_v5_callback_set(client_, &callbacks::heard);
    mosquitto_publish_v5_callback_set(client_, &callbacks::taken);
}

loop_peer::~loop_peer() {
    mosquitto_disconnect(client_);
    mosquitto_destroy(client_);
}

bool loop_peer::dial() {
    if (std::exchange(dialled_before_, true)) {
        mosquitto_reconnect(client_);
    } else {
        mosquitto_property* kept = nullptr;
        mosquitto_property_add_int32(&kept, MQTT_PROP_SESSION_EXPIRY_INTERVAL, session_kept_s);
        mosquitto_connect_bind_v5(client_, "127.0.0.1", is_.port, keep_alive_s, nullptr, kept);
        mosquitto_property_free_all(&kept);
    }
    return socket() >= 0;
}

int loop_peer::socket() const {
    return mosquitto_socket(client_);
}

void loop_peer::turn(bool readable) {
    if (readable) mosquitto_loop_read(client_, packets_a_turn);
    if (socket() >= 0 && mosquitto_want_write(client_))
        mosquitto_loop_write(client_, packets_a_turn);
}

void loop_peer::keep_alive() {
    mosquitto_loop_misc(client_);
}

std::optional<int> loop_peer::says(std::string const& topic, std::string const& payload) {
    if (!listens_) return std::nullopt;
    int message = 0;
    auto const said =
        mosquitto_publish(client_, &message, topic.c_str(), static_cast<int>(payload.size()),
                          payload.data(), qos, false);
    if (said != MOSQ_ERR_SUCCESS) return std::nullopt;
    return message;
}

} // namespace linli::tests::load
