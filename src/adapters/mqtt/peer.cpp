#include "adapters/mqtt/peer.hpp"

#include <cstdint>
#include <deque>
#include <set>
#include <utility>
#include <vector>

#include "adapters/mqtt/broker_session.hpp"
#include "adapters/mqtt/call.hpp"
#include "adapters/mqtt/packets.hpp"

namespace linli::mqtt {

namespace {

constexpr std::size_t most_waiting = 1000;
constexpr std::uint16_t subscribe_id = 1; // one at a time; those of messages follow it

} // namespace

class peer::talk final : private broker_session::user {
public:
    talk(boost::asio::io_context& loop, connection_settings to, std::string receives,
         std::chrono::seconds session_expiry, callbacks told)
        : receives_{std::move(receives)}, told_(std::move(told)),
          session_(loop, std::move(to), {{}, false, session_expiry}, *this) {}

    void start() { session_.start(); }
    void send(std::string topic, std::string payload);
    runtime::task<> hang_up() { return session_.leave(); }

private:
    struct message {
        std::string topic;
        std::string payload;
    };

    void connected(packets::connack const& with) override;
    void lost(std::string const& why) override;
    void failed(std::string const& why) override { call(told_.on_trouble, why); }
    void leaving() override { session_.goodbye(); }
    runtime::task<std::string> take(packets::frame frame) override;

    void take(packets::publish const& arrived);
    void take(packets::suback const& answer);
    void take(packets::puback const& answer);
    void send_waiting();
    std::uint16_t free_id();

    std::vector<std::string> const receives_; // one filter
    callbacks const told_;

    std::size_t window_ = 0; // never more un-acknowledged than the broker takes
    std::deque<message> waiting_;
    std::set<std::uint16_t> in_flight_; // packet ids
    std::uint16_t last_id_ = subscribe_id;

    broker_session session_;
};

void peer::talk::send(std::string topic, std::string payload) {
    bool const on_line = session_.is_up() && !session_.is_stopping();
    if (!on_line || waiting_.size() >= most_waiting) return;
    waiting_.push_back({std::move(topic), std::move(payload)});
    send_waiting();
}

void peer::talk::send_waiting() {
    while (!waiting_.empty() && in_flight_.size() < window_) {
        auto const id = free_id();
        auto const& next = waiting_.front();
        packets::put_publish(session_.out(), id, next.topic, next.payload, false);
        in_flight_.insert(id);
        waiting_.pop_front();
    }
    session_.flush();
}

std::uint16_t peer::talk::free_id() {
    do {
        ++last_id_;
    } while (last_id_ <= subscribe_id || in_flight_.contains(last_id_));
    return last_id_;
}

// Subscribes in each connection: the broker may have lost the session without our knowing of it.
void peer::talk::connected(packets::connack const& with) {
    window_ = with.receive_maximum;
    packets::put_subscribe(session_.out(), subscribe_id, receives_);
    session_.flush();
}

void peer::talk::lost(std::string const& why) {
    waiting_.clear();
    in_flight_.clear();
    if (!session_.is_stopping()) call(told_.on_lost, why);
}

runtime::task<std::string> peer::talk::take(packets::frame frame) {
    if (session_.is_stopping()) co_return std::string(); // it waits for us at the broker
    bool whole = true;
    auto const use = [&](auto const& read) {
        whole = read.has_value();
        if (whole) take(*read);
    };
    if (frame.what == packets::kind::publish) use(packets::read_publish(frame));
    if (frame.what == packets::kind::suback) use(packets::read_suback(frame));
    if (frame.what == packets::kind::puback) use(packets::read_puback(frame));
    co_return whole ? std::string() : std::string("not MQTT: a malformed packet");
}

// Acknowledged first: on_message may hang up, and nothing may follow a goodbye.
void peer::talk::take(packets::publish const& arrived) {
    if (arrived.id != 0) packets::put_puback(session_.out(), arrived.id);
    session_.flush();
    call(told_.on_message, arrived.topic, arrived.payload);
}

void peer::talk::take(packets::suback const& answer) {
    bool const granted =
        !answer.reasons.empty() && static_cast<std::uint8_t>(answer.reasons[0]) < packets::refused;
    if (granted)
        call(told_.on_ready);
    else
        call(told_.on_trouble, "subscription to " + receives_[0] + " was refused");
}

// What the broker refuses counts as forgotten: it is sent again.
void peer::talk::take(packets::puback const& answer) {
    in_flight_.erase(answer.id);
    send_waiting();
}

peer::peer(boost::asio::io_context& loop, connection_settings settings, std::string receives,
           std::chrono::seconds session_expiry, callbacks call)
    : talk_(std::make_unique<talk>(loop, std::move(settings), std::move(receives), session_expiry,
                                   std::move(call))) {}

peer::~peer() = default;

void peer::start() {
    talk_->start();
}

void peer::send(std::string topic, std::string payload) {
    talk_->send(std::move(topic), std::move(payload));
}

runtime::task<> peer::hang_up() {
    return talk_->hang_up();
}

} // namespace linli::mqtt
