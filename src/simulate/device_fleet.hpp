#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/mqtt/peer.hpp"
#include "domain/order.hpp"
#include "domain/signal.hpp"
#include "domain/telemetry.hpp"
#include "runtime/growing_pause.hpp"
#include "runtime/work_scope.hpp"
#include "simulate/city_access.hpp"
#include "simulate/happening.hpp"

namespace linli::simulate {

// The devices of the city. A pressed one connects, sends its signal, resends it after 2, 4, 8 …
// 60 s until the receipt says `stored`, waits for "somebody is coming" and "somebody is at the
// door", and disconnects. A watch also delivers what it has measured. Used on the loop's one
// thread.
class device_fleet {
public:
    struct options {
        std::uint64_t boot = 0;             // greater in each run: event ids are for ever
        std::size_t most_connected = 32;    // others wait for their turn
        std::chrono::seconds patience{600}; // after `stored`, for somebody at the door
    };
    using clock = std::chrono::steady_clock;
    // `stage` of its press has come, so long after it was sent for the first time.
    using on_receipt = std::function<void(domain::event_id const& event,
                                          domain::receipt_stage stage, clock::duration after)>;
    using report = std::function<void(happening)>;

    device_fleet(boost::asio::io_context& loop, city_access access, options with, on_receipt told,
                 report tell);
    device_fleet(device_fleet const&) = delete;
    device_fleet& operator=(device_fleet const&) = delete;
    ~device_fleet();

    domain::event_id press(button const& which, domain::signal_kind kind);
    // It connects, delivers this (the event is given here) and disconnects.
    void measure(button const& which, domain::telemetry what);

    std::size_t connected() const { return calls_.size() + leaving_.size(); }

    // All; nothing is pressed any more. Has been done when nobody is connected().
    void hang_up();

private:
    struct press_made {
        explicit press_made(boost::asio::io_context& loop) : timer(loop) {}

        domain::signal_kind kind = domain::signal_kind::sos;
        std::string payload;
        clock::time_point first_sent{};
        runtime::growing_pause pause{std::chrono::seconds(2), std::chrono::seconds(60)};
        int heard = 0; // receipts, in their order: stored, accepted, arrived
        boost::asio::steady_timer timer;
    };
    // A device on the line.
    struct call {
        domain::device_id device;
        std::unique_ptr<mqtt::peer> peer;
        std::map<std::string, press_made> presses;
        bool ready = false;
        std::vector<std::string> measured; // and not delivered yet
    };
    struct waiting_press {
        button which;
        std::string event;
        domain::signal_kind kind;
        std::string payload;
    };
    struct waiting_bulk {
        button which;
        std::string payload;
    };
    using waiting_one = std::variant<waiting_press, waiting_bulk>;

    void pump();
    bool may_begin(domain::device_id const& device) const;
    void begin(waiting_one next);
    call& connect(button const& which);
    void add(call& to, waiting_press next);
    static void add(call& to, waiting_bulk next);
    void send(call& from, std::string const& event, press_made& press);
    void send_later(std::string const& device, std::string const& event);
    void ready(std::string const& device);
    std::string payload_of(button const& which, domain::telemetry what);
    void receipt(std::string const& device, std::string_view payload);
    void hear(call& at, std::string const& event, domain::receipt_stage stage);
    static void stop_waiting_for_falls(call& at);
    void give_up_later(std::string const& device, std::string const& event);
    void finish(std::string const& device, std::string const& event);
    void hang_up(std::string const& device);
    runtime::task<> leave(std::string device);

    boost::asio::io_context& loop_;
    city_access const access_;
    options const with_;
    on_receipt const told_;
    report const tell_;
    std::unordered_map<std::string, std::uint64_t> sequence_;
    std::deque<waiting_one> waiting_;
    std::unordered_map<std::string, call> calls_; // by device
    std::unordered_map<std::string, std::unique_ptr<mqtt::peer>> leaving_;
    bool closed_ = false;
    runtime::work_scope tasks_{loop_.get_executor()}; // those who are leaving
};

} // namespace linli::simulate
