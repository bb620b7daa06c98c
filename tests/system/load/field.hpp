#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <thread>
#include <unordered_map>
#include <vector>

#include "system/load/button.hpp"
#include "system/load/city.hpp"
#include "system/load/crew.hpp"
#include "system/load/premises.hpp"
#include "system/load/switchboard.hpp"

namespace linli::tests::load {

// All who press and all who go, on a thread of their own.
class field {
public:
    struct load {
        int presses_a_second = 100;
        std::uint64_t seed = 1;
    };

    field(city const& who, premises const& where, ledger& writes, load wanted);
    ~field();
    field(field const&) = delete;
    field& operator=(field const&) = delete;

    void opens(); // everybody listens
    void presses(bool yes) { pressing_ = yes; }
    void closes();

    // Any thread. The operators' word; whoever pressed may press again.
    void alert_closed(domain::event_id first_event);
    // Once, at the next receipt or offer that arrives, on the field's thread.
    void at_next_message(std::function<void()> what);

    // After closes().
    std::vector<std::unique_ptr<crew>> const& crews() const { return crews_; }

private:
    void message_came();
    void press_in_turn();
    void one_presses();

    ledger& ledger_;
    load const load_;
    std::mt19937_64 dice_;
    switchboard board_;
    std::vector<std::unique_ptr<button>> patient_;
    std::vector<std::unique_ptr<button>> trembling_;
    std::vector<std::unique_ptr<button>> once_;
    std::unordered_map<std::string, button*> by_device_;
    std::vector<std::unique_ptr<crew>> crews_;
    std::function<void()> at_next_message_;
    moment next_press_;
    std::atomic<bool> pressing_ = false;
    std::thread thread_;
};

} // namespace linli::tests::load
