#include "adapters/mqtt/intake_connection.hpp"

#include <atomic>
#include <chrono>
#include <utility>

#include <boost/asio/post.hpp>

#include "adapters/mqtt/broker_session.hpp"
#include "adapters/mqtt/call.hpp"
#include "adapters/mqtt/packets.hpp"
#include "adapters/mqtt/settling.hpp"
#include "runtime/growing_pause.hpp"

namespace linli::mqtt {

namespace {

using namespace std::chrono_literals;
using runtime::task;

// How long the broker keeps our session, and what arrives for it, while we are away: longer than a
// long weekend without the machine. Not for ever, because a client id that was renamed would fill
// the broker's disk.
constexpr std::chrono::seconds session_expiry = std::chrono::days(7);

constexpr auto ask_for_filters_again = 10s;

constexpr std::uint16_t subscribe_id = 1; // one at a time
constexpr std::uint16_t here_id = 2;      // of the announcements
constexpr std::uint16_t gone_id = 3;
constexpr std::uint16_t end_mark = 0; // no packet has this id

} // namespace

// On the session's thread, but for what `settling_` does.
class intake_connection::receiver final : private broker_session::user {
public:
    receiver(connection_settings to, std::vector<std::string> filters, callbacks told,
             announcement announce)
        : filters_(std::move(filters)), told_(std::move(told)), announce_(std::move(announce)),
          session_(thread_.loop(), std::move(to),
                   {{announce_.topic, announce_.gone}, false, session_expiry}, *this) {}

    void start() { thread_.start(session_); }
    void stop() { thread_.stop(session_); }

private:
    void connected(packets::connack const& with) override;
    void lost(std::string const& why) override;
    void failed(std::string const& why) override { call(told_.on_trouble, why); }
    void tick() override;
    void leaving() override { settling_.add(end_mark, {}); } // once all before it is settled
    task<std::string> take(packets::frame frame) override;

    task<> take(packets::publish message);
    void take(packets::suback const& answer);
    std::optional<settle> offer(arrived const& message) noexcept;
    void subscribe();
    void subscribed();
    void announce(std::uint16_t id, std::string const& payload);
    void acknowledge(std::vector<std::uint16_t> const& ids);

    std::vector<std::string> const filters_;
    callbacks const told_;
    announcement const announce_;

    // A session may lack filters that an earlier life of ours didn't get through, or that are new
    // in this version: the first time we always ask.
    std::vector<std::string> missing_ = filters_;
    std::vector<std::string> asked_for_;
    std::chrono::steady_clock::time_point ask_again_;

    session_thread thread_;
    broker_session session_;

    // Counts connections. Acknowledgements for an earlier one's messages go nowhere: by now the
    // same id may be another message's.
    std::atomic<std::uint64_t> connection_{0};
    settling settling_{[this](std::vector<std::uint16_t> ids) {
        auto const of = connection_.load();
        boost::asio::post(session_.loop(), [this, of, ids = std::move(ids)] {
            if (of == connection_) acknowledge(ids);
        });
    }}; // last: its thread uses the others
};

void intake_connection::receiver::connected(packets::connack const& with) {
    if (!with.session_present) missing_ = filters_;
    call(told_.on_connected, with.session_present);
    if (missing_.empty() && asked_for_.empty())
        subscribed();
    else
        subscribe();
}

void intake_connection::receiver::lost(std::string const& why) {
    settling_.forget(); // before the count: nothing of the old one is told under the new number
    ++connection_;
    if (session_.is_stopping()) return;
    call(told_.on_lost, why);
    if (!asked_for_.empty()) call(told_.on_trouble, "not subscribed: " + why);
}

void intake_connection::receiver::tick() {
    if (!missing_.empty() && asked_for_.empty() && std::chrono::steady_clock::now() >= ask_again_)
        subscribe();
}

task<std::string> intake_connection::receiver::take(packets::frame frame) {
    if (frame.what == packets::kind::publish) {
        auto const message = packets::read_publish(frame);
        if (!message) co_return std::string("not MQTT: a malformed PUBLISH");
        co_await take(*message);
    } else if (frame.what == packets::kind::suback) {
        auto const answer = packets::read_suback(frame);
        if (!answer) co_return std::string("not MQTT: a malformed SUBACK");
        take(*answer);
    }
    co_return std::string();
}

// What follows waits, at the broker in the end, until this one has been taken.
task<> intake_connection::receiver::take(packets::publish message) {
    runtime::growing_pause wait;
    while (!session_.is_stopping()) {
        auto left_to_do = offer({message.topic, message.payload, message.content_type});
        if (left_to_do) {
            // Who asks for no acknowledgement (QoS 0) gets none.
            if (message.id != 0) settling_.add(message.id, std::move(*left_to_do));
            co_return;
        }
        auto const length = wait.next();
        co_await session_.pause(length);
    }
}

std::optional<intake_connection::settle>
intake_connection::receiver::offer(arrived const& message) noexcept {
    try {
        return told_.on_arrival(message);
    } catch (...) {
        return std::nullopt;
    }
}

void intake_connection::receiver::subscribe() {
    missing_.insert(missing_.end(), asked_for_.begin(), asked_for_.end()); // never answered
    asked_for_ = std::exchange(missing_, {});
    packets::put_subscribe(session_.out(), subscribe_id, asked_for_);
    session_.flush();
}

// A filter that is refused is asked for again in a while: the rights at the broker may be put right
// meanwhile.
void intake_connection::receiver::take(packets::suback const& answer) {
    auto const asked_for = std::exchange(asked_for_, {});
    for (std::size_t i = 0; i < asked_for.size(); ++i) {
        bool const answered = i < answer.reasons.size();
        auto const reason = static_cast<std::uint8_t>(answered ? answer.reasons[i] : '\x80');
        if (reason < packets::refused) continue;
        missing_.push_back(asked_for[i]);
        call(told_.on_trouble, "subscription to " + asked_for[i] +
                                   ": refused by the broker, reason " + std::to_string(reason));
    }
    ask_again_ = std::chrono::steady_clock::now() + ask_for_filters_again;
    if (missing_.empty()) subscribed();
}

void intake_connection::receiver::subscribed() {
    announce(here_id, announce_.here);
    session_.flush();
    call(told_.on_subscribed);
}

void intake_connection::receiver::announce(std::uint16_t id, std::string const& payload) {
    if (announce_.topic.empty()) return;
    packets::put_publish(session_.out(), id, announce_.topic, payload, true);
}

void intake_connection::receiver::acknowledge(std::vector<std::uint16_t> const& ids) {
    for (auto const id : ids) {
        if (id == end_mark) {
            announce(gone_id, announce_.gone); // after our goodbye the broker drops the last will
            return session_.goodbye();
        }
        packets::put_puback(session_.out(), id);
    }
    session_.flush();
}

intake_connection::intake_connection(connection_settings settings, std::vector<std::string> filters,
                                     callbacks call, announcement announce)
    : receiver_(std::make_unique<receiver>(std::move(settings), std::move(filters), std::move(call),
                                           std::move(announce))) {}

intake_connection::~intake_connection() {
    stop();
}

void intake_connection::start() {
    receiver_->start();
}

void intake_connection::stop() {
    receiver_->stop();
}

} // namespace linli::mqtt
