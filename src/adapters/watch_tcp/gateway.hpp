#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "adapters/watch_tcp/frame.hpp"
#include "domain/device_command.hpp"
#include "domain/time.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/config.hpp"
#include "runtime/metrics.hpp"
#include "runtime/task.hpp"
#include "runtime/work_scope.hpp"

namespace linli::watch_tcp {

// A frame that has to be on disk before it is answered. Valid during the call only.
struct arrived {
    std::string_view id;
    std::string_view bytes;
};

struct gateway_callbacks {
    // Writes it down and hands it on; what it returns makes it safe, as for intake_connection:
    // false and nullopt mean "not now", and it is asked again after 10, 20, 40 … 1000 ms. Called by
    // several threads.
    using settle = std::function<bool()>;
    std::function<std::optional<settle>(arrived const&)> on_signal;
    std::function<bool(std::string_view id)> is_registered;
    // Any frame of a registered watch: it is there. By the gateway's thread; may be empty.
    std::function<void(std::string_view id)> on_beat;
    // What a registered watch measures. Nobody waits for it, and it may be refused.
    std::function<void(arrived const&)> on_telemetry = {};
    // It has answered what was sent to it on this connection. By the gateway's thread.
    std::function<void(std::string_view id, domain::command_kind)> on_answer = {};
};

// Half of the connections are for registered watches; a quarter each for those whose device nobody
// has registered, and for those who have not said yet who they are.
struct gateway_limits {
    std::size_t connections = 2000;
    std::size_t frame_bytes = 70'000; // a length of four hex digits, and the header
    domain::seconds first_frame{20};  // from the connection to the end of the first frame
    domain::seconds one_frame{20};    // from its first byte to its last
    domain::seconds answer{20};       // until the peer has taken it
    domain::seconds silence{20 * 60}; // watches say LK every few minutes
};

// Where watches connect that speak [3G*ID*LLLL*…]. One frame of a connection at a time: the next is
// not looked at before the one in hand is on disk and answered.
//
// Nobody proves who he is on this door, so everything has a bound, and the bounds of strangers are
// their own: a connection that is not of a registered watch gives way to a newer one, the oldest of
// the address that has the most first. What strangers send is written down one after the other,
// each with its own turn at the disk, while registered watches share theirs.
class gateway {
public:
    // Throws std::runtime_error when the address can't be had. Port 0 takes a free one.
    gateway(runtime::listen_address const& address, gateway_callbacks callbacks,
            runtime::metrics& into, gateway_limits limits = {});
    gateway(gateway const&) = delete;
    gateway& operator=(gateway const&) = delete;
    ~gateway(); // stops

    void start();
    // Nothing new is taken; what is being written down is finished. Not called by a callback.
    void stop();

    // Any thread. Deadlines are judged by this alone; whoever owns the clock calls it each second.
    void time_is(domain::instant now);

    // Any thread. `done`, by the gateway's: whether a connection of that watch has taken it. A
    // newer connection of it is the one that counts.
    void send(domain::device_command what, std::function<void(bool)> done);

    std::uint16_t port() const { return port_; }
    std::size_t open() const { return open_; } // connections; any thread

private:
    struct connection;
    class presence;
    enum class standing : std::uint8_t { unidentified, unknown, registered };
    using peer = std::shared_ptr<connection>;

    runtime::task<> accept_all();
    void admit(boost::asio::ip::tcp::socket socket);
    runtime::task<> serve(peer c);
    runtime::task<bool> take_frames(peer c);
    runtime::task<bool> take(peer c, std::string bytes, bool is_frame);
    runtime::task<> write_down(bool registered, std::string id, std::string bytes);
    runtime::task<bool> tell(peer c, std::string words);
    runtime::task<bool> write(peer c, std::string words);
    runtime::task<> command(peer c, std::string words, std::function<void(bool)> done);
    runtime::task<> put_down();

    peer latest_of(std::string_view id) const;
    void heed_answers(connection& c, frame const& f);
    bool identify(connection& c, std::string_view id);
    void measure(connection const& c, frame const& f, std::string_view bytes) noexcept;
    bool make_room(standing in, connection const* but);
    std::size_t bound_of(standing in) const;
    void close(connection& c, std::string_view why);
    void count_open();
    void look_at_deadlines();
    std::optional<gateway_callbacks::settle> offer(std::string const& id,
                                                   std::string const& bytes) noexcept;

    struct counters {
        explicit counters(runtime::metrics& in);

        runtime::counter connections, frames, signals, refused, unreadable, unknown;
        runtime::gauge open;
    };

    gateway_callbacks const callbacks_;
    gateway_limits const limits_;
    counters counted_;
    boost::asio::io_context loop_{1};
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t const port_;
    std::vector<peer> peers_; // in the order in which they came
    std::atomic<domain::instant> now_{};
    std::atomic<std::size_t> open_{0};
    std::size_t refused_ = 0; // since the log told
    domain::instant tell_again_;
    bool stopped_ = false;
    runtime::blocking_pool for_registered_{1};
    runtime::blocking_pool for_strangers_{1};
    runtime::work_scope tasks_;
    std::thread thread_; // last: it uses the others
};

} // namespace linli::watch_tcp
