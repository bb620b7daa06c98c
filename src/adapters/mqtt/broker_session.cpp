#include "adapters/mqtt/broker_session.hpp"

#include <utility>

#include <boost/asio/co_spawn.hpp>

#include "runtime/growing_pause.hpp"
#include "runtime/log.hpp"
#include "runtime/outcome.hpp"
#include "runtime/with_deadline.hpp"

namespace linli::mqtt {

namespace {

using namespace std::chrono_literals;
using boost::asio::steady_timer;
using runtime::task;

// Half of it after our last ping we ping again; one and a half of it without a word from the
// broker, and the cable is cut.
constexpr std::chrono::seconds keep_alive = 20s;

constexpr auto look_at_the_line_every = keep_alive / 4;
constexpr auto connect_limit = 10s;
constexpr auto stop_limit = 3s;
constexpr std::chrono::milliseconds first_pause = 250ms; // before it connects again
constexpr std::chrono::milliseconds longest_pause = 8s;
constexpr auto a_good_while = 5s; // a connection that lived shorter doesn't reset the pause
constexpr std::size_t read_at_once = 64U << 10;

} // namespace

broker_session::broker_session(boost::asio::io_context& loop, connection_settings to, words say,
                               user& told)
    : to_(std::move(to)), say_(std::move(say)), told_(told), loop_(loop) {}

broker_session::~broker_session() = default;

void broker_session::start() {
    tasks_.spawn("live", live());
}

// Connects again and again, until stopped.
task<> broker_session::live() {
    runtime::growing_pause wait(first_pause, longest_pause);
    while (!stopping_) {
        auto const began = std::chrono::steady_clock::now();
        auto const why = co_await one_connection();
        bool const was_up = std::exchange(up_, false);
        stream_ = nullptr;
        if (was_up)
            told_.lost(why);
        else if (!stopping_)
            told_.failed("can't connect to " + to_.url + ": " + why);
        ++connection_;
        if (stopping_) break;
        if (was_up && std::chrono::steady_clock::now() - began > a_good_while) wait.reset();
        auto const length = wait.next();
        co_await pause(length);
    }
    end_.cancel();
}

// Says why it ended.
task<std::string> broker_session::one_connection() {
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
task<std::string> broker_session::greet() {
    std::string hello;
    packets::put_connect(hello,
                         {to_.client_id, to_.user, to_.password,
                          static_cast<std::uint16_t>(keep_alive.count()), say_.clean_start,
                          static_cast<std::uint32_t>(say_.session_expiry.count()), say_.will});
    auto const failed = co_await stream_->write(hello);
    if (failed) co_return failed.message();
    for (;;) {
        auto const first = packets::first_frame(in_);
        if (!first) co_return std::string("this is no MQTT broker");
        if (*first) {
            auto const answer = packets::read_connack(**first);
            if ((*first)->what != packets::kind::connack || !answer)
                co_return std::string("this is no MQTT 5 broker");
            if (answer->reason >= packets::refused)
                co_return "refused by the broker, reason " + std::to_string(answer->reason);
            in_.erase(0, (*first)->size);
            greeted(*answer);
            co_return std::string();
        }
        bool const more = co_await read_more();
        if (!more) co_return std::string("the broker hung up");
    }
}

void broker_session::greeted(packets::connack const& answer) {
    up_ = true;
    keep_alive_ = keep_alive;
    if (answer.keep_alive_s) keep_alive_ = std::chrono::seconds(*answer.keep_alive_s);
    told_.connected(answer);
    if (stopping_) told_.leaving(); // stop() came while we greeted
}

// Until the line breaks or the broker says goodbye.
task<std::string> broker_session::listen() {
    for (;;) {
        auto const why = co_await take_all();
        if (!why.empty()) co_return why;
        bool const more = co_await read_more();
        if (!more) co_return std::string("connection closed");
    }
}

task<bool> broker_session::read_more() {
    auto const had = in_.size();
    in_.resize(had + read_at_once);
    auto const free = boost::asio::buffer(in_.data() + had, read_at_once);
    listening_ = true;
    heard_ = std::chrono::steady_clock::now();
    auto const read = co_await stream_->read_some(free);
    listening_ = false;
    in_.resize(had + (read ? *read : 0));
    co_return static_cast<bool>(read);
}

// Every whole packet of what has been read. Empty: go on.
task<std::string> broker_session::take_all() {
    std::size_t done = 0;
    for (;;) {
        auto const next = packets::first_frame(std::string_view(in_).substr(done));
        if (!next) co_return "not MQTT: " + next.error().message();
        if (!*next) break;
        if ((*next)->what == packets::kind::disconnect) // session taken over, shutting down …
            co_return "the broker said goodbye, reason " +
                std::to_string(packets::read_disconnect(**next));
        auto const why = co_await told_.take(**next);
        if (!why.empty()) co_return why;
        done += (*next)->size;
    }
    in_.erase(0, done);
    co_return std::string();
}

// All that has gathered, in one go.
task<> broker_session::write_out() {
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

task<> broker_session::watch_the_line() {
    steady_timer timer(loop_);
    auto pinged = std::chrono::steady_clock::now();
    for (;;) {
        timer.expires_after(look_at_the_line_every);
        co_await timer.async_wait(runtime::use_task);
        told_.tick();
        auto const now = std::chrono::steady_clock::now();
        if (listening_ && now - heard_ > keep_alive_ + keep_alive_ / 2) stream_->close();
        if (now - pinged < keep_alive_ / 2) continue;
        packets::put_pingreq(out_);
        pinged = now;
        flush();
    }
}

task<> broker_session::pause(std::chrono::milliseconds how_long) {
    pause_.expires_after(how_long);
    if (stopping_) co_return;
    co_await pause_.async_wait(runtime::use_task_tuple);
}

void broker_session::goodbye() {
    packets::put_disconnect(out_);
    flush();
}

task<> broker_session::leave() {
    stopping_ = true;
    pause_.cancel();
    if (stream_) { // otherwise connecting, or between two attempts: nothing to finish
        end_.expires_after(stop_limit);
        if (up_) told_.leaving();
        co_await end_.async_wait(runtime::use_task_tuple);
    }
    if (stream_) {
        end_.expires_at(steady_timer::time_point::max());
        stream_->close();
        co_await end_.async_wait(runtime::use_task_tuple);
    }
    co_await tasks_.stop();
}

void session_thread::start(broker_session& session) {
    session.start();
    thread_ = std::thread([this] { loop_.run(); });
}

void session_thread::stop(broker_session& session) {
    if (!thread_.joinable()) return;
    auto leaving = session.leave();
    boost::asio::co_spawn(loop_, std::move(leaving), [](std::exception_ptr) {});
    thread_.join();
}

} // namespace linli::mqtt
