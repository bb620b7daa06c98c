#include "adapters/mqtt/publisher.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

#include "adapters/mqtt/broker_session.hpp"
#include "adapters/mqtt/call.hpp"
#include "adapters/mqtt/packets.hpp"

namespace linli::mqtt {

// publish() is called by any thread; all else happens on the session's.
class publisher::sender final : private broker_session::user {
public:
    sender(connection_settings to, std::size_t most, callbacks told)
        : most_(most), told_(std::move(told)),
          session_(thread_.loop(), std::move(to), {{}, true}, *this) {}

    void start() { thread_.start(session_); }
    void stop() {
        give_up();
        thread_.stop(session_);
        give_up(); // what was taken while we left
    }
    void publish(std::string topic, std::string payload, delivered on_delivered);

private:
    struct publication {
        std::string topic;
        std::string payload;
        delivered on_delivered;
    };

    void connected(packets::connack const& with) override;
    void lost(std::string const& why) override;
    void failed(std::string const& why) override { call(told_.on_trouble, why); }
    void leaving() override { session_.goodbye(); }
    runtime::task<std::string> take(packets::frame frame) override;

    void send();
    void settle(packets::puback const& answer);
    std::uint16_t free_id();
    void give_up();

    std::size_t const most_;
    callbacks const told_;

    std::mutex mutex_; // of the following
    bool up_ = false;
    std::size_t window_ = 0; // never more un-acknowledged than the broker takes
    bool called_ = false;    // send() is on its way
    std::deque<publication> queue_;
    std::unordered_map<std::uint16_t, delivered> in_flight_; // by packet id
    std::uint16_t last_id_ = 0;

    session_thread thread_;
    broker_session session_;
};

void publisher::sender::publish(std::string topic, std::string payload, delivered on_delivered) {
    std::unique_lock lock(mutex_);
    if (!up_ || queue_.size() + in_flight_.size() >= most_) {
        lock.unlock();
        return call(on_delivered, false);
    }
    queue_.push_back({std::move(topic), std::move(payload), std::move(on_delivered)});
    if (!std::exchange(called_, true)) boost::asio::post(session_.loop(), [this] { send(); });
}

void publisher::sender::connected(packets::connack const& with) {
    {
        std::lock_guard const lock(mutex_);
        window_ = with.receive_maximum;
        up_ = true;
    }
    if (auto const end = session_.certificate_end()) call(told_.on_certificate, *end);
    call(told_.on_connected);
}

void publisher::sender::lost(std::string const& why) {
    give_up();
    if (!session_.is_stopping()) call(told_.on_lost, why);
}

// All that the window has room for, in one piece.
void publisher::sender::send() {
    {
        std::lock_guard const lock(mutex_);
        called_ = false;
        while (!queue_.empty() && in_flight_.size() < window_) {
            auto& next = queue_.front();
            auto const id = free_id();
            packets::put_publish(session_.out(), id, next.topic, next.payload, false);
            in_flight_.emplace(id, std::move(next.on_delivered));
            queue_.pop_front();
        }
    }
    session_.flush();
}

std::uint16_t publisher::sender::free_id() {
    do {
        ++last_id_;
    } while (last_id_ == 0 || in_flight_.contains(last_id_));
    return last_id_;
}

runtime::task<std::string> publisher::sender::take(packets::frame frame) {
    if (frame.what == packets::kind::puback) {
        auto const answer = packets::read_puback(frame);
        if (!answer) co_return std::string("not MQTT: a malformed PUBACK");
        settle(*answer);
    }
    co_return std::string();
}

// The broker acknowledges what it refuses, too, with a reason.
void publisher::sender::settle(packets::puback const& answer) {
    std::unique_lock lock(mutex_);
    auto const found = in_flight_.extract(answer.id);
    bool const more = !queue_.empty();
    lock.unlock();
    if (found.empty()) return; // given up before
    call(found.mapped(), answer.reason < packets::refused);
    if (more) send();
}

// Everybody who waits hears that it didn't go.
void publisher::sender::give_up() {
    std::unique_lock lock(mutex_);
    up_ = false;
    auto const waiting = std::exchange(queue_, {});
    auto const under_way = std::exchange(in_flight_, {});
    lock.unlock();
    for (auto const& [id, on_delivered] : under_way)
        call(on_delivered, false);
    for (auto const& each : waiting)
        call(each.on_delivered, false);
}

publisher::publisher(connection_settings settings, std::size_t most_in_flight, callbacks call)
    : sender_(std::make_unique<sender>(std::move(settings), most_in_flight, std::move(call))) {}

publisher::~publisher() {
    stop();
}

void publisher::start() {
    sender_->start();
}

void publisher::publish(std::string topic, std::string payload, delivered on_delivered) {
    sender_->publish(std::move(topic), std::move(payload), std::move(on_delivered));
}

void publisher::stop() {
    sender_->stop();
}

} // namespace linli::mqtt
