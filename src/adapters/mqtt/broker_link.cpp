#include "adapters/mqtt/broker_link.hpp"

#include <algorithm>
#include <utility>

namespace linli::mqtt {

namespace {

using namespace std::chrono_literals;

constexpr auto connect_limit = 10s;
constexpr auto goodbye_limit = 3s;
constexpr auto first_pause = 250ms;
constexpr auto longest_pause = 8s;
constexpr auto work_again = 10s;

// Paho's window is never the limit: its sending thread sleeps for a second when it is full, and a
// PUBACK doesn't wake it. publisher keeps its own.
constexpr int paho_window = 65'535;

} // namespace

broker_link::broker_link(link_options options, link_hooks hooks)
    : options_(std::move(options)), hooks_(std::move(hooks)), pause_(first_pause) {}

void broker_link::start(std::shared_ptr<void> owner) {
    thread_ = std::thread([this, owner = std::move(owner)] { run(); });
}

void broker_link::wake() {
    std::lock_guard const lock(mutex_);
    woken_ = true;
    changed_.notify_all();
}

bool broker_link::stop(std::chrono::seconds limit) {
    if (!thread_.joinable()) return !left_behind_; // not started, or stopped before
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, limit, [this] { return ended_; });
    bool const ended = ended_;
    left_behind_ = !ended;
    lock.unlock();
    if (ended) {
        thread_.join();
    } else {
        thread_.detach();
    }
    return !left_behind_;
}

void broker_link::on_success(::mqtt::token const&) {
    push(came{});
}

void broker_link::on_failure(::mqtt::token const& connect) {
    auto const why = ::mqtt::exception::printable_error(
        connect.get_return_code(), static_cast<int>(connect.get_reason_code()));
    push(failed{"can't connect to " + options_.to.url + ": " + why});
}

void broker_link::push(event what) noexcept {
    std::lock_guard const lock(mutex_);
    events_.push_back(std::move(what));
    changed_.notify_all();
}

void broker_link::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        auto const events = std::exchange(events_, {});
        woken_ = false;
        lock.unlock();
        for (auto const& each : events)
            std::visit([this](auto const& what) { take(what); }, each);
        if (!up_ && clock::now() >= next_try_) try_to_connect();
        if (up_) call(hooks_.work);
        wait();
        lock.lock();
    }
    lock.unlock();
    say_goodbye();
    lock.lock();
    ended_ = true;
    changed_.notify_all();
}

void broker_link::wait() {
    std::unique_lock lock(mutex_);
    auto const something = [this] { return stopping_ || woken_ || !events_.empty(); };
    changed_.wait_until(lock, up_ ? clock::now() + work_again : next_try_, something);
}

void broker_link::take(came const&) {
    up_ = true;
    pause_ = first_pause;
    call(hooks_.connected);
}

void broker_link::take(went const& what) {
    if (!std::exchange(up_, false)) return; // the second word about the same loss
    next_try_ = clock::now() + pause_;
    call(hooks_.lost, what.reason);
}

void broker_link::take(failed const& what) {
    next_try_ = clock::now() + pause_;
    pause_ = std::min<clock::duration>(2 * pause_, longest_pause);
    call(hooks_.failed, what.what);
}

void broker_link::try_to_connect() {
    // Paho reports each attempt, within connect_limit; should it ever forget to, we don't.
    next_try_ = clock::now() + 3 * connect_limit;
    try {
        client_ = nullptr;
        drop_events();
        client_ = make_client();
        ::mqtt::connect_options options;
        fill(options);
        client_->connect(options, nullptr, *this);
    } catch (std::exception const& e) {
        take(failed{e.what()});
    }
}

// Nothing that a client said which is no more.
void broker_link::drop_events() {
    std::lock_guard const lock(mutex_);
    events_.clear();
}

// A new one for each attempt: the old one would send what was under way again, in spite of a clean
// start. It was reported as not delivered, and one message that the broker denies (on which Paho
// closes the connection) would come up for ever.
std::unique_ptr<::mqtt::async_client> broker_link::make_client() {
    auto client = std::make_unique<::mqtt::async_client>(options_.to.url, options_.to.client_id,
                                                         ::mqtt::create_options(MQTTVERSION_5));
    client->set_connection_lost_handler([this](std::string const& cause) {
        push(went{cause.empty() ? "connection closed" : cause});
    });
    // mosquitto says why before it closes (session taken over, shutting down).
    client->set_disconnected_handler([this](::mqtt::properties const&, ::mqtt::ReasonCode code) {
        push(went{"the broker said goodbye, reason " + std::to_string(code)});
    });
    if (hooks_.message)
        client->set_message_callback(
            [this](::mqtt::const_message_ptr message) { call(hooks_.message, message); });
    return client;
}

// In place, not built and returned: a copy of Paho's options (1.2.0) points to the MQTT 5
// properties of its original, so the original must be alive when connect() reads its copy.
void broker_link::fill(::mqtt::connect_options& options) const {
    options.set_mqtt_version(MQTTVERSION_5);
    options.set_clean_start(options_.clean_start);
    options.set_keep_alive_interval(options_.keep_alive);
    options.set_connect_timeout(connect_limit);
    options.set_max_inflight(paho_window);
    if (options_.session_expiry > 0s) {
        auto const expiry = static_cast<std::int32_t>(options_.session_expiry.count());
        options.set_properties({{::mqtt::property::SESSION_EXPIRY_INTERVAL, expiry}});
    }
    if (!options_.to.user.empty()) {
        options.set_user_name(options_.to.user);
        options.set_password(options_.to.password);
    }
    if (options_.to.url.starts_with("ssl://")) {
        ::mqtt::ssl_options ssl;
        if (!options_.to.ca_file.empty()) ssl.set_trust_store(options_.to.ca_file.string());
        ssl.set_enable_server_cert_auth(true);
        ssl.set_verify(true); // the name in the certificate, too
        options.set_ssl(ssl);
    }
}

void broker_link::say_goodbye() {
    try {
        if (!client_ || !client_->is_connected()) return;
        client_->disconnect(::mqtt::disconnect_options(goodbye_limit))->wait_for(goodbye_limit);
    } catch (std::exception const&) {
        // Not connected any more; the broker notices by itself.
    }
}

} // namespace linli::mqtt
