#include "system/load/field.hpp"

#include <utility>

#include "adapters/mqtt/credentials.hpp"
#include "system/until.hpp"

namespace linli::tests::load {

namespace {

using namespace std::chrono_literals;

constexpr auto tick = 5ms;

// Of a hundred presses.
constexpr std::uint64_t of_trembling = 5;
constexpr std::uint64_t of_once = 10;

} // namespace

field::field(city const& who, premises const& where, ledger& writes, load wanted)
    : ledger_(writes), load_(wanted), dice_(wanted.seed) {
    auto const heard = [this] { message_came(); };
    for (auto const& each : who.inhabitants) {
        auto& among = each.of == temper::patient     ? patient_
                      : each.of == temper::trembling ? trembling_
                                                     : once_;
        among.push_back(std::make_unique<button>(board_, ledger_,
                                                 where.as(mqtt::broker_user(each.device)),
                                                 each.device, each.of, heard));
        by_device_[each.device.value] = among.back().get();
    }
    for (auto const& p : who.rows.providers)
        crews_.push_back(std::make_unique<crew>(board_, ledger_, where.as(mqtt::broker_user(p.id)),
                                                p.id, wanted.seed, heard));
}

field::~field() {
    closes();
}

void field::opens() {
    board_.after(0ms, [this] {
        next_press_ = steady::now();
        press_in_turn();
    });
    thread_ = std::thread([this] { board_.run(); });
    until("everybody listens", [this] { return board_.all_listen(); });
}

void field::closes() {
    if (!thread_.joinable()) return;
    board_.stop();
    thread_.join();
}

void field::alert_closed(domain::event_id first_event) {
    board_.post([this, event = std::move(first_event)] {
        auto const at = by_device_.find(domain::device_of(event).value);
        if (at != by_device_.end()) at->second->alert_closed(event);
    });
}

void field::at_next_message(std::function<void()> what) {
    board_.post([this, what = std::move(what)] { at_next_message_ = what; });
}

void field::message_came() {
    auto const what = std::exchange(at_next_message_, {});
    if (what) what();
}

void field::press_in_turn() {
    auto const now = steady::now();
    auto const between = std::chrono::duration_cast<steady::duration>(1s) / load_.presses_a_second;
    if (!pressing_) next_press_ = now;
    for (; next_press_ < now; next_press_ += between)
        one_presses();
    board_.after(tick, [this] { press_in_turn(); });
}

// Somebody who may; nobody if everybody's help is still on its way.
void field::one_presses() {
    auto const roll = dice_() % 100;
    auto& among = roll < of_trembling             ? trembling_
                  : roll < of_trembling + of_once ? once_
                                                  : patient_;
    constexpr int looks = 20;
    for (int n = 0; n < looks; ++n) {
        auto& one = *among[dice_() % among.size()];
        if (one.may_press()) return one.press();
    }
}

} // namespace linli::tests::load
