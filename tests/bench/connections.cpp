#include "bench/connections.hpp"

#include <future>
#include <stdexcept>

#include <mosquitto.h>
#include <poll.h>

namespace linli::bench {

using namespace std::chrono_literals;

namespace {

constexpr int keep_alive_s = 60;
constexpr int qos = 1;
constexpr int as_many_as_possible = 65535;
constexpr auto connecting_limit = 5s;

void check(int result, std::string const& what) {
    if (result != MOSQ_ERR_SUCCESS)
        throw std::runtime_error(what + ": " + mosquitto_strerror(result));
}

mosquitto* new_client(broker_user const& is, std::string const& id, void* self) {
    static int const started = mosquitto_lib_init();
    check(started, "mosquitto_lib_init");
    auto* client = mosquitto_new(id.c_str(), true, self);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_max_inflight_messages_set(client, as_many_as_possible);
    mosquitto_username_pw_set(client, is.name.c_str(), is.password.c_str());
    return client;
}

void connect(mosquitto* client, broker_user const& is) {
    check(mosquitto_connect(client, "127.0.0.1", is.port, keep_alive_s), is.name);
}

} // namespace

listener::listener(broker_user const& is, std::string const& filter, heard on_heard)
    : filter_(filter), on_heard_(std::move(on_heard)) {
    std::promise<void> ready;
    on_ready_ = [&ready] { ready.set_value(); };
    client_ = new_client(is, is.name + "-hears", this);
    mosquitto_connect_callback_set(client_, &listener::connected);
    mosquitto_subscribe_callback_set(client_, &listener::subscribed);
    mosquitto_message_callback_set(client_, [](mosquitto*, void* self, mosquitto_message const* m) {
        std::string_view const payload{static_cast<char const*>(m->payload),
                                       static_cast<std::size_t>(m->payloadlen)};
        static_cast<listener*>(self)->on_heard_(m->topic, payload);
    });
    connect(client_, is);
    check(mosquitto_loop_start(client_), "mosquitto_loop_start");
    if (ready.get_future().wait_for(connecting_limit) != std::future_status::ready)
        throw std::runtime_error("no subscription to " + filter);
}

listener::~listener() {
    mosquitto_disconnect(client_);
    mosquitto_loop_stop(client_, false);
    mosquitto_destroy(client_);
}

void listener::connected(mosquitto* client, void* self, int code) {
    if (code != 0) return;
    mosquitto_subscribe(client, nullptr, static_cast<listener*>(self)->filter_.c_str(), qos);
}

void listener::subscribed(mosquitto*, void* self, int, int, int const*) {
    auto& on_ready = static_cast<listener*>(self)->on_ready_;
    if (on_ready) on_ready();
    on_ready = {};
}

speaker::speaker(broker_user const& is) : client_(new_client(is, is.name + "-says", this)) {
    mosquitto_connect_callback_set(client_, [](mosquitto*, void* self, int code) {
        static_cast<speaker*>(self)->connected_ = code == 0;
    });
    connect(client_, is);
    auto const limit = steady::now() + connecting_limit;
    while (!connected_ && steady::now() < limit)
        waits_until(steady::now() + 10ms);
    if (!connected_) throw std::runtime_error(is.name + " is not let in");
}

speaker::~speaker() {
    mosquitto_disconnect(client_);
    mosquitto_destroy(client_);
}

void speaker::says(std::string const& topic, std::string const& payload) {
    check(mosquitto_publish(client_, nullptr, topic.c_str(), static_cast<int>(payload.size()),
                            payload.data(), qos, false),
          topic);
}

void speaker::waits_until(steady::time_point when) {
    constexpr auto whole = 1s;
    for (;;) {
        auto const left = std::max<steady::duration>(when - steady::now(), 0ns);
        timespec const wait{left / whole, (left % whole) / 1ns};
        pollfd socket{mosquitto_socket(client_), POLLIN, 0};
        if (mosquitto_want_write(client_)) socket.events |= POLLOUT;
        auto const ready = ::ppoll(&socket, 1, &wait, nullptr);
        if (socket.revents & POLLIN) check(mosquitto_loop_read(client_, 1), "the broker");
        if (socket.revents & POLLOUT) check(mosquitto_loop_write(client_, 1), "the broker");
        check(mosquitto_loop_misc(client_), "the broker");
        if (ready == 0 || (left == 0ns && ready < 0)) return;
    }
}

} // namespace linli::bench
