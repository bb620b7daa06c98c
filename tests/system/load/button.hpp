#pragma once

#include <map>
#include <string>

#include "domain/ids.hpp"
#include "system/load/ledger.hpp"
#include "system/load/switchboard.hpp"

namespace linli::tests::load {

// A watch in the field. On the switchboard's thread.
class button {
public:
    button(switchboard& on, ledger& writes, peer::who const& is, domain::device_id id, temper of,
           std::function<void()> on_receipt);

    temper manner() const { return temper_; }
    bool may_press() const;
    void press();

    // Somebody has closed the alert that this event raised.
    void alert_closed(domain::event_id const& first_event);

private:
    struct waiting { // without receipt
        std::string payload;
        int sendings = 0;
    };

    void send(domain::event_id const& event);
    void hear(std::string_view payload);
    void be_taken(int message, int broker_said);

    switchboard& on_;
    ledger& ledger_;
    domain::device_id const id_;
    temper const temper_;
    std::function<void()> const on_receipt_;
    std::uint64_t next_ = 1;
    std::map<domain::event_id, waiting> waiting_;
    std::map<int, domain::event_id> under_way_; // to the broker, by message number
    domain::event_id raised_;                   // a patient one's: its alert is still open
    loop_peer& at_broker_;
};

} // namespace linli::tests::load
