#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/mqtt/byte_stream.hpp"
#include "adapters/mqtt/connection_settings.hpp"
#include "adapters/mqtt/packets.hpp"
#include "runtime/task.hpp"
#include "runtime/work_scope.hpp"

namespace linli::mqtt {

// One client of the broker that comes back by itself: connects, greets, pings, reads packets and
// writes what has gathered. What the packets mean is its user's business. All of it on the loop's
// one thread, which it may share with others.
class broker_session {
public:
    struct words {
        packets::will will; // without a topic: none
        bool clean_start = false;
        std::chrono::seconds session_expiry{0};
    };

    // All on the loop, one at a time.
    class user {
    public:
        virtual void connected(packets::connack const& with) = 0;
        // A packet that arrives while connected. While the task waits, nothing more is read. Not
        // empty: why the connection has to end.
        virtual runtime::task<std::string> take(packets::frame frame) = 0;
        virtual void lost(std::string const& why) = 0;
        virtual void failed(std::string const& why) = 0; // to connect
        virtual void tick() {}                           // while connected, every few seconds
        // Connected for the last time. Whoever has nothing to finish calls goodbye().
        virtual void leaving() = 0;

    protected:
        ~user() = default;
    };

    broker_session(boost::asio::io_context& loop, connection_settings to, words say, user& told);
    broker_session(broker_session const&) = delete;
    broker_session& operator=(broker_session const&) = delete;
    ~broker_session(); // must have left, if it was started

    void start(); // on the loop, or before that runs

    // --- on the loop -----------------------------------------------------------------------------

    // Tells the user that we leave, and gives it 3 s until its goodbye(). Afterwards nothing of the
    // user is called any more. Once.
    runtime::task<void> leave();

    boost::asio::io_context& loop() { return loop_; }
    bool is_up() const { return up_; }
    bool is_stopping() const { return stopping_; }
    std::uint64_t connection() const { return connection_; } // counts them
    // Of the broker's certificate, as it was shown for this connection; nothing without TLS.
    std::optional<std::chrono::sys_seconds> certificate_end() const {
        return stream_ ? stream_->certificate_end() : std::nullopt;
    }

    // What is put behind `out` goes at the next flush(), in one piece with what others put there.
    std::string& out() { return out_; }
    void flush() { out_bell_.cancel(); }
    void goodbye(); // what was put before it still goes

    // Ends early when we stop.
    runtime::task<void> pause(std::chrono::milliseconds how_long);

private:
    runtime::task<void> live();
    runtime::task<std::string> one_connection();
    runtime::task<std::string> greet();
    runtime::task<std::string> listen();
    runtime::task<std::string> take_all();
    runtime::task<bool> read_more();
    runtime::task<void> write_out();
    runtime::task<void> watch_the_line();
    void greeted(packets::connack const& answer);

    connection_settings const to_;
    words const say_;
    user& told_;

    boost::asio::io_context& loop_;
    runtime::work_scope tasks_{loop_.get_executor()};
    boost::asio::steady_timer pause_{loop_};
    boost::asio::steady_timer end_{loop_};
    bool stopping_ = false;

    // Of the connection that there is.
    std::uint64_t connection_ = 0;
    std::unique_ptr<byte_stream> stream_;
    bool up_ = false; // the broker has taken us
    std::string in_;
    std::string out_;
    boost::asio::steady_timer out_bell_{loop_};
    bool listening_ = false; // not while the user takes its time
    std::chrono::steady_clock::time_point heard_;
    std::chrono::seconds keep_alive_{};
};

// For a session that shares its loop with nobody: the loop and its thread.
class session_thread {
public:
    boost::asio::io_context& loop() { return loop_; }
    void start(broker_session& session);
    void stop(broker_session& session); // leaves first; any thread but this

private:
    boost::asio::io_context loop_{1};
    std::thread thread_;
};

} // namespace linli::mqtt
