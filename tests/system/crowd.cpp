#include "system/crowd.hpp"

#include <chrono>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include "adapters/wire/device_words.hpp"
#include "adapters/wire/topics.hpp"

namespace linli::tests {

using namespace std::chrono_literals;

crowd::crowd(std::vector<member> const& who, std::size_t connections) : connections_(connections) {
    peers_.reserve(who.size());
    for (auto const& each : who)
        connect(each);
    thread_ = std::thread([this] {
        auto const guard = boost::asio::make_work_guard(loop_);
        loop_.run();
    });
    boost::asio::post(loop_, [this] {
        for (auto const& each : peers_)
            each->start();
    });
}

namespace {

runtime::task<void> hang_up(std::vector<std::unique_ptr<mqtt::peer>>& all,
                            boost::asio::io_context& loop) {
    for (auto const& each : all) {
        auto going = each->hang_up();
        co_await std::move(going);
    }
    loop.stop();
}

} // namespace

crowd::~crowd() {
    boost::asio::post(loop_, [this] {
        boost::asio::co_spawn(loop_, hang_up(peers_, loop_), boost::asio::detached);
    });
    thread_.join();
}

void crowd::connect(member const& who) {
    auto const at = peers_.size();
    mqtt::peer::callbacks calls;
    calls.on_message = [this](auto, std::string_view payload) { hears(payload); };
    calls.on_ready = [this, id = who.device, at] { comes(id, *peers_[at]); };
    calls.on_lost = [](auto const&) {};
    calls.on_trouble = [](auto const&) {};
    peers_.push_back(std::make_unique<mqtt::peer>(loop_, who.at, wire::receipt_topic({who.device}),
                                                  1h, std::move(calls)));
}

namespace {

constexpr std::uint64_t boot_of_tests = 1;
constexpr std::uint64_t boot_of_pulses = 2;
constexpr std::uint64_t boot_of_calls = 3;

std::string press(std::string const& id, domain::device_event const& event,
                  domain::signal_kind kind) {
    domain::signal s;
    s.event = domain::make_event_id({id}, event);
    s.kind = kind;
    return wire::encode_signal(s);
}

} // namespace

void crowd::comes(std::string const& id, mqtt::peer& at_broker) {
    auto const connection = ++connections_;
    domain::telemetry pulse;
    pulse.event = domain::make_event_id({id}, {boot_of_pulses, connection});
    pulse.vitals = {{std::nullopt, domain::vital_sign::heart_rate, 70}};
    at_broker.send(wire::state_topic({id}), wire::encode_state({.online = true, .since = {}}));
    at_broker.send(wire::signal_topic({id}),
                   press(id, {boot_of_tests, 1}, domain::signal_kind::test));
    at_broker.send(wire::telemetry_topic({id}), wire::encode_telemetry(pulse));
    auto const one_of = one_calls_of_.load();
    if (one_of > 0 && connection % one_of == 0)
        at_broker.send(wire::signal_topic({id}),
                       press(id, {boot_of_calls, connection}, domain::signal_kind::sos));
}

void crowd::hears(std::string_view payload) {
    auto const receipt = wire::decode_receipt(payload);
    if (!receipt || receipt->stage != domain::receipt_stage::stored) return;
    auto const event = domain::device_event_of(receipt->event);
    if (event && event->boot == boot_of_calls)
        ++calls_stored_;
    else
        ++receipts_;
}

} // namespace linli::tests
