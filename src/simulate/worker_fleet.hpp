#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "adapters/mqtt/peer.hpp"
#include "adapters/wire/provider_words.hpp"
#include "domain/order.hpp"
#include "runtime/growing_pause.hpp"
#include "runtime/work_scope.hpp"
#include "simulate/city_access.hpp"
#include "simulate/dice.hpp"
#include "simulate/happening.hpp"

namespace linli::simulate {

// The providers' workers, who know nothing but what their offers say: most accept, some decline or
// don't look at their telephone; who has accepted goes, arrives, begins and completes, and turns
// round when he is told to. One connection a provider. Used on the loop's one thread.
class worker_fleet {
public:
    struct options {
        std::uint64_t seed = 1;
        std::uint64_t boot = 0;  // greater in each run: reply ids are for ever
        double time_scale = 1.0; // 1: a visit takes some 20 s; 60: some 20 min
        unsigned accept_percent = 85;
        unsigned silent_percent = 5;   // the rest declines
        std::size_t refuse_first = 0;  // so many of the first offers, whoever gets them
        domain::worker_id leaves = {}; // answers himself, at his page
    };
    using report = std::function<void(happening)>;

    worker_fleet(boost::asio::io_context& loop, city_access const& access,
                 std::vector<domain::provider_id> const& providers, options with, report tell);
    worker_fleet(worker_fleet const&) = delete;
    worker_fleet& operator=(worker_fleet const&) = delete;
    ~worker_fleet();

    void start(std::function<void()> all_reachable); // called once
    std::size_t connected() const;

    // All. Has been done when nobody is connected().
    void hang_up();

private:
    struct provider {
        domain::provider_id id;
        std::unique_ptr<mqtt::peer> peer;
        bool reachable = false; // has heard once that it will be told its offers
        bool on_line = false;
        std::uint64_t replies = 0;
    };
    // What one worker makes of one offer.
    struct visit {
        explicit visit(boost::asio::io_context& loop) : timer(loop) {}

        provider* of = nullptr;
        domain::offer_id offer;
        std::string worker;
        std::uint32_t version = 0;
        bool holds = false; // accepted, as far as we were told
        bool over = false;
        domain::reply_kind next = domain::reply_kind::accept;
        std::string reply_id; // sent and not answered yet
        std::string payload;
        runtime::growing_pause pause{std::chrono::seconds(2), std::chrono::seconds(60)};
        boost::asio::steady_timer timer; // to the next step, or to the resend
    };
    using key = std::string; // the offer's UUID

    std::unique_ptr<mqtt::peer> connect(city_access const& access, provider& of);
    void ready(provider& which);
    static runtime::task<> leave(provider& which);
    void read(provider& of, std::string_view payload);
    visit* visit_of(provider& of, wire::seen_offer const& seen);
    void take_answer(key const& id, visit& v, wire::seen_offer const& seen);
    void take_version(key const& id, visit& v, wire::seen_offer const& seen);
    void decide(key const& id, visit& v);
    void go(key const& id, visit& v);
    void turn_round(key const& id, visit& v, std::string const& why);
    void end(visit& v);
    void forget_old();

    void reply_after(key const& id, std::chrono::milliseconds wait, domain::reply_kind kind,
                     std::string reason = "");
    void reply(key const& id, visit& v, domain::reply_kind kind, std::string reason);
    void send(key const& id, visit& v);
    std::chrono::milliseconds takes(std::chrono::milliseconds low, std::chrono::milliseconds high);
    void say(happening_kind what, visit const& v, key const& id, std::string note = "");

    boost::asio::io_context& loop_;
    options const with_;
    report const tell_;
    dice dice_;
    std::size_t refused_ = 0;
    std::vector<std::unique_ptr<provider>> providers_;
    std::unordered_map<key, visit> visits_;
    std::deque<key> oldest_;                    // of visits_, to forget the oldest that are over
    std::unordered_map<std::string, key> busy_; // by worker
    std::function<void()> all_reachable_;
    runtime::work_scope tasks_{loop_.get_executor()}; // those who are leaving
};

} // namespace linli::simulate
