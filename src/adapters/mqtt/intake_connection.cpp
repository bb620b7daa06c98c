#include "adapters/mqtt/intake_connection.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/mqtt/byte_stream.hpp"
#include "adapters/mqtt/call.hpp"
#include "adapters/mqtt/packets.hpp"
#include "adapters/mqtt/settling.hpp"
#include "runtime/log.hpp"
#include "runtime/with_deadline.hpp"
#include "runtime/work_scope.hpp"

namespace linli::mqtt {

namespace {

using namespace std::chrono_literals;
using boost::asio::steady_timer;
using runtime::task;

// How long the broker keeps our session, and what arrives for it, while we are away: longer than a
// long weekend without the machine. Not for ever, because a client id that was renamed would fill
// the broker's disk.
constexpr std::chrono::seconds session_expiry = std::chrono::days(7);

// Half of it without a word from us, and we ping; one and a half of it without a word from the
// broker, and the cable is cut.
constexpr std::chrono::seconds keep_alive = 20s;

constexpr auto look_at_the_line_every = keep_alive / 4;
constexpr auto connect_limit = 10s;
constexpr auto stop_limit = 3s;
constexpr std::chrono::milliseconds first_pause = 250ms;
constexpr std::chrono::milliseconds longest_pause = 8s;
constexpr std::chrono::milliseconds first_wait = 10ms;
constexpr std::chrono::milliseconds longest_wait = 1000ms;
constexpr auto ask_for_filters_again = 10s;
constexpr std::size_t read_at_once = 64U << 10;

constexpr std::uint16_t subscribe_id = 1; // one at a time
constexpr std::uint16_t end_mark = 0;     // no packet has this id

std::string refusal(std::uint8_t reason) {
    return "refused by the broker, reason " + std::to_string(reason);
}

} // namespace

// Lives on the one thread of its loop, but for `settling_`.
class intake_connection::session {
public:
    session(connection_settings to, std::vector<std::string> filters, callbacks told)
        : to_(std::move(to)), filters_(std::move(filters)), told_(std::move(told)) {}

    void start();
    void stop();

private:
    task<> live();
    task<std::string> one_connection();
    task<std::string> greet();
    task<std::string> listen();
    task<std::string> take_all();
    task<std::string> take(packets::frame frame);
    task<> take(packets::publish message);
    void take(packets::suback const& answer);
    std::optional<settle> offer(arrived const& message) noexcept;

    task<> write_out();
    task<> watch_the_line();
    void subscribe();
    void acknowledge(std::vector<std::uint16_t> const& ids);
    task<bool> read_more();
    task<> pause(std::chrono::milliseconds how_long);
    task<> leave();

    connection_settings const to_;
    std::vector<std::string> const filters_;
    callbacks const told_;

    boost::asio::io_context loop_{1};
    std::thread thread_;
    runtime::work_scope tasks_{loop_.get_executor()};
    steady_timer pause_{loop_};
    steady_timer end_{loop_};
    bool stopping_ = false;

    // Of the connection that there is.
    std::unique_ptr<byte_stream> stream_;
    bool up_ = false; // the broker has taken us
    std::string in_;
    std::string out_;
    steady_timer out_bell_{loop_};
    bool listening_ = false; // not while a message can't be taken
    steady_timer::time_point heard_;
    std::chrono::seconds keep_alive_ = keep_alive;

    // A session may lack filters that an earlier life of ours didn't get through, or that are new
    // in this version: the first time we always ask.
    std::vector<std::string> missing_ = filters_;
    std::vector<std::string> asked_for_;
    steady_timer::time_point ask_again_;

    // Counts connections. Acknowledgements for an earlier one's messages go nowhere: by now the
    // same id may be another message's.
    std::atomic<std::uint64_t> connection_{0};
    settling settling_{[this](std::vector<std::uint16_t> ids) {
        boost::asio::post(loop_, [this, of = connection_.load(), ids = std::move(ids)] {
            if (of == connection_) acknowledge(ids);
        });
    }}; // last: its thread uses the others
};

void intake_connection::session::start() {
    tasks_.spawn("live", live());
    thread_ = std::thread([this] { loop_.run(); });
}

void intake_connection::session::stop() {
    if (!thread_.joinable()) return;
    boost::asio::co_spawn(loop_, leave(), [](std::exception_ptr) {});
    thread_.join();
}

// Connects again and again, until stopped.
task<> intake_connection::session::live() {
    auto wait = first_pause;
    while (!stopping_) {
        auto const why = co_await one_connection();
        bool const was_up = std::exchange(up_, false);
        bool const was_subscribed = was_up && missing_.empty() && asked_for_.empty();
        stream_ = nullptr;
        settling_.forget(); // before the count: nothing of the old one is told under the new number
        ++connection_;
        if (stopping_) break;
        if (!was_up) call(told_.on_trouble, "can't connect to " + to_.url + ": " + why);
        if (was_up) call(told_.on_lost, why);
        if (was_up && !was_subscribed) call(told_.on_trouble, "not subscribed: " + why);
        if (was_subscribed) wait = first_pause;
        co_await pause(wait);
        wait = std::min(2 * wait, longest_pause);
    }
    end_.cancel();
}

// Says why it ended.
task<std::string> intake_connection::session::one_connection() {
    auto opening = open_stream(to_);
    auto in_time = runtime::with_deadline(std::move(opening), connect_limit);
    runtime::outcome<std::optional<std::unique_ptr<byte_stream>>> opened;
    co_await runtime::run_into(opened, std::move(in_time));
    if (auto const error = opened.error()) co_return runtime::log::describe(error);
    auto stream = opened.take();
    if (!stream) co_return std::string("no answer");
    stream_ = std::move(*stream);
    in_.clear();
    out_.clear();

    auto greeting = greet();
    auto const refused = co_await runtime::with_deadline(std::move(greeting), connect_limit);
    if (!refused) co_return std::string("no answer");
    if (!refused->empty()) co_return *refused;

    runtime::work_scope line(loop_.get_executor());
    line.spawn("write_out", write_out());
    line.spawn("watch_the_line", watch_the_line());
    auto const why = co_await listen();
    stream_->close();
    co_await line.stop();
    co_return why;
}

// Empty: the broker has taken us. Otherwise why not.
task<std::string> intake_connection::session::greet() {
    std::string hello;
    packets::put_connect(hello, {to_.client_id, to_.user, to_.password,
                                 static_cast<std::uint16_t>(keep_alive.count()),
                                 static_cast<std::uint32_t>(session_expiry.count())});
    auto const failed = co_await stream_->write(hello);
    if (failed) co_return failed.message();
    for (;;) {
        auto const first = packets::first_frame(in_);
        if (!first) co_return std::string("this is no MQTT broker");
        if (*first) {
            auto const answer = packets::read_connack(**first);
            if ((*first)->what != packets::kind::connack || !answer)
                co_return std::string("this is no MQTT 5 broker");
            if (answer->reason >= 0x80) co_return refusal(answer->reason);
            keep_alive_ = std::chrono::seconds(answer->keep_alive_s.value_or(keep_alive.count()));
            in_.erase(0, (*first)->size);
            up_ = true;
            if (!answer->session_present) missing_ = filters_;
            call(told_.on_connected, answer->session_present);
            co_return std::string();
        }
        bool const more = co_await read_more();
        if (!more) co_return std::string("the broker hung up");
    }
}

// Until the line breaks or the broker says goodbye.
task<std::string> intake_connection::session::listen() {
    subscribe();
    for (;;) {
        auto goodbye = co_await take_all();
        if (!goodbye.empty()) co_return goodbye;
        bool const more = co_await read_more();
        if (!more) co_return std::string("connection closed");
    }
}

task<bool> intake_connection::session::read_more() {
    auto const had = in_.size();
    in_.resize(had + read_at_once);
    auto const free = boost::asio::buffer(in_.data() + had, read_at_once);
    listening_ = true;
    heard_ = steady_timer::clock_type::now();
    auto const read = co_await stream_->read_some(free);
    listening_ = false;
    in_.resize(had + (read ? *read : 0));
    co_return static_cast<bool>(read);
}

// Every whole packet of what has been read. Empty: go on.
task<std::string> intake_connection::session::take_all() {
    std::size_t done = 0;
    for (;;) {
        auto const next = packets::first_frame(std::string_view(in_).substr(done));
        if (!next) co_return "not MQTT: " + next.error().message();
        if (!*next) break;
        auto goodbye = co_await take(**next);
        if (!goodbye.empty()) co_return goodbye;
        done += (*next)->size;
    }
    in_.erase(0, done);
    co_return std::string();
}

task<std::string> intake_connection::session::take(packets::frame frame) {
    switch (frame.what) {
    case packets::kind::publish: {
        auto const message = packets::read_publish(frame);
        if (!message) co_return std::string("not MQTT: a malformed PUBLISH");
        co_await take(*message);
        break;
    }
    case packets::kind::suback: {
        auto const answer = packets::read_suback(frame);
        if (!answer) co_return std::string("not MQTT: a malformed SUBACK");
        take(*answer);
        break;
    }
    case packets::kind::disconnect: {
        // Session taken over, shutting down …
        auto const reason = packets::read_disconnect(frame);
        co_return "the broker said goodbye, reason " + std::to_string(reason);
    }
    case packets::kind::connack:
    case packets::kind::pingresp:
        break;
    }
    co_return std::string();
}

// What follows waits, at the broker in the end, until this one has been taken.
task<> intake_connection::session::take(packets::publish message) {
    auto wait = first_wait;
    while (!stopping_) {
        auto left_to_do = offer({message.topic, message.payload, message.content_type});
        if (left_to_do) {
            // Who asks for no acknowledgement (QoS 0) gets none.
            if (message.id != 0) settling_.add(message.id, std::move(*left_to_do));
            co_return;
        }
        co_await pause(wait);
        wait = std::min(2 * wait, longest_wait);
    }
}

std::optional<intake_connection::settle>
intake_connection::session::offer(arrived const& message) noexcept {
    try {
        return told_.on_arrival(message);
    } catch (...) {
        return std::nullopt;
    }
}

void intake_connection::session::subscribe() {
    if (missing_.empty() && asked_for_.empty()) return call(told_.on_subscribed);
    missing_.insert(missing_.end(), asked_for_.begin(), asked_for_.end()); // never answered
    asked_for_ = std::exchange(missing_, {});
    packets::put_subscribe(out_, subscribe_id, asked_for_);
    out_bell_.cancel();
}

// A filter that is refused is asked for again in a while: the rights at the broker may be put right
// meanwhile.
void intake_connection::session::take(packets::suback const& answer) {
    auto const asked_for = std::exchange(asked_for_, {});
    for (std::size_t i = 0; i < asked_for.size(); ++i) {
        bool const answered = i < answer.reasons.size();
        auto const reason = static_cast<std::uint8_t>(answered ? answer.reasons[i] : '\x80');
        if (reason < 0x80) continue;
        missing_.push_back(asked_for[i]);
        call(told_.on_trouble, "subscription to " + asked_for[i] + ": " + refusal(reason));
    }
    ask_again_ = steady_timer::clock_type::now() + ask_for_filters_again;
    if (missing_.empty()) call(told_.on_subscribed);
}

void intake_connection::session::acknowledge(std::vector<std::uint16_t> const& ids) {
    for (auto const id : ids) {
        if (id == end_mark)
            packets::put_disconnect(out_);
        else
            packets::put_puback(out_, id);
    }
    out_bell_.cancel();
}

// All that has gathered, in one go.
task<> intake_connection::session::write_out() {
    for (;;) {
        if (out_.empty()) {
            out_bell_.expires_at(steady_timer::time_point::max());
            co_await out_bell_.async_wait(runtime::use_task_tuple);
            if (out_.empty()) continue;
        }
        auto const bytes = std::exchange(out_, {});
        auto const failed = co_await stream_->write(bytes);
        if (failed) co_return; // the reader notices, too
    }
}

task<> intake_connection::session::watch_the_line() {
    steady_timer tick(loop_);
    auto pinged = steady_timer::clock_type::now();
    for (;;) {
        tick.expires_after(look_at_the_line_every);
        co_await tick.async_wait(runtime::use_task);
        auto const now = steady_timer::clock_type::now();
        if (!missing_.empty() && asked_for_.empty() && now >= ask_again_) subscribe();
        if (listening_ && now - heard_ > keep_alive_ + keep_alive_ / 2) stream_->close();
        if (now - pinged < keep_alive_ / 2) continue;
        packets::put_pingreq(out_);
        pinged = now;
        out_bell_.cancel();
    }
}

// Ends early when we stop.
task<> intake_connection::session::pause(std::chrono::milliseconds how_long) {
    pause_.expires_after(how_long);
    co_await pause_.async_wait(runtime::use_task_tuple);
}

task<> intake_connection::session::leave() {
    stopping_ = true;
    pause_.cancel();
    if (!stream_) {
        co_await tasks_.stop(); // connecting: nothing to finish
        co_return;
    }
    if (up_) {
        settling_.add(end_mark, {}); // once all before it is settled
        end_.expires_after(stop_limit);
        co_await end_.async_wait(runtime::use_task_tuple);
    }
    if (stream_) stream_->close();
}

intake_connection::intake_connection(connection_settings settings, std::vector<std::string> filters,
                                     callbacks call)
    : session_(
          std::make_unique<session>(std::move(settings), std::move(filters), std::move(call))) {}

intake_connection::~intake_connection() {
    stop();
}

void intake_connection::start() {
    session_->start();
}

void intake_connection::stop() {
    session_->stop();
}

} // namespace linli::mqtt
