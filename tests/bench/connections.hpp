#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

struct mosquitto;

namespace linli::bench {

using steady = std::chrono::steady_clock;

struct broker_user {
    std::uint16_t port = 0;
    std::string name;
    std::string password;
};

// What comes in, on a thread of its own. It is acknowledged when `on_heard` returns. Ready when
// constructed.
class listener {
public:
    using heard = std::function<void(std::string_view topic, std::string_view payload)>;

    listener(broker_user const& is, std::string const& filter, heard on_heard);
    ~listener();
    listener(listener const&) = delete;
    listener& operator=(listener const&) = delete;

private:
    struct state;
    static void connected(mosquitto* client, void* self, int code);
    static void subscribed(mosquitto* client, void* self, int, int, int const*);

    std::function<void()> on_ready_;
    std::string filter_;
    heard on_heard_;
    mosquitto* client_ = nullptr;
};

// What goes out (QoS 1), from the thread that says it: the bytes are with the kernel when says()
// returns. For one thread.
class speaker {
public:
    explicit speaker(broker_user const& is);
    ~speaker();
    speaker(speaker const&) = delete;
    speaker& operator=(speaker const&) = delete;

    void says(std::string const& topic, std::string const& payload);

    // Hears the broker's acknowledgements until then.
    void waits_until(steady::time_point when);
    void hears_what_is_there() { waits_until({}); }

private:
    mosquitto* client_;
    bool connected_ = false;
};

} // namespace linli::bench
