#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "app/clock.hpp"
#include "app/command_record.hpp"
#include "app/id_source.hpp"
#include "runtime/task.hpp"

namespace linli::app {

// Gives the devices what they are asked to do, as soon as they can be reached, and writes down what
// comes of it. Asks those by itself where they are whose wearer an open alert seeks. At least once:
// to tell where one is, twice, harms nobody.
class commanding {
public:
    using gone = std::function<void(std::optional<domain::command_state>)>;
    // `gone` is called once, on the loop: `sent` when the device has to answer, `published` when it
    // won't, nothing when it can't be reached now.
    using reach = std::function<void(domain::device_command const&, gone)>;

    // Whether it is for this server to ask this device by itself, and the device can be asked.
    using seeks = std::function<bool(domain::device_id const&)>;

    commanding(command_record& keeper, clock& time, id_source& ids, reach devices, seeks by_itself)
        : keeper_(keeper), time_(time), ids_(ids), reach_(std::move(devices)),
          seeks_(std::move(by_itself)) {}

    // On the loop.
    void answered(domain::device_id const& device, domain::command_kind kind);

    // Runs until cancelled.
    runtime::task<void> run();

private:
    runtime::task<void> seek();
    runtime::task<record_result<void>> report();
    void give(std::vector<domain::device_command> const& open);
    void send(domain::device_command const& what);
    void went(domain::device_command what, std::optional<domain::command_state> how);

    using key = std::pair<domain::device_id, domain::command_kind>;

    command_record& keeper_;
    clock& time_;
    id_source& ids_;
    reach const reach_;
    seeks const seeks_;
    std::set<domain::command_id> under_way_;
    std::map<key, domain::device_command> unanswered_;
    std::map<domain::command_id, domain::device_command> changed_; // not yet in the record
};

} // namespace linli::app
